"""Where a report goes: asked for, written in a job, remembered by its path."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.session import Result
from reserves_gui.gui.settings import RememberedReport
from reserves_gui.progress import Progress
from reserves_gui.services.report_view import Disclosure, Report

KINDS = {".pdf": "PDF (*.pdf)", ".html": "HTML (*.html)", ".json": "JSON (*.json)", ".txt": "Text (*.txt)"}
_OUTSIDE_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


Make = Callable[[Progress], Report]


def save_report(context: Context, result: Result, parent: QWidget) -> None:
    """Ask where, and write."""
    target = asked_target(context, parent, suggested_name(result, "report"))
    if target is not None:
        write(context, made_of(result, Disclosure.FULL), target, evidence=evidence_of(result))


def share_redacted(context: Context, result: Result, parent: QWidget) -> None:
    """Ask where, write the redacted copy, and say what was removed."""
    target = asked_target(context, parent, suggested_name(result, "redacted"))
    if target is not None:
        write_redacted(context, made_of(result, Disclosure.REDACTED), target, parent, evidence=evidence_of(result))


def made_of(result: Result, disclosure: Disclosure) -> Make:
    """How the report of ``result`` is made."""

    def make(progress: Progress) -> Report:
        from reserves_gui.services.reports import make_report

        return make_report(
            result.verdict,
            result.request,
            disclosure=disclosure,
            created=dt.datetime.now(dt.UTC),
            progress=progress,
        )

    return make


def evidence_of(result: Result) -> tuple[str, ...]:
    """Paths of the files a result rests on; the bundled examples are not remembered."""
    return () if result.example else (*result.request.files, *result.request.published)


def write_redacted(
    context: Context, make: Make, target: Path, parent: QWidget, *, evidence: tuple[str, ...] = ()
) -> None:
    """Write a redacted report at ``target`` and say what was removed."""

    def say_removed(report: Report) -> None:
        from reserves_gui.gui.dialogs.notice import Notice

        words = context.words
        sentences = [words("window.report.removed"), *(f"– {words.render(one)}" for one in report.removed)]
        Notice(context, words("window.report.redacted"), sentences, parent, place=str(target)).show_over()

    write(context, make, target, evidence=evidence, done=say_removed)


def write(
    context: Context,
    make: Make,
    target: Path,
    *,
    evidence: tuple[str, ...] = (),
    done: Callable[[Report], None] | None = None,
) -> None:
    """Make a report and write it at ``target`` in a job; its place and that of its evidence are remembered."""
    language = context.words.language

    def work(progress: Progress) -> object:
        from reserves_gui.services.reports import write_report

        report = make(progress)
        write_report(report, target, language=language)
        return report

    def written(report: object) -> None:
        context.settings.add_report(RememberedReport(str(target.absolute()), evidence))
        context.reports_changed()
        if done is not None and isinstance(report, Report):
            done(report)

    context.run(context.words("window.report.writing", name=target.name), work, written)


def asked_target(context: Context, parent: QWidget, name: str) -> Path | None:
    """Where the user wants it; the chosen kind gives the suffix where she typed none."""
    chosen, kind = QFileDialog.getSaveFileName(
        parent, context.words("window.report.where"), name, ";;".join(KINDS.values())
    )
    if not chosen:
        return None
    target = Path(chosen)
    if target.suffix.lower() in KINDS:
        return target
    suffix = next((suffix for suffix, shown in KINDS.items() if shown == kind), ".pdf")
    return target.with_name(target.name + suffix)


def suggested_name(result: Result, what: str) -> str:
    """A plain file name from the exchange and the snapshot."""
    snapshot = result.verdict.snapshot
    parts = ("reserves", what, result.verdict.exchange, (snapshot.time or snapshot.id or "")[:24])
    plain = (_OUTSIDE_NAMES.sub("-", part).strip(".-") for part in parts)
    return "-".join(part for part in plain if part).lower() + ".pdf"
