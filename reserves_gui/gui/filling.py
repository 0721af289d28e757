"""The past of an exchange's listed wallets, looked at from the window: sources, consent, a job that can be stopped."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from reserves_gui.errors import ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.jobs import Fetch
from reserves_gui.gui.looking_up import Refusal, refused_host
from reserves_gui.gui.pictures.time_model import iso
from reserves_gui.messages import visible
from reserves_gui.progress import Progress

if TYPE_CHECKING:
    from reserves_gui.services.history_fill import Filled
    from reserves_gui.services.probed import NamedSource


class Filling(QObject):
    """``told`` gets a sentence of what came of it, ``look`` reads the store anew: what was kept before a stop stays."""

    def __init__(self, context: Context, over: QWidget, told: Callable[[str], None], look: Callable[[], None]) -> None:
        super().__init__(over)
        self._context = context
        self._over = over
        self._told = told
        self._look = look
        self._running = self._online_job = False
        context.session.jobs.finished.connect(self._job_over)
        context.network.changed.connect(self._network_changed)

    def ask(self, exchange: str) -> None:
        """Let the user say which time, then look."""
        from reserves_gui.gui.dialogs.fill import FillDialog

        if not exchange:
            return
        if not self._context.settings.sources:
            self._told(self._context.words("window.watch.no_sources"))
            return
        dialog = FillDialog(self._context, visible(exchange), self._over)
        if dialog.exec():
            self.start(exchange, dialog.start, dialog.end, dialog.hours)

    def start(self, exchange: str, start: str, end: str | None, hours: int) -> None:
        """Look at every ``hours`` hours from ``start`` to ``end`` (dates) once all hosts may be asked."""
        sources = self._context.settings.sources

        def name() -> object:
            from reserves_gui.services.probed import named_sources

            return named_sources(sources)

        def named(found: object) -> None:
            if isinstance(found, ReservesError):
                self._context.complain(found)
                return
            assert isinstance(found, tuple)
            self._named(found, exchange, (start, end, hours))

        Fetch(name, named, self)

    def _named(self, found: "tuple[NamedSource, ...]", exchange: str, wanted: tuple[str, str | None, int]) -> None:
        context, words = self._context, self._context.words
        hosts = tuple(dict.fromkeys(one.host for one in found if one.host is not None))
        refusal = refused_host(context, hosts, words("window.host.learns_listed"), self._over)
        if refusal is not None:
            kind, host = refusal
            key = "window.look.offline" if kind is Refusal.OFFLINE else "window.look.declined"
            self._told(words(key, hosts=visible(host), host=visible(host)))
            return
        start, end, hours = wanted
        texts, contacted, online = tuple(one.text for one in found), context.network.contacted, context.network.online

        def work(progress: Progress) -> object:
            from reserves_gui.services.history_fill import FillRequest, fill
            from reserves_gui.services.keeping import cache_folder

            request = FillRequest(
                start=start,
                end=end,
                hours=hours,
                exchange=exchange,
                sources=texts,
                offline=not online,
                cache_folder=cache_folder(),
                told=contacted,
            )
            return fill(request, progress)

        self._told("")
        self._running, self._online_job = True, bool(hosts)
        context.run(words("window.fill.title", exchange=visible(exchange)), work, self._done)

    def _done(self, made: object) -> None:
        found: Filled = made  # type: ignore[assignment]
        words = self._context.words
        told = [words("fill.none", exchange=found.exchange)]
        if found.kept:
            first, last = (words.row_time(iso(time)) for time in (found.kept[0], found.kept[-1]))
            count = len(found.kept)
            told = [words("fill.kept", count=count, exchange=found.exchange, first=first, last=last)]
        if found.before:
            told.append(words("fill.before", count=found.before))
        if found.stopped is not None:
            told.append(words("window.fill.stopped", why=words.render(found.stopped)))
        if isValid(self):
            self._told(" ".join(told))

    def _job_over(self, _job: object) -> None:
        if self._running:
            self._running = False
            self._look()

    def _network_changed(self) -> None:
        if self._running and self._online_job and not self._context.network.online:
            self._context.session.jobs.cancel()
