"""Receipts: make one from a proof, compare any number of receipts and proof files of one snapshot."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from reserves_gui.amounts import is_plain, stripped
from reserves_gui.canonical import canonical_bytes
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.evidence import Grouping
from reserves_gui.history.alerts import Alert
from reserves_gui.intake.document import Document
from reserves_gui.intake.opening import open_all
from reserves_gui.merkle.pool import compare
from reserves_gui.messages import Message, render, say
from reserves_gui.progress import Progress
from reserves_gui.services.log_reading import is_log_copy, read_log_copy
from reserves_gui.services.receipt_files import (
    EVIDENCE_SCHEMA,
    is_evidence,
    is_receipt,
    read_evidence,
    read_receipt,
)
from reserves_gui.services.receipt_odds import Odds, odds_of
from reserves_gui.services.receipt_roots import keep_alerts, kept_roots, root_conflicts
from reserves_gui.services.verify import VerifyRequest, documents_of, judge_proofs
from reserves_gui.services.writing import write_atomically
from reserves_gui.trust.comparing import ReceiptConflict, apart, compare_receipts
from reserves_gui.trust.receipts import Receipt, receipt_of
from reserves_gui.verdict import ExitCode, Findings, Outcome, State, Verdict, exit_code

_PROVEN = ("total", "tree")
# A header speaks for a whole tree or a proof of totals once one of these holds.
_HEADER_CLAIMS = ("tree", "proof")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownConflict:
    """One disagreement between two files: ``kind`` is balance, root, total, leaf or position.

    An empty name in ``files`` stands for what the store has.
    """

    kind: str
    subject: str
    first: str
    second: str
    files: tuple[str, str]
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptComparison:
    """What comparing files gave. ``compared`` counts those that share a snapshot with another usable one.

    ``apart`` counts those that name no snapshot while another one has another root: a conflict if their owners say
    that they are of one snapshot (``grouping``). ``odds`` is None where nothing tells how many leaves there are.
    ``evidence`` is, after a conflict, a file that anybody can compare again. ``alerts``: roots that differ from one the
    store has, kept there.
    """

    conflicts: tuple[ShownConflict, ...]
    compared: int
    files: int
    unusable: tuple[str, ...]
    grouping: Grouping = Grouping.NAMED
    apart: int = 0
    odds: Odds | None = None
    evidence: bytes | None = field(default=None, repr=False)
    alerts: tuple[Alert, ...] = ()

    @property
    def state(self) -> State:
        """``failed`` with a conflict, ``undecided`` with nothing in common, else ``verified``."""
        if self.conflicts:
            return State.FAILED
        return State.VERIFIED if self.compared > 1 else State.UNDECIDED

    @property
    def exit_code(self) -> ExitCode:
        """The exit code that says the same."""
        return exit_code(self.state)

    def json(self) -> dict[str, object]:
        """The object that ``reserves receipt compare --json`` prints; probabilities are texts of six decimals."""
        from reserves_gui.services.series_json import alert_json

        return {
            "schema": "reserves/comparison/1",
            "verdict": self.state.value,
            "files": self.files,
            "compared": self.compared,
            "unusable": list(self.unusable),
            "same_snapshot": self.grouping is Grouping.SAID,
            "apart": self.apart,
            "odds": None if self.odds is None else self.odds.json(),
            "conflicts": [
                {
                    "kind": one.kind,
                    "subject": one.subject,
                    "first": one.first,
                    "second": one.second,
                    "files": list(one.files),
                    "reason": render(one.reason),
                }
                for one in self.conflicts
            ],
            "alerts": [alert_json(one) for one in self.alerts],
        }


@dataclass(slots=True)
class _Shown:
    """Everything that is compared: proofs with what they show, and their or other users' receipts."""

    proofs: list[tuple[str, Findings, Receipt]] = field(default_factory=list)
    receipts: list[tuple[str, Receipt]] = field(default_factory=list)
    logged: list[tuple[str, Receipt]] = field(default_factory=list)
    unusable: list[str] = field(default_factory=list)

    def all_receipts(self) -> list[tuple[str, Receipt]]:
        """The receipts, those that the proofs would give, and those of root logs."""
        return [*self.receipts, *((name, receipt) for name, _, receipt in self.proofs), *self.logged]


