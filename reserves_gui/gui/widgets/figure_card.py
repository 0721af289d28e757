"""A card of figures: a name at the left, its value at the right, and sentences in between."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.card import TitledCard
from reserves_gui.gui.widgets.text import Elided, Prose, Rule, Value, label

# Letters of a name and an amount that fit one line beside each other in the narrow column.
_LINE = 32
_GAP = 12


class FigureCard(TitledCard):
    """Lines are added from top to bottom; ``clear`` takes all of them away."""

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(title, hint)
        self._table = QWidget()
        self._lines = QVBoxLayout(self._table)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(4)
        self.body.addWidget(self._table)

    def clear(self) -> None:
        """Take all lines away."""
        while self._lines.count():
            item = self._lines.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def add(self, widget: QWidget) -> None:
        """A widget over the whole width."""
        self._lines.addWidget(widget)

    def add_right(self, widget: QWidget) -> None:
        """A widget at the right end of a line of its own."""
        self._lines.addWidget(widget, 0, Qt.AlignmentFlag.AlignRight)

    def rule(self) -> None:
        """A line between what stands above and what follows; nothing where nothing stands above."""
        if self._lines.count():
            self.add(Rule())

    def sentence(self, text: str, tone: str = "text3") -> None:
        """A sentence."""
        self.add(Prose(text, Role.SMALL, tone).selectable())

    def figure(self, name: str, full: str, shown: str, spoken: str) -> None:
        """A figure with its name: ``full`` is copied, ``shown`` stands there, ``spoken`` is read out."""
        self._pair(label(name, Role.SMALL, "text3"), full, shown, spoken, len(name))

    def source(self, name: str, full: str, shown: str, spoken: str) -> None:
        """The same of a source, whose name is shortened where it must be."""
        self._pair(Elided(name, Role.SMALL, "text2"), full, shown, spoken, 0)

    def _pair(self, name: QWidget, full: str, shown: str, spoken: str, length: int) -> None:
        value = Value(full, shown=shown)
        value.setAccessibleName(spoken)
        if length + len(shown) > _LINE:
            self.add(name)
            self.add_right(value)
            return
        pair = QWidget()
        line = QHBoxLayout(pair)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(_GAP)
        line.addWidget(name, 1)
        line.addWidget(value)
        self.add(pair)
