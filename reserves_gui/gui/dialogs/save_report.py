"""Where a report goes: asked for, written in a job, remembered by its path."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from reserves_gui import limits
from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.signing import ask_passphrase
from reserves_gui.gui.session import Result
from reserves_gui.gui.settings import RememberedReport
from reserves_gui.progress import Progress
from reserves_gui.services.report_view import Disclosure, Report
from reserves_gui.services.verify import VerifyRequest

if TYPE_CHECKING:
    from reserves_gui.services.signing import Signer

CASE_SUFFIX = ".reserves"
KINDS = (".pdf", ".html", ".json", ".txt", CASE_SUFFIX)
_OUTSIDE_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Source:
    """How a report is made, the question it answered (a case file keeps its files), and the paths of its evidence."""

    make: Callable[[Progress], Report]
    request: VerifyRequest
    evidence: tuple[str, ...] = ()


def source_of(result: Result, disclosure: Disclosure) -> Source:
    """A result on screen. The files of the bundled examples are not remembered."""

    def make(progress: Progress) -> Report:
        from reserves_gui.services.reports import make_report

        return make_report(
            result.verdict,
            result.request,
            disclosure=disclosure,
            created=dt.datetime.now(dt.UTC),
            progress=progress,
        )

    evidence = () if result.example else (*result.request.files, *result.request.published)
    return Source(make, result.request, evidence)


def save_report(context: Context, result: Result, parent: QWidget) -> None:
    """Ask where, and write."""
    target = asked_target(context, parent, suggested_name(result, "report"))
    if target is not None:
        write(context, source_of(result, Disclosure.FULL), target, parent)


def share_redacted(context: Context, result: Result, parent: QWidget) -> None:
    """Ask where, write the redacted copy, and say what was removed."""
    target = asked_target(context, parent, suggested_name(result, "redacted"))
    if target is not None:
        write_redacted(context, source_of(result, Disclosure.REDACTED), target, parent)


def write_redacted(context: Context, source: Source, target: Path, parent: QWidget) -> None:
    """Write a redacted report at ``target`` and say what was removed."""

    def say_removed(report: Report) -> None:
        from reserves_gui.gui.dialogs.notice import Notice

        words = context.words
        sentences = [words("window.report.removed"), *(f"– {words.render(one)}" for one in report.removed)]
        Notice(context, words("window.report.redacted"), sentences, parent, place=str(target)).show_over()

    write(context, source, target, parent, done=say_removed)


def write(
    context: Context,
    source: Source,
    target: Path,
    parent: QWidget,
    *,
    done: Callable[[Report], None] | None = None,
) -> None:
    """Make a report and write it at ``target`` in a job, signed if the user wants that; its place is remembered."""
    language = context.words.language
    signs, largest = context.settings.signs_reports, context.settings.case_mebibytes * limits.MIB

    def start(passphrase: str | None) -> None:
        def work(progress: Progress) -> object:
            from reserves_gui.services.signing import open_signer, sign_file

            report = source.make(progress)
            signer = open_signer(passphrase) if signs else None
            reference = _written(report, source.request, target, language, signer, largest, progress)
            if signer is not None:
                sign_file(target, signer, reference=reference, signed=report.created)
            return report

        context.run(context.words("window.report.writing", name=target.name), work, written)

    def written(report: object) -> None:
        context.settings.add_report(RememberedReport(str(target.absolute()), source.evidence))
        context.reports_changed()
        if done is not None and isinstance(report, Report):
            done(report)

    if signs:
        ask_passphrase(context, parent, start)
    else:
        start(None)


def _written(
    report: Report,
    request: VerifyRequest,
    target: Path,
    language: str,
    signer: "Signer | None",
    largest: int,
    progress: Progress,
) -> str:
    from reserves_gui.services.reports import write_report

    if target.suffix.lower() != CASE_SUFFIX:
        return write_report(report, target, language=language)
    from reserves_gui.services.cases import CaseOptions, write_case

    return write_case(report, request, target, options=CaseOptions(signer=signer, largest=largest), progress=progress)


def asked_target(context: Context, parent: QWidget, name: str) -> Path | None:
    """Where the user wants it; the chosen kind gives the suffix where she typed none."""
    shown = {suffix: f"{context.words(f'window.reports.kind.{suffix[1:]}')} (*{suffix})" for suffix in KINDS}
    where = context.words("window.report.where")
    chosen, kind = QFileDialog.getSaveFileName(parent, where, name, ";;".join(shown.values()))
    if not chosen:
        return None
    target = Path(chosen)
    if target.suffix.lower() in KINDS:
        return target
    suffix = next((suffix for suffix, text in shown.items() if text == kind), ".pdf")
    return target.with_name(target.name + suffix)


def suggested_name(result: Result, what: str) -> str:
    """A plain file name from the exchange and the snapshot."""
    snapshot = result.verdict.snapshot
    parts = ("reserves", what, result.verdict.exchange, (snapshot.time or snapshot.id or "")[:24])
    plain = (_OUTSIDE_NAMES.sub("-", part).strip(".-") for part in parts)
    return "-".join(part for part in plain if part).lower() + ".pdf"
