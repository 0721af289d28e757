"""What the Over time page asks of a store: hourly looks at one asset, with the history of others beside it or without."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reserves_gui.history.database import sqlite_url
from reserves_gui.history.figures import DAY, HOUR
from reserves_gui.history.records import StoredObservation
from reserves_gui.history.seen import LISTED
from reserves_gui.history.store import Store
from reserves_gui.services.keeping import shown_time
from reserves_gui.services.over_time import SeriesRequest, over_time
from tests.benchmarks.measuring import Table, median_of
from tests.history.year import EXCHANGE, SOURCES, START

pytestmark = pytest.mark.benchmark

_YEARS = 5
_END = START + _YEARS * 365 * DAY
_OTHERS = ("ETH",)


def _hourly(store: Store, exchange: str, asset: str) -> None:
    """The sum and one address by two sources, every hour."""
    for begin in range(START, _END, 30 * DAY):
        rows = [
            StoredObservation(
                exchange=exchange,
                chain="bitcoin",
                subject=subject,
                asset=asset,
                time=time,
                amount=f"{60_000 + time // HOUR % 977}.12345678",
                source=source,
                height=(time - START) // 600,
            )
            for time in range(begin, min(begin + 30 * DAY, _END), HOUR)
            for source in SOURCES
            for subject in (LISTED, "one")
        ]
        store.add_observations(rows)


def _asked(url: str, days: int) -> float:
    request = SeriesRequest(exchange=EXCHANGE, asset="BTC", start=shown_time(_END - days * DAY), db=url)
    return median_of(lambda: over_time(request, clock=lambda: _END), runs=3)


def test_a_chart_of_five_years_of_hours(table: Table, tmp_path: Path) -> None:
    alone, beside = (sqlite_url(tmp_path / name) for name in ("alone.sqlite", "beside.sqlite"))
    for url, others in ((alone, ()), (beside, _OTHERS)):
        with Store(url, clock=lambda: _END) as store:
            for asset in ("BTC", *others):
                _hourly(store, EXCHANGE, asset)
            if others:
                _hourly(store, "Southsea", "BTC")
    for days in (30, _YEARS * 365):
        what = f"over time, one asset of 5 years of hours, {days} days shown, other assets beside it"
        table.compare(what, _asked(beside, days), "alone in its store", _asked(alone, days))
    with Store(beside, clock=lambda: _END) as store:
        every = median_of(_reading(store, START), runs=3)
        for days in (30, 365):
            read = median_of(_reading(store, _END - days * DAY), runs=3)
            table.compare(f"looks of {days} days read", read, "of 5 years", every)
        names = median_of(lambda: (store.exchanges(), store.assets(EXCHANGE)), runs=5)
        table.compare("names of exchanges and assets", names, "looks of 5 years read", every)


def _reading(store: Store, start: int) -> Callable[[], object]:
    # Every question another one: what was read before is kept.
    starts = iter(range(start, start + HOUR))
    return lambda: store.observations(EXCHANGE, "BTC", subject=LISTED, start=next(starts))
