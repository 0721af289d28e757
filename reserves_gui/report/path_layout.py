"""Where everything of a path picture stands, in pixels at 96 dpi: shared by the window, the PDF and the HTML report.

Root on top, below it one row per level with the own node and its sibling on their true sides. Long runs of levels
that hold nothing unusual fold to a pill. Nothing here draws; nothing that draws decides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from reserves_gui.evidence import NodeKind, NodeState, PathNode, PathPicture, Side
from reserves_gui.messages import DEFAULT_LANGUAGE, Message, render, visible
from reserves_gui.report.path_folding import (
    BOX_HEIGHT,
    CAPTION_HEIGHT,
    GAP,
    PILL_HEIGHT,
    PITCH,
    Row,
    folded_of,
    rows_of,
)
from reserves_gui.verdict import Outcome, State, Verdict

BOX_WIDE = 151.0
BOX_NARROW = 126.0
GUTTER = 24.0
MARGIN = 1.0
_INSET = 12.0
_MONO_ADVANCE = 7.25

Amounts = Callable[[str, int], str]
"""Writes an amount in at most so many characters."""


class Look(StrEnum):
    """How a box or a line is drawn."""

    OWN = "own"
    LEAF = "leaf"
    SIBLING = "sibling"
    FAILED = "failed"
    UNDECIDED = "undecided"


class Place(StrEnum):
    """What a text outside the boxes says, and so how it is set."""

    LEVEL = "level"
    ROOT = "root"
    LEAF = "leaf"
    LEAF_FAILED = "leaf_failed"
    NEIGHBOUR = "neighbour"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One node. ``row`` counts levels from the leaf's, 1 for it; ``lines`` are the texts inside, the hash first."""

    x: float
    y: float
    width: float
    node: PathNode
    row: int
    look: Look
    lines: tuple[str, ...]

    @property
    def centre(self) -> float:
        """The x of the middle."""
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.y + BOX_HEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A line through ``points``; ``dotted`` where levels are folded away."""

    points: tuple[tuple[float, float], ...]
    look: Look
    dotted: Look | None = None
    rounded: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pill:
    """Folded rows ``low`` to ``high`` (both folded)."""

    x: float
    y: float
    width: float
    low: int
    high: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """A text outside the boxes: its baseline box's left edge, top, width, and how it is aligned in it (-1, 0, 1)."""

    x: float
    y: float
    width: float
    align: int
    text: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PathLayout:
    """The whole picture. Boxes come from the root down, the own node of a row before its sibling."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    pills: tuple[Pill, ...]
    captions: tuple[Caption, ...]


def picture_of(verdict: Verdict) -> PathPicture | None:
    """The path picture of a verdict, the root marked by what comparing it came to: failed, or not decided."""
    if verdict.picture is None:
        return None
    claim = verdict.claim("root")
    if claim is None or claim.state is State.VERIFIED:
        return verdict.picture
    wanted = NodeState.UNDECIDED
    if any(check.id == "root.match" and check.outcome is Outcome.FAILED for check in claim.checks):
        wanted = NodeState.FAILED
    first, *others = (_with_root(path, wanted) for path in verdict.picture.each)
    return replace(first, more=tuple(others))


def _with_root(path: PathPicture, state: NodeState) -> PathPicture:
    nodes = tuple(
        replace(node, state=state) if node.kind is NodeKind.ROOT and node.state is not NodeState.FAILED else node
        for node in path.nodes
    )
    return PathPicture(nodes, path.assets)


def short_hash(text: str) -> str:
    """A hash as its first six and last four digits."""
    return text if len(text) <= 12 else f"{text[:6]}…{text[-4:]}"


def shortened(text: str, limit: int) -> str:
    """``text`` cut in the middle to ``limit`` characters."""
    if len(text) <= limit:
        return text
    kept = limit - 1
    return f"{text[: kept - kept // 2]}…{text[len(text) - kept // 2 :]}"


def cut_decimals(amount: str, most: int, point: str) -> str:
    """A written amount in at most ``most`` characters: last decimals give way to “…”; long whole coins their middle."""
    whole = amount.partition(point)[0]
    if len(amount) <= most:
        return amount
    return f"{amount[: most - 1]}…" if len(whole) + 3 <= most else shortened(amount, most)


def plain(amount: str, most: int) -> str:
    """An amount as it stands: files and copies carry no thousands sign."""
    return cut_decimals(amount, most, ".")


def layout_path(
    picture: PathPicture,
    *,
    asset: str | None = None,
    opened: frozenset[int] = frozenset(),
    box_width: float = BOX_WIDE,
    amount: Amounts = plain,
    language: str = DEFAULT_LANGUAGE,
    room: float | None = None,
) -> PathLayout:
    """Place all nodes. ``asset`` None: the first; ``opened``: unfolded rows; ``amount``: how sums are shown.

    ``room``: the height to fold for, in pixels; None: as reports fold.
    """
    rows = rows_of(picture)
    shown_asset = asset if asset is not None else next(iter(picture.assets), None)
    drawing = _Drawing(shown_asset, box_width, amount, language)
    folded = folded_of(rows, room) - opened
    parent: _Anchor | None = None
    row_numbers = sorted(rows, reverse=True)
    at = 0
    while at < len(row_numbers):
        row = row_numbers[at]
        if row in folded:
            last = at
            while last + 1 < len(row_numbers) and row_numbers[last + 1] in folded:
                last += 1
            recomputed = all(rows[one].is_recomputed for one in row_numbers[at : last + 1])
            key = "report.path.folded" if recomputed else "report.path.folded_given"
            parent = drawing.pill(row_numbers[last], row, parent, key)
            at = last + 1
            continue
        parent = drawing.row(row, rows[row], parent)
        at += 1
    return drawing.finished(rows)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Where the next row hangs: the middle and lower edge of a box or pill."""

    x: float
    y: float
    look: Look


