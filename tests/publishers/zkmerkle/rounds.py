"""Makes whole rounds: accounts, tree, list, batches, proofs under keys whose secrets are known here.

Written from the description of the files alone. Of the program only the Poseidon hash is used, which is held against
known answers elsewhere.
"""

import base64
import csv
import io
import json
import random
from dataclasses import dataclass, field
from functools import cache

from reserves_gui.intake.document import Document, from_bytes
from reserves_gui.zk.poseidon_bn254 import hash_words
from tests.zk.simulated import Setup

DEPTH = 28
NO_TIERS = [{"BoundaryValue": 2**118, "Ratio": 0, "PrecomputedValue": 0}] * 12


def b64(value: int) -> str:
    return base64.b64encode(value.to_bytes(32, "big")).decode()


@cache
def poseidon(words: tuple[int, ...], chunk: int = 12) -> int:
    return hash_words(words, chunk)


class Tree:
    """A tree of depth 28 with a few leaves."""

    def __init__(self, nil: int) -> None:
        self.nil = [nil]
        for _ in range(DEPTH):
            self.nil.append(poseidon((self.nil[-1], self.nil[-1])))
        self.leaves: dict[int, int] = {}

    def levels(self) -> list[dict[int, int]]:
        made = [dict(self.leaves)]
        for level in range(DEPTH):
            below, empty = made[-1], self.nil[level]
            made.append(
                {
                    at: poseidon((below.get(2 * at, empty), below.get(2 * at + 1, empty)))
                    for at in {i // 2 for i in below}
                }
            )
        return made

    @property
    def root(self) -> int:
        return self.levels()[-1].get(0, self.nil[-1])

    def siblings(self, index: int) -> list[int]:
        return [level.get((index >> depth) ^ 1, self.nil[depth]) for depth, level in enumerate(self.levels()[:-1])]


@dataclass
class Round:
    """Files of one round by name, as Python values that a test may alter before writing them."""

    users: list[dict]
    listed: dict
    rows: list[dict]
    keys: dict[str, bytes]
    columns: list[str] = field(default_factory=list)

    def documents(self, user: int | None = 0, *, listed: bool = True, table: bool = True, keys: bool = True):
        made: list[Document] = []
        if user is not None:
            made.append(written("user_config.json", self.users[user]))
        if listed:
            made.append(written("config.json", self.listed))
        if table:
            made.append(self.table())
        if keys:
            made += [from_bytes(name, data) for name, data in self.keys.items()]
        return made

    def table(self) -> Document:
        text = io.StringIO()
        writer = csv.DictWriter(text, self.columns, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writeheader()
        for row in self.rows:
            writer.writerow(
                {name: json.dumps(value) if isinstance(value, list) else value for name, value in row.items()}
            )
        return from_bytes("proof.csv", text.getvalue().encode())


def written(name: str, value) -> Document:
    return from_bytes(name, json.dumps(value).encode())


def _row(number: int, setup: Setup, roots: list[int], lists: list[int], rest: dict) -> dict:
    commitment = poseidon(
        (*roots, *lists, *(rest[name] for name in ("min_account_index", "max_account_index") if name in rest))
    )
    return {
        "id": str(number + 1),
        "created_at": "2023-03-08 00:00:00",
        "proof_info": base64.b64encode(setup.proof([commitment])).decode(),
        "cex_asset_list_commitments": [b64(value) for value in lists],
        "account_tree_roots": [b64(value) for value in roots],
        "batch_commitment": b64(commitment),
        **rest,
        "batch_number": str(number),
    }


# --- releases 1.0 and the forks: two amounts a slot ------------------------------------------------------------------


def pair_leaf(user: dict, slots: int, chunk: int) -> int:
    flat = [0] * (2 * slots)
    for asset in user["Assets"]:
        flat[2 * asset["Index"]], flat[2 * asset["Index"] + 1] = asset["Equity"], asset["Debt"]
    flat += [0] * (-len(flat) % 3)
    packed = tuple((flat[i] << 128) + (flat[i + 1] << 64) + flat[i + 2] for i in range(0, len(flat), 3))
    identity = int(user["AccountIdHash"], 16)
    return poseidon((identity, user["TotalEquity"], user["TotalDebt"], poseidon(packed, chunk)))


def pair_list(assets: list[dict], slots: int, chunk: int) -> int:
    words = [0] * slots
    for asset in assets:
        words[asset["Index"]] = (asset["TotalEquity"] << 128) + (asset["TotalDebt"] << 64) + asset["BasePrice"]
    return poseidon(tuple(words), chunk)


def pair_round(seed: int, *, slots: int = 7, chunk: int = 12, batches: int = 3, per_batch: int = 2) -> Round:
    dice = random.Random(seed)
    setup = Setup(seed)
    listed = [
        {"TotalEquity": 0, "TotalDebt": 0, "BasePrice": dice.randrange(1, 10**13), "Symbol": symbol, "Index": index}
        for index, symbol in enumerate(["btc", "eth", "shib", "bnb", "usdt", "sol", "xrp"][: min(slots, 7)])
    ]
    tree = Tree(poseidon((0, 0, 0, poseidon((0,) * -(-2 * slots // 3), chunk))))
    users, rows = [], []
    for number in range(batches):
        root, before = tree.root, pair_list(listed, slots, chunk)
        for _ in range(per_batch):
            held = sorted(dice.sample(range(len(listed)), dice.randrange(1, len(listed))))
            assets = []
            for index in held:
                equity = dice.randrange(10**6, 10**12)
                assets.append({"Index": index, "Equity": equity, "Debt": dice.randrange(equity // 2)})
                listed[index]["TotalEquity"] += equity
                listed[index]["TotalDebt"] += assets[-1]["Debt"]
            price = {asset["Index"]: asset["BasePrice"] for asset in listed}
            user = {
                "AccountIndex": len(users),
                "AccountIdHash": f"{dice.randrange(2**250):064x}",
                "TotalEquity": sum(one["Equity"] * price[one["Index"]] for one in assets),
                "TotalDebt": sum(one["Debt"] * price[one["Index"]] for one in assets),
                "Assets": assets,
            }
            tree.leaves[len(users)] = pair_leaf(user, slots, chunk)
            users.append(user)
        rows.append(_row(number, setup, [root, tree.root], [before, pair_list(listed, slots, chunk)], {}))
    _finish(users, tree)
    columns = [*rows[0]]
    config = {"ProofTable": "config/proof.csv", "ZkKeyName": "config/zkpor2", "CexAssetsInfo": listed}
    return Round(users, config, rows, {"zkpor2.vk.save": setup.key()}, columns)


def as_fork(made: Round) -> Round:
    """The same round under the forks' key names."""
    names = {
        "AccountIndex": "Arrangement",
        "AccountIdHash": "UniqueIdentification",
        "TotalEquity": "TotalAssetEquity",
        "TotalDebt": "TotalAssetDebt",
        "Assets": "AssetDetails",
        "Root": "TreeRootHash",
        "Proof": "MerkleProofEncode",
    }
    users = [{names[key]: value for key, value in user.items()} for user in made.users]
    listed = {
        "ProofCsv": "./config/proof.csv",
        "ZkKeyVKDirectoryAndPrefix": "./zkpor2",
        "CexAssetsInfo": made.listed["CexAssetsInfo"],
    }
    return Round(users, listed, made.rows, made.keys, made.columns)


# --- releases 1.1 and 1.2: collateral ---------------------------------------------------------------------------------


def tiers(dice: random.Random) -> list[dict]:
    made, boundary, counted = [], 0, 0
    for step in range(10):
        upper = boundary + dice.randrange(10**17, 10**20)
        ratio = 100 - 10 * step
        counted += (upper - boundary) * ratio // 100
        made.append({"BoundaryValue": upper, "Ratio": ratio, "PrecomputedValue": counted})
        boundary = upper
    return made + [{"BoundaryValue": 2**118, "Ratio": 0, "PrecomputedValue": counted}] * 2


def counted_for(value: int, steps: list[dict]) -> int:
    lower = 0
    for step, above in zip(steps, [{"PrecomputedValue": 0}, *steps], strict=False):
        if value <= step["BoundaryValue"]:
            return above["PrecomputedValue"] + (value - lower) * step["Ratio"] // 100
        lower = step["BoundaryValue"]
    return steps[-1]["PrecomputedValue"]


def collateral_leaf(user: dict) -> int:
    assets = user["Assets"]
    tier = 50 if len(assets) <= 50 else 500
    spare = tier - len(assets)
    rows, following = [], 0
    for asset in assets:
        while spare and following < asset["Index"]:
            rows.append((following, 0, 0, 0, 0, 0))
            following, spare = following + 1, spare - 1
        rows.append(tuple(asset[name] for name in ("Index", "Equity", "Debt", "Loan", "Margin", "PortfolioMargin")))
        following = asset["Index"] + 1
    rows += [(following + more, 0, 0, 0, 0, 0) for more in range(spare)]
    words = tuple(
        word for a, b, c, d, e, f in rows for word in ((a << 128) + (b << 64) + c, (d << 128) + (e << 64) + f)
    )
    identity = int(user["AccountIdHash"], 16)
    return poseidon((identity, user["TotalEquity"], user["TotalDebt"], user["TotalCollateral"], poseidon(words)))


def collateral_list(assets: list[dict]) -> int:
    by_slot = {asset["Index"]: asset for asset in assets}
    words: list[int] = []
    for slot in range(500):
        asset = by_slot.get(slot, {})
        get = lambda name, asset=asset: asset.get(name, 0)  # noqa: E731
        words.append((get("TotalEquity") << 128) + (get("TotalDebt") << 64) + get("BasePrice"))
        words.append(
            (get("LoanCollateral") << 128) + (get("MarginCollateral") << 64) + get("PortfolioMarginCollateral")
        )
        for name in ("LoanRatios", "MarginRatios", "PortfolioMarginRatios"):
            steps = asset.get(name, NO_TIERS)
            for low, high in zip(steps[::2], steps[1::2], strict=True):
                words.append(
                    low["Ratio"] + (low["BoundaryValue"] << 8) + (high["Ratio"] << 126) + (high["BoundaryValue"] << 134)
                )
    return poseidon(tuple(words))


def collateral_round(seed: int, *, indexed: bool, batches: int = 2, per_batch: int = 2) -> Round:
    """One round with tiers 50 and 500; the last batch is of tier 500."""
    dice = random.Random(seed)
    setups = {50: Setup(seed, committed=()), 500: Setup(seed + 1, committed=())}
    symbols = ["BTC", "ETH", "SHIB", "BNB"]
    slots = [0, 3, 7, 300]
    listed = [
        {
            "TotalEquity": 0,
            "TotalDebt": 0,
            "BasePrice": dice.randrange(10**6, 10**10),
            "Symbol": symbol,
            "Index": slot,
            "LoanCollateral": 0,
            "MarginCollateral": 0,
            "PortfolioMarginCollateral": 0,
            "LoanRatios": tiers(dice),
            "MarginRatios": tiers(dice),
            "PortfolioMarginRatios": NO_TIERS,
        }
        for symbol, slot in zip(symbols, slots, strict=True)
    ]
    by_slot = {asset["Index"]: asset for asset in listed}
    tree = Tree(poseidon((0,) * 5))
    users, drafts = [], []
    for number in range(batches):
        root, before, first = tree.root, collateral_list(listed), len(users)
        for _ in range(per_batch):
            assets = []
            for slot in sorted(dice.sample(slots, dice.randrange(2, 5))):
                equity = dice.randrange(10**6, 10**11)
                loan, margin = dice.randrange(equity // 3), dice.randrange(equity // 3)
                one = {
                    "Index": slot,
                    "Equity": equity,
                    "Debt": dice.randrange(10),
                    "Loan": loan,
                    "Margin": margin,
                    "PortfolioMargin": dice.randrange(equity // 3),
                }
                assets.append(one)
                row = by_slot[slot]
                row["TotalEquity"] += equity
                row["TotalDebt"] += one["Debt"]
                row["LoanCollateral"] += loan
                row["MarginCollateral"] += margin
                row["PortfolioMarginCollateral"] += one["PortfolioMargin"]
            price = {asset["Index"]: asset["BasePrice"] for asset in listed}
            user = {
                "AccountIndex": len(users),
                "AccountIdHash": f"{dice.randrange(2**250):064x}",
                "TotalEquity": sum(one["Equity"] * price[one["Index"]] for one in assets),
                "TotalDebt": sum(one["Debt"] * price[one["Index"]] for one in assets),
                "TotalCollateral": sum(
                    counted_for(one[name] * price[one["Index"]], by_slot[one["Index"]][ratios])
                    for one in assets
                    for name, ratios in (
                        ("Loan", "LoanRatios"),
                        ("Margin", "MarginRatios"),
                        ("PortfolioMargin", "PortfolioMarginRatios"),
                    )
                ),
                "Assets": assets,
            }
            tree.leaves[len(users)] = collateral_leaf(user)
            users.append(user)
        tier = 500 if number == batches - 1 else 50
        drafts.append((number, tier, [root, tree.root], [before, collateral_list(listed)], first, len(users) - 1))
    rows = []
    for number, tier, roots, lists, first, last in drafts:
        rest = {"assets_count": str(tier)}
        if indexed:
            rest = {"min_account_index": first, "max_account_index": last, **rest}
        rows.append(_row(number, setups[tier], [tree.root] if indexed else roots, lists, rest))
    _finish(users, tree)
    config = {
        "ProofTable": "config/proof.csv",
        "ZkKeyName": ["config/zkpor50_2", "config/zkpor500_2"],
        "AssetsCountTiers": [50, 500],
        "CexAssetsInfo": listed,
    }
    keys = {"zkpor50_2.vk": setups[50].key(), "zkpor500_2.vk": setups[500].key()}
    return Round(users, config, rows, keys, [*rows[0]])


def _finish(users: list[dict], tree: Tree) -> None:
    for user in users:
        user["Root"] = f"{tree.root:064x}"
        user["Proof"] = [b64(value) for value in tree.siblings(user["AccountIndex"])]
