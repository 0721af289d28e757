"""Watching from the window: off by default, nothing asked while offline, alerts by the user's own thresholds."""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.host_question import HostQuestion
from reserves_gui.gui.dialogs.notice import Notice
from reserves_gui.gui.dialogs.thresholds import ThresholdsDialog
from reserves_gui.gui.dialogs.watching import ClosingDialog
from reserves_gui.gui.pages.over_time import OverTimePage
from reserves_gui.gui.session import Page
from reserves_gui.progress import Progress
from reserves_gui.services.history_add import AddRequest, add_to_history
from reserves_gui.services.keeping import open_store
from tests.chain.price_servers import BITCOIN, Llama
from tests.chain.servers import serving
from tests.gui.made_year import keep_year
from tests.gui.test_wallets_page import ALICE, _recorded
from tests.history import year


@pytest.fixture
def page(program: Program, tmp_path: Path, qtbot: QtBot) -> OverTimePage:
    """The page with a year and a wallet list of Northsea in the store."""
    keep_year(tmp_path)
    listed = tmp_path / "list.csv"
    listed.write_text(f"chain,asset,address,amount\nbitcoin,BTC,{ALICE},4\n", encoding="utf-8")
    add_to_history(AddRequest(files=(str(listed),), exchange="Northsea", time="2026-10-27"), Progress())
    program.window.go_to(Page.OVER_TIME)
    shown = program.window.over_time
    qtbot.waitUntil(lambda: shown.view.chart is not None, timeout=20_000)
    return shown


def test_nothing_is_watched_until_it_is_turned_on(page: OverTimePage) -> None:
    assert page.watching.exchange == ""
    assert not page.watching.in_tray


def test_without_sources_it_says_so_and_stays_off(page: OverTimePage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.alerts.watch, Qt.MouseButton.LeftButton)
    assert page.watching.exchange == ""
    assert "No source" in page.alerts.watched.plain


def test_while_offline_no_host_is_asked(program: Program, page: OverTimePage, qtbot: QtBot) -> None:
    program.settings.sources = ("https://blocks.example/api",)
    with qtbot.waitSignal(page.watching.stopped, timeout=20_000):
        page.flip_watching()
    assert "blocks.example" in page.alerts.watched.plain
    assert program.network.hosts == ()


def test_a_round_is_kept_and_told(program: Program, page: OverTimePage, tmp_path: Path, qtbot: QtBot) -> None:
    program.settings.sources = (_recorded(tmp_path, "seen.csv", f"bitcoin,{ALICE},900,BTC,3.5"),)
    with qtbot.waitSignal(page.watching.looked, timeout=20_000) as caught:
        page.flip_watching()
    made = caught.args[0]
    assert made.exchange == "Northsea"
    assert made.addresses == 1
    assert "Watching Northsea" in page.alerts.watched.plain
    page.flip_watching()
    assert page.watching.exchange == ""


# Prices


def _answer(act: Callable[[HostQuestion], None]) -> None:
    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, HostQuestion):
            act(dialog)
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(0, look)


@pytest.mark.parametrize("allowed", [True, False])
def test_prices_are_asked_only_of_hosts_that_the_user_lets_be_asked(
    program: Program, page: OverTimePage, tmp_path: Path, qtbot: QtBot, allowed: bool
) -> None:
    program.settings.sources = (_recorded(tmp_path, "seen.csv", f"bitcoin,{ALICE},900,BTC,3.5"),)
    program.network.set_online(True)
    with serving(Llama({BITCOIN: 60000})) as server:
        program.settings.price_sources = (server.url,)
        _answer(lambda dialog: dialog.ask.click() if allowed else dialog.reject())
        with qtbot.waitSignal(page.watching.looked, timeout=20_000):
            page.flip_watching()
        asked = len(server.log)
    page.flip_watching()
    with open_store(None) as store:
        kept = [one.value for one in store.prices("BTC")]
    assert (asked > 0, kept) == (allowed, ["60000"] if allowed else [])


def test_offline_the_watch_goes_on_without_prices_and_says_so(
    program: Program, page: OverTimePage, tmp_path: Path, qtbot: QtBot
) -> None:
    program.settings.sources = (_recorded(tmp_path, "seen.csv", f"bitcoin,{ALICE},900,BTC,3.5"),)
    program.settings.price_sources = ("https://prices.example",)
    with qtbot.waitSignal(page.watching.looked, timeout=20_000):
        page.flip_watching()
    assert "Prices are not asked for: the window is offline (prices.example:443)." in page.alerts.watched.plain
    assert program.network.hosts == ()
    page.flip_watching()


# With and without a tray


