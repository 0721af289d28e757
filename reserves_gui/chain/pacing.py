"""Manners towards one host: spacing, parallelism, back-off, rest."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from reserves_gui import limits
from reserves_gui.chain.policy import Host
from reserves_gui.chain.port import unusable
from reserves_gui.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Time as it is passed in: ``now`` monotonic, ``today`` seconds UTC, ``jitter`` a factor near 1."""

    now: Callable[[], float] = time.monotonic
    today: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = field(default=lambda: random.uniform(0.8, 1.2))

    def wait(self, seconds: float, progress: Progress) -> None:
        """Wait, looking at cancellation every 20 ms."""
        end = self.now() + seconds
        progress.checkpoint()
        while (left := end - self.now()) > 0:
            self.sleep(min(left, limits.CHECKPOINT_SECONDS))
            progress.checkpoint()


class Lane:
    """The way to one host: so many requests at once, spaced for public hosts, at rest after repeated failure."""

    def __init__(self, host: Host, clock: Clock) -> None:
        self.host = host
        self._clock = clock
        self.width = limits.OWN_HOST_PARALLEL if host.own else 1
        self._slots = threading.Semaphore(self.width)
        self._guard = threading.Lock()
        self._next = 0.0
        self._rests_until = 0.0
        self._strikes = 0

    def enter(self, progress: Progress) -> None:
        """Wait for a slot and for the host's turn. Raises ``source.unusable`` while the host rests."""
        while not self._slots.acquire(timeout=limits.CHECKPOINT_SECONDS):
            progress.checkpoint()
        try:
            with self._guard:
                now = self._clock.now()
                if now < self._rests_until:
                    raise unusable("chain.resting", host=self.host.authority)  # noqa: TRY301 - the slot is given back
                pause = 0.0 if self.host.own else limits.PUBLIC_HOST_SPACING
                turn = max(now, self._next)
                self._next = turn + pause
            self._clock.wait(turn - now, progress)
        except BaseException:
            self._slots.release()
            raise

    def leave(self) -> None:
        """Give the slot back."""
        self._slots.release()

    def back_off(self, attempt: int, retry_after: str | None, progress: Progress) -> None:
        """Wait before try number ``attempt + 1``: what the server asks for (at most 120 s), else 1·2^n s ± 20 %."""
        asked = _seconds(retry_after, self._clock.today())
        wait = asked if asked is not None else 2.0**attempt * self._clock.jitter()
        with self._guard:
            self._next = max(self._next, self._clock.now() + wait)
        self._clock.wait(wait, progress)

    def strike(self) -> None:
        """An answer that never ended, or was far too large; the host rests after as many as a request has tries."""
        with self._guard:
            self._strikes += 1
            given_up = self._strikes >= limits.REQUEST_TRIES
            self._strikes %= limits.REQUEST_TRIES
        if given_up:
            self.rest()

    def rest(self) -> None:
        """Leave the host alone for ten minutes."""
        with self._guard:
            self._rests_until = self._clock.now() + limits.HOST_REST_SECONDS


def _seconds(text: str | None, today: float) -> float | None:
    """A ``Retry-After`` value in seconds, whole seconds or an HTTP date, cut to 120 s."""
    if text is None:
        return None
    text = text.strip()[:64]
    if text.isascii() and text.isdigit():
        wait = float(text[:9])
    else:
        try:
            wait = parsedate_to_datetime(text).timestamp() - today
        except (ValueError, TypeError, OverflowError):
            return None
    return min(max(wait, 0.0), limits.RETRY_AFTER_SECONDS)
