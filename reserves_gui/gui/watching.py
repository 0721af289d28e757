"""Watching from the window: a look every hour at the newest list of one exchange, alerts as desktop notifications.

It starts only when the user turns it on, asks no host without consent, and stops when the window goes offline. Every
look and every alert is kept in the store, as `reserves watch` keeps them.
"""

import datetime as dt
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from reserves_gui.errors import ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.icons import Icon, icon
from reserves_gui.gui.jobs import Fetch, Jobs
from reserves_gui.gui.looking_up import Refusal, refused_host
from reserves_gui.messages import say
from reserves_gui.progress import Progress

if TYPE_CHECKING:
    from reserves_gui.services.watch import Round

MINUTES = 60


class Watching(QObject):
    """On for one exchange, or off."""

    looked = Signal(object)
    """A :class:`Round` ended."""
    rests = Signal(str)
    """What is watched until the next look, for the status bar."""
    stopped = Signal(str)
    """Watching went off by itself; why."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._over = parent
        # Apart from the window's jobs: a look must not end a verification under way.
        self._jobs = Jobs(self)
        self._exchange = ""
        self._sources: tuple[str, ...] = ()
        self._tray: QSystemTrayIcon | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(MINUTES * 60_000)
        self._timer.timeout.connect(self.look)
        context.network.changed.connect(self._network_changed)

    @property
    def exchange(self) -> str:
        """The exchange that is watched; empty while off."""
        return self._exchange

    @property
    def in_tray(self) -> bool:
        """Whether an icon in the tray keeps the program at hand without its window."""
        return self._tray is not None and self._tray.isVisible()

    def start(self, exchange: str) -> None:
        """Watch ``exchange``, once all its hosts may be asked."""
        sources = self._context.settings.sources
        if not sources:
            self._off(self._context.words("window.watch.no_sources"))
            return
        self._exchange = exchange

        def work() -> object:
            from reserves_gui.services.probed import named_sources

            return named_sources(sources)

        Fetch(work, self._named, self)

    def stop(self) -> None:
        """Watch no longer."""
        self._exchange = ""
        self._timer.stop()
        self._jobs.supersede()
        if self._tray is not None:
            self._tray.hide()

    def look(self) -> None:
        """One round, now."""
        exchange, sources = self._exchange, self._sources
        settings, network = self._context.settings, self._context.network
        thresholds, online = settings.thresholds, network.online

        def work(progress: Progress) -> object:
            from reserves_gui.services.keeping import cache_folder
            from reserves_gui.services.watch import WatchRequest, watch_round

            request = WatchRequest(
                exchange=exchange,
                sources=sources,
                thresholds=thresholds,
                offline=not online,
                told=network.contacted,
                cache_folder=cache_folder(),
            )
            return watch_round(request, progress)

        self._jobs.start(say("window.job.verify"), work, done=self._done, failed=self._failed)

    def _named(self, found: object) -> None:
        if isinstance(found, ReservesError):
            self._failed(found)
            return
        assert isinstance(found, tuple)
        hosts = tuple(dict.fromkeys(one.host for one in found if one.host is not None))
        refusal = refused_host(self._context, hosts, self._context.words("window.host.learns_listed"), self._over)
        if refusal is not None:
            kind, host = refusal
            key = "window.watch.offline" if kind is Refusal.OFFLINE else "window.watch.declined"
            self._off(self._context.words(key, hosts=host, host=host))
            return
        self._sources = tuple(one.text for one in found)
        self._show_in_tray()
        self._timer.start()
        self.look()

    def _done(self, found: Any) -> None:
        made: Round = found
        if self._tray is not None:
            for alert in made.alerts:
                self._tray.showMessage(made.exchange, self._context.words.render(alert.message))
        self.looked.emit(made)
        soon = dt.datetime.now(dt.UTC) + dt.timedelta(milliseconds=max(0, self._timer.remainingTime()))
        words = self._context.words
        self.rests.emit(
            words("window.watch.status", exchange=made.exchange, minutes=MINUTES, time=soon.strftime("%H:%M"))
        )

    def _failed(self, error: ReservesError) -> None:
        self._off(self._context.words.render(error.message))

    def _off(self, why: str) -> None:
        self.stop()
        self.stopped.emit(why)

    def _show_in_tray(self) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(icon(Icon.BELL, self._context.theme.tokens.accent, 32), self)
            self._tray.activated.connect(lambda _reason: self._over.window().show())
        self._tray.setToolTip(self._context.words("window.watch.on", exchange=self._exchange, minutes=MINUTES))
        self._tray.show()

    def _network_changed(self) -> None:
        if self._exchange and self._sources and not self._context.network.online:
            self._off(self._context.words("window.watch.went_offline"))
