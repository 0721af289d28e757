"""Realistic verdicts of an invented exchange, built from real hashes over invented balances."""

import hashlib
import random
from decimal import Decimal

from reserves_gui.evidence import LeafSizes, NodeKind, NodeState, PathNode, PathPicture, Side
from reserves_gui.messages import say
from reserves_gui.report.model import Report, Settings
from reserves_gui.verdict import (
    Check,
    Claim,
    Guarantees,
    InputRecord,
    LeafIdentity,
    NegativeBalances,
    Outcome,
    Snapshot,
    State,
    SumBinding,
    Verdict,
)

ACCOUNT = "acct-77120934"
NONCE = "a3f1c2d4e5b60718293a4b5c6d7e8f901122334455667788"
BALANCES = {"BTC": "0.41820937", "ETH": "3.20750000", "USDT": "1250.00000000"}
NEIGHBOUR = "0.19510153"
TIME = "2026-10-31T00:00:00Z"

GUARANTEES = Guarantees(
    sum_binding=SumBinding.SUM_ONLY,
    negative_balances=NegativeBalances.VISIBLE,
    leaf_identity=LeafIdentity.RECOMPUTED,
    hash_bits=256,
    domain_separation=False,
    per_asset=True,
)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def picture(levels: int = 17, *, seed: int = 1, failing: int | None = None) -> PathPicture:
    """A path of ``levels`` rows; ``failing``: the row (1 = leaf's) whose sibling holds a negative sum."""
    chance = random.Random(seed)
    amount, sibling = Decimal(BALANCES["BTC"]), Decimal(NEIGHBOUR)
    own_hash = digest(f"{ACCOUNT}|{NONCE}|{amount}")
    nodes: list[PathNode] = []
    for level in range(levels - 1):
        left = chance.random() < 0.5
        bad = failing is not None and level + 1 == failing
        if bad:
            sibling = Decimal("-118.40000000")
        sibling_hash = digest(f"sibling {level} {sibling}")
        nodes.append(
            PathNode(
                level=level,
                kind=NodeKind.LEAF if level == 0 else NodeKind.OWN,
                side=Side.LEFT if left else Side.RIGHT,
                hash=own_hash,
                sums={"BTC": f"{amount:f}"},
            )
        )
        nodes.append(
            PathNode(
                level=level,
                kind=NodeKind.SIBLING,
                side=Side.RIGHT if left else Side.LEFT,
                hash=sibling_hash,
                sums={"BTC": f"{sibling:f}"},
                state=NodeState.FAILED if bad else NodeState.GIVEN,
            )
        )
        own_hash = digest(f"{own_hash}{sibling_hash}{amount + sibling}")
        amount += sibling
        sibling = (amount * Decimal(chance.randrange(600, 1400)) / 1000).quantize(Decimal("0.00000001"))
    nodes.append(PathNode(level=levels - 1, kind=NodeKind.ROOT, side=None, hash=own_hash, sums={"BTC": f"{amount:f}"}))
    return PathPicture(tuple(nodes), ("BTC",))


