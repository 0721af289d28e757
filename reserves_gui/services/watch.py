"""Keep observing listed wallets: the one call behind `reserves watch` and watching in the window's tray.

A round looks every address up, keeps what was seen, and judges the rules. What the rules need to know of earlier
rounds is read from the store, so that a watch that was stopped, or one run by a timer with ``--once``, goes on where it
was.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history.alerts import Alert, Level, Rule, Thresholds
from reserves_gui.history.flows import FUNDING
from reserves_gui.history.records import StoredList, StoredObservation
from reserves_gui.history.seen import (
    LISTED,
    SeenPoint,
    address_series,
    balances_at,
    listed_points,
)
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.services.keeping import open_store
from reserves_gui.services.listed import Listed
from reserves_gui.services.lookup import Looking, LookUp, look_up
from reserves_gui.services.prices import GotPrices, Pricing, get_prices
from reserves_gui.services.probed import OpenDoor, SourceReport
from reserves_gui.services.speakers import speaker_of
from reserves_gui.services.telling import Row, Telling
from reserves_gui.services.watch_judging import default_thresholds, judged, thresholds_of
from reserves_gui.services.watch_rows import all_unknown, latest_of, round_rows, round_time
from reserves_gui.services.watched_list import current_list, listed_rows, wallets_of

__all__ = [
    "Alert",
    "Level",
    "Round",
    "Rule",
    "Thresholds",
    "WatchRequest",
    "WatchedAsset",
    "default_thresholds",
    "thresholds_of",
    "watch",
    "watch_round",
]

_TICK = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRequest:
    """What to watch and where. ``files``: wallet lists; without them the newest list that the store has.

    ``thresholds``: changed ones by name, texts of numbers or fractions (``drop_day`` "0.1"). ``minutes``: between the
    starts of two rounds. ``sources``, ``contracts``, ``cache_folder``, ``fresh``: as in a look-up of balances.
    ``prices``: where the prices of a round are asked, for the share of the exchange's own tokens.
    """

    files: tuple[str, ...] = ()
    exchange: str | None = None
    sources: tuple[str, ...] = ()
    prices: tuple[str, ...] = ()
    minutes: int = 60
    thresholds: Mapping[str, str] = field(default_factory=dict)
    contracts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    offline: bool = False
    proxy: str | None = None
    cache_folder: Path | None = None
    fresh: bool = False
    requests_per_run: int = limits.REQUESTS_PER_RUN
    told: Callable[[str], None] | None = None
    db: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedAsset:
    """One asset of a round. ``net``: the change since the round before (coins), None where either is not one figure."""

    asset: str
    point: SeenPoint
    net: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round came to. ``fresh`` is false where no new block had come and nothing was kept.

    ``empty``: no source told anything. ``unpriced``: price sources that gave no usable price, and why.
    """

    exchange: str
    time: int
    assets: tuple[WatchedAsset, ...]
    alerts: tuple[Alert, ...]
    sources: tuple[SourceReport, ...]
    alarms: tuple[Message, ...]
    addresses: int
    fresh: bool
    empty: bool
    unpriced: tuple[tuple[str, Message], ...] = ()


def watch(
    request: WatchRequest,
    progress: Progress,
    *,
    clock: Callable[[], int] = lambda: int(time.time()),
    sleep: Callable[[float], None] = time.sleep,
    door: OpenDoor | None = None,
) -> Iterator[Round]:
    """Rounds without end, ``minutes`` from start to start. Raises what a round raises, and ``Cancelled`` in a pause."""
    if not 1 <= request.minutes <= 7 * 24 * 60:
        raise ReservesError(ErrorCode.USAGE, say("watch.minutes"))
    files = request.files
    while True:
        began = clock()
        yield watch_round(replace(request, files=files), progress, clock=clock, door=door)
        # The list was read and kept; from now on the store's is the one.
        files = ()
        while clock() < began + request.minutes * 60:
            progress.checkpoint()
            sleep(_TICK)