def compare_files(
    files: Sequence[str],
    progress: Progress,
    *,
    leaves: int | None = None,
    grouping: Grouping = Grouping.NAMED,
    db: str | None = None,
    clock: Callable[[], int] = lambda: int(time.time()),
) -> ReceiptComparison:
    """Compare receipts, proof files as they are, exported root logs, and the evidence of earlier conflicts.

    Receipts and proofs are held against the roots of the store, too; another one than it has is kept as an alert.

    A proof that does not verify takes no part. ``leaves`` is the number of leaves where the user knows it;
    ``grouping`` whether she says that all are of one snapshot. Raises ``input.*``, ``format.*`` and the like for a
    file that is none of these, and ``usage`` for a root log said to be of one snapshot.
    """
    documents = open_all(list(files), progress=progress)
    shown = _Shown()
    for document in documents:
        progress.checkpoint()
        _read(document, shown, progress)
    if shown.logged and grouping is Grouping.SAID:
        raise ReservesError(ErrorCode.USAGE, say("receipt.same_log"))
    blinded = compare_receipts([receipt for _, receipt in shown.all_receipts()], grouping)
    only_proofs = not (shown.receipts or shown.logged)
    seen_plainly = only_proofs and all(findings.view is not None for _, findings, _ in shown.proofs)
    conflicts, compared = (
        _open(shown, grouping) if seen_plainly else (_blind(shown.all_receipts(), blinded.conflicts), blinded.receipts)
    )
    named = shown.all_receipts()
    receipts = [receipt for _, receipt in named]
    # Root logs are held against what is kept by `history log compare`.
    own = receipts[: len(receipts) - len(shown.logged)]
    kept = kept_roots(own, db)
    against = root_conflicts(kept, own, after=len(receipts))
    named += [("", one.header) for one in kept]
    found = [*blinded.conflicts, *against]
    return ReceiptComparison(
        conflicts=(*conflicts, *_blind(named, against)),
        compared=max(compared, len({index for one in against for index in one.pair})),
        files=len(documents),
        unusable=tuple(shown.unusable),
        grouping=grouping,
        apart=0 if grouping is Grouping.SAID else apart(own),
        odds=_odds(shown, blinded.groups, leaves),
        evidence=_evidence([receipt for _, receipt in named], found, grouping) if found else None,
        alerts=keep_alerts(kept, against, after=len(receipts), now=clock(), db=db),
    )


def write_evidence(comparison: ReceiptComparison, path: Path) -> None:
    """Write the evidence of a conflict. Raises ``usage`` where there is none, or where it cannot be written."""
    if comparison.evidence is None:
        raise ReservesError(ErrorCode.USAGE, say("receipt.no_conflict"))
    write_atomically(path, comparison.evidence + b"\n")


def export_receipt(request: VerifyRequest, progress: Progress, *, seen: str) -> Receipt:
    """The receipt of the one proof, whole tree or round of totals in ``request``; ``seen`` is an ISO date.

    Raises ``usage`` if it does not verify.
    """
    judged = judge_proofs(documents_of(request, progress), request, progress)
    findings, verdict = judged[0]
    receipt = _receipt(findings, verdict, request, seen) if len(judged) == 1 else None
    if receipt is None or receipt.root is None or any(claim.state is State.FAILED for claim in verdict.claims):
        raise ReservesError(ErrorCode.USAGE, say("receipt.not_usable"))
    return receipt


def _read(document: Document, shown: _Shown, progress: Progress) -> None:
    if is_receipt(document):
        shown.receipts.append((document.name, read_receipt(document)))
        return
    if is_evidence(document):
        for number, receipt in enumerate(read_evidence(document), 1):
            shown.receipts.append((f"{document.name}: {number}", receipt))
        return
    if is_log_copy(document):
        shown.logged += _logged(document)
        return
    request = VerifyRequest()
    for findings, verdict in judge_proofs([document], request, progress):
        blinded = _receipt(findings, verdict, request, None)
        if blinded is None:
            shown.unusable.append(document.name)
        else:
            shown.proofs.append((document.name, findings, blinded))


def _logged(document: Document) -> Iterator[tuple[str, Receipt]]:
    """What somebody's root log says was seen: one header an entry."""
    for number, entry in enumerate(read_log_copy(document).entries):
        receipt = Receipt(
            exchange=str(entry["exchange"]),
            format=str(entry["format"]),
            snapshot=None if entry["snapshot"] is None else str(entry["snapshot"]),
            root=str(entry["root"]),
            root_source=str(entry["source"]),
            seen=str(entry["seen_at"]),
            nodes={},
        )
        yield f"{document.name}: {number}", receipt


