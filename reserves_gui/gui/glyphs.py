"""The five state glyphs, painted the same on screen, in exports and on paper. The shape alone tells the state."""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen, QPolygonF

from reserves_gui.gui.theme import Tokens, colour
from reserves_gui.verdict import Outcome, State

GRID = 20.0
"""The glyphs are drawn on a square of 20 units and scaled to the wanted size (14, 16, 18 or 20 pixels)."""


class Glyph(StrEnum):
    """What a glyph says: a claim's state or a check's outcome."""

    VERIFIED = "verified"
    FAILED = "failed"
    UNDECIDED = "undecided"
    NOT_CHECKED = "not_checked"
    PARTIAL = "partial"


_OF_STATE = {State.VERIFIED: Glyph.VERIFIED, State.FAILED: Glyph.FAILED, State.UNDECIDED: Glyph.UNDECIDED}
_OF_OUTCOME = {
    Outcome.PASSED: Glyph.VERIFIED,
    Outcome.FAILED: Glyph.FAILED,
    Outcome.PARTIAL: Glyph.PARTIAL,
    Outcome.NOT_CHECKED: Glyph.NOT_CHECKED,
}


def of_state(state: State) -> Glyph:
    """The glyph of a claim's state."""
    return _OF_STATE[state]


def of_outcome(outcome: Outcome) -> Glyph:
    """The glyph of a check's outcome."""
    return _OF_OUTCOME[outcome]


def glyph_colour(glyph: Glyph, tokens: Tokens) -> str:
    """The colour of the word beside a glyph."""
    return {
        Glyph.VERIFIED: tokens.verified,
        Glyph.FAILED: tokens.failed,
        Glyph.UNDECIDED: tokens.undecided,
        Glyph.NOT_CHECKED: tokens.undecided,
        Glyph.PARTIAL: tokens.partial,
    }[glyph]


def soft_colour(glyph: Glyph, tokens: Tokens) -> str:
    """The ground that belongs to a glyph."""
    return {
        Glyph.VERIFIED: tokens.verified_soft,
        Glyph.FAILED: tokens.failed_soft,
        Glyph.UNDECIDED: tokens.undecided_soft,
        Glyph.NOT_CHECKED: tokens.undecided_soft,
        Glyph.PARTIAL: tokens.partial_soft,
    }[glyph]


def paint_glyph(painter: QPainter, box: QRectF, glyph: Glyph, tokens: Tokens) -> None:
    """Paint ``glyph`` into the square in the middle of ``box``. The painter's state is left as it was."""
    side = min(box.width(), box.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.center().x() - side / 2, box.center().y() - side / 2)
    painter.scale(side / GRID, side / GRID)
    _PAINT[glyph](painter, tokens)
    painter.restore()


def _verified(painter: QPainter, tokens: Tokens) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(tokens.verified_soft))
    painter.drawEllipse(QPointF(10, 10), 9, 9)
    painter.setPen(_pen(tokens.verified, 2))
    painter.drawPolyline(QPolygonF([QPointF(6.2, 10.4), QPointF(8.9, 13), QPointF(13.9, 7.4)]))


def _failed(painter: QPainter, tokens: Tokens) -> None:
    cut = 18 * 0.2929
    near, far = 1.0, 19.0
    corners = [
        (near + cut, near),
        (far - cut, near),
        (far, near + cut),
        (far, far - cut),
        (far - cut, far),
        (near + cut, far),
        (near, far - cut),
        (near, near + cut),
    ]
    painter.setPen(_pen(tokens.failed, 1))
    painter.setBrush(colour(tokens.failed))
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    painter.setPen(_pen(tokens.on_failed, 2))
    painter.drawLine(QPointF(7, 7), QPointF(13, 13))
    painter.drawLine(QPointF(13, 7), QPointF(7, 13))


def _undecided(painter: QPainter, tokens: Tokens) -> None:
    ring = _pen(tokens.undecided, 1.5)
    ring.setCapStyle(Qt.PenCapStyle.FlatCap)
    ring.setDashPattern([2.6 / 1.5, 2.6 / 1.5])
    painter.setPen(ring)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(10, 10), 8.25, 8.25)
    painter.setPen(_pen(tokens.undecided, 1.7))
    mark = QPainterPath(QPointF(7.7, 8.0))
    mark.cubicTo(QPointF(7.7, 5.1), QPointF(12.4, 5.1), QPointF(12.4, 8.0))
    mark.cubicTo(QPointF(12.4, 9.8), QPointF(10.05, 9.8), QPointF(10.05, 11.7))
    painter.drawPath(mark)
    _dot(painter, tokens.undecided, QPointF(10.05, 14.4), 1.15)


def _not_checked(painter: QPainter, tokens: Tokens) -> None:
    painter.setPen(_pen(tokens.undecided, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(10, 10), 8.25, 8.25)
    painter.setPen(_pen(tokens.undecided, 1.8))
    painter.drawLine(QPointF(6.5, 10), QPointF(13.5, 10))


def _partial(painter: QPainter, tokens: Tokens) -> None:
    ring = QRectF(1.75, 1.75, 16.5, 16.5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(colour(tokens.partial)))
    painter.drawPie(ring, 90 * 16, 180 * 16)
    painter.setPen(_pen(tokens.partial, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(ring)


def _dot(painter: QPainter, value: str, centre: QPointF, radius: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(value))
    painter.drawEllipse(centre, radius, radius)


def _pen(value: str, width: float) -> QPen:
    pen = QPen(colour(value), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


_PAINT = {
    Glyph.VERIFIED: _verified,
    Glyph.FAILED: _failed,
    Glyph.UNDECIDED: _undecided,
    Glyph.NOT_CHECKED: _not_checked,
    Glyph.PARTIAL: _partial,
}
