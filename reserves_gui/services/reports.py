"""Reports: made from a verdict, written as JSON, HTML, PDF or text, kept in the data folder and read back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reserves_gui import __version__
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import DEFAULT_LANGUAGE, say
from reserves_gui.plain_json import load_plain
from reserves_gui.progress import Progress
from reserves_gui.report import canonical
from reserves_gui.report.decoding import decoded_report
from reserves_gui.report.encoding import report_json
from reserves_gui.report.html import html_report
from reserves_gui.report.model import Disclosure, Report, Settings
from reserves_gui.report.pdf_data import sealed_pdf
from reserves_gui.report.redaction import (
    Private,
    redacted,
    redacted_settings,
    removed,
    secrets_of,
    with_names,
    without_secrets,
)
from reserves_gui.report.sheet import Sheet, sheet
from reserves_gui.report.text import text_report
from reserves_gui.services.keeping import data_folder
from reserves_gui.services.pdf_process import drawn_pdf
from reserves_gui.services.report_files import ReportFile, ReportKind, read_report_file
from reserves_gui.services.root_logs import head_line
from reserves_gui.services.verify import VerifyRequest, published_of
from reserves_gui.services.writing import write_atomically
from reserves_gui.verdict import InputRecord, Verdict

_OUTSIDE_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
_NAME_PART = 48
_SAVED_LISTED = 10_000


def make_report(
    verdict: Verdict,
    request: VerifyRequest,
    *,
    disclosure: Disclosure,
    created: datetime,
    progress: Progress,
) -> Report:
    """The report of ``verdict``, which ``request`` was answered with. No value only the user knows gets into it.

    Raises ``input.*`` if a published file cannot be read any more.
    """
    secrets = secrets_of(request.user)
    given = settings_of(request, progress)
    shown = without_secrets(verdict, secrets)
    made = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if disclosure is Disclosure.FULL:
        return Report(verdict=shown, settings=given, program=__version__, created=made, log_head=_log_head())
    return Report(
        verdict=redacted(shown, with_names(secrets, given.published)),
        settings=redacted_settings(given),
        program=__version__,
        created=made,
        disclosure=disclosure,
        removed=removed(shown, given),
    )


def redacted_copy(report: Report) -> Report:
    """The same report without what identifies the user or her neighbours; a redacted one is returned as it is."""
    if report.disclosure is Disclosure.REDACTED:
        return report
    return replace(
        report,
        verdict=redacted(report.verdict, with_names(Private(()), report.settings.published)),
        settings=redacted_settings(report.settings),
        disclosure=Disclosure.REDACTED,
        removed=removed(report.verdict, report.settings),
        log_head=None,
    )


def _log_head() -> str | None:
    """The head of the root log; none where nothing was logged, or where the log was changed and says nothing."""
    try:
        return head_line()
    except ReservesError:
        return None


def settings_of(request: VerifyRequest, progress: Progress) -> Settings:
    """What a second run needs beside the files; of the values only the user knows, the names."""
    published = []
    for document in published_of(request, progress):
        published.append(InputRecord(document.name, document.sha256, document.size))
        progress.checkpoint()
    return Settings(
        format=request.format,
        roots=tuple(root.strip().lower().removeprefix("0x") for root in request.roots),
        expected=request.expected,
        published=tuple(published),
        user=tuple(sorted(request.user)),
        pins=request.pins,
        proofs=request.proofs,
        chains=request.chains,
        message=request.message,
    )


def kind_of(path: Path) -> ReportKind:
    """The kind a report at ``path`` is written as. Raises ``usage``."""
    suffix = path.suffix.lower().lstrip(".")
    if suffix not in set(ReportKind):
        raise ReservesError(ErrorCode.USAGE, say("report.error.kind"), str(path))
    return ReportKind(suffix)


def write_report(report: Report, path: Path, *, language: str = DEFAULT_LANGUAGE) -> str:
    """Write the report at ``path``, its kind by the suffix, and return its reference.

    Raises ``usage`` (unknown suffix, place that cannot be written, a case file: see ``cases.write_case``) and
    ``report.no_pdf``.
    """
    kind = kind_of(path)
    if kind is ReportKind.CASE:
        raise ReservesError(ErrorCode.USAGE, say("case.needs_evidence"), str(path))
    document = report_json(report)
    write_atomically(path, _written(kind, document, language))
    reference: str = document["reference"]
    return reference


def report_sheet(report: Report, language: str) -> Sheet:
    """The report as ready sentences, for the window and for drawing."""
    document = report_json(report)
    return sheet(_as_read(document), document["reference"], language)


def report_reference(report: Report) -> str:
    """The SHA-256 of the report's canonical content."""
    reference: str = report_json(report)["reference"]
    return reference


