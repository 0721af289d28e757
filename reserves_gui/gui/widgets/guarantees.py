"""What the format itself can prove, in plain words, whatever the verdict."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.card import TitledCard
from reserves_gui.gui.widgets.text import Prose, Rule, label
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
    """One row per guarantee."""

    def __init__(self, words: Words) -> None:
        super().__init__(words("window.guarantees.title"))
        self._words = words
        self.body.addWidget(Prose(words("window.guarantees.sentence")))
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self.body.addWidget(self._table)

    def show_guarantees(self, guarantees: Guarantees | None) -> None:
        """Show what a format can prove."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(guarantees is not None)
        if guarantees is None:
            return
        for at, (name, sentence) in enumerate(guarantee_lines(guarantees, self._words)):
            self._grid.addWidget(Rule(), 2 * at, 0, 1, 2)
            title = label(name, Role.LABEL)
            title.setWordWrap(True)
            title.setFixedWidth(128)
            self._grid.addWidget(title, 2 * at + 1, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(Prose(sentence, Role.BODY).selectable(), 2 * at + 1, 1)
