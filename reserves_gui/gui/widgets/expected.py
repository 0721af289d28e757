"""What I expected: the user's own balances at the snapshot time, compared per asset by the engine."""

from collections.abc import Mapping
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from reserves_gui.amounts import is_plain
from reserves_gui.gui.glyphs import Glyph
from reserves_gui.gui.theme import Role, Theme, role_font
from reserves_gui.gui.widgets.buttons import Button, StateLabel, row
from reserves_gui.gui.widgets.card import TitledCard, head_label
from reserves_gui.gui.widgets.text import Amount, Elided, Prose, Value, set_tone
from reserves_gui.gui.words import Words
from reserves_gui.messages import visible

_SHOWN = 40
_SHOWN_NOUGHTS = 10


class AmountField(QLineEdit):
    """A field for an amount in plain notation; a text outside the grammar marks it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setFont(role_font(Role.MONO))
        self.setAccessibleName(name)
        self.textChanged.connect(self._look)

    @property
    def amount(self) -> str:
        """The amount, empty where nothing usable stands."""
        text = self.text().strip()
        return text if is_plain(text) else ""

    def _look(self) -> None:
        text = self.text().strip()
        set_tone(self, "no" if not text or is_plain(text) else "yes", "wrong")


class ExpectedCard(TitledCard):
    """One row per asset of the file, and a last one for an asset the file does not hold."""

    asked = Signal(object)
    """The (asset, amount) pairs typed, when they changed and make sense."""

    def __init__(self, theme: Theme, words: Words) -> None:
        self.journal = Button(theme, words("window.expected_card.journal"), kind="link", size="small")
        super().__init__(words("window.expected_card.title"), "", self.journal)
        self._theme = theme
        self._words = words
        self._sent: tuple[tuple[str, str], ...] = ()
        self._fields: list[tuple[str, str, AmountField, StateLabel]] = []
        self.body.addWidget(Prose(words("window.expected_card.sentence"), Role.BODY))
        self.source = Prose("", Role.BODY, "text").selectable()
        self.source.hide()
        self.body.addWidget(self.source)
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(2, 1)
        self.body.addWidget(self._table)
        self._hidden = Prose("", Role.SMALL)
        self.body.addWidget(self._hidden)
        self._asset = QLineEdit()
        self._asset.setAccessibleName(words("window.expected_card.other_asset"))
        self._asset.setPlaceholderText(words("window.expected_card.other_asset"))
        self._asset.setMaximumWidth(160)
        self._other = AmountField(words("window.expected_card.other_amount"))
        self._other.setPlaceholderText("0.00")
        self._add = Button(theme, words("window.expected_card.compare"), self._send)
        self.body.addLayout(row(self._asset, self._other, self._add))
        for field in (self._asset, self._other):
            field.returnPressed.connect(self._send)

    def show_balances(self, balances: Mapping[str, str], expected: tuple[tuple[str, str], ...]) -> None:
        """Show the balances of a file beside what the user typed."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._sent = expected
        self._fields = []
        typed = dict(expected)
        names = [*balances, *(asset for asset in typed if asset not in balances)]
        # What was typed and what is held comes first; long lists of noughts are left to the field below.
        names.sort(key=lambda asset: (asset not in typed, _is_nought(balances.get(asset, "0"))))
        held = sum(asset in typed or not _is_nought(balances.get(asset, "0")) for asset in names)
        shown = min(max(held, _SHOWN_NOUGHTS), _SHOWN)
        keys = ("window.expected_card.asset", "window.expected_card.file", "window.expected_card.yours")
        for column, key in enumerate(keys):
            self._grid.addWidget(head_label(self._words(key)), 0, column)
        for at, asset in enumerate(names[:shown], start=1):
            self._add_row(at, asset, balances.get(asset), typed.get(asset, ""))
        hidden = len(names) - shown
        self._hidden.setVisible(hidden > 0)
        self._hidden.set_plain(self._words("window.expected_card.hidden", count=max(hidden, 0)))
        self._asset.clear()
        self._other.clear()

    def show_source(self, sentence: str) -> None:
        """Say where the amounts came from, where they were not typed."""
        self.source.set_plain(sentence)
        self.source.setVisible(bool(sentence))

    def _add_row(self, at: int, asset: str, stated: str | None, typed: str) -> None:
        name = visible(asset)
        self._grid.addWidget(Elided(name), at, 0)
        shown = self._words("window.expected_card.not_there") if stated is None else self._words.amount(stated)
        value = Value(shown) if stated is None else Amount(self._words, stated)
        value.setAccessibleName(self._words("window.expected_card.file_says", asset=name, amount=shown))
        self._grid.addWidget(value, at, 1)
        field = AmountField(self._words("window.expected_card.own", asset=name))
        field.setText(typed)
        field.setMinimumWidth(96)
        field.editingFinished.connect(self._send)
        self._grid.addWidget(field, at, 2)
        mark = StateLabel(self._theme, Glyph.NOT_CHECKED, "")
        self._grid.addWidget(mark, at, 3, Qt.AlignmentFlag.AlignLeft)
        self._fields.append((asset, stated or "0", field, mark))
        self._mark(stated or "0", typed, mark)

    def _mark(self, stated: str, typed: str, mark: StateLabel) -> None:
        mark.setVisible(bool(typed) and is_plain(typed) and is_plain(stated))
        if not typed or not is_plain(typed) or not is_plain(stated):
            mark.set_state(Glyph.NOT_CHECKED, "")
        elif Decimal(typed) == Decimal(stated):
            mark.set_state(Glyph.VERIFIED, self._words("window.expected_card.equal"))
        else:
            mark.set_state(Glyph.FAILED, self._words("window.expected_card.differs"))

    def _send(self) -> None:
        pairs = [(asset, field.amount) for asset, _stated, field, _mark in self._fields if field.amount]
        other = self._asset.text().strip()
        if other and self._other.amount and all(other != asset for asset, _ in pairs):
            pairs.append((other, self._other.amount))
        for _asset, stated, field, mark in self._fields:
            self._mark(stated, field.amount, mark)
        if tuple(pairs) != self._sent:
            self._sent = tuple(pairs)
            self.asked.emit(self._sent)


def _is_nought(amount: str) -> bool:
    return not set(amount) & set("123456789")
