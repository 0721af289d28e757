"""What an honest server of every kind says about one made-up address, as bytes: the seeds that the rounds mutate."""

import hashlib
import json
import struct
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from reserves_gui.chain.chains import chains
from reserves_gui.chain.port import Asset
from reserves_gui.chain.trie import EMPTY_CODE, EMPTY_ROOT, keccak256, mapping_slot, minimal, rlp_encode
from reserves_gui.wallets import bitcoin_address, kinds
from tests.chain.ledger import BITS, GENESIS, Facade, MemoryLedger, sha256d

Honest = Callable[[str, bytes | None], bytes]
TOP = 20
LOWER = 15
_START = 1_668_400_000

ADDRESS = {
    "bitcoin": "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
    "evm": "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
    "tron": "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8",
    "solana": "4fYNw3dojWmQ4dXtSGE9epjRGy9pFSx62YypT7avPYvA",
    "xrp": "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh",
}
_CONTRACTS = {"evm": "0x" + "51" * 20, "tron": ADDRESS["tron"], "solana": ADDRESS["solana"]}


def _key(family: str) -> bytes | None:
    if family == "bitcoin":
        program = bitcoin_address.decode(ADDRESS["bitcoin"], "btc")
        assert program is not None
        return program.script
    return kinds.decode({"evm": "evm", "tron": "trx", "solana": "sol", "xrp": "xrp"}[family], ADDRESS[family])


KEY = {family: _key(family) for family in ADDRESS}
ASSETS = {
    family: (
        Asset(name=coin, decimals=None),
        *([Asset(name="TOKEN", decimals=None, contract=_CONTRACTS[family], mapping=0)] if family in _CONTRACTS else []),
    )
    for family, coin in {"bitcoin": "BTC", "evm": "ETH", "tron": "TRX", "solana": "SOL", "xrp": "XRP"}.items()
}


class Payments:
    """Blocks of one transaction each; blocks 3, 10 and 18 pay the address, the others pay nobody."""

    def __init__(self) -> None:
        self.hashes = [GENESIS]
        self.headers = [bytes(80)]
        self.raw: list[bytes] = [b""]
        for height in range(1, TOP + 1):
            script = KEY["bitcoin"] if height in (3, 10, 18) else b"\x51"
            assert script is not None
            spent = bytes([height]) * 32 + struct.pack("<I", 0) + b"\x00" + b"\xff" * 4
            output = struct.pack("<Q", 1000 * height) + bytes([len(script)]) + script
            self.raw.append(struct.pack("<I", 1) + b"\x01" + spent + b"\x01" + output + bytes(4))
            previous = bytes.fromhex(self.hashes[-1])[::-1]
            for nonce in range(1000):
                header = struct.pack(
                    "<I32s32sIII", 2, previous, sha256d(self.raw[-1]), _START + 600 * height, BITS, nonce
                )
                if int.from_bytes(sha256d(header), "little") < 1 << 255:
                    break
            self.headers.append(header)
            self.hashes.append(sha256d(header)[::-1].hex())

    def identifier(self, height: int) -> str:
        return sha256d(self.raw[height])[::-1].hex()

    def shown(self, identifier: str) -> str:
        return next(self.raw[one] for one in range(1, TOP + 1) if self.identifier(one) == identifier).hex()


def _rpc(answer: Callable[[str, Any], object]) -> Honest:
    def told(asked: Any) -> dict[str, object]:
        try:
            result = answer(asked["method"], asked["params"])
        except (LookupError, ValueError, StopIteration):
            # A block or transaction that an earlier, wrong answer made up.
            return {"jsonrpc": "2.0", "id": asked["id"], "error": {"code": -5, "message": "not found"}}
        return {"jsonrpc": "2.0", "id": asked["id"], "result": result}

    def honest(_path: str, body: bytes | None) -> bytes:
        asked = json.loads(body or b"")
        return json.dumps([told(one) for one in asked] if isinstance(asked, list) else told(asked)).encode()

    return honest


def _esplora(*, summary: bool) -> Honest:
    ledger = MemoryLedger()
    for height in range(1, TOP + 1):
        ledger.mine(*([(ADDRESS["bitcoin"], 100 * height)] if height in (3, 10, 18) else []))
    facade = Facade(ledger, summary=summary)
    return lambda path, body: facade("GET" if body is None else "POST", path, body or b"").body


def _electrum() -> Honest:
    chain = Payments()

    def answer(method: str, params: Any) -> object:
        name = method.rpartition(".")[2]
        if method == "blockchain.block.header":
            return chain.headers[params[0]].hex()
        return {
            "version": lambda: ["made up", "1.4"],
            "features": lambda: {"genesis_hash": GENESIS},
            "subscribe": lambda: {"height": TOP, "hex": chain.headers[-1].hex()},
            "get_balance": lambda: {"confirmed": 31_000, "unconfirmed": 0},
            "get_history": lambda: [{"tx_hash": chain.identifier(one), "height": one} for one in (3, 10, 18)],
            "get": lambda: chain.shown(params[0]),
            "get_merkle": lambda: {"block_height": params[1], "merkle": [], "pos": 0},
        }[name]()

    return _rpc(answer)


