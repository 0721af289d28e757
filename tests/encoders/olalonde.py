"""Trees of the early tool from made-up users: written from the formulas, apart from the engine."""

import hashlib
import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def short(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass
class Tree:
    nodes: list[dict[str, str]]

    @property
    def root(self) -> dict[str, Any]:
        first = self.nodes[0]
        return {"root": {"sum": first["sum"], "hash": first["hash"]}, "currency": "XBT", "timestamp": 1}

    @property
    def complete(self) -> list[dict[str, Any]]:
        return [{"index": at, "data": node} for at, node in enumerate(self.nodes)]

    @property
    def users(self) -> list[str]:
        return [node["user"] for node in self.nodes if "user" in node]

    def partial(self, user: str) -> dict[str, Any]:
        at = next(number for number, node in enumerate(self.nodes) if node.get("user") == user)
        node: dict[str, Any] = {"data": {key: self.nodes[at][key] for key in ("user", "sum", "nonce")}}
        while at:
            other = at + 1 if at % 2 else at - 1
            sibling = {"data": {key: self.nodes[other][key] for key in ("sum", "hash")}}
            node = {"left": node, "right": sibling} if at % 2 else {"left": sibling, "right": node}
            at = (at - 1) // 2
        return {"id": "2026-01-01", "partial_tree": node}


def make(seed: int, users: int) -> Tree:
    draw = random.Random(seed)
    leaves = []
    for number in range(users):
        amount = short(Decimal(draw.randrange(10**12)).scaleb(-draw.randrange(9)))
        nonce = f"{draw.getrandbits(128):032x}"
        user = f"user{number}@example.org"
        leaves.append({"user": user, "sum": amount, "nonce": nonce, "hash": sha(f"{user}|{amount}|{nonce}")})
    draw.shuffle(leaves)
    nodes: list[dict[str, str]] = [{} for _ in range(users - 1)] + leaves
    for at in reversed(range(users - 1)):
        left, right = nodes[2 * at + 1], nodes[2 * at + 2]
        total = short(Decimal(left["sum"]) + Decimal(right["sum"]))
        nodes[at] = {"sum": total, "hash": sha(f"{total}|{left['hash']}|{right['hash']}")}
    return Tree(nodes)
