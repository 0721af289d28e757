"""Honest sum trees of every published kind: from users to one proof file each.

Every function takes a random generator and a number of users and gives a :class:`Published`. Levels are lists of
(hash, {coin: Num}); ``None`` for the sibling of a last node without partner.
"""

import hashlib
import string
from random import Random
from typing import Any

from tests.encoders.java import HashMapByTheBook, big_decimal_text
from tests.encoders.numbers import ZERO, Num
from tests.encoders.writing import Bare, Published

Node = tuple[str, dict[str, Num]]


def sha(text: str, digits: int = 64) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def hexes(random: Random, digits: int = 64) -> str:
    return "".join(random.choice("0123456789abcdef") for _ in range(digits))


def amount(random: Random, decimals: int = 8) -> Num:
    if random.random() < 0.2:
        return Num(0, decimals)
    return Num(random.randrange(10 ** random.randrange(1, 16)), decimals)


def levels_of(leaves: list[Node], combine) -> list[list[Node]]:
    """All levels, leaves first. ``combine(left, right or None, height)``, height 1 for the leaves' parents."""
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = [(below[i], below[i + 1] if i + 1 < len(below) else None) for i in range(0, len(below), 2)]
        levels.append([combine(left, right, len(levels)) for left, right in pairs])
    return levels


def siblings(levels: list[list[Node]], index: int):
    """(own node, sibling or None, own is left) from the leaf up."""
    for level in levels[:-1]:
        other = index ^ 1
        yield level[index], (level[other] if other < len(level) else None), index % 2 == 0
        index //= 2


def merged(left: dict[str, Num], right: dict[str, Num], coins) -> dict[str, Num]:
    return {
        coin: left[coin] + right[coin] if coin in left and coin in right else left.get(coin, right.get(coin, ZERO))
        for coin in coins
    }


# ---- joined sums: the first two publishers -------------------------------------------------------------------------


def okx(random: Random, users: int) -> Published:
    coins = ("BTC", "ETH", "USDT")

    def quoted(sums):
        return "{" + ",".join(f'"{coin}":"{sums[coin].strip()}"' for coin in coins) + "}"

    def combine(left, right, height):
        right = right or (left[0], dict.fromkeys(coins, ZERO))
        sums = {coin: (left[1][coin] + right[1][coin]).cut(8) for coin in coins}
        return sha(left[0] + right[0] + "".join(sums[c].strip() for c in coins) + str(height + 1)), sums

    nonces = [hexes(random) for _ in range(users)]
    held = [{coin: amount(random) for coin in coins} for _ in range(users)]
    levels = levels_of([(sha(n + quoted(h)), h) for n, h in zip(nonces, held, strict=True)], combine)
    return _typed(levels, nonces, "balances", lambda sums: {c: sums[c].strip() for c in coins}, None)


BYBIT_V0 = {"BTC": 8, "ETH": 8, "USDT": 4, "USDC": 4}


def bybit(random: Random, users: int, coins: dict[str, int] | None = None) -> Published:
    coins = coins or BYBIT_V0

    def joined(sums):
        return "".join(sums[coin].cut(places).plain() for coin, places in coins.items())

    def combine(left, right, height):
        right = right or (left[0], dict.fromkeys(coins, ZERO))
        sums = {coin: (left[1][coin] + right[1][coin]).cut(places) for coin, places in coins.items()}
        return sha(left[0] + right[0] + joined(sums) + str(height + 1)), sums

    ids = [hexes(random) for _ in range(users)]
    held = [{coin: amount(random, places) for coin, places in coins.items()} for _ in range(users)]
    levels = levels_of([(sha(n + joined(h)), h) for n, h in zip(ids, held, strict=True)], combine)
    shown = list(coins)
    random.shuffle(shown)
    return _typed(levels, [None] * users, "balance", lambda s: {c: s[c].cut(coins[c]).plain() for c in shown}, ids)


