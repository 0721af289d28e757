"""Signs of life of a chain's wallets: hot balance, outgoing rate, hours covered, time since the last payout.

Never a statement that a withdrawal will work: only what the listed wallets did. What follows from transactions and
what only from balances that fell between two looks is told apart: a wallet that pays out and is filled up again before
the next look shows nothing in its balances.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from reserves_gui.amounts import total
from reserves_gui.history.figures import DAY, HOUR, Point, median
from reserves_gui.history.flows import Movement
from reserves_gui.history.kept_flows import whole_flow
from reserves_gui.history.records import StoredList, StoredObservation, StoredParty
from reserves_gui.history.seen import LISTED, Address, balances_at, members, payouts

WINDOW = 7 * DAY
_DAYS = WINDOW // DAY
_PAUSE_FACTOR = 10


class Basis(StrEnum):
    """What a figure follows from: all transactions of the week, those that were kept, or falls of balances alone.

    Transactions that were kept tell single addresses only where they were taken apart: next to them, which wallets pay
    out follows from falls of balances, too.
    """

    ALL = "all_transactions"
    SOME = "some_transactions"
    BALANCES = "balances"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payments:
    """What is kept of payments of one asset, oldest first.

    ``moves``: transactions of the listed group. ``rows``: looks at the group, and what sources told with them.
    ``parties``: what transactions changed for single addresses. ``lists``: those in force over time.
    """

    asset: str
    moves: Sequence[Movement] = ()
    rows: Sequence[StoredObservation] = ()
    parties: Sequence[StoredParty] = ()
    lists: Sequence[StoredList] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outflow:
    """What went out within a week: coins per hour, gaps in seconds; None where nothing is known."""

    rate: Decimal | None
    busy_rate: Decimal | None
    since_last: int | None
    usual_gap: int | None
    last_hour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Liquidity(Outflow):
    """One chain and asset, amounts in coins. ``wallets``: how many pay out every day, ``hot`` what they hold.

    ``recognised``: what tells which wallets those are, ``measured``: what the outflow follows from. ``hours_covered``
    is None where the usual hour sees no outflow, or no wallet is known to pay out every day.
    """

    wallets: int
    hot: Decimal
    cold: Decimal
    hours_covered: Fraction | None
    recognised: Basis
    measured: Basis

    @property
    def may_be_paused(self) -> bool:
        """No payout for more than ten times the usual gap, and for more than an hour."""
        if self.since_last is None or self.usual_gap is None:
            return False
        return self.since_last > max(HOUR, _PAUSE_FACTOR * self.usual_gap)


def liquidity_by_chain(
    addresses: Mapping[Address, Sequence[Point]], payments: Payments, now: int
) -> dict[str, Liquidity]:
    """Signs of life of every chain with a week of single addresses: ``addresses``, those listed now."""
    found = {}
    for chain in sorted({address[0] for address in addresses}):
        own = {address: points for address, points in addresses.items() if address[0] == chain and points}
        if own and now - min(points[0].time for points in own.values()) >= WINDOW:
            found[chain] = _liquidity(chain, own, payments, now)
    return found


def _liquidity(chain: str, own: Mapping[Address, Sequence[Point]], payments: Payments, now: int) -> Liquidity:
    rows = [one for one in payments.rows if one.chain == chain and now - WINDOW - DAY <= one.time <= now]
    whole = whole_flow(rows, now - WINDOW, now) is not None
    moves = [
        one
        for one in payments.moves
        if one.amount < 0 and now - WINDOW < one.time <= now and one.transaction.startswith(f"{chain}:")
    ]
    falls = outflow(payouts({address: _recent(points, now) for address, points in own.items()}), now)
    gone = outflow(moves, now) if whole or moves else falls
    if moves and not whole:
        # Either may have seen a payout that the other has not.
        since = min(one for one in (gone.since_last, falls.since_last) if one is not None)
        gone = replace(gone, since_last=since, last_hour=max(gone.last_hour, falls.last_hour))
    hot, recognised = _hot(chain, own, payments, moves, rows, now, whole=whole)
    balances = balances_at(own, now)
    held = total(amount for address, amount in balances.items() if address in hot)
    return Liquidity(
        wallets=len(hot),
        hot=held,
        cold=total(amount for address, amount in balances.items() if address not in hot),
        rate=gone.rate,
        busy_rate=gone.busy_rate,
        since_last=gone.since_last,
        usual_gap=gone.usual_gap,
        last_hour=gone.last_hour,
        hours_covered=Fraction(held) / Fraction(gone.rate) if gone.rate and hot else None,
        recognised=recognised,
        measured=Basis.ALL if whole else Basis.SOME if moves else Basis.BALANCES,
    )


def _hot(
    chain: str,
    own: Mapping[Address, Sequence[Point]],
    payments: Payments,
    moves: Sequence[Movement],
    rows: Sequence[StoredObservation],
    now: int,
    *,
    whole: bool,
) -> tuple[set[Address], Basis]:
    """The addresses that paid out every day of the week, and what tells that."""
    looks = sorted({one.time for one in rows if one.subject == LISTED})
    told = [
        ((one.chain, one.address), one.time)
        for one in payments.parties
        if now - WINDOW < one.time <= now and (one.chain, one.address) in own and Decimal(one.amount) < 0
    ]
    alone = _alone(chain, payments, now)
    if alone in own:
        # What a group of one paid, its one address paid.
        told += [(alone, one.time) for one in moves]
    days = {address: {(now - time) // DAY for time in _falls(points, looks, now)} for address, points in own.items()}
    for address, time in told:
        days[address].add((now - time) // DAY)
    hot = {address for address, seen in days.items() if seen >= set(range(_DAYS))}
    if whole and alone in own:
        return hot, Basis.ALL
    return hot, Basis.SOME if told else Basis.BALANCES


def _falls(points: Sequence[Point], looks: Sequence[int], now: int) -> Iterator[int]:
    """When an address's figure fell: the middle between the look that shows it and the one before.

    Looks that are a little early or late would fall on one day twice and on another not at all.
    """
    for before, after in pairwise(_recent(points, now)):
        if after.amount < before.amount:
            at = bisect_left(looks, after.time) - 1
            since = max(before.time, looks[at]) if at >= 0 else before.time
            yield (since + after.time) // 2


def _recent(points: Sequence[Point], now: int) -> Sequence[Point]:
    """The points of the week up to ``now`` and the one before them."""
    times = [one.time for one in points]
    return points[max(0, bisect_right(times, now - WINDOW) - 1) : bisect_right(times, now)]


def _alone(chain: str, payments: Payments, now: int) -> Address:
    """The address that alone was listed on the chain for the whole week; one that is nobody's where several were."""
    past = [one for one in payments.lists if one.time <= now - WINDOW] or list(payments.lists[:1])
    used = [*past[-1:], *(one for one in payments.lists if now - WINDOW < one.time <= now)]
    listed = {address for one in used for address in members(one, payments.asset) if address[0] == chain}
    return listed.pop() if len(listed) == 1 else (chain, "")


def outflow(movements: Iterable[Movement], now: int) -> Outflow:
    """What the movements of the 7 days up to ``now`` say: median and 95 % of hourly outflow, gaps, the last payout."""
    paid = sorted(
        (one for one in movements if one.amount < 0 and now - WINDOW < one.time <= now), key=lambda one: one.time
    )
    if not paid:
        return Outflow(rate=None, busy_rate=None, since_last=None, usual_gap=None, last_hour=0)
    hourly = [Decimal(0)] * (WINDOW // HOUR)
    for one in paid:
        hourly[(now - one.time) // HOUR] -= one.amount
    times = sorted({one.time for one in paid})
    gaps = [Decimal(after - before) for before, after in pairwise(times)]
    return Outflow(
        rate=median(hourly),
        busy_rate=sorted(hourly)[len(hourly) * 95 // 100],
        since_last=now - times[-1],
        usual_gap=int(median(gaps)) if gaps else None,
        last_hour=len({one.transaction for one in paid if now - one.time < HOUR}),
    )
