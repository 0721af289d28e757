"""The root log in a form that travels: the whole log (``reserves/log/1``), or one entry with its proof.

Both carry a checkpoint and give its root again when they are read; nothing in them is believed. That a checkpoint is
the one its keeper showed to others, only a copy of it from somewhere else tells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reserves_gui.canonical import canonical_bytes
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say
from reserves_gui.trust.merkle_log import inclusion_proof, leaf_hash, root_hash, verify_inclusion
from reserves_gui.trust.root_log import Checkpoint, RootLog, parse_checkpoint
from reserves_gui.trust.signed_note import NoteKey, parse_note_key

LOG_SCHEMA = "reserves/log/1"
PROOF_SCHEMA = "reserves/log-proof/1"


@dataclass(frozen=True, slots=True)
class HandedHead:
    """A head as it was handed on: ``note`` with its signatures, and the key that the file itself names for them."""

    head: Checkpoint
    note: str
    key: NoteKey | None


@dataclass(frozen=True, slots=True)
class LogCopy:
    """Somebody's log as it was handed on: its head, and its entries, which give that head."""

    handed: HandedHead
    entries: tuple[Mapping[str, Any], ...]
    leaves: tuple[bytes, ...]

    @property
    def head(self) -> Checkpoint:
        """Its head."""
        return self.handed.head

    def extends(self, head: Checkpoint) -> bool:
        """Whether ``head`` is a head of an earlier state of this log."""
        return head.size <= len(self.leaves) and root_hash(self.leaves[: head.size]) == head.root


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """One entry that is in the log with ``head`` at ``index``."""

    handed: HandedHead
    index: int
    entry: Mapping[str, Any]

    @property
    def head(self) -> Checkpoint:
        """The head of the log it is in."""
        return self.handed.head


def log_document(log: RootLog, head: HandedHead) -> dict[str, Any]:
    """The whole log as a JSON object; ``head`` is its own."""
    return {"schema": LOG_SCHEMA, **_head_fields(head), "entries": list(log.entries)}


def proof_document(log: RootLog, head: HandedHead, index: int) -> dict[str, Any]:
    """Entry ``index`` with what proves it to be in the log. Raises ``usage`` if there is no such entry."""
    if not 0 <= index < len(log.entries):
        raise ReservesError(ErrorCode.USAGE, say("log.no_entry", index=index, size=len(log.entries)))
    return {
        "schema": PROOF_SCHEMA,
        **_head_fields(head),
        "index": index,
        "entry": log.entries[index],
        "proof": [one.hex() for one in inclusion_proof(index, log.leaves)],
    }


def handed_head(note: str, key: str | None, where: str) -> HandedHead:
    """A head that was handed on. Raises ``format.shape``, also for a key of another name than the log's."""
    head = parse_checkpoint(note, where)
    stated = None if key is None else parse_note_key(key, where)
    if stated is not None and stated.name != head.origin:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("log.bad_signature"), where)
    return HandedHead(head, note, stated)


def log_copy(handed: HandedHead, entries: Sequence[Mapping[str, Any]], where: str) -> LogCopy:
    """A log that was handed on. Raises ``format.shape`` where its entries do not give its head."""
    head = handed.head
    leaves = tuple(leaf_hash(canonical_bytes(dict(entry))) for entry in entries)
    if head.size != len(leaves) or root_hash(leaves) != head.root:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("log.not_its_head"), where)
    return LogCopy(handed, tuple(entries), leaves)


def proven_entry(
    handed: HandedHead, index: int, entry: Mapping[str, Any], proof: Sequence[bytes]
) -> ProvenEntry | None:
    """The entry, or None if ``proof`` does not lead from it to the head."""
    head = handed.head
    leaf = leaf_hash(canonical_bytes(dict(entry)))
    if not verify_inclusion(index=index, size=head.size, leaf=leaf, proof=proof, root=head.root):
        return None
    return ProvenEntry(handed, index, entry)


def _head_fields(head: HandedHead) -> dict[str, Any]:
    return {"checkpoint": head.note} if head.key is None else {"checkpoint": head.note, "key": head.key.text()}
