"""Gross flows of the listed set, where the transactions that were kept are known to be all of them.

A source that walks a chain tells every transaction since the look before, and their sum is kept with the look. A window
is whole where such tellings follow one another without a gap, and each of them explains the change of the balance to
the last unit:

    in - out = B(t1) - B(t0)

Otherwise gross flows are not known, however many transactions were kept.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from reserves_gui.amounts import subtract, total
from reserves_gui.history.flows import Flow
from reserves_gui.history.records import StoredObservation
from reserves_gui.history.seen import LISTED, TOLD, TRANSACTION, is_balance


@dataclass(slots=True)
class _Look:
    """One look at a chain: the sum of the listed addresses by source, and what was told of transactions since."""

    amounts: dict[str, Decimal] = field(default_factory=dict)
    height: int | None = None
    told: StoredObservation | None = None


def whole_flow(rows: Sequence[StoredObservation], start: int, end: int) -> Flow | None:
    """Gross in and out from the last look at or before ``start`` to the first at or after ``end`` (seconds UTC).

    ``rows``: everything that is kept of one exchange and asset. The window is never shorter than asked for. None where
    a chain of the asset has no such looks, or not all of its transactions are known.
    """
    chains = sorted({one.chain for one in rows if one.subject == LISTED and is_balance(one)})
    parts = [_chain_flow([one for one in rows if one.chain == chain], start, end) for chain in chains]
    known = [one for one in parts if one is not None]
    if not known or len(known) != len(parts):
        return None
    return Flow(
        total(one.inward for one in known),
        total(one.outward for one in known),
        max(one.largest_out for one in known),
    )


def _chain_flow(rows: Sequence[StoredObservation], start: int, end: int) -> Flow | None:
    begin = max((one.time for one in rows if one.time <= start and _is_look(one)), default=start)
    looks = _looks([one for one in rows if one.time >= begin])
    times = sorted(time for time, look in looks.items() if look.amounts)
    first, last = bisect_right(times, start) - 1, bisect_left(times, end)
    if first < 0 or last >= len(times):
        return None
    moves = {(one.subject, one.height): Decimal(one.amount or 0) for one in rows if one.kind == TRANSACTION}
    found: list[Decimal] = []
    for at in range(first + 1, last + 1):
        step = _step(looks[times[at - 1]], looks[times[at]], moves)
        if step is None:
            return None
        found += step
    outward = [-one for one in found if one < 0]
    return Flow(total(one for one in found if one > 0), total(outward), max(outward, default=Decimal(0)))


def _looks(rows: Sequence[StoredObservation]) -> dict[int, _Look]:
    looks: dict[int, _Look] = {}
    for one in rows:
        if one.kind == TOLD:
            looks.setdefault(one.time, _Look()).told = one
        elif _is_look(one):
            look = looks.setdefault(one.time, _Look())
            look.amounts[one.source] = Decimal(one.amount or 0)
            look.height = one.height if look.height is None else max(look.height, one.height or 0)
    return looks


def _is_look(one: StoredObservation) -> bool:
    return one.subject == LISTED and one.amount is not None and is_balance(one)


def _step(before: _Look, after: _Look, moves: dict[tuple[str, int | None], Decimal]) -> list[Decimal] | None:
    """The transactions between two looks; None where they are not known to be all."""
    told, common = after.told, before.amounts.keys() & after.amounts.keys()
    if told is None or told.amount is None or told.height is None or before.height is None or not common:
        return None
    net = Decimal(told.amount)
    if any(subtract(after.amounts[one], before.amounts[one]) != net for one in common):
        return None
    found = [
        amount for (_, height), amount in moves.items() if height is not None and before.height < height <= told.height
    ]
    return found if total(found) == net else None
