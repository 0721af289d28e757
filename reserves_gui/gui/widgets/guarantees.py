"""What the format itself can prove, in plain words, whatever the verdict."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reserves_gui.gui.theme import Role, Theme
from reserves_gui.gui.widgets.buttons import Button
from reserves_gui.gui.widgets.card import TitledCard
from reserves_gui.gui.widgets.text import Prose, Rule
from reserves_gui.gui.words import Words
from reserves_gui.verdict import Guarantees

_WEAK_BITS = 160


def guarantee_lines(guarantees: Guarantees, words: Words) -> tuple[tuple[str, str], ...]:
    """(name, sentence) per guarantee."""
    bits = guarantees.hash_bits
    strength = "weak" if bits < _WEAK_BITS else "strong"
    return (
        _line(words, "sum_binding", guarantees.sum_binding.value),
        _line(words, "negative_balances", guarantees.negative_balances.value),
        _line(words, "leaf_identity", guarantees.leaf_identity.value),
        (words("window.guarantee.hash_bits"), words(f"window.guarantee.hash_bits.{strength}", bits=bits)),
        _line(words, "domain_separation", "yes" if guarantees.domain_separation else "no"),
        _line(words, "per_asset", "yes" if guarantees.per_asset else "no"),
    )


def _line(words: Words, name: str, value: str) -> tuple[str, str]:
    return words(f"window.guarantee.{name}"), words(f"window.guarantee.{name}.{value}")


class GuaranteesCard(TitledCard):
    """One row per guarantee, and the way to the pages that explain them."""

    explain = Signal()

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__(words("window.guarantees.title"))
        self._words = words
        self.body.addWidget(Prose(words("window.guarantees.sentence")))
        self._table = QWidget()
        self._rows = QVBoxLayout(self._table)
        self._rows.setContentsMargins(0, 4, 0, 0)
        self._rows.setSpacing(8)
        self.body.addWidget(self._table)
        more = Button(theme, words("window.explained.open"), self.explain.emit, kind="link")
        self.body.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_guarantees(self, guarantees: Guarantees | None) -> None:
        """Show what a format can prove."""
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(guarantees is not None)
        if guarantees is None:
            return
        for name, sentence in guarantee_lines(guarantees, self._words):
            self._rows.addWidget(Rule())
            line = QWidget()
            inside = QHBoxLayout(line)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(16)
            title = Prose(name, Role.LABEL, "text")
            title.setFixedWidth(128)
            inside.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
            inside.addWidget(Prose(sentence, Role.BODY).selectable(), 1)
            self._rows.addWidget(line)