def _receipt(findings: Findings, verdict: Verdict, request: VerifyRequest, seen: str | None) -> Receipt | None:
    """What the proof gives away: blinded nodes of a path, the header of a tree; None where it does not verify."""
    root = verdict.claim("root")
    confirmed = root is not None and root.state is State.VERIFIED
    header = Receipt(
        exchange=verdict.exchange,
        format=verdict.format,
        snapshot=verdict.snapshot.id if findings.view is None else findings.view.snapshot_id,
        root=verdict.root if findings.view is None else findings.view.root,
        total=_bound_total(verdict),
        root_source=("--root" if request.roots else "--published") if confirmed else None,
        seen=seen,
        leaves=_most_leaves(findings),
        nodes={},
    )
    states = {claim.id: claim.state for claim in verdict.claims}
    # A whole tree is public: the key of the own leaf would show its balance to everybody.
    if "tree" not in states and findings.view is not None:
        return receipt_of(findings.view, header) if findings.view.usable else None
    holds = any(states.get(claim) is State.VERIFIED for claim in _HEADER_CLAIMS)
    if findings.view is not None and findings.view.usable and State.FAILED not in states.values():
        holds = True
    return header if holds else None


def _bound_total(verdict: Verdict) -> dict[str, str] | None:
    """The total where the root commits to it: what a file merely states is anybody's text."""
    bound = any(
        (claim.id in _PROVEN and claim.state is State.VERIFIED)
        or any(check.id == "total.bound" and check.outcome is Outcome.PASSED for check in claim.checks)
        for claim in verdict.claims
    )
    if not bound or verdict.total is None or not all(is_plain(one) for one in verdict.total.values()):
        return None
    return {asset: stripped(Decimal(amount)) for asset, amount in verdict.total.items()}


def _most_leaves(findings: Findings) -> int | None:
    """How many leaves there are, or can be under a path of that length."""
    if findings.leaf_count is not None:
        return findings.leaf_count
    if findings.picture is None or not findings.picture.nodes:
        return None
    return int(2 ** max(node.level for node in findings.picture.nodes))


def _open(shown: _Shown, grouping: Grouping) -> tuple[tuple[ShownConflict, ...], int]:
    """Proof files alone are compared as they are, so that the amounts can be shown."""
    views = [(name, findings.view) for name, findings, _ in shown.proofs if findings.view is not None]
    comparison = compare([view for _, view in views], grouping)
    conflicts = tuple(
        ShownConflict(
            kind=one.kind.value,
            subject=one.subject,
            first=one.first,
            second=one.second,
            files=(views[one.views[0]][0], views[one.views[1]][0]),
            reason=one.reason,
        )
        for one in comparison.conflicts
    )
    return conflicts, comparison.compared


def _blind(named: Sequence[tuple[str, Receipt]], conflicts: Sequence[ReceiptConflict]) -> tuple[ShownConflict, ...]:
    return tuple(
        ShownConflict(
            kind=one.kind.value,
            subject=one.subject,
            first=one.first,
            second=one.second,
            files=(named[one.pair[0]][0], named[one.pair[1]][0]),
            reason=one.reason,
        )
        for one in conflicts
    )


def _odds(shown: _Shown, groups: Sequence[Sequence[int]], leaves: int | None) -> Odds | None:
    """For the snapshot with the most receipts, with the most leaves that any of them allows."""
    if not groups:
        return None
    named = shown.all_receipts()
    largest = max(groups, key=len)
    known = [count for index in largest if (count := named[index][1].leaves) is not None]
    total = leaves if leaves is not None else max(known, default=None)
    if total is None or total < 2:
        return None
    return odds_of(receipts=len(largest), leaves=total)


def _evidence(receipts: Sequence[Receipt], conflicts: Sequence[ReceiptConflict], grouping: Grouping) -> bytes:
    """The receipts that conflict, and what they conflict about; blinded also where proof files were given.

    That they are of one snapshot is written down where it was only said: whoever compares again must say it too.
    """
    used = sorted({index for one in conflicts for index in one.pair})
    place = {index: number for number, index in enumerate(used)}
    return canonical_bytes(
        {
            "schema": EVIDENCE_SCHEMA,
            "said_of_one_snapshot": grouping is Grouping.SAID,
            "receipts": [receipts[index].document() for index in used],
            "conflicts": [
                {
                    "kind": one.kind.value,
                    "subject": one.subject,
                    "first": one.first,
                    "second": one.second,
                    "receipts": [place[index] for index in one.pair],
                    "reason": render(one.reason),
                }
                for one in conflicts
            ],
        }
    )
