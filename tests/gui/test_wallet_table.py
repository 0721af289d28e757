"""The table of listed addresses says what matters in the width it has: the coin of an amount, why a row has its state."""

from array import array
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reserves_gui.gui.models.wallets import AMOUNT, WHY
from reserves_gui.gui.theme import Role, Theme, ThemeChoice, role_font
from reserves_gui.gui.widgets.wallet_table import WalletTableView, paint_reason, reason_lines
from reserves_gui.gui.words import LANGUAGES, Words
from reserves_gui.messages import Message, catalogue, say
from reserves_gui.services.wallet_table import RowState, WalletTable
from reserves_gui.wallets.row import ListedRow, WalletRow
from reserves_gui.wallets.rules.plain import Unsigned

WIDTHS = (650, 770)
"""Of the table in the two windows of the design."""
WIDE = "DejaVu Sans"


@pytest.fixture(autouse=True)
def _wide_font(qapp: QApplication) -> Iterator[None]:
    before = QFont(qapp.font())
    if WIDE in QFontDatabase.families():
        qapp.setFont(QFont(WIDE, 10))
    yield
    qapp.setFont(before)


def _table(qtbot: QtBot, language: str, width: int, *rows: tuple[str, str]) -> WalletTableView:
    """Amount and coin per row."""
    made, rule = WalletTable(), Unsigned(say("wallets.no_signature"))
    for number, (amount, coin) in enumerate(rows):
        row = WalletRow(number + 2, coin, coin, "bitcoin", f"bc1q{number:038x}", rule, amount=amount)
        made.add(ListedRow(row, RowState.UNSUPPORTED, say("wallets.no_signature"), (), None, "list.csv"))
    view = WalletTableView(Theme(ThemeChoice.LIGHT), Words(language))
    qtbot.addWidget(view)
    view.resize(width, 300)
    view.show_states(tuple(state.value for state in RowState))
    view.wallets.show(made, array("I", range(len(rows))))
    view.show()
    return view


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("amount", "coin"),
    [("1000000000000000000.123456789012345678", "USDT"), ("318440090.123456", "USDT"), ("4123.12345678", "BTC")],
)
def test_an_amount_never_loses_its_coin(qtbot: QtBot, language: str, width: int, amount: str, coin: str) -> None:
    view = _table(qtbot, language, width, (amount, coin))
    shown = view.amount_text(0, view.columnWidth(AMOUNT))
    assert shown.endswith(f" {coin}")
    advance = QFontMetrics(role_font(Role.MONO_SMALL)).horizontalAdvance
    assert advance(shown) <= view.columnWidth(AMOUNT) - 12
    assert view.wallets.text(0, AMOUNT) == f"{Words(language).amount(amount)} {coin}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_short_reasons_fit_their_cells(qtbot: QtBot, language: str, width: int) -> None:
    view = _table(qtbot, language, width, ("1", "BTC"))
    metrics = QFontMetrics(role_font(Role.SMALL))
    room = view.columnWidth(WHY) - 12
    arguments = {"count": 2, "keys": 3, "needed": 2, "line": 1234, "number": 1, "limit": 4000, "header": 0}
    cut = []
    for key in (key for key in catalogue("en") if key.startswith("window.row.")):
        text = Words(language).in_row(Message(key.removeprefix("window.row."), arguments))
        assert text == Words(language).render(Message(key, arguments))
        if any("…" in line for line in reason_lines(metrics, text, room)):
            cut.append(text)
    assert cut == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_reason_is_shorter_and_the_tooltip_has_the_whole(qtbot: QtBot, language: str) -> None:
    english = catalogue("en")
    for key in (key for key in english if key.startswith("window.row.")):
        assert len(catalogue(language)[key]) < len(catalogue(language)[key.removeprefix("window.row.")]), key
    view = _table(qtbot, language, WIDTHS[0], ("1", "BTC"))
    assert view.wallets.text(0, WHY) == Words(language).render(say("wallets.no_signature"))


@pytest.mark.parametrize("text", ["gjpqy", "gjpqy " * 30])
def test_no_letter_of_a_reason_loses_its_lower_end(text: str) -> None:
    """The letters are as high as where nothing cuts them."""
    font = role_font(Role.SMALL)
    metrics = QFontMetrics(font)
    seen = _inked(lambda painter: paint_reason(painter, QRectF(4, 30, 180, 33), font, text))
    letters = _inked(lambda painter: painter.drawText(4, 60, "gjpqy"))
    lines = len(reason_lines(metrics, text, 180))
    assert len(seen) >= len(letters) + (lines - 1) * (metrics.height() - 1)


def _inked(paint: Callable[[QPainter], object]) -> range:
    """The rows of pixels from the first to the last that ``paint`` draws into."""
    image = QImage(200, 100, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setFont(role_font(Role.SMALL))
    paint(painter)
    painter.end()
    rows = [y for y in range(image.height()) if any(image.pixelColor(x, y).value() < 250 for x in range(200))]
    return range(rows[0], rows[-1] + 1)
