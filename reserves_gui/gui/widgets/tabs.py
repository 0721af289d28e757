"""Jump marks into one page: the tabs of My balance."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reserves_gui.gui.theme import Role, Theme, role_font
from reserves_gui.gui.widgets.buttons import Button
from reserves_gui.gui.widgets.text import Rule


class JumpMarks(QWidget):
    """A row of words, one marked. Arrow keys move between them."""

    jumped = Signal(int)

    def __init__(self, theme: Theme, names: Sequence[str]) -> None:
        super().__init__()
        self._names = list(names)
        self._buttons: list[Button] = []
        self._counts: dict[int, int] = {}
        self._gap = 20
        self._line = QHBoxLayout()
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(20)
        for at, name in enumerate(names):
            button = Button(theme, name, partial(self._jump, at), kind="tab")
            button.setCheckable(True)
            button.setAutoExclusive(True)
            self._buttons.append(button)
            self._line.addWidget(button)
            self._widen(button)
        self._line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._line)
        column.addWidget(Rule())
        self._buttons[0].setChecked(True)

    def set_counts(self, counts: dict[int, int]) -> None:
        """Numbers beside names."""
        self._counts = counts
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as fits."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where the words of a language are too long for the row, the gaps shrink, then the numbers go."""
        for counts, gap in ((self._counts, self._gap), (self._counts, 6), ({}, 6)):
            self._line.setSpacing(gap)
            for at, button in enumerate(self._buttons):
                number = counts.get(at)
                button.setText(self._names[at] if number is None else f"{self._names[at]}  {number}")
                button.setAccessibleName(self._names[at])
                self._widen(button)
            taken = sum(button.minimumWidth() for button in self._buttons) + gap * (len(self._buttons) - 1)
            if taken <= self.width():
                break

    def _widen(self, button: Button) -> None:
        # The marked word is bolder: room for that is kept, so that nothing moves or is cut.
        font = role_font(Role.NAME)
        button.setFixedWidth(QFontMetrics(font).horizontalAdvance(button.text()) + 6)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact gaps."""
        self._gap = 12 if narrow else 20
        self._fit()

    def mark(self, at: int) -> None:
        """Mark a word without jumping."""
        self._buttons[at].setChecked(True)

    def _jump(self, at: int) -> None:
        self.mark(at)
        self.jumped.emit(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the focus."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        focused = next((at for at, button in enumerate(self._buttons) if button.hasFocus()), None)
        if step is None or focused is None:
            super().keyPressEvent(event)
            return
        self._buttons[(focused + step) % len(self._buttons)].setFocus(Qt.FocusReason.TabFocusReason)
