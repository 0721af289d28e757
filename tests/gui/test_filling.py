"""The past of listed wallets loaded from the window: asked for first, kept round by round, stopped at any time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.fill import FillDialog
from reserves_gui.gui.pages.over_time import OverTimePage
from reserves_gui.gui.session import Page
from reserves_gui.history.figures import DAY
from reserves_gui.progress import Progress
from reserves_gui.services.history_add import AddRequest, add_to_history
from reserves_gui.services.keeping import open_store
from tests.chain.ledger import Facade, MemoryLedger
from tests.chain.servers import Server, serving
from tests.gui.states import answer_host
from tests.history.year import COLD

# The chain's first days; a day is four blocks.
FIRST, LAST = "2022-11-20", "2022-12-09"


@pytest.fixture
def server() -> Iterator[Server]:
    """A chain on which one address is paid a coin a day."""
    ledger = MemoryLedger(spacing=DAY // 4)
    ledger.mine(count=20)
    for _ in range(30):
        ledger.mine((COLD, 10**8), count=4)
    with serving(Facade(ledger)) as found:
        yield found


@pytest.fixture
def page(program: Program, tmp_path: Path, qtbot: QtBot, server: Server) -> OverTimePage:
    """A wallet list of Northsea is kept, and nothing else."""
    listed = tmp_path / "list.csv"
    listed.write_text(f"chain,asset,address,amount\nbitcoin,BTC,{COLD},4\n", encoding="utf-8")
    add_to_history(AddRequest(files=(str(listed),), exchange="Northsea", time="2022-12-31"), Progress())
    program.settings.sources = (f"bitcoin=esplora+{server.url}",)
    program.window.go_to(Page.OVER_TIME)
    shown = program.window.over_time
    qtbot.waitUntil(lambda: shown.exchange.currentText() == "Northsea", timeout=20_000)
    return shown


def _typed(**texts: str) -> None:
    """Fill in the dialog that comes, and load."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, FillDialog):
            QTimer.singleShot(20, look)
            return
        for name, text in texts.items():
            dialog.fields[name].setText(text)
        dialog.load.click()
        if dialog.isVisible():
            assert dialog.problem.plain
            dialog.reject()

    QTimer.singleShot(0, look)


def _rounds() -> int:
    with open_store(None) as store:
        return store.rounds("Northsea", "BTC")


def test_the_past_is_loaded_and_charted_once_the_host_may_be_asked(
    program: Program, page: OverTimePage, server: Server, qtbot: QtBot
) -> None:
    program.network.set_online(True)
    asked: list[str] = []
    answer_host(lambda dialog: dialog.ask.click(), asked)
    _typed(start=FIRST, end=LAST)
    page.alerts.fill.click()
    qtbot.waitUntil(lambda: "Northsea: 20 rounds kept" in page.alerts.filled.plain, timeout=60_000)
    assert asked == [server.url.removeprefix("http://")]
    assert _rounds() == 20
    qtbot.waitUntil(lambda: page.view.chart is not None and len(page.view.chart.reserves) == 20, timeout=20_000)
    # Once more: nothing is asked of any address.
    before = len(server.log)
    _typed(start=FIRST, end=LAST)
    answer_host(lambda dialog: dialog.ask.click(), asked)
    page.alerts.fill.click()
    qtbot.waitUntil(lambda: "20 rounds of that time were kept before" in page.alerts.filled.plain, timeout=60_000)
    assert not any("/address" in one.path for one in server.log[before:])


def test_offline_nobody_is_asked_and_the_card_says_whom_it_would_be(
    page: OverTimePage, server: Server, qtbot: QtBot
) -> None:
    _typed(start=FIRST, end=LAST)
    page.alerts.fill.click()
    qtbot.waitUntil(lambda: server.url.removeprefix("http://") in page.alerts.filled.plain, timeout=20_000)
    assert server.log == []
    assert _rounds() == 0


def test_a_time_that_cannot_be_used_is_said_in_the_dialog(page: OverTimePage, server: Server) -> None:
    for texts in ({"start": "someday"}, {"hours": "0"}, {"start": LAST, "end": FIRST}):
        _typed(**texts)
        page.alerts.fill.click()
    assert server.log == []


def test_without_sources_the_card_says_what_is_missing(program: Program, page: OverTimePage) -> None:
    program.settings.sources = ()
    page.alerts.fill.click()
    assert "No source is chosen" in page.alerts.filled.plain


def test_going_offline_ends_it_and_what_was_kept_stays(program: Program, page: OverTimePage, qtbot: QtBot) -> None:
    program.network.set_online(True)
    answer_host(lambda dialog: dialog.ask.click(), [])
    _typed(start=FIRST, end=LAST)
    page.alerts.fill.click()
    qtbot.waitUntil(lambda: _rounds() > 2, timeout=60_000)
    with qtbot.waitSignal(program.jobs.finished, timeout=20_000):
        program.network.set_online(False)
    kept = _rounds()
    assert 2 < kept < 20
    qtbot.waitUntil(lambda: page.view.chart is not None and len(page.view.chart.reserves) == kept, timeout=20_000)
