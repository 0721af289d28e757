"""The path picture: one routine for the screen, exports and paper (visual.md section 6)."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from reserves_gui.gui.glyphs import Glyph, paint_glyph
from reserves_gui.gui.pictures.type import picture_font
from reserves_gui.gui.theme import Role, Tokens, colour
from reserves_gui.services.pictures import BOX_HEIGHT, PILL_HEIGHT, Box, Caption, Link, Look, PathLayout, Pill, Place

_RADIUS = 8.0
_STROKE = 1.5
_GLYPH = 14.0
_GLYPHS = {
    Look.OWN: Glyph.VERIFIED,
    Look.LEAF: Glyph.VERIFIED,
    Look.FAILED: Glyph.FAILED,
    Look.UNDECIDED: Glyph.UNDECIDED,
}
_ALIGN = {
    -1: Qt.AlignmentFlag.AlignLeft,
    0: Qt.AlignmentFlag.AlignHCenter,
    1: Qt.AlignmentFlag.AlignRight,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PathModel:
    """What is painted: the placed picture, and which box or pill the pointer is on (``hovered``, by its place)."""

    layout: PathLayout
    hovered: Box | Pill | None = None


def paint(painter: QPainter, rect: QRectF, model: PathModel, tokens: Tokens) -> None:
    """Paint the picture into ``rect``, scaled down to fit if needed, its top in the middle of the rect's top."""
    layout = model.layout
    scale = min(rect.width() / layout.width, rect.height() / layout.height, 1.0)
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.translate(rect.x() + (rect.width() - layout.width * scale) / 2, rect.y())
    painter.scale(scale, scale)
    for link in layout.links:
        _link(painter, link, tokens)
    for pill in layout.pills:
        _pill(painter, pill, tokens, hovered=pill is model.hovered)
    for box in layout.boxes:
        _box(painter, box, tokens, hovered=box is model.hovered)
    for caption in layout.captions:
        _caption(painter, caption, tokens)
    painter.restore()


def _link(painter: QPainter, link: Link, tokens: Tokens) -> None:
    value = {Look.SIBLING: tokens.button_line, Look.FAILED: tokens.failed}.get(link.look, tokens.verified)
    pen = QPen(colour(value), _STROKE)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    if link.dotted is not None:
        pen.setDashPattern([2 / _STROKE, 3 / _STROKE])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(_line(link))


def _line(link: Link) -> QPainterPath:
    points = [QPointF(x, y) for x, y in link.points]
    path = QPainterPath(points[0])
    if link.rounded and len(points) == 3 and abs(points[0].x() - points[1].x()) > link.rounded:
        turn = link.rounded if points[0].x() > points[1].x() else -link.rounded
        path.lineTo(points[1].x() + turn, points[1].y())
        path.quadTo(points[1], QPointF(points[1].x(), points[1].y() + link.rounded))
        path.lineTo(points[2])
        return path
    for point in points[1:]:
        path.lineTo(point)
    return path


def _pill(painter: QPainter, pill: Pill, tokens: Tokens, *, hovered: bool) -> None:
    painter.setPen(QPen(colour(tokens.line), 1))
    painter.setBrush(colour(tokens.hover if hovered else tokens.surface))
    half = PILL_HEIGHT / 2
    painter.drawRoundedRect(QRectF(pill.x, pill.y, pill.width, PILL_HEIGHT).adjusted(0.5, 0.5, -0.5, -0.5), half, half)
    middle = pill.y + half
    pen = QPen(colour(tokens.text2), 1.3)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for direction in (-1, 1):
        mark = QPainterPath(QPointF(pill.x + 16, middle + direction * 2.5))
        mark.lineTo(pill.x + 20, middle + direction * 6.5)
        mark.lineTo(pill.x + 24, middle + direction * 2.5)
        painter.drawPath(mark)
    painter.setFont(picture_font(Role.SMALL))
    painter.setPen(colour(tokens.text2))
    place = QRectF(pill.x + 36, pill.y, pill.width - 48, PILL_HEIGHT)
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, pill.text)


def _box(painter: QPainter, box: Box, tokens: Tokens, *, hovered: bool) -> None:
    fill, border = _box_colours(box.look, tokens)
    pen = QPen(colour(border), 1.0 if box.look is Look.SIBLING else _STROKE)
    if box.look is Look.UNDECIDED:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([4 / _STROKE, 3 / _STROKE])
    inset = pen.widthF() / 2
    painter.setPen(pen)
    painter.setBrush(colour(tokens.hover if hovered else fill))
    shape = QRectF(box.x, box.y, box.width, BOX_HEIGHT).adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(shape, _RADIUS, _RADIUS)
    _box_lines(painter, box, tokens)
    glyph = _GLYPHS.get(box.look)
    if glyph is not None:
        paint_glyph(painter, QRectF(box.x + box.width - _GLYPH - 10, box.y + 8, _GLYPH, _GLYPH), glyph, tokens)


def _box_colours(look: Look, tokens: Tokens) -> tuple[str, str]:
    return {
        Look.OWN: (tokens.surface, tokens.verified),
        Look.LEAF: (tokens.verified_soft, tokens.verified),
        Look.SIBLING: (tokens.sunken, tokens.line),
        Look.FAILED: (tokens.failed_soft, tokens.failed),
        Look.UNDECIDED: (tokens.surface, tokens.undecided),
    }[look]


def _box_lines(painter: QPainter, box: Box, tokens: Tokens) -> None:
    ink = tokens.text2 if box.look is Look.SIBLING else tokens.text
    height = 17.0
    top = box.y + (BOX_HEIGHT - height * len(box.lines)) / 2
    for at, line in enumerate(box.lines):
        failing = box.look is Look.FAILED and at == len(box.lines) - 1
        painter.setFont(picture_font(Role.MONO_SMALL, weight=600 if failing else None))
        painter.setPen(colour(tokens.failed if failing else ink))
        place = QRectF(box.x + 12, top + at * height, box.width - 16, height)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)


def _caption(painter: QPainter, caption: Caption, tokens: Tokens) -> None:
    strong = caption.place in (Place.ROOT, Place.LEAF, Place.LEAF_FAILED)
    inks = {Place.ROOT: tokens.text2, Place.LEAF: tokens.verified, Place.LEAF_FAILED: tokens.failed}
    ink = inks.get(caption.place, tokens.text3)
    painter.setFont(picture_font(Role.SMALL, weight=600 if strong else None))
    painter.setPen(colour(ink))
    place = QRectF(caption.x, caption.y, caption.width, 16)
    painter.drawText(
        place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip | _ALIGN[caption.align], caption.text
    )
