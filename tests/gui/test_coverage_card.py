"""Coverage and prices on the Wallets page: bars with words, sums in dollars, no price asked for without consent."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.host_question import HostQuestion
from reserves_gui.gui.dialogs.sources import SourcesDialog
from reserves_gui.gui.session import Page
from reserves_gui.gui.widgets.coverage_bar_view import CoverageBarView
from reserves_gui.gui.widgets.text import Prose, Value
from reserves_gui.gui.widgets.wallet_panel import WalletPanel
from reserves_gui.history.store import Store
from reserves_gui.services.keeping import store_url
from reserves_gui.services.verify import VerifyRequest
from reserves_gui.verdict import State
from tests.chain.price_servers import BITCOIN, Llama, Mempool
from tests.chain.servers import serving
from tests.encoders.keyed_tree import make
from tests.history import year

NOON = 1_793_404_800  # 2026-10-31


@pytest.fixture
def panel(program: Program, tmp_path: Path, qtbot: QtBot) -> WalletPanel:
    """A tree of 61,719.44 BTC of noon on the page beside, and a list of 62,000 BTC that two files have seen."""
    tree = tmp_path / "liabilities.csv"
    tree.write_bytes(make(3, 40, river=False).text())
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        program.session.run(VerifyRequest(files=(str(tree),)))
    owed = program.session.results[Page.LIABILITIES]
    dated = replace(owed.verdict, snapshot=replace(owed.verdict.snapshot, time="2026-10-31T00:00:00Z"))
    program.session.results[Page.LIABILITIES] = replace(owed, verdict=dated)
    listed = tmp_path / "wallets.csv"
    listed.write_text(
        f"chain,asset,address,amount\nbitcoin,BTC,{year.COLD},60000\nbitcoin,BTC,{year.WARM},2000\n", encoding="utf-8"
    )
    program.settings.sources = (_seen(tmp_path, "one"), _seen(tmp_path, "two"))
    shown = program.window.wallets.result
    with qtbot.waitSignal(shown.covering.covered, timeout=30_000):
        program.window.check((str(listed),))
    return shown


def _seen(folder: Path, name: str, cold: str = "60000") -> str:
    path = folder / f"{name}.csv"
    rows = [
        f"bitcoin,{address},{height},BTC,{amount},{when}\n"
        for height, when in ((700_000, NOON - 240), (710_000, NOON + 864_000))
        for address, amount in ((year.COLD, cold), (year.WARM, "2000"))
    ]
    path.write_text("chain,address,height,asset,amount,time\n" + "".join(rows), encoding="utf-8")
    return f"file:{path}"


def _look(panel: WalletPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignals([panel.look_up.seen, panel.covering.covered], timeout=30_000):
        qtbot.mouseClick(panel.look, Qt.MouseButton.LeftButton)
    # New widgets come up with the next turn of the event loop.
    qtbot.wait(20)


def _bars(panel: WalletPanel) -> list[CoverageBarView]:
    return [one for one in panel.assets.findChildren(CoverageBarView) if not one.isHidden()]


def _said(panel: WalletPanel) -> list[str]:
    return [one.plain for one in panel.assets.findChildren(Prose) if not one.isHidden()]


def _values(widget: object) -> list[str]:
    return [one.accessibleName() for one in widget.findChildren(Value) if not one.isHidden()]  # type: ignore[attr-defined]


def test_before_a_look_up_the_track_is_bare_and_says_why(panel: WalletPanel) -> None:
    (bar,) = _bars(panel)
    assert bar.model.empty
    assert bar.accessibleName() == "BTC, coverage undecided: —"
    assert any("Nothing was looked up on chain for BTC" in text for text in _said(panel))
    assert "BTC, Listed: 62000" in _values(panel.assets)
    assert "BTC, Owed, as stated: 61719.44360041" in _values(panel.assets)


def test_after_a_look_up_bar_percent_and_time_lag_stand_with_the_figures(panel: WalletPanel, qtbot: QtBot) -> None:
    _look(panel, qtbot)
    (bar,) = _bars(panel)
    assert bar.accessibleName() == "BTC, coverage verified: 100.45 %"
    assert bar.model.state is State.VERIFIED
    assert "Seen at block 700,000, 4 min earlier than the liabilities." in _said(panel)
    assert "bitcoin, block 700,000, 30 Oct 2026, 23:56 UTC" in _said(panel)
    values = _values(panel.assets)
    for figure in (
        "BTC, Listed: 62000",
        "BTC, Seen at snapshot: 62000",
        "BTC, Seen now: 62000",
        "BTC, Owed, as stated: 61719.44360041",
        "BTC, Looked at: 4 min earlier",
    ):
        assert figure in values
    assert panel.verdict is not None
    coverage = panel.verdict.claim("coverage")
    assert coverage is not None
    assert coverage.state is State.VERIFIED


def test_failed_coverage_is_marked_in_the_left_bar(
    program: Program, panel: WalletPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    program.settings.sources = (_seen(tmp_path, "one", "50000"), _seen(tmp_path, "two", "50000"))
    _look(panel, qtbot)
    (bar,) = _bars(panel)
    assert bar.accessibleName() == "BTC, coverage failed: 84.25 %"
    # The scale widens to what is shown.
    assert bar.model.scale.low < 84
    assert panel.claims.claims[0].state is State.FAILED


def test_liabilities_that_are_opened_later_are_held_against_the_list(
    program: Program, panel: WalletPanel, qtbot: QtBot
) -> None:
    owed = program.session.results.pop(Page.LIABILITIES)
    listed = program.session.results[Page.WALLETS]
    with qtbot.waitSignal(panel.covering.covered, timeout=30_000):
        program.window.wallets.show_result(listed)
    assert _bars(panel) == []
    program.session.results[Page.LIABILITIES] = owed
    with qtbot.waitSignal(panel.covering.covered, timeout=30_000):
        program.session.arrived.emit(owed)
    assert len(_bars(panel)) == 1


# Prices


def _answer(act: Callable[[HostQuestion], None], asked: list[str]) -> None:
    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, HostQuestion):
            asked.append(dialog.host)
            act(dialog)
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(0, look)


def _told(panel: WalletPanel) -> list[str]:
    return [one.plain for one in panel.usd.findChildren(Prose) if not one.isHidden()]


def test_offline_nobody_is_asked_for_prices_and_it_says_why(program: Program, panel: WalletPanel, qtbot: QtBot) -> None:
    with serving(Llama({BITCOIN: 60000})) as server:
        program.settings.price_sources = (server.url,)
        with qtbot.waitSignal(panel.prices.refused, timeout=10_000):
            panel.usd.ask.click()
        assert server.log == []
    assert panel.usd.told.isVisible()
    assert "window is offline" in panel.usd.told.plain
    assert f"127.0.0.1:{server.port}" in panel.usd.told.plain


def test_enter_at_the_host_question_asks_nobody(program: Program, panel: WalletPanel, qtbot: QtBot) -> None:
    program.network.set_online(True)
    asked: list[str] = []
    with serving(Llama({BITCOIN: 60000})) as server:
        program.settings.price_sources = (server.url,)
        _answer(lambda dialog: qtbot.keyClick(dialog, Qt.Key.Key_Return), asked)
        with qtbot.waitSignal(panel.prices.refused, timeout=10_000):
            panel.usd.ask.click()
        assert server.log == []
    assert asked == [f"127.0.0.1:{server.port}"]
    assert "was not asked" in panel.usd.told.plain


def test_allowed_hosts_tell_prices_that_are_shown_with_source_and_time_and_kept(
    program: Program, panel: WalletPanel, qtbot: QtBot
) -> None:
    _look(panel, qtbot)
    program.network.set_online(True)
    asked: list[str] = []

    def allow(dialog: HostQuestion) -> None:
        words = [one.plain for one in dialog.findChildren(Prose)]
        assert any("names of assets" in text for text in words)
        dialog.ask.click()

    with serving(Llama({BITCOIN: 60000})) as llama, serving(Mempool(62000, NOON)) as mempool:
        program.settings.price_sources = (llama.url, f"mempool+{mempool.url}/api")
        _answer(lambda first: (allow(first), _answer(allow, asked)), asked)  # type: ignore[arg-type, return-value]
        with qtbot.waitSignals([panel.prices.got, panel.covering.covered], timeout=30_000):
            panel.usd.ask.click()
        qtbot.wait(20)
        assert len(asked) == 2
        assert [one.path for one in llama.log] == [f"/prices/historical/{NOON}/coingecko:bitcoin"]
        assert len(program.network.hosts) == 2
    values = _values(panel.usd)
    assert "Seen: 3720000000.00" in values
    assert "Owed: 3703166616.02" in values
    assert "Without own tokens: 100.45 %" in values
    assert "Price of BTC: 60000 USD, 31 Oct 2026, 00:00 UTC" in values
    # The other one lies more than 2 % apart: both stand there.
    assert "Price of BTC: 62000 USD, 31 Oct 2026, 00:00 UTC" in values
    assert f"31 Oct 2026, 00:00 UTC, {llama.url}" in _told(panel)
    with Store(store_url(None), clock=lambda: 1) as store:
        assert {one.value for one in store.prices("BTC")} == {"60000", "62000"}


def test_a_stale_price_is_refused_with_the_reason(
    program: Program, panel: WalletPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "prices.csv"
    path.write_text(f"asset,time,price\nBTC,{NOON + 8 * 3600},60000\n", encoding="utf-8")
    program.settings.price_sources = (f"file:{path}",)
    with qtbot.waitSignals([panel.prices.got, panel.covering.covered], timeout=30_000):
        panel.usd.ask.click()
    qtbot.wait(20)
    assert any("8 hours away" in text for text in _told(panel))
    assert not any(one.startswith("Price of") for one in _values(panel.usd))


def test_price_sources_are_looked_over_before_they_are_kept(program: Program, qtbot: QtBot) -> None:
    dialog = SourcesDialog(program.window.context, program.window)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.prices.setPlainText("ftp://prices.example")
    dialog.keep.click()
    qtbot.waitUntil(dialog.problem.isVisible, timeout=10_000)
    assert program.settings.price_sources == ()
    dialog.prices.setPlainText("https://coins.llama.fi\n\nmempool+https://mempool.space/api")
    with qtbot.waitSignal(dialog.accepted, timeout=10_000):
        dialog.keep.click()
    assert program.settings.price_sources == ("https://coins.llama.fi", "mempool+https://mempool.space/api")
