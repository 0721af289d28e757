"""What is kept about an exchange, over time: the one call behind `reserves history series` and the Over time page."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from reserves_gui.chain.prices import OLDEST
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history import published
from reserves_gui.history.alerts import Alert
from reserves_gui.history.coverage import AssetCoverage
from reserves_gui.history.daily import FlowDay, daily_flows, fixed_series
from reserves_gui.history.derived import Derived, WindowFlow, derived
from reserves_gui.history.figures import Interval, Point
from reserves_gui.history.liquidity import Payments
from reserves_gui.history.list_changes import ListChange, list_changes
from reserves_gui.history.records import (
    StoredList,
    StoredObservation,
    StoredParty,
    StoredPrice,
    StoredSnapshot,
    StoredTotal,
)
from reserves_gui.history.seen import (
    LISTED,
    ROUND,
    Address,
    SeenPoint,
    address_series,
    known_points,
    listed_points,
    members,
    transactions,
)
from reserves_gui.history.shares import Shares, shares
from reserves_gui.messages import say
from reserves_gui.services.keeping import existing_store, read_time
from reserves_gui.services.snapshot_tests import LabelledParty, SnapshotTest, snapshot_tests
from reserves_gui.services.speakers import speaker_of
from reserves_gui.services.stored_coverage import covered, owed_of
from reserves_gui.services.watch_judging import open_alerts, thresholds_of
from reserves_gui.verdict import State

if TYPE_CHECKING:
    from reserves_gui.history.store import Store

__all__ = [
    "Alert",
    "AssetCoverage",
    "Derived",
    "FlowDay",
    "Interval",
    "KeptExchange",
    "LabelledParty",
    "ListChange",
    "OverTime",
    "OwedPoint",
    "SeenPoint",
    "SeriesRequest",
    "Shares",
    "SnapshotTest",
    "WindowFlow",
    "kept_exchanges",
    "over_time",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRequest:
    """One exchange and asset of the store; dates as text (``2026-10-31``), None: from the first or to the newest.

    ``thresholds``: of the rules, changed ones by name; they say which alerts are still open.
    """

    exchange: str
    asset: str
    start: str | None = None
    end: str | None = None
    thresholds: Mapping[str, str] = field(default_factory=dict)
    db: str | None = None


@dataclass(frozen=True, slots=True)
class KeptExchange:
    """An exchange that something is kept about, and the assets with figures."""

    name: str
    assets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedPoint:
    """What was stated to be owed at one snapshot. ``amount`` as text in coins; gross and debt where stated apart.

    ``interval``: what the figure can be, its upper end None where the format binds only sums. ``verdict`` is that of
    the files when they were stored.
    """

    time: int
    snapshot: str | None
    amount: str
    interval: Interval
    gross: str | None
    debt: str | None
    total_verified: bool
    verdict: State
    format: str
    root: str | None
    root_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverTime:
    """Everything that is known of one asset of one exchange in a window, oldest first.

    ``points``: the listed wallets, gaps included (``interval`` None). ``owed``: liabilities at the snapshots.
    ``coverage``: one answer per snapshot of ``owed``, in its order. ``flows``: net flow per UTC day. ``dressing``: the
    test at every snapshot, corrected over all assets of the exchange. ``addresses``: on the newest list. ``derived``:
    flows over the usual windows and signs of life at the newest point of the window, by one fixed address set.
    ``open_alerts``: those of any time whose figure has not fallen back yet. ``shares``: own tokens and stablecoins in
    all the exchange's reserves, None where nothing was seen. ``asked``: when this was put together (seconds UTC).
    """

    exchange: str
    asset: str
    asked: int
    points: tuple[SeenPoint, ...]
    owed: tuple[OwedPoint, ...]
    coverage: tuple[AssetCoverage, ...]
    flows: tuple[FlowDay, ...]
    changes: tuple[ListChange, ...]
    alerts: tuple[Alert, ...]
    open_alerts: tuple[Alert, ...]
    prices: tuple[StoredPrice, ...]
    dressing: tuple[SnapshotTest, ...]
    addresses: int
    derived: Derived
    shares: Shares | None

    @property
    def last_seen(self) -> SeenPoint | None:
        """The newest point that was retrieved."""
        return next((one for one in reversed(self.points) if one.interval is not None), None)

    @property
    def age(self) -> int | None:
        """Seconds since the newest point that was retrieved."""
        return None if self.last_seen is None else max(0, self.asked - self.last_seen.time)


def kept_exchanges(db: str | None = None) -> tuple[KeptExchange, ...]:
    """Every exchange of the store with its assets; none where there is no store yet."""
    store = existing_store(db)
    if store is None:
        return ()
    with store:
        return tuple(KeptExchange(name, tuple(store.assets(name))) for name in store.exchanges())


def over_time(request: SeriesRequest, *, clock: Callable[[], int] = lambda: int(time.time())) -> OverTime:
    """The series of one asset. Raises ``usage`` (dates, nothing kept), ``store.unusable``, ``store.newer``."""
    start = 0 if request.start is None else read_time(request.start)
    end = 2**62 if request.end is None else read_time(request.end)
    if end < start:
        raise ReservesError(ErrorCode.USAGE, say("history.window"))
    opened = existing_store(request.db)
    if opened is None:
        raise ReservesError(ErrorCode.USAGE, say("history.no_exchange", exchange=request.exchange[:80]))
    with opened as store:
        name = named_exchange(store, request.exchange)
        asset = request.asset.upper() if request.asset.upper() in store.assets(name) else request.asset
        if asset not in store.assets(name):
            raise ReservesError(ErrorCode.USAGE, say("history.no_asset", asset=request.asset[:80], exchange=name))
        snapshots = [one for one in store.snapshots(name) if one.time is not None]
        lists = store.lists(name)
        rows = store.observations(name, asset)
        prices = [one for one in store.prices(asset) if start <= one.time <= end]
        alerts = [one for _, one in store.alerts(name) if start <= one.time <= end]
        still_open = open_alerts(store, name, thresholds_of(request.thresholds))
        tests = snapshot_tests(store, name, snapshots, lists, asset)
        parties = store.parties(name, asset)
        money = _shares(store, name, end)
    points = listed_points(rows, speaker_of)
    series = address_series(rows)
    until = [one for one in rows if one.time <= end]
    # What follows from all rows is made once: it takes as long as reading them.
    seen = (points, series) if len(until) == len(rows) else (listed_points(until, speaker_of), address_series(until))
    owed = [(one, figure) for one in snapshots for figure in one.totals if figure.asset == asset]
    net = [(one, figure) for one, figure in owed if figure.part == "net" and start <= (one.time or 0) <= end]
    flows = daily_flows(known_points(points), lists, asset, series)
    newest = max((one.time or 0 for one, _ in net), default=None)
    changes = list_changes(lists, asset, series, parties, until=end)
    return OverTime(
        exchange=name,
        asset=asset,
        asked=clock(),
        points=tuple(one for one in points if start <= one.time <= end),
        owed=tuple(_owed_point(one, figure) for one, figure in net),
        coverage=tuple(covered(one, figure, rows, points, lists, series) for one, figure in net),
        flows=tuple(one for one in flows if start <= one.day <= end),
        changes=tuple(one for one in changes if start <= one.time <= end),
        alerts=tuple(alerts),
        open_alerts=still_open,
        prices=tuple(prices),
        dressing=tuple(one for one in tests if start <= one.snapshot <= end),
        addresses=len(members(lists[-1], asset)) if lists else 0,
        derived=_derived(until, seen, parties, lists, asset, newest),
        shares=money,
    )


def _derived(
    rows: Sequence[StoredObservation],
    seen: tuple[Sequence[SeenPoint], Mapping[Address, Sequence[Point]]],
    parties: Sequence[StoredParty],
    lists: Sequence[StoredList],
    asset: str,
    snapshot: int | None,
) -> Derived:
    """By one fixed address set up to the newest row; single addresses are those of the newest list.

    ``seen``: the points and single addresses of ``rows``.
    """
    points, series = seen
    known = known_points(points)
    fixed = fixed_series(known, lists, asset, series, known[-1].time) if known else []
    listed = members(lists[-1], asset) if lists else series.keys()
    return derived(
        fixed,
        rows,
        {address: points for address, points in series.items() if address in listed},
        chains=_chain_series(rows, lists, asset),
        payments=Payments(asset=asset, moves=transactions(rows), rows=rows, parties=parties, lists=lists),
        snapshot=snapshot,
    )


def _chain_series(
    rows: Sequence[StoredObservation], lists: Sequence[StoredList], asset: str
) -> dict[str, Sequence[Point]]:
    """The same on each chain by itself, where the asset lies on several."""
    chains = sorted({one.chain for one in rows if one.subject == LISTED})
    found: dict[str, Sequence[Point]] = {}
    for chain in chains if len(chains) > 1 else ():
        own = [one for one in rows if one.chain == chain]
        on_chain = [
            replace(one, wallets=tuple(wallet for wallet in one.wallets if wallet.chain == chain)) for one in lists
        ]
        points = known_points(listed_points(own, speaker_of))
        if points:
            found[chain] = fixed_series(points, on_chain, asset, address_series(own), points[-1].time)
    return found


def _shares(store: "Store", exchange: str, end: int) -> Shares | None:
    """Own tokens and stablecoins in all reserves at the newest look; None where nothing was ever seen."""
    points = {asset: _newest(store, exchange, asset, end) for asset in store.assets(exchange)}
    last = max((one[-1].time for one in points.values() if one), default=None)
    if last is None:
        return None
    return shares(
        points,
        {asset: [(one.time, Decimal(one.value)) for one in store.prices(asset)] for asset in points},
        time=last,
        near=OLDEST,
        own=published.own_tokens(exchange),
        stable=published.stablecoins(),
    )


def _newest(store: "Store", exchange: str, asset: str, end: int) -> Sequence[Point]:
    """The newest point with one figure not after ``end``, if there is one, without reading all that is kept before."""
    last = store.last_look(exchange, asset, end)
    if last is None:
        return ()
    for begin in (last - 3 * ROUND, 0):
        rows = store.observations(exchange, asset, subject=LISTED, start=begin, end=end)
        found = known_points(listed_points(rows, speaker_of))[-1:]
        # A chain that was first looked at after that point may have been looked at before ``begin``, too.
        chains = {one.chain for one in rows}
        if (
            found
            and found[0].time - ROUND >= begin
            and chains == {one.chain for one in rows if one.time <= found[0].time}
        ):
            return found
    return found


def named_exchange(store: "Store", wanted: str) -> str:
    """The exchange as the store spells it. Raises ``usage`` where nothing is kept about it."""
    for name in store.exchanges():
        if name.casefold() == wanted.casefold():
            return name
    raise ReservesError(ErrorCode.USAGE, say("history.no_exchange", exchange=wanted[:80]))


def _owed_point(snapshot: StoredSnapshot, figure: StoredTotal) -> OwedPoint:
    parts = {one.part: one.amount for one in snapshot.totals if one.asset == figure.asset}
    return OwedPoint(
        time=snapshot.time or 0,
        snapshot=snapshot.snapshot,
        amount=figure.amount,
        interval=owed_of(snapshot, figure).interval,
        gross=parts.get("gross"),
        debt=parts.get("debt"),
        total_verified=figure.total_verified,
        verdict=snapshot.verdict,
        format=snapshot.format,
        root=snapshot.root,
        root_source=snapshot.root_source,
    )
