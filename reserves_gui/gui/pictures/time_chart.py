"""Reserves, liabilities, coverage and flow on one time axis: one routine for screen, exports and paper.

Layout and marks follow visual.md section 6. Colours of flows are never those of verdicts.
"""

import itertools
import math
from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from reserves_gui.gui.pictures.time_layout import ChartLayout, Run, Scale, date_ticks, lay_out, runs
from reserves_gui.gui.pictures.time_model import DAY, ChartModel, Cover, EventKind, iso, standing_at
from reserves_gui.gui.pictures.time_prices import mark_prices, paint_prices
from reserves_gui.gui.pictures.type import picture_font
from reserves_gui.gui.theme import Role, Tokens, colour
from reserves_gui.gui.words import Words
from reserves_gui.verdict import State

_BAR = 7.0
_CHUNK = 16
_LARGE = ((1e9, "window.over_time.billions"), (1e6, "window.over_time.millions"))


def paint(painter: QPainter, rect: QRectF, model: ChartModel, tokens: Tokens) -> None:
    """Paint the whole picture into ``rect``."""
    layout = lay_out(rect, model)
    words = Words(model.language)
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.setFont(picture_font(Role.SMALL))
    _legend(painter, layout, model, tokens, words)
    reserves = runs(model.reserves, layout, layout.amounts)
    for gap in gaps(reserves, layout):
        painter.fillRect(gap, colour(tokens.sunken))
    _window(painter, layout, model, tokens)
    for scale, unit in ((layout.amounts, ""), (layout.coverage, " %"), (layout.flow, "")):
        _grid(painter, layout, scale, tokens, words, unit)
    for scale, key in ((layout.coverage, "coverage"), (layout.flow, "flow")):
        painter.setPen(colour(tokens.text2))
        place = QRectF(scale.rect.left(), scale.rect.top() - 18, scale.rect.width(), 18)
        painter.drawText(
            place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words(f"window.over_time.{key}")
        )
    _dates(painter, layout, tokens, words)
    _amounts(painter, layout, model, reserves, tokens)
    _no_data(painter, layout, reserves, tokens, words)
    for cover in model.coverage:
        _cover(painter, layout, cover, tokens)
    _hundred(painter, layout, tokens)
    _flows(painter, layout, model, tokens)
    _events(painter, layout, model, tokens)
    if layout.price is not None:
        paint_prices(painter, layout, model, tokens, tick_texts(layout.price, words), words)
    painter.restore()


def paint_cross(painter: QPainter, layout: ChartLayout, model: ChartModel, tokens: Tokens) -> None:
    """The line at the time that is read, with its points. Painted over the cached picture."""
    if model.marked is None:
        return
    x = layout.x(model.marked)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour(tokens.control), 1))
    painter.drawLine(QLineF(x, layout.events.top(), x, layout.plot.bottom()))
    painter.setPen(QPen(colour(tokens.surface), 1.5))
    painter.setBrush(colour(tokens.accent))
    for one in (*standing_at(model.reserves, model.marked), *standing_at(model.owed, model.marked)):
        if one.at is not None:
            painter.drawEllipse(QPointF(x, layout.amounts.y(one.at)), 4, 4)
    mark_prices(painter, layout, model, tokens)
    painter.restore()


def _legend(painter: QPainter, layout: ChartLayout, model: ChartModel, tokens: Tokens, words: Words) -> None:
    """What each mark stands for, in one row or two."""
    entries = ("reserves", "owed", *(("price",) if model.prices else ()), "event.list", "event.alert")
    row = layout.legend.height() if layout.legend.height() < 40 else layout.legend.height() / 2
    x, y = layout.legend.left(), layout.legend.top() + row / 2
    for at, key in enumerate(entries):
        text = words(f"window.over_time.{key}")
        if at == 2 and row < layout.legend.height():
            x, y = layout.legend.left(), y + row
        _mark(painter, key, x + 10, y, tokens)
        painter.setPen(colour(tokens.text2))
        width = painter.fontMetrics().horizontalAdvance(text)
        painter.drawText(QRectF(x + 26, y - 9, width + 4, 18), Qt.AlignmentFlag.AlignVCenter, text)
        x += width + 46


