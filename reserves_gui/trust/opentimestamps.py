"""OpenTimestamps proofs: a path of small operations from a file's SHA-256 to the Merkle root of a block.

    file = magic || 01 || 08 (SHA-256) || digest (32) || node
    node = (ff item)* item          item = 00 attestation | operation node

A proof that reaches a block shows that the file existed when the block was made; that block is looked up elsewhere. A
pending attestation names a calendar server that promised to put the path into a block. Source: the published format
of OpenTimestamps (opentimestamps/python-opentimestamps). Unknown operations are refused, unknown attestations kept.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say

MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94"
PROOF_BYTES = 64 * 1024
PROOF_SUFFIX = ".ots"
_PENDING = bytes.fromhex("83dfe30d2ef90c8e")
_CHAINS = {bytes.fromhex("0588960d73d71901"): "bitcoin", bytes.fromhex("06869a0d73d71b45"): "litecoin"}
_SHA256 = 0x08
_FORK = 0xFF
_ATTESTATION = 0x00
# What the format itself allows an operation's argument, and every message on the way.
_MESSAGE = 4096
_STEPS = 10_000
_URI = 1000
_UNARY: Mapping[int, Callable[[bytes], bytes]] = {
    _SHA256: lambda message: hashlib.sha256(message).digest(),
    0x02: lambda message: hashlib.sha1(message, usedforsecurity=False).digest(),
    0xF2: lambda message: message[::-1],
    0xF3: lambda message: message.hex().encode("ascii"),
}
_BINARY: Mapping[int, Callable[[bytes, bytes], bytes]] = {
    0xF0: lambda message, argument: message + argument,
    0xF1: lambda message, argument: argument + message,
}


@dataclass(frozen=True, slots=True)
class InBlock:
    """The path ends at the Merkle root of a block: ``root`` is its 32 bytes as they stand in the header."""

    chain: str
    height: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Pending:
    """A calendar server promised a block for ``commitment``. ``place``: where this stands in the file (start, end)."""

    calendar: str
    commitment: bytes
    place: tuple[int, int]


@dataclass(frozen=True, slots=True)
class TimeProof:
    """What a proof file holds: the file's SHA-256, the blocks reached, and the promises still open."""

    digest: bytes
    blocks: tuple[InBlock, ...]
    pending: tuple[Pending, ...]


def proof_path(path: Path) -> Path:
    """Where the time stamp of the file at ``path`` is looked for."""
    return path.with_name(path.name + PROOF_SUFFIX)


def read_proof(data: bytes, where: str = "") -> TimeProof:
    """The proof in ``data``. Raises ``format.shape``, ``format.newer`` and ``limit.size``."""
    reader = _Reader(data, where)
    if len(data) > PROOF_BYTES:
        raise ReservesError(ErrorCode.LIMIT_SIZE, say("error.limit_size", limit=PROOF_BYTES), where)
    if reader.take(len(MAGIC)) != MAGIC:
        raise reader.bad()
    if reader.take(1) != b"\x01" or reader.take(1)[0] != _SHA256:
        raise ReservesError(ErrorCode.FORMAT_NEWER, say("stamp.newer"), where)
    digest = reader.take(32)
    blocks, pending = reader.node(digest)
    if not reader.done:
        raise reader.bad()
    return TimeProof(digest, tuple(blocks), tuple(pending))


def blinded(digest: bytes, nonce: bytes) -> bytes:
    """What a calendar is sent for a file: SHA-256(digest || nonce), so that it does not learn the file's hash."""
    return hashlib.sha256(digest + nonce).digest()


def first_proof(digest: bytes, nonce: bytes, answer: bytes, where: str = "") -> bytes:
    """The proof file after a calendar answered for :func:`blinded`. Raises ``format.shape`` for no such answer."""
    reader = _Reader(answer, where)
    blocks, pending = reader.node(blinded(digest, nonce))
    if not reader.done or not (blocks or pending):
        raise reader.bad()
    return MAGIC + b"\x01" + bytes([_SHA256]) + digest + b"\xf0" + _sized(nonce) + bytes([_SHA256]) + answer


