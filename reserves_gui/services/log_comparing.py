"""The own root log held against a copy of somebody else's, or against another copy of itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from reserves_gui.messages import Message, say
from reserves_gui.services.keeping import data_folder, root_log, shown_time
from reserves_gui.services.locking import locked
from reserves_gui.services.log_heads import HeadSignature, KeptHead, Signed, head_signature, keep_head, kept_heads
from reserves_gui.services.log_reading import read_log_copy, single_document
from reserves_gui.services.root_keeping import LOG_TEXT
from reserves_gui.trust.log_files import LogCopy
from reserves_gui.trust.root_log import Checkpoint, LogEntry, RootLog
from reserves_gui.verdict import ExitCode, State, exit_code


class Relation(StrEnum):
    """How two logs stand to one another.

    ``independent``: they belong to two people; ``theirs_forked``: and theirs does not extend the copy imported before.
    """

    SAME = "same"
    OURS_EXTENDS = "ours_extends"
    THEIRS_EXTENDS = "theirs_extends"
    FORKED = "forked"
    INDEPENDENT = "independent"
    THEIRS_FORKED = "theirs_forked"

    @property
    def forked(self) -> bool:
        """Whether a log has two courses."""
        return self in (Relation.FORKED, Relation.THEIRS_FORKED)


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
    """The own log against somebody else's. ``shared`` counts snapshots that both have seen.

    ``signature``: how the head of the other one is signed. ``notes``: what else is to be said, in sentences.
    """

    relation: Relation
    ours: str
    theirs: str
    shared: int
    conflicts: tuple[RootConflict, ...]
    signature: HeadSignature
    notes: tuple[Message, ...] = ()

    @property
    def state(self) -> State:
        """``failed`` when forked, in conflict or wrongly signed, ``undecided`` when they have nothing in common."""
        if self.conflicts or self.relation.forked or self.signature.signed is Signed.WRONG:
            return State.FAILED
        return State.VERIFIED if self.shared or self.relation is not Relation.INDEPENDENT else State.UNDECIDED

    @property
    def exit_code(self) -> ExitCode:
        """The exit code that says the same."""
        return exit_code(self.state)


def compare_log(path: Path, key: str | None = None) -> LogComparison:
    """The own log against an exported one; ``key``: a public key, in one line, that must have signed its head.

    Raises ``input.*``, ``format.*``, ``store.unusable``.
    """
    return _compared(root_log(), read_log_copy(single_document(path)), key)


def import_log(path: Path, *, now: int, key: str | None = None) -> tuple[LogComparison, int]:
    """Compare, then take over what somebody else saw, as seen by them; how many entries were new.

    Nothing is taken from a copy of the own log, a forked one, or one that is not signed as it must be. The head is
    kept: a later copy of that log must extend it. Raises ``input.*``, ``format.*``, ``store.unusable``.
    """
    copy = read_log_copy(single_document(path))
    with locked(data_folder() / "root-log.lock"):
        log = root_log()
        compared = _compared(log, copy, key)
        if compared.relation is not Relation.INDEPENDENT or compared.signature.signed is Signed.WRONG:
            return compared, 0
        taken = [_taken_over(entry, copy.head.origin, shown_time(now)) for entry in copy.entries]
        added = log.append_all(taken)
        keep_head(copy.handed, compared.signature, shown_time(now))
        return compared, added


def _compared(log: RootLog, copy: LogCopy, key: str | None) -> LogComparison:
    head = log.head()
    kept = kept_heads().get(copy.head.origin)
    relation = _relation(log, head, copy, kept)
    shared, conflicts = _conflicts(log.entries, copy.entries)
    notes: list[Message] = []
    if kept is not None and relation is Relation.INDEPENDENT and kept.handed.head.size > copy.head.size:
        notes.append(say("log.older_copy", size=kept.handed.head.size, seen=kept.seen_at))
    return LogComparison(
        relation=relation,
        ours=head.text(),
        theirs=copy.handed.note,
        shared=shared,
        # Two states of one log share what they hold: a conflict in it was said when it was seen.
        conflicts=conflicts if relation in {Relation.INDEPENDENT, Relation.THEIRS_FORKED} else (),
        signature=head_signature(copy.handed, given=key, kept=kept, own_origin=head.origin),
        notes=tuple(notes),
    )


def _relation(log: RootLog, head: Checkpoint, copy: LogCopy, kept: KeptHead | None) -> Relation:
    if head.origin != copy.head.origin:
        longer = kept is not None and kept.handed.head.size <= copy.head.size
        forked = kept is not None and longer and not copy.extends(kept.handed.head)
        return Relation.THEIRS_FORKED if forked else Relation.INDEPENDENT
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
