"""Trees of the format with COIN:AMOUNT|… balances from made-up users: written from the formulas, apart from the engine."""

import hashlib
import json
import random
from dataclasses import dataclass
from decimal import Decimal

COINS = ("USDT", "BTC", "ARS")
Node = tuple[str, dict[str, Decimal]]
AUDIT = "audit-1"


def text(balances: dict[str, Decimal]) -> str:
    return "|".join(f"{coin}:{balances[coin]:.8f}" for coin in sorted(balances) if balances[coin])


def parent(left: Node, right: Node) -> Node:
    data = b"".join(bytes.fromhex(one) + text(held).encode() for one, held in (left, right))
    coins = {*left[1], *right[1]}
    return hashlib.sha256(data).hexdigest(), {
        coin: left[1].get(coin, Decimal(0)) + right[1].get(coin, Decimal(0)) for coin in coins
    }


@dataclass
class Tree:
    rows: list[list[Node]]
    places: dict[str, int]

    def rehash(self) -> None:
        for level in range(len(self.rows) - 2, -1, -1):
            below = self.rows[level + 1]
            self.rows[level] = [parent(below[2 * at], below[2 * at + 1]) for at in range(len(below) // 2)]

    @property
    def root(self) -> str:
        return self.rows[0][0][0]

    def root_file(self, algorithm: str = "sha256") -> bytes:
        digest, held = self.rows[0][0]
        stated = {"root_hash": digest, "root_balances": text(held), "hash_algorithm": algorithm}
        return json.dumps(stated).encode()

    def tree_file(self) -> bytes:
        return "".join(f"{digest},{text(held)}\n" for row in self.rows for digest, held in row).encode()

    def proof(self, uid: str, prefix: str = "") -> str:
        at, steps = self.places[uid], []
        for row in reversed(self.rows[1:]):
            digest, held = row[at ^ 1]
            steps.append(f"{{{prefix}{'LEFT' if at % 2 else 'RIGHT'},{digest},{text(held)}}}")
            at //= 2
        return f"[{','.join(steps)}]"

    def balances(self, uid: str) -> dict[str, Decimal]:
        return self.rows[-1][self.places[uid]][1]

    def user_file(self, uid: str, prefix: str = "") -> bytes:
        held = "|".join(f"{coin}:{amount:.8f}" for coin, amount in sorted(self.balances(uid).items()))
        return f'id,balances,proof,audit_id\n{uid},{held},"{self.proof(uid, prefix)}",{AUDIT}\n'.encode()


def make(seed: int, users: int) -> Tree:
    draw = random.Random(seed)
    ids = [f"user-{seed}-{at}" for at in range(users)]
    width = 2
    while width < users:
        width *= 2
    owners: list[str | None] = [*ids, *[None] * (width - users)]
    draw.shuffle(owners)
    leaves: list[Node] = []
    for owner in owners:
        if owner is None:
            leaves.append(("00" * 32, {}))
            continue
        held = {coin: Decimal(draw.choice([0, 1, draw.randrange(10**14)])).scaleb(-8) for coin in COINS}
        leaves.append((hashlib.sha256((AUDIT + owner).encode()).hexdigest(), held))
    rows = [[*leaves]]
    while len(rows[0]) > 1:
        rows.insert(0, [parent(*rows[0][at : at + 2]) for at in range(0, len(rows[0]), 2)])
    return Tree(rows, {owner: at for at, owner in enumerate(owners) if owner is not None})
