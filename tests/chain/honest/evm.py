"""An honest EVM node: balances, tokens, proofs, transfers and Multicall3 over one small state."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from reserves_gui.chain import multicall
from reserves_gui.chain.trie import EMPTY_CODE, EMPTY_ROOT, keccak256, mapping_slot, minimal, rlp_encode
from tests.chain.faults import Answering
from tests.chain.lines import RpcError, rpc

TOP = 20
SPACING = 60
OWNER, OTHER = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8", "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc"
# WBTC: a shipped token whose balances stand at position 0.
TOKEN = "0x2260fac5e5542a773aa44fbcfedf7c193bc2c599"
DECIMALS = 8
WEI = {OWNER: 10**18, OTHER: 25 * 10**16}
TOKENS = {OWNER: 7_000, OTHER: 0}
# Code of the contract that reads many at once; its hash is put in place of the genuine one where that is tested.
CODE = b"many reads"
_TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"


def many(count: int) -> dict[str, int]:
    """``count`` addresses and what they hold (wei)."""
    return {"0x" + keccak256(bytes([number]))[:20].hex(): 10**15 * (number + 1) for number in range(count)}


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def _word(value: int) -> str:
    return "0x" + value.to_bytes(32, "big").hex()


def _leaf(path: bytes, odd: int, value: bytes) -> list[Any]:
    """A leaf node: the 64 nibbles of ``path`` or, with ``odd``, all but the first."""
    return [bytes([0x30 | path[0] & 15]) + path[1:] if odd else b"\x20" + path, value]


def _branch(leaves: Mapping[bytes, bytes]) -> tuple[bytes, dict[bytes, bytes]]:
    """The root node over values whose hashed keys differ in their first nibble, and each key's leaf node."""
    encoded = {key: rlp_encode(_leaf(keccak256(key), 1, value)) for key, value in leaves.items()}
    node: list[Any] = [b""] * 17
    for key, leaf in encoded.items():
        place = keccak256(key)[0] >> 4
        assert node[place] == b""
        node[place] = keccak256(leaf)
    return rlp_encode(node), encoded


@cache
def _state() -> tuple[bytes, dict[bytes, bytes], bytes]:
    slot = mapping_slot(_bytes(OWNER), 0)
    stored = rlp_encode(_leaf(keccak256(slot), 0, rlp_encode(minimal(TOKENS[OWNER]))))
    accounts = {_bytes(one): rlp_encode([minimal(1), minimal(wei), EMPTY_ROOT, EMPTY_CODE]) for one, wei in WEI.items()}
    accounts[_bytes(TOKEN)] = rlp_encode([minimal(1), b"", keccak256(stored), keccak256(b"code")])
    return *_branch(accounts), stored


def block(height: int, time: int, *, state_root: bytes, parent: bytes = bytes(32)) -> dict[str, Any]:
    """A header with this state root, under its own hash."""
    data = dict.fromkeys(("sha3Uncles", "transactionsRoot", "receiptsRoot", "mixHash"), bytes(32))
    data |= {"parentHash": parent, "miner": bytes(20), "stateRoot": state_root, "logsBloom": bytes(256)}
    data |= {"extraData": b"", "nonce": bytes(8)}
    numbers = {"difficulty": 0, "number": height, "gasLimit": 30_000_000, "gasUsed": 0, "timestamp": time}
    order = ("parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom")
    items: list[Any] = [data[name] for name in order] + [minimal(value) for value in numbers.values()]
    items += [data[name] for name in ("extraData", "mixHash", "nonce")]
    shown = {name: "0x" + value.hex() for name, value in data.items()}
    shown |= {name: hex(value) for name, value in numbers.items()}
    return {**shown, "hash": "0x" + keccak256(rlp_encode(items)).hex()}


