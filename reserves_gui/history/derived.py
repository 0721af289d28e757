"""What follows from a series: flows over the usual windows, how unusual the day was, concentration, signs of life."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from reserves_gui.amounts import subtract
from reserves_gui.history.figures import DAY, HOUR, Point, at_or_before
from reserves_gui.history.flows import Flow, concentration, drawdown, flow, flow_percentile, robust_z
from reserves_gui.history.kept_flows import whole_flow
from reserves_gui.history.liquidity import Liquidity, Payments, liquidity_by_chain
from reserves_gui.history.records import StoredObservation
from reserves_gui.history.seen import LISTED, ROUND, Address, balances_at, transactions

WINDOWS = (("1h", HOUR), ("24h", DAY), ("7d", 7 * DAY), ("30d", 30 * DAY))
_LARGEST = (1, 5, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowFlow:
    """Net flow of the fixed set from ``start`` to ``end`` (coins, positive = came in).

    ``name``: 1h, 24h, 7d, 30d or snapshot. ``share``: of what was there at the start. ``gross``: in and out by the
    transactions that were kept, None where none was; with ``whole`` they are all there were, and ``net`` is explained
    by them to the last unit. ``chains``: the net flow on each chain of an asset that lies on several; what moves
    between them inside the exchange is an outflow on one and an inflow on another.
    """

    name: str
    start: int
    end: int
    net: Decimal
    share: Fraction | None
    gross: Flow | None
    whole: bool = False
    chains: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """Figures at the newest known point. None where there is not enough history.

    ``z``: robust deviations of the day's net flow, negative = out; ``percentile``: how much of the 90 days before lay
    below it. ``drawdown``: below the peak of 30 days. ``concentration``: (how many, their share) for the 1, 5 and 10
    largest addresses of the list. ``liquidity``: by chain.
    """

    windows: tuple[WindowFlow, ...]
    z: Fraction | None
    percentile: Fraction | None
    drawdown: Fraction | None
    concentration: tuple[tuple[int, Fraction], ...]
    liquidity: Mapping[str, Liquidity]


def derived(
    series: Sequence[Point],
    rows: Sequence[StoredObservation],
    addresses: Mapping[Address, Sequence[Point]],
    *,
    chains: Mapping[str, Sequence[Point]],
    payments: Payments,
    snapshot: int | None,
) -> Derived:
    """From the series of one fixed set, oldest first, and all rows it was made of.

    ``addresses``: the figures of single addresses of the newest list. ``chains``: the same series on each chain.
    ``payments``: what is kept of transactions.
    """
    if not series:
        return Derived(windows=(), z=None, percentile=None, drawdown=None, concentration=(), liquidity={})
    now = series[-1].time
    held = balances_at(addresses, now)
    shares = [(count, share) for count in _LARGEST if (share := concentration(held.values(), count)) is not None]
    return Derived(
        windows=window_flows(series, rows, chains=chains, snapshot=snapshot),
        z=robust_z(series, now),
        percentile=flow_percentile(series, now),
        drawdown=drawdown(series, now),
        concentration=tuple(shares),
        liquidity=liquidity_by_chain(addresses, payments, now),
    )


def window_flows(
    series: Sequence[Point],
    rows: Sequence[StoredObservation],
    *,
    chains: Mapping[str, Sequence[Point]] | None = None,
    snapshot: int | None,
) -> tuple[WindowFlow, ...]:
    """Flows over the usual windows that end at the newest point of a fixed set's series, oldest first."""
    if not series:
        return ()
    now = series[-1].time
    starts = [(name, now - length) for name, length in WINDOWS]
    if snapshot is not None and snapshot < now:
        starts.append(("snapshot", snapshot))
    ends = [(name, before) for name, start in starts if (before := _start(series, start)) is not None]
    return tuple(_window(name, before, series[-1], rows, chains or {}) for name, before in ends)


def _start(series: Sequence[Point], start: int) -> Point | None:
    """None where no point stands near the window's start: within half of the window, a day at most."""
    before = at_or_before(series, start)
    slack = min(DAY, (series[-1].time - start) // 2)
    return None if before is None or start - before.time > slack else before


def _window(
    name: str, before: Point, newest: Point, rows: Sequence[StoredObservation], chains: Mapping[str, Sequence[Point]]
) -> WindowFlow:
    net = subtract(newest.amount, before.amount)
    whole = whole_flow(rows, before.time, newest.time)
    kept = [one for one in transactions(rows) if before.time < one.time <= newest.time]
    # A set that changed in the window has transactions of more than the fixed one.
    explained = whole is not None and whole.net == net
    return WindowFlow(
        name=name,
        start=before.time,
        end=newest.time,
        net=net,
        share=Fraction(net) / Fraction(before.amount) if before.amount > 0 else None,
        gross=whole if explained else (flow(kept, {LISTED}) if kept else None),
        whole=explained,
        chains=dict(_by_chain(chains, before.time, newest.time)),
    )


def _by_chain(chains: Mapping[str, Sequence[Point]], start: int, end: int) -> Iterator[tuple[str, Decimal]]:
    for chain, series in chains.items():
        ends = [at_or_before(series, time) for time in (start, end)]
        first, last = ends
        if first is not None and last is not None and start - first.time <= ROUND and end - last.time <= ROUND:
            yield chain, subtract(last.amount, first.amount)