def _written(kind: ReportKind, document: dict[str, Any], language: str) -> bytes:
    if kind is ReportKind.JSON:
        return canonical.readable_json(document).encode("utf-8")
    if kind is ReportKind.PDF:
        return sealed_pdf(drawn_pdf(canonical.canonical_bytes(document), language))
    made = sheet(_as_read(document), document["reference"], language)
    return html_report(made, document) if kind is ReportKind.HTML else text_report(made, document)


def _as_read(document: dict[str, Any]) -> Report:
    """The report as its data says it, in the data's order of keys, so that what is shown can be made again from it."""
    return decoded_report(load_plain(canonical.canonical_bytes(document)))


# Saved reports: JSON files of ours in one folder.


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedReport:
    """One saved report as a list shows it. ``states`` maps claim ids to their states, in the contract's order."""

    path: Path
    exchange: str
    format: str
    snapshot: str
    created: str
    reference: str
    disclosure: Disclosure
    verdict: str
    states: Mapping[str, str]


def reports_folder() -> Path:
    """Where reports are saved unless the user says otherwise; made when first needed."""
    return data_folder() / "reports"


def save_report(report: Report, folder: Path | None = None) -> Path:
    """Keep the report among the saved ones. Saving the same content twice keeps one file. Raises ``usage``."""
    place = reports_folder() if folder is None else folder
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        raise ReservesError(ErrorCode.USAGE, say("report.error.write"), str(place)) from None
    path = place / f"{report_name(report)}.json"
    write_report(report, path)
    return path


def report_name(report: Report) -> str:
    """A file name without suffix: words of ours, the snapshot id reduced to plain characters, part of the reference."""
    snapshot = report.verdict.snapshot.id or report.verdict.snapshot.time or ""
    plain = _OUTSIDE_NAMES.sub("-", snapshot).strip(".-")[:_NAME_PART]
    parts = ("reserves", "redacted" if report.disclosure is Disclosure.REDACTED else "report", plain)
    return "-".join((*(part for part in parts if part), report_reference(report)[:12]))


def saved_reports(folder: Path | None = None) -> tuple[SavedReport, ...]:
    """All saved reports that can be read and were not changed, the newest first."""
    place = reports_folder() if folder is None else folder
    found = []
    if place.is_dir():
        for path in sorted(place.glob("*.json"))[:_SAVED_LISTED]:
            try:
                read = read_report_file(path)
            except ReservesError:
                continue
            if read.report is not None and read.reference is not None and not read.changes:
                found.append(_saved(path, read.report, read.reference))
    return tuple(sorted(found, key=lambda one: one.created, reverse=True))


def load_report(path: Path) -> ReportFile:
    """A report file of any kind with the changes found in it. Raises ``input.*``, ``limit.size``, ``format.*``."""
    return read_report_file(path)


def _saved(path: Path, report: Report, reference: str) -> SavedReport:
    verdict = report.verdict
    return SavedReport(
        path=path,
        exchange=verdict.exchange,
        format=verdict.format,
        snapshot=verdict.snapshot.time or verdict.snapshot.id or "",
        created=report.created,
        reference=reference,
        disclosure=report.disclosure,
        verdict=verdict.state.value,
        states={claim.id: claim.state.value for claim in verdict.claims},
    )
