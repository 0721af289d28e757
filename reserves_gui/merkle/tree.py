"""A whole sum tree, one node a line, verified in constant memory by two cursors over one file.

In breadth-first order the children of node 0, 1, 2 … are the lines 1-2, 3-4, 5-6 …: they come in file order. One
cursor reads children, two at a time; the other reads the parents they must give. Counting the lines first tells where
the leaves begin, so that own leaves are looked for while the children's cursor passes over them.

2026-11-22: the line count is a pass of its own (about 1 % of the work). It decides whether the file is whole before a
mismatch could be misread, because extra lines look like children of a leaf.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.merkle.leaf_sizes import SizeClasses
from reserves_gui.merkle.line_tree import Layout, Lines, ParentLines, measure
from reserves_gui.merkle.node_failures import Failures
from reserves_gui.merkle.sum_rows import LINE, VALUE_LIMIT, Kernel, LeafKey, Rows, pair_digest, parse_rows
from reserves_gui.messages import say
from reserves_gui.progress import Progress

_Node = tuple[bytes, int]


@dataclass(slots=True)
class TreeReport:
    """What one pass over a tree file found; values in the smallest unit.

    ``nodes``: node lines; ``leaf_count``: None where the file is not whole; ``grammar``: failing line numbers;
    ``hash``, ``sum``, ``range``, ``negative``: failing nodes; ``unhashable``: nodes whose digest could not be
    recomputed because a child's value is no 64-bit number; ``root``: the root line's digest; ``total``: the sum of the
    root's children (of a single leaf its value); ``own``: per key the (leaf index, value) found.
    """

    layout: Layout
    nodes: int
    leaf_count: int | None
    root: str | None = None
    root_value: int | None = None
    total: int | None = None
    hashed: bool = True
    grammar: Failures = field(default_factory=Failures)
    hash: Failures = field(default_factory=Failures)
    sum: Failures = field(default_factory=Failures)
    range: Failures = field(default_factory=Failures)
    negative: Failures = field(default_factory=Failures)
    unhashable: Failures = field(default_factory=Failures)
    own: list[list[tuple[int, int]]] = field(default_factory=list)
    sizes: SizeClasses = field(default_factory=SizeClasses)

    @property
    def scanned(self) -> bool:
        """Whether leaves could be looked at: only then is it known which lines are leaves."""
        return self.leaf_count is not None

    @property
    def nearest(self) -> tuple[int, int]:
        """The two valid node counts around the one found."""
        below = 2 * _full_leaves(self.nodes) - 1
        return below, 2 * (below + 1) - 1


def _full_leaves(nodes: int) -> int:
    """The largest power of two N with 2N-1 <= ``nodes``, at least 1."""
    return 1 << max(0, (nodes + 1).bit_length() - 2)


def verify_tree(
    opened: Callable[[], BinaryIO], keys: Sequence[LeafKey], *, kernel: Kernel, progress: Progress, size: int
) -> TreeReport:
    """Recompute every digest and every sum of a tree file and look for the leaves of ``keys``.

    ``size`` is the expected size in bytes, for progress alone. Raises ``limit.size`` above 2^28 leaves or 64 GiB.
    """
    progress.stage(say("trees.stage_counting"), size)
    layout = measure(opened, progress)
    nodes = layout.lines - 1
    if nodes >= 2 * limits.STREAM_LEAVES or layout.bytes > limits.STREAM_BYTES:
        raise ReservesError(ErrorCode.LIMIT_SIZE, say("error.limit_size", limit=limits.STREAM_BYTES))
    progress.stage(say("trees.stage_recomputing"), layout.bytes)
    with opened() as first, opened() as second:
        walk = _Walk(layout, keys, kernel, first, second)
        walk.run(progress)
    progress.advance(layout.bytes)
    return walk.report


class _Walk:
    """One pass: the state that goes from block to block."""

    def __init__(
        self, layout: Layout, keys: Sequence[LeafKey], kernel: Kernel, first: BinaryIO, second: BinaryIO
    ) -> None:
        nodes = layout.lines - 1
        self._leaves = _full_leaves(nodes)
        whole = nodes == 2 * self._leaves - 1
        self.report = TreeReport(layout, nodes, self._leaves if whole else None)
        self.report.own = [[] for _ in keys]
        self._keys = keys
        self._kernel = kernel
        # Every further key costs as much as hashing a pair: smaller blocks keep the time between two looks at cancel.
        self._block_bytes = max(8192, kernel.block_bytes * 4 // (2 + max(2, len(keys))))
        self._children = Lines(first, layout, limits.TREE_LINE_BYTES)
        self._parents = ParentLines(Lines(second, layout, limits.TREE_LINE_BYTES), self._block_bytes)
        self._next = 1

    def run(self, progress: Progress) -> None:
        """Walk over the whole file."""
        self._children.line()
        self._parents.take(1)
        if self.report.nodes:
            self._root(self._children.line())
        rest = b""
        while block := self._children.block(self._block_bytes):
            text = rest + block
            count = text.count(b"\n")
            # Pairs stay together: the first line of the next pair waits for its sibling.
            if count % 2:
                cut = text.rfind(b"\n", 0, len(text) - 1) + 1
                text, rest = text[:cut], text[cut:]
            else:
                rest = b""
            if text:
                self._block(text)
            progress.advance(self._children.bytes)
        if rest:
            self._block(rest)
        if self.report.layout.blank_tail:
            self.report.grammar.add_line(self.report.nodes + 2)
            self.report.hashed = False

    def _root(self, line: bytes) -> None:
        node = self._read_line(line, 0)
        if node is None:
            return
        self.report.root = node[0].hex()
        self.report.root_value = node[1]
        if self._leaves == 1 and self.report.scanned:
            if self._in_range(node[1]):
                self.report.total = node[1]
            self._scan_slowly([node], 0)

    def _block(self, text: bytes) -> None:
        rows = parse_rows(text)
        first = self._next
        # The first block may be all of a small file; blank lines at its end are no nodes.
        if rows is None or first + len(rows.values) > self.report.nodes:
            self._lines(text.split(b"\n")[:-1])
            return
        self._next += len(rows.values)
        self._total(first, rows.values)
        inner = min(len(rows.values), 2 * self._leaves - 1 - first)
        if self.report.hashed and inner > 0:
            pairs = rows if inner == len(rows.values) else rows.part(0, inner)
            expected = self._kernel.parents(pairs)
            if expected is None or not self._parents.matches(expected):
                self._pairs(_nodes(pairs), first)
        if self.report.scanned:
            self._scan(rows, first)

    def _scan(self, rows: Rows, first: int) -> None:
        start = max(0, self._leaves - 1 - first)
        if start >= len(rows.values):
            return
        part = rows.part(start, len(rows.values)) if start else rows
        leaf = first + start - (self._leaves - 1)
        for key, offset in self._kernel.own(part, leaf, self._keys):
            self.report.own[key].append((leaf + offset, part.values[offset]))
        self.report.sizes.add(part.values)

    def _lines(self, lines: list[bytes]) -> None:
        """The same as :meth:`_block`, one line at a time, for blocks that hold something out of the ordinary."""
        first = self._next
        lines = lines[: max(0, self.report.nodes - first)]
        self._next += len(lines)
        nodes = [self._read_line(line, first + offset) for offset, line in enumerate(lines)]
        self._total(first, [node[1] if node else -1 for node in nodes[:2]])
        inner = min(len(nodes), 2 * self._leaves - 1 - first)
        if self.report.hashed and inner > 0:
            self._pairs([node for node in nodes[:inner] if node], first)
        if self.report.scanned:
            start = max(0, self._leaves - 1 - first)
            self._scan_slowly(nodes[start:], first + start - (self._leaves - 1))

    def _read_line(self, line: bytes, node: int) -> _Node | None:
        match = LINE.fullmatch(line)
        if match is None:
            self.report.grammar.add_line(node + 2)
            self.report.hashed = False
            return None
        value = int(match[2])
        if value < 0:
            self.report.negative.add(node, seen=str(value))
        elif value >= VALUE_LIMIT:
            self.report.range.add(node, seen=str(value))
        return bytes.fromhex(match[1].decode("ascii")), value

    def _scan_slowly(self, nodes: Sequence[_Node | None], first: int) -> None:
        for leaf, node in enumerate(nodes, first):
            if node is None or not self._in_range(node[1]):
                continue
            for number, key in enumerate(self._keys):
                if key.leaf(node[1], leaf) == node[0]:
                    self.report.own[number].append((leaf, node[1]))
            self.report.sizes.add_one(node[1])

    def _pairs(self, children: list[_Node], first: int) -> None:
        """Look at each pair by itself: which parents differ, and in what."""
        parents = self._parents.take(len(children) // 2)
        report = self.report
        for offset, line in enumerate(parents):
            node = (first - 1) // 2 + offset
            left, right = children[2 * offset], children[2 * offset + 1]
            match = LINE.fullmatch(line)
            if match is None:
                # Refused by the grammar already when it was read as a child.
                continue
            stated = int(match[2])
            total = left[1] + right[1]
            if total != stated:
                report.sum.add(node, expected=str(total), seen=str(stated))
            if total >= VALUE_LIMIT and max(left[1], right[1]) < VALUE_LIMIT:
                report.range.add(node, seen=str(total))
            if not (self._in_range(left[1]) and self._in_range(right[1])):
                report.unhashable.add(node)
                continue
            digest = pair_digest(left, right).hex()
            seen = match[1].decode("ascii")
            if digest != seen:
                report.hash.add(node, expected=digest, seen=seen)

    def _total(self, first: int, values: Sequence[int]) -> None:
        if first == 1 and len(values) >= 2 and all(map(self._in_range, values[:2])):
            self.report.total = values[0] + values[1]

    @staticmethod
    def _in_range(value: int) -> bool:
        return 0 <= value < VALUE_LIMIT


def _nodes(rows: Rows) -> list[_Node]:
    return [(rows.digests[32 * at : 32 * at + 32], value) for at, value in enumerate(rows.values)]
