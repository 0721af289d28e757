"""What every table of the window shares: how it is set up, and what stands around the content of a cell."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyleOptionViewItem, QTableView

from reserves_gui.gui.focus import paint_ring
from reserves_gui.gui.theme import Theme, colour


def set_up(table: QTableView, *, name: str, columns: str, row_height: int | None = None) -> None:
    """No grid, no editing, no scrolling sideways; ``columns`` names the heads of the columns for screen readers.

    ``row_height``: one height for all rows in pixels, so that none of them is ever measured.
    """
    table.setAccessibleName(name)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    rows = table.verticalHeader()
    rows.hide()
    if row_height is not None:
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(row_height)
    header = table.horizontalHeader()
    header.setAccessibleName(columns)
    header.setSectionsClickable(False)
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header.setMinimumSectionSize(20)


@contextmanager
def cell(
    painter: QPainter, option: QStyleOptionViewItem, table: QTableView, theme: Theme, *, failed: bool = False
) -> Iterator[QRectF]:
    """The box of a cell, its ground and upper line painted before the content, the ring of the focus after it."""
    tokens = theme.tokens
    box = QRectF(option.rect)
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    painter.save()
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if failed or chosen:
            painter.fillRect(box, colour(tokens.accent_soft if chosen else tokens.failed_soft))
        painter.setPen(colour(tokens.line))
        painter.drawLine(QLineF(box.left(), box.top() + 0.5, box.right() + 1, box.top() + 0.5))
        yield box
        if option.state & QStyle.StateFlag.State_HasFocus and table.hasFocus():
            paint_ring(painter, box.adjusted(1, 1, -1, -1), theme, radius=4)
    finally:
        painter.restore()
