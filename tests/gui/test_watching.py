"""Watching from the window: off by default, nothing asked while offline, alerts by the user's own thresholds."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.thresholds import ThresholdsDialog
from reserves_gui.gui.pages.over_time import OverTimePage
from reserves_gui.gui.session import Page
from reserves_gui.progress import Progress
from reserves_gui.services.history_add import AddRequest, add_to_history
from tests.gui.made_year import keep_year
from tests.gui.test_wallets_page import ALICE, _recorded


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
