"""A year of a made-up exchange, read back: series, coverage, flows, the dressed-up snapshot."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history.database import sqlite_url
from reserves_gui.history.records import StoredObservation
from reserves_gui.history.seen import LISTED
from reserves_gui.history.store import Store
from reserves_gui.services.over_time import OverTime, SeriesRequest, kept_exchanges, over_time
from reserves_gui.verdict import State
from tests.history import year


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with the year in it."""
    made = sqlite_url(tmp_path / "year.sqlite")
    with Store(made, clock=lambda: 1) as store:
        year.fill(store)
    return made


def _asked(url: str, **changes: str | None) -> OverTime:
    return over_time(replace(SeriesRequest(exchange="northsea", asset="btc", db=url), **changes))


def test_the_series_of_a_year_comes_back_with_its_snapshots(url: str) -> None:
    answer = _asked(url)
    assert (answer.exchange, answer.asset, answer.addresses) == ("Northsea", "BTC", 3)
    assert len(answer.points) == 365
    assert all(one.decided and len(one.sources) == 2 for one in answer.points)
    assert [one.snapshot for one in answer.owed] == ["day-120", "day-240"]
    assert [one.state for one in answer.coverage] == [State.VERIFIED, State.VERIFIED]
    assert answer.coverage[0].low == answer.coverage[0].high
    held = year.balances()[year.HONEST]
    assert answer.coverage[0].reserve.proven is not None
    assert answer.coverage[0].reserve.proven.low == held[year.COLD]
    assert kept_exchanges(url)[0].assets == ("BTC",)


def test_the_dressed_up_snapshot_is_found_and_the_honest_one_is_not_accused(url: str) -> None:
    honest, dressed = _asked(url).dressing
    assert (honest.snapshot, dressed.snapshot) == (year.at(year.HONEST), year.at(year.DRESSED))
    assert honest.result is not None
    assert dressed.result is not None
    assert (honest.result.unusual, dressed.result.unusual) == (False, True)
    assert dressed.result.tests == 2


def test_the_run_stands_out_in_the_daily_flows(url: str) -> None:
    run = [one.day for one in _asked(url).flows if one.net is not None and one.net < -5000]
    assert [year.at(year.RUN + day) for day in range(4)] == [day for day in run if day >= year.at(year.RUN)]


def test_a_window_cuts_everything_the_same_way(url: str) -> None:
    answer = _asked(url, start="2025-04-01", end="2025-06-01")
    assert [one.snapshot for one in answer.owed] == ["day-120"]
    assert len(answer.coverage) == len(answer.dressing) == 1
    assert answer.points[0].time == year.at(90)


def test_a_changed_list_splits_the_day_and_is_named(url: str) -> None:
    moment = year.at(200) - 3600
    with Store(url, clock=lambda: 1) as store:
        shorter = year.wallets(moment)
        store.add_list(replace(shorter, wallets=shorter.wallets[:2]))
    answer = _asked(url)
    (change,) = answer.changes
    assert (change.time, change.added, change.removed, change.addresses) == (moment, 0, 1, 2)
    (day,) = [one for one in answer.flows if one.change is not None]
    assert day.day == year.at(200)
    before, after = year.balances()[199], year.balances()[200]
    assert day.net == sum((after[one] - before[one] for one in (year.COLD, year.WARM)), Decimal(0))
    assert day.change is not None
    assert day.change.still_holding == (f"bitcoin:{year.HOT}",)


def _row(time: int, source: str, amount: str | None, chain: str = "bitcoin") -> StoredObservation:
    return StoredObservation(
        exchange="E", chain=chain, subject=LISTED, asset="BTC", time=time, amount=amount, source=source
    )


@pytest.fixture
def seen(tmp_path: Path) -> Callable[..., OverTime]:
    """The series over given rows of a store of its own."""

    def answer(*rows: StoredObservation) -> OverTime:
        made = sqlite_url(tmp_path / "rows.sqlite")
        with Store(made, clock=lambda: 1) as store:
            store.add_observations(rows)
        return over_time(SeriesRequest(exchange="E", asset="BTC", db=made))

    return answer


def test_sources_that_differ_give_an_interval_and_nothing_is_averaged(seen: Callable[..., OverTime]) -> None:
    (point,) = seen(_row(1, "https://a.example", "5"), _row(1, "https://b.example", "7")).points
    assert point.interval is not None
    assert (point.interval.low, point.interval.high, point.amount, point.decided) == (5, 7, None, False)


@pytest.mark.parametrize(
    ("sources", "decided"),
    [
        (("https://a.example", "https://b.example"), True),
        (("https://a.example", "https://api.a.example"), False),
        (("file:mine.csv",), False),
        (("http://127.0.0.1:3000",), True),
        (("evm-proof+https://a.example",), True),
    ],
)
def test_one_voice_alone_decides_nothing(
    sources: tuple[str, ...], decided: bool, seen: Callable[..., OverTime]
) -> None:
    (point,) = seen(*(_row(1, source, "5") for source in sources)).points
    assert point.decided is decided


def test_chains_add_up_and_one_that_was_not_reached_is_a_gap(seen: Callable[..., OverTime]) -> None:
    answer = seen(
        _row(1, "a", "5"),
        _row(1, "a", "1", "liquid"),
        _row(2, "a", "6"),
        _row(2, "a", None, "liquid"),
        _row(3, "a", "6"),
    )
    assert [one.amount for one in answer.points] == [6, None, None]
    assert [one.interval is None for one in answer.points] == [False, True, True]


@pytest.mark.parametrize(
    "changed",
    [{"exchange": "Nobody"}, {"asset": "XYZ"}, {"start": "soon"}, {"start": "2026-01-02", "end": "2026-01-01"}],
)
def test_what_is_not_kept_is_said(changed: dict[str, str], url: str) -> None:
    with pytest.raises(ReservesError) as caught:
        _asked(url, **changed)
    assert caught.value.code is ErrorCode.USAGE


def test_reading_makes_no_store() -> None:
    assert kept_exchanges() == ()
    with pytest.raises(ReservesError):
        over_time(SeriesRequest(exchange="E", asset="BTC"))
    assert kept_exchanges() == ()


def test_flows_over_the_usual_windows_and_signs_of_life(url: str) -> None:
    answer = _asked(url, end="2025-12-01")
    held = [sum(one.values()) for one in year.balances()]
    last = 334
    windows = {one.name: one for one in answer.derived.windows}
    assert {name: one.net for name, one in windows.items()} == {
        "24h": held[last] - held[last - 1],
        "7d": held[last] - held[last - 7],
        "30d": held[last] - held[last - 30],
        "snapshot": held[last] - held[year.DRESSED],
    }
    assert windows["24h"].share == Fraction(held[last] - held[last - 1]) / Fraction(held[last - 1])
    assert answer.derived.drawdown is not None
    assert answer.derived.drawdown > 0
    assert [count for count, _ in answer.derived.concentration] == [1, 5, 10]
    assert answer.derived.concentration[-1][1] == 1
    assert answer.derived.liquidity["bitcoin"].since_last is not None
