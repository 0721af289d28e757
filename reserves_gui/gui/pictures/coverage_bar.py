"""Coverage of one asset as a bar: one routine for the screen and exports (visual.md section 6).

Ratios stay fractions until a place on the track is computed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPen, QPolygonF

from reserves_gui.gui.pictures.type import picture_font
from reserves_gui.gui.theme import Role, Tokens, colour
from reserves_gui.verdict import State

_TRACK, _BAR, _LEAST = 8.0, 10.0, 4.0
_LINE = 20.0
_UNDECIDED_FILL = 0.28
_STEPS = (1, 2, 5, 10, 20, 50)
_TICKS = 7
_FARTHEST = 200


@dataclass(frozen=True, slots=True)
class Scale:
    """The part of the percentages that all bars show, in whole percents. 100 always lies inside."""

    low: int = 94
    high: int = 108

    def at(self, ratio: Fraction, width: float) -> float:
        """Where a ratio (1 is 100 %) stands on a track of ``width``: outside the scale at its end."""
        part = (ratio * 100 - self.low) / (self.high - self.low)
        return width * float(max(Fraction(0), min(Fraction(1), part)))

    def ticks(self) -> tuple[int, ...]:
        """Round percentages between the ends, 100 among them, seven at most."""
        for step in _STEPS:
            found = tuple(range((self.low // step + 1) * step, self.high, step))
            if len(found) <= _TICKS:
                return found
        return (100,)


def scale_of(ratios: Iterable[Fraction]) -> Scale:
    """The usual part, widened to the ratios: from 0 to 200 % at most, what lies beyond is marked at the end."""
    low, high = Scale().low, Scale().high
    for ratio in ratios:
        low = min(low, floor(ratio * 100) - 1)
        high = max(high, ceil(ratio * 100) + 1)
    return Scale(max(0, low), min(_FARTHEST, high))


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageBar:
    """One asset's interval on ``scale``; an unknown end fades out, without any the track stays bare."""

    state: State
    low: Fraction | None
    high: Fraction | None
    scale: Scale

    @property
    def empty(self) -> bool:
        """Whether neither end is known."""
        return self.low is None and self.high is None


def paint(painter: QPainter, rect: QRectF, model: CoverageBar, tokens: Tokens) -> None:
    """Paint track, interval and the line at 100 % into ``rect``, centred from top to bottom."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.left(), rect.center().y())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(tokens.hover))
    painter.drawRoundedRect(QRectF(0, -_TRACK / 2, rect.width(), _TRACK), _TRACK / 2, _TRACK / 2)
    if not model.empty:
        _interval(painter, rect.width(), model, colour(getattr(tokens, model.state.value)))
    painter.setPen(QPen(colour(tokens.text), 1.5))
    middle = model.scale.at(Fraction(1), rect.width())
    reach = min(_LINE, rect.height()) / 2
    painter.drawLine(QPointF(middle, -reach), QPointF(middle, reach))
    painter.restore()


def _interval(painter: QPainter, width: float, model: CoverageBar, tint: QColor) -> None:
    left = 0.0 if model.low is None else model.scale.at(model.low, width)
    right = width if model.high is None else model.scale.at(model.high, width)
    if right - left < _LEAST:
        left = max(0.0, min(width - _LEAST, (left + right - _LEAST) / 2))
        right = left + _LEAST
    fill = QColor(tint)
    if model.state is State.UNDECIDED:
        fill.setAlphaF(_UNDECIDED_FILL)
    box = QRectF(left, -_BAR / 2, right - left, _BAR)
    radius = min(_BAR, right - left) / 2
    if model.low is None or model.high is None:
        painter.setBrush(_fading(left, right, fill, model))
    else:
        painter.setBrush(fill)
        if model.state is State.UNDECIDED:
            painter.setPen(QPen(tint, 1))
            box.adjust(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(box, radius, radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    known = model.high if model.low is None else model.low
    if (model.low is None) != (model.high is None) and known is not None:
        # The known end of a fading bar stands out, so that it is read and not the fading one.
        painter.drawRect(QRectF(model.scale.at(known, width) - 1, -_BAR / 2, 2, _BAR))
    for ratio in (model.low, model.high):
        _beyond(painter, width, model.scale, ratio)


def _fading(left: float, right: float, fill: QColor, model: CoverageBar) -> QBrush:
    gone = QColor(fill)
    gone.setAlphaF(0)
    gradient = QLinearGradient(QPointF(left, 0), QPointF(right, 0))
    gradient.setColorAt(0, gone if model.low is None else fill)
    gradient.setColorAt(1, gone if model.high is None else fill)
    return QBrush(gradient)


def _beyond(painter: QPainter, width: float, scale: Scale, ratio: Fraction | None) -> None:
    """A ratio outside the scale points out of the track."""
    if ratio is None or scale.low <= ratio * 100 <= scale.high:
        return
    tip, foot = (0.0, 6.0) if ratio * 100 < scale.low else (width, width - 6.0)
    painter.drawPolygon(QPolygonF([QPointF(tip, 0), QPointF(foot, -6), QPointF(foot, 6)]))


def paint_scale(painter: QPainter, rect: QRectF, scale: Scale, tokens: Tokens) -> None:
    """Paint the labels of the scale over a bar as wide as ``rect``; none that would meet the one at 100."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    plain, bold = picture_font(Role.SMALL), picture_font(Role.LABEL, weight=600)
    painter.setFont(bold)
    middle = rect.left() + scale.at(Fraction(1), rect.width())
    half = painter.fontMetrics().horizontalAdvance("100 %") / 2
    painter.setPen(colour(tokens.text))
    _label(painter, rect, middle, "100 %")
    painter.setFont(plain)
    painter.setPen(colour(tokens.text3))
    for tick in scale.ticks():
        at = rect.left() + scale.at(Fraction(tick, 100), rect.width())
        room = painter.fontMetrics().horizontalAdvance(str(tick)) / 2
        inside = rect.left() <= at - room and at + room <= rect.right()
        if tick != 100 and inside and abs(at - middle) > half + room + 4:
            _label(painter, rect, at, str(tick))
    painter.restore()


def _label(painter: QPainter, rect: QRectF, at: float, text: str) -> None:
    box = QRectF(at - 40, rect.top(), 80, rect.height())
    painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, text)
