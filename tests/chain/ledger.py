"""A small Bitcoin-like chain in memory, with real headers, and the Esplora interface over any such chain.

The interface is the same for a real node: :class:`Facade` asks only what :class:`Ledger` names.
"""

import hashlib
import json
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from reserves_gui.wallets import bitcoin_address
from tests.chain.servers import Reply, json_reply, text

BITS = 0x207FFFFF
# The start of the regtest chain, as every node has it.
GENESIS_HEADER = bytes.fromhex(
    "01000000" + "00" * 32 + "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4adae5494dffff7f2002000000"
)
GENESIS = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"
_PAGE = 25


def sha256d(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


class Ledger(Protocol):
    """What the facade needs of a chain."""

    def tip(self) -> int: ...
    def hash(self, height: int) -> str | None: ...
    def header(self, block_hash: str) -> str | None: ...
    def block(self, block_hash: str) -> dict[str, Any] | None: ...
    def history(self, address: str) -> list[dict[str, Any]]: ...
    def found(self, identifier: str) -> dict[str, Any] | None: ...
    def spends(self, identifier: str) -> list[tuple[str, int] | None]: ...


@dataclass
class MemoryLedger:
    """Blocks every ten minutes; transactions are given as (address, net amount) pairs per block."""

    start: int = 1_668_400_000
    spacing: int = 600
    salt: str = ""
    headers: list[bytes] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    by_address: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hashes.append(GENESIS)
        self.headers.append(GENESIS_HEADER)

    def mine(self, *payments: tuple[str, int], count: int = 1) -> None:
        """Mine ``count`` blocks; the first pays (or, if negative, spends) the given amounts."""
        for number in range(count):
            self._one(payments if number == 0 else ())

    def _one(self, payments: Sequence[tuple[str, int]]) -> None:
        height = len(self.hashes)
        root = sha256d(f"{self.salt}{height}{payments}".encode())
        moment = self.start + height * self.spacing
        previous = bytes.fromhex(self.hashes[-1])[::-1]
        for nonce in range(100_000):
            header = struct.pack("<I32s32sIII", 2, previous, root, moment, BITS, nonce)
            if int.from_bytes(sha256d(header), "little") < 1 << 255:
                break
        self.headers.append(header)
        self.hashes.append(sha256d(header)[::-1].hex())
        for number, (address, amount) in enumerate(payments):
            self.by_address.setdefault(address, []).append(self._transaction(height, number, address, amount))

    def _transaction(self, height: int, number: int, address: str, amount: int) -> dict[str, Any]:
        identifier = hashlib.sha256(f"{self.salt}{height}{number}{address}".encode()).hexdigest()
        other = {"scriptpubkey": "51", "scriptpubkey_address": "someone", "value": abs(amount)}
        own = {"scriptpubkey": script_of(address).hex(), "scriptpubkey_address": address, "value": abs(amount)}
        source, target = (other, own) if amount >= 0 else (own, other)
        return {
            "txid": identifier,
            "vin": [{"txid": "00" * 32, "vout": 0, "is_coinbase": False, "prevout": source}],
            "vout": [target],
            "status": {
                "confirmed": True,
                "block_height": height,
                "block_hash": self.hashes[height],
                "block_time": self.start + height * self.spacing,
            },
        }

    def tip(self) -> int:
        return len(self.hashes) - 1

    def hash(self, height: int) -> str | None:
        return self.hashes[height] if 0 <= height < len(self.hashes) else None

    def header(self, block_hash: str) -> str | None:
        return self.headers[self.hashes.index(block_hash)].hex() if block_hash in self.hashes else None

    def block(self, block_hash: str) -> dict[str, Any] | None:
        if block_hash not in self.hashes:
            return None
        height = self.hashes.index(block_hash)
        times = [self.start + number * self.spacing for number in range(max(0, height - 10), height + 1)]
        return {
            "id": block_hash,
            "height": height,
            "timestamp": self.start + height * self.spacing,
            "mediantime": sorted(times)[len(times) // 2],
            "previousblockhash": self.hashes[height - 1] if height else None,
        }

    def history(self, address: str) -> list[dict[str, Any]]:
        return self.by_address.get(address, [])

    def found(self, identifier: str) -> dict[str, Any] | None:
        return next((one for all_ in self.by_address.values() for one in all_ if one["txid"] == identifier), None)

    def spends(self, identifier: str) -> list[tuple[str, int] | None]:
        """Nobody spends what is paid here."""
        return [None for _ in (self.found(identifier) or {"vout": []})["vout"]]


def script_of(address: str) -> bytes:
    """The script of a real address, and one of its own for each made-up name."""
    program = bitcoin_address.decode(address, "btc")
    if program is not None:
        return program.script
    return b"\x00\x14" + hashlib.sha256(address.encode()).digest()[:20]


def delta(transaction: dict[str, Any], addresses: set[str]) -> int:
    """Σ outputs to the group − Σ inputs from it."""
    paid = sum(out["value"] for out in transaction["vout"] if out.get("scriptpubkey_address") in addresses)
    spent = sum(
        one["prevout"]["value"]
        for one in transaction["vin"]
        if one.get("prevout") and one["prevout"].get("scriptpubkey_address") in addresses
    )
    return paid - spent


class Facade:
    """Esplora over a ledger. ``summary`` False: without the extension."""

    def __init__(self, ledger: Ledger, *, summary: bool = True) -> None:
        self.ledger = ledger
        self.summary = summary

    def __call__(self, method: str, path: str, body: bytes) -> Reply:
        path = path.partition("?")[0]
        if path == "/blocks/tip/height":
            return text(str(self.ledger.tip()))
        if path == "/blocks/tip/hash":
            return text(self.ledger.hash(self.ledger.tip()) or "")
        if found := re.fullmatch(r"/block-height/(\d+)", path):
            block_hash = self.ledger.hash(int(found[1]))
            return text(block_hash) if block_hash else text("Block not found", 404)
        if found := re.fullmatch(r"/block/([0-9a-f]{64})(/header)?", path):
            return self._block(found[1], header=bool(found[2]))
        if method == "POST" and (found := re.fullmatch(r"/addresses/txs/summary(?:/(\w+))?", path)) and self.summary:
            return json_reply(self._summary(set(json.loads(body)), found[1]))
        if found := re.fullmatch(r"/address/(\w+)", path):
            return json_reply(self._stats(found[1]))
        if found := re.fullmatch(r"/address/(\w+)/txs/chain(?:/(\w+))?", path):
            return json_reply(_after(self._newest({found[1]}), found[2])[:_PAGE])
        if self.summary and (found := re.fullmatch(r"/address/(\w+)/txs/summary(?:/(\w+))?", path)):
            return json_reply(self._summary({found[1]}, found[2]))
        if found := re.fullmatch(r"/tx/([0-9a-f]{64})", path):
            known = self.ledger.found(found[1])
            return json_reply(known) if known else text("Transaction not found", 404)
        if found := re.fullmatch(r"/tx/([0-9a-f]{64})/outspends", path):
            return json_reply([_spent(one) for one in self.ledger.spends(found[1])])
        if found := re.fullmatch(r"/v1/mining/blocks/timestamp/(\d+)", path):
            return self._at_time(int(found[1]))
        return text("Not Found", 404)

    def _block(self, block_hash: str, *, header: bool) -> Reply:
        found = self.ledger.header(block_hash) if header else self.ledger.block(block_hash)
        if found is None:
            return text("Block not found", 404)
        return text(found) if isinstance(found, str) else json_reply(found)

    def _newest(self, addresses: set[str]) -> list[dict[str, Any]]:
        by_id = {one["txid"]: one for address in addresses for one in self.ledger.history(address)}
        return sorted(by_id.values(), key=lambda one: (-one["status"]["block_height"], one["txid"]))

    def _stats(self, address: str) -> dict[str, Any]:
        history = self.ledger.history(address)
        outputs = [out["value"] for one in history for out in one["vout"] if out.get("scriptpubkey_address") == address]
        inputs = [
            source["prevout"]["value"]
            for one in history
            for source in one["vin"]
            if source.get("prevout") and source["prevout"].get("scriptpubkey_address") == address
        ]
        nothing = dict.fromkeys(
            ("tx_count", "funded_txo_count", "funded_txo_sum", "spent_txo_count", "spent_txo_sum"), 0
        )
        # What an address spends must have been paid to it: opening amounts count as funded.
        stats = {
            "tx_count": len(history),
            "funded_txo_count": len(outputs),
            "funded_txo_sum": sum(outputs),
            "spent_txo_count": len(inputs),
            "spent_txo_sum": sum(inputs),
        }
        return {"address": address, "chain_stats": stats, "mempool_stats": nothing}

    def _summary(self, addresses: set[str], last: str | None) -> list[dict[str, Any]]:
        return [
            {
                "txid": one["txid"],
                "height": one["status"]["block_height"],
                "value": delta(one, addresses),
                "time": one["status"]["block_time"],
                "tx_position": 0,
            }
            for one in _after(self._newest(addresses), last)[:5000]
        ]

    def _at_time(self, moment: int) -> Reply:
        height = self.ledger.tip()
        while height and (self.ledger.block(self.ledger.hash(height) or "") or {})["timestamp"] > moment:
            height -= 1
        return json_reply({"height": height, "hash": self.ledger.hash(height), "timestamp": ""})


def _spent(by: tuple[str, int] | None) -> dict[str, Any]:
    if by is None:
        return {"spent": False}
    return {"spent": True, "txid": by[0], "vin": 0, "status": {"confirmed": True, "block_height": by[1]}}


def _after(newest: list[dict[str, Any]], last: str | None) -> list[dict[str, Any]]:
    if last is None:
        return newest
    places = [number for number, one in enumerate(newest) if one["txid"] == last]
    return newest[places[0] + 1 :] if places else []
