"""Receipts of several users held against one another, per exchange, format and snapshot.

They conflict when roots or totals differ, when one node was shown with two balances, when one place holds two hashes,
or when one leaf was given to two users. No conflict proves nothing; it only narrows what was possible.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from reserves_gui.evidence import Grouping
from reserves_gui.messages import Message, say
from reserves_gui.trust.receipts import Receipt


class Difference(StrEnum):
    """What two receipts disagree about."""

    BALANCE = "balance"
    ROOT = "root"
    TOTAL = "total"
    LEAF = "leaf"
    POSITION = "position"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptConflict:
    """One disagreement between the receipts ``pair`` (indexes among those compared)."""

    kind: Difference
    subject: str
    first: str
    second: str
    pair: tuple[int, int]
    reason: Message


@dataclass(frozen=True, slots=True)
class Compared:
    """``groups`` holds, per snapshot, the indexes of the receipts that were compared with one another."""

    conflicts: tuple[ReceiptConflict, ...]
    groups: tuple[tuple[int, ...], ...]

    @property
    def receipts(self) -> int:
        """How many receipts share a snapshot with another one."""
        return sum(len(group) for group in self.groups)


_Group = list[tuple[int, Receipt]]


def compare_receipts(receipts: Sequence[Receipt], grouping: Grouping = Grouping.NAMED) -> Compared:
    """All conflicts. Two exports of one proof count as one; linear in the number of nodes."""
    distinct: dict[str, tuple[int, Receipt]] = {}
    for index, receipt in enumerate(receipts):
        distinct.setdefault(receipt.content, (index, receipt))
    grouped = _by_format(distinct.values()) if grouping is Grouping.SAID else _groups(list(distinct.values()))
    shared = [group for group in grouped if len(group) > 1]
    conflicts = tuple(conflict for group in shared for conflict in _conflicts(group, grouping))
    return Compared(conflicts, tuple(tuple(index for index, _ in group) for group in shared))


def apart(receipts: Sequence[Receipt]) -> int:
    """How many receipts name no snapshot while others of their exchange and format have another root.

    If they are of one snapshot, that is a conflict; only their owners can say so.
    """
    roots: dict[tuple[str, str], list[str]] = {}
    for receipt in receipts:
        if receipt.snapshot is None and receipt.root is not None:
            roots.setdefault(_of(receipt), []).append(receipt.root)
    return sum(len(found) for found in roots.values() if len(set(found)) > 1)


def _by_format(used: Iterable[tuple[int, Receipt]]) -> list[_Group]:
    groups: dict[tuple[str, str], _Group] = {}
    for index, receipt in used:
        groups.setdefault(_of(receipt), []).append((index, receipt))
    return list(groups.values())


def _groups(used: _Group) -> list[_Group]:
    """Receipts of one snapshot; one that names no snapshot belongs with those of its root."""
    groups: dict[tuple[str, str, str], _Group] = {}
    by_root: dict[tuple[str, str, str], _Group] = {}
    for index, receipt in used:
        if receipt.snapshot is not None:
            group = groups.setdefault((*_of(receipt), receipt.snapshot), [])
            group.append((index, receipt))
            if receipt.root is not None:
                by_root.setdefault((*_of(receipt), receipt.root), group)
    unnamed: list[_Group] = []
    for index, receipt in used:
        if receipt.snapshot is None and receipt.root is not None:
            place = (*_of(receipt), receipt.root)
            if place not in by_root:
                by_root[place] = []
                unnamed.append(by_root[place])
            by_root[place].append((index, receipt))
    return [*groups.values(), *unnamed]


def _of(receipt: Receipt) -> tuple[str, str]:
    return receipt.exchange.casefold(), receipt.format


def _conflicts(group: _Group, grouping: Grouping) -> Iterator[ReceiptConflict]:
    yield from _balances(group)
    yield from _roots(group, grouping)
    yield from _totals(group)
    yield from _places(group)
    yield from _leaves(group)


def _balances(group: _Group) -> list[ReceiptConflict]:
    seen: dict[str, tuple[int, str, str | None]] = {}
    found: list[ReceiptConflict] = []
    two_readings: set[tuple[int, int]] = set()
    for index, receipt in group:
        for key, claim in receipt.nodes.items():
            text = receipt.texts.get(key)
            first, before, before_text = seen.setdefault(key, (index, claim, text))
            if claim == before:
                continue
            readings = text is not None and text == before_text
            if readings:
                two_readings.add((first, index))
            reason = say("receipt.two_readings" if readings else "receipt.conflict.balance", subject=key)
            found.append(_conflict(Difference.BALANCE, key, (before, claim), (first, index), reason))
    # Below a node that can be read in two ways, anybody can move a digit in a file: what follows accuses nobody.
    return [
        replace(each, reason=say("receipt.below_two_readings", subject=each.subject))
        if each.pair in two_readings and each.reason.key == "receipt.conflict.balance"
        else each
        for each in found
    ]


def _roots(group: _Group, grouping: Grouping) -> Iterator[ReceiptConflict]:
    first, named = None, None
    for index, receipt in group:
        if receipt.root is None:
            continue
        if first is None or named is None:
            first, named = index, receipt.root
        elif receipt.root != named:
            snapshot = receipt.snapshot or ""
            reason = say("receipt.conflict.root", subject=snapshot)
            if grouping is Grouping.SAID:
                reason = say("receipt.conflict.root_said")
            yield _conflict(Difference.ROOT, snapshot, (named, receipt.root), (first, index), reason)


def _totals(group: _Group) -> Iterator[ReceiptConflict]:
    """Totals under one root. Receipts that share nodes are compared by those: the root is one of them."""
    seen: dict[str | None, tuple[int, Receipt, Mapping[str, str]]] = {}
    for index, receipt in group:
        if receipt.total is None:
            continue
        first, other, before = seen.setdefault(receipt.root, (index, receipt, receipt.total))
        if other.nodes.keys() & receipt.nodes.keys() and first != index:
            continue
        if _numbers(before) != _numbers(receipt.total):
            snapshot = receipt.snapshot or ""
            reason = say("receipt.conflict.total", subject=snapshot)
            yield _conflict(Difference.TOTAL, snapshot, (_shown(before), _shown(receipt.total)), (first, index), reason)


def _places(group: _Group) -> Iterator[ReceiptConflict]:
    seen: dict[str, tuple[int, str]] = {}
    for index, receipt in group:
        for place, key in receipt.places.items():
            first, before = seen.setdefault(place, (index, key))
            if before != key:
                reason = say("receipt.conflict.position", subject=place)
                yield _conflict(Difference.POSITION, place, (before, key), (first, index), reason)


def _leaves(group: _Group) -> Iterator[ReceiptConflict]:
    seen: dict[str, int] = {}
    for index, receipt in group:
        if receipt.leaf is None:
            continue
        first = seen.setdefault(receipt.leaf, index)
        if first != index:
            reason = say("receipt.conflict.leaf", subject=receipt.leaf)
            yield _conflict(Difference.LEAF, receipt.leaf, (receipt.leaf, receipt.leaf), (first, index), reason)


def _conflict(
    kind: Difference, subject: str, values: tuple[str, str], pair: tuple[int, int], reason: Message
) -> ReceiptConflict:
    return ReceiptConflict(kind=kind, subject=subject, first=values[0], second=values[1], pair=pair, reason=reason)


def _numbers(amounts: Mapping[str, str]) -> dict[str, Decimal]:
    return {asset: Decimal(amount) for asset, amount in amounts.items() if Decimal(amount)}


def _shown(amounts: Mapping[str, str]) -> str:
    return ", ".join(f"{asset} {amount}" for asset, amount in sorted(amounts.items()))
