"""Where did you get the published root? Paste it, or open the file or page that holds it."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from reserves_gui.gui.theme import Role, Theme, role_font
from reserves_gui.gui.widgets.buttons import Button, row
from reserves_gui.gui.widgets.text import Prose, set_tone
from reserves_gui.gui.words import Words

_HEX = frozenset("0123456789abcdefABCDEF")


class RootEntry(QWidget):
    """A field for the root and a button for the published file. A root is looked up as soon as it is complete."""

    given = Signal(str)
    """A root of hex digits, as typed."""

    def __init__(self, theme: Theme, words: Words, open_published: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._digits = 64
        self._last = ""
        self.field = QLineEdit()
        # The hint is words and needs less room in the interface font; a root is set in the fixed one.
        self.field.textChanged.connect(lambda text: self.field.setFont(role_font(Role.MONO if text else Role.BODY)))
        self.field.setAccessibleName(words("window.root.field"))
        self.field.setPlaceholderText(words("window.root.placeholder"))
        self.field.setClearButtonEnabled(False)
        self.open = Button(theme, words("window.root.open"), open_published)
        self._hint = Prose("", Role.SMALL, "failed")
        self._hint.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row(self.field, self.open))
        column.addWidget(self._hint)
        self.field.textEdited.connect(self._typed)
        self.field.returnPressed.connect(self._done)
        self.field.editingFinished.connect(self._done)

    def expect(self, digits: int, shown: str) -> None:
        """Roots of this format have ``digits`` hex digits; ``shown`` is the root given so far."""
        self._digits = digits
        self._last = shown
        self.field.setText(shown)
        self._say("")

    def _clean(self) -> str:
        return "".join(self.field.text().split()).removeprefix("0x").removeprefix("0X")

    def _typed(self) -> None:
        if len(self._clean()) == self._digits:
            self._done()
        elif self._hint.isVisible():
            self._say("")

    def _done(self) -> None:
        text = self._clean()
        if not text or text == self._last:
            return
        if not set(text) <= _HEX:
            self._say(self._words("window.root.not_hex"))
        elif len(text) != self._digits:
            self._say(self._words("window.root.length", digits=self._digits, given=len(text)))
        else:
            self._say("")
            self._last = text
            self.given.emit(text)

    def _say(self, text: str) -> None:
        self._hint.set_plain(text)
        self._hint.setVisible(bool(text))
        set_tone(self.field, "yes" if text else "no", "wrong")