def proof(address: str, slots: Sequence[str]) -> dict[str, Any]:
    """``eth_getProof`` of an account of the state and, for the token, of the owner's slot (or another one's absence)."""
    top, leaves, stored = _state()
    token = address == TOKEN
    told = [
        {
            "key": slot,
            "value": hex(TOKENS[OWNER] if _bytes(slot) == mapping_slot(_bytes(OWNER), 0) else 0),
            "proof": ["0x" + stored.hex()] if token else [],
        }
        for slot in slots
    ]
    return {
        "address": address,
        "balance": "0x0" if token else hex(WEI[address]),
        "nonce": "0x1",
        "storageHash": "0x" + (keccak256(stored) if token else EMPTY_ROOT).hex(),
        "codeHash": "0x" + (keccak256(b"code") if token else EMPTY_CODE).hex(),
        "accountProof": ["0x" + top.hex(), "0x" + leaves[_bytes(address)].hex()],
        "storageProof": told,
    }


def _log() -> dict[str, Any]:
    topics = [_TRANSFER, _word(0), "0x" + _bytes(OWNER).rjust(32, b"\x00").hex()]
    where = {"blockNumber": hex(TOP), "transactionHash": "0x" + "11" * 32, "removed": False}
    return {"address": TOKEN, "topics": topics, "data": _word(5), **where}


def aggregated(data: bytes, answer: Any, height: int) -> str:
    """What ``aggregate3`` answers to ``data``, each inner call by ``answer(target, call data)``."""
    body = data[4:]
    count = int.from_bytes(body[32:64], "big")
    results = []
    for index in range(count):
        at = 64 + int.from_bytes(body[64 + 32 * index : 96 + 32 * index], "big")
        size = int.from_bytes(body[at + 96 : at + 128], "big")
        call = body[at + 128 : at + 128 + size]
        if call == multicall.GET_BLOCK_NUMBER:
            results.append(height.to_bytes(32, "big"))
        else:
            results.append(answer("0x" + body[at + 12 : at + 32].hex(), call))
    return "0x" + packed(results).hex()


def packed(results: Sequence[bytes]) -> bytes:
    """(bool, bytes)[] with every call a success."""
    parts = [
        multicall.word(1) + multicall.word(64) + multicall.word(len(one)) + one + bytes(-len(one) % 32)
        for one in results
    ]
    offsets, at = [], 32 * len(parts)
    for part in parts:
        offsets.append(multicall.word(at))
        at += len(part)
    return multicall.word(32) + multicall.word(len(parts)) + b"".join(offsets) + b"".join(parts)


def evm(
    *, tip_time: int, top: int = TOP, fork: bytes = b"", wei: Mapping[str, int] = WEI, code: bytes = b""
) -> Answering:
    """A node of chain 1 that knows blocks up to ``top``; ``code`` is what stands at the address of Multicall3."""
    root = keccak256(_state()[0])

    def read(target: str, data: bytes) -> bytes:
        owner = "0x" + data[-20:].hex()
        if target == multicall.ADDRESS:
            return wei.get(owner, 0).to_bytes(32, "big")
        if target != TOKEN:
            return b""
        return (DECIMALS if data == multicall.DECIMALS else TOKENS.get(owner, 0)).to_bytes(32, "big")

    def call(target: str, data: bytes, height: int) -> str:
        if target != multicall.ADDRESS:
            return "0x" + read(target, data).hex()
        if not code:
            return "0x"
        return aggregated(data, read, height)

    def described(height: int) -> dict[str, Any]:
        if not 0 <= height <= top:
            raise RpcError(-32000, "header not found")
        return block(height, tip_time - SPACING * (TOP - height), state_root=root, parent=fork.ljust(32, b"\0"))

    def answer(method: str, params: Any) -> object:
        return {
            "eth_chainId": lambda: "0x1",
            "eth_blockNumber": lambda: hex(top),
            "eth_getBlockByNumber": lambda: described(int(params[0], 16)),
            "eth_getBalance": lambda: hex(wei.get(params[0], 0)),
            "eth_getCode": lambda: "0x" + (code if params[0] == multicall.ADDRESS else b"").hex(),
            "eth_call": lambda: call(params[0]["to"], _bytes(params[0]["data"]), int(params[1], 16)),
            "eth_getProof": lambda: proof(params[0], params[1]),
            "eth_getTransactionReceipt": lambda: {"logs": [_log()]},
            "eth_getLogs": lambda: [_log()] if len(params[0]["topics"]) == 3 else [],
        }[method]()

    return rpc(answer)
