"""The list of reports: one row each, the states of its claims as a row of glyphs."""

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from reserves_gui.gui.glyphs import Glyph, of_state, paint_glyph
from reserves_gui.gui.models.reports import CLAIMS, EXCHANGE, REPORT, SAVED, SNAPSHOT, Index, ReportModel
from reserves_gui.gui.theme import Role, Theme, colour, role_font
from reserves_gui.gui.widgets.table_look import cell, set_up
from reserves_gui.gui.words import Words

_ROW = 44
_STEP = 20
_LEFT = 16
# Shares of the width, in hundredths; a narrow table leaves out what the details say too.
_SHARES = {EXCHANGE: 18, SNAPSHOT: 20, REPORT: 22, CLAIMS: 21, SAVED: 19}
_SHARES_NARROW = {EXCHANGE: 22, SNAPSHOT: 27, CLAIMS: 26, SAVED: 25}
_NARROW = 520


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, model: ReportModel, table: "ReportTable") -> None:
        super().__init__(table)
        self._theme = theme
        self._model = model
        self._table = table

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(60, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one = self._model.report(index.row())
        with cell(painter, option, self._table, self._theme) as box:
            left = box.left() + (_LEFT if index.column() == EXCHANGE else 6)
            if index.column() == CLAIMS and one.problem is None:
                self._claims(painter, box, left, index.row())
            else:
                self._text(painter, box, left, index)

    def _text(self, painter: QPainter, box: QRectF, left: float, index: Index) -> None:
        tokens = self._theme.tokens
        one = self._model.report(index.row())
        font = role_font(Role.NAME if index.column() == EXCHANGE else Role.BODY)
        bad = index.column() == (SNAPSHOT if one.report is None else CLAIMS) and one.problem is not None
        painter.setFont(font)
        painter.setPen(colour(tokens.failed if bad else tokens.text if index.column() == EXCHANGE else tokens.text2))
        if bad and one.report is not None:
            paint_glyph(painter, QRectF(left, box.center().y() - 8, 16, 16), Glyph.FAILED, tokens)
            left += 22
        room = box.right() - left - 4
        mode = Qt.TextElideMode.ElideMiddle if index.column() == EXCHANGE else Qt.TextElideMode.ElideRight
        if bad and one.report is None:
            room = self._table.viewport().width() - left - 8
        text = QFontMetrics(font).elidedText(str(index.data() or ""), mode, int(room))
        painter.setClipping(False)
        painter.drawText(QRectF(left, box.top(), room, box.height()), int(Qt.AlignmentFlag.AlignVCenter), text)

    def _claims(self, painter: QPainter, box: QRectF, left: float, row: int) -> None:
        claims = self._model.claims(row)
        most = max(1, int((box.width() - 6) // _STEP))
        for at, claim in enumerate(claims[:most]):
            place = QRectF(left + at * _STEP, box.center().y() - 8, 16, 16)
            paint_glyph(painter, place, of_state(claim.state), self._theme.tokens)


class ReportTable(QTableView):
    """Arrow keys walk the rows; Enter opens one."""

    chosen = Signal(object)
    """The :class:`ListedReport` of the current row, or None."""
    entered_row = Signal()

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__()
        self.reports = ReportModel(words)
        self.setModel(self.reports)
        self.setItemDelegate(_Delegate(theme, self.reports, self))
        set_up(self, name=words("window.page.reports"), columns=words("window.columns"), row_height=_ROW)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.selectionModel().currentRowChanged.connect(self._moved)
        self.doubleClicked.connect(lambda _index: self.entered_row.emit())
        self.reports.modelReset.connect(self._fit_height)
        theme.changed.connect(self.viewport().update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns share the width."""
        super().resizeEvent(event)
        width = self.viewport().width()
        narrow = width < _NARROW
        self.setColumnHidden(REPORT, narrow)
        shares = _SHARES_NARROW if narrow else _SHARES
        widths = {column: width * share // 100 for column, share in shares.items()}
        widths[SNAPSHOT] += width - sum(widths.values())
        for column, value in widths.items():
            self.setColumnWidth(column, value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the report of the row."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered_row.emit()
        else:
            super().keyPressEvent(event)

    def choose(self, row: int) -> None:
        """Make a row the current one."""
        self.setCurrentIndex(self.reports.index(row, 0))

    def _moved(self, now: QModelIndex, _before: QModelIndex) -> None:
        self.chosen.emit(self.reports.report(now.row()) if now.isValid() else None)

    def sizeHint(self) -> QSize:
        """As high as its rows, as far as there is room."""
        return QSize(400, self.reports.rowCount() * _ROW + self.horizontalHeader().sizeHint().height() + 2)

    def minimumSizeHint(self) -> QSize:
        """Three rows."""
        return QSize(300, min(3, self.reports.rowCount()) * _ROW + self.horizontalHeader().sizeHint().height() + 2)

    def _fit_height(self) -> None:
        self.updateGeometry()
