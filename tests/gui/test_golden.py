"""The main states look as they did when somebody last looked: cards, colours and places, in light and dark.

After a change that is meant, `python3 packaging/dev.py screenshots -- --golden` draws the pictures in
`tests/gui/golden` anew; look at them before they are committed.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.theme import LIGHT, ThemeChoice
from tests.gui.golden_shots import WINDOW, differing, stamp, states
from tests.gui.states import show_example

GOLDEN = Path(__file__).parent / "golden"
FORGED = GOLDEN / "forged-light.png"
WRITE = "RESERVES_WRITE_GOLDEN"
FONT, FIXED = "DejaVu Sans", "DejaVu Sans Mono"
MOST_BYTES, MOST_BYTES_ALL = 40_000, 1_000_000
THEMES = {"light": ThemeChoice.LIGHT, "dark": ThemeChoice.DARK}


@pytest.fixture(autouse=True)
def _font(qapp: QApplication) -> Iterator[None]:
    """The font of the pictures, whatever the machine's is, with the widths its designer gave it."""
    if not {FONT, FIXED} <= set(QFontDatabase.families()):
        assert os.environ.get("CI") != "true", f"{FONT} and {FIXED} must be installed in CI"
        pytest.skip(f"{FONT} and {FIXED} are not installed here")
    before = QFont(qapp.font())
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    QFont.insertSubstitution(fixed, FIXED)
    font = QFont(FONT, 10)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    qapp.setFont(font)
    yield
    QFont.removeSubstitutions(fixed)
    qapp.setFont(before)


@pytest.fixture
def staged(_font: None, program: Program) -> Program:
    """The program in the font of the pictures."""
    program.window.resize(*WINDOW)
    return program


def _seen(program: Program, qtbot: QtBot, path: Path) -> tuple[QImage, list[str]]:
    """The window, and the tiles in which it differs from the picture at ``path``, once its layouts are at rest."""
    focused = QApplication.focusWidget()
    if focused is not None:
        focused.clearFocus()
    for _ in range(20):
        qtbot.wait(50)
        image = program.window.grab().toImage()
        found = list(differing(image, QImage(str(path))))
        if not found:
            break
    return image, found


def test_the_main_states_look_as_they_did(staged: Program, qtbot: QtBot, tmp_path: Path) -> None:
    wrong: dict[str, list[str]] = {}
    for name, show in states(staged, qtbot, tmp_path).items():
        show()
        for theme, choice in THEMES.items():
            staged.theme.choose(choice)
            path = GOLDEN / f"{name}-{theme}.png"
            image, found = _seen(staged, qtbot, path)
            if os.environ.get(WRITE):
                assert stamp(image).save(str(path), "PNG", 0)
            elif found:
                image.save(str(tmp_path / path.name))
                wrong[path.name] = found[:6]
        staged.theme.choose(ThemeChoice.LIGHT)
    assert wrong == {}, f"as drawn now: {tmp_path}"


def test_the_pictures_are_small_and_none_is_left_over(staged: Program, qtbot: QtBot, tmp_path: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in GOLDEN.iterdir()}
    assert sorted(sizes) == sorted(
        f"{name}-{theme}.png" for name in states(staged, qtbot, tmp_path) for theme in THEMES
    )
    assert max(sizes.values()) < MOST_BYTES
    assert sum(sizes.values()) < MOST_BYTES_ALL


@pytest.fixture
def forged(staged: Program, qtbot: QtBot) -> QImage:
    """A forged proof on screen, which looks as it did."""
    show_example(staged, qtbot, "forged")
    image, found = _seen(staged, qtbot, FORGED)
    assert found == []
    return image


def _differs(program: Program, qtbot: QtBot) -> bool:
    return bool(_seen(program, qtbot, FORGED)[1])


def test_a_missing_card_is_noticed(staged: Program, forged: QImage, qtbot: QtBot) -> None:
    staged.window.balance.result.picture.hide()
    assert _differs(staged, qtbot)


def test_a_card_without_its_ground_is_noticed(staged: Program, forged: QImage, qtbot: QtBot) -> None:
    staged.window.balance.result.headline.setProperty("kind", "none")
    staged.theme.choose(ThemeChoice.LIGHT)
    card = staged.window.balance.result.headline
    card.style().unpolish(card)
    card.style().polish(card)
    assert _differs(staged, qtbot)


def test_a_card_that_moved_is_noticed(staged: Program, forged: QImage, qtbot: QtBot) -> None:
    staged.window.balance.result.layout().setSpacing(12)
    assert _differs(staged, qtbot)


def test_another_colour_is_noticed(forged: QImage) -> None:
    changed = QImage(forged)
    painter = QPainter(changed)
    # One glyph of a claim, in the colour of another state.
    painter.setBrush(QColor(LIGHT.verified))
    painter.drawEllipse(QRect(262, 355, 20, 20))
    painter.end()
    assert list(differing(changed, QImage(str(FORGED))))


@pytest.mark.parametrize("hinting", [QFont.HintingPreference.PreferVerticalHinting, None])
def test_letters_drawn_otherwise_are_not(
    hinting: QFont.HintingPreference | None, qapp: QApplication, qtbot: QtBot, request: pytest.FixtureRequest
) -> None:
    """Fitted to the lines of pixels, or without grey at their edges."""
    font = QFont(qapp.font())
    if hinting is not None:
        font.setHintingPreference(hinting)
    else:
        font.setStyleStrategy(QFont.StyleStrategy.NoAntialias)
    qapp.setFont(font)
    request.getfixturevalue("forged")
