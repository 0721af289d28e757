"""Blocks of node lines ``<64 hex>,<whole number>`` as vectors: parsing, pair hashing and own-leaf scanning.

Formulas (ePrint 2018/1139 with the children hashed one by one):

    node digest = SHA256( digest(left)[32] || LE64(value(left)) || digest(right)[32] || LE64(value(right)) )
    leaf digest = HMAC-SHA256( key, LE64(value) || LE64(leaf index) )

A row is 40 bytes, digest and little-endian value, so that two neighbours are the 80-byte message. Everything here works
on a whole block and answers only "all good" or "look line by line"; single lines are looked at by ``tree.py``.
"""

import re
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from operator import add
from struct import Struct
from typing import Protocol

VALUE_LIMIT = 1 << 64
_VALUE_CHARS = 20

LINE = re.compile(rb"([0-9a-f]{64}),(0|-?[1-9][0-9]{0,19})")
_ALPHABET = b"0123456789abcdef,\n"
_EIGHTIES = Struct("80s").iter_unpack
_SIXTEENS = Struct("16s").iter_unpack
_DIGESTS = Struct("32s").iter_unpack
_PAIR = Struct("<32sQ32sQ").pack
_LEAF = Struct("<QQ").pack
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


@dataclass(frozen=True, slots=True, repr=False)
class LeafKey:
    """An HMAC-SHA256 key of 32 bytes as its two padded blocks of 64 bytes. A secret: it has no representation."""

    inner: bytes
    outer: bytes

    @classmethod
    def of(cls, key: bytes) -> "LeafKey":
        """The two blocks of ``key`` (at most 64 bytes)."""
        block = key.ljust(64, b"\0")
        return cls(block.translate(_INNER), block.translate(_OUTER))

    def leaf(self, value: int, index: int) -> bytes:
        """The leaf digest of ``value`` (units, below 2^64) at leaf ``index``."""
        message = _LEAF(value, index)
        return sha256(self.outer + sha256(self.inner + message).digest()).digest()


@dataclass(frozen=True, slots=True)
class Rows:
    """A block of lines in canonical form: 32-byte digests one after the other, and the values."""

    digests: bytes
    values: list[int]

    def part(self, start: int, end: int) -> "Rows":
        """The rows from ``start`` up to ``end``."""
        return Rows(self.digests[32 * start : 32 * end], self.values[start:end])


def parse_rows(block: bytes) -> Rows | None:
    """The rows of a block of whole lines, or None if any line is not canonical or has a value outside 0 … 2^64-1.

    Why this is the line grammar: only its characters occur; cutting at commas and after line ends gives the fields in
    alternation; every first field is 64 characters and together they give 32 bytes each, so none holds a line end;
    as many line ends as lines therefore stand at the ends of the second fields, one each.
    """
    count = block.count(b"\n")
    if block.translate(None, _ALPHABET):
        return None
    fields = block.replace(b"\n", b"\n,").decode("ascii").split(",")
    hashes, texts = fields[0:-1:2], fields[1::2]
    if len(fields) != 2 * count + 1 or fields[-1] or set(map(len, hashes)) != {64}:
        return None
    if max(map(len, texts)) > _VALUE_CHARS + 1 or _leading_zero(texts):
        return None
    try:
        digests = bytes.fromhex("".join(hashes))
        values = list(map(int, texts))
    except ValueError:
        return None
    if len(digests) != 32 * count or max(values) >= VALUE_LIMIT:
        return None
    return Rows(digests, values)


def _leading_zero(texts: list[str]) -> bool:
    # "0" and its line end sorts before every other text with a leading zero.
    return min(texts) < "1" and any(text < "1" and text != "0\n" for text in texts)


class Kernel(Protocol):
    """The two costly steps, over whole blocks. Every kernel gives the same answers.

    ``block_bytes`` is the size of blocks it works on best, small enough for 20 ms of work at two keys.
    """

    block_bytes: int

    def parents(self, rows: Rows) -> bytes | None:
        """The parents' lines that ``rows`` (an even number) call for; None if a sum reaches 2^64."""
        ...

    def own(self, rows: Rows, first: int, keys: Sequence[LeafKey]) -> list[tuple[int, int]]:
        """The own leaves among ``rows``, leaf indexes from ``first`` on, as (key number, offset in rows)."""
        ...


def little_endian(words: array) -> array:  # type: ignore[type-arg]
    """``words`` so that their bytes are little-endian on every machine."""
    if sys.byteorder == "big":
        words.byteswap()
    return words


def pair_messages(rows: Rows) -> bytes:
    """The 80-byte messages of neighbouring pairs, one after the other."""
    digests = array("Q", rows.digests)
    packed = array("Q", bytes(40 * len(rows.values)))
    for word in range(4):
        packed[word::5] = digests[word::4]
    packed[4::5] = little_endian(array("Q", rows.values))
    return packed.tobytes()


def leaf_messages(values: list[int], first: int) -> bytes:
    """The 16-byte messages ``LE64(value) || LE64(leaf index)``, one after the other."""
    packed = array("Q", bytes(16 * len(values)))
    packed[0::2] = array("Q", values)
    packed[1::2] = array("Q", range(first, first + len(values)))
    return little_endian(packed).tobytes()


def pair_sums(values: list[int]) -> list[int] | None:
    """Sums of neighbours; None if one reaches 2^64 (the carry test: Python integers do not wrap)."""
    sums = list(map(add, values[0::2], values[1::2]))
    return sums if max(sums) < VALUE_LIMIT else None


class StandardKernel:
    """The kernel of the standard library: one tight loop per step, no object per node."""

    block_bytes = 96 * 1024

    def parents(self, rows: Rows) -> bytes | None:
        """See :class:`Kernel`."""
        sums = pair_sums(rows.values)
        if sums is None:
            return None
        digests = [sha256(message).hexdigest() for (message,) in _EIGHTIES(pair_messages(rows))]
        text = ("%s,%d\n" * len(sums)) % tuple(chain.from_iterable(zip(digests, sums, strict=True)))
        return text.encode("ascii")

    def own(self, rows: Rows, first: int, keys: Sequence[LeafKey]) -> list[tuple[int, int]]:
        """See :class:`Kernel`."""
        messages = leaf_messages(rows.values, first)
        found: list[tuple[int, int]] = []
        for number, key in enumerate(keys):
            inner, outer = key.inner, key.outer
            hits = [
                sha256(outer + sha256(inner + message).digest()).digest() == digest
                for (message,), (digest,) in zip(_SIXTEENS(messages), _DIGESTS(rows.digests), strict=True)
            ]
            if True in hits:
                found.extend((number, offset) for offset, hit in enumerate(hits) if hit)
        return found


def pair_digest(left: tuple[bytes, int], right: tuple[bytes, int]) -> bytes:
    """The digest of one pair of (digest, value in 0 … 2^64-1)."""
    return sha256(_PAIR(left[0], left[1], right[0], right[1])).digest()
