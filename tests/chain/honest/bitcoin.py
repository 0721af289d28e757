"""Honest Electrum and Bitcoin Core servers over one chain; Esplora's is :class:`tests.chain.ledger.Facade`."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.chain.faults import Answering
from tests.chain.honest.payments import Mined, Paid, Payments
from tests.chain.ledger import script_of, sha256d
from tests.chain.lines import rpc

ALICE = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
BOB = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"


def small_chain(*, tip_time: int, top: int = 20, fork: bytes = b"", make: type[Payments] = Payments) -> Payments:
    """20 blocks, or the first ``top`` of them. Alice: 500 at 3, 100 at 10, 300 of the 500 back to herself at 18 (now 400); Bob: 7 at 5."""
    made = make(start=tip_time - 20 * 600, salt=fork.hex())
    made.mine(count=2)
    (first,) = made.mine(Paid(((ALICE, 500),)), count=2)
    made.mine(Paid(((BOB, 7),)), count=5)
    made.mine(Paid(((ALICE, 100),)), count=8)
    made.mine(Paid(((ALICE, 300), ("elsewhere", 200)), ((first, 0),)), count=3)
    assert made.tip() == 20
    for blocks in (made.hashes, made.headers, made.blocks):
        del blocks[top + 1 :]
    return made


def electrum(chain: Payments) -> Answering:
    """The Electrum protocol."""

    def owner(scripthash: str) -> str:
        known = {to for one in chain.all() for to, _ in one.paid.outputs} | {ALICE, BOB}
        return next((to for to in known if hashlib.sha256(script_of(to)).digest()[::-1].hex() == scripthash), "")

    def history(scripthash: str) -> list[dict[str, Any]]:
        return [{"tx_hash": one.id, "height": one.height} for one in chain.touching(owner(scripthash))]

    def header(height: int, under: int = 0) -> object:
        shown = chain.header(chain.hashes[height])
        if not under:
            return shown
        root, branch = rooted([bytes.fromhex(one)[::-1] for one in chain.hashes[: under + 1]], height)
        return {"header": shown, "branch": [one[::-1].hex() for one in branch], "root": root[::-1].hex()}

    def headers(start: int, count: int) -> dict[str, Any]:
        found = chain.headers[start : start + count]
        return {"count": len(found), "hex": b"".join(found).hex(), "max": 2016}

    def merkle(one: Mined) -> dict[str, Any]:
        return {"block_height": one.height, "merkle": chain.branch(one), "pos": one.place}

    def shown(one: Mined) -> str:
        return one.raw.hex()

    def unspent(scripthash: str) -> list[dict[str, Any]]:
        return [
            {"tx_hash": one.id, "tx_pos": index, "height": one.height, "value": amount}
            for one, index, amount in chain.unspent(owner(scripthash))
        ]

    def answer(method: str, params: Any) -> object:
        return {
            "server.version": lambda: ["made up", "1.4"],
            "server.features": lambda: {"genesis_hash": chain.hashes[0]},
            "blockchain.headers.subscribe": lambda: {"height": chain.tip(), "hex": chain.headers[-1].hex()},
            "blockchain.block.header": lambda: header(*params),
            "blockchain.block.headers": lambda: headers(*params),
            "blockchain.scripthash.get_balance": lambda: {
                "confirmed": sum(amount for _, _, amount in chain.unspent(owner(params[0]))),
                "unconfirmed": 0,
            },
            "blockchain.scripthash.listunspent": lambda: unspent(params[0]),
            "blockchain.scripthash.get_history": lambda: history(params[0]),
            "blockchain.transaction.get": lambda: shown(chain.transaction(params[0])),
            "blockchain.transaction.get_merkle": lambda: merkle(chain.transaction(params[0])),
        }[method]()

    return rpc(answer)


def rooted(leaves: list[bytes], place: int) -> tuple[bytes, list[bytes]]:
    """The Merkle root over ``leaves``, an odd one paired with itself, and the branch of the leaf at ``place``."""
    branch = []
    while len(leaves) > 1:
        leaves = leaves + leaves[-1:] * (len(leaves) % 2)
        branch.append(leaves[place ^ 1])
        leaves = [sha256d(left + right) for left, right in zip(leaves[::2], leaves[1::2], strict=True)]
        place >>= 1
    return leaves[0], branch


def bitcoind(chain: Payments) -> Answering:
    """Bitcoin Core's RPC."""

    def described(height: int) -> dict[str, Any]:
        return {
            "hash": chain.hashes[height],
            "height": height,
            "time": chain.time(height),
            "mediantime": chain.median(height),
        }

    def output(to: str, amount: int) -> dict[str, Any]:
        return {"value": _coins(amount), "scriptPubKey": {"hex": script_of(to).hex()}}

    def transaction(one: Mined) -> dict[str, Any]:
        spent: list[dict[str, Any]] = [
            {"txid": source.id, "vout": index, "prevout": output(*source.paid.outputs[index])}
            for source, index in one.paid.spends
        ]
        return {
            "txid": one.id,
            "vin": spent or [{"coinbase": "00"}],
            "vout": [output(*each) for each in one.paid.outputs],
        }

    def block(height: int) -> dict[str, Any]:
        entries = [transaction(one) for one in chain.blocks[height]]
        return {**described(height), "tx": entries, "previousblockhash": chain.hashes[height - 1]}

    def scanned(descriptors: list[str]) -> Mapping[str, Any]:
        unspent = [
            {"txid": one.id, "vout": index, "scriptPubKey": script_of(to).hex(), "amount": _coins(amount)}
            for to in (ALICE, BOB)
            if f"raw({script_of(to).hex()})" in descriptors
            for one, index, amount in chain.unspent(to)
        ]
        total = sum((Decimal(str(one["amount"])) for one in unspent), Decimal(0))
        found = {"success": True, "height": chain.tip(), "bestblock": chain.hashes[-1], "unspents": unspent}
        return {**found, "total_amount": float(total)}

    def still_there(identifier: str, index: int) -> dict[str, Any] | None:
        for one in chain.all():
            if one.id == identifier and index < len(one.paid.outputs) and chain.spends(identifier)[index] is None:
                confirmations = chain.tip() + 1 - one.height
                found = output(*one.paid.outputs[index])
                return {**found, "bestblock": chain.hashes[-1], "confirmations": confirmations}
        return None

    def answer(method: str, params: Any) -> object:
        return {
            "getblockhash": lambda: chain.hashes[params[0]],
            "getbestblockhash": lambda: chain.hashes[-1],
            "getblockheader": lambda: (
                described(chain.hashes.index(params[0])) if params[-1] is not False else chain.header(params[0])
            ),
            "getblock": lambda: block(chain.hashes.index(params[0])),
            "getrawtransaction": lambda: transaction(chain.transaction(params[0])),
            "gettxout": lambda: still_there(*params[:2]),
            "scantxoutset": lambda: scanned(params[1]) if params[0] == "start" else None,
        }[method]()

    return rpc(answer)


def _coins(amount: int) -> float:
    """Satoshi as the JSON number a node writes; these small ones are exact in the shortest form."""
    return amount / 10**8
