"""Starts the window: one instance, theme and language from the settings, crash dialog, files to open."""

import logging
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QObject, QTimer, QTranslator, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from reserves_gui import __version__
from reserves_gui.gui.context import Network
from reserves_gui.gui.engine import Engine, services
from reserves_gui.gui.focus import FocusRing
from reserves_gui.gui.instance import FirstInstance, hand_over, instance_name
from reserves_gui.gui.jobs import Fetch, Jobs
from reserves_gui.gui.log import LogHandler, SessionLog
from reserves_gui.gui.main_window import MainWindow
from reserves_gui.gui.quiet_memory import QuietMemory
from reserves_gui.gui.session import Page, Session
from reserves_gui.gui.settings import Settings
from reserves_gui.gui.theme import Theme
from reserves_gui.gui.words import Words
from reserves_gui.messages import language_of

_SETTLED_MS = 5000
"""After this long all pages are made and the engine is loaded."""
EXAMPLE = "--example"
"""In place of files: open the first bundled example."""


def data_folder() -> Path:
    """Where settings and reports live."""
    from platformdirs import user_data_path

    named = os.environ.get("RESERVES_DATA")
    return Path(named) if named else user_data_path("reserves", appauthor=False)


class Application(QApplication):
    """Hears of the files that macOS asks a program to open."""

    file_asked = Signal(str)

    def event(self, event: QEvent) -> bool:
        """Pass on the path."""
        if isinstance(event, QFileOpenEvent):
            self.file_asked.emit(event.file())
            return True
        return super().event(event)


class Program(QObject):
    """Holds what outlives a window: a change of language makes a new window over the same session."""

    def __init__(self, application: QApplication, folder: Path, engine: Engine) -> None:
        super().__init__()
        self._application = application
        self._translator: QTranslator | None = None
        self.settings = Settings(folder)
        self.theme = Theme(self.settings.theme, self)
        self.theme.apply()
        self.ring = FocusRing(self.theme, self)
        self.ring.watch(application)
        self.jobs = Jobs(self)
        self.session = Session(engine, self.jobs, self)
        self.network = Network(self)
        self.log = SessionLog(self)
        self._lay_ways()
        self.window = self._make_window()

    def _make_window(self) -> MainWindow:
        words = Words(self.settings.language) if self.settings.language else _system_words()
        self._translate(words.language)
        return MainWindow(
            self.theme,
            words,
            self.settings,
            self.session,
            self.network,
            self.log,
            self.change_language,
            self.change_ways,
        )

    def change_language(self) -> None:
        """Build the window again in the language of the settings."""
        old = self.window
        page = Page(old.current_page)
        self.settings.keep_geometry(old.saveGeometry())
        old.disconnect_session()
        self.window = self._make_window()
        self.window.go_to(page)
        self.window.show()
        old.hide()
        old.deleteLater()

    def change_ways(self) -> None:
        """Another proxy or store was chosen: from the next job on it counts."""
        self._lay_ways()
        self.window.show_store()

    def _lay_ways(self) -> None:
        from reserves_gui.services.ways import use_ways

        database = self.settings.database
        use_ways(proxy=self.settings.proxy, db=database)
        if not database.startswith("postgresql"):
            self.network.set_database("")
            return

        def host() -> object:
            from reserves_gui.services.store_place import other_host

            return other_host(database) or ""

        Fetch(host, lambda found: self.network.set_database(str(found)), self)

    def open(self, paths: tuple[str, ...]) -> None:
        """Raise the window and verify ``paths``."""
        self.window.raise_up()
        if paths:
            self.window.check(paths)

    def show_example(self) -> None:
        """Verify the first bundled example."""
        sample = self.session.engine.examples(self.window.context.words.language)[0]
        self.session.run(sample.request(), example=sample.title, about=sample.text)

    def _translate(self, language: str) -> None:
        # Qt's own dialogs (open, save) speak the same language.
        if self._translator is not None:
            self._application.removeTranslator(self._translator)
        self._translator = QTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._translator.load(f"qtbase_{language}", folder):
            self._application.installTranslator(self._translator)


class CrashHook(QObject):
    """Shows whatever was not caught, once at a time, in the GUI thread."""

    _caught = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._showing = False
        self.words: Callable[[], Words] = _system_words
        """What it speaks with: the system's language, until there is a window."""
        self._caught.connect(self._show)

    def install(self) -> None:
        """Become the last handler of the process."""
        sys.excepthook = self.handle
        threading.excepthook = lambda args: self.handle(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Mask and show."""
        from reserves_gui.gui.dialogs.crash import masked_report

        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        self._caught.emit(masked_report(kind, error, trace))

    def _show(self, text: str) -> None:
        from reserves_gui.gui.dialogs.crash import CrashDialog

        if not self._showing:
            self._showing = True
            CrashDialog(self.words(), text).exec()
            self._showing = False


def _system_words() -> Words:
    return Words(language_of(QLocale.system().name()))


def run(arguments: list[str], *, folder: Path | None = None) -> int:
    """Start the window with files to verify; the exit code of the process."""
    place = data_folder() if folder is None else folder
    application = Application([sys.argv[0]])
    application.setApplicationName("Reserves")
    application.setApplicationDisplayName("Reserves")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("reserves")
    name = instance_name(place)
    paths = tuple(word for word in arguments if word != EXAMPLE)
    if hand_over(name, paths):
        return 0
    hook = CrashHook(application)
    hook.install()
    program = Program(application, place, services())
    hook.words = lambda: program.window.context.words
    logging.getLogger().addHandler(LogHandler(program.log))
    listening = FirstInstance(name, program.open, application)
    application.file_asked.connect(lambda path: program.open((path,)))
    program.window.show()
    memory = QuietMemory()
    program.jobs.started.connect(lambda _job: memory.job_began())
    program.jobs.finished.connect(lambda _job: memory.job_ended())
    QTimer.singleShot(_SETTLED_MS, memory.set_aside)
    if paths:
        QTimer.singleShot(0, lambda: program.window.check(paths))
    elif EXAMPLE in arguments:
        QTimer.singleShot(0, program.show_example)
    code = application.exec()
    listening.close()
    program.jobs.wait()
    return int(code)
