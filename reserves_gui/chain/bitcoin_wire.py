"""Bytes of Bitcoin-like chains: block headers with their work, Merkle branches, transactions, script hashes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from reserves_gui.chain.answers import Answer
from reserves_gui.chain.chains import Chain, Work
from reserves_gui.chain.port import unusable

HEADER_BYTES = 80
# No amount of these chains is above it: the largest supply in the table (Dogecoin's) stays far below.
MOST_UNITS = 21_000_000 * 10**8 * 200
_MEDIAN_SPAN = 11
_WITNESS = 1
_EXTENSION = 8  # Litecoin's extension blocks, litecoin-project/litecoin src/primitives/transaction.h


def sha256d(data: bytes) -> bytes:
    """SHA256(SHA256(data))."""
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def script_hash(script: bytes) -> bytes:
    """SHA256(script), in the order Esplora writes it; Electrum writes it reversed."""
    return hashlib.sha256(script).digest()


@dataclass(frozen=True, slots=True)
class Header:
    """The fields of an 80-byte header that are used here; ``hash`` and ``previous`` as shown (reversed) hex.

    ``hash`` is its SHA-256d: the block's name, but on chains that name blocks by another hash (``names_headers``).
    """

    hash: str
    previous: str
    merkle_root: bytes
    time: int
    bits: int
    raw: bytes


def read_header(raw: bytes) -> Header:
    """version(4) ‖ previous(32) ‖ merkle root(32) ‖ time(4) ‖ bits(4) ‖ nonce(4), integers little endian."""
    if len(raw) != HEADER_BYTES:
        raise unusable("chain.header")
    return Header(
        hash=sha256d(raw)[::-1].hex(),
        previous=raw[4:36][::-1].hex(),
        merkle_root=raw[36:68],
        time=int.from_bytes(raw[68:72], "little"),
        bits=int.from_bytes(raw[72:76], "little"),
        raw=raw,
    )


def shown_header(told: Answer, chain: Chain) -> Header:
    """A header as a server shows it; on merge-mined chains the block that holds its work may stand behind it."""
    if chain.work is not Work.MERGED:
        return read_header(told.hex(HEADER_BYTES))
    return read_header(told.hex()[:HEADER_BYTES])


def target(bits: int) -> int:
    """The number a block's work must not exceed: mantissa · 256^(exponent − 3)."""
    exponent, mantissa = bits >> 24, bits & 0x7FFFFF
    if bits & 0x800000 or exponent > 34:
        return 0
    return mantissa << 8 * (exponent - 3) if exponent >= 3 else mantissa >> 8 * (3 - exponent)


def has_work(header: Header, chain: Chain, *, easiest_bits: int) -> bool:
    """Whether the header's work is at most its own target, and that target no easier than ``easiest_bits`` (0: any).

    True where the header alone does not show it (``Chain.counts_work``).
    """
    if not chain.counts_work:
        return True
    if chain.work is Work.SCRYPT:
        digest = hashlib.scrypt(header.raw, salt=header.raw, n=1024, r=1, p=1, dklen=32)
    else:
        digest = sha256d(header.raw)
    goal = target(header.bits)
    if easiest_bits and goal > target(easiest_bits):
        return False
    return int.from_bytes(digest, "little") <= goal


def median_time(times: Sequence[int]) -> int:
    """The median of the last eleven header times (all of them near the start of the chain)."""
    last = sorted(times[-_MEDIAN_SPAN:])
    return last[len(last) // 2]


def merkle_root(leaf: bytes, branch: Sequence[bytes], position: int) -> bytes:
    """The root over ``leaf`` (internal order): bit 0 of the position 1 → SHA256d(b ‖ h), 0 → SHA256d(h ‖ b)."""
    current = leaf
    for sibling in branch:
        current = sha256d(sibling + current) if position & 1 else sha256d(current + sibling)
        position >>= 1
    if position:
        raise unusable("chain.merkle_branch")
    return current


def check_in_block(transaction: str, branch: Sequence[str], position: int, header: Header) -> None:
    """Raise unless the transaction (shown hex) is under the header's Merkle root."""
    try:
        leaf = bytes.fromhex(transaction)[::-1]
        siblings = [bytes.fromhex(item)[::-1] for item in branch]
    except ValueError:
        raise unusable("chain.merkle_branch") from None
    if len(siblings) > 32 or merkle_root(leaf, siblings, position) != header.merkle_root:
        raise unusable("chain.merkle_branch")


@dataclass(frozen=True, slots=True)
class Output:
    """An output: amount in the smallest unit, and its script."""

    amount: int
    script: bytes


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction: its id as shown, the outpoints it spends as (shown id, index), and its outputs."""

    id: str
    spends: tuple[tuple[str, int], ...]
    outputs: tuple[Output, ...]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def take(self, size: int) -> bytes:
        if size > len(self._data) - self.at:
            raise unusable("chain.transaction")
        self.at += size
        return self._data[self.at - size : self.at]

    def little(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def compact(self) -> int:
        first = self.little(1)
        return first if first < 253 else self.little({253: 2, 254: 4, 255: 8}[first])

    def count(self) -> int:
        number = self.compact()
        if number > len(self._data):
            raise unusable("chain.transaction")
        return number

    def sized(self) -> bytes:
        return self.take(self.compact())


def read_transaction(data: bytes) -> Transaction:
    """A serialised transaction, with or without witness (BIP-144). Raises ``source.unusable``."""
    reader = _Reader(data)
    version = reader.take(4)
    flags = 0
    if data[4:5] == b"\x00":
        reader.take(1)
        flags = reader.little(1)
        if flags == 0 or flags & ~(_WITNESS | _EXTENSION):
            raise unusable("chain.transaction")
    start = reader.at
    spends = []
    for _ in range(reader.count()):
        previous = reader.take(32)[::-1].hex()
        index = reader.little(4)
        reader.sized()
        reader.take(4)
        spends.append((previous, index))
    outputs = tuple(Output(reader.little(8), reader.sized()) for _ in range(reader.count()))
    body = data[start : reader.at]
    if flags & _WITNESS:
        for _ in spends:
            for _ in range(reader.count()):
                reader.sized()
    if flags & _EXTENSION and reader.little(1) != 0:
        raise unusable("chain.transaction")
    lock = reader.take(4)
    if reader.at != len(data):
        raise unusable("chain.transaction")
    return Transaction(sha256d(version + body + lock)[::-1].hex(), tuple(spends), outputs)
