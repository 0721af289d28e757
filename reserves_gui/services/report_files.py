"""Reading a report back from any of its kinds of file, and what its hashes say about changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from reserves_gui import __version__, limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.case_file import CaseFile
from reserves_gui.intake.json_gate import JsonNumber, JsonValue, parse_json
from reserves_gui.intake.opening import open_case, open_path
from reserves_gui.messages import LANGUAGES, Message, say
from reserves_gui.progress import Progress, silent
from reserves_gui.report import canonical
from reserves_gui.report.decoding import decoded_report
from reserves_gui.report.encoding import content_json, envelope
from reserves_gui.report.html import html_data, html_language, html_report, html_seal_holds
from reserves_gui.report.model import Report
from reserves_gui.report.pdf_data import pdf_data, pdf_seal_holds
from reserves_gui.report.sheet import sheet
from reserves_gui.report.text import text_data, text_report, text_seal_holds


class ReportKind(StrEnum):
    """The kinds of file a report is written as, by their suffix."""

    JSON = "json"
    HTML = "html"
    PDF = "pdf"
    TEXT = "txt"
    CASE = "reserves"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """A report file as read. ``report`` is None where its data cannot be read any more.

    ``changes`` are all differences found between what the file is and what was written; ``remarks`` what could not
    be compared. ``case`` is the whole case file where it is one; its newest report is the report.
    """

    path: str
    kind: ReportKind
    report: Report | None
    document: Mapping[str, Any] | None
    changes: tuple[Message, ...]
    remarks: tuple[Message, ...] = ()
    case: CaseFile | None = None

    @property
    def reference(self) -> str | None:
        """The reference the file carries."""
        found = None if self.document is None else self.document.get("reference")
        return found if isinstance(found, str) else None


_MARKS = (b"reserves/report/", b"reserves-file", b"report-data", b"RESERVES REPORT", b"%reserves-file")
_STARTS = {b"{": ReportKind.JSON, b"<": ReportKind.HTML, b"%": ReportKind.PDF}
_INTEGER_CHARACTERS = 20


def read_report_file(path: Path, progress: Progress | None = None) -> ReportFile:
    """Read the report at ``path`` and look for changes. Raises ``input.*``, ``limit.size``, ``format.*``."""
    case = open_case(path, progress or silent())
    if case is not None:
        return _of_case(path, case)
    documents = open_path(path)
    if len(documents) != 1:
        raise ReservesError(ErrorCode.FORMAT_UNRECOGNISED, say("report.error.no_report"), str(path))
    data = documents[0].read(limits.JSON_GLOBAL_BYTES)
    return _of_data(path, _kind(path, data), data)


def _of_case(path: Path, case: CaseFile) -> ReportFile:
    """The newest report in the case, and every change of the case itself."""
    if case.manifest is None or case.changes:
        return ReportFile(
            path=str(path), kind=ReportKind.CASE, report=None, document=None, changes=case.changes, case=case
        )
    newest = case.manifest.reports[-1]
    found = _of_data(path, ReportKind.JSON, case.members[newest.path].read(limits.JSON_GLOBAL_BYTES))
    if found.reference != newest.reference:
        found = replace(found, changes=(*found.changes, say("case.changed.manifest")))
    return replace(found, kind=ReportKind.CASE, case=case)


def _of_data(path: Path, kind: ReportKind, data: bytes) -> ReportFile:
    embedded = _embedded(kind, data)
    changes = [] if _seal_holds(kind, data) else [say("report.again.changed.file")]
    document = None if embedded is None else _parsed(embedded)
    if document is None:
        changes.append(say("report.again.changed.data"))
        return ReportFile(path=str(path), kind=kind, report=None, document=None, changes=tuple(changes))
    changes += _hash_changes(document)
    try:
        report = decoded_report(document)
    except ReservesError as error:
        if not changes:
            raise error.inside(path.name) from None
        return ReportFile(path=str(path), kind=kind, report=None, document=document, changes=tuple(changes))
    remarks: list[Message] = []
    if report.program != __version__:
        remarks.append(say("report.again.other_version", version=report.program[:40]))
    elif not changes:
        changes += _content_changes(report, document)
        changes += _shown_changes(kind, data, report, document)
    if kind is ReportKind.PDF:
        remarks.append(say("report.again.pdf_pages"))
    return ReportFile(
        path=str(path), kind=kind, report=report, document=document, changes=tuple(changes), remarks=tuple(remarks)
    )


def holds_report(data: bytes) -> bool:
    """Whether ``data`` is one of the four kinds of report file: it carries a mark of ours and data behind it."""
    if not any(mark in data for mark in _MARKS):
        return False
    start = data.lstrip()[:1]
    kind = _STARTS.get(start, ReportKind.TEXT)
    if kind is ReportKind.JSON:
        return b'"reserves/report/' in data
    return _embedded(kind, data) is not None


def parse_report(data: bytes) -> Report:
    """The report in a JSON document whose hashes hold. Raises ``format.shape`` if they do not."""
    document = _parsed(data)
    if document is None or _hash_changes(document):
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("report.again.changed.data"))
    return decoded_report(document)


def _kind(path: Path, data: bytes) -> ReportKind:
    if not any(mark in data for mark in _MARKS):
        raise ReservesError(ErrorCode.FORMAT_UNRECOGNISED, say("report.error.no_report"), path.name)
    suffix = path.suffix.lower().lstrip(".")
    if suffix in set(ReportKind) - {ReportKind.CASE}:
        return ReportKind(suffix)
    return _STARTS.get(data.lstrip()[:1], ReportKind.TEXT)


def _embedded(kind: ReportKind, data: bytes) -> bytes | None:
    if kind is ReportKind.JSON:
        return data
    if kind is ReportKind.HTML:
        return html_data(data)
    if kind is ReportKind.PDF:
        return pdf_data(data, limits.JSON_GLOBAL_BYTES)
    return text_data(data, limits.JSON_GLOBAL_BYTES)


def _seal_holds(kind: ReportKind, data: bytes) -> bool:
    """JSON carries no hash of its bytes: the same content may be spelled in another order."""
    if kind is ReportKind.JSON:
        return True
    if kind is ReportKind.HTML:
        return html_seal_holds(data)
    return pdf_seal_holds(data) if kind is ReportKind.PDF else text_seal_holds(data)


def _parsed(data: bytes) -> dict[str, Any] | None:
    if len(data) > limits.JSON_GLOBAL_BYTES:
        raise ReservesError(ErrorCode.LIMIT_SIZE, say("report.error.too_large", limit=limits.JSON_GLOBAL_BYTES))
    try:
        value = _with_integers(parse_json(data, "report"))
    except (ReservesError, _NoInteger):
        return None
    return value if isinstance(value, dict) else None


class _NoInteger(Exception):  # noqa: N818 - caught where it is raised for
    """A number that no report holds: a fraction, an exponent, a leading zero."""


def _with_integers(value: JsonValue) -> Any:
    """Numbers as integers; the gate has bounded the depth."""
    if isinstance(value, JsonNumber):
        if len(value) > _INTEGER_CHARACTERS or not value.lstrip("-").isdecimal() or str(int(value)) != value:
            raise _NoInteger
        return int(value)
    if isinstance(value, dict):
        return {key: _with_integers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_integers(item) for item in value]
    return value


def _hash_changes(document: dict[str, Any]) -> list[Message]:
    changes = []
    if document.get("reference") != canonical.reference(document.get("content")):
        changes.append(say("report.again.changed.reference"))
    if document.get("envelope") != envelope(document):
        changes.append(say("report.again.changed.envelope"))
    return changes


def _content_changes(report: Report, document: Mapping[str, Any]) -> list[Message]:
    """Stated results that the checks beside them do not give: every state is derived, so it can be derived again."""
    if canonical.canonical_bytes(content_json(report)) == canonical.canonical_bytes(document["content"]):
        return []
    return [say("report.again.changed.states")]


def _shown_changes(kind: ReportKind, data: bytes, report: Report, document: dict[str, Any]) -> list[Message]:
    """HTML and text are written again from their data and compared, in every language there is."""
    if kind not in (ReportKind.HTML, ReportKind.TEXT):
        return []
    reference = document["reference"]
    if kind is ReportKind.HTML:
        language = html_language(data)
        if language in LANGUAGES and html_report(sheet(report, reference, language), document) == data:
            return []
        return [say("report.again.changed.shown")]
    unix = data.replace(b"\r\n", b"\n")
    if any(text_report(sheet(report, reference, one), document) == unix for one in LANGUAGES):
        return []
    return [say("report.again.changed.shown")]
