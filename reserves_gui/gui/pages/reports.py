"""Reports: the remembered ones at the left, the chosen one at the right with what checking it again found."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.jobs import Fetch
from reserves_gui.gui.pages.frame import PageFrame
from reserves_gui.gui.settings import RememberedReport
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.between_users import BetweenUsersCard
from reserves_gui.gui.widgets.buttons import Button, IconMark
from reserves_gui.gui.widgets.card import Card, EmptyState
from reserves_gui.gui.widgets.parts import Parts
from reserves_gui.gui.widgets.report_details import ReportDetails
from reserves_gui.gui.widgets.report_table import ReportTable
from reserves_gui.gui.widgets.text import Prose, label
from reserves_gui.progress import Progress

if TYPE_CHECKING:
    from reserves_gui.gui.dialogs.save_report import Source
    from reserves_gui.services.report_check import ReportCheck
    from reserves_gui.services.report_list import ListedReport


class ReportsPage(PageFrame):
    """A list at the left, the chosen report at the right."""

    def __init__(self, context: Context) -> None:
        super().__init__(right=376, right_narrow=320)
        self._context = context
        self._generation = 0
        self._wanted = ""
        self._due = ""
        self._chosen: ListedReport | None = None
        self._checked: dict[str, ReportCheck] = {}
        words, theme = context.words, context.theme
        self.title = label(words("window.page.reports"), Role.HEADLINE)
        self.filter = QLineEdit()
        self.filter.setAccessibleName(words("window.reports.filter"))
        self.filter.setPlaceholderText(words("window.reports.filter"))
        self.open = Button(theme, words("window.reports.open_file"), self.ask_for_report, symbol=Icon.FOLDER)
        self.table = ReportTable(theme, words)
        self.details = ReportDetails(theme, words)
        self.none = Prose(words("window.reports.none_match"), Role.BODY, "text2")
        self._stack = Parts()
        self._build()
        self.filter.textChanged.connect(self._filter)
        self.table.chosen.connect(self._choose)
        self.table.entered_row.connect(lambda: self._act("open"))
        self.details.asked.connect(self._act)
        self.reload()

    def _build(self) -> None:
        words, theme = self._context.words, self._context.theme
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.filter)
        head.addWidget(self.open)
        empty = Card()
        empty.body.addWidget(
            EmptyState(
                theme,
                Icon.REPORT,
                words("window.reports.empty"),
                words("window.reports.empty_sentence"),
                Button(
                    theme, words("window.reports.open_file"), self.ask_for_report, kind="primary", symbol=Icon.FOLDER
                ),
            )
        )
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(empty)
        column.addWidget(BetweenUsersCard(self._context))
        column.addStretch(1)
        self._side = QWidget()
        right = QVBoxLayout(self._side)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.details)
        lists = QWidget()
        line = QHBoxLayout(lists)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(24)
        self._line = line
        line.addLayout(self._left_column(), 1)
        line.addWidget(self._side)
        self._stack.addWidget(holder)
        self._stack.addWidget(lists)
        self.column.setSpacing(0)
        self.column.addLayout(head)
        self.column.addSpacing(16)
        self.column.addWidget(self._stack, 1)
        self.column.addSpacing(16)
        self.set_narrow(False)

    def _left_column(self) -> QVBoxLayout:
        words, theme = self._context.words, self._context.theme
        card = Card(margin=0, spacing=0)
        card.body.setContentsMargins(1, 1, 1, 1)
        card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        card.body.addWidget(self.table)
        self.none.setContentsMargins(16, 16, 16, 16)
        self.none.hide()
        card.body.addWidget(self.none)
        note = Card(margin=16, spacing=2)
        hint = QHBoxLayout()
        hint.setSpacing(16)
        hint.addWidget(IconMark(theme, Icon.INFO, 20, "text2"))
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(label(words("window.reports.note_title"), Role.NAME))
        said.addWidget(Prose(words("window.reports.note"), Role.SMALL, "text2"))
        hint.addLayout(said, 1)
        note.body.addLayout(hint)
        column = QVBoxLayout()
        column.setSpacing(16)
        column.addWidget(card)
        column.addWidget(note)
        column.addWidget(BetweenUsersCard(self._context))
        column.addStretch(1)
        return column

    @property
    def chosen(self) -> "ListedReport | None":
        """The report at the right."""
        return self._chosen

    @property
    def checks(self) -> "Mapping[str, ReportCheck]":
        """What checking reports again found in this run, by path."""
        return self._checked

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact measures."""
        super().set_narrow(narrow)
        self._line.setSpacing(self.gap)
        self._side.setFixedWidth(self.right_width)
        self.filter.setFixedWidth(248)
        self.details.set_narrow(narrow)

    # The list

    def reload(self) -> None:
        """Read the remembered reports again, off the GUI thread; an older reading that ends later is dropped."""
        self._generation += 1
        generation = self._generation
        paths = tuple(one.path for one in self._context.settings.reports)

        def read() -> object:
            from reserves_gui.services.report_list import listed_reports

            return generation, listed_reports(paths)

        Fetch(read, self._loaded, self)

    def show_file(self, path: str, evidence: tuple[str, ...] = ()) -> None:
        """A report was opened: remember it and show it; with evidence beside it, check it again at once."""
        self._context.settings.add_report(RememberedReport(path, evidence))
        self._wanted = path
        self._due = path if evidence else ""
        self.filter.clear()
        self.reload()

    def _loaded(self, found: object) -> None:
        if not isinstance(found, tuple) or found[0] != self._generation:
            return
        reports = found[1]
        before = self._wanted or (self._chosen.path if self._chosen is not None else "")
        self._wanted = ""
        self.table.reports.set_reports(reports)
        self._stack.setCurrentIndex(1 if reports else 0)
        self._filter(self.filter.text(), before)
        due, self._due = self._due, ""
        if self._chosen is not None and self._chosen.path == due and self._chosen.report is not None:
            self.check_again(self._chosen, self._evidence_of(self._chosen))

    def _filter(self, text: str, wanted: str = "") -> None:
        model = self.table.reports
        keep = wanted or (self._chosen.path if self._chosen is not None else "")
        model.set_filter(text)
        self.none.setVisible(model.rowCount() == 0)
        self.table.setVisible(model.rowCount() > 0)
        if model.rowCount():
            self.table.choose(model.row_of(keep) or 0)
        else:
            self._choose(None)

    def _choose(self, listed: "ListedReport | None") -> None:
        self._chosen = listed
        self.details.setVisible(listed is not None)
        if listed is not None:
            self.details.show_report(listed, self._checked.get(listed.path))

    # What the user asks for

    def ask_for_report(self) -> None:
        """Open a report file."""
        for path in self._context.choose_files(self._context.words("window.reports.open_file")):
            self.show_file(path)

    def _act(self, what: str) -> None:
        listed = self._chosen
        if listed is None:
            return
        if what == "forget":
            self._context.settings.forget_report(listed.path)
            self._chosen = None
            self.reload()
        elif listed.report is None:
            return
        elif what == "open":
            self._open(listed)
        elif what == "again":
            self.check_again(listed, self._evidence_of(listed))
        elif what == "evidence":
            paths = self._context.choose_files(self._context.words("window.reports.choose_evidence"))
            if paths:
                self._context.settings.add_report(RememberedReport(listed.path, paths))
                self.check_again(listed, paths)
        elif what == "sign":
            self._sign(listed)
        elif what == "stamp":
            self._stamp(listed)
        elif what == "redacted":
            self._redact(listed)
        else:
            self._export(listed, what)

    def _evidence_of(self, listed: "ListedReport") -> tuple[str, ...]:
        """The files this report was made from, as far as they are still where they were."""
        known = next((one for one in self._context.settings.reports if one.path == listed.path), None)
        return () if known is None else tuple(path for path in known.evidence if Path(path).exists())

    def check_again(self, listed: "ListedReport", evidence: tuple[str, ...]) -> None:
        """Check the report's hashes and, where evidence is there, every check again; in a job."""
        files = [path for path in evidence if not _is_key(path)]
        user = self._asked_values(listed) if files else {}
        if user is None:
            return
        given = user

        def work(progress: Progress) -> object:
            from reserves_gui.services.report_check import CheckRequest, check_report
            from reserves_gui.services.signing import split_keys

            # The public key of whoever signed may lie among the files.
            files, key = split_keys(evidence)
            return check_report(CheckRequest(report=listed.path, evidence=files, user=given, key=key), progress)

        def done(checked: object) -> None:
            from reserves_gui.services.report_check import ReportCheck

            assert isinstance(checked, ReportCheck)
            self._checked[listed.path] = checked
            self._wanted = listed.path
            self.reload()

        title = self._context.words("window.reports.checking", name=Path(listed.path).name)
        self._context.run(title, work, done)

    def _asked_values(self, listed: "ListedReport") -> dict[str, tuple[str, ...]] | None:
        """What only the user knows and the report does not keep; None if she thinks better of it."""
        names = () if listed.report is None else listed.report.settings.user
        if not names:
            return {}
        from reserves_gui.gui.dialogs.own_values import OwnValuesDialog

        dialog = OwnValuesDialog(self._context, names, self)
        return dialog.values() if dialog.exec() else None

    def _open(self, listed: "ListedReport") -> None:
        """Show the report as a page: an HTML file as it is, another kind written as HTML beside the settings."""
        if listed.path.lower().endswith((".html", ".pdf")):
            QDesktopServices.openUrl(QUrl.fromLocalFile(listed.path))
            return
        folder = self._context.settings.folder / "viewed"
        language = self._context.words.language

        def work(_progress: Progress) -> object:
            from reserves_gui.services.reports import write_report

            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            target = folder / f"{Path(listed.path).stem}.html"
            assert listed.report is not None
            write_report(listed.report, target, language=language)
            return target

        def done(target: object) -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(target)))

        self._context.run(self._context.words("window.report.writing", name="HTML"), work, done)

    def _export(self, listed: "ListedReport", suffix: str) -> None:
        words = self._context.words
        name = f"{Path(listed.path).stem}{suffix}"
        chosen, _kind = QFileDialog.getSaveFileName(self, words("window.report.where"), name, f"*{suffix}")
        if chosen:
            target = Path(chosen)
            self.export(listed, target if target.suffix.lower() == suffix else target.with_name(target.name + suffix))

    def export(self, listed: "ListedReport", target: Path) -> None:
        """Write the report again, its kind by the suffix of ``target``; in a job."""
        from reserves_gui.gui.dialogs.save_report import write

        source = self._source(listed)
        if source is not None:
            write(self._context, source, target, self)

    def _redact(self, listed: "ListedReport") -> None:
        from reserves_gui.gui.dialogs.save_report import asked_target

        target = asked_target(self._context, self, f"{Path(listed.path).stem}-redacted.pdf")
        if target is not None:
            self.redact(listed, target)

    def redact(self, listed: "ListedReport", target: Path) -> None:
        """Write a copy that identifies nobody, and say what was removed; in a job."""
        from reserves_gui.gui.dialogs.save_report import write_redacted
        from reserves_gui.services.reports import redacted_copy

        source = self._source(listed)
        if source is not None:
            made = replace(source, make=lambda progress: redacted_copy(source.make(progress)))
            write_redacted(self._context, made, target, self)

    def _source(self, listed: "ListedReport") -> "Source | None":
        """The report as it was read, with the files it rests on as far as they are still there."""
        from reserves_gui.gui.dialogs.save_report import Source
        from reserves_gui.services.verify import VerifyRequest

        report = listed.report
        if report is None:
            return None
        kept = (listed.path,) if listed.file is not None and listed.file.case is not None else ()
        evidence = self._evidence_of(listed)
        files = (*kept, *(path for path in evidence if not _is_key(path)))
        return Source(lambda _progress: report, VerifyRequest(files=files, published=files), evidence)

    def _sign(self, listed: "ListedReport") -> None:
        """Put a signature of the user's own key beside the report."""
        from reserves_gui.gui.dialogs.signing import sign_report

        reference = None if listed.file is None else listed.file.reference
        if reference is not None:
            signed = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            sign_report(self._context, Path(listed.path), reference, signed, self)

    def _stamp(self, listed: "ListedReport") -> None:
        """The time stamp of the report."""
        from reserves_gui.gui.dialogs.time_stamp import TimeStampDialog

        TimeStampDialog(self._context, listed.path, self).show_over()


def _is_key(path: str) -> bool:
    return Path(path).suffix.lower() == ".pub"
