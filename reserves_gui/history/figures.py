"""Intervals and series: a figure is never more precise than what it was made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median as _median

from reserves_gui.amounts import EXACT, add, subtract

DAY = 86_400
HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Interval:
    """What a figure can be: both ends included, ``None`` where an end is unknown. Amounts in coins."""

    low: Decimal | None
    high: Decimal | None

    @classmethod
    def exactly(cls, value: Decimal) -> "Interval":
        """A figure that is known."""
        return cls(value, value)

    @classmethod
    def printed(cls, text: str) -> "Interval":
        """A figure as printed: half a unit of its last digit either way."""
        value = Decimal(text)
        half = EXACT.scaleb(Decimal(5), int(value.as_tuple().exponent) - 1)
        return cls(subtract(value, half), add(value, half))

    def widened(self, amount: Decimal) -> "Interval":
        """The same figure with ``amount`` more room on both sides."""
        low = None if self.low is None else max(Decimal(0), subtract(self.low, amount))
        return Interval(low, None if self.high is None else add(self.high, amount))

    def __add__(self, other: "Interval") -> "Interval":
        low = None if self.low is None or other.low is None else add(self.low, other.low)
        high = None if self.high is None or other.high is None else add(self.high, other.high)
        return Interval(low, high)


@dataclass(frozen=True, slots=True)
class Point:
    """One known value of a series: seconds UTC, amount in coins."""

    time: int
    amount: Decimal


def at_or_before(series: Sequence[Point], time: int) -> Point | None:
    """The newest point not after ``time``; the series is sorted by time."""
    low, high = 0, len(series)
    while low < high:
        middle = (low + high) // 2
        if series[middle].time <= time:
            low = middle + 1
        else:
            high = middle
    return series[low - 1] if low else None


def within(series: Sequence[Point], start: int, end: int) -> list[Point]:
    """The points from ``start`` to ``end``, both included."""
    return [point for point in series if start <= point.time <= end]


def daily_changes(series: Sequence[Point]) -> list[Point]:
    """The change between neighbouring UTC midnights that are both known; gaps give no change."""
    closing = {point.time // DAY: point.amount for point in series}
    return [Point(day * DAY, subtract(closing[day], closing[day - 1])) for day in sorted(closing) if day - 1 in closing]


def median(values: Sequence[Decimal]) -> Decimal:
    """The median, exact; the mean of the two middle values of an even number. Raises ``ValueError`` for none."""
    if not values:
        raise ValueError("no values")
    return _median(values)


def share(part: Decimal, whole: Decimal) -> Fraction:
    """``part / whole``, exact. Raises ``ZeroDivisionError`` for an empty whole."""
    return Fraction(part) / Fraction(whole)


def percent(value: Fraction, decimals: int = 2) -> str:
    """A fraction as a percentage for display, rounded half away from zero."""
    return rounded(value * 100, decimals)


def rounded(value: Fraction, decimals: int = 2) -> str:
    """A fraction in plain notation for display, as money in its hundredths: rounded half away from zero."""
    scaled = abs(value) * 10**decimals
    units = int(scaled + Fraction(1, 2))
    whole, rest = divmod(units, 10**decimals)
    sign = "-" if value < 0 and units else ""
    return f"{sign}{whole}.{rest:0{decimals}d}" if decimals else f"{sign}{whole}"
