"""Setting sentences on paper: wrapped lines of one font, and items that flow over pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

from reserves_gui.gui.theme import colour

Draw = Callable[[QPainter, float], None]
"""Paints an item with its upper edge at the given y."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that is never cut by the end of a page. ``keep``: it stays on the page of the next item.

    ``blank`` items are space between others, which no page begins with.
    """

    height: float
    draw: Draw
    keep: bool = False
    blank: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """A font with a colour and a line height, in pixels at 96 dpi."""

    font: QFont
    colour: str
    line: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Wrapped lines of one ink, ``x`` pixels from the left edge, ``dy`` below the upper edge of their item."""

    x: float
    lines: tuple[str, ...]
    ink: Ink
    dy: float = 0.0

    @property
    def bottom(self) -> float:
        """The lower edge within the item."""
        return self.dy + len(self.lines) * self.ink.line


def block(text: str, ink: Ink, *, x: float, width: float, dy: float = 0.0) -> Block:
    """``text`` wrapped to ``width``; words longer than a line (hashes) break anywhere."""
    return Block(x=x, lines=wrapped(text, ink.font, width), ink=ink, dy=dy)


def wrapped(text: str, font: QFont, width: float) -> tuple[str, ...]:
    """The lines of ``text`` in ``font``; at least one."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    found = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        found.append((line.textStart(), line.textLength()))
    layout.endLayout()
    # Qt counts UTF-16 units.
    units = text.encode("utf-16-le", "surrogatepass")
    cut = [units[2 * start : 2 * (start + length)].decode("utf-16-le", "replace").rstrip() for start, length in found]
    return tuple(cut) or ("",)


def advance(text: str, font: QFont) -> float:
    """How wide ``text`` is."""
    return QFontMetricsF(font).horizontalAdvance(text)


def paint_block(painter: QPainter, part: Block, y: float) -> None:
    """Paint the lines of ``part`` in an item whose upper edge is at ``y``."""
    metrics = QFontMetricsF(part.ink.font)
    lead = (part.ink.line - metrics.height()) / 2 + metrics.ascent()
    painter.setFont(part.ink.font)
    painter.setPen(colour(part.ink.colour))
    for at, text in enumerate(part.lines):
        painter.drawText(QPointF(part.x, y + part.dy + at * part.ink.line + lead), text)


def texts(*parts: Block, space: float = 0.0, keep: bool = False, ground: tuple[str, float] | None = None) -> Item:
    """An item of several blocks. ``ground`` is a colour and a width to lay under it; ``space`` follows it."""
    height = max((part.bottom for part in parts), default=0.0) + space

    def draw(painter: QPainter, y: float) -> None:
        if ground is not None:
            painter.fillRect(QRectF(0, y, ground[1], height + 0.5), colour(ground[0]))
        for part in parts:
            paint_block(painter, part, y)

    return Item(height=height, draw=draw, keep=keep)


def paged(items: Sequence[Item], room: float) -> list[list[Item]]:
    """The items of each page of ``room`` pixels. What belongs together stays together where it fits one page."""
    pages: list[list[Item]] = [[]]
    used = 0.0
    at = 0
    while at < len(items):
        end = at
        while items[end].keep and end + 1 < len(items):
            end += 1
        group = list(items[at : end + 1])
        height = sum(item.height for item in group)
        if pages[-1] and used + height > room:
            pages.append([])
            used = 0.0
        while group and group[0].blank and not pages[-1]:
            height -= group.pop(0).height
        pages[-1].extend(group)
        used += height
        at = end + 1
    return pages
