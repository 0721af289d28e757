"""What follows from kept transactions: reserves widened by what can have moved, bounded headlines, named parties."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from reserves_gui.history.alerts import Rule, Thresholds
from reserves_gui.history.database import sqlite_url
from reserves_gui.history.figures import DAY, HOUR
from reserves_gui.history.records import StoredObservation, StoredParty
from reserves_gui.history.store import Store
from reserves_gui.progress import Progress
from reserves_gui.services.coverage import CoverageRequest, coverage
from reserves_gui.services.headline import HeadlineRequest, check_headline
from reserves_gui.services.keeping import shown_time
from reserves_gui.services.over_time import OverTime, SeriesRequest, over_time
from reserves_gui.services.watch_judging import judged
from reserves_gui.verdict import State
from reserves_gui.wallets import address_book
from tests.history import year
from tests.history.rows import look, move, party, told

BASE = 1_790_000_000 // DAY * DAY
LABELLED = next(address for chain, address in address_book.labelled("Binance") if chain == "bitcoin")


def _at(one: StoredObservation) -> StoredObservation:
    """The row as two sources have it, on days of our time."""
    return replace(one, time=BASE + one.time)


def _fill(url: str, rows: list[StoredObservation], parties: list[StoredParty] | None = None) -> None:
    both = [
        replace(_at(one), source=source)
        for one in rows
        for source in (year.SOURCES if one.kind == "point" else year.SOURCES[:1])
    ]
    kept = [replace(one, time=BASE + one.time) for one in parties or []]
    with Store(url, clock=lambda: 1) as store:
        wallets = year.wallets(BASE)
        store.add_list(wallets)
        store.add_observations(both, kept)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(tmp_path / "kept.sqlite")


def _snapshot(url: str, hour: float, amount: str) -> None:
    with Store(url, clock=lambda: 1) as store:
        store.add_snapshot(replace(year.snapshot(1, amount), time=BASE + round(hour * HOUR)))


def _series(url: str, **changes: str) -> OverTime:
    return over_time(SeriesRequest(exchange="Northsea", asset="BTC", db=url, **changes), clock=lambda: BASE + 9 * HOUR)


LATE = [look(1, "100"), look(6, "102"), told(6, "2"), move(3, "a", "5"), move(4, "b", "-3")]


@pytest.mark.parametrize(("owed", "state"), [("94", State.VERIFIED), ("95", State.UNDECIDED), ("111", State.FAILED)])
def test_reserves_seen_hours_apart_are_widened_by_the_gross_flow_in_between(url: str, owed: str, state: State) -> None:
    _fill(url, LATE)
    _snapshot(url, 3.6, owed)
    (answer,) = _series(url).coverage
    # Seen 2.4 h after the liabilities were counted; 5 came in and 3 went out since the look before.
    assert answer.lag == round(2.4 * HOUR)
    assert answer.state is state
    assert answer.high == Fraction(110, int(owed))
    from_store = coverage(CoverageRequest(exchange="Northsea", db=url), Progress())
    assert (from_store.lines[0].answer.low, from_store.lines[0].answer.high) == (answer.low, answer.high)
    assert [(one.key, one.args["amount"]) for one in answer.notes] == [("coverage.widened", "8")]


def test_without_all_transactions_the_usual_day_widens_instead(url: str) -> None:
    days = [look(24 * day, str(100 + day % 2)) for day in range(-60, 0)]
    _fill(url, [*days, *(one for one in LATE if one.kind != "told")])
    _snapshot(url, 3.6, "94")
    (answer,) = _series(url).coverage
    assert [one.args["amount"] for one in answer.notes] == ["1"]


def test_with_neither_nothing_is_widened_and_that_is_said(url: str) -> None:
    _fill(url, [one for one in LATE if one.kind == "point"])
    _snapshot(url, 3.6, "94")
    assert [one.key for one in _series(url).coverage[0].notes] == ["coverage.flow_unknown"]


def test_gross_flows_are_called_whole_only_where_they_explain_the_balance(url: str) -> None:
    rows = [look(0, "100"), look(24, "102"), told(24, "2"), move(3, "a", "5"), move(4, "b", "-3")]
    _fill(url, rows)
    (day,) = [one for one in _series(url).derived.windows if one.name == "24h"]
    assert day.gross is not None
    assert (day.gross.inward, day.gross.outward, day.net, day.whole) == (5, 3, 2, True)
    with Store(url, clock=lambda: 1) as store:
        store.add_observations([_at(look(48, "103")), _at(move(30, "c", "4"))])
    (day,) = [one for one in _series(url).derived.windows if one.name == "24h"]
    assert day.gross is not None
    assert (day.gross.inward, day.net, day.whole) == (4, 1, False)


def _claim(url: str, amount: str, reading: str) -> tuple[State, list[str]]:
    answer = check_headline(
        HeadlineRequest(
            exchange="Northsea",
            asset="BTC",
            amount=amount,
            start=shown_time(BASE),
            end=shown_time(BASE + DAY),
            reading=reading,
            db=url,
        )
    )
    (found,) = [one for one in answer.readings if one.reading == reading]
    return found.state, [one.key for one in found.reasons]


def test_more_than_was_there_and_came_in_cannot_have_gone_out(url: str) -> None:
    rows = [look(0, "100"), look(24, "97"), told(24, "-3"), move(3, "a", "5"), move(4, "b", "-8")]
    _fill(url, rows)
    assert _claim(url, "106", "out") == (State.FAILED, ["headline.more_than_passed"])
    assert _claim(url, "105", "out")[0] is State.UNDECIDED
    assert _claim(url, "8", "out")[0] is State.VERIFIED


def test_where_transactions_may_be_missing_nothing_bounds_what_went_out(url: str) -> None:
    rows = [look(0, "100"), look(24, "97"), move(3, "a", "5"), move(4, "b", "-8")]
    _fill(url, rows)
    assert _claim(url, "1000", "out")[0] is State.UNDECIDED
    assert _claim(url, "8", "out")[0] is State.VERIFIED


def _dressed(url: str) -> None:
    """A loan the day before a snapshot, given back the day after, by an address that the book labels."""
    days = [look(24 * day, "109" if 60 <= day <= 61 else str(100 + day % 3)) for day in range(121)]
    moves = [move(24 * 60, "in", "9"), move(24 * 62, "out", "-9")]
    parties = [
        party(24 * 60, "in", LABELLED, "-9"),
        party(24 * 60, "in", year.COLD, "9"),
        party(24 * 62, "out", year.COLD, "-9"),
        party(24 * 62, "out", "bc1qsomebody", "9"),
    ]
    _fill(url, [*days, *moves], parties)
    with Store(url, clock=lambda: 1) as store:
        store.add_list(
            replace(
                year.wallets(BASE),
                exchange="Southsea",
                wallets=(replace(year.wallets(0).wallets[0], address="bc1qsomebody"),),
            )
        )
    _snapshot(url, 24 * 61, "100")


def test_the_counterparties_around_a_snapshot_are_named_with_their_labels(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _dressed(url)
    (test,) = _series(url).dressing
    assert test.result is not None
    assert test.result.unusual
    assert test.result.excess == 8
    assert test.before is not None
    assert test.after is not None
    assert [(one.address, one.amount, one.labels, one.listed_by) for one in test.before] == [
        (LABELLED, 9, ("binance",), ())
    ]
    assert [(one.address, one.amount, one.labels, one.listed_by) for one in test.after] == [
        ("bc1qsomebody", -9, (), ("Southsea",))
    ]
    assert main(["history", "series", "--exchange", "Northsea", "--asset", "BTC", "--db", url]) == 0
    shown = capsys.readouterr().out
    assert f"48 hours before: at most 9 BTC came from {LABELLED}, labelled as binance, third party." in shown
    assert "48 hours after: at most 9 BTC went to bc1qsomebody, which Southsea lists." in shown
    assert "+8 BTC against the median of the two weeks around it." in shown
    main(["history", "series", "--exchange", "Northsea", "--asset", "BTC", "--db", url, "--json"])
    (said,) = json.loads(capsys.readouterr().out)["dressing"]
    assert said["counterparties_before"][0]["labels"] == ["binance"]
    assert said["excess"] == "8"


def test_where_no_transactions_were_kept_nobody_is_named_and_that_is_said(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _fill(url, [look(24 * day, "100") for day in range(10)])
    _snapshot(url, 24 * 5, "100")
    (test,) = _series(url).dressing
    assert (test.before, test.after) == (None, None)
    main(["history", "series", "--exchange", "Northsea", "--asset", "BTC", "--db", url])
    assert "nobody can be named" in capsys.readouterr().out


def test_an_asset_on_several_chains_is_told_for_each_and_together(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Three coins moved from one chain to the other, and one left."""
    _fill(url, [look(0, "100"), look(24, "96"), look(0, "5", "liquid"), look(24, "8", "liquid")])
    (day,) = [one for one in _series(url).derived.windows if one.name == "24h"]
    assert (day.net, dict(day.chains)) == (-1, {"bitcoin": -4, "liquid": 3})
    main(["history", "series", "--exchange", "Northsea", "--asset", "BTC", "--db", url])
    assert "By chain: bitcoin -4, liquid 3." in capsys.readouterr().out


