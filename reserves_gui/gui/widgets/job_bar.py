"""The running job: name, bar, how far, how long still, Cancel."""

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from reserves_gui.gui.theme import Role, Theme
from reserves_gui.gui.widgets.buttons import Button
from reserves_gui.gui.widgets.text import Elided, label
from reserves_gui.gui.words import Words
from reserves_gui.progress import Step

_PARTS = 1000


def time_left(step: Step) -> float | None:
    """Seconds until the stage ends at the rate so far; None while that is a guess."""
    if step.total is None or step.done <= 0 or step.seconds < 0.5 or step.done > step.total:
        return None
    return step.seconds * (step.total - step.done) / step.done


def duration(words: Words, seconds: float) -> str:
    """A rough duration in words."""
    if seconds < 9.95:
        return words("window.seconds", count=words.amount(f"{max(seconds, 0.1):.1f}"))
    if seconds < 90:
        return words("window.seconds", count=max(1, round(seconds)))
    if seconds < 5400:
        return words("window.minutes", count=round(seconds / 60))
    return words("window.hours", count=round(seconds / 3600))


def standing(words: Words, step: Step) -> str:
    """How far a step is, in words."""
    if step.total is None or step.total <= 0:
        return ""
    percent = min(100, step.done * 100 // step.total)
    left = time_left(step)
    if left is None:
        return words("window.job.percent", percent=percent)
    return words("window.job.percent_left", percent=percent, left=duration(words, left))


def set_bar(bar: QProgressBar, step: Step | None) -> None:
    """Show ``step`` on ``bar``; without a total the bar stays at what is known: nothing."""
    done = 0 if step is None or not step.total else min(_PARTS, step.done * _PARTS // step.total)
    bar.setRange(0, _PARTS)
    bar.setValue(done)


class JobBar(QWidget):
    """The job's part of the status bar."""

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__()
        self._words = words
        self.text = Elided(words("window.job.none"), Role.SMALL, "text2")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(160)
        self.bar.setAccessibleName(words("window.job.progress"))
        self.standing = label("", Role.SMALL, "text2")
        self.cancel = Button(theme, words("window.job.cancel"), size="status")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.text)
        line.addWidget(self.bar)
        line.addWidget(self.standing)
        line.addWidget(self.cancel)
        line.addStretch(1)
        self.rest(words("window.job.none"))

    def begin(self, title: str) -> None:
        """A job runs."""
        self.text.set_full(title)
        self.standing.setText("")
        set_bar(self.bar, None)
        self.cancel.setEnabled(True)
        for widget in (self.bar, self.standing, self.cancel):
            widget.show()

    def step(self, step: Step) -> None:
        """The job stands at ``step``."""
        self.text.set_full(self._words.render(step.stage))
        set_bar(self.bar, step)
        self.standing.setText(standing(self._words, step))

    def stopping(self) -> None:
        """Cancel was asked for."""
        self.cancel.setEnabled(False)
        self.standing.setText(self._words("window.job.stopping"))

    def rest(self, text: str) -> None:
        """Nothing runs; ``text`` says how the last job ended."""
        self.text.set_full(text)
        for widget in (self.bar, self.standing, self.cancel):
            widget.hide()
