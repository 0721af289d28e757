"""A look-up under way: what is asked, how far, how fast, how long still."""

from PySide6.QtWidgets import QProgressBar

from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import row
from reserves_gui.gui.widgets.card import TitledCard
from reserves_gui.gui.widgets.job_bar import duration, set_bar, time_left
from reserves_gui.gui.widgets.text import Elided, label
from reserves_gui.gui.words import Words
from reserves_gui.progress import Step


class LookingCard(TitledCard):
    """Hidden unless a look-up runs."""

    def __init__(self, words: Words) -> None:
        super().__init__(words("window.look.title"))
        self._words = words
        self.stage = Elided("", Role.SMALL, "text2")
        self.left = label("", Role.SMALL, "text2")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(words("window.job.progress"))
        self.body.addWidget(self.bar)
        self.body.addLayout(row(self.stage, None, self.left))
        self.hide()

    def begin(self) -> None:
        """A look-up began."""
        self.stage.set_full("")
        self.left.setText("")
        set_bar(self.bar, None)
        self.show()

    def step(self, step: Step) -> None:
        """The look-up stands at ``step``."""
        if not self.isHidden():
            self.stage.set_full(self._words.render(step.stage))
            set_bar(self.bar, step)
            left = time_left(step)
            self.left.setText(
                "" if left is None else self._words("window.running.left", left=duration(self._words, left))
            )

    def stopping(self) -> None:
        """Cancel was asked for."""
        self.left.setText(self._words("window.job.stopping"))
