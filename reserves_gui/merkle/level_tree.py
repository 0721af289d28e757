"""A whole sum tree written level by level, root first, each line with its height; levels need not be full.

Two passes in constant memory. The first reads every line: grammar, signs, how many lines each level has, the nodes that
are looked for. The second walks two cursors, parents on one level and children on the next, over levels that fit.

A level may be written left to right or right to left; padding is the last node of its level (from the left), at an
odd position, repeats its left neighbour's hash with zero amounts, counts as a child and has none itself.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.merkle.line_tree import Layout, Lines, measure
from reserves_gui.merkle.node_failures import Failures, NodeFailure
from reserves_gui.messages import say
from reserves_gui.progress import Progress

_BLOCK_BYTES = 64 * 1024
# A hostile file may repeat one leaf without end; two places are one too many already.
_HITS = 10_000
_LEVELS = 100


@dataclass(frozen=True, slots=True)
class LevelNode:
    """One line: hash as lower-case hex, height (leaves have 1), the amounts' texts and their values in units."""

    hash: str
    height: int
    texts: tuple[str, ...]
    units: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRules:
    """What a publisher says about its tree: how a line reads, how a parent hashes, how children's amounts add up."""

    read: Callable[[bytes], LevelNode | None]
    parent_hash: Callable[[LevelNode, LevelNode, LevelNode], str]
    sums: Callable[[LevelNode, LevelNode], tuple[int, ...]]
    show: Callable[[Sequence[int]], str]


@dataclass(slots=True)
class Level:
    """The lines of one height: how many, from which line on, and the nodes at both ends."""

    height: int
    line: int
    count: int = 0
    ends: list[LevelNode] = field(default_factory=list)
    tail: list[LevelNode] = field(default_factory=list)

    def add(self, node: LevelNode) -> None:
        """Count one line."""
        self.count += 1
        if len(self.ends) < 2:
            self.ends.append(node)
        self.tail = [*self.tail[-1:], node]


@dataclass(slots=True)
class LevelReport:
    """What both passes found. ``found``: per wanted leaf the positions (from the left) where it stands."""

    layout: Layout
    levels: list[Level] = field(default_factory=list)
    root: LevelNode | None = None
    total: tuple[int, ...] | None = None
    padding_leaves: int = 0
    hashed: bool = True
    broken_at: int | None = None
    grammar: Failures = field(default_factory=Failures)
    negative: Failures = field(default_factory=Failures)
    hash: Failures = field(default_factory=Failures)
    sum: Failures = field(default_factory=Failures)
    padding: Failures = field(default_factory=Failures)
    found: list[list[int]] = field(default_factory=list)

    @property
    def nodes(self) -> int:
        """Node lines."""
        return self.layout.lines

    @property
    def leaf_count(self) -> int:
        """Lines of height 1, padding left out."""
        leaves = self.levels[-1] if self.levels and self.levels[-1].height == 1 else None
        return 0 if leaves is None else leaves.count - self.padding_leaves


def verify_levels(
    opened: Callable[[], BinaryIO],
    wanted: Sequence[tuple[str, tuple[int, ...]]],
    *,
    rules: LevelRules,
    progress: Progress,
    size: int,
) -> LevelReport:
    """Recompute every parent and look for the ``wanted`` leaves, each a (hash, amounts in units).

    Raises ``limit.size`` above 2^28 leaves or 64 GiB.
    """
    progress.stage(say("trees.stage_counting"), size)
    layout = measure(opened, progress)
    if layout.lines > 2 * limits.STREAM_LEAVES or layout.bytes > limits.STREAM_BYTES:
        raise ReservesError(ErrorCode.LIMIT_SIZE, say("error.limit_size", limit=limits.STREAM_BYTES))
    walk = _Walk(opened, layout, wanted, rules)
    progress.stage(say("trees.stage_reading"), layout.bytes)
    walk.read_all(progress)
    progress.stage(say("trees.stage_recomputing"), layout.bytes)
    walk.recompute(progress)
    progress.advance(layout.bytes)
    return walk.report


