"""A whole tree of hashes published as one file per level, rows ``parent,level,left,right`` (claims ``tree``, ``leaf``).

node = H( raw l || raw r ). The children of level N + 1 are the parents of level N in order. An odd last node is carried
up unchanged, so it stands in no row of its level; a carried *leaf* is first seen at the level where it is paired.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.verdict import Checks

_DIGEST = 32
_LISTED = 20
_ROWS_A_CHECKPOINT = 2048


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One row: its place (file and line), parent and children as 32 bytes each."""

    place: str
    parent: bytes
    left: bytes
    right: bytes


@dataclass(slots=True)
class LevelTree:
    """What was found in all levels together. ``found`` are the indexes of the own leaf, ``leaves`` their number."""

    root: str | None = None
    rows: int = 0
    leaves: int = 0
    found: list[int] = field(default_factory=list)
    wrong_hashes: list[str] = field(default_factory=list)
    wrong_order: list[Message] = field(default_factory=list)
    left_over: int = 0

    def note_hash(self, place: str) -> None:
        """Keep the first places whose hash does not agree, and that there are more."""
        if len(self.wrong_hashes) <= _LISTED:
            self.wrong_hashes.append(place)


class _Level:
    """The hashes that wait for a parent: those of the level below in order, and one carried up to it."""

    def __init__(self) -> None:
        self.waiting = bytearray()
        self.carried: bytes | None = None
        self.leaf_may_follow = True

    def __len__(self) -> int:
        return len(self.waiting) // _DIGEST + (self.carried is not None)

    def at(self, index: int) -> bytes | None:
        start = index * _DIGEST
        if start < len(self.waiting):
            return bytes(self.waiting[start : start + _DIGEST])
        return self.carried if index == len(self.waiting) // _DIGEST else None


def read_tree(levels: Iterable[Iterable[LevelRow]], own: bytes | None, progress: Progress) -> LevelTree:
    """Recompute every row of ``levels``, lowest first. Memory: 32 bytes a node of the widest level above the leaves."""
    tree = LevelTree()
    below: _Level | None = None
    for number, rows in enumerate(levels, 1):
        below = _read_level(tree, number, rows, below, own, progress)
    remaining = 0 if below is None else len(below)
    tree.left_over = remaining
    if below is not None and remaining == 1 and (last := below.at(0)) is not None:
        tree.root = last.hex()
    return tree


def _read_level(
    tree: LevelTree, number: int, rows: Iterable[LevelRow], below: _Level | None, own: bytes | None, progress: Progress
) -> _Level:
    above = _Level()
    count = 0
    extra: bytes | None = None
    in_order = True
    for row in rows:
        if not tree.rows % _ROWS_A_CHECKPOINT:
            progress.advance(tree.rows)
        tree.rows += 1
        above.waiting += row.parent
        if hashlib.sha256(row.left + row.right).digest() != row.parent:
            tree.note_hash(row.place)
        for child in (row.left, row.right):
            if below is None:
                _leaf(tree, child, own)
            elif extra is not None or (expected := below.at(count)) is None:
                in_order = in_order and extra is None
                extra = child
            elif expected != child:
                if in_order:
                    # One departure shifts all that follows: the first is named.
                    tree.wrong_order.append(say("tree.level_order", place=row.place))
                in_order = False
            count += 1
    if below is not None:
        above.leaf_may_follow = _close(tree, number, below, above, count, extra, own, in_order=in_order)
    return above


def _close(
    tree: LevelTree,
    number: int,
    below: _Level,
    above: _Level,
    count: int,
    extra: bytes | None,
    own: bytes | None,
    *,
    in_order: bool,
) -> bool:
    """Whether a carried leaf may still appear above: not after one was paired, nor after another node was carried."""
    available = len(below)
    if not in_order:
        if not tree.wrong_order:
            tree.wrong_order.append(say("tree.level_count", level=number, count=count, wanted=available))
        return False
    if count == available:
        return below.leaf_may_follow
    if count == available - 1 and available % 2:
        above.carried = below.at(available - 1)
        return False
    if extra is not None and count == available + 1 and available % 2 and below.leaf_may_follow:
        _leaf(tree, extra, own)
        return False
    tree.wrong_order.append(say("tree.level_count", level=number, count=count, wanted=available))
    return False


def _leaf(tree: LevelTree, leaf: bytes, own: bytes | None) -> None:
    if leaf == own:
        tree.found.append(tree.leaves)
    tree.leaves += 1


def judge(tree: LevelTree, checks: Checks) -> None:
    """``tree.hash``, ``tree.shape`` and ``tree.complete``."""
    _listed(checks, "tree.hash", (say("tree.level_hash", place=place) for place in tree.wrong_hashes))
    if not tree.wrong_hashes:
        checks.passed("tree.hash", say("tree.level_hashes_ok", count=tree.rows))
    _listed(checks, "tree.shape", iter(tree.wrong_order))
    if not tree.wrong_order:
        checks.passed("tree.shape", say("tree.level_order_ok", count=tree.leaves))
    if tree.left_over == 1:
        checks.passed("tree.complete", say("tree.level_complete_ok"), seen=tree.root)
    else:
        checks.failed("tree.complete", say("tree.level_complete_bad", count=tree.left_over))


def _listed(checks: Checks, check_id: str, problems: Iterator[Message]) -> None:
    for shown, problem in enumerate(problems):
        if shown == _LISTED:
            checks.failed(check_id, say("tree.level_more"))
            return
        checks.failed(check_id, problem)
