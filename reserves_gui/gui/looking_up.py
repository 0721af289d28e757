"""Looking balances up from the window: sources, the offline switch, one question a host, the job."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from reserves_gui.errors import ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.jobs import Fetch
from reserves_gui.gui.session import Result
from reserves_gui.progress import Progress

if TYPE_CHECKING:
    from reserves_gui.services.probed import NamedSource
    from reserves_gui.services.two_looks import TwoLooks
    from reserves_gui.services.verify import VerifyRequest


class Refusal(StrEnum):
    """Why nobody is asked."""

    OFFLINE = "offline"
    DECLINED = "declined"


def refused_host(
    context: Context,
    hosts: Sequence[str],
    learns: str,
    over: QWidget,
    learns_not: str = "",
    *,
    proxy: str | None = None,
) -> tuple[Refusal, str] | None:
    """Why ``hosts`` may not be asked, with the hosts it is about; None where all of them may.

    Each that is not remembered is a question to the user, with what it would learn and what it would not. ``proxy``:
    the one they are asked through, empty for none; the one of the settings where it is not given.
    """
    if hosts and not context.network.online:
        return Refusal.OFFLINE, ", ".join(hosts)
    for host in hosts:
        if not may_ask(context, host, learns, over, learns_not, proxy=proxy):
            return Refusal.DECLINED, host
    # The switch may have been flipped while a question was open.
    return (Refusal.OFFLINE, "") if hosts and not context.network.online else None


def may_ask(
    context: Context, host: str, learns: str, over: QWidget, learns_not: str = "", *, proxy: str | None = None
) -> bool:
    """Whether ``host`` may be asked: remembered, or answered now. ``learns``: what it would learn, in a sentence."""
    if host in context.settings.allowed_hosts:
        return True
    from reserves_gui.gui.dialogs.host_question import HostQuestion

    through = context.settings.proxy if proxy is None else proxy
    return bool(HostQuestion(context, host, learns, over, learns_not, proxy=through).exec())


class LookUp(QObject):
    """One look-up at a time. Nothing is contacted while the window is offline, and no host without consent."""

    began = Signal()
    ended = Signal()
    """The job is over, or was given up."""
    seen = Signal(object, object)
    """The :class:`Result` that was asked about and the :class:`TwoLooks` it came to."""
    offline = Signal(str)
    """It needs the network while the window is offline; the hosts it would have asked."""
    declined = Signal(str)
    """The user did not let this host be asked."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._over = parent
        self._typed: tuple[str, ...] = ()
        self._moment: int | None = None
        self._online_job = False
        self._running = False
        context.network.changed.connect(self._network_changed)
        context.session.jobs.finished.connect(self._job_over)

    @property
    def running(self) -> bool:
        """Whether a look-up is under way."""
        return self._running

    def choose_sources(self) -> bool:
        """Ask for the sources; whether there are any now."""
        from reserves_gui.gui.dialogs.sources import SourcesDialog

        dialog = SourcesDialog(self._context, self._over)
        if dialog.exec():
            # Passwords live in this run only; what is remembered has none.
            self._typed = dialog.sources
        return bool(self._sources())

    def start(self, result: Result, moment: int | None = None) -> None:
        """Look up what ``result`` lists. ``moment`` (seconds UTC): what it is to be held against was counted then."""
        self._moment = moment
        if not self._sources() and not self.choose_sources():
            return
        sources = self._sources()

        def work() -> object:
            from reserves_gui.services.probed import named_sources

            return named_sources(sources)

        Fetch(work, lambda found: self._named(result, found), self)

    def _sources(self) -> tuple[str, ...]:
        return self._typed or self._context.settings.sources

    def _named(self, result: Result, found: object) -> None:
        if isinstance(found, ReservesError):
            self._context.complain(found)
            return
        assert isinstance(found, tuple)
        named: tuple[NamedSource, ...] = found
        hosts = tuple(dict.fromkeys(one.host for one in named if one.host is not None))
        words, addresses = self._context.words, len(result.rows or ())
        learns = words("window.host.learns_listed")
        if addresses:
            learns = words("window.host.learns", count=addresses)
        refusal = refused_host(self._context, hosts, learns, self._over)
        if refusal is not None:
            kind, host = refusal
            (self.offline if kind is Refusal.OFFLINE else self.declined).emit(host)
            return
        self._run(result, tuple(one.text for one in named), bool(hosts))

    def _run(self, result: Result, sources: tuple[str, ...], online: bool) -> None:  # noqa: FBT001 - asks hosts or not
        context = self._context
        self._online_job = online

        def done(found: object) -> None:
            self.seen.emit(result, found)

        context.run(context.words("window.look.title"), self._work(result, sources, online=online), done)
        self._running = True
        self.began.emit()

    def _work(self, result: Result, sources: tuple[str, ...], *, online: bool) -> "Callable[[Progress], TwoLooks]":
        request: VerifyRequest = result.request
        engine, told, moment = self._context.session.engine, self._context.network.contacted, self._moment

        def work(progress: Progress) -> "TwoLooks":
            from reserves_gui.services.balances import BalancesRequest
            from reserves_gui.services.judging import wallets_request
            from reserves_gui.services.keeping import cache_folder

            asked = BalancesRequest(
                files=request.files,
                pasted=request.pasted,
                sources=sources,
                moment=moment,
                format=request.format,
                offline=not online,
                told=told,
                cache_folder=cache_folder(),
                owners=wallets_request(request),
            )
            return engine.look_twice(asked, progress)

        return work

    def _job_over(self, _job: object) -> None:
        if self._running:
            self._running = self._online_job = False
            self.ended.emit()

    def _network_changed(self) -> None:
        if self._running and self._online_job and not self._context.network.online:
            self._context.session.jobs.cancel()
