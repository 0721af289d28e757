"""Exported logs and proofs of entries, read strictly."""

from pathlib import Path
from typing import Any

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.json_gate import JsonNumber
from reserves_gui.intake.opening import open_path
from reserves_gui.intake.shape import Shape, wrong_type
from reserves_gui.messages import say
from reserves_gui.trust.log_files import (
    LOG_SCHEMA,
    PROOF_SCHEMA,
    HandedHead,
    LogCopy,
    ProvenEntry,
    handed_head,
    log_copy,
    proven_entry,
)
from reserves_gui.trust.root_log import Checkpoint, parse_checkpoint

_TEXT = 400
_HEAD_BYTES = 16 * 1024
_ENTRIES = 1_000_000
_PROOF_STEPS = 64
_LOG_KEYS = frozenset({"schema", "checkpoint", "entries"})
_FIELDS = frozenset({"exchange", "snapshot", "format", "root", "totals", "source", "file_sha256", "seen_at"})


def is_log_copy(document: Document) -> bool:
    """Whether the document is meant as an exported log."""
    return document.json_keys(limits.JSON_GLOBAL_BYTES).issuperset(_LOG_KEYS)


def read_log_copy(document: Document) -> LogCopy:
    """An exported log, strictly. Raises ``format.shape`` also where its entries do not give its head."""
    shape = document.shape(limits.JSON_GLOBAL_BYTES)
    schema = shape["schema"].text()
    if schema != LOG_SCHEMA:
        newer = schema.startswith("reserves/log/")
        code = ErrorCode.FORMAT_NEWER if newer else ErrorCode.FORMAT_SHAPE
        raise ReservesError(code, say("log.no_copy"), document.name)
    entries = [_read_entry(one) for one in shape["entries"].entries(_ENTRIES)]
    return log_copy(_handed(shape, document.name), entries, document.name)


def single_document(path: Path) -> Document:
    """The one file at ``path``. Raises ``input.*``, and ``format.shape`` for an archive or a folder."""
    documents = open_path(path)
    if len(documents) != 1:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("log.no_copy"), str(path))
    return documents[0]


def read_proof(document: Document) -> tuple[HandedHead, ProvenEntry | None]:
    """A head, and the entry that a proof file shows to be in its log, or None if it does not show it.

    Raises ``format.shape``.
    """
    shape = document.shape()
    if shape["schema"].text() != PROOF_SCHEMA:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("log.no_proof"), document.name)
    proof = [bytes.fromhex(one.hex(64)) for one in shape["proof"].entries(_PROOF_STEPS)]
    index = shape["index"].integer(below=_ENTRIES)
    handed = _handed(shape, document.name)
    return handed, proven_entry(handed, index, _read_entry(shape["entry"]), proof)


def read_head(given: str, where: str) -> Checkpoint:
    """A head as text, on one line as reports print it, or as the path of a file that holds one of these.

    Raises ``input.*``, ``limit.size``, ``format.shape``.
    """
    if "\n" in given:
        return parse_checkpoint(given, where)
    if len(given.split()) == 3 and not Path(given).exists():
        return parse_checkpoint("\n".join([*given.split(), "", ""]), where)
    text = single_document(Path(given)).text(_HEAD_BYTES)
    words = text.split()
    return parse_checkpoint("\n".join([*words, "", ""]) if text.count("\n") < 2 and len(words) == 3 else text, where)


def _handed(shape: Shape, name: str) -> HandedHead:
    key = shape.get("key")
    return handed_head(shape["checkpoint"].text(), None if key is None else key.text(longest=_TEXT), name)


def _read_entry(shape: Shape) -> dict[str, Any]:
    """An entry as it was hashed: only the fields of an entry, texts only, so that it has one spelling."""
    shape.exact_keys(_FIELDS)
    for name in ("exchange", "format", "root", "source", "seen_at"):
        shape[name].text(longest=_TEXT)
    entry: dict[str, Any] = {name: None if (one := shape.get(name)) is None else one.value for name in _FIELDS}
    for name in ("snapshot", "file_sha256"):
        if (one := shape.get(name)) is not None:
            one.text(longest=_TEXT)
    totals = shape.get("totals")
    if totals is not None:
        entry["totals"] = {asset: amount.text(longest=_TEXT) for asset, amount in totals.items()}
    if any(isinstance(one, JsonNumber) for one in entry.values()):
        shape.refuse(wrong_type("string"))
    return entry