def test_single_addresses_are_those_of_the_newest_list(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    held = [
        replace(look(hour, amount), subject=address)
        for address, amount, hour in ((year.COLD, "60", 0), (year.WARM, "30", 0), (year.HOT, "10", 0))
    ]
    _fill(url, [look(0, "100"), look(24, "96"), *held])
    with Store(url, clock=lambda: 1) as store:
        fewer = year.wallets(BASE + 12 * HOUR)
        store.add_list(replace(fewer, wallets=fewer.wallets[:2]))
    found = _series(url)
    assert dict(found.derived.concentration)[1] == Fraction(60, 90)
    assert found.shares is not None
    assert found.shares.missing == ("BTC",)
    assert found.age == 0
    main(["history", "series", "--exchange", "Northsea", "--asset", "BTC", "--db", url])
    assert "66.67 % of what is listed lies on the largest address" in capsys.readouterr().out


def _refilled(url: str) -> None:
    """Nine days of a hot wallet that holds as much at every look, and pays a large withdrawal in between."""
    hours = range(6, 9 * 24 + 1, 6)
    looks = [look(hour, "1000") for hour in (0, *hours)]
    held = [replace(one, subject=name, amount=amount) for one in looks for name, amount in HELD]
    moves = [move(hour - at, f"out{hour}-{at}", "-3") for hour in hours for at in range(6)]
    parties = [party(hour, f"out{hour}-0", address, amount) for hour in hours for address, amount in PAID]
    _fill(url, [*looks, *held, *moves], parties)


HELD = ((year.HOT, "30"), (year.COLD, "970"))
PAID = ((year.HOT, "-3"), ("bc1qsomebody", "3"))


def test_a_hot_wallet_that_is_filled_up_again_is_told_with_what_tells_it(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _refilled(url)
    life = _series(url).derived.liquidity["bitcoin"]
    assert (life.wallets, life.hot, life.cold, life.rate, life.hours_covered) == (1, 30, 970, 3, 10)
    asked = ["history", "series", "--exchange", "Northsea", "--asset", "BTC", "--db", url]
    main(asked)
    shown = capsys.readouterr().out
    assert "wallets that pay out every day hold 30 BTC, the others 970: 10.0 h of the usual outflow of 3" in shown
    assert "by the transactions that were taken apart, and balances that fell between two looks" in shown
    assert "Outflow: by the transactions that were kept; some are missing." in shown
    main([*asked, "--json"])
    (said,) = json.loads(capsys.readouterr().out)["derived"]["liquidity"].values()
    assert (said["hot_wallets"], said["hot_recognised_by"], said["outflow_measured_by"]) == (
        1,
        "some_transactions",
        "some_transactions",
    )


def test_the_rule_about_hot_wallets_reads_the_kept_transactions(url: str) -> None:
    _refilled(url)
    with Store(url, clock=lambda: 1) as store:
        newest = max(one.time for one in store.observations("Northsea", "BTC"))
        fired = judged(store, "Northsea", newest, Thresholds(), Progress())
    (alert,) = [one for one in fired if one.rule is Rule.HOT_HOURS]
    assert (alert.value, alert.figures["hot"], alert.figures["recognised_by"]) == ("10.0", "30", "some_transactions")


def test_where_only_balances_are_known_no_wallet_is_called_hot_without_saying_why(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    looks = [look(24 * day, "1000") for day in range(9)]
    _fill(url, [*looks, *(replace(one, subject=name, amount=amount) for one in looks for name, amount in HELD)])
    main(["history", "series", "--exchange", "Northsea", "--asset", "BTC", "--db", url])
    shown = capsys.readouterr().out
    assert "no wallet is known to pay out every day; what is listed there holds 1000 BTC" in shown
    assert "goes unnoticed" in shown
