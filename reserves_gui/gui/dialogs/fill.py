"""From when to when, and how often, the past of listed wallets is to be looked at."""

import datetime as dt
import time

from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from reserves_gui.errors import ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.text import Prose, label

_DAYS = 180
"""Half a year: enough for the test of balances around a snapshot."""


class FillDialog(Dialog):
    """``start``, ``end`` and ``hours`` as typed; accepted only if they can be used."""

    def __init__(self, context: Context, exchange: str, parent: QWidget | None) -> None:
        words = context.words
        title = words("window.fill.title", exchange=exchange)
        super().__init__(context, title, words("window.fill.sentence"), parent, width=520)
        first = dt.datetime.now(dt.UTC) - dt.timedelta(days=_DAYS)
        self.fields: dict[str, QLineEdit] = {}
        form = QFormLayout()
        form.setVerticalSpacing(8)
        for name, text, hint in (
            ("start", first.strftime("%Y-%m-%d"), "2026-05-01"),
            ("end", "", words("window.fill.now")),
            ("hours", "24", "24"),
        ):
            field = QLineEdit(text)
            field.setPlaceholderText(hint)
            field.setAccessibleName(words(f"window.fill.{name}"))
            field.setMaximumWidth(160)
            self.fields[name] = field
            form.addRow(label(words(f"window.fill.{name}"), Role.BODY, "text"), field)
        self.body.addLayout(form)
        self.body.addWidget(Prose(words("window.fill.cost"), Role.SMALL, "text3"))
        self.problem = Prose("", Role.BODY, "failed")
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.add_cancel()
        self.load = self.add_button(words("window.fill.load"), primary=True)
        self.load.clicked.connect(self._look_over)

    @property
    def start(self) -> str:
        """The first day."""
        return self.fields["start"].text().strip()

    @property
    def end(self) -> str | None:
        """The last day, None: until now."""
        return self.fields["end"].text().strip() or None

    @property
    def hours(self) -> int:
        """From one round to the next; zero where it is no number."""
        text = self.fields["hours"].text().strip()
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0

    def _look_over(self) -> None:
        from reserves_gui.services.history_fill import FillRequest, wanted_times

        try:
            wanted_times(FillRequest(start=self.start, end=self.end, hours=self.hours), int(time.time()))
        except ReservesError as error:
            self.problem.set_plain(self.context.words.render(error.message))
            self.problem.show()
            self.grow()
            return
        self.accept()
