"""What watching has to say in the window: alerts where no tray can tell them, and what closing it would end."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.dialogs.notice import Notice
from reserves_gui.gui.pictures.time_model import iso

if TYPE_CHECKING:
    from reserves_gui.services.watch import Round


class AlertNotices:
    """One notice at a time over the window, with every alert since it was last closed, newest first."""

    def __init__(self, context: Context, over: QWidget) -> None:
        self._context = context
        self._over = over
        self._sentences: list[str] = []
        self.shown: Notice | None = None

    def add(self, made: "Round") -> None:
        """Show the alerts of a round, and call for the window."""
        words = self._context.words
        time = words.time(iso(made.time))
        told = [words("window.watch.alert", time=time, text=words.render(one.message)) for one in made.alerts]
        self._sentences = [*told, *self._sentences]
        title = words("window.watch.alerts_of", exchange=made.exchange)
        before, self.shown = self.shown, Notice(self._context, title, self._sentences, self._over)
        if before is not None:
            before.blockSignals(True)
            before.close()
        self.shown.finished.connect(self._read)
        self.shown.show_over()
        QApplication.alert(self._over.window())

    def _read(self, _result: int) -> None:
        self.shown = None
        self._sentences = []


class ClosingDialog(Dialog):
    """Without a tray the window is all there is: closing it ends watching, making it small does not."""

    def __init__(self, context: Context, exchange: str, parent: QWidget, stop: Callable[[], None]) -> None:
        words = context.words
        sentence = words("window.watch.closing", exchange=exchange)
        super().__init__(context, words("window.watch.closing_title"), sentence, parent)
        self.add_cancel()
        self.end = self.add_button(words("window.watch.stop_and_close"))
        self.end.clicked.connect(self.accept)
        self.end.clicked.connect(stop)
        self.small = self.add_button(words("window.watch.small"), primary=True)
        self.small.clicked.connect(self.reject)
        self.small.clicked.connect(parent.window().showMinimized)
