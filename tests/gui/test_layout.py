"""Nothing is cut off: every page and dialog at both sizes, in both languages, with a wide font, in both themes."""

import contextlib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QPushButton,
    QScrollArea,
    QWidget,
)
from pytestqt.exceptions import TimeoutError as QtBotTimeoutError
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.main_window import MainWindow
from reserves_gui.gui.session import Page
from reserves_gui.gui.settings import Settings
from reserves_gui.gui.theme import POINTS, Role, Theme, ThemeChoice
from reserves_gui.gui.widgets.buttons import Button, StateLabel
from reserves_gui.gui.widgets.check_row import CheckRow
from reserves_gui.gui.widgets.claim_line import DENSITIES, ClaimLine
from reserves_gui.gui.widgets.root_entry import RootEntry
from reserves_gui.gui.widgets.text import Elided, Prose
from reserves_gui.gui.words import Words
from reserves_gui.messages import say
from reserves_gui.services.examples import example
from reserves_gui.verdict import Check, Claim, Outcome, State
from tests.gui.states import EXAMPLES, dialogs, pages, show_example

SIZES = ((1280, 800), (1024, 700))
WIDE = "DejaVu Sans"


@pytest.fixture(params=["system", WIDE])
def font(request: pytest.FixtureRequest, qapp: QApplication) -> str:
    """The system's font, and a wide one."""
    before = QFont(qapp.font())
    if request.param != "system":
        if request.param not in QFontDatabase.families():
            pytest.skip(f"{request.param} is not installed here")
        if QFontInfo(before).family() == WIDE:
            pytest.skip("the system's font is the wide one")
        qapp.setFont(QFont(request.param, 10))
    yield request.param
    qapp.setFont(before)


def _made(qapp: QApplication, folder: Path, language: str, theme: ThemeChoice) -> Program:
    from reserves_gui.gui.engine import services

    settings = Settings(folder)
    settings.language = language
    settings.theme = theme
    settings.sync()
    return Program(qapp, folder, services())


def _cut(top: QWidget) -> list[str]:
    """What is wider or higher than its box."""
    found = []
    for one in top.findChildren(QWidget):
        if not one.isVisible():
            continue
        if isinstance(one, QAbstractScrollArea) and one.horizontalScrollBar().isVisible():
            found.append(f"scrolls sideways: {type(one).__name__} {one.accessibleName()}")
        elif isinstance(one, QScrollArea) and one.widget().width() > one.viewport().width():
            what = f"{type(one.parentWidget()).__name__}: {one.widget().width()} in {one.viewport().width()}"
            found.append(f"wider than its place: {what}")
        elif isinstance(one, Elided):
            continue
        elif isinstance(one, Prose) or (isinstance(one, QLabel) and one.wordWrap()):
            needed = one.heightForWidth(one.width())
            if needed > one.height() + 1:
                found.append(f"text cut: {one.text()[:90]} needs {needed}, has {one.height()}")
            longest = _longest_word(one)
            if longest > one.width() + 1:
                found.append(f"word cut: {one.text()[:90]} needs {longest}, has {one.width()}")
        elif isinstance(one, QLabel) and one.text():
            lines = one.text().split("\n")
            needed = max(QFontMetrics(one.font()).horizontalAdvance(line) for line in lines)
            if needed > one.contentsRect().width() + 1:
                found.append(f"label cut: {one.text()[:60]} needs {needed}, has {one.width()}")
        elif isinstance(one, QPushButton | StateLabel):
            needed = one.sizeHint().width() if isinstance(one, StateLabel) else _text_width(one)
            if needed > one.width() + 1:
                text = one.accessibleName()
                found.append(f"button cut: {text} needs {needed}, has {one.width()}")
    return found


def settled_cuts(qtbot: QtBot, top: QWidget) -> list[str]:
    """What is cut once the layouts have come to rest; what is read off the thread of the window arrives later."""
    found: list[str] = []
    for _ in range(20):
        qtbot.wait(20)
        found = _cut(top)
        if not found:
            break
    return found


def _longest_word(one: QLabel) -> int:
    plain = one.plain if isinstance(one, Prose) else one.text()
    metrics = QFontMetrics(one.font())
    # Longer ones are given places to break at.
    return max((metrics.horizontalAdvance(word) for word in plain.split() if len(word) < 28), default=0)