def verdict(*, root_known: bool = True, failing: int | None = None, label: str = "Northsea") -> Verdict:
    """One user's path: verified, undecided without a published root, or with a negative sibling at ``failing``."""
    drawn = picture(failing=failing)
    root = drawn.nodes[-1].hash
    leaf = drawn.nodes[0]
    match = (
        Check("root.match", Outcome.PASSED, say("report.stored", text="Equals the root in page.html."), root, root)
        if root_known
        else Check("root.match", Outcome.NOT_CHECKED, say("report.stored", text="No published root to compare with."))
    )
    negative = Check(
        "total.negative",
        Outcome.FAILED if failing else Outcome.PASSED,
        say(
            "report.stored",
            text=f"The neighbour's sum at level {failing} is -118.40000000." if failing else "None is negative.",
        ),
        "0 BTC or more" if failing else None,
        "-118.40000000 BTC" if failing else None,
    )
    return Verdict(
        format="sample-merkle",
        exchange=label,
        decisive=("leaf", "path", "root"),
        claims=(
            Claim(
                "leaf",
                (
                    Check(
                        "leaf.hash",
                        Outcome.PASSED,
                        say("report.stored", text="The leaf commits to exactly these balances."),
                        leaf.hash,
                        leaf.hash,
                    ),
                    Check(
                        "leaf.identity",
                        Outcome.PASSED,
                        say("report.stored", text=f"The leaf holds {ACCOUNT}."),
                        private=True,
                        seen=ACCOUNT,
                    ),
                    Check(
                        "leaf.expected",
                        Outcome.PASSED,
                        say("report.stored", text=f"The file says {BALANCES['BTC']} BTC, as you expected."),
                        BALANCES["BTC"],
                        BALANCES["BTC"],
                        required=False,
                    ),
                ),
            ),
            Claim(
                "path", (Check("path.hash", Outcome.PASSED, say("report.stored", text="16 of 16 levels recomputed.")),)
            ),
            Claim("root", (match,)),
            Claim(
                "total",
                (
                    negative,
                    Check(
                        "total.bound", Outcome.PASSED, say("report.stored", text="The root commits to the stated sum.")
                    ),
                    Check(
                        "total.pooled",
                        Outcome.NOT_CHECKED,
                        say("report.stored", text="Only one proof was given."),
                        required=False,
                    ),
                ),
                State.UNDECIDED,
            ),
        ),
        guarantees=GUARANTEES,
        inputs=(InputRecord(f"northsea-{ACCOUNT}.json", digest("proof"), 5231),),
        snapshot=Snapshot(id="A2026-10", time=TIME, height=912345),
        root=root,
        balances=BALANCES,
        total={"BTC": drawn.nodes[-1].sums["BTC"]},
        leaves=(203118,),
        snapshot_height_bound=False,
        warnings=(say("report.stored", text="This version hashes sums only."),),
        notes=(),
        picture=drawn,
        extra={"user_note": f"for {ACCOUNT}", "rows": {"verified": 3}},
    )


def tree_verdict() -> Verdict:
    """A whole tree with its leaf sizes."""
    chance = random.Random(3)
    counts = {k: int(118_000 * 2.718 ** (-((k - 9) ** 2) / 18)) + chance.randrange(900) for k in range(18)}
    return Verdict(
        format="sample-tree",
        exchange="Fjordline",
        decisive=("leaf", "tree", "root"),
        claims=(
            Claim("leaf", (Check("leaf.found", Outcome.PASSED, say("report.stored", text="3 own leaves found.")),)),
            Claim(
                "tree",
                (Check("tree.hash", Outcome.PASSED, say("report.stored", text="All 2097151 nodes recomputed.")),),
            ),
            Claim("root", (Check("root.match", Outcome.NOT_CHECKED, say("report.stored", text="No published root.")),)),
        ),
        guarantees=GUARANTEES,
        inputs=(InputRecord("fjordline-liabilities.csv", digest("tree"), 224_000_000),),
        leaf_count=987_264,
        padding_leaves=61_312,
        root=digest("tree root"),
        total={"BTC": "61204.81720394", "ETH": "801332.90441250"},
        leaves=(203118, 741902),
        leaf_sizes=LeafSizes(
            {"BTC": {k + 4: n for k, n in counts.items()}},
            {"BTC": 61_312},
            {"BTC": frozenset({10, 14, 15})},
            {"BTC": 8},
        ),
    )


def settings() -> Settings:
    return Settings(
        roots=(digest("root"),),
        expected=(("BTC", BALANCES["BTC"]),),
        published=(InputRecord("northsea-root.html", digest("page"), 9120),),
        user=("account", "account_nonce"),
    )


def report(**kwargs: object) -> Report:
    made = verdict(**kwargs)  # type: ignore[arg-type]
    return Report(verdict=made, settings=settings(), program="0.1.0", created="2026-11-22T12:00:00Z")