def _typed(levels, nonces, key, text, hashes) -> Published:
    root, totals = levels[-1][0]
    top = len(levels)
    proofs = []
    for user in range(len(levels[0])):
        path: list[dict[str, Any]] = []
        for height, (own, other, own_left) in enumerate(siblings(levels, user), 1):
            kind = 2 if own_left else 1
            shown = other
            if other is None:
                shown, kind = (own[0], dict.fromkeys(own[1], ZERO)), 4
            entry = {"auditId": "A1", key: text(shown[1]), "type": kind, "hash": shown[0], "height": height}
            if height == 1 and other is not None and nonces[user] is not None:
                entry["nonce"] = nonces[user ^ 1]
            path.append(entry)
        path.append({"auditId": "A1", key: text(totals), "type": 3, "hash": root, "height": top})
        leaf, held = levels[0][user]
        own = {"auditId": "A1", key: text(held), "type": 2 - (user + 1) % 2, "hash": leaf, "height": 1}
        own["nonce"] = nonces[user] if nonces[user] is not None else "11111111-2222-4333-8444-555555555555"
        if hashes is not None:
            own["userHash"] = hashes[user]
        proofs.append({"self": own, "path": path})
    return Published(root, proofs, {coin: value.strip() for coin, value in totals.items()})


# ---- levels counted down, coins as a Java map iterates ---------------------------------------------------------------

COINS = ("BTC", "ETH", "USDT", "USDC", "SOL", "XRP", "DOGE", "BNB", "TRX", "ADA", "DOT", "LTC", "LINK", "AVAX")


def _map_order(left: dict[str, Num], right: dict[str, Num] | None = None) -> list[str]:
    keys = list(HashMapByTheBook(left)) if right is not None else list(left)
    return list(HashMapByTheBook([*keys, *(HashMapByTheBook(right) if right is not None else ())]))


def _counted_down(
    random,
    users,
    *,
    digits,
    text,
    form,
    write,
    hash_key,
    side_key,
    level_key,
    coins,
    ids_of_siblings,
    audit,
    decimals,
    lone,
    extra=None,
    cut=lambda coin, value: value,
    sparse=False,
) -> Published:
    depth = max(users - 1, 0).bit_length()

    def joined(sums, order, level=None):
        inner = "{" + ",".join(form(coin, text(coin, sums[coin])) for coin in order) + "}"
        return f"{inner},{level}" if level is not None else inner

    def combine(left, right, height):
        right = right or (left[0], dict.fromkeys(left[1], ZERO))
        order = _map_order(left[1], right[1])
        keys = [*HashMapByTheBook(left[1]), *(c for c in HashMapByTheBook(right[1]) if c not in left[1])]
        sums = {coin: cut(coin, value) for coin, value in merged(left[1], right[1], keys).items()}
        return sha(f"{left[0]}{right[0]},{joined(sums, order, depth + 1 - height)}", digits), sums

    ids = [
        (hexes(random, 32), "".join(random.choices(string.ascii_lowercase + string.digits, k=32))) for _ in range(users)
    ]
    held = []
    for _ in range(users):
        chosen = [coin for coin in coins if not sparse or random.random() < 0.7] or [coins[0]]
        random.shuffle(chosen)
        held.append({coin: amount(random, decimals(coin)) for coin in chosen})
    leaves = [
        (sha(f"{uid},{nonce},{joined(h, _map_order(h))}", digits), h) for (uid, nonce), h in zip(ids, held, strict=True)
    ]
    levels = levels_of(leaves, combine)
    root, totals = levels[-1][0]
    proofs = []
    for user in range(users):
        path = []
        for height, (own, other, own_left) in enumerate(siblings(levels, user)):
            shown, kind = other, 2 if own_left else 1
            if other is None:
                shown, kind = (own[0], dict.fromkeys(own[1], ZERO)), lone
            entry = {
                "balances": {c: write(c, v) for c, v in shown[1].items()},
                hash_key: shown[0],
                side_key: kind,
                level_key: depth + 1 - height,
            }
            if height == 0 and ids_of_siblings and other is not None:
                entry["encryptUid"], entry["nonce"] = ids[user ^ 1]
            path.append(entry)
        path.append(
            {"balances": {c: write(c, v) for c, v in totals.items()}, hash_key: root, side_key: 3, level_key: 1}
        )
        own = {
            "encryptUid": ids[user][0],
            "nonce": ids[user][1],
            "balances": {c: write(c, v) for c, v in held[user].items()},
            hash_key: leaves[user][0],
            side_key: 1 if user % 2 == 0 else 2,
            level_key: depth + 1,
            **(extra or {}),
        }
        if audit:
            for entry in (own, *path):
                entry["auditId"] = audit
        proofs.append({"self": own, "path": path})
    return Published(root, proofs, {coin: value.strip() for coin, value in totals.items()})


