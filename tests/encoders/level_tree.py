"""Writes the OKX tree of 2022 and users' files: plain, slow, and apart from the engine."""

import hashlib
import json
import random
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal

COINS = ("BTC", "ETH", "USDT")


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def short(value: Decimal) -> str:
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def amounts_text(texts: list[str]) -> str:
    return "{" + ",".join(f'"{coin}":"{text}"' for coin, text in zip(COINS, texts, strict=True)) + "}"


@dataclass
class Node:
    hash: str
    values: list[Decimal]

    def texts(self) -> list[str]:
        return [short(value) for value in self.values]


@dataclass
class LevelTree:
    levels: list[list[Node]] = field(default_factory=list)
    users: list[dict[str, object]] = field(default_factory=list)
    reverse: bool = True

    @property
    def root(self) -> str:
        return self.levels[0][0].hash

    def lines(self) -> list[str]:
        lines = []
        for at, level in enumerate(self.levels):
            height = len(self.levels) - at
            shown = reversed(level) if self.reverse else level
            lines += [f"{node.hash},{height},{amounts_text(node.texts())}" for node in shown]
        return lines

    def text(self) -> bytes:
        return ("\n".join(self.lines()) + "\n").encode()


def parent(left: Node, right: Node, height: int) -> Node:
    sums = [
        (one + other).quantize(Decimal("1e-8"), rounding=ROUND_DOWN)
        for one, other in zip(left.values, right.values, strict=True)
    ]
    return Node(sha(left.hash + right.hash + "".join(map(short, sums)) + str(height)), sums)


def build(leaves: list[Node], *, reverse: bool) -> LevelTree:
    tree = LevelTree(reverse=reverse)
    level, height = leaves, 1
    while True:
        real = list(level)
        if len(real) > 1 and len(real) % 2:
            level = [*level, Node(level[-1].hash, [Decimal(0)] * 3)]
        tree.levels.insert(0, level)
        if len(real) == 1:
            return tree
        height += 1
        level = [parent(level[2 * at], level[2 * at + 1], height) for at in range(len(level) // 2)]


def make(seed: int, users: int, *, reverse: bool = True) -> LevelTree:
    draw = random.Random(seed)
    leaves: list[Node] = []
    files = []
    for _ in range(users):
        nonce = draw.randbytes(32).hex()
        pieces = [
            [
                Decimal(draw.randrange(10 ** draw.randrange(1, 14))).scaleb(-8) if draw.random() < 0.7 else Decimal(0)
                for _ in COINS
            ]
            for _ in range(draw.randrange(1, 4))
        ]
        totals = [short(sum((piece[at] for piece in pieces), Decimal(0))) for at in range(3)]
        user_hash = sha(nonce + amounts_text(totals))
        nodes = []
        for piece in pieces:
            texts = [short(value) for value in piece]
            leaf = Node(sha(user_hash + "".join(texts)), piece)
            if any(leaf.hash == one["hash"] for one in nodes):
                continue
            leaves.append(leaf)
            nodes.append({"balances": dict(zip(COINS, texts, strict=True)), "hash": leaf.hash})
        if len(nodes) != len(pieces):
            leaves = leaves[: -len(nodes)]
            continue
        files.append(
            {"hash": user_hash, "nonce": nonce, "nodes": nodes, "totalBalances": dict(zip(COINS, totals, strict=True))}
        )
    draw.shuffle(leaves)
    tree = build(leaves, reverse=reverse)
    tree.users = files
    return tree


def user_file(user: dict[str, object]) -> bytes:
    return json.dumps(user, indent=1).encode()
