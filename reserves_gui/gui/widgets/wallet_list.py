"""The card of listed addresses: filters, table, how many rows are in view, export. Choosing is done off this thread."""

from array import array
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.jobs import Fetch
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button, row
from reserves_gui.gui.widgets.card import Card
from reserves_gui.gui.widgets.choice import Choice
from reserves_gui.gui.widgets.filter_chips import FilterChips
from reserves_gui.gui.widgets.text import label
from reserves_gui.gui.widgets.wallet_table import WalletTableView
from reserves_gui.messages import visible
from reserves_gui.progress import Progress

if TYPE_CHECKING:
    from reserves_gui.services.wallet_table import WalletTable

# While the user types, rows are chosen once she pauses.
_PAUSE_MS = 150


class WalletFilter(QWidget):
    """Chips by state, a choice of chain, a search field."""

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        words, theme = context.words, context.theme
        self._words = words
        self.chips = FilterChips(theme, words)
        self.chain = Choice(theme, words("window.wallets.chain"), kind="field")
        self.chain.setMinimumWidth(144)
        self.search = QLineEdit()
        self.search.setPlaceholderText(words("window.wallets.search"))
        self.search.setAccessibleName(words("window.wallets.search"))
        self.search.setFixedWidth(176)
        self.search.setClearButtonEnabled(True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.changed)
        self.chips.changed.connect(self.changed)
        self.chain.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.search.returnPressed.connect(self.changed)
        line = row(spacing=8)
        line.addWidget(self.chips, 1)
        line.addWidget(self.chain, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.search, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(line)

    def show_table(self, table: "WalletTable") -> None:
        """The states and chains there are; nothing is filtered out."""
        self.blockSignals(True)
        self.chips.clear()
        self.chips.show_counts(table.counts())
        self.search.clear()
        self._pause.stop()
        self.chain.clear()
        self.chain.addItem(self._words("window.wallets.all_chains"), "")
        for chain in table.chains():
            self.chain.addItem(visible(chain)[:24] or "—", chain)
        self.blockSignals(False)


class WalletListCard(Card):
    """Table and foot. ``filter`` stands above the card, set by the panel."""

    def __init__(self, context: Context) -> None:
        super().__init__(margin=1, spacing=0)
        self._context = context
        self._table: WalletTable | None = None
        self._asked: Progress | None = None
        words, theme = context.words, context.theme
        self.filter = WalletFilter(context)
        self.table = WalletTableView(theme, words)
        self.place = label("", Role.SMALL, "text3")
        self.export = Button(theme, words("window.wallets.export"), self._export, size="small", symbol=Icon.DOWNLOAD)
        self.body.setContentsMargins(1, 6, 1, 6)
        self.body.addWidget(self.table)
        foot = row(self.place, None, self.export)
        foot.setContentsMargins(16, 6, 10, 2)
        self.body.addLayout(foot)
        self.filter.changed.connect(self._choose)
        self.table.verticalScrollBar().valueChanged.connect(self._show_place)
        self.table.wallets.modelReset.connect(self._show_place)

    def show_table(self, table: "WalletTable") -> None:
        """Show the rows of ``table``."""
        self._table = table
        self.table.show_states(tuple(state.value for state, count in table.counts().items() if count))
        self.table.wallets.show(table, array("I"))
        self.filter.show_table(table)
        self._choose()

    def forget(self) -> None:
        """The list was closed: its rows are let go of."""
        self._table = None
        self.table.wallets.show(None, array("I"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The foot follows what is in view."""
        super().resizeEvent(event)
        self._show_place()

    def _choose(self) -> None:
        """Choose the rows in a thread; a newer choice gives up the one under way, whose result is not shown."""
        table = self._table
        if table is None:
            return
        from reserves_gui.services.wallet_table import RowChoice

        if self._asked is not None:
            self._asked.cancel()
        asked = self._asked = Progress()
        given = self.filter
        choice = RowChoice(
            states=given.chips.states, chain=str(given.chain.currentData() or ""), text=given.search.text()
        )
        Fetch(lambda: table.chosen(choice, asked), lambda found: self._chosen(asked, found), self)

    def _chosen(self, asked: Progress, found: object) -> None:
        if asked is self._asked and isinstance(found, array):
            self._asked = None
            self.table.wallets.show(self._table, found)
            self.table.scrollToTop()

    def _show_place(self) -> None:
        words, count = self._context.words, self.table.wallets.rowCount()
        first, last = self.table.shown_rows
        if not count:
            self.place.setText(words("window.wallets.no_rows"))
            return
        self.place.setText(
            words("window.wallets.place", first=words.count(first), last=words.count(last), count=words.count(count))
        )

    def _export(self) -> None:
        table, context = self._table, self._context
        if table is None:
            return
        words = context.words
        path, _kind = QFileDialog.getSaveFileName(
            self, words("window.wallets.export_where"), "wallets.csv", "CSV (*.csv)"
        )
        if not path:
            return
        target = Path(path if path.lower().endswith(".csv") else f"{path}.csv")
        numbers, language = self.table.wallets.numbers, words.language

        def work(progress: Progress) -> object:
            from reserves_gui.services.wallet_table import write_rows

            write_rows(table, numbers, target, language=language, progress=progress)
            return target

        context.run(words("window.wallets.exporting", name=target.name), work, lambda _target: None)
