"""Small trees of Pedersen commitments from made-up users; only the group's own operations are the engine's."""

import hashlib
import hmac
import random
from dataclasses import dataclass
from typing import Any

from blake3 import blake3

from reserves_gui.zk.ristretto import BASE, BLINDING_BASE, ORDER, Point

Node = tuple[Point, bytes]


def hashed(*fields: bytes) -> bytes:
    state = blake3()
    for field in fields:
        state.update(field)
        state.update(b";")
    return state.digest()


def hkdf(salt: bytes, key: bytes) -> bytes:
    return hmac.new(hmac.new(salt, key, hashlib.sha256).digest(), b"\x01", hashlib.sha256).digest()


def node(value: int, blinding: int, digest: bytes) -> Node:
    return BASE.times(value) + BLINDING_BASE.times(blinding), digest


def merged(left: Node, right: Node) -> Node:
    return left[0] + right[0], hashed(left[0].encode(), right[0].encode(), left[1], right[1])


@dataclass
class Tree:
    height: int
    rows: list[list[Node]]
    users: dict[str, tuple[int, int, int, bytes, bytes]]
    salts: tuple[bytes, bytes]

    def content(self, node: Node, arrays: bool) -> dict[str, Any]:
        commitment = node[0].encode()
        return {"commitment": list(commitment) if arrays else commitment.hex(), "hash": "0x" + node[1].hex()}

    def proof(self, uid: str, *, arrays: bool = True) -> dict[str, Any]:
        x, liability, blinding, _, _ = self.users[uid]
        raw = blinding.to_bytes(32, "little")
        own = {**self.content(self.rows[0][x], arrays), "liability": liability}
        own["blinding_factor"] = list(raw) if arrays else raw.hex()
        siblings = [
            {"coord": {"y": y, "x": (x >> y) ^ 1}, "content": self.content(self.rows[y][(x >> y) ^ 1], arrays)}
            for y in range(self.height - 1)
        ]
        return {
            "path_siblings": siblings,
            "leaf_node": {"coord": {"y": 0, "x": x}, "content": own},
            "individual_range_proofs": [[1]] * (self.height - self.height // 2),
            "aggregated_range_proof": [1],
            "aggregation_factor": {"Divisor": 2},
            "upper_bound_bit_length": 64,
        }

    @property
    def root(self) -> dict[str, Any]:
        return self.content(self.rows[-1][0], False)

    def args(self, uid: str) -> dict[str, tuple[str, ...]]:
        salt = self.users[uid][4]
        return {"uid": (uid,), "salt": (salt.hex(),), "height": (str(self.height),)}


def make(seed: int, users: int, height: int) -> Tree:
    draw = random.Random(seed)
    salts = draw.randbytes(32), draw.randbytes(32)
    places = draw.sample(range(2 ** (height - 1)), users)
    people = {}
    leaves = []
    owners = {place: f"user{at}" for at, place in enumerate(places)}
    for x in range(2 ** (height - 1)):
        if x in owners:
            key = draw.randbytes(32)
            blinding = int.from_bytes(hkdf(salts[0], key), "little") % ORDER
            salt, value = hkdf(salts[1], key), draw.randrange(2**50)
            people[owners[x]] = (x, value, blinding, key, salt)
            leaves.append(node(value, blinding, hashed(b"leaf", owners[x].encode(), salt)))
        else:
            coord = bytes([0]) + x.to_bytes(8, "little") + bytes(23)
            leaves.append(node(0, draw.randrange(ORDER), hashed(b"pad", coord, draw.randbytes(32))))
    rows = [leaves]
    while len(rows[-1]) > 1:
        rows.append([merged(*rows[-1][at : at + 2]) for at in range(0, len(rows[-1]), 2)])
    return Tree(height, rows, people, salts)
