"""Watching: what is kept of a round, which alerts a run raises, and that calm days and dressed-up ones raise none."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reserves_gui.errors import Cancelled, ErrorCode, ReservesError
from reserves_gui.history.alerts import Level, Rule, Thresholds
from reserves_gui.history.database import sqlite_url
from reserves_gui.history.records import StoredObservation
from reserves_gui.history.seen import LISTED, TOLD, TRANSACTION
from reserves_gui.history.store import Store
from reserves_gui.progress import Progress
from reserves_gui.services.over_time import SeriesRequest, over_time
from reserves_gui.services.series_said import said
from reserves_gui.services.watch import Round, WatchRequest, watch, watch_round
from reserves_gui.services.watch_judging import open_alerts
from tests.chain.ledger import Facade, MemoryLedger
from tests.chain.servers import serving
from tests.history import year


class Days:
    """A store with the weeks up to a day, and rounds of watching from then on."""

    def __init__(self, folder: Path, days: int) -> None:
        self.folder = folder
        self.url = sqlite_url(folder / "watched.sqlite")
        with Store(self.url, clock=lambda: 1) as store:
            # What the rules look back on: thirty days and more.
            year.fill(store, days=days, first=max(0, days - 50))

    def watch(self, day: int, **changes: object) -> Round:
        sources = tuple(year.recorded(day, self.folder))
        plain = WatchRequest(exchange="northsea", sources=sources, db=self.url)
        return watch_round(replace(plain, **changes), Progress(), clock=lambda: year.at(day) + 60)

    def alerts(self, *days: int) -> list[tuple[int, Rule, Level]]:
        return [(day, one.rule, one.level) for day in days for one in self.watch(day).alerts]


@pytest.fixture
def since(tmp_path: Path) -> Callable[[int], Days]:
    return lambda days: Days(tmp_path, days)


def test_a_run_raises_the_alerts_of_the_rules_once_each(since: Callable[[int], Days]) -> None:
    days = since(year.RUN - 2)
    raised = days.alerts(*range(year.RUN - 2, year.RUN + 6))
    assert {(rule, level) for _, rule, level in raised if rule is not Rule.SNAPSHOT_AGE} == {
        (Rule.DROP_DAY, Level.WARNING),
        (Rule.DROP_WEEK, Level.WARNING),
        (Rule.OUTFLOW_Z, Level.WARNING),
        (Rule.DRAWDOWN, Level.WARNING),
    }
    assert max(Counter(raised).values()) == 1
    assert (year.RUN + 1, Rule.DROP_DAY, Level.WARNING) in raised
    with Store(days.url, clock=lambda: 1) as store:
        kept = [alert for _, alert in store.alerts("Northsea")]
        assert store.integrity() is None
    assert len(kept) == len(raised)
    drop = next(one for one in kept if one.rule is Rule.DROP_DAY)
    assert drop.figures["now"] == str(sum(year.balances()[year.RUN + 1].values()))
    assert drop.figures["sources"] == "file:one.csv, file:two.csv"


def test_an_alert_is_open_until_its_figure_fell_back_to_half_the_threshold(since: Callable[[int], Days]) -> None:
    days = since(year.RUN - 1)
    days.alerts(*range(year.RUN - 1, year.RUN + 4))

    def still_open() -> set[Rule]:
        with Store(days.url, clock=lambda: 1) as store:
            return {one.rule for one in open_alerts(store, "Northsea", Thresholds())}

    assert {Rule.DROP_DAY, Rule.OUTFLOW_Z, Rule.DRAWDOWN} <= still_open()
    days.alerts(*range(year.RUN + 4, year.RUN + 9))
    assert Rule.DROP_DAY not in still_open()
    assert {Rule.DRAWDOWN, Rule.DROP_WEEK} <= still_open()


def test_calm_days_raise_nothing(since: Callable[[int], Days]) -> None:
    assert since(150).alerts(*range(150, 158)) == []


def test_a_snapshot_that_is_dressed_up_is_no_run(since: Callable[[int], Days]) -> None:
    raised = since(year.DRESSED - 2).alerts(*range(year.DRESSED - 2, year.DRESSED + 4))
    assert [one for one in raised if one[1] is not Rule.SNAPSHOT_AGE] == []


def test_one_source_alone_never_raises_an_alert_about_the_exchange(since: Callable[[int], Days]) -> None:
    days = since(year.RUN - 1)
    for day in range(year.RUN - 1, year.RUN + 5):
        source = year.recorded(day, days.folder)[0]
        found = days.watch(day, sources=(source,))
        assert [one for one in found.alerts if one.rule is not Rule.SNAPSHOT_AGE] == []
        assert not found.assets[0].point.decided


def test_thresholds_are_the_users(since: Callable[[int], Days]) -> None:
    days = since(year.RUN - 1)
    changed = {
        "drop_day": "0.5",
        "drop_day_critical": "0.6",
        "drop_week": "0.9",
        "outflow_z": "1000",
        "drawdown": "0.9",
    }
    raised = [days.watch(day, thresholds=changed).alerts for day in range(year.RUN - 1, year.RUN + 5)]
    assert [one.rule for found in raised for one in found if one.rule is not Rule.SNAPSHOT_AGE] == []


def test_a_second_look_at_the_same_block_keeps_nothing(since: Callable[[int], Days]) -> None:
    days = since(100)
    assert days.watch(100).fresh
    with Store(days.url, clock=lambda: 1) as store:
        head = store.head()
    assert not days.watch(100).fresh
    with Store(days.url, clock=lambda: 1) as store:
        assert store.head() == head


def test_addresses_are_kept_when_their_figure_changes_and_sums_every_round(since: Callable[[int], Days]) -> None:
    days = since(100)
    for day in range(100, 104):
        days.watch(day)
    with Store(days.url, clock=lambda: 1) as store:
        rows = [one for one in store.observations("Northsea", "BTC") if one.source == "file:one.csv"]
    assert len([one for one in rows if one.subject == LISTED]) == 4
    held = [year.balances()[day][year.COLD] for day in range(100, 104)]
    assert len([one for one in rows if one.subject == year.COLD]) == len(set(held)) == 1
    assert {one.height for one in rows if one.subject == LISTED} == {100, 101, 102, 103}


def test_sources_that_fall_silent_are_an_alert_about_data(since: Callable[[int], Days]) -> None:
    days = since(100)
    silent = (f"file:{days.folder / 'gone.csv'}",)
    raised = []
    for day in range(100, 105):
        sources = (*year.recorded(day, days.folder), *silent)
        raised += [(day, one.rule, one.subject) for one in days.watch(day, sources=sources).alerts]
    assert raised == [(102, Rule.SOURCES, "file:gone.csv")]


TWO_CHAINS = {"ethereum": "0x" + "1" * 40, "tron": "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"}


def _on_chains(folder: Path, day: int, *chains: str) -> tuple[str, ...]:
    """Two files that tell of 5 USDT on each of the chains at one midnight."""
    lines = [f"{chain},{TWO_CHAINS[chain]},{day},USDT,5,{year.at(day)}" for chain in chains]
    found = []
    for name in ("one", "two"):
        path = folder / f"{name}.csv"
        path.write_text("\n".join(("chain,address,height,asset,amount,time", *lines)) + "\n", encoding="utf-8")
        found.append(f"file:{path}")
    return tuple(found)


def test_a_chain_that_nobody_tells_of_leaves_a_gap_and_never_a_smaller_sum(tmp_path: Path) -> None:
    """Half of the coins lie on a chain whose source was taken away: that is no run."""
    listed = tmp_path / "wallets.csv"
    rows = [f"{chain},USDT,{address},5" for chain, address in TWO_CHAINS.items()]
    listed.write_text("\n".join(("chain,asset,address,amount", *rows)) + "\n", encoding="utf-8")
    request = WatchRequest(files=(str(listed),), exchange="Northsea", db=sqlite_url(tmp_path / "s.sqlite"))
    seen, raised = [], []
    for day in range(8):
        sources = _on_chains(tmp_path, day, "ethereum", *(("tron",) if day < 3 else ()))
        now = year.at(day) + 60
        found = watch_round(replace(request, sources=sources), Progress(), clock=lambda now=now: now)
        (asset,) = found.assets
        seen.append((asset.point.amount, asset.point.missing))
        raised += found.alerts
    assert seen == [(10, ())] * 3 + [(None, ("tron",))] * 5
    assert raised == []
    told = over_time(SeriesRequest(exchange="Northsea", asset="USDT", db=request.db))
    assert told.points[-1].missing == ("tron",)
    assert any(one.message.key == "watch.unseen" for one in said(told))


def test_an_address_that_left_the_list_but_still_holds_is_named(since: Callable[[int], Days]) -> None:
    days = since(100)
    days.watch(100)
    with Store(days.url, clock=lambda: 1) as store:
        shorter = year.wallets(year.at(100) + 3600)
        store.add_list(replace(shorter, wallets=shorter.wallets[:2]))
    raised = [(one.rule, one.subject) for day in (101, 102, 103) for one in days.watch(day).alerts]
    assert raised == [(Rule.UNLISTED_HOLDING, year.HOT)]


def test_an_address_on_two_exchanges_lists_is_named(since: Callable[[int], Days]) -> None:
    days = since(100)
    with Store(days.url, clock=lambda: 1) as store:
        store.add_list(replace(year.wallets(year.at(99)), exchange="Southsea", wallets=year.wallets(1).wallets[:1]))
    raised = [(one.rule, one.subject) for day in (100, 101, 102) for one in days.watch(day).alerts]
    assert raised == [(Rule.SHARED_ADDRESS, year.COLD)]


def test_transactions_of_the_group_are_kept_and_a_large_one_is_told(tmp_path: Path) -> None:
    """Against servers: a transaction of a tenth of the reserve out of the list is told once."""
    ledger = MemoryLedger()
    ledger.mine((year.COLD, 1_000_000_000), (year.HOT, 500_000_000), count=20)
    listed = tmp_path / "wallets.csv"
    listed.write_text(
        f"chain,asset,address,amount\nbitcoin,BTC,{year.COLD},10\nbitcoin,BTC,{year.HOT},5\n", encoding="utf-8"
    )
    url = sqlite_url(tmp_path / "s.sqlite")
    raised = []
    with serving(Facade(ledger)) as one, serving(Facade(ledger)) as other:
        sources = (f"esplora+{one.url}", f"esplora+{other.url}")
        request = WatchRequest(files=(str(listed),), exchange="Northsea", sources=sources, db=url)
        first = watch_round(request, Progress(), clock=lambda: 2**33)
        for paid in (0, -200_000_000, 0, 0):
            ledger.mine(*([(year.HOT, paid)] if paid else []), count=3)
            found = watch_round(request, Progress(), clock=lambda: 2**33)
            raised += [alert.rule for alert in found.alerts]
    assert first.assets[0].point.decided
    with Store(url, clock=lambda: 1) as store:
        moves = [row for row in store.observations("Northsea", "BTC") if row.kind == TRANSACTION]
        assert store.integrity() is None
        told = [(row.amount, row.height) for row in store.observations("Northsea", "BTC") if row.kind == TOLD]
        parties = store.parties("Northsea", "BTC")
    assert [row.amount for row in moves] == ["-2"]
    # Every look but the first tells what moved since the one before, nothing moved included.
    assert [amount for amount, _ in told] == ["0", "-2", "0", "0"]
    assert [height for _, height in told] == sorted({height for _, height in told})
    assert [(one.address, one.amount) for one in parties] == [(year.HOT, "-2"), ("someone", "2")]
    assert {one.transaction_id for one in parties} == {row.subject for row in moves}
    assert raised.count(Rule.ONE_TRANSACTION) == 1


def test_watching_goes_on_until_it_is_stopped(since: Callable[[int], Days]) -> None:
    days = since(100)
    now, progress, seen = [year.at(100)], Progress(), []

    def pause(_seconds: float) -> None:
        now[0] += 600
        if len(seen) == 3:
            progress.cancel()

    request = WatchRequest(exchange="Northsea", sources=tuple(year.recorded(100, days.folder)), minutes=30, db=days.url)
    rounds = watch(request, progress, clock=lambda: now[0], sleep=pause)
    for _ in range(3):
        fresh = next(rounds).fresh
        seen.append((now[0], fresh))
    with pytest.raises(Cancelled):
        next(rounds)
    assert [time for time, _ in seen] == [year.at(100), year.at(100) + 1800, year.at(100) + 3600]
    assert [fresh for _, fresh in seen] == [True, False, False]


@pytest.mark.parametrize(
    "changes",
    [
        {"sources": ()},
        {"exchange": "Nobody"},
        {"exchange": None},
        {"thresholds": {"no_such": "1"}},
        {"thresholds": {"drop_day": "-1"}},
        {"thresholds": {"drop_day": "1/0"}},
    ],
)
def test_what_cannot_be_watched_is_refused(changes: dict[str, object], since: Callable[[int], Days]) -> None:
    with pytest.raises(ReservesError) as caught:
        since(10).watch(10, **changes)
    assert caught.value.code is ErrorCode.USAGE


def test_no_key_of_a_sources_path_gets_into_the_store(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    ledger.mine((year.COLD, 100), count=5)
    listed = tmp_path / "wallets.csv"
    listed.write_text(f"chain,asset,address,amount\nbitcoin,BTC,{year.COLD},1\n", encoding="utf-8")
    url = sqlite_url(tmp_path / "s.sqlite")
    with serving(Facade(ledger)) as one:
        request = WatchRequest(files=(str(listed),), exchange="E", sources=(f"esplora+{one.url}/k3yInThePath",), db=url)
        watch_round(request, Progress(), clock=lambda: 2**33)
    with Store(url, clock=lambda: 1) as store:
        rows: list[StoredObservation] = store.observations("E", "BTC")
        assert rows
        assert "k3yInThePath" not in json.dumps([dict(row) for _, row in store.dump()])
