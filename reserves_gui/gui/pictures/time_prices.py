"""The price line of the chart over time: kept prices only, with an axis of their own at the right, on demand.

Prices of different sources are different lines: nothing is averaged. Only neighbouring prices are joined, and where
nobody told one nothing is drawn.
"""

from collections.abc import Iterator

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from reserves_gui.gui.pictures.time_layout import ChartLayout, Run, Scale, runs
from reserves_gui.gui.pictures.time_model import ChartModel, Value
from reserves_gui.gui.theme import Tokens, colour
from reserves_gui.gui.words import Words

_DOT = 1.5
_LABEL_GAP = 8
# Sources are told apart by their strokes; the colour is one, for it is one figure.
_STROKES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DotLine)


def paint_prices(
    painter: QPainter, layout: ChartLayout, model: ChartModel, tokens: Tokens, labels: list[str], words: Words
) -> None:
    """The lines of all sources over the pane of amounts, and their axis; ``labels`` are those of its ticks."""
    scale = layout.price
    if scale is None:
        return
    for at, values in enumerate(by_source(model.prices)):
        for run in runs(values, layout, scale):
            _run(painter, run, tokens, _STROKES[min(at, len(_STROKES) - 1)])
    _axis(painter, layout, scale, tokens, labels, words)


def by_source(prices: tuple[Value, ...]) -> Iterator[tuple[Value, ...]]:
    """The prices of each source, oldest first, in the order in which sources first told one."""
    for source in dict.fromkeys(one.note for one in prices):
        yield tuple(one for one in prices if one.note == source)


def _run(painter: QPainter, run: Run, tokens: Tokens, stroke: Qt.PenStyle) -> None:
    painter.setPen(QPen(colour(tokens.text3), 1.5, stroke))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for (left, low), (right, high) in zip(run.points, run.points[1:], strict=False):
        painter.drawLine(QLineF(left, low, right, high))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(tokens.text3))
    if len(run.points) == 1:
        painter.drawEllipse(QPointF(*run.points[0]), 2 * _DOT, 2 * _DOT)


def _axis(
    painter: QPainter, layout: ChartLayout, scale: Scale, tokens: Tokens, labels: list[str], words: Words
) -> None:
    left = scale.rect.right() + _LABEL_GAP
    painter.setPen(colour(tokens.text3))
    for tick, text in zip(scale.ticks, labels, strict=True):
        place = QRectF(left, round(scale.y(tick)) - 8.5, layout.legend.right() - left, 18)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
    painter.setPen(colour(tokens.text2))
    unit = QRectF(left, layout.events.top(), layout.legend.right() - left, layout.events.height())
    painter.drawText(unit, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words("window.prices.unit"))


def mark_prices(painter: QPainter, layout: ChartLayout, model: ChartModel, tokens: Tokens) -> None:
    """The prices at the time that is read."""
    if layout.price is None or model.marked is None:
        return
    painter.setBrush(colour(tokens.text3))
    for one in model.prices:
        if one.time == model.marked and one.at is not None:
            painter.drawEllipse(QPointF(layout.x(one.time), layout.price.y(one.at)), 4, 4)
