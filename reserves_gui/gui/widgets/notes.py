"""What else is to be said of a result: dated warnings about its format, and remarks on this run."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reserves_gui.gui.icons import Icon
from reserves_gui.gui.theme import Role, Theme
from reserves_gui.gui.widgets.buttons import IconMark
from reserves_gui.gui.widgets.card import Card
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.gui.words import Words
from reserves_gui.messages import Message
from reserves_gui.verdict import Verdict


class NotesCard(Card):
    """One line a message, warnings first; hidden where there are none."""

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__(margin=16, spacing=8)
        self._theme = theme
        self._words = words
        self._content: QWidget | None = None
        self.setAccessibleName(words("report.notes"))
        self.hide()

    def show_verdict(self, verdict: Verdict) -> None:
        """Show the warnings and notes of ``verdict``."""
        if self._content is not None:
            self.body.removeWidget(self._content)
            self._content.hide()
            self._content.deleteLater()
            self._content = None
        self.setVisible(bool(verdict.warnings or verdict.notes))
        if self.isHidden():
            return
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for tone, messages in (("partial", verdict.warnings), ("text2", verdict.notes)):
            for message in dict.fromkeys(messages):
                column.addWidget(self._line(message, tone))
        self.body.addWidget(self._content)

    def _line(self, message: Message, tone: str) -> QWidget:
        line = QWidget()
        inside = QHBoxLayout(line)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        symbol = Icon.ALERT if tone == "partial" else Icon.INFO
        inside.addWidget(IconMark(self._theme, symbol, 20, tone), 0, Qt.AlignmentFlag.AlignTop)
        inside.addWidget(Prose(self._words.render(message), Role.BODY, "text").selectable(), 1)
        return line