def _text_width(one: QAbstractButton) -> int:
    icon = one.iconSize().width() if not one.icon().isNull() else 0
    return QFontMetrics(one.font()).horizontalAdvance(one.text().replace("&&", "&")) + icon


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("size", SIZES, ids=["1280x800", "1024x700"])
def test_no_page_cuts_anything_off(
    font: str, language: str, size: tuple[int, int], qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    theme = ThemeChoice.DARK if (language == "de") == (size == SIZES[0]) else ThemeChoice.LIGHT
    program = _made(qapp, tmp_path / "data", language, theme)
    program.window.resize(*size)
    program.window.show()
    cut: dict[str, list[str]] = {}
    for name, window in pages(program, qtbot, tmp_path):
        assert (window.width(), window.height()) == size
        image = window.grab().toImage()
        assert not image.isNull()
        ground = image.pixelColor(image.width() - 8, 66 if name != "reports" else image.height() // 2)
        assert ground.name().upper() == program.theme.tokens.window
        cut[name] = settled_cuts(qtbot, window)
    program.jobs.wait()
    program.window.close()
    program.window.deleteLater()
    assert {name: found for name, found in cut.items() if found} == {}


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_dialog_cuts_anything_off(
    font: str, language: str, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    program = _made(qapp, tmp_path / "data", language, ThemeChoice.LIGHT)
    program.window.resize(*SIZES[1])
    program.window.show()
    cut: dict[str, list[str]] = {}
    for name, make in dialogs(program):
        dialog = make()
        dialog.show()
        cut[name] = settled_cuts(qtbot, dialog)
        if dialog.height() > SIZES[1][1] or dialog.width() > SIZES[1][0]:
            cut[name].append(f"larger than the window: {dialog.width()}x{dialog.height()}")
        dialog.close()
        dialog.deleteLater()
    program.jobs.wait()
    program.window.close()
    program.window.deleteLater()
    assert {name: found for name, found in cut.items() if found} == {}


def _over(window: MainWindow, claims: QWidget) -> int:
    """How many pixels of the claims lie below the first screen; at most 0 where all of them are seen."""
    return claims.mapTo(window, claims.rect().bottomLeft()).y() - window.status.y()


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("size", SIZES, ids=["1280x800", "1024x700"])
def test_the_first_screen_holds_the_headline_and_all_claims(
    language: str, size: tuple[int, int], qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    program = _made(qapp, tmp_path / "data", language, ThemeChoice.LIGHT)
    window = program.window
    window.resize(*size)
    window.show()
    below: dict[str, int] = {}
    for name in EXAMPLES:
        show_example(program, qtbot, name)
        panel = window.liabilities.result if window.current_page is Page.LIABILITIES else window.balance.result
        # A busy machine takes its time until the last card has its place.
        with contextlib.suppress(QtBotTimeoutError):
            qtbot.waitUntil(lambda panel=panel: _over(window, panel.claims) <= 1, timeout=3_000)
        assert panel.headline.sentence.isVisible()
        below[name] = _over(window, panel.claims)
        failed = [line for line in panel.claims.lines if line.claim.state is State.FAILED]
        assert all(line.is_open for line in failed[:1])
    program.jobs.wait()
    window.close()
    window.deleteLater()
    assert {name: over for name, over in below.items() if over > 1} == {}


def test_a_closely_set_failed_line_shows_all_its_checks_when_it_is_opened_again(program: Program, qtbot: QtBot) -> None:
    program.window.resize(*SIZES[1])
    show_example(program, qtbot, "tampered")
    qtbot.wait(50)
    line = next(line for line in program.window.balance.result.claims.lines if line.claim.id == "leaf")
    shown = len(line.findChildren(CheckRow))
    line.header.click()
    line.header.click()
    qtbot.wait(20)
    assert shown < len(line.claim.checks)
    assert len([row for row in line.findChildren(CheckRow) if row.isVisible()]) == len(line.claim.checks)


def test_the_field_of_a_root_waits_behind_its_link_where_room_is_short(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    own = tmp_path / "proof.json"
    own.write_bytes(Path(example("verified").files[0]).read_bytes())
    window = program.window
    window.resize(*SIZES[1])
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        window.check((str(own),))
    qtbot.wait(50)
    line = next(line for line in window.balance.result.claims.lines if line.claim.id == "root")
    entry = line.findChild(RootEntry)
    link = next(button for button in line.findChildren(Button) if button.text() == "Paste the root…")
    assert not entry.isVisible()
    assert link.isVisible()
    link.click()
    assert entry.isVisible()
    assert not link.isVisible()
    assert entry.field.hasFocus()
    window.resize(1280, 1000)
    qtbot.wait(50)
    assert entry.isVisible()


def test_the_size_of_a_headline_outlives_a_change_of_theme(program: Program, qtbot: QtBot) -> None:
    program.window.resize(*SIZES[1])
    show_example(program, qtbot, "verified")
    for choice in (ThemeChoice.DARK, ThemeChoice.LIGHT):
        program.theme.choose(choice)
        qtbot.wait(20)
        assert program.window.balance.result.headline.sentence.font().pointSizeF() == POINTS[Role.HEADLINE_NARROW]


def test_switching_the_theme_repaints_without_a_restart(program: Program, qtbot: QtBot) -> None:
    for choice in (ThemeChoice.DARK, ThemeChoice.LIGHT):
        program.theme.choose(choice)
        qtbot.wait(20)
        image = program.window.grab().toImage()
        tokens = program.theme.tokens
        assert image.pixelColor(4, image.height() - 4).name().upper() == tokens.sidebar
        assert image.pixelColor(image.width() - 8, 66).name().upper() == tokens.window
    assert program.window.testAttribute(Qt.WidgetAttribute.WA_WState_Visible)


def test_where_room_is_short_a_line_shows_the_first_of_its_failed_checks_and_a_way_to_the_rest(qtbot: QtBot) -> None:
    checks = tuple(Check(f"path.{name}", Outcome.FAILED, say("report.again.unchanged"), "1", "2") for name in "abc")
    line = ClaimLine(Theme(ThemeChoice.LIGHT), Words("en"), Claim("path", checks), first=True, last=True)
    qtbot.addWidget(line)
    line.show()
    for density, shown, more in ((DENSITIES[0], 3, False), (DENSITIES[-1], 1, True)):
        line.set_density(density, opens=True)
        assert [row.isVisible() for row in line.findChildren(CheckRow)].count(True) == shown
        link = next(one for one in line.findChildren(Button) if one.text() == "Show all 3 checks")
        assert link.isVisible() is more
    link.click()
    qtbot.wait(20)
    assert [row.isVisible() for row in line.findChildren(CheckRow)].count(True) == 3