def upgraded(data: bytes, promise: Pending, answer: bytes, where: str = "") -> bytes:
    """The proof with ``promise`` replaced by what its calendar now knows. Raises ``format.shape``."""
    reader = _Reader(answer, where)
    blocks, _ = reader.node(promise.commitment)
    # An item is replaced by an item: a fork would need another mark before it.
    if not blocks or not reader.done or answer[:1] == bytes([_FORK]):
        raise reader.bad()
    start, end = promise.place
    return data[:start] + answer + data[end:]


class _Reader:
    """Bytes read from the start, each length checked first."""

    def __init__(self, data: bytes, where: str) -> None:
        self._data = data
        self._at = 0
        self._where = where

    @property
    def done(self) -> bool:
        """Whether everything was read."""
        return self._at == len(self._data)

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes."""
        found = self._data[self._at : self._at + count]
        if len(found) != count:
            raise self.bad()
        self._at += count
        return found

    def node(self, message: bytes) -> tuple[list[InBlock], list[Pending]]:
        """One node over ``message``, walked without recursion; every attestation in it that is known here."""
        blocks: list[InBlock] = []
        pending: list[Pending] = []
        waiting = [message]
        steps = 0
        while waiting:
            current = waiting.pop()
            while True:
                steps += 1
                if steps > _STEPS:
                    raise ReservesError(ErrorCode.LIMIT_ENTRIES, say("error.limit_entries", limit=_STEPS), self._where)
                start = self._at
                tag = self.take(1)[0]
                if tag == _FORK:
                    # Another item of the same node follows behind this one.
                    waiting.append(current)
                    start = self._at
                    tag = self.take(1)[0]
                if tag == _ATTESTATION:
                    self._attestation(current, start, blocks, pending)
                    break
                current = self._applied(tag, current)
        return blocks, pending

    def _applied(self, tag: int, message: bytes) -> bytes:
        unary = _UNARY.get(tag)
        if unary is not None:
            result = unary(message)
        elif tag in _BINARY:
            argument = self.take(self._number(_MESSAGE))
            if not argument:
                raise self.bad()
            result = _BINARY[tag](message, argument)
        elif tag in (0x03, 0x67):
            result = _rare(tag, message)
        else:
            raise ReservesError(ErrorCode.FORMAT_NEWER, say("stamp.newer"), self._where)
        if len(result) > _MESSAGE:
            raise self.bad()
        return result

    def _attestation(self, message: bytes, start: int, blocks: list[InBlock], pending: list[Pending]) -> None:
        tag = self.take(8)
        inner = _Reader(self.take(self._number(_MESSAGE)), self._where)
        if tag in _CHAINS:
            height = inner._number(2**31)
            if len(message) != 32 or not inner.done:
                raise self.bad()
            blocks.append(InBlock(_CHAINS[tag], height, message))
        elif tag == _PENDING:
            uri = inner.take(inner._number(_URI))
            if not inner.done or not uri.isascii():
                raise self.bad()
            pending.append(Pending(uri.decode("ascii"), message, (start, self._at)))

    def _number(self, most: int) -> int:
        """Seven bits a byte, the lowest first, the top bit set while more follow."""
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if value > most or shift > 35:
                raise self.bad()
            if not byte & 0x80:
                return value

    def bad(self) -> ReservesError:
        """What is wrong, as the caller raises it."""
        return ReservesError(ErrorCode.FORMAT_SHAPE, say("stamp.bad_file"), self._where)


def _rare(tag: int, message: bytes) -> bytes:
    from Crypto.Hash import RIPEMD160, keccak

    made = RIPEMD160.new(message) if tag == 0x03 else keccak.new(digest_bits=256, data=message)
    found: bytes = made.digest()
    return found


def _sized(data: bytes) -> bytes:
    return bytes([len(data)]) + data
