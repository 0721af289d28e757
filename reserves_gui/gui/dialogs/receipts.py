"""Receipts: hold what several customers were shown of one snapshot against each other, and give away one's own."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QVBoxLayout, QWidget
from shiboken6 import isValid

from reserves_gui.evidence import Grouping
from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.dropping import local_paths
from reserves_gui.gui.glyphs import Glyph
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.session import Result
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button, IconButton, IconMark, StateLabel, row
from reserves_gui.gui.widgets.scroll import Scroll
from reserves_gui.gui.widgets.term import Term
from reserves_gui.gui.widgets.text import Elided, Prose, Rule, Value, label
from reserves_gui.progress import Progress
from reserves_gui.verdict import State

if TYPE_CHECKING:
    from reserves_gui.services.receipts import ReceiptComparison, ShownConflict

_GLYPHS = {State.FAILED: Glyph.FAILED, State.VERIFIED: Glyph.NOT_CHECKED, State.UNDECIDED: Glyph.UNDECIDED}
"""No conflict among a few receipts is no proof of anything: it gets no tick."""


class ReceiptsDialog(Dialog):
    """Files above, what comparing them found below. Files may be dropped on it."""

    def __init__(
        self, context: Context, files: tuple[str, ...], parent: QWidget | None, *, own: Result | None = None
    ) -> None:
        words = context.words
        super().__init__(context, words("window.receipts.title"), words("window.receipts.sentence"), parent, width=640)
        self.setMinimumHeight(440)
        self.setAcceptDrops(True)
        self._own = own
        self.files: list[str] = []
        self.comparison: ReceiptComparison | None = None
        self._scroll = Scroll(12)
        self._scroll.column.setSpacing(8)
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self._found = QVBoxLayout()
        self._found.setSpacing(8)
        # Only their owners know whether files that name no snapshot are of one.
        self.same = QCheckBox(words("window.receipts.same"))
        self.same.hide()
        self.same.toggled.connect(lambda _on: self._changed())
        self._scroll.column.addLayout(self._list)
        self._scroll.column.addWidget(self.same)
        self._scroll.column.addWidget(Rule())
        self._scroll.column.addLayout(self._found)
        self._scroll.column.addStretch(1)
        add = Button(context.theme, words("window.receipts.add"), self._ask, symbol=Icon.PLUS)
        self.keep_own = Button(context.theme, words("window.receipts.own"), self._ask_own, symbol=Icon.DOWNLOAD)
        self.keep_own.setVisible(own is not None)
        term = Term(context.theme, words, "receipt", words("window.receipts.term"), Role.BODY, "text2")
        self.body.addLayout(row(add, self.keep_own, None, term))
        if own is not None:
            # Before it is given away, not after.
            self.body.addWidget(Prose(words("receipt.privacy"), Role.SMALL, "text3"))
        self.body.addWidget(self._scroll, 1)
        self.evidence = self.add_button(words("window.receipts.evidence"))
        self.evidence.clicked.connect(self._ask_evidence)
        self.add_closing()
        self.add_files(files)

    def add_files(self, paths: tuple[str, ...]) -> None:
        """Take more files and compare all of them."""
        self.files += [path for path in paths if path not in self.files]
        self._changed()

    def _remove(self, path: str) -> None:
        self.files.remove(path)
        self._changed()

    def _changed(self) -> None:
        _empty(self._list)
        for path in self.files:
            name = Path(path).name
            drop = IconButton(
                self.context.theme,
                Icon.CLOSE,
                self.context.words("window.receipts.remove", name=name),
                lambda gone=path: self._remove(gone),  # type: ignore[misc]
                small=True,
            )
            line = QWidget()
            inside = row(IconMark(self.context.theme, Icon.FILE, 16, "text2"), Elided(name, Role.BODY), drop)
            inside.setStretch(1, 1)
            line.setLayout(inside)
            self._list.addWidget(line)
        self.comparison = None
        if not self.files:
            self._say(self.context.words("window.receipts.two"))
        else:
            self._compare()
        self.evidence.setEnabled(False)

    def _compare(self) -> None:
        words, files = self.context.words, tuple(self.files)
        grouping = self._grouping()
        self._say(words("window.receipts.running"))

        def work(progress: Progress) -> object:
            from reserves_gui.services.receipts import compare_files

            return files, compare_files(files, progress, grouping=grouping)

        def done(found: object) -> None:
            assert isinstance(found, tuple)
            if isValid(self) and found[0] == tuple(self.files) and self._grouping() is grouping:
                self.show_comparison(found[1])

        self.context.run(words("window.receipts.job"), work, done)

    def _grouping(self) -> Grouping:
        return Grouping.SAID if self.same.isChecked() else Grouping.NAMED

    def show_comparison(self, comparison: "ReceiptComparison") -> None:
        """Say what was found; a conflict names both files and what each of them says."""
        from reserves_gui.services.receipt_odds import odds_sentences

        self.comparison = comparison
        words = self.context.words
        if len(self.files) < 2 and not comparison.conflicts:
            # One file alone can only differ from what was kept.
            self._say(words("window.receipts.two"))
            return
        _empty(self._found)
        sentence = words(
            f"receipt.result.{comparison.state.value}",
            compared=comparison.compared,
            count=len(comparison.conflicts),
        )
        word = words(f"window.receipts.state.{comparison.state.value}")
        self._found.addWidget(StateLabel(self.context.theme, _GLYPHS[comparison.state], word))
        self._found.addWidget(Prose(sentence, Role.BODY, "text").selectable())
        if comparison.apart:
            self._found.addWidget(Prose(words("receipt.apart", count=comparison.apart), Role.BODY, "text").selectable())
        self.same.setVisible(bool(comparison.apart) or self.same.isChecked())
        if comparison.odds is not None and not comparison.conflicts:
            for told_odds in odds_sentences(comparison.odds):
                self._found.addWidget(Prose(words.render(told_odds), Role.SMALL, "text2").selectable())
        for one in comparison.conflicts:
            self._found.addWidget(_conflict(self.context, one))
        if comparison.alerts:
            told = words("receipt.alert_kept", count=len(comparison.alerts))
            self._found.addWidget(Prose(told, Role.BODY, "text").selectable())
        for name in comparison.unusable:
            self._found.addWidget(Prose(words("receipt.unusable", name=name), Role.SMALL, "text2").selectable())
        self.evidence.setEnabled(bool(comparison.conflicts))

    def _say(self, text: str) -> None:
        _empty(self._found)
        self._found.addWidget(Prose(text, Role.BODY, "text2"))

    # Files written

    def _ask(self) -> None:
        self.add_files(self.context.choose_files(self.context.words("window.receipts.choose")))

    def _ask_evidence(self) -> None:
        title = self.context.words("window.receipts.evidence")
        chosen, _kind = QFileDialog.getSaveFileName(self, title, "reserves-conflict.json", "JSON (*.json)")
        if chosen:
            self.write_evidence(Path(chosen))

    def write_evidence(self, target: Path) -> None:
        """Write the evidence of a conflict, for others to compare again; in a job."""
        comparison = self.comparison
        if comparison is None:
            return

        def work(_progress: Progress) -> object:
            from reserves_gui.services.receipts import write_evidence

            write_evidence(comparison, target)
            return target

        def done(_target: object) -> None:
            said = self.context.words("receipt.evidence_written", path=target.name)
            self._tell(self.context.words("window.receipts.evidence_saved"), said, target)

        self.context.run(self.context.words("window.report.writing", name=target.name), work, done)

    def _tell(self, title: str, said: str, place: Path) -> None:
        if isValid(self):
            from reserves_gui.gui.dialogs.notice import Notice

            Notice(self.context, title, [said], self, place=str(place)).show_over()

    def _ask_own(self) -> None:
        title = self.context.words("window.receipts.own")
        code = self.context.words("window.receipts.code")
        kinds = f"JSON (*.json);;{code} (*.svg);;{code} (*.png)"
        chosen, _kind = QFileDialog.getSaveFileName(self, title, "reserves-receipt.json", kinds)
        if chosen:
            self.write_own(Path(chosen))

    def write_own(self, target: Path) -> None:
        """Write the receipt of the result on screen, and say what it gives away; in a job."""
        own = self._own
        if own is None:
            return
        request = own.request

        def work(progress: Progress) -> object:
            from reserves_gui.services.receipt_files import write_receipt
            from reserves_gui.services.receipts import export_receipt

            receipt = export_receipt(request, progress, seen=dt.datetime.now(dt.UTC).date().isoformat())
            # Only the header fits a code that a telephone can read.
            write_receipt(receipt.short() if target.suffix.lower() in {".svg", ".png"} else receipt, target)
            return target

        def done(_target: object) -> None:
            words = self.context.words
            self._tell(words("window.receipts.saved"), words("receipt.privacy"), target)

        self.context.run(self.context.words("window.report.writing", name=target.name), work, done)

    # What Qt says

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped here."""
        if local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Compare what was dropped too."""
        event.acceptProposedAction()
        self.add_files(local_paths(event.mimeData()))


def _conflict(context: Context, one: "ShownConflict") -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addWidget(Rule())
    head = row(StateLabel(context.theme, Glyph.FAILED, context.words(f"window.receipts.kind.{one.kind}")), None)
    column.addLayout(head)
    column.addWidget(Prose(context.words.render(one.reason), Role.BODY, "text").selectable())
    for name, said in zip(one.files, (one.first, one.second), strict=True):
        column.addWidget(label(name or context.words("receipt.kept"), Role.SMALL, "text3"))
        value = Value(said, Role.MONO_SMALL)
        value.setWordWrap(" " in said)
        column.addWidget(value)
    return box


def _empty(column: QVBoxLayout) -> None:
    while column.count():
        item = column.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
