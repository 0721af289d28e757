"""The root log as the user meets it: filled by verifying, handed to a friend, held against a friend's.

Roots are remembered only where the user keeps history at all (there is a store). Root, stated totals, source and the
hash of the file are kept; no balance, id, nonce or file name.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from reserves_gui.canonical import canonical_bytes
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.opening import open_path
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.services.keeping import data_folder, has_store, root_log, shown_time
from reserves_gui.services.locking import locked
from reserves_gui.services.log_reading import read_log_copy, read_proof
from reserves_gui.services.root_keeping import LOG_TEXT, log_entries, remember_roots
from reserves_gui.services.verify import VerifyRequest, verify
from reserves_gui.services.writing import write_atomically
from reserves_gui.trust.log_files import (
    LogCopy,
    ProvenEntry,
    log_document,
    proof_document,
)
from reserves_gui.trust.root_log import Checkpoint, LogEntry, RootLog, parse_checkpoint
from reserves_gui.verdict import ExitCode, State, Verdict, exit_code


class Relation(StrEnum):
    """How two logs stand to one another. ``independent``: they belong to two people."""

    SAME = "same"
    OURS_EXTENDS = "ours_extends"
    THEIRS_EXTENDS = "theirs_extends"
    FORKED = "forked"
    INDEPENDENT = "independent"


@dataclass(frozen=True, slots=True, kw_only=True)
class RootConflict:
    """Two roots of one snapshot, with where and when each was seen."""

    exchange: str
    format: str
    snapshot: str
    ours: str
    ours_source: str
    ours_seen: str
    theirs: str
    theirs_source: str
    theirs_seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogComparison:
    """The own log against somebody else's. ``shared`` counts snapshots that both have seen."""

    relation: Relation
    ours: str
    theirs: str
    shared: int
    conflicts: tuple[RootConflict, ...]

    @property
    def state(self) -> State:
        """``failed`` when forked or in conflict, ``undecided`` when they have nothing in common."""
        if self.conflicts or self.relation is Relation.FORKED:
            return State.FAILED
        return State.VERIFIED if self.shared or self.relation is not Relation.INDEPENDENT else State.UNDECIDED

    @property
    def exit_code(self) -> ExitCode:
        """The exit code that says the same."""
        return exit_code(self.state)


def verify_and_remember(request: VerifyRequest, progress: Progress, *, db: str | None) -> Verdict:
    """Verify, and append the roots seen to the log where the user keeps history.

    A root that contradicts one seen before is said in the verdict's notes; so is a log that cannot be written.
    """
    return remembered(verify(request, progress), request, db=db, now=int(time.time()))


def remembered(verdict: Verdict, request: VerifyRequest, *, db: str | None, now: int) -> Verdict:
    """``verdict`` with its roots kept in the log and what the log knows about them added to its notes."""
    if not has_store(db):
        return verdict
    try:
        notes = remember_roots(log_entries(verdict, request, now=now))
    except ReservesError as error:
        # What was verified stays verified; that it could not be remembered is said beside it.
        notes = [say("log.not_kept", reason=error.message)]
    return replace(verdict, notes=(*verdict.notes, *notes))


def export_log(path: Path) -> int:
    """Write the whole log for somebody else; how many entries. Raises ``usage``, ``store.unusable``."""
    log = root_log()
    write_atomically(path, canonical_bytes(log_document(log)) + b"\n")
    return len(log.entries)


def compare_log(path: Path) -> LogComparison:
    """The own log against an exported one. Raises ``input.*``, ``format.*``, ``store.unusable``."""
    return _compared(root_log(), read_log_copy(_single(path)))


def import_log(path: Path, *, now: int) -> tuple[LogComparison, int]:
    """Compare, then take over what somebody else saw, as seen by them; how many entries were new.

    Nothing is taken from a forked copy of the own log. Raises ``input.*``, ``format.*``, ``store.unusable``.
    """
    copy = read_log_copy(_single(path))
    with locked(data_folder() / "root-log.lock"):
        log = root_log()
        compared = _compared(log, copy)
        if compared.relation is not Relation.INDEPENDENT:
            return compared, 0
        taken = [_taken_over(entry, copy.head.origin, shown_time(now)) for entry in copy.entries]
        return compared, log.append_all(taken)


