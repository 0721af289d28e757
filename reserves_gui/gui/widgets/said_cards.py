"""What follows from a series, in sentences under headings: flows, signs of life, address lists, snapshot tests."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reserves_gui.gui.icons import Icon
from reserves_gui.gui.theme import Role, Theme
from reserves_gui.gui.widgets.buttons import IconMark
from reserves_gui.gui.widgets.card import TitledCard
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.gui.words import Words

if TYPE_CHECKING:
    from reserves_gui.services.series_said import Said

_MARK = 16
_SECTIONS = ("flows", "signs", "lists", "tests")


class SaidCards(QWidget):
    """One card a section; those with nothing to say are not there."""

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self.cards: dict[str, TitledCard] = {}
        self._lines: dict[str, QWidget] = {}
        for section in _SECTIONS:
            card = TitledCard(words(f"window.over_time.section.{section}"))
            card.hide()
            self.cards[section] = card
            self._column.addWidget(card)

    def show_said(self, said: "tuple[Said, ...]") -> None:
        """Show these sentences in place of those before."""
        for section, card in self.cards.items():
            before = self._lines.pop(section, None)
            if before is not None:
                card.body.removeWidget(before)
                before.hide()
                before.deleteLater()
            own = [one for one in said if one.section == section]
            card.setVisible(bool(own))
            if own:
                self._lines[section] = lines = self._made(own)
                card.body.addWidget(lines)

    def _made(self, said: "list[Said]") -> QWidget:
        lines = QWidget()
        column = QVBoxLayout(lines)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for one in said:
            column.addWidget(self._line(one))
        return lines

    def _line(self, one: "Said") -> QWidget:
        words = self._words
        text = words.render(one.message)
        if one.label is not None:
            text = f"{words.render(one.label)}: {text}"
        line = QWidget()
        inside = QHBoxLayout(line)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        if one.flagged:
            inside.addWidget(IconMark(self._theme, Icon.ALERT, _MARK, "partial"), 0, Qt.AlignmentFlag.AlignTop)
        else:
            inside.addSpacing(_MARK + 8 if one.beneath else 0)
        role, tone = (Role.SMALL, "text2") if one.beneath else (Role.BODY, "text")
        inside.addWidget(Prose(text, role, tone).selectable(), 1)
        return line
