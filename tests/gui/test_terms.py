"""The words of the field explain themselves: by pointing, by click, by keyboard and to a screen reader."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.widgets.term import TERM_HEIGHT, Explanation, Term
from reserves_gui.messages import catalogue
from tests.gui.states import show_example

TERMS = {
    *("leaf", "path", "root", "total", "coverage", "snapshot", "wallet_list", "receipt", "evidence"),
    *("tree", "proof", "ownership", "balances"),
}


@pytest.fixture
def term(program: Program, qtbot: QtBot) -> Term:
    """The first claim's name."""
    show_example(program, qtbot, "verified")
    qtbot.wait(30)
    program.window.activateWindow()
    return program.window.balance.result.claims.lines[0].term


def test_every_term_has_one_line_in_both_languages() -> None:
    for language in ("en", "de"):
        keys = {key.removeprefix("window.term.") for key in catalogue(language) if key.startswith("window.term.")}
        assert keys == TERMS
        for name in TERMS:
            sentence = catalogue(language)[f"window.term.{name}"]
            assert len(sentence) <= 100
            assert sentence.endswith(".")


def test_enter_explains_and_escape_or_going_on_ends_it(term: Term, qtbot: QtBot) -> None:
    term.setFocus(Qt.FocusReason.TabFocusReason)
    assert not term.explains
    qtbot.keyClick(term, Qt.Key.Key_Return)
    assert term.explains
    qtbot.keyClick(term, Qt.Key.Key_Escape)
    assert not term.explains
    qtbot.keyClick(term, Qt.Key.Key_Space)
    assert term.explains
    qtbot.keyClick(term, Qt.Key.Key_Tab)
    assert not term.explains
    assert QApplication.focusWidget() is not term


def test_a_click_explains_and_does_not_open_the_line(program: Program, term: Term, qtbot: QtBot) -> None:
    line = program.window.balance.result.claims.lines[0]
    qtbot.mouseClick(term, Qt.MouseButton.LeftButton, pos=QPoint(4, term.height() // 2))
    assert term.explains
    assert not line.is_open
    qtbot.mouseClick(line.header, Qt.MouseButton.LeftButton, pos=QPoint(line.header.width() - 20, 20))
    assert line.is_open


def test_a_screen_reader_hears_the_line_and_the_target_is_large_enough(term: Term) -> None:
    assert term.accessibleDescription() == catalogue("en")["window.term.leaf"]
    assert term.height() >= TERM_HEIGHT


def test_the_explanation_is_shown_whole(term: Term, qtbot: QtBot) -> None:
    term.click()
    card = term.findChild(Explanation)
    assert card is not None
    assert card.prose.height() >= card.prose.heightForWidth(card.prose.width())
    assert card.prose.plain == catalogue("en")["window.term.leaf"]
