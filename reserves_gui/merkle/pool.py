"""Several users' views of one snapshot held against one another.

A sum-only tree can show every user another sibling balance under one root (ePrint 2018/1139); two proofs that show one
node hash with two balances prove it. No conflict proves nothing, it only narrows what was possible.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from reserves_gui.evidence import SnapshotView
from reserves_gui.messages import Message, say
from reserves_gui.verdict import Check, Outcome


class ConflictKind(StrEnum):
    """What two views disagree about."""

    BALANCE = "balance"
    ROOT = "root"
    LEAF = "leaf"
    POSITION = "position"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One disagreement: ``subject`` is the hash or position, ``first`` and ``second`` what each view shows for it.

    ``views`` are the indexes of the two views among those compared. ``reason`` is one sentence.
    """

    kind: ConflictKind
    subject: str
    first: str
    second: str
    views: tuple[int, int]
    reason: Message


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing several views gave. ``compared`` counts the views that share a snapshot with another one."""

    conflicts: tuple[Conflict, ...]
    usable: int
    compared: int


def compare(views: Sequence[SnapshotView]) -> Comparison:
    """Compare all views pairwise, per format and snapshot. Unusable views take no part; equal files count as one."""
    usable: dict[str, int] = {}
    for index, view in enumerate(views):
        if view.usable:
            usable.setdefault(view.content or str(index), index)
    kept = list(usable.values())
    conflicts: list[Conflict] = []
    compared: set[int] = set()
    for first, second in combinations(kept, 2):
        if _one_snapshot(views[first], views[second]):
            compared |= {first, second}
            conflicts.extend(_conflicts(views[first], views[second], (first, second)))
    return Comparison(tuple(conflicts), len(kept), len(compared))


def pool(views: Sequence[SnapshotView]) -> Check:
    """The check ``total.pooled`` over all proofs of a run."""
    comparison = compare(views)
    if comparison.conflicts:
        worst = comparison.conflicts[0]
        return Check("total.pooled", Outcome.FAILED, worst.reason, expected=worst.first, seen=worst.second)
    if comparison.compared < 2:
        return Check("total.pooled", Outcome.NOT_CHECKED, say("total.pooled.nothing_common"))
    return Check("total.pooled", Outcome.PASSED, say("total.pooled.no_conflict", count=comparison.compared))


def _one_snapshot(first: SnapshotView, second: SnapshotView) -> bool:
    if first.format != second.format:
        return False
    if first.snapshot_id is None or second.snapshot_id is None:
        return first.root == second.root
    return first.snapshot_id == second.snapshot_id


def _conflicts(first: SnapshotView, second: SnapshotView, pair: tuple[int, int]) -> Iterator[Conflict]:
    for node in sorted(first.nodes.keys() & second.nodes.keys()):
        shown, other = dict(first.nodes[node]), dict(second.nodes[node])
        if shown != other:
            joined = first.joined.get(node)
            two_readings = joined is not None and joined == second.joined.get(node)
            key = "pool.two_readings" if two_readings else "pool.two_balances"
            yield _conflict(ConflictKind.BALANCE, node, _amounts(shown), _amounts(other), pair, say(key, node=node))
    if first.leaf is not None and first.leaf == second.leaf:
        yield _conflict(ConflictKind.LEAF, first.leaf, first.leaf, first.leaf, pair, say("pool.one_leaf"))
    for place in sorted(first.positions.keys() & second.positions.keys()):
        one, other_hash = first.positions[place], second.positions[place]
        if one != other_hash:
            reason = say("pool.two_hashes", place=place)
            yield _conflict(ConflictKind.POSITION, place, one, other_hash, pair, reason)
    if first.root != second.root and first.root is not None and second.root is not None:
        subject = first.snapshot_id or ""
        yield _conflict(ConflictKind.ROOT, subject, first.root, second.root, pair, say("pool.two_roots", id=subject))


def _conflict(
    kind: ConflictKind, subject: str, first: str, second: str, views: tuple[int, int], reason: Message
) -> Conflict:
    return Conflict(kind=kind, subject=subject, first=first, second=second, views=views, reason=reason)


def _amounts(balances: dict[str, str]) -> str:
    return ", ".join(f"{asset} {amount}" for asset, amount in sorted(balances.items())) or "0"
