"""Who stood on the other side of large transactions of the listed wallets.

Only what was kept can be named: the largest transactions of every look, taken apart by a source that walks the chain.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reserves_gui.amounts import ZERO, add
from reserves_gui.history.records import StoredList, StoredObservation, StoredParty
from reserves_gui.history.seen import TRANSACTION, Address, members

LARGEST = 5


@dataclass(frozen=True, slots=True)
class Counterparty:
    """An address that is not listed: at most ``amount`` coins went from it to the listed wallets, negative: to it.

    A transaction can have several payers and payees, so that what one of them paid to the listed wallets is bounded by
    what it paid and by what they gained.
    """

    chain: str
    address: str
    amount: Decimal
    transactions: int


def counterparties(
    parties: Sequence[StoredParty],
    rows: Sequence[StoredObservation],
    lists: Sequence[StoredList],
    asset: str,
    window: tuple[int, int],
) -> tuple[Counterparty, ...] | None:
    """The five that most came from or went to in the window (seconds UTC, both ends in it), largest first.

    None where no transaction of the window was taken apart: nothing is known then, which is not the same as nobody.
    """
    start, end = window
    apart = by_transaction(one for one in parties if start <= one.time <= end)
    if not apart:
        return None
    nets = {(one.chain, one.subject): Decimal(one.amount or 0) for one in rows if one.kind == TRANSACTION}
    sums: dict[Address, Decimal] = {}
    counts: dict[Address, int] = {}
    for key, told in apart.items():
        net = nets.get(key)
        own = _listed_at(lists, asset, told[0].time)
        for one in told if net else ():
            assert net is not None
            address, change = (one.chain, one.address), Decimal(one.amount)
            # Who pays while the listed wallets gain, or is paid while they lose, may be on their other side.
            if address in own or (change > 0) == (net > 0):
                continue
            moved = min(abs(change), abs(net))
            sums[address] = add(sums.get(address, ZERO), moved if net > 0 else -moved)
            counts[address] = counts.get(address, 0) + 1
    found = [Counterparty(chain, address, amount, counts[chain, address]) for (chain, address), amount in sums.items()]
    return tuple(sorted(found, key=lambda one: (-abs(one.amount), one.chain, one.address))[:LARGEST])


def by_transaction(parties: Iterable[StoredParty]) -> Mapping[tuple[str, str], list[StoredParty]]:
    """What each transaction changed, every address once, however often the transaction was told."""
    found: dict[tuple[str, str], dict[str, StoredParty]] = {}
    for one in parties:
        found.setdefault((one.chain, one.transaction_id), {}).setdefault(one.address, one)
    return {key: list(told.values()) for key, told in found.items()}


def _listed_at(lists: Sequence[StoredList], asset: str, time: int) -> set[Address]:
    """The list in force at ``time``; the first one before there was any."""
    past = [one for one in lists if one.time <= time] or list(lists[:1])
    return members(past[-1], asset) if past else set()
