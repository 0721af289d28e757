"""Balances that the server cannot invent: block header, account proof and storage proof checked here."""

from reserves_gui.chain.answers import Answer
from reserves_gui.chain.port import unusable
from reserves_gui.chain.trie import ProvenAccount, keccak256, minimal, prove_account, prove_slot, rlp_encode

_DATA = ("parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom")
_NUMBERS = ("difficulty", "number", "gasLimit", "gasUsed", "timestamp")
# Fields that later versions added, in this order: name and whether it is a number.
_LATER = (
    ("baseFeePerGas", "number"),
    ("withdrawalsRoot", "data"),
    ("blobGasUsed", "number"),
    ("excessBlobGas", "number"),
    ("parentBeaconBlockRoot", "data"),
    ("requestsHash", "data"),
)


def header_hash(block: Answer) -> bytes:
    """keccak256(rlp([parentHash, …, nonce, later fields])), integers without leading zeros."""
    items: list[bytes] = [block[name].data() for name in _DATA]
    items += [minimal(block[name].quantity()) for name in _NUMBERS]
    items += [block[name].data() for name in ("extraData", "mixHash", "nonce")]
    ended = False
    for name, kind in _LATER:
        value = block.get(name)
        if value is None:
            ended = True
        elif ended:
            raise unusable("chain.header_hash")
        else:
            items.append(minimal(value.quantity()) if kind == "number" else value.data())
    return keccak256(rlp_encode(list(items)))


def check_block(block: Answer) -> bytes:
    """The state root of a block whose header hashes to its own hash. Raises ``source.unusable``."""
    if header_hash(block) != block["hash"].data(32):
        raise unusable("chain.header_hash")
    return block["stateRoot"].data(32)


def check_account(answer: Answer, state_root: bytes, address: bytes) -> ProvenAccount:
    """The account of an ``eth_getProof`` answer; its plain fields must be the proven ones. Raises if it is false."""
    if answer["address"].data(20) != address:
        raise unusable("chain.proof_field", field="address")
    proven = prove_account(state_root, address, [node.data() for node in answer["accountProof"].entries(70)])
    stated = (
        ("balance", answer["balance"].quantity(), proven.balance),
        ("nonce", answer["nonce"].quantity(), proven.nonce),
        ("storageHash", answer["storageHash"].data(32), proven.storage_root),
    )
    for name, seen, expected in stated:
        if seen != expected:
            raise unusable("chain.proof_field", field=name)
    # An account that does not exist is answered with an empty or a zero code hash, depending on the server.
    code = answer["codeHash"].data(32)
    absent = proven.nonce == 0 and proven.balance == 0
    if code != proven.code_hash and not (absent and code == bytes(32)):
        raise unusable("chain.proof_field", field="codeHash")
    return proven


def check_slot(answer: Answer, account: ProvenAccount, slot: bytes) -> int:
    """The value of ``slot`` in an ``eth_getProof`` answer with exactly that slot. Raises for a false answer."""
    entries = answer["storageProof"].entries(1)
    if len(entries) != 1 or entries[0]["key"].data(32) != slot:
        raise unusable("chain.proof_field", field="key")
    entry = entries[0]
    value = prove_slot(account.storage_root, slot, [node.data() for node in entry["proof"].entries(70)])
    if entry["value"].quantity() != value:
        raise unusable("chain.proof_field", field="value")
    return value
