"""Scales of the chart over time: panes, round ticks, and what is left of many points in few pixels."""

import datetime as dt
import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from reserves_gui.gui.pictures.time_model import DAY, ChartModel, Value

_GUTTER = 76.0
_RIGHT = 12.0
# Labels of the price axis.
_PRICE = 72.0
_EVENTS = 18.0
_LEGEND = 22.0
# Narrower than this, the legend takes two rows.
_LEGEND_WIDTH = 600.0
# Between panes stands the name of the lower one.
_RHYTHM = 24.0
_COVERAGE = 64.0
_FLOW = 88.0
# What the upper pane takes before the lower ones give way, and what they keep: three labels.
_AMOUNTS = 160.0
_LEAST = 52.0
_AXIS = 22.0
_USUAL = (94.0, 108.0)
_STEPS_DAYS = (1, 2, 7, 14, 30, 61, 91, 182, 365, 730, 1826, 3652)
_FEWEST_TICKS = 3
_MOST_TICKS = 5
# Height of the label of a tick.
_LABEL = 16.0
# Daily looks that come some hours late still stand next to one another.
_NEIGHBOURS = 36 * 3600


@dataclass(frozen=True, slots=True)
class Scale:
    """A vertical scale: ``low`` at the bottom of ``rect``, ``high`` on top."""

    rect: QRectF
    low: float
    high: float
    ticks: tuple[float, ...]
    step: float

    def y(self, value: float) -> float:
        """Where a value stands."""
        span = self.high - self.low
        return self.rect.bottom() - (value - self.low) / span * self.rect.height()


@dataclass(frozen=True, slots=True)
class ChartLayout:
    """Where everything stands in the picture."""

    legend: QRectF
    plot: QRectF
    events: QRectF
    amounts: Scale
    coverage: Scale
    flow: Scale
    price: Scale | None
    start: int
    end: int

    def x(self, time: float) -> float:
        """Where a time stands."""
        return self.plot.left() + (time - self.start) / (self.end - self.start) * self.plot.width()

    def time(self, x: float) -> int:
        """Which time stands at ``x``."""
        share = (x - self.plot.left()) / max(1.0, self.plot.width())
        return round(self.start + share * (self.end - self.start))


def lay_out(rect: QRectF, model: ChartModel) -> ChartLayout:
    """Three panes on one time axis, a row of markers on top, dates below."""
    rows = 1 if rect.width() >= _LEGEND_WIDTH else 2
    legend = QRectF(rect.left(), rect.top(), rect.width(), rows * _LEGEND)
    plot = rect.adjusted(_GUTTER, legend.height() + 4, -(_PRICE if model.prices else _RIGHT), -_AXIS)
    events = QRectF(plot.left(), plot.top(), plot.width(), _EVENTS)
    top = events.bottom() + 8
    # In a low picture the upper pane, which says most, stays the highest.
    share = min(1.0, (plot.bottom() - top - 2 * _RHYTHM) / (_FLOW + _COVERAGE + _AMOUNTS))
    flow_height, coverage_height = max(_LEAST, _FLOW * share), max(_LEAST, _COVERAGE * share)
    flow = QRectF(plot.left(), plot.bottom() - flow_height, plot.width(), flow_height)
    coverage = QRectF(plot.left(), flow.top() - _RHYTHM - coverage_height, plot.width(), coverage_height)
    amounts = QRectF(plot.left(), top, plot.width(), max(40.0, coverage.top() - _RHYTHM - top))
    held = [one.at for one in (*model.reserves, *model.owed) if one.at is not None]
    ratios = [end for one in model.coverage for end in (one.low, one.high) if end is not None]
    moved = [one.at for one in model.flows if one.at is not None]
    prices = [one.at for one in model.prices if one.at is not None]
    return ChartLayout(
        legend=legend,
        plot=plot,
        events=events,
        amounts=_scale(amounts, held or [0.0, 1.0]),
        coverage=_scale(coverage, [*_USUAL, *ratios]),
        flow=_scale(flow, [0.0, *(moved or [-1.0, 1.0])]),
        price=_scale(amounts, prices) if prices else None,
        start=model.start,
        end=model.end,
    )