def _bitcoind() -> Honest:
    chain = Payments()
    script = KEY["bitcoin"]
    assert script is not None

    def described(height: int) -> dict[str, object]:
        moment = _START + 600 * height
        return {"hash": chain.hashes[height], "height": height, "time": moment, "mediantime": moment}

    def block(height: int) -> dict[str, object]:
        paid = script.hex() if height in (3, 10, 18) else "51"
        output = {"value": height / 100_000, "scriptPubKey": {"hex": paid}}
        entry = {"txid": chain.identifier(height), "vin": [{"coinbase": "00"}], "vout": [output]}
        return {**described(height), "tx": [entry], "previousblockhash": chain.hashes[height - 1]}

    def scanned() -> dict[str, object]:
        unspent = [
            {"txid": chain.identifier(one), "vout": 0, "scriptPubKey": script.hex(), "amount": one / 100_000}
            for one in (3, 10, 18)
        ]
        found = {"success": True, "height": TOP, "bestblock": chain.hashes[TOP], "unspents": unspent}
        return {**found, "total_amount": 0.00031}

    def answer(method: str, params: Any) -> object:
        return {
            "getblockhash": lambda: chain.hashes[params[0]],
            "getbestblockhash": lambda: chain.hashes[TOP],
            "getblockheader": lambda: described(chain.hashes.index(params[0])),
            "getblock": lambda: block(chain.hashes.index(params[0])),
            "scantxoutset": scanned,
        }[method]()

    return _rpc(answer)


def _leaf(path: bytes, odd: int, value: bytes) -> list[Any]:
    """A leaf node: the 64 nibbles of ``path`` or, with ``odd``, all but the first."""
    return [bytes([0x30 | path[0] & 15]) + path[1:] if odd else b"\x20" + path, value]


def _evm() -> Honest:
    owner, contract = (bytes.fromhex(text[2:]) for text in (ADDRESS["evm"], _CONTRACTS["evm"]))
    slot = mapping_slot(owner, 0)
    stored = rlp_encode(_leaf(keccak256(slot), 0, rlp_encode(minimal(7_000))))
    accounts = {
        owner: rlp_encode([minimal(1), minimal(10**18), EMPTY_ROOT, EMPTY_CODE]),
        contract: rlp_encode([minimal(1), b"", keccak256(stored), keccak256(b"code")]),
    }
    leaves = {one: rlp_encode(_leaf(keccak256(one), 1, value)) for one, value in accounts.items()}
    branch: list[Any] = [b""] * 17
    for one, leaf in leaves.items():
        place = keccak256(one)[0] >> 4
        assert branch[place] == b""
        branch[place] = keccak256(leaf)
    top = rlp_encode(branch)

    def block(height: int) -> dict[str, object]:
        data = dict.fromkeys(("parentHash", "sha3Uncles", "transactionsRoot", "receiptsRoot", "mixHash"), bytes(32))
        data |= {
            "miner": bytes(20),
            "stateRoot": keccak256(top),
            "logsBloom": bytes(256),
            "extraData": b"",
            "nonce": bytes(8),
        }
        numbers = {
            "difficulty": 0,
            "number": height,
            "gasLimit": 30_000_000,
            "gasUsed": 0,
            "timestamp": _START + height,
        }
        order = ("parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom")
        items: list[Any] = [data[name] for name in order] + [minimal(value) for value in numbers.values()]
        items += [data[name] for name in ("extraData", "mixHash", "nonce")]
        shown = {name: "0x" + value.hex() for name, value in data.items()}
        shown |= {name: hex(value) for name, value in numbers.items()}
        return {**shown, "hash": "0x" + keccak256(rlp_encode(items)).hex()}

    def proof(address: bytes) -> dict[str, object]:
        own = address == owner
        told = {"proof": ["0x" + stored.hex()], "key": "0x" + slot.hex(), "value": hex(7_000)}
        return {
            "address": "0x" + address.hex(),
            "balance": hex(10**18) if own else "0x0",
            "nonce": "0x1",
            "storageHash": "0x" + (EMPTY_ROOT if own else keccak256(stored)).hex(),
            "codeHash": "0x" + (EMPTY_CODE if own else keccak256(b"code")).hex(),
            "accountProof": ["0x" + top.hex(), "0x" + leaves[address].hex()],
            "storageProof": [] if own else [told],
        }

    def log() -> dict[str, object]:
        event = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
        topics = [event, "0x" + bytes(32).hex(), "0x" + owner.rjust(32, b"\x00").hex()]
        where = {"blockNumber": hex(TOP), "transactionHash": "0x" + "11" * 32, "removed": False}
        return {
            "address": _CONTRACTS["evm"],
            "topics": topics,
            "data": "0x" + minimal(5).rjust(32, b"\x00").hex(),
            **where,
        }

    def call(data: str) -> str:
        return "0x" + (8 if data.startswith("0x313ce567") else 7_000).to_bytes(32, "big").hex()

    def answer(method: str, params: Any) -> object:
        return {
            "eth_chainId": lambda: "0x1",
            "eth_blockNumber": lambda: hex(TOP),
            "eth_getBlockByNumber": lambda: block(int(params[0], 16)),
            "eth_getBalance": lambda: hex(10**18),
            "eth_call": lambda: call(params[0]["data"]),
            "eth_getProof": lambda: proof(bytes.fromhex(params[0][2:])),
            "eth_getLogs": lambda: [log()] if len(params[0]["topics"]) == 3 else [],
        }[method]()

    return _rpc(answer)


