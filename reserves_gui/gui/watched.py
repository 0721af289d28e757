"""Watching as the Over time page shows it: what came of a look, alerts that no tray tells, what closing would end."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.pictures.time_model import iso
from reserves_gui.gui.watching import MINUTES, Watching
from reserves_gui.gui.widgets.alerts_card import AlertsCard
from reserves_gui.messages import visible

if TYPE_CHECKING:
    from reserves_gui.gui.dialogs.watching import AlertNotices


class Watched(QObject):
    """Between :class:`Watching` and the page ``over``, whose ``card`` has the switch; ``look`` reads the store anew."""

    def __init__(self, context: Context, over: QWidget, card: AlertsCard, look: Callable[[], None]) -> None:
        super().__init__(over)
        self._context = context
        self._over = over
        self._card = card
        self._look = look
        self.notices: AlertNotices | None = None
        self.watching = Watching(context, over)
        self.watching.looked.connect(self._looked)
        self.watching.stopped.connect(self._stopped)
        self.watching.untold.connect(self._untold)

    def flip(self, exchange: str) -> None:
        """Watch ``exchange``, or stop what is watched."""
        if self.watching.exchange:
            self.watching.stop()
            self._card.tell_watching("", on=False)
            return
        if not exchange:
            return
        words = self._context.words
        self._card.tell_watching(words("window.watch.on", exchange=exchange, minutes=MINUTES), on=True)
        self.watching.start(exchange)

    def may_close(self) -> bool:
        """Whether the window may go: not yet where watching goes on in the tray, or where the user is asked first."""
        watching = self.watching
        app = QGuiApplication.instance()
        leaving = isinstance(app, QGuiApplication) and app.isSavingSession()
        if not watching.exchange or leaving:
            return True
        if watching.in_tray:
            watching.say_hidden()
            self._over.window().hide()
            return False
        from reserves_gui.gui.dialogs.watching import ClosingDialog

        def stop() -> None:
            watching.stop()
            self._over.window().close()

        ClosingDialog(self._context, watching.exchange, self._over.window(), stop).show_over()
        return False

    def _untold(self, made: Any) -> None:
        from reserves_gui.gui.dialogs.watching import AlertNotices

        if self.notices is None:
            self.notices = AlertNotices(self._context, self._over.window())
        self.notices.add(made)

    def _looked(self, made: Any) -> None:
        words = self._context.words
        key = "window.watch.nothing" if made.empty else "window.watch.looked"
        time, exchange = words.time(iso(made.time)), made.exchange
        told = [words(key, exchange=exchange, time=time, alerts=len(made.alerts), minutes=MINUTES)]
        for source, why in made.unpriced:
            told.append(words("window.watch.unpriced", source=visible(source), why=words.render(why)))
        told.append(self.watching.without_prices)
        self._card.tell_watching(" ".join(one for one in told if one), on=True)
        self._look()

    def _stopped(self, why: str) -> None:
        self._card.tell_watching(why, on=False)
