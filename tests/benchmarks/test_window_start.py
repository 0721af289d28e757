"""From the start of the process to the first picture of the window, beside a window with nothing in it."""

import sys
from pathlib import Path

import pytest

from tests.benchmarks.measuring import Table, median_child

pytestmark = pytest.mark.benchmark

_UNTIL_PAINTED = """
class Seen(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            os._exit(0)
        return False
seen = Seen()
window.installEventFilter(seen)
window.show()
application.exec()
"""
_EMPTY = """
import os
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
window = QWidget()
"""
_OURS = """
import os
from pathlib import Path
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from reserves_gui.gui.app import Program
from reserves_gui.gui.engine import services
application = QApplication([])
program = Program(application, Path({folder!r}), services())
window = program.window
"""


def test_the_first_paint(tmp_path: Path, table: Table) -> None:
    empty = median_child([sys.executable, "-c", _EMPTY + _UNTIL_PAINTED], runs=5)
    ours = median_child([sys.executable, "-c", _OURS.format(folder=str(tmp_path)) + _UNTIL_PAINTED], runs=5)
    assert (empty.code, ours.code) == (0, 0)
    table.processes("window, process start to first paint", ours, "an empty window", empty.seconds)
