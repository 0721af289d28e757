"""Large trees in the BitMEX format, written row by row: the small encoder keeps an object per node, these cannot."""

import hashlib
import random
import struct
from dataclasses import dataclass
from pathlib import Path

from tests.encoders.keyed_tree import leaf_digest, nonce_of

HEIGHT, ACCOUNT = 840_000, 4711
ACCOUNT_NONCE = bytes(range(32))
_ROW = struct.Struct("<32sQ")


@dataclass(frozen=True, slots=True)
class LargeTree:
    """A file, its root, and how many leaves it has. The account above owns three of them."""

    path: Path
    root: str
    leaves: int

    def own(self) -> list[str]:
        return ["--user", f"account={ACCOUNT}", "--user", f"account_nonce={ACCOUNT_NONCE.hex()}", "--root", self.root]


def write_tree(path: Path, bits: int, *, wrong_node: int | None = None) -> LargeTree:
    """2^bits leaves. Digests of other people's leaves are random: nobody but them could tell."""
    leaves = 1 << bits
    draw = random.Random(bits)
    own = dict.fromkeys(draw.sample(range(leaves), 3), nonce_of(ACCOUNT_NONCE, HEIGHT, ACCOUNT))
    row = bytearray()
    for index in range(leaves):
        value = draw.randrange(1 << 32)
        digest = leaf_digest(own[index], value, index) if index in own else draw.randbytes(32)
        row += _ROW.pack(digest, value)
    rows = [bytes(row)]
    while len(rows[-1]) > _ROW.size:
        rows.append(_above(rows[-1]))
    rows.reverse()
    number = 0
    with path.open("w", encoding="ascii", newline="\n") as out:
        out.write(f"block_height:{HEIGHT}\n")
        for level in rows:
            lines = []
            for digest, value in _ROW.iter_unpack(level):
                lines.append(f"{(bytes(32) if number == wrong_node else digest).hex()},{value}\n")
                number += 1
            out.write("".join(lines))
    return LargeTree(path, rows[0][:32].hex(), leaves)


def _above(below: bytes) -> bytes:
    """The row above: H( l ‖ value(l) ‖ r ‖ value(r) ) and the sum of both values."""
    above = bytearray()
    for message, left, right in zip(
        struct.iter_unpack("80s", below),
        struct.iter_unpack("<32xQ40x", below),
        struct.iter_unpack("<72xQ", below),
        strict=True,
    ):
        above += _ROW.pack(hashlib.sha256(message[0]).digest(), left[0] + right[0])
    return bytes(above)
