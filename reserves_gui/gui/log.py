"""What happened in this run, for a report of a bug: kept in memory, masked when it is written down, sent nowhere."""

import logging
import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from reserves_gui.gui.masking import masked

KEPT = 1000


class SessionLog(QObject):
    """The last entries. Whatever is handed in is masked first, so nothing secret is ever held."""

    added = Signal()

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._clock = clock
        self._lines: deque[str] = deque(maxlen=KEPT)

    def note(self, text: str) -> None:
        """Write ``text`` down, masked."""
        at = time.strftime("%H:%M:%S", time.localtime(self._clock()))
        self._lines.append(f"{at}  {masked(text)}")
        self.added.emit()

    @property
    def text(self) -> str:
        """All entries, the oldest first."""
        return "\n".join(self._lines)


class LogHandler(logging.Handler):
    """Hands warnings of the libraries to the log. They may come from any thread: the signal crosses over."""

    def __init__(self, log: SessionLog) -> None:
        super().__init__(logging.WARNING)
        self._carrier = _Carrier(log)
        self._carrier.said.connect(log.note)

    def emit(self, record: logging.LogRecord) -> None:
        """One record, without its traceback: a traceback quotes values."""
        self._carrier.said.emit(f"{record.levelname} {record.name}: {record.getMessage()}")


class _Carrier(QObject):
    said = Signal(str)
