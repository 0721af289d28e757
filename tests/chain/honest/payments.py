"""A small Bitcoin-like chain of real transactions under real headers, for all three kinds of server alike."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.chain.ledger import BITS, GENESIS, GENESIS_HEADER, script_of, sha256d

SPACING = 600


@dataclass(frozen=True)
class Paid:
    """One transaction: ``spends`` name earlier ones and their output; ``outputs`` are addresses and satoshi."""

    outputs: tuple[tuple[str, int], ...]
    spends: tuple[tuple["Mined", int], ...] = ()


@dataclass(frozen=True)
class Mined:
    """A transaction as it stands in its block at ``place``."""

    id: str
    raw: bytes
    height: int
    place: int
    paid: Paid

    @property
    def coinbase(self) -> bool:
        return self.place == 0


class Payments:
    """Blocks of ten minutes, each a first transaction that pays nobody known and then the payments given.

    A payment that names nothing it spends takes its coins from the first transaction of its block.
    """

    def __init__(self, *, start: int, salt: str = "") -> None:
        self.start = start
        self.salt = salt
        self.hashes = [GENESIS]
        self.headers = [GENESIS_HEADER]
        self.blocks: list[list[Mined]] = [[]]

    def mine(self, *payments: Paid, count: int = 1) -> list[Mined]:
        """Mine ``count`` blocks; the first holds the payments, which come back as they were mined."""
        found = self._one(payments)
        for _ in range(count - 1):
            self._one(())
        return found

    def _one(self, payments: Sequence[Paid]) -> list[Mined]:
        height = len(self.hashes)
        made = [self._mined(Paid(()), height, 0, most=max(1, len(payments)))]
        made += [self._mined(paid, height, place, made[0]) for place, paid in enumerate(payments, 1)]
        root = _levels([bytes.fromhex(one.id)[::-1] for one in made])[-1][0]
        previous = bytes.fromhex(self.hashes[-1])[::-1]
        for nonce in range(100_000):
            header = struct.pack("<I32s32sIII", 2, previous, root, self.time(height), BITS, nonce)
            if int.from_bytes(sha256d(header), "little") < 1 << 255:
                break
        self.headers.append(header)
        self.hashes.append(self.name(header))
        self.blocks.append(made)
        return made[1:]

    def name(self, header: bytes) -> str:
        """What a block is called."""
        return sha256d(header)[::-1].hex()

    def _mined(self, paid: Paid, height: int, place: int, first: Mined | None = None, *, most: int = 0) -> Mined:
        ends = [(bytes.fromhex(one.id)[::-1], index, b"") for one, index in paid.spends]
        if not ends and first is not None:
            ends = [(bytes.fromhex(first.id)[::-1], place - 1, b"")]
        ends = ends or [(bytes(32), 2**32 - 1, f"{self.salt}{height}".encode())]
        outputs = [(script_of(address), amount) for address, amount in paid.outputs] or [
            (b"\x51", 5_000_000_000)
        ] * most
        raw = struct.pack("<I", 1) + bytes([len(ends)])
        raw += b"".join(
            one + struct.pack("<I", index) + bytes([len(data)]) + data + b"\xff" * 4 for one, index, data in ends
        )
        raw += bytes([len(outputs)])
        raw += b"".join(struct.pack("<Q", amount) + bytes([len(script)]) + script for script, amount in outputs)
        raw += bytes(4)
        return Mined(sha256d(raw)[::-1].hex(), raw, height, place, paid)

    def time(self, height: int) -> int:
        return self.start + height * SPACING

    def all(self) -> list[Mined]:
        """Every transaction, oldest first."""
        return [one for block in self.blocks for one in block]

    def transaction(self, identifier: str) -> Mined:
        return next(one for one in self.all() if one.id == identifier)

    def touching(self, address: str) -> list[Mined]:
        """The transactions that pay an address or spend what was paid to it, oldest first."""
        return [
            one
            for one in self.all()
            if address in [to for to, _ in one.paid.outputs]
            or address in [source.paid.outputs[index][0] for source, index in one.paid.spends]
        ]

    def branch(self, one: Mined) -> list[str]:
        """The Merkle branch of a transaction, shown (reversed) hex."""
        found, place = [], one.place
        for level in _levels([bytes.fromhex(each.id)[::-1] for each in self.blocks[one.height]])[:-1]:
            found.append(level[min(place ^ 1, len(level) - 1)][::-1].hex())
            place >>= 1
        return found

    def unspent(self, address: str) -> list[tuple[Mined, int, int]]:
        """(transaction, output, satoshi) that the address holds."""
        gone = {(source.id, index) for one in self.all() for source, index in one.paid.spends}
        return [
            (one, index, amount)
            for one in self.all()
            for index, (to, amount) in enumerate(one.paid.outputs)
            if to == address and (one.id, index) not in gone
        ]

    def spends(self, identifier: str) -> list[tuple[str, int] | None]:
        """For each output of a transaction the one that spends it, with its height."""
        spent = {(source.id, index): one for one in self.all() for source, index in one.paid.spends}
        by = [spent.get((identifier, index)) for index in range(len(self.transaction(identifier).paid.outputs))]
        return [None if one is None else (one.id, one.height) for one in by]

    # What the Esplora interface asks ------------------------------------------------------------------------------

    def tip(self) -> int:
        return len(self.hashes) - 1

    def hash(self, height: int) -> str | None:
        return self.hashes[height] if 0 <= height < len(self.hashes) else None

    def header(self, block_hash: str) -> str | None:
        return self.headers[self.hashes.index(block_hash)].hex() if block_hash in self.hashes else None

    def median(self, height: int) -> int:
        times = [self.time(number) for number in range(max(0, height - 10), height + 1)]
        return sorted(times)[len(times) // 2]

    def block(self, block_hash: str) -> dict[str, Any] | None:
        if block_hash not in self.hashes:
            return None
        height = self.hashes.index(block_hash)
        return {"id": block_hash, "height": height, "timestamp": self.time(height), "mediantime": self.median(height)}

    def history(self, address: str) -> list[dict[str, Any]]:
        return [self._shown(one) for one in self.touching(address)]

    def found(self, identifier: str) -> dict[str, Any] | None:
        known = next((one for one in self.all() if one.id == identifier), None)
        return None if known is None else self._shown(known)

    def _shown(self, one: Mined) -> dict[str, Any]:
        def output(to: str, amount: int) -> dict[str, Any]:
            return {"scriptpubkey": script_of(to).hex(), "scriptpubkey_address": to, "value": amount}

        status = {
            "confirmed": True,
            "block_height": one.height,
            "block_hash": self.hashes[one.height],
            "block_time": self.time(one.height),
        }
        spent = [
            {"txid": source.id, "vout": index, "prevout": output(*source.paid.outputs[index])}
            for source, index in one.paid.spends
        ]
        return {"txid": one.id, "vin": spent, "vout": [output(*each) for each in one.paid.outputs], "status": status}


def _levels(leaves: list[bytes]) -> list[list[bytes]]:
    levels = [leaves]
    while len(levels[-1]) > 1:
        level = levels[-1]
        pairs = [(level[at], level[min(at + 1, len(level) - 1)]) for at in range(0, len(level), 2)]
        levels.append([sha256d(left + right) for left, right in pairs])
    return levels