def watch_round(
    request: WatchRequest,
    progress: Progress,
    *,
    clock: Callable[[], int] = lambda: int(time.time()),
    door: OpenDoor | None = None,
) -> Round:
    """Look once, keep it, judge the rules, keep the alerts.

    Raises ``usage`` (no list, unknown threshold), what lists, sources and stores raise, and ``Cancelled``.
    """
    thresholds = thresholds_of(request.thresholds)
    if not request.sources:
        raise ReservesError(ErrorCode.USAGE, say("balances.no_sources"))
    exchange = current_list(request.files, request.exchange, progress, now=clock(), db=request.db)
    with open_store(request.db) as store:
        lists = store.lists(exchange)
        rows = {asset: store.observations(exchange, asset) for asset in store.assets(exchange)}
    look = _next_look(lists, rows, clock())
    looking = Looking(
        sources=request.sources,
        telling=look.telling,
        offline=request.offline,
        proxy=request.proxy,
        contracts=request.contracts,
        cache_folder=request.cache_folder,
        fresh=request.fresh,
        requests_per_run=request.requests_per_run,
        told=request.told,
    )
    found = look_up(look.wanted, looking, progress, door=door)
    moment = round_time(found, clock())
    fresh = all(moment > one.time for asset in rows.values() for one in asset if one.subject == LISTED)
    priced = _priced(request, look.wanted, moment, progress, door) if fresh else GotPrices()
    with open_store(request.db) as store:
        # Read again: another watch may have looked in the meantime.
        kept = [one for asset in store.assets(exchange) for one in store.observations(exchange, asset)]
        fresh = all(moment > one.time for one in kept if one.subject == LISTED)
        if fresh:
            made = round_rows(found, look.listed, exchange, moment, latest_of(kept))
            store.add_observations(made.observations, made.parties)
        alerts = judged(store, exchange, moment, thresholds, progress) if fresh else []
        store.add_alerts(exchange, alerts)
        rows = {asset: store.observations(exchange, asset) for asset in store.assets(exchange)}
    ended = _round(exchange, moment, rows, alerts, found, len(look.listed), fresh=fresh)
    return replace(ended, unpriced=priced.reasons)


def _priced(
    request: WatchRequest, wanted: Sequence[Listed], moment: int, progress: Progress, door: OpenDoor | None
) -> GotPrices:
    """The prices of the round's assets, kept before its rules are judged."""
    pricing = Pricing(sources=request.prices, offline=request.offline, proxy=request.proxy, told=request.told)
    return get_prices(
        pricing, dict.fromkeys((one.asset for one in wanted), (moment,)), progress, db=request.db, door=door
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What this round asks: ``wanted`` rows, those of them ``listed`` now, and which transactions."""

    wanted: list[Listed]
    listed: frozenset[Row]
    telling: Telling


def _next_look(lists: Sequence[StoredList], rows: Mapping[str, Sequence[StoredObservation]], now: int) -> _Look:
    """The newest list, addresses that left it and still held something, and the transactions since the last look.

    In the round that finds the list changed, transactions are those of both lists together: what moved from a former
    wallet to a new one is no flow.
    """
    newest = wallets_of(lists[-1])
    last = max((one.time for asset in rows.values() for one in asset if one.subject == LISTED), default=None)
    before = [one for one in lists[:-1] if last is not None and one.time <= last][-1:]
    earlier = {key: one for older in lists[:-1] for key, one in wallets_of(older).items()}
    held = {asset: balances_at(address_series(found), now) for asset, found in rows.items()}
    known = {key for older in lists[-2:-1] for key in wallets_of(older)}
    former = {
        key: one
        for key, one in earlier.items()
        if key not in newest and (key in known or held.get(key[1], {}).get((key[0], key[2])))
    }
    changed = bool(before) and lists[-1].time > (last or 0)
    old = {key for older in before for key in wallets_of(older)}
    return _Look(
        wanted=listed_rows({**former, **newest}),
        listed=frozenset(newest),
        telling=Telling(
            above=_heights(rows),
            members=frozenset(newest) | old if changed else frozenset(newest),
            joined=frozenset(newest) - old if changed else frozenset(),
            since=now - FUNDING,
        ),
    )


def _heights(rows: Mapping[str, Sequence[StoredObservation]]) -> dict[str, int]:
    """The height of the last look at each chain."""
    found: dict[str, int] = {}
    for asset in rows.values():
        for one in asset:
            if one.subject == LISTED and one.height is not None:
                found[one.chain] = max(one.height, found.get(one.chain, 0))
    return found


def _round(
    exchange: str,
    moment: int,
    rows: Mapping[str, list[StoredObservation]],
    alerts: list[Alert],
    found: LookUp,
    addresses: int,
    *,
    fresh: bool,
) -> Round:
    assets = []
    for asset, all_rows in rows.items():
        points = listed_points(all_rows, speaker_of)
        if not points or (fresh and points[-1].time != moment):
            continue
        now, before = points[-1], points[-2] if len(points) > 1 else None
        net = None
        if now.amount is not None and before is not None and before.amount is not None:
            net = now.amount - before.amount
        assets.append(WatchedAsset(asset=asset, point=now, net=net))
    return Round(
        exchange=exchange,
        time=moment,
        assets=tuple(assets),
        alerts=tuple(alerts),
        sources=found.reports,
        alarms=found.alarms,
        addresses=addresses,
        fresh=fresh,
        empty=all_unknown(found.compared),
    )
