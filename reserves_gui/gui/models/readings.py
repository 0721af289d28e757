"""The chart over time as a table: time, figure, value, source."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from reserves_gui.gui.pictures.time_model import Reading, iso
from reserves_gui.gui.words import Words

_Index = QModelIndex | QPersistentModelIndex
_COLUMNS = ("time", "figure", "value", "source")


class ReadingsModel(QAbstractTableModel):
    """Read only, oldest first."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._rows: tuple[Reading, ...] = ()

    def show(self, rows: Sequence[Reading]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self._rows = tuple(sorted(rows, key=lambda one: one.time))
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One row a reading."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Four."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Texts."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        one = self._rows[index.row()]
        return (self._words.time(iso(one.time)), one.name, one.text, one.note)[index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """The names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._words(f"window.over_time.column.{_COLUMNS[section]}")
        return None
