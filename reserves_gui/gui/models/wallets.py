"""Listed addresses as a table of any length: it holds the numbers of the chosen rows and makes texts when asked."""

from array import array
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from reserves_gui.gui.glyphs import Glyph
from reserves_gui.gui.words import Words
from reserves_gui.messages import visible

if TYPE_CHECKING:
    from reserves_gui.services.wallet_table import RowState, TableRow, WalletTable

Index = QModelIndex | QPersistentModelIndex
STATE, CHAIN, ADDRESS, AMOUNT, WHY = range(5)
_HEADS = (
    "window.wallets.state",
    "window.wallets.chain",
    "window.wallets.address",
    "window.wallets.listed",
    "window.wallets.why",
)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_LEAST_AMOUNT = 9
"""Characters of an amount that are always shown."""
_GLYPHS = {
    "verified": Glyph.VERIFIED,
    "failed": Glyph.FAILED,
    "unsupported": Glyph.NOT_CHECKED,
    "signature_only": Glyph.UNDECIDED,
    "owner_unlinked": Glyph.UNDECIDED,
}


def row_glyph(state: "RowState") -> Glyph:
    """The glyph of a row's state. Only a verified row has the tick."""
    return _GLYPHS[state.value]


class WalletModel(QAbstractTableModel):
    """State, chain, address, listed amount, reason."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._table: WalletTable | None = None
        self._numbers: array[int] = array("I")

    def show(self, table: "WalletTable | None", numbers: "array[int]") -> None:
        """Show the rows at ``numbers`` of ``table``."""
        self.beginResetModel()
        self._table, self._numbers = table, numbers
        self.endResetModel()

    @property
    def numbers(self) -> "array[int]":
        """The numbers of the rows shown, in the order shown."""
        return self._numbers

    def row(self, at: int) -> "TableRow":
        """The row shown at ``at``."""
        assert self._table is not None
        return self._table.row(self._numbers[at])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One row an address."""
        return 0 if parent.isValid() else len(self._numbers)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """State, chain, address, listed, why."""
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Column names."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._words(_HEADS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section == AMOUNT else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Full texts; the delegate shortens what does not fit."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.text(index.row(), index.column()) or self._words("window.wallets.blank")
        if role == Qt.ItemDataRole.ToolTipRole:
            row = self.row(index.row())
            place = self._words("window.wallets.line", line=row.line, file=visible(row.file))
            at = index.row()
            parts = (place, *(self.text(at, column) for column in (CHAIN, ADDRESS, AMOUNT, WHY)))
            return "\n".join(part for part in parts if part)
        return None

    def text(self, at: int, column: int) -> str:
        """What a cell says in full."""
        row, words = self.row(at), self._words
        if column == STATE:
            return words(f"row.state.{row.state.value}")
        if column == CHAIN:
            return visible(row.chain)
        if column == ADDRESS:
            return visible(row.address)
        if column == AMOUNT:
            return f"{words.amount(row.amount)} {visible(row.coin)}" if row.amount else ""
        return words.render(row.reason)

    def reason(self, at: int) -> str:
        """Why a row has its state, in the few words a cell has room for."""
        return self._words.in_row(self.row(at).reason)

    def short_amount(self, at: int, most: int) -> str:
        """An amount in at most ``most`` characters with its coin, which is never the part that gives way."""
        row = self.row(at)
        coin = visible(row.coin)
        return f"{self._words.short_amount(row.amount, max(_LEAST_AMOUNT, most - len(coin) - 1))} {coin}"

    def plain(self, at: int, column: int) -> str:
        """What is copied: amounts without the thousands sign."""
        row = self.row(at)
        return visible(row.amount) if column == AMOUNT else self.text(at, column)
