"""Makes the bundled worked examples from nothing but a seed: `python -m tests.examples.make_examples`.

All people, balances and trees are made up. The formulas are those of the published formats, written here once more on
purpose, so that the examples do not depend on the engine they are meant to show.
"""

import hashlib
import hmac
import json
import random
import tomllib
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from importlib import resources
from pathlib import Path

from tests.guide.make_lists import exchange_list

FOLDER = Path(__file__).resolve().parents[2] / "reserves_gui" / "resources" / "examples"
SEED = 20261031
Node = dict[str, object]
Amounts = dict[str, Decimal]
EIGHT = Decimal("0.00000001")


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def short(value: Decimal) -> str:
    text = format(value.quantize(EIGHT, ROUND_DOWN), "f").rstrip("0").rstrip(".")
    return text or "0"


def fixed(value: Decimal) -> str:
    return format(value.quantize(EIGHT, ROUND_DOWN), "f")


class JoinedSums:
    """A sum tree whose nodes hash the joined sums and their height (OKX 2022-23, Bybit)."""

    def __init__(self, coins: Sequence[str], write, balance_key: str, id_key: str, leaf_text) -> None:
        self.coins, self.write, self.balance_key, self.id_key, self.leaf_text = (
            coins,
            write,
            balance_key,
            id_key,
            leaf_text,
        )

    def texts(self, amounts: Amounts) -> dict[str, str]:
        return {coin: self.write(amounts[coin]) for coin in self.coins}

    def leaf(self, secret: str, amounts: Amounts) -> str:
        return sha(secret + self.leaf_text(self.texts(amounts)))

    def parent(self, left: tuple[str, Amounts], right: tuple[str, Amounts], height: int) -> tuple[str, Amounts]:
        sums = {coin: left[1][coin] + right[1][coin] for coin in self.coins}
        joined = "".join(self.texts(sums).values())
        return sha(f"{left[0]}{right[0]}{joined}{height}"), sums

    def proof(self, users: Sequence[tuple[str, Amounts]], index: int, audit: str) -> Node:
        row = [(self.leaf(secret, amounts), amounts) for secret, amounts in users]
        path: list[Node] = []
        height, place = 1, index
        while len(row) > 1:
            sibling = row[place ^ 1]
            entry = self.entry(sibling, 1 if place & 1 else 2, height, audit)
            if height == 1:
                entry[self.first_key()] = users[index ^ 1][0]
            path.append(entry)
            height += 1
            row = [self.parent(row[at], row[at + 1], height) for at in range(0, len(row), 2)]
            place //= 2
        path.append(self.entry(row[0], 3, height, audit))
        own = self.entry((self.leaf(*users[index]), users[index][1]), 2 if index & 1 else 1, 1, audit)
        return {"path": path, "self": {**own, self.id_key: users[index][0]}}

    def first_key(self) -> str:
        return "nonce"

    def entry(self, node: tuple[str, Amounts], side: int, height: int, audit: str) -> Node:
        return {
            "auditId": audit,
            self.balance_key: self.texts(node[1]),
            "hash": node[0],
            "type": side,
            "height": height,
        }


def okx() -> JoinedSums:
    return JoinedSums(
        ("BTC", "ETH", "USDT"), short, "balances", "nonce", lambda texts: json.dumps(texts, separators=(",", ":"))
    )


def bybit() -> JoinedSums:
    text = (resources.files("reserves_gui.resources") / "coins" / "bybit.toml").read_text(encoding="utf-8")
    newest = tomllib.loads(text)["set"][0]["order"].split()
    return JoinedSums(newest, fixed, "balance", "userHash", lambda texts: "".join(texts.values()))


def people(chance: random.Random, coins: Sequence[str], count: int) -> list[tuple[str, Amounts]]:
    def amount(coin: str) -> Decimal:
        if coin not in {"BTC", "ETH", "USDT", "SOL"} or chance.random() < 0.2:
            return Decimal(0)
        scale = {"BTC": 10**7, "ETH": 10**8, "SOL": 10**9}.get(coin, 10**11)
        return Decimal(chance.randrange(1, scale * 40)) * EIGHT

    return [(sha(f"secret {chance.random()}"), {coin: amount(coin) for coin in coins}) for _ in range(count)]