class _Drawing:
    """Collects the parts from the root down."""

    def __init__(self, asset: str | None, box_width: float, amount: Amounts, language: str) -> None:
        self._asset = asset
        self._box = box_width
        self._amount = amount
        self._language = language
        self._left = GUTTER
        self._right = GUTTER + box_width + GAP
        self._middle = GUTTER + box_width + GAP / 2
        self._y = MARGIN
        self._boxes: list[Box] = []
        self._links: list[Link] = []
        self._pills: list[Pill] = []
        self._captions: list[Caption] = []

    def row(self, number: int, row: Row, parent: _Anchor | None) -> _Anchor:
        own = row.own
        top = self._y
        self._caption(0.0, top + BOX_HEIGHT / 2 - 8, GUTTER - 7, 1, str(number), Place.LEVEL)
        self._y = top + PITCH
        own_box = None if own is None else self._own_box(own, number, top, row)
        if own_box is not None:
            self._boxes.append(own_box)
            if own_box.node.kind is NodeKind.ROOT:
                place = own_box.x + own_box.width + 12
                self._caption(place, top + BOX_HEIGHT / 2 - 8, 80, -1, self._say("report.path.root"), Place.ROOT)
        for node in row.siblings[:1]:
            self._sibling(node, number, top, own_box, len(row.siblings), parent)
        if own_box is None:
            return _Anchor(self._middle, top + BOX_HEIGHT, Look.SIBLING)
        if parent is not None:
            failed = own_box.look is Look.FAILED
            self._link(parent, own_box, Look.FAILED if failed else Look.OWN)
        return _Anchor(own_box.centre, own_box.bottom, own_box.look)

    def pill(self, low: int, high: int, parent: _Anchor | None, key: str) -> _Anchor:
        top = self._y - (PITCH - BOX_HEIGHT) + GAP
        if parent is not None:
            points = ((parent.x, parent.y + 2), (parent.x, top))
            self._links.append(Link(points=points, look=Look.OWN, dotted=Look.OWN))
        count = high - low + 1
        text = self._say(key, count=count)
        width = 2 * self._box + GAP
        self._pills.append(Pill(x=self._left, y=top, width=width, low=low, high=high, text=text))
        self._y = top + PILL_HEIGHT + (PITCH - BOX_HEIGHT)
        return _Anchor(self._middle, top + PILL_HEIGHT, Look.OWN)

    def finished(self, rows: Mapping[int, Row]) -> PathLayout:
        bottom = self._y - (PITCH - BOX_HEIGHT)
        lowest = rows[min(rows)] if rows else Row(None, ())
        top = bottom + 6
        for box in self._boxes:
            if rows and box.row != min(rows):
                continue
            if box.node.kind is NodeKind.LEAF:
                place = Place.LEAF_FAILED if box.look is Look.FAILED else Place.LEAF
                self._caption(box.x, top, box.width, 0, self._say("report.path.leaf"), place)
            elif box.node.level == 0 and box.node.kind in (NodeKind.SIBLING, NodeKind.PADDING):
                key = "report.path.padding" if box.node.kind is NodeKind.PADDING else "report.path.neighbour"
                self._caption(box.x, top, box.width, 0, self._say(key), Place.NEIGHBOUR)
        if lowest.nodes and min(node.level for node in lowest.nodes) > 0:
            text = self._say("report.path.redacted")
            self._caption(self._left, top, 2 * self._box + GAP, 0, text, Place.NOTE)
        return PathLayout(
            width=GUTTER + 2 * self._box + GAP + MARGIN,
            height=bottom + CAPTION_HEIGHT,
            boxes=tuple(self._boxes),
            links=tuple(sorted(self._links, key=lambda link: _DRAWN_LAST.get(link.look, 0))),
            pills=tuple(self._pills),
            captions=tuple(self._captions),
        )

    def _own_box(self, node: PathNode, number: int, top: float, row: Row) -> Box:
        if node.side is Side.LEFT:
            x = self._left
        elif node.side is Side.RIGHT:
            x = self._right
        elif row.siblings and row.siblings[0].side is not None:
            x = self._right if row.siblings[0].side is Side.LEFT else self._left
        else:
            x = self._middle - self._box / 2
        return self._made(node, number, x, top, _own_look(node))

    def _sibling(
        self, node: PathNode, number: int, top: float, own: Box | None, count: int, parent: _Anchor | None
    ) -> None:
        if node.side is not None:
            x = self._left if node.side is Side.LEFT else self._right
        else:
            x = self._left if own is not None and own.x > self._left else self._right
        look = Look.FAILED if node.state is NodeState.FAILED else Look.SIBLING
        box = self._made(node, number, x, top, look)
        if count > 1:
            more = shortened(self._say("report.path.more_siblings", count=count - 1), self._characters())
            box = replace(box, lines=(box.lines[0], more))
        self._boxes.append(box)
        if parent is not None:
            self._link(parent, box, look)

    def _made(self, node: PathNode, number: int, x: float, y: float, look: Look) -> Box:
        lines = [short_hash(visible(node.hash))]
        amount = None if self._asset is None else node.sums.get(self._asset)
        if amount is not None:
            lines.append(visible(self._amount(amount, self._characters())))
        return Box(x=x, y=y, width=self._box, node=node, row=number, look=look, lines=tuple(lines))

    def _link(self, parent: _Anchor, box: Box, look: Look) -> None:
        knee = parent.y + (PITCH - BOX_HEIGHT) / 2
        points = ((parent.x, parent.y), (parent.x, knee), (box.centre, knee), (box.centre, box.y))
        if look is Look.OWN or box.node.kind not in (NodeKind.SIBLING, NodeKind.PADDING):
            self._links.append(Link(points=points, look=look))
        else:
            self._links.append(Link(points=points[1:], look=look, rounded=6.0))

    def _characters(self) -> int:
        return int((self._box - 2 * _INSET + 2) / _MONO_ADVANCE)

    def _caption(self, x: float, y: float, width: float, align: int, text: str, place: Place) -> None:
        self._captions.append(Caption(x=x, y=y, width=width, align=align, text=text, place=place))

    def _say(self, key: str, **args: str | int) -> str:
        return render(Message(key, args), self._language)


# Own lines lie over the siblings', failing ones over all.
_DRAWN_LAST = {Look.SIBLING: 0, Look.OWN: 1, Look.FAILED: 2}


def _own_look(node: PathNode) -> Look:
    if node.state is NodeState.FAILED:
        return Look.FAILED
    if node.state is NodeState.UNDECIDED:
        return Look.UNDECIDED
    if node.state is NodeState.GIVEN:
        return Look.SIBLING
    return Look.LEAF if node.kind is NodeKind.LEAF else Look.OWN


def node_sentence(box: Box, assets: Sequence[str], language: str = DEFAULT_LANGUAGE) -> str:
    """What a node says when it is read aloud: place, state, full hash and all its sums."""
    sums = ", ".join(f"{box.node.sums[asset]} {asset}" for asset in assets if asset in box.node.sums)
    side = "none" if box.node.side is None else box.node.side.value
    state = Message(f"report.nodestate.{box.node.state.value}")
    key = f"report.node.{box.node.kind.value}.{side}"
    said = Message(key, {"level": box.row, "state": state, "hash": box.node.hash, "sums": sums or "–"})
    return render(said, language)
