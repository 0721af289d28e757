"""The chosen report: what it claims, whether it is still what was written, its evidence, and what can be made of it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from reserves_gui.gui.glyphs import Glyph, of_outcome, of_state
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.models.reports import EXCHANGE, ReportModel
from reserves_gui.gui.session import page_of
from reserves_gui.gui.theme import Role, Theme
from reserves_gui.gui.widgets.buttons import Button, GlyphMark, IconMark, row
from reserves_gui.gui.widgets.card import Card
from reserves_gui.gui.widgets.scroll import Scroll
from reserves_gui.gui.widgets.term import Term
from reserves_gui.gui.widgets.text import Elided, Prose, Rule, Value, label
from reserves_gui.gui.wording import ordered_claims
from reserves_gui.gui.words import Words, shorten
from reserves_gui.messages import visible
from reserves_gui.verdict import Outcome

if TYPE_CHECKING:
    from reserves_gui.services.report_check import EvidenceRow, Finding, ReportCheck
    from reserves_gui.services.report_list import ListedReport
    from reserves_gui.services.report_view import Report

_EXPORTS = (".pdf", ".html", ".json", ".txt")
_CASE = ".reserves"


class ReportDetails(Card):
    """A column that scrolls, with the actions below it always in view."""

    asked = Signal(str)
    """``open`` ``again`` ``evidence`` ``redacted`` ``sign`` ``stamp`` ``forget``, or the suffix of a file to write."""

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__(margin=0, spacing=0)
        self._theme = theme
        self._words = words
        self.body.setContentsMargins(1, 1, 1, 16)
        self._scroll = Scroll(20)
        self._column = self._scroll.column
        self._column.setSpacing(0)
        self._scroll.set_left(20)
        self._content = QWidget()
        self._column.addWidget(self._content)
        self._column.addStretch(1)
        self.body.addWidget(self._scroll, 1)
        self._foot = QVBoxLayout()
        self._foot.setContentsMargins(20, 0, 20, 0)
        self._foot.setSpacing(8)
        self._build_foot()
        self.body.addLayout(self._foot)

    def _build_foot(self) -> None:
        words, theme = self._words, self._theme
        self._foot.addWidget(Rule())
        self.forget = Button(theme, words("window.reports.forget"), self._teller("forget"), kind="link", size="small")
        self._foot.addLayout(row(label(words("window.reports.export"), Role.LABEL, "text2"), None, self.forget))
        grid = QGridLayout()
        grid.setSpacing(8)
        self.exports: dict[str, Button] = {}
        for at, suffix in enumerate(_EXPORTS):
            name = words(f"window.reports.kind.{suffix[1:]}")
            button = Button(theme, name, self._teller(suffix))
            button.setAccessibleName(words("window.reports.export_as", kind=name))
            self.exports[suffix] = button
            grid.addWidget(button, 0, at)
        self._foot.addLayout(grid)
        self.redact = Button(theme, words("window.reports.redacted_copy"), self._teller("redacted"), symbol=Icon.SHARE)
        self.sign = Button(theme, words("window.reports.sign"), self._teller("sign"), symbol=Icon.KEY)
        case = words("window.reports.case")
        self.exports[_CASE] = Button(theme, case, self._teller(_CASE), kind="primary", symbol=Icon.DOWNLOAD)
        self._foot.addWidget(self.exports[_CASE])
        self._foot.addLayout(_shared(self.redact, self.sign))
        self.again = Button(theme, words("window.reports.again"), self._teller("again"), symbol=Icon.REFRESH)
        self.view = Button(theme, words("window.reports.open"), self._teller("open"))
        self._foot.addLayout(_shared(self.again, self.view))
        self.stamp = Button(theme, words("window.reports.stamp"), self._teller("stamp"))
        self.evidence = Button(theme, words("window.reports.evidence_files"), self._teller("evidence"))
        self.evidence.setToolTip(words("window.reports.evidence_tip"))
        self._foot.addLayout(_shared(self.stamp, self.evidence))

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Closer buttons leave more room to read."""
        self._foot.setSpacing(5 if narrow else 8)
        self.body.setContentsMargins(1, 1, 1, 10 if narrow else 16)

    def _teller(self, what: str) -> Callable[[], None]:
        return partial(self.asked.emit, what)

    def show_report(self, listed: "ListedReport", checked: "ReportCheck | None") -> None:
        """Show ``listed`` and, where it was checked again, what that found."""
        old = self._content
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 16, 0, 8)
        column.setSpacing(6)
        self._head(column, listed)
        findings = self._findings(listed, checked)
        for glyph, sentence in findings:
            column.addWidget(Rule())
            column.addLayout(_marked(self._theme, glyph, sentence))
        report = listed.report
        if report is not None:
            self._claims(column, report)
            self._evidence(column, report, checked)
            self._reference(column, listed)
        self._column.replaceWidget(old, self._content)
        old.hide()
        old.deleteLater()
        usable = report is not None
        actions = (self.redact, self.sign, self.again, self.view, self.evidence, self.stamp)
        for button in (*self.exports.values(), *actions):
            button.setEnabled(usable)
        redacted = report is not None and report.disclosure.value == "redacted"
        self.redact.setEnabled(usable and not redacted)

    def _head(self, column: QVBoxLayout, listed: "ListedReport") -> None:
        words, report = self._words, listed.report
        if report is None:
            column.addWidget(Elided(ReportModel(words).text(listed, EXCHANGE), Role.TITLE))
            column.addWidget(Elided(visible(listed.path), Role.SMALL, "text3"))
            return
        verdict = report.verdict
        when = words.short_time(verdict.snapshot.time) if verdict.snapshot.time else visible(verdict.snapshot.id or "")
        title = f"{visible(verdict.exchange)}, {when}" if when else visible(verdict.exchange)
        column.addWidget(Elided(title, Role.TITLE))
        made = words(
            "window.reports.made",
            page=words(f"window.page.{page_of(verdict).value}"),
            time=words.time(report.created),
            version=visible(report.program),
        )
        column.addWidget(Prose(made, Role.SMALL, "text3").selectable())
        column.addWidget(Elided(visible(listed.path), Role.SMALL, "text3"))

    def _findings(self, listed: "ListedReport", checked: "ReportCheck | None") -> list[tuple[Glyph, str]]:
        words = self._words
        if listed.file is None:
            problem = "" if listed.problem is None else words.render(listed.problem)
            return [(Glyph.NOT_CHECKED, problem)]
        stamped = [(Glyph.NOT_CHECKED, words("window.reports.stamped"))] if listed.stamped else []
        if checked is not None:
            kept = [one for one in checked.findings if not _is_row(one)]
            return [*((of_outcome(one.outcome), words.render(one.reason)) for one in kept), *stamped]
        if listed.file.changes:
            return [(Glyph.FAILED, words.render(change)) for change in listed.file.changes]
        found = [(Glyph.VERIFIED, words("report.again.unchanged"))]
        found += [(Glyph.NOT_CHECKED, words.render(remark)) for remark in listed.file.remarks]
        found.append((Glyph.NOT_CHECKED, words("window.reports.not_again")))
        return found + stamped

    def _claims(self, column: QVBoxLayout, report: "Report") -> None:
        words = self._words
        column.addWidget(Rule())
        column.addWidget(label(words("window.claims.title"), Role.LABEL, "text2"))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 2)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        made = [claim for claim in ordered_claims(report.verdict) if claim.checks]
        for at, claim in enumerate(made):
            name = words("window.reports.claim", claim=words.claim(claim.id), state=words.state(claim.state))
            line = _marked(self._theme, of_state(claim.state), name, tip=words.claim_sentence(claim))
            grid.addLayout(line, at // 2, at % 2)
            grid.setColumnStretch(at % 2, 1)
        column.addLayout(grid)

    def _evidence(self, column: QVBoxLayout, report: "Report", checked: "ReportCheck | None") -> None:
        words = self._words
        present: dict[str, bool] = {} if checked is None else {one.record.sha256: one.present for one in _rows(checked)}
        records = [*report.verdict.inputs, *report.settings.published]
        column.addWidget(Rule())
        title = Term(self._theme, words, "evidence", words("window.reports.evidence"), Role.LABEL, "text2")
        count = sum(present.get(record.sha256, False) for record in records)
        told = words("window.reports.evidence_same", count=count, total=len(records)) if checked is not None else ""
        column.addLayout(row(title, None, label(told, Role.SMALL, "text2")))
        for record in records:
            known = present.get(record.sha256)
            glyph = Glyph.NOT_CHECKED if not known else Glyph.VERIFIED
            value = Value(record.sha256, Role.MONO_SMALL, "text2", shown=shorten(record.sha256))
            value.setAccessibleName(f"{visible(record.name)}, SHA-256: {record.sha256}")
            line = row(GlyphMark(self._theme, glyph, 16), Elided(record.name, Role.BODY), value)
            line.setStretch(1, 1)
            column.addLayout(line)
        if report.disclosure.value == "redacted":
            column.addWidget(Rule())
            note = Prose(words("window.reports.redacted_note"), Role.SMALL, "text2")
            note.setToolTip("\n".join(words.render(one) for one in report.removed))
            line = row(IconMark(self._theme, Icon.LOCK, 16, "text2"), note)
            line.setStretch(1, 1)
            column.addLayout(line)

    def _reference(self, column: QVBoxLayout, listed: "ListedReport") -> None:
        reference = None if listed.file is None else listed.file.reference
        if reference is not None:
            column.addWidget(Rule())
            value = Value(reference, Role.MONO_SMALL, "text2")
            value.setAccessibleName(self._words("window.reports.reference_full", reference=reference))
            column.addLayout(row(label(self._words("window.reports.reference"), Role.LABEL, "text2"), None, value))


def _shared(*buttons: Button) -> QGridLayout:
    grid = QGridLayout()
    grid.setSpacing(8)
    for at, button in enumerate(buttons):
        grid.addWidget(button, 0, at)
        grid.setColumnStretch(at, 1)
    return grid


def _marked(theme: Theme, glyph: Glyph, sentence: str, *, tip: str = "") -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 2)
    grid.setHorizontalSpacing(10)
    prose = Prose(sentence, Role.BODY, "text").selectable()
    prose.setToolTip(tip)
    mark = GlyphMark(theme, glyph, 16)
    # A line of 20 px carries its text at the lower edge: the glyph follows.
    mark.setContentsMargins(0, 4, 0, 0)
    mark.setFixedSize(16, 20)
    grid.addWidget(mark, 0, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(prose, 0, 1)
    grid.setColumnStretch(1, 1)
    return grid


def _is_row(finding: "Finding") -> bool:
    """What the rows of evidence show already."""
    return finding.id == "evidence.present" and finding.outcome is Outcome.NOT_CHECKED


def _rows(checked: "ReportCheck") -> "tuple[EvidenceRow, ...]":
    return checked.evidence