class Run:
    """An exchange whose last weeks are kept, watched by files on the days of its run."""

    def __init__(self, program: Program, folder: Path, qtbot: QtBot) -> None:
        self.program, self.folder, self.qtbot = program, folder, qtbot
        with open_store(None) as store:
            year.fill(store, days=year.RUN - 1, first=year.RUN - 51)
        self.page = program.window.over_time
        program.window.go_to(Page.OVER_TIME)
        qtbot.waitUntil(lambda: self.page.view.chart is not None, timeout=20_000)
        program.settings.sources = tuple(year.recorded(year.RUN - 1, folder))
        self._looked(self.page.flip_watching)

    def day(self, number: int) -> None:
        year.recorded(year.RUN + number, self.folder)
        self._looked(self.page.watching.look)

    def _looked(self, act: Callable[[], None]) -> None:
        with self.qtbot.waitSignal(self.page.watching.looked, timeout=20_000):
            act()


@pytest.fixture
def no_tray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))


class Tray(QObject):
    """Stands in for an icon of a desktop that has a tray; keeps what it was told."""

    activated = Signal(object)
    told: ClassVar[list[str]] = []

    def __init__(self, _icon: object, parent: QObject) -> None:
        super().__init__(parent)
        self._visible = False
        self.menu: QMenu | None = None

    @staticmethod
    def isSystemTrayAvailable() -> bool:  # noqa: N802 - Qt's name
        return True

    def isVisible(self) -> bool:  # noqa: N802 - Qt's name
        return self._visible

    def show(self) -> None:
        self._visible = True

    def hide(self) -> None:
        self._visible = False

    def setToolTip(self, text: str) -> None:  # noqa: N802 - Qt's name
        self.told.append(text)

    def setContextMenu(self, menu: QMenu) -> None:  # noqa: N802 - Qt's name
        self.menu = menu

    def showMessage(self, title: str, text: str) -> None:  # noqa: N802 - Qt's name
        self.told.append(f"{title}: {text}")


@pytest.fixture
def tray(monkeypatch: pytest.MonkeyPatch) -> type[Tray]:
    monkeypatch.setattr("reserves_gui.gui.watching.QSystemTrayIcon", Tray)
    monkeypatch.setattr(Tray, "told", [])
    return Tray


@pytest.mark.usefixtures("no_tray")
def test_without_a_tray_alerts_stand_in_a_notice_until_it_is_closed(
    program: Program, tmp_path: Path, qtbot: QtBot
) -> None:
    run = Run(program, tmp_path, qtbot)
    assert run.page.watched.notices is None
    for day in range(4):
        run.day(day)
    notices = run.page.watched.notices
    assert notices is not None
    assert notices.shown is not None
    assert notices.shown.isVisible()
    told = [one.plain for one in notices.shown.sentences]
    with open_store(None) as store:
        kept = [alert for _, alert in store.alerts("Northsea")]
    # Every alert, the newest first, also those of rounds before the one it was shown for last.
    assert len(told) == len(kept) > 1
    assert any("BTC: reserves fell by" in one for one in told)
    assert len({alert.time for alert in kept}) > 1
    assert len([one for one in program.window.findChildren(Notice) if one.isVisible()]) == 1
    assert "next look at" in program.window.status.job.text.text()
    notices.shown.accept()
    assert notices.shown is None
    run.page.flip_watching()


@pytest.mark.usefixtures("no_tray")
def test_without_a_tray_closing_the_window_asks_first(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    run = Run(program, tmp_path, qtbot)
    window = program.window
    assert not window.close()
    (asked,) = window.findChildren(ClosingDialog)
    assert asked.isVisible()
    assert window.isVisible()
    asked.small.click()
    assert window.isMinimized()
    assert run.page.watching.exchange == "Northsea"
    window.showNormal()
    assert not window.close()
    asked = next(one for one in window.findChildren(ClosingDialog) if one.isVisible())
    asked.end.click()
    assert run.page.watching.exchange == ""
    assert not window.isVisible()


def test_with_a_tray_alerts_go_there_and_closing_hides_the_window_and_says_so(
    program: Program, tmp_path: Path, qtbot: QtBot, tray: type[Tray]
) -> None:
    run = Run(program, tmp_path, qtbot)
    run.day(0)
    run.day(1)
    assert any(one.startswith("Northsea: BTC: reserves fell by") for one in tray.told)
    assert run.page.watched.notices is None
    assert not program.window.close()
    assert not program.window.isVisible()
    assert "Northsea is still watched from here" in tray.told[-1]
    icon = run.page.watching._tray
    assert isinstance(icon, Tray)
    assert icon.menu is not None
    shown, ended = icon.menu.actions()
    shown.trigger()
    assert program.window.isVisible()
    ended.trigger()
    assert not program.window.isVisible()
    assert run.page.watching.exchange == ""


def test_thresholds_are_kept_only_if_they_can_be_read(program: Program, page: OverTimePage, qtbot: QtBot) -> None:
    dialog = ThresholdsDialog(program.window.context, page)
    qtbot.addWidget(dialog)
    dialog.fields["drop_day"].setText("a lot")
    dialog.keep.click()
    assert dialog.problem.plain
    assert program.settings.thresholds == {}
    dialog.fields["drop_day"].setText("0.1")
    dialog.keep.click()
    assert program.settings.thresholds == {"drop_day": "0.1"}
