"""How long the thread of the window works at one go: what a user would feel as a pause on a machine of her own.

Time the thread waits while other programs have the processor is not counted, so that a busy machine changes nothing.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QTimer

MOST = 0.05
"""Seconds. Longer ones are noticed."""


class Pauses(QObject):
    """Measures every turn of the event loop while it is on."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.longest = 0.0
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._turn)

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Measure what the body lets happen, its own work on this thread included."""
        self.longest, self._last = 0.0, time.thread_time()
        self._timer.start()
        yield
        self._turn()
        self._timer.stop()

    def _turn(self) -> None:
        now = time.thread_time()
        self.longest = max(self.longest, now - self._last)
        self._last = now
