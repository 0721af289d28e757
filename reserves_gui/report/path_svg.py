"""A path picture as inline SVG, made without Qt. Colours come from the classes of ``html_style``."""

from html import escape

from reserves_gui.evidence import PathPicture
from reserves_gui.messages import render, say
from reserves_gui.report.glyph_svg import glyph
from reserves_gui.report.path_folding import BOX_HEIGHT, PILL_HEIGHT
from reserves_gui.report.path_layout import (
    Box,
    Caption,
    Link,
    Look,
    Pill,
    layout_path,
    node_sentence,
)
from reserves_gui.verdict import State

_GLYPHS = {Look.OWN: State.VERIFIED, Look.LEAF: State.VERIFIED, Look.FAILED: State.FAILED}
_ANCHORS = {-1: "start", 0: "middle", 1: "end"}


def path_svg(picture: PathPicture, *, asset: str | None, language: str) -> str:
    """The whole picture, scaled to at most its natural width."""
    layout = layout_path(picture, asset=asset, language=language)
    parts = [_link(link) for link in layout.links]
    parts += [_pill(pill) for pill in layout.pills]
    parts += [_box(box, picture, language) for box in layout.boxes]
    parts += [_caption(caption) for caption in layout.captions]
    label = escape(render(say("report.path.title"), language))
    return (
        f'<svg class="path" role="group" aria-label="{label}" viewBox="0 0 {_n(layout.width)} {_n(layout.height)}" '
        f'width="{_n(layout.width)}" height="{_n(layout.height)}">{"".join(parts)}</svg>'
    )


def _link(link: Link) -> str:
    classes = f"link link-{link.look.value}" + (" dotted" if link.dotted else "")
    return f'<path class="{classes}" d="{link_path(link)}"/>'


def link_path(link: Link) -> str:
    """The line as path data; rounded at its knee where the layout says so and there is room."""
    points = link.points
    if link.rounded and len(points) == 3 and abs(points[0][0] - points[1][0]) > link.rounded:
        (x0, y0), (x1, y1), (x2, y2) = points
        turn = link.rounded if x0 > x1 else -link.rounded
        return (
            f"M{_n(x0)} {_n(y0)}L{_n(x1 + turn)} {_n(y1)}Q{_n(x1)} {_n(y1)} {_n(x1)} {_n(y1 + link.rounded)}"
            f"L{_n(x2)} {_n(y2)}"
        )
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _pill(pill: Pill) -> str:
    half = PILL_HEIGHT / 2
    middle = pill.y + half
    mark = f"M{_n(pill.x + 16)} {_n(middle - 2.5)}l4 -4l4 4m-8 5l4 4l4 -4"
    return (
        f'<rect class="pill" x="{_n(pill.x)}" y="{_n(pill.y)}" width="{_n(pill.width)}" height="{_n(PILL_HEIGHT)}" '
        f'rx="{_n(half)}"/><path class="unfold" d="{mark}"/>'
        f'<text class="small soft" x="{_n(pill.x + 36)}" y="{_n(middle + 4)}">{escape(pill.text)}</text>'
    )


def _box(box: Box, picture: PathPicture, language: str) -> str:
    title = escape(node_sentence(box, picture.assets, language))
    first = box.y + (20 if len(box.lines) > 1 else BOX_HEIGHT / 2 + 4)
    texts = "".join(
        f'<text class="mono in-{box.look.value}{_weight(box, at)}" x="{_n(box.x + 12)}" y="{_n(first + 17 * at)}">'
        f"{escape(line)}</text>"
        for at, line in enumerate(box.lines)
    )
    state = State.UNDECIDED if box.look is Look.UNDECIDED else _GLYPHS.get(box.look)
    mark = "" if state is None else glyph(state.value, x=box.x + box.width - 24, y=box.y + 8, size=14)
    return (
        f'<g role="img" aria-label="{title}"><title>{title}</title>'
        f'<rect class="box box-{box.look.value}" x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" '
        f'height="{_n(BOX_HEIGHT)}" rx="8"/>{texts}{mark}</g>'
    )


def _weight(box: Box, line: int) -> str:
    return " strong" if box.look is Look.FAILED and line == 1 else ""


def _caption(caption: Caption) -> str:
    x = caption.x + caption.width * (caption.align + 1) / 2
    return (
        f'<text class="small caption-{caption.place.value}" x="{_n(x)}" y="{_n(caption.y + 12)}" '
        f'text-anchor="{_ANCHORS[caption.align]}">{escape(caption.text)}</text>'
    )


def _n(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
