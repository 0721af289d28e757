"""Names in other scripts, very long ones and very large amounts stay inside their places on every page."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.session import Page, Result
from reserves_gui.gui.settings import Settings
from reserves_gui.gui.theme import ThemeChoice
from reserves_gui.gui.widgets.text import Amount
from reserves_gui.gui.words import Words
from reserves_gui.services.verify import VerifyRequest
from tests.gui.test_layout import settled_cuts
from tests.report import samples

RIGHT_TO_LEFT = "בורסת־המטבעות של הצפון"
OVERRIDE = "North\u202esea\u2066 exchange"
LONG = "The Very Long Named Digital Asset Exchange of the Northern Sea, Trading as Northsea (International) Limited"
UNBROKEN = "N" * 90
NAMES = (RIGHT_TO_LEFT, OVERRIDE, LONG, UNBROKEN)
HUGE = f"{10**18}.{'123456789' * 2}"
COINS = {"BTC": HUGE, "עברית": HUGE, "A-RATHER-LONG-NAME-OF-A-COIN-2026": HUGE, "ZERO": "0"}
FILE = "/folder/הוכחה-של-הבורסה-a-rather-long-name-of-a-file-as-exchanges-give-them-2026-10-31.json"


@pytest.fixture
def small(qapp: object, tmp_path: Path) -> Iterator[Program]:
    """The smallest window, in the language of long words."""
    from reserves_gui.gui.engine import services

    settings = Settings(tmp_path / "data")
    settings.language, settings.theme = "de", ThemeChoice.LIGHT
    settings.sync()
    program = Program(qapp, tmp_path / "data", services())
    program.window.resize(1024, 700)
    program.window.show()
    yield program
    program.jobs.wait()
    program.window.close()
    program.window.deleteLater()


def _named(exchange: str) -> dict[str, object]:
    return {"exchange": exchange, "balances": COINS, "total": COINS}


@pytest.mark.parametrize("exchange", NAMES)
def test_a_result_of_odd_texts_is_not_cut(small: Program, qtbot: QtBot, exchange: str) -> None:
    window = small.window
    request = VerifyRequest(files=(FILE,))
    found: dict[str, list[str]] = {}
    for page, verdict in ((Page.BALANCE, samples.verdict()), (Page.LIABILITIES, samples.tree_verdict())):
        odd = replace(verdict, **_named(exchange))
        small.session.results[page] = result = Result(request=request, verdict=odd, format=None)
        small.session.arrived.emit(result)
        found[page.value] = settled_cuts(qtbot, window)
    assert {page: cut for page, cut in found.items() if cut} == {}


def test_a_list_of_odd_texts_is_not_cut(small: Program, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / f"{RIGHT_TO_LEFT}-a-rather-long-name-of-a-list-as-exchanges-give-them-2026-10-31.csv"
    lines = [f"bitcoin,{coin},bc1q{number:038x},{amount}" for number, (coin, amount) in enumerate(COINS.items())]
    lines.append(f"{UNBROKEN},{UNBROKEN},{UNBROKEN},{HUGE}")
    path.write_text("\n".join(["chain,asset,address,amount", *lines, ""]), encoding="utf-8")
    with qtbot.waitSignal(small.session.arrived, timeout=30_000):
        small.window.check((str(path),))
    assert small.window.current_page is Page.WALLETS
    qtbot.waitUntil(lambda: small.window.wallets.result.list.table.wallets.rowCount() == 5, timeout=10_000)
    assert settled_cuts(qtbot, small.window) == []


def test_an_amount_that_has_room_is_shown_whole(qtbot: QtBot, qapp: QApplication) -> None:
    """Also where the widths of digits are no whole numbers, as in most fonts."""
    for tenths in range(85, 130):
        shown = Amount(Words("en"), "5136.23602526")
        qtbot.addWidget(shown)
        font = shown.font()
        font.setPointSizeF(tenths / 10)
        shown.setFont(font)
        shown.resize(shown.sizeHint())
        shown.show()
        assert shown.text() == "5,136.23602526", tenths
