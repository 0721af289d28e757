"""What the chart over time is painted from: texts for reading, floats for screen positions only."""

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from reserves_gui.amounts import stripped
from reserves_gui.gui.words import Words
from reserves_gui.verdict import State

if TYPE_CHECKING:
    from reserves_gui.services.over_time import OverTime, SeenPoint

DAY = 86_400
_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class EventKind(StrEnum):
    """What a marker in the top row stands for."""

    SNAPSHOT = "snapshot"
    LIST = "list"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Value:
    """One figure at one time. ``at`` is None where it was not retrieved: a gap, never a zero."""

    time: int
    at: float | None
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """A ratio in percent at one snapshot; an end that is unknown is None."""

    time: int
    low: float | None
    high: float | None
    state: State
    text: str


_Timed = TypeVar("_Timed", Value, Cover)


@dataclass(frozen=True, slots=True)
class Event:
    """A marker of the top row."""

    time: int
    kind: EventKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartModel:
    """Everything in the picture, oldest first. Times are seconds UTC. ``window`` is shaded through all panes.

    ``marked`` is the time of the cross line, None while nothing is read. ``prices`` are in US dollars, each with its
    source as the note; empty unless the price line is asked for.
    """

    start: int
    end: int
    asset: str
    language: str
    reserves: tuple[Value, ...] = ()
    owed: tuple[Value, ...] = ()
    coverage: tuple[Cover, ...] = ()
    flows: tuple[Value, ...] = ()
    events: tuple[Event, ...] = ()
    prices: tuple[Value, ...] = ()
    window: tuple[int, int] | None = None
    marked: int | None = None

    def reading(self, time: int | None) -> "ChartModel":
        """The same with the cross line at ``time``."""
        return replace(self, marked=time)

    @property
    def times(self) -> tuple[int, ...]:
        """Every time at which something can be read."""
        series: Iterable[Value | Cover | Event] = (
            *self.reserves,
            *self.owed,
            *self.coverage,
            *self.flows,
            *self.events,
            *self.prices,
        )
        return tuple(sorted({one.time for one in series}))


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of the table: when, which figure, its text, and where it is from.

    ``kind``: reserves, owed or coverage, which hold until the next one; None for what happened at that time alone.
    """

    time: int
    name: str
    text: str
    note: str
    kind: str | None = None


def chart_model(found: "OverTime", words: Words, *, window: tuple[int, int] | None = None) -> ChartModel:
    """The picture of one asset of one exchange."""
    asset = found.asset
    reserves = tuple(_seen(one, words, asset) for one in found.points)
    owed = tuple(
        Value(
            one.time,
            _position(Decimal(one.amount)),
            f"{words.amount(one.amount)} {asset}",
            words(
                "window.over_time.owed_from",
                source=words.known(f"window.source.{one.root_source}", one.root_source),
                state=words.state(one.verdict),
            ),
        )
        for one in found.owed
    )
    coverage = tuple(
        Cover(point.time, _percent(one.low), _percent(one.high), one.state, ratio_text(one.shown(), words))
        for point, one in zip(found.owed, found.coverage, strict=True)
    )
    flows = tuple(
        Value(
            one.day,
            None if one.net is None else _position(one.net),
            words("window.over_time.no_data") if one.net is None else f"{words.amount(stripped(one.net))} {asset}",
        )
        for one in found.flows
    )
    times = [one.time for one in (*reserves, *owed, *flows)] or [0]
    start, end = min(times), max(times)
    if window is not None:
        start, end = min(start, window[0]), max(end, window[1])
    return ChartModel(
        start=start,
        end=max(end, start + DAY),
        asset=asset,
        language=words.language,
        reserves=reserves,
        owed=owed,
        coverage=coverage,
        flows=flows,
        events=tuple(_events(found, words)),
        window=window,
    )


def readings(model: ChartModel, words: Words, time: int | None = None) -> Iterator[Reading]:
    """Everything that can be read, or what stands at one time, in the order of the panes."""
    for key, series in (("reserves", model.reserves), ("owed", model.owed), ("flow", model.flows)):
        for one in standing_at(series, time):
            yield _reading(key, one, words)
    for cover in standing_at(model.coverage, time):
        yield _cover_reading(cover, words)
    for event in model.events:
        if time is None or event.time == time:
            yield Reading(event.time, words(f"window.over_time.event.{event.kind}"), event.text, "")
    yield from price_readings(model, words, time)


def _reading(key: str, one: Value, words: Words) -> Reading:
    kind = key if key != "flow" and one.at is not None else None
    return Reading(one.time, words(f"window.over_time.{key}"), one.text, one.note, kind)


def _cover_reading(cover: Cover, words: Words) -> Reading:
    return Reading(cover.time, words("window.over_time.coverage"), cover.text, words.state(cover.state), "coverage")


def standing_at(series: Sequence[_Timed], time: int | None) -> Sequence[_Timed]:
    """The whole series, or the part of it at one time: many points are not walked for one."""
    if time is None:
        return series
    return series[bisect_left(series, time, key=_time) : bisect_right(series, time, key=_time)]


def _time(one: Value | Cover) -> int:
    return one.time


def priced(model: ChartModel, found: "OverTime", words: Words) -> ChartModel:
    """The same with the kept prices that lie in the picture; none is made up between them."""
    shown = tuple(
        Value(one.time, _position(Decimal(one.value)), f"{words.amount(one.value)} USD", one.source)
        for one in found.prices
        if one.currency == "USD" and model.start <= one.time <= model.end
    )
    return replace(model, prices=shown)


def price_readings(model: ChartModel, words: Words, time: int | None = None) -> Iterator[Reading]:
    """The prices that can be read, or those at one time."""
    for one in model.prices:
        if time is None or one.time == time:
            yield Reading(one.time, words("window.over_time.price"), one.text, one.note)


def standing(model: ChartModel, words: Words, time: int) -> list[Reading]:
    """What stands at one time, and of the figures that do not the newest from before it."""
    found = list(readings(model, words, time))
    for key, series in (("reserves", model.reserves), ("owed", model.owed)):
        if not standing_at(series, time):
            before = series[: bisect_left(series, time, key=_time)]
            newest = next((one for one in reversed(before) if one.at is not None), None)
            found += [] if newest is None else [_reading(key, newest, words)]
    if not standing_at(model.coverage, time):
        covers = model.coverage[: bisect_left(model.coverage, time, key=_time)]
        found += [_cover_reading(one, words) for one in covers[-1:]]
    return found


def iso(time: int) -> str:
    """The time as ISO 8601 text, UTC; the last day of year 9999 where it is later."""
    last = 253_402_300_799
    return dt.datetime.fromtimestamp(max(0, min(time, last)), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ratio_text(shown: str, words: Words) -> str:
    """A ratio as the language writes it: ``? – 86.48 %`` is said as "at most"."""
    figures = _FIGURE.sub(lambda match: words.amount(match[0]), shown)
    unknown_low = "? – "
    if figures.startswith(unknown_low) and not figures.endswith("? %"):
        return words("window.over_time.at_most", ratio=figures.removeprefix(unknown_low))
    return figures


def _seen(one: "SeenPoint", words: Words, asset: str) -> Value:
    note = ", ".join(one.sources)
    if one.interval is None:
        return Value(one.time, None, words("window.over_time.no_data"), note)
    low, high = one.interval.low, one.interval.high
    ends = [end for end in (low, high) if end is not None]
    text = " – ".join(dict.fromkeys(words.amount(stripped(end)) for end in ends))
    # Sources that differ are not averaged: the line follows the lower figure, the text has both.
    return Value(one.time, _position(ends[0]) if ends else None, f"{text} {asset}", note)


def _events(found: "OverTime", words: Words) -> Iterator[Event]:
    for owed in found.owed:
        yield Event(owed.time, EventKind.SNAPSHOT, owed.snapshot or words("window.over_time.event.snapshot"))
    for change in found.changes:
        text = words("window.over_time.list_change", added=change.added, removed=change.removed)
        yield Event(change.time, EventKind.LIST, text)
    for alert in found.alerts:
        yield Event(alert.time, EventKind.ALERT, words.render(alert.message))


def _position(amount: Decimal) -> float:
    return float(amount)


def _percent(ratio: object) -> float | None:
    return None if ratio is None else float(100 * ratio)  # type: ignore[operator]
