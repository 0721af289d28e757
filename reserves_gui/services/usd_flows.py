"""Flows of an exchange's listed wallets in US dollars, all assets together: what `reserves history flows` shows.

    USD flow = sum over assets of (change of the amount x price at the window's end)

so that a move of prices is no flow. Gross in, gross out and net stand side by side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history.daily import fixed_series
from reserves_gui.history.derived import WindowFlow, window_flows
from reserves_gui.history.figures import DAY, rounded
from reserves_gui.history.seen import address_series, known_points, listed_points
from reserves_gui.messages import Message, render, say
from reserves_gui.progress import Progress
from reserves_gui.services.keeping import existing_store, read_time, shown_time
from reserves_gui.services.over_time import named_exchange
from reserves_gui.services.prices import (
    NOWHERE,
    ChosenPrices,
    Price,
    Pricing,
    chosen,
    get_prices,
    prices_json,
    stored_prices,
)
from reserves_gui.services.probed import OpenDoor
from reserves_gui.services.speakers import speaker_of

__all__ = ["FlowsRequest", "UsdFlow", "UsdFlows", "flows_json", "usd_flows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowsRequest:
    """Flows up to the newest look at ``exchange``, or to the newest one not after ``end`` (a date)."""

    exchange: str
    end: str | None = None
    pricing: Pricing = NOWHERE
    db: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UsdFlow:
    """One window: 1h, 24h, 7d, 30d or snapshot. Sums over the assets ``counted``; ``missing``: the rest, and why.

    ``inward`` and ``outward`` by kept transactions, None where an asset has none; ``net`` positive = came in.
    """

    name: str
    start: int
    end: int
    net: Fraction
    inward: Fraction | None
    outward: Fraction | None
    counted: tuple[str, ...]
    missing: tuple[tuple[str, Message], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsdFlows:
    """All windows that end at ``end`` (seconds UTC, None: nothing was seen), and the prices they were made with."""

    exchange: str
    end: int | None
    windows: tuple[UsdFlow, ...]
    prices: ChosenPrices
    unpriced: bool


def usd_flows(request: FlowsRequest, progress: Progress, *, door: OpenDoor | None = None) -> UsdFlows:
    """Flows in dollars from the store. Raises ``usage`` (dates, nothing kept), ``source.unusable``, ``store.*``."""
    last = 2**62 if request.end is None else read_time(request.end)
    name, flows, kept = _stored(request, last)
    ends = [one[-1].end for one in flows.values() if one]
    end = max(ends) if ends else None
    wanted = {} if end is None else dict.fromkeys(flows, (end,))
    got = get_prices(request.pricing, wanted, progress, db=request.db, door=door)
    prices = chosen(tuple(flows), end, named=got.prices, kept=kept, refused=got.refused)
    return UsdFlows(
        exchange=name,
        end=end,
        windows=() if end is None else tuple(_windows(flows, end, prices)),
        prices=prices,
        unpriced=got.in_vain,
    )


def _stored(request: FlowsRequest, last: int) -> tuple[str, dict[str, tuple[WindowFlow, ...]], list[Price]]:
    """The exchange as the store spells it, every asset's flows in coins, and the kept prices."""
    opened = existing_store(request.db)
    if opened is None:
        raise ReservesError(ErrorCode.USAGE, say("history.no_exchange", exchange=request.exchange[:80]))
    flows: dict[str, tuple[WindowFlow, ...]] = {}
    kept: list[Price] = []
    with opened as store:
        name = named_exchange(store, request.exchange)
        lists = store.lists(name)
        times = [one.time for one in store.snapshots(name) if one.time is not None and one.time <= last]
        for asset in store.assets(name):
            rows = [one for one in store.observations(name, asset) if one.time <= last]
            known = known_points(listed_points(rows, speaker_of))
            series = fixed_series(known, lists, asset, address_series(rows), known[-1].time) if known else []
            flows[asset] = window_flows(series, rows, snapshot=max(times, default=None))
            kept += stored_prices(store.prices(asset))
    return name, flows, kept


def _windows(flows: Mapping[str, Sequence[WindowFlow]], end: int, prices: ChosenPrices) -> list[UsdFlow]:
    names = dict.fromkeys(one.name for windows in flows.values() for one in windows)
    found = []
    for name in names:
        own = {asset: one for asset, windows in flows.items() for one in windows if one.name == name}
        found.append(_window(name, own, flows.keys() - own.keys(), end, prices))
    return [one for one in found if one.counted]


def _window(name: str, own: Mapping[str, WindowFlow], absent: "set[str]", end: int, prices: ChosenPrices) -> UsdFlow:
    missing = {asset: say("prices.flow_unseen", asset=asset) for asset in sorted(absent)}
    counted: dict[str, WindowFlow] = {}
    for asset, one in own.items():
        if end - one.end > min(DAY, (one.end - one.start) // 2):
            missing[asset] = say("prices.flow_old", asset=asset)
        elif asset not in prices.found:
            missing[asset] = say("chain.price_unknown", asset=asset)
        else:
            counted[asset] = one
    values = prices.values
    gross = [one.gross for one in counted.values() if one.gross is not None]
    complete = bool(counted) and len(gross) == len(counted)
    return UsdFlow(
        name=name,
        start=min((one.start for one in counted.values()), default=end),
        end=end,
        net=_worth({asset: one.net for asset, one in counted.items()}, values),
        inward=_gross(counted, values, "inward") if complete else None,
        outward=_gross(counted, values, "outward") if complete else None,
        counted=tuple(counted),
        missing=tuple(missing.items()),
    )


def _gross(counted: Mapping[str, WindowFlow], values: Mapping[str, Decimal], side: str) -> Fraction:
    return _worth({asset: getattr(one.gross, side) for asset, one in counted.items()}, values)


def _worth(amounts: Mapping[str, Decimal], prices: Mapping[str, Decimal]) -> Fraction:
    return sum((Fraction(amount) * Fraction(prices[asset]) for asset, amount in amounts.items()), Fraction(0))


def flows_json(found: UsdFlows) -> dict[str, Any]:
    """The object that ``history flows --json`` prints."""
    return {
        "schema": "reserves/flows/1",
        "exchange": found.exchange,
        "windows": [
            {
                "window": one.name,
                "start": shown_time(one.start),
                "end": shown_time(one.end),
                "in_usd": None if one.inward is None else rounded(one.inward),
                "out_usd": None if one.outward is None else rounded(one.outward),
                "net_usd": rounded(one.net),
                "assets": list(one.counted),
                "missing": [{"asset": asset, "key": why.key, "text": render(why)} for asset, why in one.missing],
            }
            for one in found.windows
        ],
        **prices_json(found.prices),
    }
