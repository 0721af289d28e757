"""What follows from a series: flows over the usual windows, how unusual the day was, concentration, signs of life."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reserves_gui.amounts import subtract
from reserves_gui.history.figures import DAY, HOUR, Point, at_or_before
from reserves_gui.history.flows import Flow, Movement, concentration, drawdown, flow, robust_z
from reserves_gui.history.liquidity import WINDOW, Liquidity, liquidity
from reserves_gui.history.seen import LISTED, Address, balances_at, payouts

WINDOWS = (("1h", HOUR), ("24h", DAY), ("7d", 7 * DAY), ("30d", 30 * DAY))
_LARGEST = (1, 5, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowFlow:
    """Net flow of the fixed set from ``start`` to ``end`` (coins, positive = came in).

    ``name``: 1h, 24h, 7d, 30d or snapshot. ``share``: of what was there at the start. ``gross``: in and out by the
    transactions that were kept, None where none was.
    """

    name: str
    start: int
    end: int
    net: Decimal
    share: Fraction | None
    gross: Flow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """Figures at the newest known point. None where there is not enough history.

    ``z``: robust deviations of the day's net flow, negative = out. ``drawdown``: below the peak of 30 days.
    ``concentration``: (how many, their share) for the 1, 5 and 10 largest addresses. ``liquidity``: by chain.
    """

    windows: tuple[WindowFlow, ...]
    z: Fraction | None
    drawdown: Fraction | None
    concentration: tuple[tuple[int, Fraction], ...]
    liquidity: Mapping[str, Liquidity]


def derived(
    series: Sequence[Point],
    addresses: Mapping[Address, Sequence[Point]],
    moves: Sequence[Movement],
    *,
    snapshot: int | None,
) -> Derived:
    """From the series of one fixed set, oldest first, the figures of single addresses, and kept transactions."""
    if not series:
        return Derived(windows=(), z=None, drawdown=None, concentration=(), liquidity={})
    now = series[-1].time
    held = balances_at(addresses, now)
    shares = [(count, share) for count in _LARGEST if (share := concentration(held.values(), count)) is not None]
    return Derived(
        windows=window_flows(series, moves, snapshot=snapshot),
        z=robust_z(series, now),
        drawdown=drawdown(series, now),
        concentration=tuple(shares),
        liquidity=_liquidity(addresses, now),
    )


def window_flows(series: Sequence[Point], moves: Sequence[Movement], *, snapshot: int | None) -> tuple[WindowFlow, ...]:
    """Flows over the usual windows that end at the newest point of a fixed set's series, oldest first."""
    if not series:
        return ()
    now = series[-1].time
    starts = [(name, now - length) for name, length in WINDOWS]
    if snapshot is not None and snapshot < now:
        starts.append(("snapshot", snapshot))
    return tuple(one for name, start in starts if (one := _window(name, start, series, moves)) is not None)


def _window(name: str, start: int, series: Sequence[Point], moves: Sequence[Movement]) -> WindowFlow | None:
    """None where no point stands near the window's start: within half of the window, a day at most."""
    newest, before = series[-1], at_or_before(series, start)
    slack = min(DAY, (newest.time - start) // 2)
    if before is None or start - before.time > slack:
        return None
    inside = [one for one in moves if before.time < one.time <= newest.time]
    return WindowFlow(
        name=name,
        start=before.time,
        end=newest.time,
        net=subtract(newest.amount, before.amount),
        share=Fraction(newest.amount - before.amount) / Fraction(before.amount) if before.amount > 0 else None,
        gross=flow(inside, {LISTED}) if inside else None,
    )


def _liquidity(addresses: Mapping[Address, Sequence[Point]], now: int) -> dict[str, Liquidity]:
    """Signs of life of every chain with a week of single addresses, from the changes of their figures."""
    found = {}
    for chain in sorted({address[0] for address in addresses}):
        own = {address: points for address, points in addresses.items() if address[0] == chain}
        if now - min(points[0].time for points in own.values()) >= WINDOW:
            balances = {":".join(address): amount for address, amount in balances_at(own, now).items()}
            found[chain] = liquidity(balances, payouts(own), now=now)
    return found
