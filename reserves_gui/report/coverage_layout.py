"""Where the parts of a coverage bar stand, in pixels at 96 dpi: on screen, on paper and in HTML alike.

Ratios stay fractions until a place on the track is computed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from reserves_gui.verdict import State

TRACK, BAR = 8.0, 10.0
"""Heights of the track and of the interval on it."""
TIP = 6.0
"""Of the mark that points out of the track."""
_LEAST = 4.0
_STEPS = (1, 2, 5, 10, 20, 50)
_TICKS = 7
_FARTHEST = 200
_PERCENT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,30})?", re.ASCII)


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

    @property
    def known_end(self) -> Fraction | None:
        """The end that stands out where the other one is not known."""
        if (self.low is None) == (self.high is None):
            return None
        return self.high if self.low is None else self.low

    def ends(self, width: float) -> tuple[float, float]:
        """From where to where the interval reaches on a track of ``width``; wide enough to be seen."""
        left = 0.0 if self.low is None else self.scale.at(self.low, width)
        right = width if self.high is None else self.scale.at(self.high, width)
        if right - left < _LEAST:
            left = max(0.0, min(width - _LEAST, (left + right - _LEAST) / 2))
            right = left + _LEAST
        return left, right

    def beyond(self) -> tuple[bool, ...]:
        """The ends that lie outside the scale: False on its left, True on its right."""
        percents = [end * 100 for end in (self.low, self.high) if end is not None]
        outside = [one for one in percents if not self.scale.low <= one <= self.scale.high]
        return tuple(sorted({one > self.scale.high for one in outside}))


def coverage_bars(extra: Mapping[str, object]) -> tuple[tuple[str, CoverageBar], ...]:
    """(asset, bar) for every asset whose coverage a report carries, on one scale; figures of another shape are none."""
    found = []
    assets = extra.get("coverage")
    for asset, figures in assets.items() if isinstance(assets, Mapping) else ():
        ratio = figures.get("ratio") if isinstance(figures, Mapping) else None
        states = [state for state in State if isinstance(figures, Mapping) and figures.get("state") == state.value]
        if isinstance(ratio, Mapping) and states:
            found.append((str(asset), states[0], _ratio(ratio.get("low_percent")), _ratio(ratio.get("high_percent"))))
    scale = scale_of(end for *_, low, high in found for end in (low, high) if end is not None)
    return tuple(
        (asset, CoverageBar(state=state, low=low, high=high, scale=scale)) for asset, state, low, high in found
    )


def _ratio(percent: object) -> Fraction | None:
    return Fraction(percent) / 100 if isinstance(percent, str) and _PERCENT.fullmatch(percent) else None
