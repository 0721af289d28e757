"""Progress and cancellation, shared by every engine.

An engine calls :meth:`Progress.stage` once per stage and :meth:`Progress.advance` at least every 20 ms of work. Reports
are throttled here to 30 a second, so that neither the terminal nor the window has to.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from reserves_gui import limits
from reserves_gui.errors import Cancelled
from reserves_gui.messages import Message, say


@dataclass(frozen=True, slots=True)
class Step:
    """Where the work stands: ``done`` of ``total`` units (bytes, rows, proofs); ``total`` None while unknown."""

    stage: Message
    done: int
    total: int | None
    seconds: float


class Progress:
    """Reports steps and carries the cancel flag. Safe to cancel from another thread."""

    def __init__(
        self,
        report: Callable[[Step], None] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._report = report
        self._clock = clock
        self._cancelled = threading.Event()
        self._stage = say("progress.start")
        self._total: int | None = None
        self._done = 0
        self._started = clock()
        self._next = 0.0

    def cancel(self) -> None:
        """Ask the work to stop; it raises :class:`Cancelled` at its next checkpoint."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether the user asked to stop."""
        return self._cancelled.is_set()

    def checkpoint(self) -> None:
        """Raise :class:`Cancelled` if the user asked to stop."""
        if self._cancelled.is_set():
            raise Cancelled

    def stage(self, stage: Message, total: int | None = None) -> None:
        """Begin a stage of ``total`` units; always reported."""
        self._stage, self._total, self._done = stage, total, 0
        self._started = self._clock()
        self._next = 0.0
        self.advance(0)

    def advance(self, done: int) -> None:
        """The stage stands at ``done`` units; reports when due, raises :class:`Cancelled` when asked to stop."""
        self.checkpoint()
        self._done = max(self._done, done)
        now = self._clock()
        if self._report is not None and (now >= self._next or self._done == self._total):
            self._next = now + 1.0 / limits.PROGRESS_PER_SECOND
            self._report(Step(self._stage, self._done, self._total, now - self._started))


def silent() -> Progress:
    """A progress nobody watches."""
    return Progress()
