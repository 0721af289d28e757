"""Flat lists of short leaves: the root rebuilt from all of them, and duplicates found, at a few bytes a leaf.

parent = SHA256( left || right )      raw; an odd last node moves up unchanged; no sorting, no tags
"""

from collections.abc import Iterator
from hashlib import sha256
from struct import Struct

from reserves_gui.progress import Progress

_CHUNK = 8192
# A set of this many whole numbers takes about 200 MB; longer lists are looked at in several rounds.
_SET_ENTRIES = 2**21


def rebuild_root(leaves: bytes | bytearray, width: int, progress: Progress) -> bytes | None:
    """The root over leaves of ``width`` bytes each, one after the other; None for an empty list.

    Memory: one level at a time, 32 bytes a node.
    """
    level, size = bytes(leaves), width
    # A node that moved up is shorter than its new neighbours, so it is kept apart from the even rows.
    tail: bytes | None = None
    while len(level) > size or (tail is not None and level):
        count = len(level) // size
        even = level[: count // 2 * 2 * size]
        last = level[len(even) :]
        parts = [b"".join(part) for part in _hashed(even, 2 * size, progress)]
        if last and tail is not None:
            parts.append(sha256(last + tail).digest())
            tail = None
        elif last:
            tail = last
        level, size = b"".join(parts), 32
    return level or tail


def _hashed(messages: bytes, width: int, progress: Progress) -> Iterator[list[bytes]]:
    unpack = Struct(f"{width}s").iter_unpack
    for start in range(0, len(messages), _CHUNK * width):
        yield [sha256(message).digest() for (message,) in unpack(messages[start : start + _CHUNK * width])]
        progress.checkpoint()


def repeated(leaves: bytes | bytearray, width: int, progress: Progress) -> list[bytes]:
    """Leaves that stand more than once, each named once, at most 20 of them."""
    count = len(leaves) // width
    rounds = max(1, -(-count // _SET_ENTRIES))
    unpack = Struct(f"{width}s").iter_unpack
    found: dict[bytes, None] = {}
    for turn in range(rounds):
        seen: set[bytes] = set()
        for start in range(0, len(leaves), _CHUNK * width):
            for (leaf,) in unpack(leaves[start : start + _CHUNK * width]):
                # Leaves are digests: their last byte spreads them evenly over the rounds.
                if rounds > 1 and int.from_bytes(leaf[-2:], "big") % rounds != turn:
                    continue
                if leaf in seen:
                    found[leaf] = None
                seen.add(leaf)
            progress.checkpoint()
            if len(found) >= 20:
                return list(found)[:20]
    return list(found)


def repeats_its_tail(leaves: bytes | bytearray, width: int) -> bool:
    """Whether the last 2^k leaves repeat the 2^k before them for some k.

    Where an odd level repeats its last node, such a list has the root of a shorter one (CVE-2012-2459).
    """
    size = width
    while 2 * size <= len(leaves):
        if leaves[-size:] == leaves[-2 * size : -size]:
            return True
        size *= 2
    return False
