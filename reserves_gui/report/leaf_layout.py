"""Where the bars of a leaf-size picture stand, in pixels at 96 dpi: half-decade classes on a logarithmic axis.

Class ``k`` holds the leaves with ``10^(k/2) <= value < 10^((k+1)/2)`` in the smallest unit; with ``d`` decimals its
lower end is ``10^(k/2 - d)`` coins, so every second edge is a power of ten.
"""

from dataclasses import dataclass

from reserves_gui.evidence import LeafSizes
from reserves_gui.messages import DEFAULT_LANGUAGE, render, say

BAR_GAP = 4.0
_LEFT = 64.0
# Half of the last label, which stands under the end of the axis.
_RIGHT = 28.0
_TOP = 18.0
_AXIS = 34.0
_TICK_LABEL = 58.0
_GRID_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One class: its place, how many leaves it holds, its ends in coins as texts, and whether own leaves are in it."""

    x: float
    y: float
    width: float
    height: float
    count: int
    low: str
    high: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A label on an axis: ``at`` is the x (below the bars) or the y (beside them)."""

    at: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafLayout:
    """The whole picture; ``zeros`` is the sentence about leaves of value 0, empty if there are none."""

    width: float
    height: float
    base: float
    left: float
    right: float
    bars: tuple[Bar, ...]
    grid: tuple[Tick, ...]
    ticks: tuple[Tick, ...]
    zeros: str


def layout_leaf_sizes(
    sizes: LeafSizes, *, asset: str, width: float, height: float, language: str = DEFAULT_LANGUAGE
) -> LeafLayout:
    """Place the bars of ``asset`` in a picture of ``width`` x ``height`` pixels."""
    counts = sizes.counts.get(asset, {})
    decimals = sizes.unit_decimals.get(asset, 0)
    own = sizes.own.get(asset, frozenset())
    base, left, right = height - _AXIS, _LEFT, width - _RIGHT
    zeros = sizes.zeros.get(asset, 0)
    said = render(say("report.sizes.zeros", count=zeros), language) if zeros else ""
    filled = sorted(k for k, n in counts.items() if n)
    if not filled:
        return LeafLayout(
            width=width, height=height, base=base, left=left, right=right, bars=(), grid=(), ticks=(), zeros=said
        )
    classes = range(filled[0], filled[-1] + 1)
    step = min((right - left) / len(classes), 48.0)
    most = max(counts.values())
    steps = _round_steps(most)
    top = max(most, steps[-1] if steps else most)
    scale = (base - _TOP) / top
    bars = tuple(
        Bar(
            x=left + at * step + BAR_GAP / 2,
            y=base - _bar_height(counts.get(k, 0), scale),
            width=max(step - BAR_GAP, 1.0),
            height=_bar_height(counts.get(k, 0), scale),
            count=counts.get(k, 0),
            low=edge_text(k, decimals, language),
            high=edge_text(k + 1, decimals, language),
            own=k in own,
        )
        for at, k in enumerate(classes)
    )
    grid = tuple(Tick(at=base - count * scale, text=grouped(count, language)) for count in steps)
    return LeafLayout(
        width=width,
        height=height,
        base=base,
        left=left,
        right=right,
        bars=bars,
        grid=grid,
        ticks=_ticks(classes, decimals, left, step, language),
        zeros=said,
    )


def edge_text(k: int, decimals: int, language: str = DEFAULT_LANGUAGE) -> str:
    """The edge ``10^(k/2 - decimals)`` with the language's decimal mark; between powers of ten rounded to 3.16."""
    mark = "," if language == "de" else "."
    power, half = divmod(k - 2 * decimals, 2)
    digits = "316" if half else "1"
    if power >= 0:
        return digits[: power + 1].ljust(power + 1, "0") + (
            mark + digits[power + 1 :] if len(digits) > power + 1 else ""
        )
    return f"0{mark}" + "0" * (-power - 1) + digits


def grouped(count: int, language: str) -> str:
    """A count with the thousands sign of the language."""
    text = f"{count:,}"
    return text.replace(",", ".") if language == "de" else text


def _bar_height(count: int, scale: float) -> float:
    # A class that holds anything is seen, however small beside the others.
    return max(count * scale, 1.5) if count else 0.0


def _round_steps(most: int) -> tuple[int, ...]:
    """At most three round counts, 1, 2 or 5 times a power of ten apart."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if most // (step * factor) <= _GRID_LINES:
                wanted = step * factor
                return tuple(range(wanted, most + 1, wanted))
        step *= 10


def _ticks(classes: range, decimals: int, left: float, step: float, language: str) -> tuple[Tick, ...]:
    edges = [k for k in range(classes.start, classes.stop + 1) if (k - 2 * decimals) % 2 == 0]
    if not edges:
        return ()
    every = 1
    while every * 2 * step < _TICK_LABEL:
        every += 1
    return tuple(
        Tick(at=left + (k - classes.start) * step, text=edge_text(k, decimals, language))
        for at, k in enumerate(edges)
        if at % every == 0
    )