def bitget_new(random: Random, users: int) -> Published:
    result = _counted_down(
        random,
        users,
        digits=16,
        text=lambda c, v: v.strip(),
        form=lambda c, t: f'"{c}":"{t}"',
        write=lambda c, v: v.strip(),
        hash_key="merkelLeaf",
        side_key="role",
        level_key="level",
        coins=COINS,
        ids_of_siblings=False,
        audit="Au20261001",
        decimals=lambda c: 8,
        lone=0,
    )
    for proof in result.proofs:
        del proof["path"][-1]["role"]
    return result


def _java(_coin, value: Num) -> str:
    return big_decimal_text(value.unscaled, value.scale)


def bitget_old(random: Random, users: int) -> Published:
    return _counted_down(
        random,
        users,
        digits=16,
        text=_java,
        form=lambda c, t: f'"{c}":{t}',
        write=lambda c, v: Bare(_java(c, v)),
        hash_key="merkelLeaf",
        side_key="role",
        level_key="level",
        coins=COINS[:6],
        ids_of_siblings=True,
        audit="Au20221125",
        decimals=lambda c: random.randrange(9),
        lone=0,
    )


def uzx(random: Random, users: int) -> Published:
    return _counted_down(
        random,
        users,
        digits=16,
        text=_java,
        form=lambda c, t: f'"{c}":{t}',
        write=lambda c, v: Bare(_java(c, v)),
        hash_key="merkelLeaf",
        side_key="role",
        level_key="level",
        coins=(*COINS, "1INCH", "PEPE", "SHIB", "WLD", "TON"),
        ids_of_siblings=True,
        audit="A202610010000",
        decimals=lambda c: random.choice((16, 16, 9)),
        lone=0,
        sparse=True,
    )


PRECISIONS = {coin: 6 if coin == "USDT" else 8 for coin in COINS}


def bitunix(random: Random, users: int) -> Published:
    full = 1 << max(users - 1, 0).bit_length()
    return _counted_down(
        random,
        full,
        digits=64,
        text=lambda c, v: v.plain(),
        form=lambda c, t: f'"{c}":"{t}"',
        write=lambda c, v: v.plain(),
        hash_key="merkleLeaf",
        side_key="type",
        level_key="height",
        coins=COINS,
        ids_of_siblings=True,
        audit=None,
        decimals=lambda c: PRECISIONS[c],
        lone=2,
        extra={"precisions": {c: Bare(p) for c, p in PRECISIONS.items()}},
        cut=lambda c, v: v.cut(PRECISIONS[c]),
    )


# ---- named sums ------------------------------------------------------------------------------------------------------


def _named(sums: dict[str, Num]) -> str:
    return ",".join(f"{coin}:{sums[coin].strip()}" for coin in sorted(sums))


