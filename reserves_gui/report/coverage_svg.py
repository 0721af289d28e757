"""Coverage bars as inline SVG, made without Qt. Colours come from the classes of ``html_style``."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from html import escape

from reserves_gui.report.coverage_layout import BAR, TIP, TRACK, CoverageBar, Scale
from reserves_gui.verdict import State

_WIDTH, _LEFT = 640.0, 128.0
_TRACK_WIDTH = _WIDTH - _LEFT - 16
_HEAD, _ROW = 22.0, 28.0
_LINE = 20.0
_NAME = 16


def coverage_svg(bars: Sequence[tuple[str, CoverageBar, str]]) -> str:
    """(asset, bar, what a screen reader says) below one another; a report holds one such picture."""
    if not bars:
        return ""
    parts = list(_scale(bars[0][1].scale))
    for at, (asset, bar, spoken) in enumerate(bars):
        name = asset if len(asset) <= _NAME else f"{asset[: _NAME - 1]}…"
        middle = _HEAD + at * _ROW + _ROW / 2
        parts.append(
            f'<g role="img" aria-label="{escape(spoken)}"><title>{escape(spoken)}</title>'
            f'<text x="0" y="{middle + 4:.1f}">{escape(name)}</text>'
            f'<g transform="translate({_LEFT:g} {middle:g})">{"".join(_bar(bar, f"fade-{at}"))}</g></g>'
        )
    height = _HEAD + len(bars) * _ROW
    return (
        f'<svg class="cover" viewBox="0 0 {_WIDTH:g} {height:g}" width="{_WIDTH:g}" height="{height:g}">'
        f"{''.join(parts)}</svg>"
    )


def _scale(scale: Scale) -> Iterator[str]:
    for tick in scale.ticks():
        x = _LEFT + scale.at(Fraction(tick, 100), _TRACK_WIDTH)
        style, text = ("strong", "100 %") if tick == 100 else ("soft", str(tick))
        yield f'<text class="{style}" x="{x:.1f}" y="14" text-anchor="middle">{text}</text>'


def _bar(bar: CoverageBar, fade: str) -> Iterator[str]:
    yield f'<rect class="track" y="{-TRACK / 2:g}" width="{_TRACK_WIDTH:g}" height="{TRACK:g}" rx="{TRACK / 2:g}"/>'
    if not bar.empty:
        yield from _interval(bar, fade)
    middle = bar.scale.at(Fraction(1), _TRACK_WIDTH)
    yield f'<path class="hundred" d="M{middle:.2f} {-_LINE / 2:g}v{_LINE:g}"/>'


def _interval(bar: CoverageBar, fade: str) -> Iterator[str]:
    state = bar.state.value
    left, right = bar.ends(_TRACK_WIDTH)
    radius = min(BAR, right - left) / 2
    box = (
        f'x="{left:.2f}" y="{-BAR / 2:g}" width="{right - left:.2f}" height="{BAR:g}" '
        f'rx="{radius:.2f}" ry="{min(radius, BAR / 2):.2f}"'
    )
    full = "0.28" if bar.state is State.UNDECIDED else "1"
    if bar.known_end is None:
        yield f'<rect class="seen seen-{state}" {box}/>'
    else:
        ends = ("0", full) if bar.low is None else (full, "0")
        stops = "".join(
            f'<stop class="stop-{state}" offset="{at}" stop-opacity="{opacity}"/>' for at, opacity in enumerate(ends)
        )
        yield f'<linearGradient id="{fade}">{stops}</linearGradient><rect fill="url(#{fade})" {box}/>'
        x = bar.scale.at(bar.known_end, _TRACK_WIDTH)
        yield f'<rect class="end-{state}" x="{x - 1:.2f}" y="{-BAR / 2:g}" width="2" height="{BAR:g}"/>'
    for high in bar.beyond():
        tip, foot = (_TRACK_WIDTH, _TRACK_WIDTH - TIP) if high else (0.0, TIP)
        yield f'<path class="end-{state}" d="M{tip:g} 0L{foot:g} {-TIP:g}V{TIP:g}Z"/>'
