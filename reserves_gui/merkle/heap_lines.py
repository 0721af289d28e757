"""A whole sum tree of text balances, one node a line, without a header: two cursors over one file.

In breadth-first order the children of node 0, 1, 2 … are the lines 2-3, 4-5 …: they come in file order. How a line is
read and how two children make a parent is the format's.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.merkle.bound_path import BoundNode, Parent, amounts_text, same_amounts, summed
from reserves_gui.merkle.lists import repeated
from reserves_gui.merkle.node_failures import Failures, NodeFailure
from reserves_gui.messages import say
from reserves_gui.progress import Progress

_LINES_PER_LOOK = 512
_WIDTH = 32

NumberedLine = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class HeapRules:
    """``read``: a line as a node, None if it breaks the grammar. ``padding``: the hash of padding leaves."""

    read: Callable[[bytes], BoundNode | None]
    parent: Parent
    padding: str


@dataclass(slots=True)
class HeapReport:
    """What one pass found. ``nodes``: lines; ``own``: (leaf index, amounts) of every leaf with the hash looked for."""

    nodes: int
    blank_tail: bool
    root: BoundNode | None = None
    total: Mapping[str, Decimal] | None = None
    hashed: bool = True
    padding_leaves: int = 0
    own: list[tuple[int, Mapping[str, Decimal]]] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    grammar: Failures = field(default_factory=Failures)
    hash: Failures = field(default_factory=Failures)
    sum: Failures = field(default_factory=Failures)
    negative: Failures = field(default_factory=Failures)
    padding: Failures = field(default_factory=Failures)

    @property
    def leaf_count(self) -> int | None:
        """The number of leaves, None where the file is not whole (2N-1 lines, N a power of two)."""
        leaves = (self.nodes + 1) // 2
        whole = self.nodes > 0 and self.nodes == 2 * leaves - 1 and leaves & (leaves - 1) == 0
        return leaves if whole else None

    @property
    def nearest(self) -> tuple[int, int]:
        """The two whole node counts around the one found."""
        below = (1 << max(1, (self.nodes + 1).bit_length() - 1)) - 1
        return below, 2 * below + 1


def verify_heap(
    lines: Callable[[], Iterator[NumberedLine]], wanted: str | None, rules: HeapRules, *, progress: Progress, size: int
) -> HeapReport:
    """Recompute every hash and every sum, and look for leaves of the hash ``wanted``. Raises ``limit.size``.

    ``lines`` begins a fresh pass over the file: numbered from 1, without line ends, cut where too long.
    """
    progress.stage(say("trees.stage_counting"), size)
    report = _count(lines(), progress)
    if report.nodes >= 2 * limits.MEMORY_LEAVES:
        raise ReservesError(ErrorCode.LIMIT_SIZE, say("error.limit_entries", limit=limits.MEMORY_LEAVES))
    progress.stage(say("trees.stage_recomputing"), size)
    children, parents = _nodes(lines(), report.nodes), _nodes(lines(), report.nodes)
    leaves = _walk(report, children, parents, wanted, rules, progress)
    report.twice = [digest.hex() for digest in repeated(leaves, _WIDTH, progress)]
    if report.blank_tail:
        report.grammar.add_line(report.nodes + 1)
        report.hashed = False
    return report


def _count(numbered: Iterator[NumberedLine], progress: Progress) -> HeapReport:
    """Lines up to the last that is not blank: blank ones at the end are no nodes."""
    lines = nodes = position = 0
    for number, line in numbered:
        lines = number
        position += len(line) + 1
        if line:
            nodes = number
        if number % _LINES_PER_LOOK == 0:
            progress.advance(position)
    return HeapReport(nodes, blank_tail=lines > nodes)


def _nodes(numbered: Iterator[NumberedLine], count: int) -> Iterator[NumberedLine]:
    """Lines by node number, without blank ones at the end."""
    for number, line in numbered:
        if number > count:
            return
        yield number - 1, line


def _walk(
    report: HeapReport,
    children: Iterator[NumberedLine],
    parents: Iterator[NumberedLine],
    wanted: str | None,
    rules: HeapRules,
    progress: Progress,
) -> bytearray:
    leaves = bytearray()
    left: BoundNode | None = None
    position = 0
    for at, line in children:
        position += len(line) + 1
        if at % _LINES_PER_LOOK == 0:
            progress.advance(position)
        node = _read(report, at, line, rules)
        if at == 0:
            report.root = node
        elif at % 2:
            left = node
        else:
            _pair(report, next(parents), left, node, rules)
        if report.leaf_count is not None and at >= report.leaf_count - 1 and node is not None:
            _leaf(report, at, node, wanted, rules, leaves)
    if report.nodes == 1 and report.root is not None:
        report.total = report.root.amounts
    return leaves


def _read(report: HeapReport, at: int, line: bytes, rules: HeapRules) -> BoundNode | None:
    node = rules.read(line)
    if node is None:
        report.grammar.add_line(at + 1)
        report.hashed = False
        return None
    below_zero = {asset: value for asset, value in node.amounts.items() if value < 0}
    if below_zero:
        _add(report.negative, at, seen=amounts_text(below_zero))
    return node


def _pair(
    report: HeapReport, above: tuple[int, bytes], left: BoundNode | None, right: BoundNode | None, rules: HeapRules
) -> None:
    at, line = above
    if report.leaf_count is not None and at >= report.leaf_count - 1:
        return
    stated = rules.read(line)
    if left is None or right is None:
        return
    total = summed(left.amounts, right.amounts)
    if at == 0:
        report.total = total
    if stated is None or not report.hashed:
        return
    if not same_amounts(total, stated.amounts):
        _add(report.sum, at, amounts_text(total), amounts_text(stated.amounts))
    digest = rules.parent(left, right)
    if digest != stated.hash:
        _add(report.hash, at, digest, stated.hash)


def _leaf(
    report: HeapReport, at: int, node: BoundNode, wanted: str | None, rules: HeapRules, leaves: bytearray
) -> None:
    if node.hash == rules.padding:
        report.padding_leaves += 1
        if any(node.amounts.values()):
            _add(report.padding, at, seen=amounts_text(node.amounts))
        return
    leaves += bytes.fromhex(node.hash)
    if node.hash == wanted:
        report.own.append((at - (report.leaf_count or 1) + 1, node.amounts))


def _add(failures: Failures, at: int, expected: str = "", seen: str = "") -> None:
    row = (at + 1).bit_length() - 1
    failures.add_at(NodeFailure(at, row, at + 1 - (1 << row), at + 1, expected, seen))
