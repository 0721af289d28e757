"""A made-up exchange for tests of the services: its proof is one JSON object whose root is the hash of its leaf."""

import hashlib
from collections.abc import Mapping

from reserves_gui.evidence import SnapshotView
from reserves_gui.intake.document import Document
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Family, Format, FormField, Given, Match
from reserves_gui.verdict import (
    Check,
    Checks,
    Findings,
    Guarantees,
    LeafIdentity,
    NegativeBalances,
    Outcome,
    Snapshot,
    State,
    SumBinding,
)

SAID = say("progress.start")
GUARANTEES = Guarantees(
    sum_binding=SumBinding.SUM_ONLY,
    negative_balances=NegativeBalances.VISIBLE,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=256,
    domain_separation=True,
    per_asset=True,
)


def _recognise(document: Document) -> Match | None:
    keys = document.json_keys()
    if "northsea" in keys:
        return Match("proof")
    return Match("anchor") if "northsea_anchor" in keys else None


def _verify(evidence: Evidence, given: Given, _progress: Progress) -> Findings:
    proof = evidence.all("proof")[0].shape()
    leaf = proof["northsea"].text()
    balance, _ = proof["balance"].amount()
    root = hashlib.sha256(leaf.encode()).hexdigest()
    checks = Checks()
    outcome = Outcome.PASSED if proof["root"].hex(64) == root else Outcome.FAILED
    checks.passed("leaf.hash", SAID)
    if given.expected:
        agrees = dict(given.expected).get("BTC") == balance
        checks.add(Check("leaf.expected", Outcome.PASSED if agrees else Outcome.FAILED, SAID))
    checks.add(Check("path.hash", outcome, SAID))
    checks.not_checked("total.pooled", SAID)
    nodes: Mapping[str, Mapping[str, str]] = {root: {"BTC": balance}}
    return Findings(
        format="northsea-proof",
        exchange="Northsea",
        decisive=("leaf", "path", "root"),
        claims=checks.claims("leaf", "path", "total", ceilings={"total": State.UNDECIDED}),
        guarantees=GUARANTEES,
        snapshot=Snapshot(id="s1"),
        root=root,
        balances={"BTC": balance},
        view=SnapshotView(
            format="northsea-proof",
            snapshot_id="s1",
            usable=outcome is Outcome.PASSED,
            root=root,
            leaf=hashlib.sha256((leaf + balance).encode()).hexdigest(),
            nodes=nodes,
            content=evidence.all("proof")[0].sha256,
        ),
    )


FORMATS = (
    Format(
        id="northsea-proof",
        exchange="Northsea",
        family=Family.SUM_PATH,
        since="2026-01-01",
        guarantees=GUARANTEES,
        recognise=_recognise,
        verify=_verify,
        per_user="proof",
        user_fields=("nonce",),
        form=(FormField(name="northsea"), FormField(name="balance", kind="amount"), FormField(name="root", kind="hex")),
    ),
)
