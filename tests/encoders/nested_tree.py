"""Nested JSON trees from made-up leaves: written from the formula, apart from the engine."""

import hashlib
import json
import random
from decimal import Decimal
from typing import Any

CLASSES = ("wallet", "staking")
COINS = ("BTC", "ETHé", "DFI")


def inner(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    assets: dict[str, dict[str, str]] = {}
    for node in (left, right):
        for kind, coins in node["assets"].items():
            for coin, text in coins.items():
                before = assets.setdefault(kind, {}).get(coin, "0")
                assets[kind][coin] = format(Decimal(before) + Decimal(text), "f")
    text = json.dumps([assets, left["hash"], right["hash"]], separators=(",", ":"), ensure_ascii=False)
    return {"hash": hashlib.sha1(text.encode()).hexdigest(), "assets": assets, "left": left, "right": right}


def leaf(label: str, assets: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {"hash": label, "assets": assets, "left": None, "right": None}


def make(seed: int, leaves: int, *, chain: bool = False) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The tree, and its leaves in the order they were made."""
    draw = random.Random(seed)
    made = []
    for number in range(leaves):
        assets = {
            kind: {coin: draw.choice(["0", "1.50", "0.00000001", str(draw.randrange(10**9))]) for coin in COINS}
            for kind in draw.sample(CLASSES, draw.randrange(1, 3))
        }
        made.append(leaf(hashlib.sha1(f"{seed} {number}".encode()).hexdigest(), assets))
    waiting = list(made)
    while len(waiting) > 1:
        left = waiting.pop() if chain else waiting.pop(draw.randrange(len(waiting)))
        right = waiting.pop() if chain else waiting.pop(draw.randrange(len(waiting)))
        waiting.append(inner(left, right))
    return {"timeOfSnapshot": "2026-01-01", **waiting[0]}, made