def _mark(painter: QPainter, key: str, x: float, y: float, tokens: Tokens) -> None:
    if key in ("reserves", "price"):
        stroke = QPen(colour(tokens.accent), 2) if key == "reserves" else QPen(colour(tokens.text3), 1.5)
        painter.setPen(stroke)
        painter.drawLine(QLineF(x - 10, y, x + 10, y))
        return
    painter.setPen(Qt.PenStyle.NoPen)
    if key == "owed":
        painter.setBrush(colour(tokens.text))
        painter.drawPolygon(_diamond(x, y))
    elif key == "event.list":
        painter.setBrush(colour(tokens.text2))
        painter.drawPolygon(_triangle(x, y))
    else:
        painter.setBrush(colour(tokens.partial))
        painter.drawEllipse(QPointF(x, y), 4.5, 4.5)


def _diamond(x: float, y: float) -> QPolygonF:
    return QPolygonF([QPointF(x, y - 5), QPointF(x + 5, y), QPointF(x, y + 5), QPointF(x - 5, y)])


def _triangle(x: float, y: float) -> QPolygonF:
    return QPolygonF([QPointF(x - 5, y + 4), QPointF(x + 5, y + 4), QPointF(x, y - 5)])


def _window(painter: QPainter, layout: ChartLayout, model: ChartModel, tokens: Tokens) -> None:
    if model.window is None:
        return
    left, right = layout.x(model.window[0]), layout.x(model.window[1])
    painter.fillRect(
        QRectF(left, layout.plot.top(), max(2.0, right - left), layout.plot.height()), colour(tokens.accent_soft)
    )


def _grid(painter: QPainter, layout: ChartLayout, scale: Scale, tokens: Tokens, words: Words, unit: str) -> None:
    for tick, text in zip(scale.ticks, tick_texts(scale, words), strict=True):
        y = round(scale.y(tick)) + 0.5
        painter.setPen(QPen(colour(tokens.grid), 1))
        painter.drawLine(QLineF(scale.rect.left(), y, scale.rect.right(), y))
        painter.setPen(colour(tokens.text3))
        place = QRectF(0, y - 9, layout.plot.left() - 8, 18)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text + unit)


def tick_texts(scale: Scale, words: Words) -> list[str]:
    """The labels of a scale: exactly its ticks, all with the same decimals; large ones in millions or billions."""
    most = max((abs(tick) for tick in scale.ticks), default=0.0)
    factor, key = next((pair for pair in _LARGE if most >= 10 * pair[0]), (1.0, ""))
    # A step is 1, 2, 2.5 or 5 times a power of ten, so its decimals say those of every tick.
    step = scale.step / factor
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if not math.isclose(round(step, decimals), step, rel_tol=1e-6):
        decimals += 1
    texts = [words.amount(f"{tick / factor + 0.0:.{decimals}f}") for tick in scale.ticks]
    return [words(key, value=text) for text in texts] if key else texts


def _dates(painter: QPainter, layout: ChartLayout, tokens: Tokens, words: Words) -> None:
    painter.setPen(colour(tokens.text3))
    for tick in date_ticks(layout):
        x = layout.x(tick)
        wide = QRectF(min(x - 60, layout.plot.right() - 108), layout.plot.bottom() + 4, 120, 18)
        painter.drawText(
            wide, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, words.short_time(iso(tick))
        )


def gaps(reserves: Sequence[Run], layout: ChartLayout) -> list[QRectF]:
    """Where nothing was retrieved between two runs, through all panes."""
    ends = [(before.points[-1][0], after.points[0][0]) for before, after in itertools.pairwise(reserves)]
    top = layout.amounts.rect.top()
    return [QRectF(left, top, right - left, layout.plot.bottom() - top) for left, right in ends]


def _no_data(painter: QPainter, layout: ChartLayout, reserves: Sequence[Run], tokens: Tokens, words: Words) -> None:
    """Said where there is room, above the bars that are missing there."""
    text = words("window.over_time.no_data")
    painter.setPen(colour(tokens.text3))
    for gap in gaps(reserves, layout):
        if painter.fontMetrics().horizontalAdvance(text) + 8 < gap.width():
            place = QRectF(gap.left(), layout.flow.rect.top(), gap.width(), 18)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _amounts(painter: QPainter, layout: ChartLayout, model: ChartModel, found: Sequence[Run], tokens: Tokens) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour(tokens.accent), 2, Qt.PenStyle.DashLine))
    for before, after in itertools.pairwise(found):
        painter.drawLine(QLineF(QPointF(*before.points[-1]), QPointF(*after.points[0])))
    painter.setPen(QPen(colour(tokens.accent), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for run in found:
        if len(run.points) == 1:
            painter.setBrush(colour(tokens.accent))
            painter.drawEllipse(QPointF(*run.points[0]), 2, 2)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            _line(painter, run)
    owed = [(layout.x(one.time), layout.amounts.y(one.at)) for one in model.owed if one.at is not None]
    painter.setPen(QPen(colour(tokens.text), 1.5, Qt.PenStyle.DashLine))
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in owed]))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(tokens.text))
    for x, y in owed:
        painter.drawPolygon(_diamond(x, y))


