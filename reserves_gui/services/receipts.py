"""Receipts: make one from a proof, compare any number of receipts and proof files of one snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reserves_gui import limits
from reserves_gui.amounts import parse_plain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.evidence import SnapshotView
from reserves_gui.intake.document import Document
from reserves_gui.intake.opening import open_all
from reserves_gui.intake.shape import Shape
from reserves_gui.merkle.pool import compare
from reserves_gui.messages import Message, render, say
from reserves_gui.progress import Progress
from reserves_gui.services.verify import VerifyRequest, judge_views
from reserves_gui.trust.receipts import SCHEMA, Receipt, compare_receipts, receipt_of
from reserves_gui.verdict import ExitCode, State, exit_code

_RECEIPT_KEYS = frozenset({"schema", "exchange", "format", "snapshot", "root", "nodes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownConflict:
    """One disagreement between two files: ``kind`` is balance, root, total, leaf or position."""

    kind: str
    subject: str
    first: str
    second: str
    files: tuple[str, str]
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptComparison:
    """What comparing files gave. ``compared`` counts those that share a snapshot with another usable one."""

    conflicts: tuple[ShownConflict, ...]
    compared: int
    files: int
    unusable: tuple[str, ...]

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
        """The object that ``reserves receipt compare --json`` prints."""
        return {
            "schema": "reserves/comparison/1",
            "verdict": self.state.value,
            "files": self.files,
            "compared": self.compared,
            "unusable": list(self.unusable),
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
        }


def compare_files(files: Sequence[str], progress: Progress) -> ReceiptComparison:
    """Compare receipts and proof files as they are. A proof that does not verify takes no part."""
    documents = open_all(list(files))
    receipts: list[tuple[str, Receipt]] = []
    views: list[tuple[str, str, SnapshotView]] = []
    unusable: list[str] = []
    for document in documents:
        progress.checkpoint()
        if is_receipt(document):
            receipts.append((document.name, read_receipt(document)))
            continue
        for exchange, view in judge_views([document], VerifyRequest(), progress):
            if view is None or not view.usable:
                unusable.append(document.name)
            else:
                views.append((document.name, exchange, view))
    if not receipts:
        return _compare_views(views, unusable, len(documents))
    receipts += [(name, _blinded(exchange, view)) for name, exchange, view in views]
    conflicts, compared = compare_receipts([receipt for _, receipt in receipts])
    shown = tuple(
        ShownConflict(
            kind=one.kind.value,
            subject=one.subject,
            first=one.first,
            second=one.second,
            files=(receipts[one.pair[0]][0], receipts[one.pair[1]][0]),
            reason=one.reason,
        )
        for one in conflicts
    )
    return ReceiptComparison(conflicts=shown, compared=compared, files=len(documents), unusable=tuple(unusable))


def export_receipt(request: VerifyRequest, progress: Progress, *, seen: str) -> Receipt:
    """The receipt of the one proof in ``request``; ``seen`` is an ISO date. Raises ``usage`` if it does not verify."""
    documents = open_all(list(request.files))
    judged = judge_views(documents, request, progress)
    usable = [(exchange, view) for exchange, view in judged if view is not None and view.usable]
    if len(judged) != 1 or not usable:
        raise ReservesError(ErrorCode.USAGE, say("receipt.not_usable"))
    exchange, view = usable[0]
    source = "--root" if request.roots else "--published" if request.published else None
    return receipt_of(view, exchange=exchange, total=None, root_source=source, seen=seen)


def read_receipt(document: Document) -> Receipt:
    """A receipt file, strictly. Raises ``format.shape``, ``format.newer`` and what the JSON gate raises."""
    shape = document.shape(limits.JSON_USER_BYTES)
    if shape["schema"].text() != SCHEMA:
        raise ReservesError(ErrorCode.FORMAT_NEWER, say("receipt.newer"), document.name)
    nodes: dict[str, str] = {}
    for entry in shape["nodes"].entries(limits.JSON_VALUES):
        pair = entry.entries(2)
        if len(pair) != 2:
            entry.refuse(say("error.wrong_type", wanted="pair"))
        key = pair[0].hex(64)
        if key in nodes:
            entry.refuse(say("receipt.key_twice"))
        nodes[key] = pair[1].hex(64)
    leaf = shape.get("leaf")
    return Receipt(
        exchange=shape["exchange"].text(longest=200),
        format=shape["format"].text(longest=100),
        snapshot=_optional_text(shape, "snapshot"),
        root=_optional_hex(shape, "root"),
        total=_total(shape),
        root_source=_optional_text(shape, "root_source"),
        seen=_optional_text(shape, "seen"),
        leaf=None if leaf is None else leaf.hex(64),
        nodes=nodes,
    )


def _compare_views(
    views: Sequence[tuple[str, str, SnapshotView]], unusable: Sequence[str], files: int
) -> ReceiptComparison:
    comparison = compare([view for _, _, view in views])
    shown = tuple(
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
    return ReceiptComparison(conflicts=shown, compared=comparison.compared, files=files, unusable=tuple(unusable))


def _blinded(exchange: str, view: SnapshotView) -> Receipt:
    return receipt_of(view, exchange=exchange, total=None, root_source=None, seen=None)


def is_receipt(document: Document) -> bool:
    """Whether ``document`` has the shape of a receipt."""
    return document.json_keys().issuperset(_RECEIPT_KEYS)


def _optional_text(shape: Shape, key: str) -> str | None:
    value = shape.get(key)
    return None if value is None else value.text(longest=400)


def _optional_hex(shape: Shape, key: str) -> str | None:
    value = shape.get(key)
    return None if value is None else value.hex()


def _total(shape: Shape) -> Mapping[str, str] | None:
    total = shape.get("total")
    if total is None:
        return None
    amounts = {asset: (value.text(longest=200), value.where) for asset, value in total.items()}
    for text, where in amounts.values():
        parse_plain(text, where)
    return {asset: text for asset, (text, _) in amounts.items()}
