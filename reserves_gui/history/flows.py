"""Flows of a set of addresses: in, out and net per asset, set changes split from true flow, and what follows.

    n(tx) = sum of outputs to the set - sum of inputs from the set
    in = sum max(n, 0)     out = sum max(-n, 0)     net = in - out = B(t1) - B(t0)

Internal transfers cancel because the set is summed inside one transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reserves_gui.amounts import ZERO, add, subtract, total
from reserves_gui.history.figures import DAY, HOUR, Point, daily_changes, median, share, within

# 1.4826 x median absolute deviation estimates a standard deviation.
MAD_SCALE = Fraction(14826, 10000)
SHORTEST_HISTORY = 30
Z_WINDOW = 90 * DAY
# An address that joins the list and was paid by one that stood on it within this time is listed as funded by it.
FUNDING = 48 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One side of a transaction that touches an address: ``amount`` positive into it, negative out of it, in coins."""

    transaction: str
    time: int
    address: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Flow:
    """Gross in, gross out and net of a set over a window, in coins; the largest single transaction out."""

    inward: Decimal
    outward: Decimal
    largest_out: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """In minus out."""
        return subtract(self.inward, self.outward)


def flow(movements: Iterable[Movement], members: frozenset[str] | set[str]) -> Flow:
    """The flow of the set ``members``; transfers between members cancel."""
    per_transaction: dict[str, Decimal] = {}
    for movement in movements:
        if movement.address in members:
            known = per_transaction.get(movement.transaction, ZERO)
            per_transaction[movement.transaction] = add(known, movement.amount)
    gains = [value for value in per_transaction.values() if value > 0]
    losses = [-value for value in per_transaction.values() if value < 0]
    return Flow(total(gains), total(losses), max(losses, default=ZERO))


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChange:
    """Three separate lines, never one: flow on the common addresses, wallets added, wallets removed (coins)."""

    common: Decimal
    added: Decimal
    removed: Decimal
    still_holding: tuple[str, ...]

    @property
    def change(self) -> Decimal:
        """What the listed sum changed by: flow(common) + added - removed."""
        return subtract(add(self.common, self.added), self.removed)


def set_change(before: Mapping[str, Decimal], after: Mapping[str, Decimal], *, now: Mapping[str, Decimal]) -> SetChange:
    """Split the change between two versions of an address list.

    ``before`` and ``after`` map the listed addresses to their balances at the two times; ``now`` gives balances at the
    later time for removed addresses too. Removed addresses that still hold more than 0.1 % of the asset are named.
    """
    common = before.keys() & after.keys()
    removed = before.keys() - after.keys()
    whole = total(after.values())
    holding = sorted(one for one in removed if whole > 0 and now.get(one, ZERO) * 1000 > whole)
    return SetChange(
        common=total(subtract(after[one], before[one]) for one in common),
        added=total(after[one] for one in after.keys() - before.keys()),
        removed=total(before[one] for one in removed),
        still_holding=tuple(holding),
    )


def robust_z(series: Sequence[Point], time: int) -> Fraction | None:
    """How unusual the net flow of the day of ``time`` is: (x - median) / (1.4826 MAD) against the 90 days before it.

    None with less than 30 days of history, or where all days were alike. Negative: an outflow.
    """
    days = _days(series, time)
    if days is None:
        return None
    today, earlier = days
    middle = median(earlier)
    spread = median([abs(value - middle) for value in earlier])
    if not spread:
        return None
    return Fraction(today - middle) / (MAD_SCALE * Fraction(spread))


def flow_percentile(series: Sequence[Point], time: int) -> Fraction | None:
    """How much of the 90 days before the day of ``time`` had a smaller net flow; days with the same count half.

    0: no day saw more leave. None with less than 30 days of history.
    """
    days = _days(series, time)
    if days is None:
        return None
    today, earlier = days
    twice = sum(2 * (one < today) + (one == today) for one in earlier)
    return Fraction(twice, 2 * len(earlier))


def _days(series: Sequence[Point], time: int) -> tuple[Decimal, list[Decimal]] | None:
    """The net flow of the day of ``time`` and of the 90 days before it; None where it is not known, or with few days.

    A watch in the middle of the day sees a part of that day only.
    """
    changes = daily_changes(series)
    day = time // DAY * DAY
    today = next((point.amount for point in changes if point.time == day), None)
    earlier = [point.amount for point in within(changes, day - Z_WINDOW, day - 1)]
    return None if today is None or len(earlier) < SHORTEST_HISTORY else (today, earlier)


def drawdown(series: Sequence[Point], time: int, window: int = 30 * DAY) -> Fraction | None:
    """``1 - B / max over the last 30 days of B``; None without a point."""
    recent = within(series, time - window, time)
    if not recent:
        return None
    peak = max(point.amount for point in recent)
    return 1 - share(recent[-1].amount, peak) if peak > 0 else None


def concentration(balances: Iterable[Decimal], largest: int) -> Fraction | None:
    """The share of the ``largest`` greatest balances in all; None where nothing is held."""
    ordered = sorted(balances, reverse=True)
    whole = total(ordered)
    return share(total(ordered[:largest]), whole) if whole > 0 else None


def median_daily_flow(series: Sequence[Point], time: int) -> Decimal | None:
    """The median absolute daily net flow of the 90 days before ``time``; None with less than 30 days."""
    changes = [abs(point.amount) for point in within(daily_changes(series), time - Z_WINDOW, time)]
    return median(changes) if len(changes) >= SHORTEST_HISTORY else None
