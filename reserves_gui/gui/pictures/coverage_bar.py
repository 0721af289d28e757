"""Coverage of one asset as a bar: one routine for the screen and exports (visual.md section 6)."""

from fractions import Fraction

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPen, QPolygonF

from reserves_gui.gui.pictures.type import picture_font
from reserves_gui.gui.theme import Role, Tokens, colour
from reserves_gui.services.pictures import BAR, TIP, TRACK, CoverageBar, Scale
from reserves_gui.verdict import State

_LINE = 20.0
_UNDECIDED_FILL = 0.28


def paint(painter: QPainter, rect: QRectF, model: CoverageBar, tokens: Tokens) -> None:
    """Paint track, interval and the line at 100 % into ``rect``, centred from top to bottom."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.left(), rect.center().y())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(tokens.hover))
    painter.drawRoundedRect(QRectF(0, -TRACK / 2, rect.width(), TRACK), TRACK / 2, TRACK / 2)
    if not model.empty:
        _interval(painter, rect.width(), model, colour(getattr(tokens, model.state.value)))
    painter.setPen(QPen(colour(tokens.text), 1.5))
    middle = model.scale.at(Fraction(1), rect.width())
    reach = min(_LINE, rect.height()) / 2
    painter.drawLine(QPointF(middle, -reach), QPointF(middle, reach))
    painter.restore()


def _interval(painter: QPainter, width: float, model: CoverageBar, tint: QColor) -> None:
    left, right = model.ends(width)
    fill = QColor(tint)
    if model.state is State.UNDECIDED:
        fill.setAlphaF(_UNDECIDED_FILL)
    box = QRectF(left, -BAR / 2, right - left, BAR)
    radius = min(BAR, right - left) / 2
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
    if model.known_end is not None:
        # The known end of a fading bar stands out, so that it is read and not the fading one.
        painter.drawRect(QRectF(model.scale.at(model.known_end, width) - 1, -BAR / 2, 2, BAR))
    for high in model.beyond():
        # A ratio outside the scale points out of the track.
        tip, foot = (width, width - TIP) if high else (0.0, TIP)
        painter.drawPolygon(QPolygonF([QPointF(tip, 0), QPointF(foot, -TIP), QPointF(foot, TIP)]))


def _fading(left: float, right: float, fill: QColor, model: CoverageBar) -> QBrush:
    gone = QColor(fill)
    gone.setAlphaF(0)
    gradient = QLinearGradient(QPointF(left, 0), QPointF(right, 0))
    gradient.setColorAt(0, gone if model.low is None else fill)
    gradient.setColorAt(1, gone if model.high is None else fill)
    return QBrush(gradient)


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
