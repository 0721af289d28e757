"""One check of a claim: glyph, name and reason; a failed one shows what was expected and what was seen in a box."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from reserves_gui.gui.glyphs import of_outcome
from reserves_gui.gui.theme import Role, Theme
from reserves_gui.gui.widgets.buttons import GlyphMark
from reserves_gui.gui.widgets.text import Prose, Value, label
from reserves_gui.gui.words import Words
from reserves_gui.verdict import Check, Outcome


class CheckRow(QWidget):
    """One check of a claim; a failed one shows expected and seen in a box."""

    def __init__(self, theme: Theme, words: Words, check: Check, *, said: bool = False) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        column = QVBoxLayout()
        column.setSpacing(2)
        boxed = check.outcome is Outcome.FAILED and (check.expected is not None or check.seen is not None)
        if not (said and boxed):
            glyph = of_outcome(check.outcome)
            line.addWidget(GlyphMark(theme, glyph, 16), 0, Qt.AlignmentFlag.AlignTop)
            column.addWidget(label(words.check(check), Role.LABEL))
        if not said:
            column.addWidget(Prose(words.render(check.reason), Role.SMALL))
        if boxed:
            column.addWidget(_detail(words, check))
        line.addLayout(column, 1)
        self.setAccessibleName(f"{words.check(check)}, {words.outcome(check.outcome)}: {words.render(check.reason)}")


def _detail(words: Words, check: Check) -> QFrame:
    box = QFrame()
    box.setProperty("kind", "box")
    grid = QGridLayout(box)
    grid.setContentsMargins(12, 8, 12, 8)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    values = (("window.expected", check.expected, "text"), ("window.seen", check.seen, "failed"))
    for at, (key, value, tone) in enumerate(values):
        if value is not None:
            grid.addWidget(label(words(key), Role.SMALL, "text3"), at, 0)
            role = Role.MONO_FAILED if tone == "failed" else Role.MONO
            shown = Value(value, role, tone, shown=None if len(value) > 24 else words.amount(value))
            shown.setWordWrap(" " in value)
            grid.addWidget(shown, at, 1)
    return box