def forged(tree: JoinedSums, chance: random.Random) -> tuple[list[Node], str]:
    """Two users, one root: each is shown a neighbour that owes nothing, and the root owes only the larger of the two."""
    owed = [
        {"BTC": Decimal(100), "ETH": Decimal(40), "USDT": Decimal(250000)},
        {"BTC": Decimal(80), "ETH": Decimal(40), "USDT": Decimal(250000)},
    ]
    # The published root holds max(a, b) per coin instead of a + b.
    root_sums = {coin: max(owed[0][coin], owed[1][coin]) for coin in tree.coins}
    users = [(sha(f"victim {chance.random()}"), amounts) for amounts in owed]
    leaves = [tree.leaf(*user) for user in users]
    joined = "".join(tree.texts(root_sums).values())
    root = sha(f"{leaves[0]}{leaves[1]}{joined}2")
    proofs = []
    for own in (0, 1):
        other = {coin: root_sums[coin] - owed[own][coin] for coin in tree.coins}
        sibling = tree.entry((leaves[1 - own], other), 2 - own, 1, "PoR-2026-10-31")
        top = tree.entry((root, root_sums), 3, 2, "PoR-2026-10-31")
        mine = tree.entry((leaves[own], owed[own]), 1 + own, 1, "PoR-2026-10-31")
        proofs.append({"path": [sibling, top], "self": {**mine, "nonce": users[own][0]}})
    return proofs, root


def split_tree(chance: random.Random, account_nonce: bytes, height: int, account: int) -> tuple[bytes, str, int]:
    """A BitMEX tree of 256 leaves; the account owns three of them. Returns file, root, satoshi of the account."""
    leaves, own = 256, (17, 90, 203)
    pieces = [31_337_000, 2_500_000, 163_000]
    nonces = dict.fromkeys(own, (account_nonce, account))
    values = [chance.randrange(0, 4_000_000_000) for _ in range(leaves)]
    for index, piece in zip(own, pieces, strict=True):
        values[index] = piece
    row = []
    for index, value in enumerate(values):
        key, number = nonces.get(index, (chance.randbytes(32), 1000 + index))
        nonce = hashlib.sha256(key + height.to_bytes(8, "little") + number.to_bytes(8, "little")).digest()
        message = value.to_bytes(8, "little") + index.to_bytes(8, "little")
        row.append((hmac.digest(nonce, message, "sha256"), value))
    rows = [row]
    while len(row) > 1:
        packed = [digest + value.to_bytes(8, "little") for digest, value in row]
        row = [
            (hashlib.sha256(packed[at] + packed[at + 1]).digest(), row[at][1] + row[at + 1][1])
            for at in range(0, len(row), 2)
        ]
        rows.insert(0, row)
    lines = [f"block_height:{height}"] + [f"{digest.hex()},{value}" for level in rows for digest, value in level]
    return ("\n".join(lines) + "\n").encode(), rows[0][0][0].hex(), sum(pieces)


def page(exchange: str, root: str) -> bytes:
    text = (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Proof of reserves</title>"
        f"<h1>{exchange}: proof of reserves, 31 October 2026, 00:00 UTC</h1>"
        f"<p>Merkle root: <code>{root}</code></p>"
        "<p>Made up for the worked examples of Reserves.</p></html>\n"
    )
    return text.encode()


def files() -> dict[str, bytes]:
    """Every bundled file by its path below the examples folder."""
    chance = random.Random(SEED)
    made: dict[str, bytes] = {}

    def put(name: str, content: object) -> None:
        made[name] = content if isinstance(content, bytes) else (json.dumps(content, indent=1) + "\n").encode()

    for name, tree, exchange in (("okx", okx(), "OKX format"), ("bybit", bybit(), "Bybit format")):
        users = people(chance, tree.coins, 32)
        proof = tree.proof(users, 11, "PoR-2026-10-31")
        put(f"{name}/proof.json", proof)
        put(f"{name}/published.html", page(exchange, proof["path"][-1]["hash"]))
        if name == "okx":
            altered = json.loads(json.dumps(proof))
            altered["self"]["balances"]["BTC"] = "4.2"
            put("tampered/proof.json", altered)
            put("tampered/published.html", made["okx/published.html"])
    proofs, root = forged(okx(), chance)
    for person, proof in zip(("first", "second"), proofs, strict=True):
        put(f"forged/{person}.json", proof)
    put("forged/published.html", page("OKX format", root))
    account_nonce = bytes.fromhex(sha("account nonce of the worked example"))
    tree_file, root, _ = split_tree(chance, account_nonce, 921_000, 4711)
    put("bitmex/liabilities.csv", tree_file)
    put("bitmex/published.html", page("BitMEX format", root))
    put("wallets/exchange-wallets.csv", exchange_list().encode())
    return made


def main() -> None:
    for name, content in files().items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(path.relative_to(FOLDER), len(content))


if __name__ == "__main__":
    main()
