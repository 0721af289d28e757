"""The window is tested offscreen, with its settings and files under the test's own folder."""

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results are looked at when all of them is shown. Tests of the way there ask for ``turn_by_turn``."""
    from reserves_gui.gui.turns import Turns

    start = Turns.start

    def run(self: Turns, pieces: Iterable[Callable[[], None]]) -> None:
        start(self, pieces)
        self.finish()

    if "turn_by_turn" not in request.fixturenames:
        monkeypatch.setattr(Turns, "start", run)


@pytest.fixture
def turn_by_turn() -> None:
    """Pieces of a result come one a turn of the event loop, as they do for users."""


@pytest.fixture(autouse=True)
def _nothing_left_over(qapp: QApplication) -> Iterator[None]:
    """What a test leaves behind goes in this thread: collected in another one it would take its widgets with it."""
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator["Program"]:  # noqa: F821
    """The whole program with its real engine, in English, its window shown."""
    from reserves_gui.gui.app import Program
    from reserves_gui.gui.engine import services
    from reserves_gui.gui.settings import Settings
    from reserves_gui.gui.theme import ThemeChoice

    folder = tmp_path / "data"
    settings = Settings(folder)
    settings.language = "en"
    settings.theme = ThemeChoice.LIGHT
    settings.sync()
    made = Program(qapp, folder, services())
    made.window.resize(1280, 800)
    made.window.show()
    qtbot.waitExposed(made.window)
    made.window.activateWindow()
    yield made
    made.jobs.wait()
    made.window.close()
    made.window.deleteLater()


@pytest.fixture
def open_example(program: "Program", qtbot: QtBot) -> Callable[[str], None]:  # noqa: F821
    """Opens a bundled example and waits for its verdict."""
    from reserves_gui.services.examples import example

    def opened(example_id: str) -> None:
        found = example(example_id, program.window.context.words.language)
        with qtbot.waitSignal(program.session.arrived, timeout=30_000):
            program.session.run(found.request(), example=found.title, about=found.text)

    return opened
