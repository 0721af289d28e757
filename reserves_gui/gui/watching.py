"""Watching from the window: a look every hour at the newest list of one exchange, alerts as desktop notifications.

It starts only when the user turns it on, asks no host without consent, and stops when the window goes offline. Every
look and every alert is kept in the store, as `reserves watch` keeps them. Prices are asked only by sources that the
user named and hosts she lets be asked; without them watching goes on, and nothing is said about sums over assets. On a
desktop without a tray alerts come as a notice in the window, which stays until it is closed.
"""

import datetime as dt
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from reserves_gui.errors import ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.icons import Icon, icon
from reserves_gui.gui.jobs import Fetch, Jobs
from reserves_gui.gui.looking_up import Refusal, refused_host
from reserves_gui.messages import say, visible
from reserves_gui.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reserves_gui.services.probed import NamedSource
    from reserves_gui.services.watch import Round

MINUTES = 60


def _hosts(named: "Sequence[NamedSource]") -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.host for one in named if one.host is not None))


class Watching(QObject):
    """On for one exchange, or off."""

    looked = Signal(object)
    """A :class:`Round` ended."""
    rests = Signal(str)
    """What is watched until the next look, for the status bar."""
    stopped = Signal(str)
    """Watching went off by itself; why."""
    untold = Signal(object)
    """A :class:`Round` with alerts that no tray can tell."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._over = parent
        # Apart from the window's jobs: a look must not end a verification under way.
        self._jobs = Jobs(self)
        self._exchange = ""
        self._sources: tuple[str, ...] = ()
        self._prices: tuple[str, ...] = ()
        self.without_prices = ""
        """Why the named price sources are not asked; empty where they are, or where there are none."""
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
        prices = self._context.settings.price_sources

        def work() -> object:
            from reserves_gui.services.prices import named_price_sources
            from reserves_gui.services.probed import named_sources

            return named_sources(sources), named_price_sources(prices)

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
        exchange, sources, prices = self._exchange, self._sources, self._prices
        settings, network = self._context.settings, self._context.network
        thresholds, online = settings.thresholds, network.online

        def work(progress: Progress) -> object:
            from reserves_gui.services.keeping import cache_folder
            from reserves_gui.services.watch import WatchRequest, watch_round

            request = WatchRequest(
                exchange=exchange,
                sources=sources,
                prices=prices,
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
        named: tuple[tuple[NamedSource, ...], tuple[NamedSource, ...]] = found
        sources, prices = named
        words = self._context.words
        refusal = refused_host(self._context, _hosts(sources), words("window.host.learns_listed"), self._over)
        if refusal is not None:
            kind, host = refusal
            key = "window.watch.offline" if kind is Refusal.OFFLINE else "window.watch.declined"
            self._off(words(key, hosts=host, host=host))
            return
        self._sources = tuple(one.text for one in sources)
        learns, learns_not = words("window.host.learns_prices"), words("window.host.learns_not_prices")
        refusal = refused_host(self._context, _hosts(prices), learns, self._over, learns_not)
        self._prices = tuple(one.text for one in prices) if refusal is None else ()
        self.without_prices = ""
        if refusal is not None:
            key = "window.watch.prices_offline" if refusal[0] is Refusal.OFFLINE else "window.watch.prices_declined"
            self.without_prices = words(key, host=visible(refusal[1]))
        self._show_in_tray()
        self._timer.start()
        self.look()

    def _done(self, found: Any) -> None:
        made: Round = found
        if self._tray is not None and self.in_tray:
            for alert in made.alerts:
                self._tray.showMessage(made.exchange, self._context.words.render(alert.message))
        elif made.alerts:
            self.untold.emit(made)
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

    def say_hidden(self) -> None:
        """The window goes and watching goes on: say so where the icon is."""
        if self._tray is not None:
            words = self._context.words
            self._tray.showMessage(self._exchange, words("window.watch.hidden", exchange=self._exchange))

    def _show_in_tray(self) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        words = self._context.words
        if self._tray is None:
            self._tray = QSystemTrayIcon(icon(Icon.BELL, self._context.theme.tokens.accent, 32), self)
            self._tray.activated.connect(lambda _reason: self._over.window().show())
            # Some desktops show nothing of a tray icon but its menu.
            menu = QMenu(self._over)
            menu.addAction(words("window.watch.open"), self._over.window().show)
            menu.addAction(words("window.watch.stop_and_close"), self._stop_and_close)
            self._tray.setContextMenu(menu)
        self._tray.setToolTip(words("window.watch.on", exchange=self._exchange, minutes=MINUTES))
        self._tray.show()

    def _stop_and_close(self) -> None:
        self.stop()
        self._over.window().close()

    def _network_changed(self) -> None:
        if self._exchange and self._sources and not self._context.network.online:
            self._off(self._context.words("window.watch.went_offline"))
