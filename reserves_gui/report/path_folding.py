"""Which levels of a path picture are shown and which fold to a pill, by the height there is."""

from collections.abc import Mapping
from dataclasses import dataclass

from reserves_gui.evidence import NodeKind, NodeState, PathNode, PathPicture

BOX_HEIGHT = 48.0
PITCH = 72.0
PILL_HEIGHT = 32.0
GAP = 16.0
CAPTION_HEIGHT = 26.0

_UNFOLDED = 7
"""Levels that a report shows without folding."""
# What stays open: levels under and with the root, and above and with the leaf; the first that fits is taken.
_OPEN = ((3, 3), (3, 2), (2, 2), (2, 1), (1, 1))
_OPEN_FAILED = ((2, 1), (1, 1))


@dataclass(frozen=True, slots=True)
class Row:
    """The nodes of one level: the own one and its siblings."""

    own: PathNode | None
    siblings: tuple[PathNode, ...]

    @property
    def nodes(self) -> tuple[PathNode, ...]:
        """All of them, the own one first."""
        return self.siblings if self.own is None else (self.own, *self.siblings)

    @property
    def is_recomputed(self) -> bool:
        """Whether the own node was recomputed here."""
        return self.own is not None and self.own.state is NodeState.RECOMPUTED


def rows_of(picture: PathPicture) -> dict[int, Row]:
    """Nodes by row, 1 for the lowest level; several siblings of one level stay in the order given."""
    levels: dict[int, list[PathNode]] = {}
    for node in picture.nodes:
        if node.kind is not NodeKind.ROOT:
            levels.setdefault(node.level, []).append(node)
    # The root stands above everything, whatever level a publisher counts it as.
    above = max(levels, default=-1) + 1
    for node in picture.nodes:
        if node.kind is NodeKind.ROOT:
            levels.setdefault(max(node.level, above), []).append(node)
    rows: dict[int, Row] = {}
    for level in sorted(levels):
        nodes = levels[level]
        own = next((node for node in nodes if node.kind in (NodeKind.ROOT, NodeKind.OWN, NodeKind.LEAF)), None)
        rows[level + 1] = Row(own, tuple(node for node in nodes if node is not own))
    return rows


def folded_of(rows: Mapping[int, Row], room: float | None) -> frozenset[int]:
    """The rows to fold so that the picture is at most ``room`` high, or comes as near to it as it may.

    ``room`` None: as little as reports fold, whose pages have no end.
    """
    numbers = sorted(rows, reverse=True)
    folded: frozenset[int] = frozenset()
    if len(numbers) <= _UNFOLDED if room is None else _height(numbers, folded) <= room:
        return folded
    failing = [row for row in numbers if any(node.state is NodeState.FAILED for node in rows[row].nodes)]
    inner = [row for row in failing if row != numbers[0]]
    for top, bottom in _OPEN_FAILED if inner else _OPEN:
        kept = {*numbers[:top], *numbers[-bottom:]}
        for row in failing:
            kept.update((row - 1, row, row + 1))
        hidden = [row for row in numbers if row not in kept]
        # One level takes no more room than its pill.
        folded = frozenset(row for row in hidden if row + 1 in hidden or row - 1 in hidden)
        if room is None or _height(numbers, folded) <= room:
            break
    return folded


def _height(numbers: list[int], folded: frozenset[int]) -> float:
    pills = sum(row in folded and row + 1 not in folded for row in numbers)
    return (
        (len(numbers) - len(folded)) * PITCH + pills * (PILL_HEIGHT + GAP) + CAPTION_HEIGHT + 1 - (PITCH - BOX_HEIGHT)
    )
