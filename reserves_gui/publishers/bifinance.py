"""Bifinance, 2025-11: both nodes of every level in the file; the leaf's formula is not published.

Source of the rules: bifinance-exchange/proof-of-reserves@ff1d2c4.
"""

import re

from reserves_gui import limits
from reserves_gui.amounts import parse_plain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.evidence import SnapshotView
from reserves_gui.intake.document import Document
from reserves_gui.intake.shape import Shape, not_hex
from reserves_gui.merkle.entries import check_snapshot
from reserves_gui.merkle.linked_path import LinkedEntry, judge, picture, walk
from reserves_gui.merkle.plain_path import usable
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match
from reserves_gui.publishers.sum_file import PROOF, content_digest, field
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

_HASH = re.compile(r"(?:0[xX])?([0-9a-fA-F]{64})", re.ASCII)

GUARANTEES = Guarantees(
    sum_binding=SumBinding.NONE,
    negative_balances=NegativeBalances.HIDDEN,
    leaf_identity=LeafIdentity.NONE,
    hash_bits=256,
    domain_separation=False,
    per_asset=False,
)


def recognise(document: Document) -> Match | None:
    """Keys of the Bitget kind, and every node names its parent."""
    if not {"self", "path"} <= document.json_keys():
        return None
    own = field(document.json(), "self")
    return Match(PROOF) if isinstance(own, dict) and {"merkelLeaf", "parentMerkelLeaf"} <= own.keys() else None


def verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    """Judge one proof. Balances are shown as stated: no formula ties them to the leaf."""
    document = evidence.one(PROOF)
    if document is None:
        raise ReservesError(ErrorCode.FORMAT_UNRECOGNISED, say("paths.no_proof"))
    shape = document.shape()
    own = _entry(shape["self"], "self")
    stated = shape["path"].entries(limits.PATH_ENTRIES)
    path = [_entry(entry, f"path[{number}]") for number, entry in enumerate(stated)]
    balances = _balances(shape["self"])
    for entry in stated:
        _balances(entry)
    walked = walk(own, path, progress)
    checks = Checks()
    judge(walked, checks)
    snapshots = [(place, _snapshot(each)) for place, each in _named(shape["self"], stated)]
    check_snapshot(checks, snapshots)
    _check_expected(checks, given, balances)
    snapshot_id = snapshots[0][1]
    return Findings(
        format="bifinance-merkle",
        exchange="Bifinance",
        decisive=("leaf", "path", "root"),
        claims=checks.claims("leaf", "path", "total", ceilings={"total": State.UNDECIDED}),
        guarantees=GUARANTEES,
        snapshot=Snapshot(id=snapshot_id),
        root=walked.root,
        balances=balances,
        notes=(say("paths.note_unbound", fields="balances, auditId, encryptUid, nonce"),),
        picture=picture(walked),
        view=SnapshotView(
            format="bifinance-merkle",
            snapshot_id=snapshot_id,
            usable=usable(checks),
            root=walked.root,
            leaf=own.hash,
            content=content_digest(document),
        ),
    )


def _named(own: Shape, path: list[Shape]) -> list[tuple[str, Shape]]:
    return [("self", own), *((f"path[{number}]", entry) for number, entry in enumerate(path))]


def _snapshot(entry: Shape) -> str | None:
    named = entry.get("auditId")
    return None if named is None else named.digits()


def _entry(entry: Shape, place: str) -> LinkedEntry:
    level = entry["level"].integer(below=limits.PATH_ENTRIES + 1)
    # The root has no parent and need not name one.
    parent = entry.get("parentMerkelLeaf") if level == 0 else entry["parentMerkelLeaf"]
    return LinkedEntry(
        place=place,
        level=level,
        role=str(entry["role"].integer()),
        hash=_hash(entry["merkelLeaf"]),
        parent="" if parent is None or parent.value in (None, "") else _hash(parent),
    )


def _hash(shape: Shape) -> str:
    match = _HASH.fullmatch(shape.text(longest=200))
    if match is None:
        shape.refuse(not_hex(64))
    return match[1].lower()


def _balances(entry: Shape) -> dict[str, str]:
    stated = entry.get("balances")
    if stated is None:
        return {}
    return {coin: amount.amount()[0] for coin, amount in stated.items()}


def _check_expected(checks: Checks, given: Given, balances: dict[str, str]) -> None:
    """A stated amount that differs is a failure; one that agrees is bound by nothing, so it proves nothing."""
    if not given.expected:
        reason = say("mpath.expected_none")
        checks.add(Check("leaf.expected", Outcome.NOT_CHECKED, reason, required=False, private=True))
    for asset, text in given.expected:
        held = balances.get(asset, "0")
        if parse_plain(text, asset) == parse_plain(held, asset):
            reason = say("mpath.expected_unknown", asset=asset)
            checks.not_checked("leaf.expected", reason, expected=text, seen=held, private=True)
        else:
            reason = say("mpath.expected_bad", asset=asset)
            checks.failed("leaf.expected", reason, expected=text, seen=held, private=True)


FORMATS = (
    Format(
        id="bifinance-merkle",
        exchange="Bifinance",
        family=Family.PLAIN_PATH,
        since="2025-11-01",
        guarantees=GUARANTEES,
        recognise=recognise,
        verify=verify,
        per_user=PROOF,
        guide="bifinance",
        unbound=("balances", "auditId", "encryptUid", "nonce"),
    ),
)
