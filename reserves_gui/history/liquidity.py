"""Signs of life of a chain's wallets: hot balance, outgoing rate, hours covered, time since the last payout.

Never a statement that a withdrawal will work: only what the listed wallets did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from reserves_gui.amounts import total
from reserves_gui.history.figures import DAY, HOUR, Point, median
from reserves_gui.history.flows import Movement
from reserves_gui.history.seen import Address, balances_at, payouts

WINDOW = 7 * DAY
_PAUSE_FACTOR = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Liquidity:
    """One chain and asset. Amounts in coins, rates in coins per hour, gaps in seconds; None where nothing is known."""

    hot: Decimal
    cold: Decimal
    rate: Decimal | None
    busy_rate: Decimal | None
    hours_covered: Fraction | None
    since_last: int | None
    usual_gap: int | None
    last_hour: int

    @property
    def may_be_paused(self) -> bool:
        """No payout for more than ten times the usual gap, and for more than an hour."""
        if self.since_last is None or self.usual_gap is None:
            return False
        return self.since_last > max(HOUR, _PAUSE_FACTOR * self.usual_gap)


def liquidity_by_chain(
    addresses: Mapping[Address, Sequence[Point]], moves: Sequence[Movement], now: int
) -> dict[str, Liquidity]:
    """Signs of life of every chain with a week of single addresses.

    Which addresses are hot follows from the changes of their figures. How much goes out and when, from the ``moves`` of
    the listed group where transactions were kept, else from those changes too; the newest of both is the last payout.
    """
    found = {}
    for chain in sorted({address[0] for address in addresses}):
        own = {address: points for address, points in addresses.items() if address[0] == chain and points}
        if not own or now - min(points[0].time for points in own.values()) < WINDOW:
            continue
        balances = {":".join(address): amount for address, amount in balances_at(own, now).items()}
        steps = payouts(own)
        view = liquidity(balances, steps, now=now)
        told = [one for one in moves if one.amount < 0 and one.transaction.startswith(f"{chain}:")]
        life = liquidity(balances, told, now=now) if told else view
        since = [one for one in (view.since_last, life.since_last) if one is not None]
        found[chain] = replace(
            view,
            rate=life.rate,
            busy_rate=life.busy_rate,
            hours_covered=Fraction(view.hot) / Fraction(life.rate) if life.rate else None,
            since_last=min(since, default=None),
            usual_gap=life.usual_gap,
            last_hour=life.last_hour,
        )
    return found


def liquidity(
    balances: Mapping[str, Decimal],
    movements: Sequence[Movement],
    *,
    now: int,
    marked_hot: frozenset[str] = frozenset(),
) -> Liquidity:
    """From balances per address now and the movements of the last 7 days. Hot: at least one payout a day, or marked."""
    payouts = sorted(
        (one for one in movements if one.amount < 0 and now - WINDOW <= one.time <= now), key=lambda one: one.time
    )
    days: dict[str, set[int]] = {}
    for one in payouts:
        days.setdefault(one.address, set()).add((now - one.time) // DAY)
    hot = {address for address, seen in days.items() if len(seen) >= 7} | set(marked_hot)
    hourly = [Decimal(0)] * (WINDOW // HOUR)
    for one in payouts:
        hourly[min((now - one.time) // HOUR, len(hourly) - 1)] -= one.amount
    rate = median(hourly) if payouts else None
    busy = sorted(hourly)[len(hourly) * 95 // 100] if payouts else None
    held = total(amount for address, amount in balances.items() if address in hot)
    times = sorted({one.time for one in payouts})
    gaps = [Decimal(after - before) for before, after in pairwise(times)]
    return Liquidity(
        hot=held,
        cold=total(amount for address, amount in balances.items() if address not in hot),
        rate=rate,
        busy_rate=busy,
        hours_covered=Fraction(held) / Fraction(rate) if rate else None,
        since_last=now - times[-1] if times else None,
        usual_gap=int(median(gaps)) if gaps else None,
        last_hour=sum(1 for time in times if now - time <= HOUR),
    )