class _Walk:
    """The state of both passes."""

    def __init__(
        self,
        opened: Callable[[], BinaryIO],
        layout: Layout,
        wanted: Sequence[tuple[str, tuple[int, ...]]],
        rules: LevelRules,
    ) -> None:
        self.report = LevelReport(layout)
        self._opened = opened
        self._rules = rules
        self._wanted: dict[tuple[str, tuple[int, ...]], list[int]] = {}
        for number, one in enumerate(wanted):
            self._wanted.setdefault(one, []).append(number)
        self.report.found = [[] for _ in wanted]
        self._reversed = True

    def _lines(self, stream: BinaryIO, progress: Progress) -> Iterator[bytes]:
        lines = Lines(stream, self.report.layout, limits.LINE_BYTES)
        left = self.report.layout.lines
        while left and (block := lines.block(_BLOCK_BYTES)):
            for text in block.split(b"\n")[: min(left, block.count(b"\n"))]:
                yield text
                left -= 1
            progress.advance(lines.bytes)

    def read_all(self, progress: Progress) -> None:
        """The first pass: everything that needs one line at a time, and which way levels are written."""
        report = self.report
        hits: list[tuple[int, int]] = []
        with self._opened() as stream:
            for number, text in enumerate(self._lines(stream, progress), 1):
                node = self._rules.read(text)
                if node is None:
                    report.grammar.add_line(number)
                    continue
                level = self._level(node, number)
                if node.height == 1 and len(hits) < _HITS:
                    hits.extend((one, level.count) for one in self._wanted.get((node.hash, node.units), ()))
                if min(node.units) < 0:
                    place = NodeFailure(
                        number - 1, self._row(node.height), level.count, number, seen=",".join(node.texts)
                    )
                    report.negative.add_at(place)
                level.add(node)
        if report.layout.blank_tail:
            report.grammar.add_line(report.layout.lines + 1)
        report.hashed = not report.grammar
        if report.levels and report.levels[0].ends:
            report.root = report.levels[0].ends[0]
        self._decide_order()
        leaves = report.levels[-1] if report.levels else None
        for one, at in hits:
            if leaves is not None:
                report.found[one].append(self._position(leaves, at))
        if leaves is not None and leaves.height == 1:
            report.padding_leaves = int(self._padded(leaves))

    def _level(self, node: LevelNode, line: int) -> Level:
        levels = self.report.levels
        if not levels or levels[-1].height != node.height:
            if levels and levels[-1].height != node.height + 1 and self.report.broken_at is None:
                self.report.broken_at = line
            if len(levels) < _LEVELS:
                levels.append(Level(node.height, line))
        return levels[-1]

    def _row(self, height: int) -> int:
        return self.report.levels[0].height - height

    def _position(self, level: Level, at: int) -> int:
        return level.count - 1 - at if self._reversed else at

    def _decide_order(self) -> None:
        """Reversed first, then as given: whichever way the level below the root matches the root."""
        levels = self.report.levels
        if len(levels) < 2 or len(levels[1].ends) < 2 or not levels[0].ends:
            return
        root, (first, second) = levels[0].ends[0], levels[1].ends
        hashes = self._rules.parent_hash
        self._reversed = not (hashes(second, first, root) != root.hash and hashes(first, second, root) == root.hash)

    def _padded(self, level: Level) -> bool:
        """Whether the level ends (from the left) with a padding node."""
        if level.count < 2 or level.count % 2:
            return False
        last, neighbour = level.ends if self._reversed else reversed(level.tail)
        return last.hash == neighbour.hash and not any(last.units)

    def recompute(self, progress: Progress) -> None:
        """The second pass: every parent against its two children."""
        report = self.report
        if not report.hashed or report.broken_at is not None or not report.levels:
            return
        if len(report.levels) == 1:
            report.total = report.levels[0].ends[0].units if report.levels[0].count == 1 else None
            return
        with self._opened() as first, self._opened() as second:
            parents = self._lines(first, Progress())
            children = self._lines(second, progress)
            for _ in range(report.levels[0].count):
                next(children, b"")
            for above, below in zip(report.levels, report.levels[1:], strict=False):
                self._recompute_level(above, below, parents, children)

    def _recompute_level(self, above: Level, below: Level, parents: Iterator[bytes], children: Iterator[bytes]) -> None:
        padded = self._padded(above)
        skipped = 0 if self._reversed else above.count - 1
        fits = below.count == 2 * (above.count - padded)
        for at in range(above.count):
            text = next(parents, b"")
            if not fits or (padded and at == skipped):
                continue
            parent, one, other = (self._rules.read(line) for line in (text, next(children, b""), next(children, b"")))
            if parent is None or one is None or other is None:
                # Every line passed the grammar in the first pass; only a file that changes under our eyes comes here.
                raise ReservesError(ErrorCode.FORMAT_SHAPE, say("trees.file_changed"))
            left, right = (other, one) if self._reversed else (one, other)
            self._pair(parent, left, right, above, at, below)
        if not fits:
            self.report.broken_at = self.report.broken_at or below.line
            for _ in range(below.count):
                next(children, b"")

    def _pair(self, parent: LevelNode, left: LevelNode, right: LevelNode, level: Level, at: int, below: Level) -> None:
        report, rules = self.report, self._rules
        line = level.line + at
        position = self._position(level, at)
        row = self._row(level.height)
        digest = rules.parent_hash(left, right, parent)
        if digest != parent.hash:
            report.hash.add_at(NodeFailure(line - 1, row, position, line, expected=digest, seen=parent.hash))
        sums = rules.sums(left, right)
        if level.height == report.levels[0].height:
            report.total = sums
        if sums != parent.units:
            shown = rules.show(sums), rules.show(parent.units)
            report.sum.add_at(NodeFailure(line - 1, row, position, line, *shown))
        if left.hash == right.hash and any(right.units):
            child = 2 * position + 1
            child_line = below.line + (below.count - 1 - child if self._reversed else child)
            seen = rules.show(right.units)
            report.padding.add_at(NodeFailure(child_line - 1, row + 1, child, child_line, seen=seen))
