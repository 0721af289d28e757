"""The table of listed addresses: glyph and state, chain, address, amount, reason. Rows of one height, any number."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from reserves_gui.gui.glyphs import Glyph, glyph_colour, paint_glyph
from reserves_gui.gui.models.wallets import ADDRESS, AMOUNT, CHAIN, STATE, WHY, Index, WalletModel, row_glyph
from reserves_gui.gui.theme import Role, Theme, colour, role_font
from reserves_gui.gui.widgets.table_look import cell, set_up
from reserves_gui.gui.words import Words

ROW_HEIGHT = 36
_LEFT = 16
_ROWS_SHOWN = 8
_ROWS_LEAST = 4
_CHAIN_WIDTH = 84
_ADDRESS_CHARACTERS = 13
_AMOUNT_CHARACTERS = (19, 23)
"""Room for amount and coin at least and at most, in characters."""
_REASON_WIDTH, _REASON_LEAST = 190, 120
"""What reasons should have before amounts get more than the least, and what they must have."""
_FONTS = {
    STATE: Role.NAME,
    CHAIN: Role.BODY,
    ADDRESS: Role.MONO_SMALL,
    AMOUNT: Role.MONO_SMALL,
    WHY: Role.SMALL,
}


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, model: WalletModel, table: "WalletTableView") -> None:
        super().__init__(table)
        self._theme = theme
        self._model = model
        self._table = table

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(60, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        glyph = row_glyph(self._model.row(index.row()).state)
        with cell(painter, option, self._table, self._theme, failed=glyph is Glyph.FAILED) as box:
            self._content(painter, box, index, glyph)

    def _content(self, painter: QPainter, box: QRectF, index: Index, glyph: Glyph) -> None:
        tokens, column = self._theme.tokens, index.column()
        left = box.left() + 6
        ink = tokens.text if column in {ADDRESS, AMOUNT} else tokens.text2
        if column == STATE:
            left = box.left() + _LEFT
            paint_glyph(painter, QRectF(left, box.center().y() - 8, 16, 16), glyph, tokens)
            left += 24
            ink = glyph_colour(glyph, tokens)
        text = self._model.text(index.row(), column)
        font = role_font(_FONTS[column])
        painter.setFont(font)
        painter.setPen(colour(ink))
        room = QRectF(left, box.top() + 2, box.right() - left - 6, box.height() - 3)
        if column == WHY:
            paint_reason(painter, room, font, self._model.reason(index.row()))
            return
        side = Qt.AlignmentFlag.AlignRight if column == AMOUNT else Qt.AlignmentFlag.AlignLeft
        mode = Qt.TextElideMode.ElideRight if column == STATE else Qt.TextElideMode.ElideMiddle
        if column == AMOUNT:
            shown = self._table.amount_text(index.row(), int(box.width()))
        else:
            shown = QFontMetrics(font).elidedText(text, mode, int(room.width()))
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), shown)


def paint_reason(painter: QPainter, room: QRectF, font: QFont, text: str) -> None:
    """Two lines at most; the tooltip and the list of checks have all of it."""
    metrics = QFontMetrics(font)
    width = int(room.width())
    lines = reason_lines(metrics, text, width)
    height = metrics.height() - 1
    top = room.center().y() - height * len(lines) / 2
    for at, line in enumerate(lines):
        box = QRectF(room.left(), top + at * height, room.width(), height)
        # The boxes are a pixel lower than the letters, so that two lines fit.
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextDontClip.value, line)


def reason_lines(metrics: QFontMetrics, text: str, width: int) -> list[str]:
    """``text`` in at most two lines of ``width`` pixels, with “…” where that is too little."""
    if metrics.horizontalAdvance(text) <= width:
        return [text]
    first = ""
    words = text.split(" ")
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words)
    elided = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)
    return [first, elided] if first else [elided]


class WalletTableView(QTableView):
    """Arrow keys walk the cells; Ctrl+C copies the full value of one."""

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__()
        self.wallets = WalletModel(words)
        self.setModel(self.wallets)
        self.setItemDelegate(_Delegate(theme, self.wallets, self))
        set_up(self, name=words("window.wallets.table"), columns=words("window.columns"), row_height=ROW_HEIGHT)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._words = words
        self._states: tuple[str, ...] = ()
        self.wallets.modelReset.connect(self._fit_height)
        theme.changed.connect(self.viewport().update)
        self._fit_height()

    def show_states(self, states: tuple[str, ...]) -> None:
        """The states that occur: the column is as wide as their words."""
        self._states = states
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns share the width."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """States are never cut; a narrow table leaves out the chain, which the tooltip and the filter have too."""
        width = self.viewport().width()
        names = QFontMetrics(role_font(Role.NAME))
        words = (self._words(f"row.state.{one}") for one in self._states)
        state = _LEFT + 36 + max((names.horizontalAdvance(word) for word in words), default=60)
        mono = QFontMetrics(role_font(Role.MONO_SMALL))
        address = mono.horizontalAdvance("m" * _ADDRESS_CHARACTERS) + 12
        least, most = (mono.horizontalAdvance("m" * count) + 14 for count in _AMOUNT_CHARACTERS)
        narrow = width - state - _CHAIN_WIDTH - address - least < _REASON_LEAST
        self.setColumnHidden(CHAIN, narrow)
        chain = 0 if narrow else _CHAIN_WIDTH
        rest = max(160, width - state - chain - address)
        amount = min(most, max(least, rest - _REASON_WIDTH))
        for column, value in ((STATE, state), (CHAIN, _CHAIN_WIDTH), (ADDRESS, address), (AMOUNT, amount)):
            self.setColumnWidth(column, value)
        self.setColumnWidth(WHY, max(60, width - state - chain - address - amount))

    def amount_text(self, row: int, width: int) -> str:
        """The amount of a row as a column of ``width`` pixels shows it."""
        characters = int((width - 12) / QFontMetricsF(role_font(Role.MONO_SMALL)).horizontalAdvance("0"))
        text = self.wallets.text(row, AMOUNT)
        return text if len(text) <= characters else self.wallets.short_amount(row, characters)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the full value of the current cell."""
        now = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy) and now.isValid():
            QGuiApplication.clipboard().setText(self.wallets.plain(now.row(), now.column()))
        else:
            super().keyPressEvent(event)

    @property
    def shown_rows(self) -> tuple[int, int]:
        """Numbers of the first and the last row in view, counted from 1; (0, 0) if there is none."""
        count = self.wallets.rowCount()
        if not count:
            return 0, 0
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - ROW_HEIGHT // 2)
        return first + 1, (count if last < 0 else last + 1)

    def _fit_height(self) -> None:
        rows = min(max(self.wallets.rowCount(), _ROWS_LEAST), _ROWS_SHOWN)
        self.setFixedHeight(rows * ROW_HEIGHT + self.horizontalHeader().sizeHint().height() + 2)