def prove_entry(index: int, path: Path) -> None:
    """Write entry ``index`` (from 0) with the proof that it is in the log. Raises ``usage``, ``store.unusable``."""
    write_atomically(path, canonical_bytes(proof_document(root_log(), index)) + b"\n")


def check_proof(path: Path, head: str | None) -> ProvenEntry | None:
    """The entry that a proof file shows to be in a log, or None if it does not show it.

    ``head`` is that log's checkpoint from somewhere else, as text or as a file: then it must be the proof's own.
    Raises ``input.*``, ``format.*``.
    """
    proven = read_proof(_single(path))
    if proven is None or head is None:
        return proven
    return proven if _head(head) == proven.head else None


def head_line() -> str | None:
    """The head of the log on one line, to be printed in a report; None where nothing was logged.

    Raises ``store.unusable`` for a log that was changed.
    """
    head = root_log().head()
    return " ".join(head.text().split()) if head.size else None


def _taken_over(entry: Mapping[str, Any], origin: str, seen_at: str) -> LogEntry:
    totals = entry["totals"]
    return LogEntry(
        exchange=entry["exchange"],
        snapshot=entry["snapshot"],
        format=entry["format"],
        root=entry["root"],
        totals=None if totals is None else dict(totals),
        source=f"{origin}, {entry['seen_at']}: {entry['source']}"[:LOG_TEXT],
        file_sha256=entry["file_sha256"],
        seen_at=seen_at,
    )


def _compared(log: RootLog, copy: LogCopy) -> LogComparison:
    head = log.head()
    relation = _relation(log, head, copy)
    shared, conflicts = _conflicts(log.entries, copy.entries)
    return LogComparison(
        relation=relation,
        ours=head.text(),
        theirs=copy.head.text(),
        shared=shared,
        # Two states of one log share what they hold: a conflict in it was said when it was seen.
        conflicts=conflicts if relation is Relation.INDEPENDENT else (),
    )


def _relation(log: RootLog, head: Checkpoint, copy: LogCopy) -> Relation:
    if head.origin != copy.head.origin:
        return Relation.INDEPENDENT
    if head == copy.head:
        return Relation.SAME
    if log.extends(copy.head):
        return Relation.OURS_EXTENDS
    return Relation.THEIRS_EXTENDS if copy.extends(head) else Relation.FORKED


def _conflicts(
    ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]]
) -> tuple[int, tuple[RootConflict, ...]]:
    """Snapshots both have seen, and every pair of roots that differ, once."""
    by_snapshot: dict[tuple[str, str, str], dict[str, Mapping[str, Any]]] = {}
    for entry in ours:
        if entry["snapshot"] is not None:
            by_snapshot.setdefault(_snapshot(entry), {}).setdefault(entry["root"], entry)
    shared: set[tuple[str, str, str]] = set()
    found: dict[tuple[tuple[str, str, str], str, str], RootConflict] = {}
    for other in theirs:
        key = _snapshot(other)
        for root, entry in by_snapshot.get(key, {}).items():
            shared.add(key)
            if root != other["root"]:
                found.setdefault((key, root, other["root"]), _conflict(entry, other))
    return len(shared), tuple(found.values())


def _snapshot(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(entry["exchange"]).casefold(), entry["format"], entry["snapshot"]


def _conflict(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> RootConflict:
    return RootConflict(
        exchange=ours["exchange"],
        format=ours["format"],
        snapshot=ours["snapshot"],
        ours=ours["root"],
        ours_source=ours["source"],
        ours_seen=ours["seen_at"],
        theirs=theirs["root"],
        theirs_source=theirs["source"],
        theirs_seen=theirs["seen_at"],
    )


def _head(given: str) -> Checkpoint:
    return parse_checkpoint(given if "\n" in given else _single(Path(given)).text(LOG_TEXT * 10), "--head")


def _single(path: Path) -> Document:
    documents = open_path(path)
    if len(documents) != 1:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("log.no_copy"), str(path))
    return documents[0]
