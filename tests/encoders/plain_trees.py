"""Honest trees of hashes of every published kind: from users to one file or form each."""

import base64
import hashlib
import hmac
from random import Random
from typing import Any

from tests.encoders.sum_trees import amount, hexes, sha
from tests.encoders.writing import Published


def raw(left: str, right: str) -> str:
    return hashlib.sha256(bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def text(left: str, right: str) -> str:
    return hashlib.sha256((left + right).encode()).hexdigest()


def carried(leaves: list[str], node) -> list[list[str]]:
    """Levels of a tree in which an odd last node is carried up unchanged."""
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        above = [node(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
        levels.append([*above, *([below[-1]] if len(below) % 2 else [])])
    return levels


def doubled(leaves: list[str], node) -> list[list[str]]:
    """Levels of a tree in which an odd last node is paired with itself."""
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = [*levels[-1], *([levels[-1][-1]] if len(levels[-1]) % 2 else [])]
        levels.append([node(below[i], below[i + 1]) for i in range(0, len(below), 2)])
    return levels


def steps(levels: list[list[str]], index: int, *, doubling: bool = False):
    """(sibling, sibling is left, height) from the leaf up; carried nodes have no step."""
    for height, level in enumerate(levels[:-1]):
        other = index ^ 1
        if other < len(level) or doubling:
            yield level[min(other, len(level) - 1)], other < index, height
        index //= 2


def form(format_id: str, **fields: Any) -> dict[str, Any]:
    return {"schema": "reserves/form/1", "format": format_id, "fields": fields}


def trimmed(value) -> str:
    shown = value.strip()
    return "0.0" if shown == "0" else shown


def bingx(random: Random, users: int) -> Published:
    coins = ("BTC", "ETH", "USDT", "USDC")
    uids = [str(random.randrange(10**7, 10**8)) for _ in range(users)]
    held = [{coin: amount(random) for coin in coins} for _ in range(users)]
    totals = [amount(random) for _ in range(users)]
    leaves = [
        sha(f"{sha(uid)},{','.join(f'{c}:{trimmed(v)}' for c, v in each.items())},Total:{trimmed(total)}")
        for uid, each, total in zip(uids, held, totals, strict=True)
    ]
    levels = carried(leaves, text)
    proofs = [
        form(
            "bingx-merkle",
            uid=uids[user],
            assets=[[coin, value.plain()] for coin, value in held[user].items()],
            total=totals[user].plain(),
            path=",".join(f"{'l' if left else 'r'}:{other}" for other, left, _ in steps(levels, user)),
            root=levels[-1][0],
        )
        for user in range(users)
    ]
    return Published(levels[-1][0], proofs)


def pionex(random: Random, users: int) -> Published:
    coins = ("USDC", "XRP", "DOGE", "SOL")
    full = 1 << max(users - 1, 0).bit_length()
    held = [{coin: amount(random) for coin in coins} for _ in range(full)]
    ids = [("p1", str(random.randrange(10**6, 10**7)), hexes(random, 32)) for _ in range(full)]
    totals = [amount(random) for _ in range(full)]
    leaves = []
    for (proof, user, nonce), each, total in zip(ids, held, totals, strict=True):
        record = hmac.new(nonce.encode(), f"{proof},{user}".encode(), "sha256").hexdigest()
        leaves.append(sha(f"{record},{','.join(f'{c}:{each[c].plain()}' for c in sorted(each))},Total:{total.plain()}"))
    levels = doubled(leaves, raw)
    proofs = []
    for user in range(full):
        parts = []
        for other, left, height in steps(levels, user):
            index = (full + user >> height) ^ 1
            assert (index % 2 == 0) == left
            parts.append(f"{index}:{other}")
        random.shuffle(parts)
        proof_id, user_id, nonce = ids[user]
        assets = [[coin, value.plain()] for coin, value in held[user].items()]
        proofs.append(
            form(
                "pionex-merkle",
                proof_id=proof_id,
                user_id=user_id,
                nonce=nonce,
                assets=assets,
                total=totals[user].plain(),
                path=",".join(parts),
                root=levels[-1][0],
            )
        )
    return Published(levels[-1][0], proofs)


def topone(random: Random, users: int) -> Published:
    uids = [f"user{random.randrange(10**6)}" for _ in range(users)]
    held = [amount(random) for _ in range(users)]
    levels = carried([sha(f"{sha(uid)},USDT:{trimmed(v)}") for uid, v in zip(uids, held, strict=True)], raw)
    proofs = [
        form(
            "topone-merkle",
            uid=uids[user],
            usdt=held[user].plain(),
            path=",".join(f"{0 if left else 1}{other}" for other, left, _ in steps(levels, user)),
            root=levels[-1][0],
        )
        for user in range(users)
    ]
    return Published(levels[-1][0], proofs)


def flipster(random: Random, users: int) -> Published:
    held = []
    for _ in range(users):
        coins = random.sample(("BTC", "ETH", "XRP", "DOGE", "SOL"), random.randrange(1, 5))
        held.append({coin: amount(random) for coin in coins})
    levels = doubled([sha("|" + "|".join(f"{c}:{v.plain()}" for c, v in each.items())) for each in held], raw)
    proofs = [
        {
            "leaf_index": user,
            "assets": [{"currency": coin, "balance": value.plain()} for coin, value in held[user].items()],
            "root": levels[-1][0],
            "proofs": [base64.b64encode(bytes.fromhex(o)).decode() for o, _, _ in steps(levels, user, doubling=True)],
        }
        for user in range(users)
    ]
    return Published(levels[-1][0], proofs)


def bitbase(random: Random, users: int) -> Published:
    coins = ("BTC", "ETH", "USDT", "USDC")
    held = [{coin: amount(random).plain() for coin in coins} for _ in range(users)]
    records = [hexes(random) for _ in range(users)]
    payloads = [
        f"POR_V1|auditId=20261001000000|recordId={record}|" + "|".join(f"{c}={each[c]}" for c in coins)
        for record, each in zip(records, held, strict=True)
    ]
    levels = carried([sha(payload) for payload in payloads], text)
    proofs = [
        {
            "version": "POR_V1",
            "auditId": 20261001000000,
            "period": "2026-10",
            "snapshotTime": 1790812800000,
            "recordId": records[user],
            "balances": held[user],
            "leafPayload": payloads[user],
            "leafHash": levels[0][user],
            "rootHash": levels[-1][0],
            "proof": [{"position": "LEFT" if left else "RIGHT", "hash": o} for o, left, _ in steps(levels, user)],
        }
        for user in range(users)
    ]
    return Published(levels[-1][0], proofs)


def bifinance(random: Random, users: int) -> Published:
    levels = doubled([hexes(random) for _ in range(users)], raw)
    depth = len(levels) - 1
    proofs = []
    for user in range(users):
        path, index = [], user
        for height, level in enumerate(levels[:-1]):
            pair = [(index - index % 2, 1), (index - index % 2 + 1, 2)]
            parent = levels[height + 1][index // 2]
            for place, role in pair:
                if place < len(level):
                    path.append(
                        {
                            "auditId": "Au1",
                            "balances": {},
                            "level": depth - height,
                            "merkelLeaf": level[place],
                            "role": role,
                            "parentMerkelLeaf": parent,
                        }
                    )
            index //= 2
        own = next(each for each in path if each["level"] == depth and each["role"] == user % 2 + 1)
        root = {
            "auditId": "Au1",
            "balances": {},
            "level": 0,
            "merkelLeaf": levels[-1][0],
            "role": 3,
            "parentMerkelLeaf": "",
        }
        if random.random() < 0.5 and len(path) > 1:
            path.remove(own)
        shown = {**own, "balances": {"BTC": "1.5"}, "nonce": "n", "encryptUid": "u"}
        proofs.append({"path": [*path, root], "self": shown})
    return Published(levels[-1][0], proofs)


def records(random: Random, users: int) -> list[str]:
    return [
        f"{hexes(random)}{hexes(random, 8)}PR31OCT26BTC={amount(random, 4).plain()}|USDT={amount(random, 4).plain()}"
        for _ in range(users)
    ]


def mazars(random: Random, users: int) -> Published:
    texts = records(random, users)
    levels = carried([sha(record) for record in texts], raw)
    proofs = [
        form(
            "mazars-merkle",
            record=texts[user],
            leaf=levels[0][user],
            path=[{"left" if left else "right": other} for other, left, _ in steps(levels, user)],
            root=levels[-1][0],
        )
        for user in range(users)
    ]
    return Published(levels[-1][0], proofs)


def level_files(texts: list[str]) -> tuple[str, list[bytes]]:
    """The published level files of a tree over these records, and its root."""
    levels = carried([sha(record) for record in texts], raw)
    files = []
    for number, below in enumerate(levels[:-1], 1):
        rows = [
            f"{raw(below[i], below[i + 1])},{number},{below[i]},{below[i + 1]}\n" for i in range(0, len(below) - 1, 2)
        ]
        files.append("".join(rows).encode())
    return levels[-1][0], files


def merkletools(random: Random, users: int) -> Published:
    levels = carried([sha(str(user)) for user in range(users)], raw)
    proofs = [
        {
            "targetHash": levels[0][user],
            "merkleRoot": levels[-1][0],
            "proof": [{"left" if left else "right": other} for other, left, _ in steps(levels, user)],
        }
        for user in range(users)
    ]
    return Published(levels[-1][0], proofs)


ENCODERS = {
    "bingx-merkle": bingx,
    "pionex-merkle": pionex,
    "topone-merkle": topone,
    "flipster-merkle": flipster,
    "bitbase-merkle": bitbase,
    "bifinance-merkle": bifinance,
    "mazars-merkle": mazars,
    "merkletools-proof": merkletools,
}