def _scale(rect: QRectF, values: Sequence[float]) -> Scale:
    low, high = min(values), max(values)
    if low == high:
        spread = abs(low) * 0.05 or 1.0
        low, high = low - spread, high + spread
    pad = (high - low) * 0.06
    low, high = (max(0.0, low - pad) if low >= 0 else low - pad), high + pad
    step = _round_step(low, high, min(_MOST_TICKS, max(_FEWEST_TICKS, int(rect.height() / _LABEL))))
    ticks = tuple(at * step for at in range(math.ceil(low / step), math.floor(high / step) + 1))
    return Scale(rect, low, high, ticks, step)


def _round_step(low: float, high: float, most: int) -> float:
    """The widest of the steps 1, 2, 2.5 and 5 times a power of ten that puts at least three ticks in the scale.

    Where that would be more than ``most``, the next wider one.
    """
    power = 10.0 ** math.floor(math.log10((high - low) / 2))
    steps = [power * one / ten for ten in (1, 10) for one in (10.0, 5.0, 2.5, 2.0, 1.0)]
    counts = [math.floor(high / step) - math.ceil(low / step) + 1 for step in steps]
    at = next(at for at, count in enumerate(counts) if count >= _FEWEST_TICKS)
    return steps[at] if counts[at] <= most else steps[max(0, at - 1)]


def date_ticks(layout: ChartLayout) -> list[int]:
    """Three to five midnights, round in days, months or years."""
    days = (layout.end - layout.start) / DAY
    step = next((one for one in _STEPS_DAYS if days / one <= _MOST_TICKS), _STEPS_DAYS[-1])
    if step >= 30:
        return list(_month_starts(layout, max(1, round(step / 30.4))))
    first = -(-layout.start // DAY)
    first += -first % step
    return [at * DAY for at in range(first, layout.end // DAY + 1, step)]


def _month_starts(layout: ChartLayout, months: int) -> Iterator[int]:
    begin = dt.datetime.fromtimestamp(max(0, layout.start), dt.UTC)
    count = begin.year * 12 + begin.month - 1
    count += -count % months
    while count // 12 < 9999:
        at = int(dt.datetime(count // 12, count % 12 + 1, 1, tzinfo=dt.UTC).timestamp())
        if at > layout.end:
            return
        if at >= layout.start:
            yield at
        count += months


@dataclass(frozen=True, slots=True)
class Run:
    """Known points that stand next to one another, as (x, y); a run of one is a dot."""

    points: tuple[tuple[float, float], ...]


def runs(values: Sequence[Value], layout: ChartLayout, scale: Scale) -> list[Run]:
    """The known stretches between gaps; in each pixel column only its first, lowest, highest and last point."""
    return [Run(_placed(stretch, layout, scale)) for stretch in stretches(values)]


def stretches(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """The known points, cut where one was not retrieved and where nobody looked for longer than a round."""
    begin = 0
    for at, one in enumerate(values):
        if one.at is None or (at > begin and one.time - values[at - 1].time > _NEIGHBOURS):
            if at > begin:
                yield values[begin:at]
            begin = at if one.at is not None else at + 1
    if begin < len(values):
        yield values[begin:]


def _placed(stretch: Sequence[Value], layout: ChartLayout, scale: Scale) -> tuple[tuple[float, float], ...]:
    times = [one.time for one in stretch]
    heights = [one.at for one in stretch if one.at is not None]
    span = layout.end - layout.start
    begin = 0
    kept: list[int] = []
    while begin < len(times):
        # The column of the next point; columns without points are never looked at.
        column = math.floor(layout.x(times[begin]))
        border = layout.start + (column + 1 - layout.plot.left()) / layout.plot.width() * span
        end = max(begin + 1, bisect_left(times, border, begin))
        kept += [begin + at for at in outline(heights[begin:end])]
        begin = end
    return tuple((layout.x(times[at]), scale.y(heights[at])) for at in kept)


def outline(column: Sequence[float]) -> list[int]:
    """Which points of one pixel column are seen, in their order: first, lowest, highest and last."""
    if len(column) <= 4:
        return list(range(len(column)))
    return sorted({0, column.index(min(column)), column.index(max(column)), len(column) - 1})
