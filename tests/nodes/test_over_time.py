"""An exchange's months on a real chain, loaded, watched and charted: by the command line and in the window.

Every figure is held against the book that the exchange's own side of the story keeps.
"""

import contextlib
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from reserves_gui.cli.main import main
from reserves_gui.gui.app import Program
from reserves_gui.gui.session import Page
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.history.database import sqlite_url
from reserves_gui.services.keeping import read_time, shown_time
from tests.chain.ledger import Facade
from tests.chain.servers import serving
from tests.gui.conftest import program  # noqa: F401 - the window with its real engine
from tests.nodes import living_exchange as living
from tests.nodes.bitcoin_chain import BitcoinChain
from tests.nodes.living_exchange import LivingExchange
from tests.nodes.starting import need, nodes

pytestmark = pytest.mark.nodes
_OWED = {living.HONEST: "570", living.DRESSED: "640"}


@dataclass
class Told:
    """What the product said on the way, and where it keeps it."""

    life: LivingExchange
    url: str
    filled: dict[str, Any] = field(default_factory=dict)
    again: dict[str, Any] = field(default_factory=dict)
    rounds: list[dict[str, Any]] = field(default_factory=list)


def _ask(*words: str) -> dict[str, Any]:
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        code = main([*words, "--json"])
    return {"exit": code, **json.loads(shown.getvalue().strip().splitlines()[-1])}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The first months are asked for afterwards, the last two weeks are watched day by day."""
    need("bcoin")
    folder = tmp_path_factory.mktemp("life")
    with pytest.MonkeyPatch.context() as patch, nodes.bcoin() as node:
        patch.delenv("RESERVES_OFFLINE", raising=False)
        patch.setenv("RESERVES_DATA", str(folder / "data"))
        chain = BitcoinChain(node)
        life = LivingExchange(chain)
        found = Told(life, sqlite_url(folder / "life.sqlite"))
        patch.setenv("RESERVES_DB", found.url)
        for day in _OWED:
            _keep(folder, "Northsea", day, _liabilities(folder, day))
        _keep(folder, "Northsea", 0, _list(folder, "northsea", *(one.address for one in life.listed)))
        _keep(folder, "Southsea", 0, _list(folder, "southsea", life.lender.address))
        life.live(living.LAST_FILLED + 1)
        with serving(Facade(chain)) as one, serving(Facade(chain, summary=False)) as other:
            sources = [word for url in (one.url, other.url) for word in ("--source", f"bitcoin=esplora+{url}")]
            span = ("--from", shown_time(life.moment(0)), "--to", shown_time(life.moment(living.LAST_FILLED)))
            words = ("history", "fill", "--exchange", "Northsea", *span, *sources)
            found.filled, found.again = _ask(*words), _ask(*words)
            for _ in range(living.LAST_FILLED + 1, living.END):
                life.live(1)
                found.rounds.append(_ask("watch", "--exchange", "Northsea", "--once", *sources))
        yield found


@pytest.fixture(autouse=True)
def _same_store(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESERVES_DB", told.url)


def _keep(folder: Path, exchange: str, day: int, file: Path) -> None:
    time = shown_time(LivingExchange.moment(day))
    assert _ask("history", "add", str(file), "--exchange", exchange, "--time", time)["exit"] in (0, 3)


def _liabilities(folder: Path, day: int) -> Path:
    """A whole list of what customers are owed."""
    owed, users = Decimal(_OWED[day]), 20
    lines = [f"{hashlib.sha256(b'%d' % one).hexdigest()},BTC,{owed / users}" for one in range(users)]
    path = folder / f"owed{day}.csv"
    path.write_text("\n".join(("Client_ID,Coin,Balance", *lines)) + "\n", encoding="utf-8")
    return path


def _list(folder: Path, name: str, *addresses: str) -> Path:
    path = folder / f"{name}.csv"
    lines = [f"bitcoin,BTC,{one}," for one in addresses]
    path.write_text("\n".join(("chain,asset,address,amount", *lines)) + "\n", encoding="utf-8")
    return path


def _series(*more: str) -> dict[str, Any]:
    return _ask("history", "series", "--exchange", "northsea", "--asset", "btc", *more)


def _coins(satoshi: int) -> Decimal:
    return Decimal(satoshi) / living.COIN


def test_every_figure_of_the_filled_months_is_that_of_the_book(told: Told) -> None:
    assert told.filled["exit"] == 0
    assert len(told.filled["kept"]) >= 145
    assert (told.again["kept"], told.again["before"]) == ([], len(told.filled["kept"]))
    points = _series()["reserves"]
    assert len(points) == len(told.filled["kept"]) + len(told.rounds)
    for one in points:
        held = sum(told.life.book[one["heights"]["bitcoin"]].values())
        assert Decimal(one["low"]) == Decimal(one["high"]) == _coins(held)
        assert one["agreed"] is True


def test_moves_inside_the_exchange_are_no_flow(told: Told) -> None:
    """In, out and net of every window are those of the book, to the last satoshi: inside, only the fee goes out."""
    assert told.life.inside > 40
    found = _series()
    heights = {one["time"]: one["heights"]["bitcoin"] for one in found["reserves"]}
    windows = {one["name"]: one for one in found["derived"]["windows"]}
    assert {"24h", "7d", "30d", "snapshot"} <= windows.keys()
    for one in windows.values():
        between = range(heights[one["from"]] + 1, heights[one["to"]] + 1)
        moves = [move for height in between for move in told.life.moves[height]]
        assert one["gross_complete"] is True
        assert Decimal(one["gross_in"]) == _coins(sum(move for move in moves if move > 0))
        assert Decimal(one["gross_out"]) == _coins(-sum(move for move in moves if move < 0))
        assert Decimal(one["net"]) == _coins(sum(moves))


def test_the_dressed_snapshot_is_found_and_the_honest_one_is_not_accused(told: Told) -> None:
    honest, dressed = _series()["dressing"]
    assert (honest["snapshot"], dressed["snapshot"]) == tuple(shown_time(told.life.moment(day)) for day in _OWED)
    assert (honest["tested"], honest["unusual"]) == (True, False)
    assert Fraction(honest["p_corrected"]) > Fraction(5, 100)
    assert (dressed["tested"], dressed["unusual"]) == (True, True)
    assert dressed["placebos"] >= 100
    assert Fraction(dressed["p"]) == Fraction(1, 1 + dressed["placebos"])
    assert Fraction(dressed["p_corrected"]) == 2 * Fraction(dressed["p"])
    assert 8 < float(dressed["bump_percent"]) < 10
    assert 55 < float(dressed["excess"]) < 65


def test_the_lender_is_the_largest_counterparty_on_both_sides(told: Told) -> None:
    _, dressed = _series()["dressing"]
    for name, sign in (("counterparties_before", 1), ("counterparties_after", -1)):
        largest = dressed[name][0]
        assert largest["address"] == told.life.lender.address
        assert largest["listed_by"] == ["Southsea"]
        assert largest["transactions"] == 1
        assert abs(Decimal(largest["amount"]) - sign * _coins(living.LOAN)) <= _coins(living.FEE)
        assert told.life.customers.address in {one["address"] for one in dressed[name][1:]}
        assert not {one["address"] for one in dressed[name]} & {one.address for one in told.life.listed}


def test_coverage_at_the_snapshots_is_what_was_seen_on_the_chain(told: Told) -> None:
    honest = _ask("coverage", "--exchange", "Northsea", "--to", shown_time(told.life.moment(living.HONEST + 1)))
    dressed = _ask("coverage", "--exchange", "Northsea")
    for answer, day in ((honest, living.HONEST), (dressed, living.DRESSED)):
        assert (answer["exit"], answer["verdict"]) == (0, "verified")
        asset = answer["coverage"]["BTC"]
        assert asset["liabilities"]["stated"] == _OWED[day]
        held = told.life.book[asset["reserves"]["height"]]
        assert Decimal(asset["reserves"]["seen"]["low"]) == _coins(sum(held.values()))
        assert abs(asset["lag_seconds"]) <= living.DAY // 2


def test_the_run_raises_each_alert_of_the_rules_once(told: Told) -> None:
    calm, run = told.rounds[: living.RUN - living.LAST_FILLED - 1], told.rounds[living.RUN - living.LAST_FILLED - 1 :]
    assert [alert["rule"] for one in calm for alert in one["alerts"]] == []
    raised = [(alert["rule"], alert["level"]) for one in run for alert in one["alerts"]]
    assert Counter(raised) == Counter(
        {
            ("drop_day", "warning"): 1,
            ("drop_day", "critical"): 1,
            ("drop_week", "warning"): 1,
            ("outflow_z", "warning"): 1,
            ("drawdown", "warning"): 1,
            ("one_transaction", "notice"): 1,
            ("snapshot_age", "notice"): 1,
        }
    )
    assert [alert["rule"] for alert in _series()["alerts"]].count("drop_day") == 2


def test_an_alert_names_figures_that_stand_in_the_book(told: Told) -> None:
    alerts = {(one["rule"], one["level"]): one for one in _series()["alerts"]}
    drop = alerts["drop_day", "critical"]
    at = next(one for one in told.rounds if one["time"] == drop["time"])
    height = at["assets"]["BTC"]["heights"]["bitcoin"]
    assert Decimal(drop["figures"]["now"]) == _coins(sum(told.life.book[height].values()))
    assert Decimal(drop["figures"]["day_before"]) == _coins(sum(told.life.book[height - 2].values()))
    largest = alerts["one_transaction", "notice"]["figures"]
    assert -_satoshi(largest["amount"]) in {move for moves in told.life.moves.values() for move in moves}


def _satoshi(coins: str) -> int:
    return int(Decimal(coins) * living.COIN)


def test_the_window_charts_the_same_store(told: Told, program: Program, qtbot: QtBot) -> None:  # noqa: F811
    page = program.window.over_time
    page.choose("Northsea")
    program.window.go_to(Page.OVER_TIME)
    qtbot.waitUntil(lambda: page.view.chart is not None, timeout=20_000)
    assert page.exchange.currentText() == "Northsea"
    assert len([one for one in page.view.chart.reserves if one.at is not None]) == len(_series()["reserves"])
    assert len(page.view.chart.owed) == 2
    # By keyboard to the newest round.
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_End)
    words = program.window.context.words
    newest = _series()["reserves"][-1]
    assert f"{words.amount(newest['low'])} BTC" in page.view.reading
    assert read_time(newest["time"])
    # What follows is said: flows, the tests with their p, the lender with the list that names it.
    said = {name: " ".join(one.plain for one in card.findChildren(Prose)) for name, card in page.said.cards.items()}
    assert "24 hours" in said["flows"]
    assert "Southsea" in said["tests"]
    assert told.life.lender.address in said["tests"]
    # Alerts are listed, and the left bar counts those that are still open.
    lines = " ".join(one.plain for one in page.alerts.findChildren(Prose))
    assert "BTC: reserves fell by" in lines
    still_open = sum(one["open"] for one in _series()["alerts"])
    assert still_open > 0
    assert program.window.side.navigation.pages.entry(3).number == still_open
