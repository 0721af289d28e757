"""A plain table of texts: arrow keys walk the rows, Ctrl+C copies a cell in full."""

from collections.abc import Mapping

from PySide6.QtCore import QAbstractTableModel, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView

from reserves_gui.gui.theme import Role, role_font
from reserves_gui.gui.widgets.table_look import set_up

_ROW = 32


class PlainTable(QTableView):
    """Rows of one height. ``shares`` are the widths of the columns in hundredths; a column without one is hidden."""

    moved = Signal(int)
    """The current row, -1 where there is none."""
    entered_row = Signal(int)
    """Enter was pressed on a row, or it was clicked twice."""

    def __init__(self, model: QAbstractTableModel, name: str, columns: str, shares: Mapping[int, int]) -> None:
        super().__init__()
        self._shares = dict(shares)
        self.setProperty("kind", "plain")
        self.setModel(model)
        self.setFont(role_font(Role.SMALL))
        set_up(self, name=name, columns=columns, row_height=_ROW)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.doubleClicked.connect(lambda index: self.entered_row.emit(index.row()))
        self.selectionModel().selectionChanged.connect(lambda _now, _before: self.moved.emit(self.current_row))

    @property
    def current_row(self) -> int:
        """The row the keyboard is on, -1 where nothing is selected."""
        return self.currentIndex().row() if self.selectionModel().hasSelection() else -1

    def selected_rows(self) -> list[int]:
        """All rows that are selected, from the top."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns share the width."""
        super().resizeEvent(event)
        width, last = self.viewport().width(), max(self._shares)
        for column in range(self.model().columnCount()):
            share = self._shares.get(column, 0)
            self.setColumnHidden(column, not share)
            self.setColumnWidth(column, width * share // 100)
        self.setColumnWidth(last, width - sum(width * one // 100 for at, one in self._shares.items() if at != last))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the cell the keyboard is on; Enter stands for the row."""
        now = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy) and now.isValid():
            QGuiApplication.clipboard().setText(str(now.data(Qt.ItemDataRole.ToolTipRole) or ""))
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if now.isValid():
                self.entered_row.emit(now.row())
        else:
            super().keyPressEvent(event)
