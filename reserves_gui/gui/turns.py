"""Work for the GUI thread in small pieces, one a turn of the event loop: what is on screen first, the rest after."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

Piece = Callable[[], None]


def unseen(stack: QStackedWidget, part: QWidget, pieces: Iterable[Piece]) -> Iterator[Piece]:
    """What fills ``part`` while ``stack`` still looks as it did; the last piece shows ``part`` as a whole.

    A part that is shown before it is filled gets its style and its places piece by piece, and is painted once.
    """
    stack.setUpdatesEnabled(False)
    yield lambda: stack.setCurrentWidget(part)
    yield from pieces
    yield lambda: stack.setUpdatesEnabled(True)


class Turns(QObject):
    """Runs pieces one a turn. A new batch takes the place of what was left of the one before."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[Piece] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._next)

    @property
    def idle(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    def start(self, pieces: Iterable[Piece]) -> None:
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
