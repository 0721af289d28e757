"""`--example` opens the first bundled example, as `dev.py run` promises."""

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.engine import services
from reserves_gui.services.examples import FIRST, example


def test_the_first_example_is_verified_with_its_published_root(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    program = Program(qapp, tmp_path, services())
    qtbot.addWidget(program.window)
    with qtbot.waitSignal(program.session.arrived, timeout=20_000) as arrived:
        program.show_example()
    assert arrived.args is not None
    result = arrived.args[0]
    assert result.verdict.state is example(FIRST).expect
    assert result.example
    assert program.settings.recent == ()
    program.jobs.wait()
