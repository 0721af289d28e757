"""Jobs run off the GUI thread; a superseded one can never hand over its result.

2026-11-22: progress is not a stream of signals. The worker leaves its latest step where a timer of the GUI thread
looks 30 times a second, so a fast engine cannot flood the event loop and a slow one costs nothing. Results cross as
``Signal(object)``: amounts stay texts, and a Qt ``int`` would wrap at 2^31.

2026-11-27: a thread takes the context of whoever starts it, so the proxy and the store of a job are those of the
settings at its start (:mod:`reserves_gui.services.ways`), whatever is chosen while it runs.
"""

import threading
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import cache

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from reserves_gui.errors import Cancelled, ReservesError
from reserves_gui.messages import Message
from reserves_gui.progress import Progress, Step

TICK_MS = 34
"""Just under 30 looks a second."""


@dataclass(slots=True)
class Job:
    """One run: its title, the generation it belongs to and the latest step the worker left.

    ``measured`` is the latest step whose size was known.
    """

    title: Message
    generation: int
    progress: Progress
    latest: Step | None = None
    shown: Step | None = None
    measured: Step | None = None
    thread: threading.Thread | None = field(default=None, repr=False)


class Jobs(QObject):
    """Runs one job at a time. Starting another cancels the running one and drops whatever it still returns."""

    started = Signal(object)
    """The :class:`Job` that began."""
    progressed = Signal(object)
    """The latest :class:`Step` of the running job, at most 30 times a second, never running backwards in a stage."""
    finished = Signal(object)
    """The job is over, with a result, an error or cancelled; the :class:`Job`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._generation = 0
        self._running: Job | None = None
        self._threads: set[threading.Thread] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def running(self) -> Job | None:
        """The job under way, if any."""
        return self._running

    def start(
        self,
        title: Message,
        work: Callable[[Progress], object],
        *,
        done: Callable[[object], None],
        failed: Callable[[ReservesError], None],
    ) -> Job:
        """Run ``work`` in a thread. Calls ``done`` or ``failed`` in the GUI thread, or nothing if superseded."""
        self.supersede()
        self._generation += 1
        job = Job(title, self._generation, Progress())
        job.progress = Progress(lambda step: _leave(job, step))

        # The thread may outlive the page that asked: it knows neither the page nor whom to tell.
        post = _post()
        number = post.expect(self, lambda returned: self._over(job, returned, done, failed))

        def run() -> None:
            result: object = None
            error: BaseException | None = None
            try:
                result = work(job.progress)
            except BaseException as caught:  # noqa: BLE001 - handed to the GUI thread, which decides
                error = caught
            post.came.emit(number, (result, error))

        job.thread = threading.Thread(target=copy_context().run, args=(run,), name=f"job-{job.generation}", daemon=True)
        self._threads.add(job.thread)
        self._running = job
        self.started.emit(job)
        self._timer.start()
        job.thread.start()
        return job

    def cancel(self) -> None:
        """Ask the running job to stop; it ends through ``failed`` with ``Cancelled``."""
        if self._running is not None:
            self._running.progress.cancel()

    def supersede(self) -> None:
        """Forget the running job: it is cancelled, and nothing it returns is shown."""
        job = self._running
        if job is not None:
            job.progress.cancel()
            self._generation += 1
            self._end(job)

    def wait(self, seconds: float = 5.0) -> bool:
        """Cancel everything and wait for the workers; whether all of them ended in time."""
        self.supersede()
        for thread in list(self._threads):
            thread.join(seconds)
        return not any(thread.is_alive() for thread in self._threads)

    def _look(self) -> None:
        job = self._running
        if job is not None and job.latest is not None and job.latest is not job.shown:
            job.shown = job.latest
            self.progressed.emit(job.shown)

    def _over(
        self,
        job: Job,
        returned: object,
        done: Callable[[object], None],
        failed: Callable[[ReservesError], None],
    ) -> None:
        assert isinstance(returned, tuple)
        result, error = returned
        if job.thread is not None:
            self._threads.discard(job.thread)
        if job.generation != self._generation:
            return
        self._look()
        self._end(job)
        if error is None:
            done(result)
        elif job.progress.cancelled:
            failed(Cancelled())
        elif isinstance(error, ReservesError):
            failed(error)
        else:
            raise error

    def _end(self, job: Job) -> None:
        self._running = None
        self._timer.stop()
        self.finished.emit(job)


def _leave(job: Job, step: Step) -> None:
    job.latest = step
    if step.total:
        job.measured = step


class Fetch:
    """One small look-up off the GUI thread (guides, formats, saved reports); ``done`` runs in the GUI thread.

    ``owner``: whoever asked; once it is gone nobody is told. The thread knows neither of them: a widget that went with
    its window must not be touched, nor let go of, by another thread.
    """

    def __init__(self, work: Callable[[], object], done: Callable[[object], None], owner: QObject) -> None:
        post = _post()
        number = post.expect(owner, done)

        def run() -> None:
            try:
                found = work()
            except ReservesError as error:
                found = error
            # At the very end of the program Qt's objects go before the last threads do.
            if isValid(post):
                post.came.emit(number, found)

        threading.Thread(target=copy_context().run, args=(run,), name="fetch", daemon=True).start()


class _Post(QObject):
    """Brings what threads found to the GUI thread. It is never deleted, so a late thread always finds it."""

    came = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._number = 0
        self._waiting: dict[int, tuple[QObject, Callable[[object], None]]] = {}
        self.came.connect(self._hand_over)

    def expect(self, owner: QObject, done: Callable[[object], None]) -> int:
        """Remember who asked; the number to answer with."""
        self._number += 1
        self._waiting[self._number] = (owner, done)
        return self._number

    def _hand_over(self, number: int, found: object) -> None:
        owner, done = self._waiting.pop(number)
        if isValid(owner):
            done(found)


@cache
def _post() -> _Post:
    return _Post()
