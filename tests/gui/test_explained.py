"""The pages that explain claims: they follow one another, and lead nowhere else."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.explained import ExplainedDialog
from reserves_gui.gui.engine import services
from reserves_gui.services.explained import PAGES, USING


@pytest.fixture
def dialog(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> ExplainedDialog:
    program = Program(qapp, tmp_path, services())
    qtbot.addWidget(program.window)
    made = ExplainedDialog(program.window.context, "what-a-proof-shows", program.window)
    qtbot.addWidget(made)
    qtbot.waitUntil(lambda: made.list.model().rowCount() == len(PAGES))
    return made


def test_a_link_opens_the_page_it_names(dialog: ExplainedDialog) -> None:
    first = dialog.area.toPlainText()
    dialog.area.anchorClicked.emit(QUrl("root.md"))
    assert dialog.list.currentIndex().row() == PAGES.index("root")
    assert dialog.area.toPlainText() != first
    assert dialog.area.accessibleName() == dialog.list.currentIndex().data()


def test_a_link_to_anywhere_else_does_nothing(dialog: ExplainedDialog) -> None:
    shown = dialog.area.toPlainText()
    dialog.area.anchorClicked.emit(QUrl("https://somewhere.example/root.html"))
    assert dialog.area.toPlainText() == shown


def test_help_opens_by_its_key_and_by_its_button(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    program = Program(qapp, tmp_path, services())
    window = program.window
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    for ask in (lambda: qtbot.keyClick(window, Qt.Key.Key_F1), window.side.help.click):
        ask()
        (shown,) = window.findChildren(ExplainedDialog)
        qtbot.waitUntil(lambda shown=shown: shown.list.model().rowCount() == len(PAGES))
        assert PAGES[shown.list.currentIndex().row()] == USING
        with qtbot.waitSignal(shown.destroyed):
            shown.close()