def mexc(random: Random, users: int) -> Published:
    always = ("BTC", "USDT", "ETH", "USDC")

    def combine(left, right, height):
        if right is None:
            return sha(f"{left[0]},,{_named(left[1])}", 32), left[1]
        sums = merged(left[1], right[1], {*left[1], *right[1], *always})
        return sha(f"{left[0]},{right[0]},{_named(sums)}", 32), sums

    held = [
        {coin: amount(random) for coin in always if random.random() < 0.7} or {"BTC": Num(1, 8)} for _ in range(users)
    ]
    accounts = [str(random.randrange(10**9, 10**10)) for _ in range(users)]
    leaves = []
    for account, each in zip(accounts, held, strict=True):
        verbatim = ",".join(f"{coin}:{each[coin].plain()}" for coin in sorted(each))
        leaves.append((sha(f"PR-2026-10-01,{account},{verbatim}", 32), each))
    levels = levels_of(leaves, combine)
    root, totals = levels[-1][0]
    proofs = []
    for user in range(users):
        path = []
        for height, (_, other, own_left) in enumerate(siblings(levels, user)):
            kind = 2 if own_left else 1
            if other is not None:
                path.append(
                    {
                        "balances": {c: v.plain() for c, v in other[1].items()},
                        "hash": other[0],
                        "type": kind,
                        "level": height,
                    }
                )
            elif random.random() < 0.5 and height:
                path.append({"balances": dict.fromkeys(always, "0"), "hash": "", "type": 2, "level": height})
        random.shuffle(path)
        path.append(
            {"balances": {c: v.strip() for c, v in totals.items()}, "hash": root, "type": 3, "level": len(levels) - 1}
        )
        own = {
            "proofId": "PR-2026-10-01",
            "accountId": accounts[user],
            "balances": {c: v.plain() for c, v in held[user].items()},
            "hash": leaves[user][0],
            "type": 1 if user % 2 == 0 else 2,
            "level": 0,
        }
        proofs.append({"pathList": path, "self": own})
    return Published(root, proofs, {coin: value.strip() for coin, value in totals.items()})


def ourbit(random: Random, users: int) -> Published:
    coins = ("BTC", "ETH", "SOL", "USDT")

    def per_coin(accounts, listed):
        sums = {}
        for key, value in accounts.items():
            coin = key.partition(":")[0]
            sums[coin] = sums.get(coin, ZERO) + value
        return {coin: sums.get(coin, ZERO) for coin in listed}

    def combine(left, right, height):
        accounts = (
            merged(left[1], right[1], [*left[1], *(k for k in right[1] if k not in left[1])]) if right else left[1]
        )
        other = right[0] if right else ""
        return sha(f"{left[0]},{other},{_named(per_coin(accounts, coins))}", 32), accounts

    held = []
    for _ in range(users):
        accounts = {
            f"{coin}:{account}": amount(random, 15)
            for coin in coins
            for account in ("spot", "swap")
            if random.random() < 0.6
        }
        held.append(accounts or {"BTC:spot": Num(5, 1)})
    uids = [str(random.randrange(10**7, 10**8)) for _ in range(users)]
    leaves = []
    for uid, each in zip(uids, held, strict=True):
        sums = {coin: value for coin, value in per_coin(each, coins).items() if value.unscaled}
        leaves.append((sha(f"PR-2026-10-01,{uid},{_named(sums)}", 32), each))
    levels = levels_of(leaves, combine)
    root, totals = levels[-1][0]

    def entry(node, role, level, uid=None):
        balances = None if node is None else {k: Bare(v.strip()) for k, v in node[1].items()}
        return {
            "snapshotDate": "2026-10-01",
            "balances": balances,
            "uid": uid,
            "level": level,
            "role": role,
            "hash": node and node[0],
        }

    proofs = []
    for user in range(users):
        path = [
            entry(other, 0 if other is None else 2 if left else 1, height)
            for height, (_, other, left) in enumerate(siblings(levels, user))
        ]
        path.append(entry(levels[-1][0], 3, len(levels) - 1))
        proofs.append(
            {
                "self": entry(leaves[user], 1 if user % 2 == 0 else 2, 0, uids[user]),
                "path": path,
                "allCurrencies": list(coins),
            }
        )
    return Published(root, proofs, {coin: value.strip() for coin, value in per_coin(totals, coins).items()})


