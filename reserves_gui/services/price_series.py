"""Prices for what is kept about an exchange: at its snapshots and at one look a day. Behind `history prices`."""

from dataclasses import dataclass
from typing import Any

from reserves_gui.amounts import stripped
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history.figures import DAY
from reserves_gui.history.seen import LISTED
from reserves_gui.messages import render, say
from reserves_gui.progress import Progress
from reserves_gui.services.keeping import existing_store, read_time, shown_time
from reserves_gui.services.over_time import named_exchange
from reserves_gui.services.prices import GotPrices, Pricing, get_prices
from reserves_gui.services.probed import OpenDoor

__all__ = ["GotPrices", "PriceSeriesRequest", "price_series", "price_series_json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSeriesRequest:
    """Prices of ``assets`` (none: all that are kept) of one exchange from ``start`` to ``end`` (dates)."""

    exchange: str
    pricing: Pricing
    assets: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    db: str | None = None


def price_series(request: PriceSeriesRequest, progress: Progress, *, door: OpenDoor | None = None) -> GotPrices:
    """Ask for prices and keep them. Raises ``usage`` (dates, nothing kept), ``source.unusable``, ``store.*``."""
    first = 0 if request.start is None else read_time(request.start)
    last = 2**62 if request.end is None else read_time(request.end)
    if last < first:
        raise ReservesError(ErrorCode.USAGE, say("history.window"))
    wanted = _wanted(request, first, last)
    if not any(wanted.values()):
        raise ReservesError(ErrorCode.USAGE, say("prices.no_times"))
    return get_prices(request.pricing, wanted, progress, db=request.db, door=door)


def _wanted(request: PriceSeriesRequest, first: int, last: int) -> dict[str, tuple[int, ...]]:
    """Per asset the times of the snapshots that name it, and the last look of every UTC day."""
    opened = existing_store(request.db)
    if opened is None:
        raise ReservesError(ErrorCode.USAGE, say("history.no_exchange", exchange=request.exchange[:80]))
    with opened as store:
        name = named_exchange(store, request.exchange)
        known = store.assets(name)
        named = {one if one in known else one.upper() for one in request.assets}
        strange = next((one for one in sorted(named) if one not in known), None)
        if strange is not None:
            raise ReservesError(ErrorCode.USAGE, say("history.no_asset", asset=strange[:80], exchange=name))
        snapshots = store.snapshots(name)
        wanted = {}
        for asset in (one for one in known if not named or one in named):
            owed = [one.time for one in snapshots for figure in one.totals if figure.asset == asset]
            seen = {
                one.time // DAY: one.time
                for one in store.observations(name, asset, subject=LISTED, start=first, end=last)
            }
            times = {*seen.values(), *(one for one in owed if one is not None and first <= one <= last)}
            wanted[asset] = tuple(sorted(times))
    return wanted


def price_series_json(got: GotPrices) -> dict[str, Any]:
    """The object that ``history prices --json`` prints."""
    return {
        "schema": "reserves/prices/1",
        "prices": [
            {"asset": one.asset, "time": shown_time(one.time), "usd": stripped(one.usd), "source": one.source}
            for one in got.prices
        ],
        "refused": [
            {
                "asset": one.asset,
                "time": shown_time(one.time),
                "source": one.source,
                "code": one.error.code.value,
                "key": one.error.message.key,
                "text": render(one.error.message),
            }
            for one in got.refused
        ],
    }
