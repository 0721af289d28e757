"""The only door to the network.

Nothing else in the program opens a connection. The door asks the policy (offline switch, consent), keeps to the
manners of :mod:`pacing`, follows no redirect, verifies TLS against the system's store, bounds time and bytes, and
answers cancellation at once by cutting the connection.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self, TypeVar

import requests
import truststore
import urllib3

from reserves_gui import limits
from reserves_gui.chain.answers import Answer, read_answer
from reserves_gui.chain.cache import Cache
from reserves_gui.chain.pacing import Clock, Lane
from reserves_gui.chain.policy import Host, Policy, host_of
from reserves_gui.chain.port import unusable
from reserves_gui.chain.wires import Cutter, session, use_cutter
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress

_T = TypeVar("_T")
_R = TypeVar("_R")

_BUSY = frozenset({429, 502, 503, 504})
_PLAIN_TYPES = frozenset({"", "application/json", "text/json", "application/json-rpc", "text/plain"})
_BLOCK = 64 * 1024
# Eight answers may come at once from an own host; only one of them may be larger.
_LARGE = limits.MIB


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and body of one answer; ``type`` is the media type without parameters, lower case. ``own``: of a node
    of the user's, which may tell as much as it wants.
    """

    status: int
    body: bytes
    type: str
    own: bool = False

    @property
    def text(self) -> str:
        """The body as short text without surrounding blanks; refused if it is not UTF-8."""
        try:
            return self.body.decode("utf-8").strip()
        except UnicodeDecodeError:
            raise unusable("chain.answer_json") from None

    def answer(self) -> Answer:
        """The body as JSON. Raises ``source.unusable``, also for a page of another media type."""
        if self.type not in _PLAIN_TYPES and not self.type.endswith("+json"):
            raise unusable("chain.answer_type", type=self.type[:60])
        return read_answer(self.body, own=self.own)


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it left: for the record of a run and for the privacy test. Credentials are never in it."""

    host: str
    method: str
    target: str
    body: bytes


class Budget:
    """How many requests a run may still make to public hosts."""

    def __init__(self, requests_left: int = limits.REQUESTS_PER_RUN) -> None:
        self._left = requests_left
        self._guard = threading.Lock()
        self.spent = 0

    def spend(self, host: Host) -> None:
        """Count one request. Raises ``source.unusable`` when the budget is used up."""
        with self._guard:
            self.spent += 1
            if host.own:
                return
            if self._left <= 0:
                raise unusable("chain.budget_run", limit=self.spent - 1)
            self._left -= 1


class Transport:
    """Connections of one run. Close it when the run ends."""

    def __init__(
        self,
        policy: Policy,
        *,
        clock: Clock | None = None,
        cache: Cache | None = None,
        budget: Budget | None = None,
        record: Callable[[Sent], None] | None = None,
        tls: ssl.SSLContext | None = None,
        answer_seconds: float = limits.ANSWER_SECONDS,
    ) -> None:
        self.policy = policy
        self.clock = clock or Clock()
        self.cache = cache or Cache()
        self.budget = budget or Budget()
        self.answer_seconds = answer_seconds
        self._record = record
        self._tls = tls
        self._lanes: dict[Host, Lane] = {}
        self._sessions: dict[Host, requests.Session] = {}
        self._closing: list[Callable[[], None]] = []
        self._guard = threading.Lock()
        self._large = threading.Lock()

    def lane(self, host: Host) -> Lane:
        """The lane to ``host``, one for the whole run."""
        with self._guard:
            return self._lanes.setdefault(host, Lane(host, self.clock))

    def tls(self) -> ssl.SSLContext:
        """The TLS context: the system's certificates, names checked."""
        with self._guard:
            return self._tls_locked()

    def now(self) -> str:
        """The time of a request, ISO 8601 UTC to the second."""
        return datetime.fromtimestamp(self.clock.today(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def note(self, sent: Sent) -> None:
        """Record a request that is about to leave."""
        if self._record is not None:
            self._record(sent)

    def fetch(
        self,
        url: str,
        progress: Progress,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Reply:
        """One HTTP exchange (POST with a body, else GET), tried again while the server is busy.

        Any status but 429, 502, 503, 504 and redirects comes back as it is. Raises ``source.unusable`` and
        ``cancelled``. ``seconds`` bounds the whole answer, or the wait for its beginning where it is a long one.
        """
        host = host_of(url)
        self.policy.admit(host)
        lane = self.lane(host)
        for attempt in range(limits.REQUEST_TRIES):
            lane.enter(progress)
            try:
                reply, retry_after = self._once(
                    host, url, body, headers or {}, seconds or self.answer_seconds, progress
                )
            except _NoAnswer:
                reply, retry_after = None, None
            except ReservesError as error:
                if is_flood(error):
                    lane.strike()
                raise
            finally:
                lane.leave()
            if reply is not None and reply.status not in _BUSY:
                return reply
            if attempt + 1 < limits.REQUEST_TRIES:
                lane.back_off(attempt, retry_after, progress)
        lane.rest()
        raise unusable("chain.no_answer", host=host.authority)

    def _once(
        self, host: Host, url: str, body: bytes | None, headers: Mapping[str, str], seconds: float, progress: Progress
    ) -> tuple[Reply, str | None]:
        self.budget.spend(host)
        method = "GET" if body is None else "POST"
        self.note(Sent(host.authority, method, url.partition("://")[2].partition("/")[2], body or b""))
        with self._guard:
            if host not in self._sessions:
                self._sessions[host] = session(self._tls_locked(), limits.OWN_HOST_PARALLEL, self.policy.proxy_to(host))
            used = self._sessions[host]

        begun = threading.Event()

        def exchange() -> tuple[Reply, str | None]:
            sent_headers = {"User-Agent": "reserves", "Accept-Encoding": "gzip, identity", **headers}
            if body is not None:
                sent_headers.setdefault("Content-Type", "application/json")
            with used.request(
                method,
                url,
                data=body,
                headers=sent_headers,
                timeout=(limits.CONNECT_SECONDS, max(limits.READ_SECONDS, seconds if body is not None else 0)),
                allow_redirects=False,
                stream=True,
            ) as response:
                begun.set()
                if 300 <= response.status_code < 400:
                    raise unusable("chain.redirect", host=host.authority)
                content = self._bounded(response.raw, host)
                kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                return Reply(response.status_code, content, kind, host.own), response.headers.get("Retry-After")

        return self.guarded(exchange, host, seconds, progress, begun)

    def _bounded(self, raw: urllib3.HTTPResponse, host: Host) -> bytes:
        """The whole body, decompressed, at most 32 MiB. Large ones are read one at a time: memory is bounded, too."""
        parts: list[bytes] = []
        size = 0
        with ExitStack() as alone:
            try:
                while block := raw.read(_BLOCK, decode_content=True):
                    if size <= _LARGE < size + len(block):
                        alone.enter_context(self._large)
                    size += len(block)
                    if size > limits.ANSWER_BYTES:
                        raise unusable("chain.too_large", host=host.authority, limit=limits.ANSWER_BYTES)
                    parts.append(block)
                return b"".join(parts)
            finally:
                # An error keeps its frames, and with them what was read, until the collector finds the cycle.
                parts.clear()

    def _tls_locked(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return self._tls

    def guarded(
        self,
        work: Callable[[], _R],
        host: Host,
        seconds: float,
        progress: Progress,
        begun: threading.Event | None = None,
    ) -> _R:
        """Run blocking ``work`` in a thread that can be cut off: on cancellation at once, else after ``seconds``.

        Once ``begun`` is set, what is left must come within the time of a whole answer.
        """
        cutter = Cutter()
        outcome: list[_R] = []
        failure: list[BaseException] = []
        done = threading.Event()

        def run() -> None:
            use_cutter(cutter)
            try:
                outcome.append(work())
            except (
                ReservesError,
                requests.RequestException,
                urllib3.exceptions.HTTPError,
                OSError,
                ValueError,
            ) as error:
                failure.append(error)
            finally:
                use_cutter(None)
                cutter.close()
                done.set()

        started = self.clock.now()
        end = started + seconds
        threading.Thread(target=run, daemon=True, name="request").start()
        try:
            while not done.wait(limits.CHECKPOINT_SECONDS):
                progress.checkpoint()
                now = self.clock.now()
                if begun is not None and begun.is_set():
                    begun, end = None, min(end, now + self.answer_seconds)
                if now > end:
                    late = unusable("chain.too_slow", host=host.authority, seconds=int(min(seconds, end - started)))
                    raise late  # noqa: TRY301 - the connection is cut below, as on cancellation
            progress.checkpoint()
        except BaseException:
            cutter.cut()
            raise
        if outcome:
            return outcome[0]
        raise _reason(failure[0] if failure else None, host)

    def gather(self, host: Host, work: Callable[[_T], _R], items: Sequence[_T], progress: Progress) -> Iterator[_R]:
        """``work`` over ``items`` in their order: one after another for public hosts, eight at once for own ones."""
        width = self.lane(host).width
        if width == 1 or len(items) < 2:
            for item in items:
                progress.checkpoint()
                yield work(item)
            return
        with ThreadPoolExecutor(width, thread_name_prefix="ask") as pool:
            for start in range(0, len(items), 8 * width):
                yield from pool.map(work, items[start : start + 8 * width])
                progress.checkpoint()

    def close_with(self, close: Callable[[], None]) -> None:
        """Call ``close`` when the run ends (a connection that a source keeps)."""
        with self._guard:
            self._closing.append(close)

    def close(self) -> None:
        """Close all connections."""
        with self._guard:
            for close in self._closing:
                close()
            self._closing.clear()
            for used in self._sessions.values():
                used.close()
            self._sessions.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _NoAnswer(Exception):  # noqa: N818 - not an error yet: it is tried again
    """The connection failed or timed out."""


def _reason(failure: BaseException | None, host: Host) -> BaseException:
    """What a failed exchange means: a certificate is final, a broken connection may be tried again."""
    if isinstance(failure, ReservesError):
        return failure
    chain: list[BaseException] = []
    waiting = failure
    while waiting is not None and len(chain) < 10:
        chain.append(waiting)
        inner = [value for value in waiting.args if isinstance(value, BaseException)]
        inner += [value for value in (getattr(waiting, "reason", None),) if isinstance(value, BaseException)]
        waiting = next(iter(inner), waiting.__cause__)
    if any(isinstance(error, ssl.SSLCertVerificationError) for error in chain):
        return unusable("chain.certificate", host=host.authority)
    if any(isinstance(error, ssl.SSLError) for error in chain):
        return unusable("chain.tls", host=host.authority)
    if any(isinstance(error, ConnectionRefusedError | socket.gaierror) for error in chain):
        return unusable("chain.refused", host=host.authority)
    return _NoAnswer()


def is_flood(error: ReservesError) -> bool:
    """Whether an answer was cut off because it took too long or was too large."""
    return error.message.key in ("chain.too_slow", "chain.too_large")
