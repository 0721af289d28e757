"""The list of pages in the left bar."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from reserves_gui.gui.focus import paint_ring
from reserves_gui.gui.glyphs import Glyph, paint_glyph
from reserves_gui.gui.icons import Icon, paint_icon
from reserves_gui.gui.theme import POINTS, Role, Theme, colour, role_font

Index = QModelIndex | QPersistentModelIndex
_ITEM = 36
_GAP = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One page: name, icon, whether a claim there failed, a number beside it (0: none), and how that is spoken."""

    name: str
    symbol: Icon
    failed: bool = False
    number: int = 0
    spoken: str = ""


class NavigationModel(QAbstractListModel):
    """The pages in order."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__()
        self._entries = list(entries)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One row a page."""
        return 0 if parent.isValid() else len(self._entries)

    def entry(self, row: int) -> Entry:
        """The page of a row."""
        return self._entries[row]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name, and what is spoken."""
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return entry.spoken or entry.name
        return None

    def mark(self, row: int, *, failed: bool, number: int, spoken: str) -> None:
        """Set the mark of a page."""
        self._entries[row] = replace(self._entries[row], failed=failed, number=number, spoken=spoken)
        at = self.index(row)
        self.dataChanged.emit(at, at)


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, model: NavigationModel) -> None:
        super().__init__()
        self._theme = theme
        self._model = model

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(100, _ITEM + _GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = self._theme.tokens
        entry = self._model.entry(index.row())
        state: QStyle.StateFlag = option.state
        box = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -_GAP - 0.5)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(colour(tokens.line) if chosen else Qt.PenStyle.NoPen)
            painter.setBrush(colour(tokens.surface if chosen else tokens.hover))
            painter.drawRoundedRect(box, 8, 8)
        middle = box.center().y()
        icon_box = QRectF(box.left() + 11, middle - 10, 20, 20)
        paint_icon(painter, icon_box, entry.symbol, tokens.accent if chosen else tokens.text2)
        end = box.right() - (28 if entry.failed or entry.number else 4)
        text_box = QRectF(box.left() + 40, box.top(), end - box.left() - 40, box.height())
        font = _fitting(entry.name, int(text_box.width()), chosen=chosen)
        painter.setFont(font)
        painter.setPen(colour(tokens.text if chosen else tokens.text2))
        shown = QFontMetrics(font).elidedText(entry.name, Qt.TextElideMode.ElideRight, int(text_box.width()))
        painter.drawText(text_box, int(Qt.AlignmentFlag.AlignVCenter), shown)
        if entry.failed:
            paint_glyph(painter, QRectF(box.right() - 24, middle - 8, 16, 16), Glyph.FAILED, tokens)
        elif entry.number:
            painter.setFont(role_font(Role.LABEL))
            number_box = QRectF(box.right() - 40, box.top(), 28, box.height())
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(number_box, int(flags), str(entry.number))
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            paint_ring(painter, box, self._theme, radius=8)
        painter.restore()


def _fitting(text: str, room: int, *, chosen: bool) -> QFont:
    """The font of an entry: long words in a wide font are set lighter, then smaller, before they are cut."""
    font = role_font(Role.BODY)
    font.setWeight(font.Weight.DemiBold if chosen else font.Weight.Medium)
    # Eliding counts fractions of pixels, so a text that just fits is taken for one that does not.
    if QFontMetricsF(font).horizontalAdvance(text) > room - 1:
        font.setWeight(font.Weight.Medium)
    if QFontMetricsF(font).horizontalAdvance(text) > room - 1:
        font.setPointSizeF(POINTS[Role.SMALL])
    return font


class Navigation(QListView):
    """The pages; arrow keys walk them."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, entries: Sequence[Entry], name: str) -> None:
        super().__init__()
        self.pages = NavigationModel(entries)
        self._delegate = _Delegate(theme, self.pages)
        self.setModel(self.pages)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(len(entries) * (_ITEM + _GAP) + 2)
        self.selectionModel().currentChanged.connect(lambda now, _before: self.chosen.emit(now.row()))
        theme.changed.connect(self.viewport().update)

    def choose(self, row: int) -> None:
        """Select a page."""
        self.setCurrentIndex(self.pages.index(row))
