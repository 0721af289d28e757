"""Work for the GUI thread in small pieces, one a turn of the event loop: what is on screen first, the rest after."""

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer


class Turns(QObject):
    """Runs pieces one a turn. A new batch takes the place of what was left of the one before."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[Callable[[], None]] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._next)

    @property
    def idle(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    def start(self, pieces: Iterable[Callable[[], None]]) -> None:
        """Run ``pieces`` in order, beginning with the next turn."""
        self._waiting = deque(pieces)
        self._timer.start()

    def finish(self) -> None:
        """Run what waits now: somebody needs all of it at once."""
        while self._waiting:
            self._waiting.popleft()()
        self._timer.stop()

    def _next(self) -> None:
        if self._waiting:
            self._waiting.popleft()()
        if not self._waiting:
            self._timer.stop()