def _tron() -> Honest:
    def block(height: int) -> dict[str, object]:
        own = chains()["tron"].identity if height == 0 else f"{height:016x}" + hashlib.sha256(b"tron").hexdigest()[:48]
        return {"blockID": own, "block_header": {"raw_data": {"number": height, "timestamp": 1000 * (_START + height)}}}

    def moved() -> dict[str, object]:
        ends = {"from": ADDRESS["tron"], "to": "T" + "1" * 33, "value": "12"}
        entry = {**ends, "transaction_id": "22" * 32, "token_info": {"address": _CONTRACTS["tron"]}}
        return {"data": [entry], "success": True, "meta": {}}

    def honest(path: str, body: bytes | None) -> bytes:
        asked = json.loads(body or b"{}")
        parts = urlsplit(path)
        if parts.path.endswith("/trc20"):
            assert parse_qs(parts.query)["only_confirmed"] == ["true"]
            return json.dumps(moved()).encode()
        answer = {
            "/wallet/getnowblock": lambda: block(TOP),
            "/wallet/getblockbynum": lambda: block(asked["num"]),
            "/wallet/getaccountbalance": lambda: {"balance": 5_000, "block_identifier": asked["block_identifier"]},
            "/wallet/triggerconstantcontract": lambda: {"constant_result": [f"{6:064x}"]},
        }[parts.path]()
        return json.dumps(answer).encode()

    return honest


def _solana() -> Honest:
    def tokens() -> dict[str, object]:
        amount = {"amount": "900", "decimals": 6}
        info = {"mint": _CONTRACTS["solana"], "owner": ADDRESS["solana"], "tokenAmount": amount}
        return {"context": {"slot": TOP}, "value": [{"account": {"data": {"parsed": {"info": info}}}}]}

    def transaction() -> dict[str, object]:
        message = {"accountKeys": [{"pubkey": ADDRESS["solana"]}, {"pubkey": "other"}]}
        meta = {"preBalances": [70, 5], "postBalances": [90, 5]}
        return {"slot": 18, "transaction": {"message": message}, "meta": meta}

    def answer(method: str, _params: Any) -> object:
        return {
            "getGenesisHash": lambda: chains()["solana"].identity,
            "getSlot": lambda: TOP,
            "getBlockTime": lambda: _START,
            "getBalance": lambda: {"context": {"slot": TOP}, "value": 90},
            "getTokenAccountsByOwner": tokens,
            "getSignaturesForAddress": lambda: [{"signature": "five", "slot": 18}, {"signature": "four", "slot": 9}],
            "getTransaction": transaction,
        }[method]()

    return _rpc(answer)


def _xrp() -> Honest:
    def honest(_path: str, body: bytes | None) -> bytes:
        asked = json.loads(body or b"")
        wanted = asked["params"][0].get("ledger_index")
        index = TOP if wanted == "validated" else wanted
        state = {"validated": True, "ledger_index": index, "ledger_hash": f"{index or 0:064x}"}
        answer = {
            "server_info": {"info": {"network_id": 0}},
            "ledger": {**state, "ledger": {"close_time": 700_000_000}},
            "account_info": {**state, "account_data": {"Account": ADDRESS["xrp"], "Balance": "123"}},
        }[asked["method"]]
        return json.dumps({"result": answer}).encode()

    return honest


_AT = "http://127.0.0.1:9"
# Kind -> (what answers, source text, chain, family of the address).
HONEST: dict[str, tuple[Callable[[], Honest], str, str, str]] = {
    "esplora": (lambda: _esplora(summary=True), f"esplora+{_AT}", "bitcoin", "bitcoin"),
    "esplora-pages": (lambda: _esplora(summary=False), f"esplora+{_AT}", "bitcoin", "bitcoin"),
    "electrum": (_electrum, "tcp://127.0.0.1:9", "bitcoin", "bitcoin"),
    "bitcoind": (_bitcoind, "bitcoind+http://u:p@127.0.0.1:9", "bitcoin", "bitcoin"),
    "evm": (_evm, f"evm+{_AT}", "ethereum", "evm"),
    "evm-proof": (_evm, f"evm-proof+{_AT}", "ethereum", "evm"),
    "tron": (_tron, f"tron+{_AT}", "tron", "tron"),
    "solana": (_solana, f"solana+{_AT}", "solana", "solana"),
    "xrp": (_xrp, f"xrp+{_AT}", "xrp", "xrp"),
}
