"""The alerts of an exchange, newest first, the switch that keeps watching it, and the way to its past."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.pictures.time_model import iso
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button, IconMark
from reserves_gui.gui.widgets.card import TitledCard
from reserves_gui.gui.widgets.text import Prose

if TYPE_CHECKING:
    from reserves_gui.services.over_time import Alert, OverTime

_SHOWN = 8
# Level to icon and tone: a notice is no warning.
_MARKS = {"notice": (Icon.INFO, "text3"), "warning": (Icon.ALERT, "partial"), "critical": (Icon.ALERT, "failed")}


class AlertsCard(TitledCard):
    """Watching on top, then one line an alert: what happened, when, whether its rule still holds."""

    def __init__(
        self, context: Context, flip: Callable[[], None], thresholds: Callable[[], None], fill: Callable[[], None]
    ) -> None:
        words, theme = context.words, context.theme
        link = Button(theme, words("window.over_time.thresholds"), thresholds, kind="link")
        super().__init__(words("window.over_time.alerts"), "", link)
        self._context = context
        self.watch = Button(theme, words("window.watch.start"), flip, symbol=Icon.BELL)
        self.watched = Prose("", Role.SMALL, "text3")
        self.watched.hide()
        self.body.addWidget(self.watch)
        self.body.addWidget(self.watched)
        self.fill = Button(theme, words("window.fill.ask"), fill, kind="link")
        self.filled = Prose("", Role.SMALL, "text3")
        self.filled.hide()
        self.body.addWidget(self.fill)
        self.body.addWidget(self.filled)
        self._lines: QWidget | None = None

    def tell_watching(self, text: str, *, on: bool) -> None:
        """Whether the exchange is watched, and what came of it; an empty text says nothing."""
        self.watch.setText(self._context.words("window.watch.stop" if on else "window.watch.start"))
        self.watched.set_plain(text)
        self.watched.setVisible(bool(text))

    def tell_filled(self, text: str) -> None:
        """What came of looking at the past; an empty text says nothing."""
        self.filled.set_plain(text)
        self.filled.setVisible(bool(text))

    def show_alerts(self, found: "OverTime") -> None:
        """The newest alerts of the range shown."""
        if self._lines is not None:
            self.body.removeWidget(self._lines)
            self._lines.hide()
            self._lines.deleteLater()
        self._lines = QWidget()
        column = QVBoxLayout(self._lines)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        newest = sorted(found.alerts, key=lambda one: -one.time)[:_SHOWN]
        for one in newest:
            column.addWidget(self._line(one, is_open=one in found.open_alerts))
        if not newest:
            words = self._context.words
            column.addWidget(Prose(words("window.over_time.no_alerts"), Role.SMALL, "text3"))
        self.body.addWidget(self._lines)

    def _line(self, one: "Alert", *, is_open: bool) -> QWidget:
        words = self._context.words
        icon, tone = _MARKS[one.level]
        line = QWidget()
        inside = QHBoxLayout(line)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(IconMark(self._context.theme, icon, 16, tone), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(Prose(words.render(one.message), Role.BODY, "text").selectable())
        state = "open" if is_open else "over"
        level = words(f"watch.level.{one.level}")
        when = words.short_time(iso(one.time))
        told = words("window.over_time.alert_line", level=level, time=when, state=words(f"window.over_time.{state}"))
        texts.addWidget(Prose(told, Role.SMALL, "text3"))
        inside.addLayout(texts, 1)
        return line
