"""The user's own balances over time: taken over from a CSV file or typed, listed, removed, compared with a file."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLineEdit, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.fetching import FetchingDialog
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.models.rows import RowsModel
from reserves_gui.gui.pictures.time_model import iso
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button, row
from reserves_gui.gui.widgets.expected import AmountField
from reserves_gui.gui.widgets.plain_table import PlainTable
from reserves_gui.gui.widgets.text import Prose, Rule, label
from reserves_gui.messages import visible

if TYPE_CHECKING:
    from reserves_gui.services.journal import JournalEntry
    from reserves_gui.verdict import Verdict

_COLUMNS = ("time", "exchange", "asset", "amount")
_SHARES = {0: 30, 1: 24, 2: 14, 3: 32}


class JournalDialog(FetchingDialog):
    """Entries above, one to add below, and for an open file the time to compare it at."""

    compare = Signal(object)
    """The :class:`JournalBalances` to compare the open file with."""

    def __init__(self, context: Context, parent: QWidget | None, *, verdict: "Verdict | None" = None) -> None:
        words = context.words
        super().__init__(context, words("window.journal.title"), words("window.journal.sentence"), parent, width=680)
        self.changed = False
        """Whether an entry came or went while the dialog was open."""
        self._verdict = verdict
        self.entries: RowsModel[JournalEntry] = RowsModel(
            [words(f"journal.column.{name}") for name in _COLUMNS], self._cells, self
        )
        self.table = PlainTable(self.entries, words("window.journal.table"), words("window.columns"), _SHARES)
        self.table.setMinimumHeight(180)
        self.body.addWidget(self.table, 1)
        self.told = Prose("", Role.SMALL, "text2")
        self.body.addWidget(self.told)
        self.bring = Button(context.theme, words("window.journal.import"), self._ask_import, symbol=Icon.FOLDER)
        self.remove = Button(context.theme, words("window.journal.remove"), self._remove)
        self.remove.setEnabled(False)
        self.body.addLayout(row(self.bring, self.remove, None))
        self.body.addWidget(Rule())
        self.body.addWidget(label(words("window.journal.add_title"), Role.NAME))
        self.time = self._field("journal.column.time")
        self.time.setPlaceholderText("2026-10-31")
        self.exchange = self._field("journal.column.exchange")
        self.exchange.setText("" if verdict is None else visible(verdict.exchange))
        self.asset = self._field("journal.column.asset")
        self.asset.setPlaceholderText("BTC")
        self.amount = AmountField(words("journal.column.amount"))
        self.amount.setPlaceholderText("0.00")
        self.add = Button(context.theme, words("window.journal.add"), self._add)
        self._row_of_fields((self.time, self.exchange, self.asset, self.amount), self.add)
        self._add_comparing()
        self.body.addWidget(self.problem)
        self.add_closing()
        self.table.moved.connect(lambda _row: self.offer())
        self._load()

    def _field(self, key: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(self.context.words(key))
        return field

    def _row_of_fields(self, fields: tuple[QLineEdit, ...], button: Button) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        for at, field in enumerate(fields):
            grid.addWidget(label(field.accessibleName(), Role.SMALL, "text3"), 0, at)
            grid.addWidget(field, 1, at)
            grid.setColumnStretch(at, 1)
        grid.addWidget(button, 1, len(fields))
        self.enter_clicks(button, *fields)
        self.body.addLayout(grid)

    def _add_comparing(self) -> None:
        words = self.context.words
        self.at = self._field("window.journal.at")
        self.at.setPlaceholderText("2026-10-31T00:00:00Z")
        self.whose = self._field("journal.column.exchange")
        self.use = Button(self.context.theme, words("window.journal.compare"), self._compare)
        if self._verdict is None:
            for unused in (self.at, self.whose, self.use):
                unused.setParent(self)
                unused.hide()
            return
        self.body.addWidget(Rule())
        self.body.addWidget(label(words("window.journal.compare_title"), Role.NAME))
        self._row_of_fields((self.at, self.whose), self.use)

    def _cells(self, one: "JournalEntry") -> tuple[str, str, str, str]:
        words = self.context.words
        return words.row_time(iso(one.time)), visible(one.exchange) or "–", visible(one.asset), one.amount

    # Reading and writing

    def _load(self) -> None:
        verdict = self._verdict

        def work() -> object:
            from reserves_gui.services.journal import journal_entries
            from reserves_gui.services.own_balances import snapshot_time

            entries = journal_entries()
            return entries, None if verdict is None else snapshot_time(verdict)

        self.fetch(work, self._loaded)

    def _loaded(self, found: object) -> None:
        assert isinstance(found, tuple)
        entries, time = found
        self.entries.show(tuple(reversed(entries)))
        words = self.context.words
        self.told.set_plain(words("window.journal.count", count=len(entries)))
        if time is not None and not self.at.text():
            self.at.setText(time)
        named = {one.exchange.casefold() for one in entries}
        if self._verdict is not None and self._verdict.exchange.casefold() in named and not self.whose.text():
            self.whose.setText(visible(self._verdict.exchange))

    def offer(self) -> None:
        """Enable what can be done now."""
        for button in (self.bring, self.add, self.use):
            button.setEnabled(self.idle)
        self.remove.setEnabled(self.idle and bool(self.table.selected_rows()))

    # What the user does

    def _ask_import(self) -> None:
        title = self.context.words("window.journal.import")
        chosen, _kind = QFileDialog.getOpenFileName(self, title, "", "CSV (*.csv)")
        if chosen:
            self.take_file(Path(chosen))

    def take_file(self, path: Path) -> None:
        """Take the entries of a CSV file over; those that name no exchange are of the one in the field."""
        exchange = self.exchange.text().strip() or None

        def work() -> object:
            from reserves_gui.services.journal import import_journal

            return import_journal(path, exchange)

        self.fetch(work, self._taken)

    def _add(self) -> None:
        typed = {
            "time": self.time.text(),
            "exchange": self.exchange.text(),
            "asset": self.asset.text(),
            "amount": self.amount.text(),
        }

        def work() -> object:
            from reserves_gui.services.journal import add_entry

            return add_entry(**typed)

        def done(found: object) -> None:
            self._taken(found)
            self.asset.clear()
            self.amount.clear()
            self.asset.setFocus()

        self.fetch(work, done)

    def _taken(self, _found: object) -> None:
        self.changed = True
        self._load()

    def _remove(self) -> None:
        gone = [self.entries.row(at) for at in self.table.selected_rows()]

        def work() -> object:
            from reserves_gui.services.journal import remove_entries

            return remove_entries(gone)

        self.fetch(work, self._taken)

    def _compare(self) -> None:
        moment, exchange = self.at.text(), self.whose.text().strip() or None

        def work() -> object:
            from reserves_gui.services.journal import journal_balances

            return journal_balances(moment, exchange)

        def done(found: object) -> None:
            self.changed = False
            self.compare.emit(found)
            self.accept()

        self.fetch(work, done)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the selected entries out."""
        if event.key() == Qt.Key.Key_Delete and self.focusWidget() is self.table:
            self.remove.click()
        else:
            super().keyPressEvent(event)
