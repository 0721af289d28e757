"""Cards, strips, banners, facts and empty states: the flat things of a page."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from reserves_gui.gui.glyphs import Glyph
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.theme import LINE_HEIGHTS, Role, Theme
from reserves_gui.gui.widgets.buttons import Button, GlyphMark, IconMark
from reserves_gui.gui.widgets.text import Prose, Rule, Value, label, set_tone

_EMPTY_WIDTH = 440


class Card(QFrame):
    """A surface with a border and round corners; ``body`` is its column."""

    def __init__(self, *, margin: int = 24, spacing: int = 8) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, 16, margin, 16)
        self.body.setSpacing(spacing)


class TitledCard(Card):
    """A card with a title, an optional hint beside it, and whatever stands at the right end of its head."""

    def __init__(self, title: str, hint: str = "", *end: QWidget, margin: int = 16) -> None:
        super().__init__(margin=margin)
        self.title = label(title, Role.TITLE)
        self.hint = label(hint, Role.SMALL, "text3")
        self.head = QHBoxLayout()
        self.head.setSpacing(12)
        self.head.addWidget(self.title)
        self.head.addWidget(self.hint)
        self.head.addStretch(1)
        for widget in end:
            self.head.addWidget(widget)
        self.body.addLayout(self.head)
        # Not before it has its place: shown without one it would be a window of its own for a moment.
        self.hint.setVisible(bool(hint))
        self.setAccessibleName(title)

    def set_hint(self, text: str) -> None:
        """Change the hint."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))


class Banner(QFrame):
    """One line, one action: ``neutral``, ``partial`` or ``failed``."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "banner")
        self.setProperty("level", "neutral")
        self.setMinimumHeight(40)
        self._marks: list[QWidget] = [
            IconMark(theme, Icon.INFO, 16, "text2"),
            IconMark(theme, Icon.INFO, 16, "partial"),
            GlyphMark(theme, Glyph.FAILED, 16),
        ]
        self.sentence = Prose(role=Role.BODY, tone="text").selectable()
        self.action = Button(theme, "", self._act, size="small")
        self._do: Callable[[], None] | None = None
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 6, 6, 6)
        line.setSpacing(10)
        for mark in self._marks:
            line.addWidget(mark)
        line.addWidget(self.sentence, 1)
        line.addWidget(self.action)
        self.hide()

    def tell(self, level: str, text: str, action: str = "", do: Callable[[], None] | None = None) -> None:
        """Show ``text``, with one action if given."""
        set_tone(self, level, "level")
        for at, mark in enumerate(self._marks):
            mark.setVisible(("neutral", "partial", "failed").index(level) == at)
        self.sentence.set_plain(text)
        self.action.setText(action)
        self.action.setAccessibleName(action)
        self.action.setVisible(bool(action))
        self._do = do
        self.setAccessibleName(text)
        self.show()

    def _act(self) -> None:
        if self._do is not None:
            self._do()


class Fact(QWidget):
    """A small label over a value."""

    def __init__(
        self, name: str, value: str, *, shown: str | None = None, mono: bool = True, term: QWidget | None = None
    ) -> None:
        """``term`` stands over the label where that has an explanation."""
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = label(name if term is None else "", Role.SMALL, "text3")
        # The words of all facts stand on one line, also those under which a term is dotted.
        head.setFixedHeight(LINE_HEIGHTS[Role.SMALL])
        column.addWidget(head)
        self.value = Value(value, Role.MONO if mono else Role.NAME, shown=shown)
        self.value.setAccessibleName(f"{name}: {value}")
        column.addWidget(self.value)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if term is not None:
            # It reaches over the value, so that it can be hit.
            head.setMinimumWidth(term.sizeHint().width())
            term.setParent(self)
            term.setGeometry(0, 0, term.sizeHint().width(), term.sizeHint().height())
            term.raise_()


class Facts(QWidget):
    """Facts side by side with dividers; those that do not fit go behind “n more”. The last one always stays."""

    def __init__(self, theme: Theme, more: Callable[[int], str], open_all: Callable[[], None]) -> None:
        super().__init__()
        self._name_more = more
        self._facts: list[QWidget] = []
        self._left_out = 0
        self._dividers: list[QWidget] = []
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(20)
        self._more = Button(theme, "", open_all, kind="link", size="small")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_facts(self, facts: Sequence[Fact], left_out: int = 0) -> None:
        """Show ``facts``, the last one always; ``left_out`` more are counted only."""
        self._left_out = left_out
        while self._line.count():
            item = self._line.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None and widget is not self._more:
                widget.hide()
                widget.deleteLater()
        self._facts = list(facts)
        self._dividers = [Rule("divider") for _ in facts]
        for at, (fact, divider) in enumerate(zip(self._facts, self._dividers, strict=True)):
            if at == len(facts) - 1:
                self._line.addWidget(self._more)
            self._line.addWidget(divider)
            self._line.addWidget(fact)
        self._line.addStretch(1)
        self.setFixedHeight(max((fact.sizeHint().height() for fact in self._facts), default=0) + 2)
        self.setVisible(bool(facts))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if not self._facts:
            return
        gap = 2 * self._line.spacing() + 1
        widths = [fact.sizeHint().width() for fact in self._facts]
        room = self.width()
        shown = len(widths)
        while shown > 1:
            hidden = len(widths) - shown + self._left_out
            self._more.setText(self._name_more(hidden))
            extra = (self._more.sizeHint().width() + self._line.spacing()) if hidden else 0
            if sum(widths[: shown - 1]) + widths[-1] + gap * (shown - 1) + extra <= room:
                break
            shown -= 1
        for at, fact in enumerate(self._facts):
            seen = at < shown - 1 or at == len(self._facts) - 1
            fact.setVisible(seen)
            self._dividers[at].setVisible(seen and at > 0 and (shown > 1))
        hidden = len(widths) - shown + self._left_out
        self._more.setText(self._name_more(hidden))
        self._more.setAccessibleName(self._name_more(hidden))
        self._more.setVisible(hidden > 0)


class EmptyState(QWidget):
    """An icon, a title, one sentence, one primary button and one link."""

    def __init__(
        self,
        theme: Theme,
        symbol: Icon,
        title: str,
        sentence: str,
        *actions: QWidget,
        width: int = _EMPTY_WIDTH,
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 32, 24, 32)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(IconMark(theme, symbol, 32, "text3"), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(label(title, Role.TITLE), 0, Qt.AlignmentFlag.AlignHCenter)
        prose = Prose(sentence)
        prose.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        prose.setFixedWidth(width)
        # Centred in a layout a label gets the height of its hint, which knows nothing of this width.
        prose.setMinimumHeight(prose.heightForWidth(width))
        column.addWidget(prose, 0, Qt.AlignmentFlag.AlignHCenter)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addStretch(1)
        for action in actions:
            line.addWidget(action)
        line.addStretch(1)
        column.addLayout(line)
        column.addStretch(1)
        self.setAccessibleName(title)


def height_at(widget: QWidget, width: int) -> int:
    """The height ``widget`` takes in a column of ``width``; 0 where it is hidden."""
    if widget.isHidden():
        return 0
    height = widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()
    return max(height, widget.minimumHeight())


def head_label(text: str) -> QLabel:
    """A table head: small, in the hint colour."""
    return label(text, Role.LABEL, "text3")