def coinex(random: Random, users: int, *, twice: bool = False) -> Published:
    coins = ("BTC", "CET", "ETH", "USDT")

    def quoted(sums):
        return "{" + ",".join(f'"{coin}":"{sums[coin].strip()}"' for coin in sorted(sums)) + "}"

    def combine(left, right, height):
        if right is None:
            return sha((left[0] * 2 if twice else left[0]) + quoted(left[1])), left[1]
        sums = merged(left[1], right[1], {*left[1], *right[1]})
        return sha(left[0] + right[0] + quoted(sums)), sums

    held = [{coin: amount(random) for coin in coins if random.random() < 0.7} or {"CET": Num(7)} for _ in range(users)]
    nonces = [hexes(random) for _ in range(users)]
    levels = levels_of([(sha(n + quoted(h)), h) for n, h in zip(nonces, held, strict=True)], combine)
    root, totals = levels[-1][0]

    def shown(node, **more):
        return {"balances": {c: v.strip() for c, v in node[1].items()}, "hash": node[0], **more}

    proofs = []
    for user in range(users):
        path = [
            {} if other is None else shown(other, pos="right" if left else "left")
            for _, other, left in siblings(levels, user)
        ]
        own = {"nonce": nonces[user], "balances": {c: v.strip() for c, v in held[user].items()}}
        proofs.append({"root": shown(levels[-1][0]), "self": own, "path": path})
    return Published(root, proofs, {coin: value.strip() for coin, value in totals.items()})


def hotcoin(random: Random, users: int) -> Published:
    import json

    assets = (("BTC", 8), ("ETH", 7), ("USDT", 4))
    name = "HOTCOIN-POR-SUM"

    def h(tag, *fields):
        return hashlib.sha256(
            bytes([tag]) + json.dumps([str(f) for f in fields], separators=(",", ":")).encode()
        ).hexdigest()

    config = h(3, name, *(part for asset in assets for part in asset))
    padding = (h(2, name, "S-1", config), {coin: ZERO for coin, _ in assets})

    def texts(sums):
        return [sums[coin].strip() for coin, _ in assets]

    def combine(left, right, height):
        right = right or padding
        sums = merged(left[1], right[1], left[1])
        return h(1, name, config, left[0], right[0], *texts(sums)), sums

    held = [{coin: amount(random, places) for coin, places in assets} for _ in range(users)]
    ids = [(hexes(random), hexes(random)) for _ in range(users)]
    leaves = [(h(0, name, "S-1", config, *who, *texts(each)), each) for who, each in zip(ids, held, strict=True)]
    levels = levels_of(leaves, combine)
    root, totals = levels[-1][0]
    listed = [{"coin": coin, "decimals": places} for coin, places in assets]

    def shown(sums):
        return {coin: sums[coin].strip() for coin, _ in assets}

    proofs = []
    for user in range(users):
        path = []
        for _, other, left in siblings(levels, user):
            node = other or padding
            path.append({"position": "RIGHT" if left else "LEFT", "hash": node[0], "balances": shown(node[1])})
        own = {
            "snapshotId": "S-1",
            "accountId": ids[user][0],
            "nonce": ids[user][1],
            "balances": shown(held[user]),
            "leafHash": leaves[user][0],
            "leafIndex": user,
            "leafCount": users,
        }
        proofs.append({"protocol": name, "assets": listed, "self": own, "path": path})
    anchor = {
        "protocol": name,
        "assets": listed,
        "snapshotId": "S-1",
        "root": root,
        "leafCount": users,
        "userTotals": shown(totals),
    }
    return Published(root, proofs, shown(totals), anchor)


ENCODERS = {
    "okx-merkle-v1": okx,
    "bybit-merkle": bybit,
    "bitget-merkle/new": bitget_new,
    "bitget-merkle/old": bitget_old,
    "uzx-merkle": uzx,
    "bitunix-merkle": bitunix,
    "mexc-merkle": mexc,
    "ourbit-merkle": ourbit,
    "coinex-merkle/once": coinex,
    "coinex-merkle/twice": lambda random, users: coinex(random, users, twice=True),
    "hotcoin-merkle": hotcoin,
}
