"""A run under way, large: what is read, which stage, how far, how fast, how long still, Cancel."""

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from reserves_gui.gui.theme import Role, Theme
from reserves_gui.gui.widgets.buttons import Button, row
from reserves_gui.gui.widgets.card import Card
from reserves_gui.gui.widgets.job_bar import duration, set_bar, time_left
from reserves_gui.gui.widgets.text import Elided, label
from reserves_gui.gui.words import Words
from reserves_gui.progress import Step


class RunningPanel(QWidget):
    """Shown where the result will stand."""

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__()
        self._words = words
        card = Card()
        self.title = Elided("", Role.TITLE)
        self.stage = Elided("", Role.BODY, "text2")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(words("window.job.progress"))
        self.rate = label("", Role.SMALL, "text2")
        self.left = label("", Role.SMALL, "text2")
        self.cancel = Button(theme, words("window.job.cancel"))
        card.body.addWidget(self.title)
        card.body.addWidget(self.stage)
        card.body.addWidget(self.bar)
        card.body.addLayout(row(self.rate, None, self.left))
        card.body.addSpacing(8)
        card.body.addLayout(row(None, self.cancel))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 16)
        column.addWidget(card)
        column.addStretch(1)

    def begin(self, name: str) -> None:
        """A run over ``name`` began."""
        self.title.set_full(self._words("window.running.title", name=name))
        self.stage.set_full("")
        self.rate.setText("")
        self.left.setText("")
        self.cancel.setEnabled(True)
        set_bar(self.bar, None)

    def step(self, step: Step) -> None:
        """The run stands at ``step``."""
        words = self._words
        self.stage.set_full(words.render(step.stage))
        set_bar(self.bar, step)
        if step.total and step.seconds >= 0.5 and step.done:
            percent = min(100, step.done * 100 // step.total)
            rate = int(step.done / step.seconds)
            self.rate.setText(words("window.running.rate", percent=percent, rate=words.count(rate)))
            left = time_left(step)
            self.left.setText("" if left is None else words("window.running.left", left=duration(words, left)))

    def stopping(self) -> None:
        """Cancel was asked for."""
        self.cancel.setEnabled(False)
        self.left.setText(self._words("window.job.stopping"))
