"""Failing nodes and lines of a whole tree: the first of them in full, the rest counted."""

from collections.abc import Iterator
from dataclasses import dataclass

from reserves_gui import limits


@dataclass(frozen=True, slots=True)
class NodeFailure:
    """A failing node: its index, its row (0 for the root's), its position in the row, its line, and two texts compared.

    In a breadth-first file with one header line: ``row = bit_length(i+1) - 1``, ``position = i + 1 - 2^row``,
    ``line = i + 2``.
    """

    node: int
    row: int
    position: int
    line: int
    expected: str = ""
    seen: str = ""


class Failures:
    """Collects failing nodes; keeps the first 20."""

    def __init__(self) -> None:
        self.count = 0
        self._first: list[NodeFailure] = []

    def add(self, node: int, expected: str = "", seen: str = "") -> None:
        """Record the failing node of that breadth-first index in a file with one header line."""
        row = (node + 1).bit_length() - 1
        self.add_at(NodeFailure(node, row, node + 1 - (1 << row), node + 2, expected, seen))

    def add_line(self, line: int) -> None:
        """Record a line that breaks the grammar, by its 1-based number."""
        self.add_at(NodeFailure(line - 1, 0, 0, line))

    def add_at(self, failure: NodeFailure) -> None:
        """Record a failing node with its place."""
        self.count += 1
        if len(self._first) < limits.FAILING_NODES_LISTED:
            self._first.append(failure)

    @property
    def first(self) -> tuple[NodeFailure, ...]:
        """The first failures, in file order."""
        return tuple(self._first)

    def __bool__(self) -> bool:
        return self.count > 0

    def __iter__(self) -> Iterator[NodeFailure]:
        return iter(self._first)