def _line(painter: QPainter, run: Run) -> None:
    points = [QPointF(x, y) for x, y in run.points]
    # One long line of many turns costs Qt the square of its length; short ones, overlapping by a point, look the same.
    for at in range(0, len(points) - 1, _CHUNK):
        painter.drawPolyline(QPolygonF(points[at : at + _CHUNK + 1]))


def _cover(painter: QPainter, layout: ChartLayout, cover: Cover, tokens: Tokens) -> None:
    tone = {State.VERIFIED: tokens.verified, State.FAILED: tokens.failed, State.UNDECIDED: tokens.undecided}
    scale = layout.coverage
    x = layout.x(cover.time)
    if cover.high is None and cover.low is None:
        painter.setPen(colour(tokens.text3))
        place = QRectF(x - 10, scale.rect.top(), 20, scale.rect.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "—")
        return
    pen = QPen(colour(tone[cover.state]), 1.5)
    top = scale.rect.top() if cover.high is None else scale.y(cover.high)
    bottom = scale.rect.bottom() if cover.low is None else scale.y(cover.low)
    if cover.low is None or cover.high is None:
        # An end that is not known fades out of the pane.
        pen.setStyle(Qt.PenStyle.DotLine)
    painter.setPen(pen)
    painter.drawLine(QLineF(x, top, x, bottom))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(tone[cover.state]))
    known = [scale.y(end) for end in (cover.low, cover.high) if end is not None]
    painter.drawEllipse(QPointF(x, sum(known) / len(known)), 4, 4)


def _hundred(painter: QPainter, layout: ChartLayout, tokens: Tokens) -> None:
    y = layout.coverage.y(100.0)
    painter.setPen(QPen(colour(tokens.text), 1.5))
    painter.drawLine(QLineF(layout.plot.left(), y, layout.plot.right(), y))


def _flows(painter: QPainter, layout: ChartLayout, model: ChartModel, tokens: Tokens) -> None:
    scale = layout.flow
    zero = scale.y(0.0)
    width = max(1.0, min(_BAR, layout.plot.width() * DAY / (model.end - model.start) * 0.7))
    painter.setPen(Qt.PenStyle.NoPen)
    columns: dict[int, tuple[float, float]] = {}
    for one in model.flows:
        if one.at is not None:
            column = int(layout.x(one.time + DAY / 2) / width)
            low, high = columns.get(column, (0.0, 0.0))
            columns[column] = (min(low, one.at), max(high, one.at))
    for column, (low, high) in columns.items():
        x = column * width
        for value, tone in ((high, tokens.flow_in), (low, tokens.flow_out)):
            if value:
                painter.setBrush(colour(tone))
                painter.drawRect(QRectF(x, min(zero, scale.y(value)), max(1.0, width - 1), abs(scale.y(value) - zero)))
    painter.setPen(QPen(colour(tokens.control), 1))
    painter.drawLine(QLineF(layout.plot.left(), zero, layout.plot.right(), zero))


def _events(painter: QPainter, layout: ChartLayout, model: ChartModel, tokens: Tokens) -> None:
    middle = layout.events.center().y()
    # Alerts come in rows; a changed list between them stays in sight.
    for event in sorted(model.events, key=lambda one: one.kind is EventKind.LIST):
        x = layout.x(event.time)
        if event.kind is EventKind.SNAPSHOT:
            painter.setPen(QPen(colour(tokens.control), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(x, layout.events.top(), x, layout.plot.bottom()))
            continue
        painter.setPen(Qt.PenStyle.NoPen)
        if event.kind is EventKind.LIST:
            painter.setBrush(colour(tokens.text2))
            painter.drawPolygon(_triangle(x, middle))
        else:
            painter.setBrush(colour(tokens.partial))
            painter.drawEllipse(QPointF(x, middle), 4.5, 4.5)
