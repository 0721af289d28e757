"""The table of all checks: glyph and name with the reason under it, expected and seen side by side."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from reserves_gui.gui.glyphs import of_outcome, paint_glyph
from reserves_gui.gui.models.checks import CHECK, EXPECTED, SEEN, CheckModel, Index
from reserves_gui.gui.theme import Role, Theme, colour, role_font
from reserves_gui.gui.widgets.table_look import cell, set_up
from reserves_gui.gui.words import Words, shorten
from reserves_gui.verdict import Outcome, Verdict

_TEXT_LEFT = 42
_TOP = 8
_VALUE_WIDTH = 124
_WRAP = int(Qt.TextFlag.TextWordWrap)


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, model: CheckModel, table: "CheckTable") -> None:
        super().__init__(table)
        self._theme = theme
        self._model = model
        self._table = table

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        width = self._table.columnWidth(CHECK) - _TEXT_LEFT - 8
        reason = QFontMetrics(role_font(Role.SMALL)).boundingRect(
            QRect(0, 0, max(width, 40), 10_000), _WRAP, self._model.reason(index.row())
        )
        name = QFontMetrics(role_font(Role.NAME)).boundingRect(
            QRect(0, 0, max(width, 40), 10_000), _WRAP, self._model.name(index.row())
        )
        return QSize(40, _TOP * 2 + name.height() + 2 + reason.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = self._theme.tokens
        failed = self._model.check(index.row()).outcome is Outcome.FAILED
        with cell(painter, option, self._table, self._theme, failed=failed) as box:
            if index.column() == CHECK:
                self._name(painter, box, index.row())
                return
            value = str(index.data() or "")
            bad = failed and index.column() == SEEN
            font = role_font(Role.MONO_FAILED if bad else Role.MONO_SMALL)
            painter.setFont(font)
            painter.setPen(colour(tokens.failed if bad else tokens.text))
            metrics = QFontMetrics(font)
            room = int(box.width()) - 10
            text = shorten(value) if len(value) > 24 and " " not in value else value
            text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room)
            place = QRectF(box.left() + 4, box.top() + _TOP, room, 18)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), text)

    def _name(self, painter: QPainter, box: QRectF, row: int) -> None:
        tokens = self._theme.tokens
        paint_glyph(
            painter,
            QRectF(box.left() + 16, box.top() + _TOP + 1, 16, 16),
            of_outcome(self._model.check(row).outcome),
            tokens,
        )
        font = role_font(Role.NAME)
        painter.setFont(font)
        painter.setPen(colour(tokens.text))
        width = box.width() - _TEXT_LEFT - 8
        rest = QRectF(box.left() + _TEXT_LEFT, box.top() + _TOP, width, box.height() - _TOP)
        used = painter.boundingRect(rest, _WRAP, self._model.name(row))
        painter.drawText(rest, _WRAP, self._model.name(row))
        painter.setFont(role_font(Role.SMALL))
        painter.setPen(colour(tokens.text2))
        painter.drawText(rest.adjusted(0, used.height() + 2, 0, 0), _WRAP, self._model.reason(row))


class CheckTable(QTableView):
    """As high as its rows: the page scrolls, not the table. Ctrl+C copies the full value of a cell."""

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__()
        self.checks = CheckModel(words)
        self.setModel(self.checks)
        self.setItemDelegate(_Delegate(theme, self.checks, self))
        set_up(self, name=words("window.checks.title"), columns=words("window.columns"))
        self.setWordWrap(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.viewport().update)

    def show_verdict(self, verdict: Verdict) -> None:
        """Show the checks of ``verdict``."""
        self.checks.show(verdict)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows follow the width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the full value of the current cell."""
        if event.matches(QKeySequence.StandardKey.Copy) and self.currentIndex().isValid():
            row, column = self.currentIndex().row(), self.currentIndex().column()
            text = self.checks.reason(row) if column == CHECK else str(self.currentIndex().data())
            QGuiApplication.clipboard().setText(text)
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        values = (EXPECTED, SEEN) if self.checks.has_values else ()
        value = _VALUE_WIDTH if self.viewport().width() > 520 else 104
        for column in (EXPECTED, SEEN):
            self.setColumnHidden(column, column not in values)
            self.setColumnWidth(column, value)
        self.setColumnWidth(CHECK, max(self.viewport().width() - len(values) * value, 120))
        self.resizeRowsToContents()
        rows = sum(self.rowHeight(row) for row in range(self.checks.rowCount()))
        self.setFixedHeight(rows + self.horizontalHeader().sizeHint().height() + 2)
