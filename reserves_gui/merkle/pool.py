"""Several users' views of one snapshot held against one another (check ``total.pooled``, comparing receipts).

A sum-only tree can show every user other balances beside the own path under one root (ePrint 2018/1139): each proof
verifies alone, and two that show one node hash with two balances prove it. No conflict proves nothing, it only narrows
what was possible.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from reserves_gui.evidence import Grouping, SnapshotView
from reserves_gui.messages import Message, say
from reserves_gui.verdict import Check, Outcome


class ConflictKind(StrEnum):
    """What two views disagree about: one node with two balances, two roots, one leaf for two users, one place twice."""

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

    @property
    def comparable(self) -> bool:
        """Whether there was anything to compare: at least two different usable files of one snapshot."""
        return self.compared > 1


_Group = list[tuple[int, SnapshotView]]


def compare(views: Sequence[SnapshotView], grouping: Grouping = Grouping.NAMED) -> Comparison:
    """Compare all views, per format and snapshot. Unusable views take no part; equal files count as one."""
    usable: dict[str, tuple[int, SnapshotView]] = {}
    for index, view in enumerate(views):
        if view.usable:
            usable.setdefault(view.content or str(index), (index, view))
    grouped = _by_format(usable.values()) if grouping is Grouping.SAID else _groups(list(usable.values()))
    shared = [group for group in grouped if len(group) > 1]
    conflicts = tuple(conflict for group in shared for conflict in _conflicts(group, grouping))
    return Comparison(conflicts, len(usable), sum(len(group) for group in shared))


def pool(comparison: Comparison) -> Check:
    """The check ``total.pooled`` over all proofs of a run."""
    if comparison.conflicts:
        first = comparison.conflicts[0]
        return Check("total.pooled", Outcome.FAILED, first.reason, expected=first.first, seen=first.second)
    if not comparison.comparable:
        return Check("total.pooled", Outcome.NOT_CHECKED, say("total.pooled.nothing_common"), required=False)
    reason = say("total.pooled.no_conflict", count=comparison.compared)
    return Check("total.pooled", Outcome.PASSED, reason, required=False)


def _by_format(used: Iterable[tuple[int, SnapshotView]]) -> list[_Group]:
    groups: dict[str, _Group] = {}
    for index, view in used:
        groups.setdefault(view.format, []).append((index, view))
    return list(groups.values())


def _groups(used: _Group) -> list[_Group]:
    """Views of one format and snapshot; one that names no snapshot belongs with those of its root."""
    groups: dict[tuple[str, str], _Group] = {}
    by_root: dict[tuple[str, str | None], _Group] = {}
    for index, view in used:
        if view.snapshot_id is not None:
            group = groups.setdefault((view.format, view.snapshot_id), [])
            group.append((index, view))
            by_root.setdefault((view.format, view.root), group)
    unnamed: list[_Group] = []
    for index, view in used:
        if view.snapshot_id is None:
            known = by_root.get((view.format, view.root))
            if known is None:
                known = by_root[view.format, view.root] = []
                unnamed.append(known)
            known.append((index, view))
    return [*groups.values(), *unnamed]


def _conflicts(group: _Group, grouping: Grouping) -> Iterator[Conflict]:
    yield from _balances(group)
    yield from _roots(group, grouping)
    yield from _places(group)
    yield from _leaves(group)


def _balances(group: _Group) -> list[Conflict]:
    seen: dict[str, tuple[int, Mapping[str, str], str | None]] = {}
    found: list[Conflict] = []
    two_readings: set[tuple[int, int]] = set()
    for index, view in group:
        for node, amounts in view.nodes.items():
            joined = view.joined.get(node)
            first, before, text = seen.setdefault(node, (index, amounts, joined))
            if dict(before) == dict(amounts):
                continue
            readings = joined is not None and joined == text
            if readings:
                two_readings.add((first, index))
            differing = [coin for coin in sorted({*before, *amounts}) if before.get(coin) != amounts.get(coin)]
            conflict = Conflict(
                kind=ConflictKind.BALANCE,
                subject=node,
                first=_amounts(before, differing),
                second=_amounts(amounts, differing),
                views=(first, index),
                reason=say("pool.two_readings" if readings else "pool.two_balances", node=node),
            )
            found.append(conflict)
    # Below a node that can be read in two ways, anybody can move a digit in a file: what follows accuses nobody.
    return [
        replace(each, reason=say("pool.below_two_readings", node=each.subject))
        if each.views in two_readings and each.reason.key == "pool.two_balances"
        else each
        for each in found
    ]


def _amounts(balances: Mapping[str, str], coins: Sequence[str]) -> str:
    return ", ".join(f"{coin} {balances.get(coin, '0')}" for coin in coins)


def _roots(group: _Group, grouping: Grouping) -> Iterator[Conflict]:
    first, view = group[0]
    said = say("pool.two_roots_said")
    for index, other in group[1:]:
        if view.root is not None and other.root is not None and view.root != other.root:
            yield Conflict(
                kind=ConflictKind.ROOT,
                subject=view.snapshot_id or "",
                first=view.root,
                second=other.root,
                views=(first, index),
                reason=said if grouping is Grouping.SAID else say("pool.two_roots", id=view.snapshot_id or ""),
            )


def _places(group: _Group) -> Iterator[Conflict]:
    seen: dict[str, tuple[int, str]] = {}
    for index, view in group:
        own = {} if view.leaf_position is None or view.leaf is None else {view.leaf_position: view.leaf}
        for place, node in {**view.positions, **own}.items():
            first, before = seen.setdefault(place, (index, node))
            if before != node:
                yield Conflict(
                    kind=ConflictKind.POSITION,
                    subject=place,
                    first=before,
                    second=node,
                    views=(first, index),
                    reason=say("pool.two_hashes", place=place),
                )


def _leaves(group: _Group) -> Iterator[Conflict]:
    seen: dict[str, int] = {}
    for index, view in group:
        if view.leaf is None:
            continue
        first = seen.setdefault(view.leaf, index)
        if first != index:
            yield Conflict(
                kind=ConflictKind.LEAF,
                subject=view.leaf,
                first=view.leaf,
                second=view.leaf,
                views=(first, index),
                reason=say("pool.one_leaf"),
            )
