"""Audits of several currencies from made-up users: written from the formulas, apart from the engine."""

import hashlib
import hmac
import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

CURRENCIES = ("BTC", "eth", "Usdc")


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def keyed(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def short(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass
class Audit:
    roots: dict[str, Any]
    users: list[dict[str, Any]]
    credentials: list[str]

    @property
    def root(self) -> str:
        return self.roots["audit"]["commitment"]["digest"]


def commit(partitions: list[dict[str, Any]]) -> str:
    ordered = sorted(partitions, key=lambda one: one["currency"].upper())
    rows = (f",{one['id']},{one['commitment']['liability']},{one['commitment']['digest']}" for one in ordered)
    return sha("SB PoL - Audit commitment hash" + "".join(rows))


def make(seed: int, users: int, *, oldest: bool = False) -> Audit:
    draw = random.Random(seed)
    audit_id = f"AUDIT{seed}"
    people = [
        {"audit_id": audit_id, "user_id": f"user-{draw.randrange(10**9)}", "liabilities": []} for _ in range(users)
    ]
    credentials = [f"{draw.getrandbits(128):032x}" for _ in range(users)]
    partitions = []
    for currency in CURRENCIES:
        # Every user once, some twice, and one more so that there is always a sibling.
        owners: list[int | None] = [*range(users), *draw.sample(range(users), users // 4), None]
        width = 1
        while width < len(owners):
            width *= 2
        owners += [None] * (width - len(owners))
        draw.shuffle(owners)
        nodes = []
        for index, owner in enumerate(owners):
            amount = "0" if owner is None else draw.choice(["0", "0.10", "12", "0.000000000000000000001", "3.5000"])
            key = f"nobody{index}" if owner is None else credentials[owner]
            nonce = keyed(key, f"SB PoL - Audit nonce derivation,{audit_id}")
            nonce = keyed(nonce, f"SB PoL - Currency Merkle tree nonce derivation,{currency}")
            nonce = keyed(nonce, f"SB PoL - Leaf nonce derivation,{index}")
            user_id = "nobody" if owner is None else people[owner]["user_id"]
            leaf = sha(f"leaf,{nonce},{user_id},{amount}")
            nodes.append((leaf, Decimal(amount)))
            if owner is not None:
                proof = {"leaf_index": index, "nonce": leaf if oldest else nonce, "witnesses": []}
                entry = {"audit_partition_id": f"{audit_id}-{currency}", "liability": amount, "proof": proof}
                people[owner]["liabilities"].append(entry)
        rows = [nodes]
        while len(rows[-1]) > 1:
            below = rows[-1]
            rows.append(
                [
                    (sha(f"inner,{short(lb)},{short(rb)},{lh},{rh}"), lb + rb)
                    for (lh, lb), (rh, rb) in zip(below[::2], below[1::2], strict=True)
                ]
            )
        for person in people:
            for entry in person["liabilities"]:
                if entry["audit_partition_id"].endswith(currency):
                    at = entry["proof"]["leaf_index"]
                    for row in rows[:-1]:
                        digest, amount_there = row[at ^ 1]
                        entry["proof"]["witnesses"].append({"digest": digest, "liability": short(amount_there)})
                        at //= 2
        digest, total = rows[-1][0]
        made = {"liability": short(total), "digest": digest}
        partitions.append({"id": f"{audit_id}-{currency}", "currency": currency, "commitment": made})
    draw.shuffle(partitions)
    audit = {
        "id": audit_id,
        "time": "2026-01-01",
        "commitment": {"digest": commit(partitions)},
        "partitions": partitions,
    }
    return Audit({"audit": audit}, people, credentials)
