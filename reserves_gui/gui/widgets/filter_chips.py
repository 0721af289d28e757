"""Filter chips: a glyph, a count and a word each; any number of them may be on, none means all."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from reserves_gui.gui.glyphs import Glyph, paint_glyph
from reserves_gui.gui.models.wallets import row_glyph
from reserves_gui.gui.theme import Role, Theme, colour, role_font
from reserves_gui.gui.widgets.flow import Flow
from reserves_gui.gui.words import Words

if TYPE_CHECKING:
    from reserves_gui.services.wallet_table import RowState

_HEIGHT = 28


class Chip(QAbstractButton):
    """One chip; reported as a check box that says its count and word."""

    def __init__(self, theme: Theme, glyph: Glyph | None) -> None:
        super().__init__()
        self._theme = theme
        self._glyph = glyph
        self._count = ""
        self._word = ""
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def tell(self, count: str, word: str) -> None:
        """Show ``count`` and ``word``."""
        self._count, self._word = count, word
        self.setText(f"{count} {word}")
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Glyph, count and word are never cut."""
        bold, plain = QFontMetrics(role_font(Role.LABEL)), QFontMetrics(role_font(Role.SMALL))
        width = 22 + (20 if self._glyph is not None else 0)
        width += bold.horizontalAdvance(self._count) + 6 + plain.horizontalAdvance(self._word)
        return QSize(width, max(_HEIGHT, bold.height() + 8))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A rounded outline, filled while it is on."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        on = self.isChecked()
        painter.setPen(colour(tokens.accent if on else tokens.button_line))
        painter.setBrush(colour(tokens.accent_soft if on else tokens.hover if self.underMouse() else tokens.surface))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        left = 11.0
        if self._glyph is not None:
            paint_glyph(painter, QRectF(left - 1, box.center().y() - 7, 14, 14), self._glyph, tokens)
            left += 20
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        bold = role_font(Role.LABEL)
        painter.setFont(bold)
        painter.setPen(colour(tokens.text))
        painter.drawText(QRectF(left, 0, self.width(), self.height()), middle, self._count)
        left += QFontMetrics(bold).horizontalAdvance(self._count) + 6
        painter.setFont(role_font(Role.SMALL))
        painter.setPen(colour(tokens.text2))
        painter.drawText(QRectF(left, 0, self.width(), self.height()), middle, self._word)


class FilterChips(QWidget):
    """“All” and one chip per state that has rows."""

    changed = Signal()

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self._flow = Flow(self, gap=8)
        self.all = Chip(theme, None)
        self.all.setChecked(True)
        self.all.clicked.connect(self._all_clicked)
        self._flow.addWidget(self.all)
        self.chips: dict[RowState, Chip] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def states(self) -> "frozenset[RowState]":
        """The states that are on; none: all rows."""
        return frozenset(state for state, chip in self.chips.items() if chip.isChecked())

    def show_counts(self, counts: "Mapping[RowState, int]") -> None:
        """One chip per state that has rows, in the order given."""
        words = self._words
        on = self.states
        for chip in self.chips.values():
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = {}
        self.all.tell(words.count(sum(counts.values())), words("window.wallets.all"))
        for state, count in counts.items():
            if count:
                chip = Chip(self._theme, row_glyph(state))
                chip.tell(words.count(count), words(f"window.wallets.chip.{state.value}"))
                chip.setChecked(state in on)
                chip.clicked.connect(self._clicked)
                self._flow.addWidget(chip)
                self.chips[state] = chip
        self.all.setChecked(not self.states)

    def clear(self) -> None:
        """All rows."""
        for chip in self.chips.values():
            chip.setChecked(False)
        self.all.setChecked(True)

    def _all_clicked(self) -> None:
        self.clear()
        self.changed.emit()

    def _clicked(self) -> None:
        self.all.setChecked(not self.states)
        self.changed.emit()
