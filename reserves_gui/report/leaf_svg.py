"""Leaf sizes as inline SVG, made without Qt."""

from html import escape

from reserves_gui.evidence import LeafSizes
from reserves_gui.messages import render, say
from reserves_gui.report.leaf_layout import Bar, grouped, layout_leaf_sizes
from reserves_gui.report.sheet import asset_label

WIDTH = 640.0
HEIGHT = 200.0


def leaf_svg(sizes: LeafSizes, *, asset: str, language: str) -> str:
    """The histogram of one asset."""
    layout = layout_leaf_sizes(sizes, asset=asset, width=WIDTH, height=HEIGHT, language=language)
    parts = [
        f'<path class="grid" d="M{layout.left:.1f} {tick.at:.1f}H{layout.right:.1f}"/>'
        f'<text class="small soft" x="{layout.left - 10:.1f}" y="{tick.at + 4:.1f}" text-anchor="end">'
        f"{escape(tick.text)}</text>"
        for tick in layout.grid
    ]
    parts += [_bar(bar, asset, language) for bar in layout.bars]
    parts.append(f'<path class="axis" d="M{layout.left:.1f} {layout.base:.1f}H{layout.right:.1f}"/>')
    parts += [
        f'<text class="small soft" x="{tick.at:.1f}" y="{layout.base + 17:.1f}" text-anchor="middle">'
        f"{escape(tick.text)}</text>"
        for tick in layout.ticks
    ]
    label = escape(render(say("report.sizes.title", asset=asset_label(asset)), language))
    return (
        f'<svg class="sizes" role="group" aria-label="{label}" viewBox="0 0 {layout.width:g} {layout.height:g}" '
        f'width="{layout.width:g}" height="{layout.height:g}">{"".join(parts)}</svg>'
    )


def _bar(bar: Bar, asset: str, language: str) -> str:
    said = say(
        "report.sizes.bar", count=grouped(bar.count, language), low=bar.low, high=bar.high, asset=asset_label(asset)
    )
    title = escape(render(said, language))
    middle = bar.x + bar.width / 2
    mark = f'<path class="own-mark" d="M{middle - 5:.1f} {bar.y - 12:.1f}h10l-5 8z"/>' if bar.own else ""
    style = "bar bar-own" if bar.own else "bar"
    return (
        f'<g role="img" aria-label="{title}"><title>{title}</title>{mark}'
        f'<rect class="{style}" x="{bar.x:.1f}" y="{bar.y:.1f}" width="{bar.width:.1f}" '
        f'height="{bar.height:.1f}" rx="2"/></g>'
    )
