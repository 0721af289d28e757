"""Failing nodes and lines of a whole tree: the first of them in full, the rest counted."""

from collections.abc import Iterator
from dataclasses import dataclass

from reserves_gui import limits


@dataclass(frozen=True, slots=True)
class NodeFailure:
    """A failing node: 0-based breadth-first index, and the two values compared, as texts."""

    node: int
    expected: str = ""
    seen: str = ""

    @property
    def row(self) -> int:
        """The row, 0 for the root's."""
        return (self.node + 1).bit_length() - 1

    @property
    def position(self) -> int:
        """The position in its row, from 0."""
        return self.node + 1 - (1 << self.row)


class Failures:
    """Collects failing nodes; keeps the first 20."""

    def __init__(self) -> None:
        self.count = 0
        self._first: list[NodeFailure] = []

    def add(self, node: int, expected: str = "", seen: str = "") -> None:
        """Record one failing node (for line failures: the line's number)."""
        self.count += 1
        if len(self._first) < limits.FAILING_NODES_LISTED:
            self._first.append(NodeFailure(node, expected, seen))

    @property
    def first(self) -> tuple[NodeFailure, ...]:
        """The first failures, in file order."""
        return tuple(self._first)

    def __bool__(self) -> bool:
        return self.count > 0

    def __iter__(self) -> Iterator[NodeFailure]:
        return iter(self._first)
