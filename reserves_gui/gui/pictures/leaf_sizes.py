"""Leaf sizes of a whole tree as bars: one routine for the screen, exports and paper (visual.md section 6)."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from reserves_gui.evidence import LeafSizes
from reserves_gui.gui.pictures.type import picture_font
from reserves_gui.gui.theme import Role, Tokens, colour
from reserves_gui.messages import DEFAULT_LANGUAGE
from reserves_gui.services.pictures import Bar, LeafLayout, layout_leaf_sizes


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafSizesModel:
    """What is painted: the sizes of one asset, and the class the pointer is on (counted from the left), if any."""

    sizes: LeafSizes
    asset: str
    language: str = DEFAULT_LANGUAGE
    marked: int | None = None


def placed(rect: QRectF, model: LeafSizesModel) -> LeafLayout:
    """Where everything stands if the picture is painted into ``rect``."""
    return layout_leaf_sizes(
        model.sizes, asset=model.asset, width=rect.width(), height=rect.height(), language=model.language
    )


def paint(painter: QPainter, rect: QRectF, model: LeafSizesModel, tokens: Tokens) -> None:
    """Paint the histogram into ``rect``."""
    layout = placed(rect, model)
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.translate(rect.topLeft())
    painter.setFont(picture_font(Role.SMALL))
    for tick in layout.grid:
        painter.setPen(QPen(colour(tokens.grid), 1))
        painter.drawLine(QPointF(layout.left, tick.at), QPointF(layout.right, tick.at))
        painter.setPen(colour(tokens.text3))
        place = QRectF(0, tick.at - 8, layout.left - 10, 16)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick.text)
    for at, bar in enumerate(layout.bars):
        _bar(painter, bar, tokens, marked=at == model.marked)
    painter.setPen(QPen(colour(tokens.control), 1))
    painter.drawLine(QPointF(layout.left, layout.base), QPointF(layout.right, layout.base))
    painter.setPen(colour(tokens.text3))
    for tick in layout.ticks:
        place = QRectF(tick.at - 60, layout.base + 6, 120, 16)
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, tick.text)
    painter.restore()


def _bar(painter: QPainter, bar: Bar, tokens: Tokens, *, marked: bool) -> None:
    shape = QRectF(bar.x, bar.y, bar.width, bar.height)
    painter.setPen(Qt.PenStyle.NoPen)
    if marked:
        painter.setBrush(colour(tokens.hover))
        painter.drawRect(shape.adjusted(-2, -16, 2, 0))
    painter.setBrush(colour(tokens.accent if bar.own else tokens.series_muted))
    painter.drawRoundedRect(shape, 2, 2)
    if bar.own:
        middle = bar.x + bar.width / 2
        corners = [(middle - 5, bar.y - 12), (middle + 5, bar.y - 12), (middle, bar.y - 4)]
        painter.setBrush(colour(tokens.text))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
