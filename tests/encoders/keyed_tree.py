"""Writes trees in the BitMEX and River file format from made-up accounts: plain, slow, and apart from the engine."""

import base64
import hashlib
import hmac
import random
import struct
from dataclasses import dataclass, field


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def u64(value: int) -> bytes:
    return struct.pack("<Q", value)


def nonce_of(account_nonce: bytes, height: int, account: int) -> bytes:
    return sha(account_nonce + u64(height) + u64(account))


def leaf_digest(key: bytes, value: int, index: int) -> bytes:
    return hmac.new(key, u64(value) + u64(index), hashlib.sha256).digest()


def parent(left: tuple[bytes, int], right: tuple[bytes, int]) -> tuple[bytes, int]:
    return sha(left[0] + u64(left[1]) + right[0] + u64(right[1])), left[1] + right[1]


@dataclass
class User:
    account: int
    account_nonce: bytes
    balance: int
    uid: str = ""
    email: str = ""
    key: bytes = b""

    def args(self) -> dict[str, tuple[str, ...]]:
        if self.uid:
            return {"uid": (self.uid,), "email": (self.email,), "key": (self.key.hex(),)}
        return {"account": (str(self.account),), "account_nonce": (self.account_nonce.hex(),)}


@dataclass
class Tree:
    height: int
    rows: list[list[tuple[bytes, int]]]
    users: list[User] = field(default_factory=list)
    owners: list[int | None] = field(default_factory=list)

    @property
    def root(self) -> str:
        return self.rows[0][0][0].hex()

    @property
    def lines(self) -> list[str]:
        nodes = [node for row in self.rows for node in row]
        return [f"block_height:{self.height}", *(f"{digest.hex()},{value}" for digest, value in nodes)]

    def text(self) -> bytes:
        return ("\n".join(self.lines) + "\n").encode()

    def rehash(self) -> None:
        for level in range(len(self.rows) - 2, -1, -1):
            below = self.rows[level + 1]
            self.rows[level] = [parent(below[2 * at], below[2 * at + 1]) for at in range(len(below) // 2)]

    def proof_line(self, leaf: int) -> str:
        fields = [str(leaf), str(self.height), str(self.rows[-1][leaf][1])]
        at = leaf
        for row in reversed(self.rows[1:]):
            digest, value = row[at ^ 1]
            fields += [digest.hex(), str(value)]
            at //= 2
        return ",".join(fields)


def river_user(number: int, email: str, key: bytes, balance: int) -> User:
    raw = number.to_bytes((number.bit_length() + 7) // 8 or 1, "big")
    uid = base64.b32encode(raw).decode().rstrip("=")
    return User(number, sha(key + email.encode() + u64(number)), balance, uid, email, key)


def make(seed: int, users: int, *, river: bool = False, height: int = 700_000, padding: int = 0) -> Tree:
    """A tree of ``users`` made-up users, each split over two to four leaves, filled up with leaves of the last one."""
    draw = random.Random(seed)
    people: list[User] = []
    pieces: list[tuple[int | None, int]] = []
    for number in range(users):
        account, secret = draw.randrange(1, 2**63), draw.randbytes(32)
        balance = draw.randrange(0, 10 ** draw.randrange(1, 14))
        if river:
            people.append(river_user(account, f"User{number}@example.org", secret, balance))
        else:
            people.append(User(account, secret, balance))
        left = balance
        for _ in range(draw.randrange(1, 4)):
            piece = draw.randrange(0, left + 1)
            pieces.append((number, piece))
            left -= piece
        pieces.append((number, left))
    pieces += [(None, 0)] * padding
    while len(pieces) & (len(pieces) - 1):
        pieces.append((None, 0) if river else (users - 1, 0))
    draw.shuffle(pieces)
    leaves = []
    for index, (owner, value) in enumerate(pieces):
        account_nonce, account = (
            (bytes(32), 0) if owner is None else (people[owner].account_nonce, people[owner].account)
        )
        leaves.append((leaf_digest(nonce_of(account_nonce, height, account), value, index), value))
    tree = Tree(height, [leaves], people, [owner for owner, _ in pieces])
    while len(tree.rows[0]) > 1:
        below = tree.rows[0]
        tree.rows.insert(0, [parent(below[2 * at], below[2 * at + 1]) for at in range(len(below) // 2)])
    return tree
