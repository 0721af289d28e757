"""Where the list of an asset's addresses changed, which of those that left still hold, and who funded those that came.

A change of the list is no flow, so that it is told by itself: how many addresses came and went, and what is odd about
them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from reserves_gui.amounts import ZERO, total
from reserves_gui.history.counterparties import by_transaction
from reserves_gui.history.figures import Point
from reserves_gui.history.flows import FUNDING
from reserves_gui.history.records import StoredList, StoredParty
from reserves_gui.history.seen import Address, balances_at, members

# One thousandth of what the newest list holds: less says nothing about the exchange.
_SMALLEST = 1000


@dataclass(frozen=True, slots=True)
class Holding:
    """An address that left the list and still held ``amount`` coins at ``time``, when it was last seen."""

    chain: str
    address: str
    amount: Decimal
    time: int


@dataclass(frozen=True, slots=True)
class Funded:
    """A listed address that joined the list, paid by one that stood on it: ``amount`` is what it gained, in coins."""

    chain: str
    address: str
    by: str
    amount: Decimal
    time: int
    transaction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChange:
    """A new version of the wallet list: how many addresses came and went.

    ``holding``: those that left and still hold more than 0.1 % of the asset. ``funded``: those that came and were paid
    by one that stayed within 48 hours of the change, as far as transactions were kept.
    """

    time: int
    source: str
    added: int
    removed: int
    addresses: int
    holding: tuple[Holding, ...] = ()
    funded: tuple[Funded, ...] = ()


def list_changes(
    lists: Sequence[StoredList],
    asset: str,
    series: Mapping[Address, Sequence[Point]] | None = None,
    parties: Sequence[StoredParty] = (),
    *,
    until: int = 2**62,
) -> list[ListChange]:
    """Every change of the list of one asset's addresses; the first list is no change.

    ``series``: the figures of single addresses; what they hold is looked at up to ``until`` (seconds UTC).
    """
    found: list[ListChange] = []
    for before, after in pairwise(lists):
        old, new = members(before, asset), members(after, asset)
        if old != new:
            found.append(
                ListChange(
                    time=after.time,
                    source=after.source,
                    added=len(new - old),
                    removed=len(old - new),
                    addresses=len(new),
                    holding=_holding(old - new, new, series or {}, until),
                    funded=_funded(parties, before, after, asset),
                )
            )
    return found


def _holding(
    left: set[Address], new: set[Address], series: Mapping[Address, Sequence[Point]], until: int
) -> tuple[Holding, ...]:
    held = balances_at(series, until)
    whole = total(amount for address, amount in held.items() if address in new)
    found = []
    for address in sorted(left):
        amount = held.get(address, ZERO)
        if whole > 0 and amount * _SMALLEST > whole:
            last = max(one.time for one in series[address] if one.time <= until)
            found.append(Holding(*address, amount, last))
    return tuple(found)


def _funded(parties: Sequence[StoredParty], before: StoredList, after: StoredList, asset: str) -> tuple[Funded, ...]:
    """Addresses that came with ``after`` and were paid by one of ``before`` within 48 hours of it, oldest first."""
    old, new = members(before, asset), members(after, asset)
    joined, common = new - old, new & old
    near = (one for one in parties if abs(one.time - after.time) <= FUNDING)
    found = []
    for (_, transaction), told in by_transaction(near).items():
        payers = [one for one in told if (one.chain, one.address) in common and Decimal(one.amount) < 0]
        paid = [one for one in told if (one.chain, one.address) in joined and Decimal(one.amount) > 0]
        if payers:
            largest = min(payers, key=lambda one: Decimal(one.amount))
            found += [
                Funded(one.chain, one.address, largest.address, Decimal(one.amount), one.time, transaction)
                for one in paid
            ]
    return tuple(sorted(found, key=lambda one: (one.time, one.chain, one.address)))
