"""Labels: roles and tones of text, wrapped prose, hashes, and names elided in the middle."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from reserves_gui.gui.theme import LINE_HEIGHTS, POINTS, Role, role_font
from reserves_gui.gui.words import Words, breakable, paragraph, shorten
from reserves_gui.messages import visible

_LEAST_AMOUNT = 13
"""Characters of an amount that are always shown."""
_BETWEEN = " · "
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


def label(text: str, role: Role = Role.BODY, tone: str = "text", parent: QWidget | None = None) -> QLabel:
    """One line of plain text in a role and a tone (a token of the style sheet)."""
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(role_font(role))
    made.setProperty("tone", tone)
    made.setText(text)
    return made


def set_tone(widget: QWidget, tone: str, name: str = "tone") -> None:
    """Change a style property and repolish the widget."""
    if widget.property(name) != tone:
        widget.setProperty(name, tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Prose(QLabel):
    """Plain text that wraps, with the line height of its role. Nothing in it is read as markup."""

    def __init__(self, text: str = "", role: Role = Role.BODY, tone: str = "text2") -> None:
        super().__init__()
        self._plain = ""
        self._role = role
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setFont(role_font(role))
        self.setProperty("tone", tone)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_plain(text)

    @property
    def plain(self) -> str:
        """The text without markup."""
        return self._plain

    def set_plain(self, text: str) -> None:
        """Show ``text``."""
        self._plain = text
        self.setText(paragraph(text, LINE_HEIGHTS[self._role]))
        self.setAccessibleName(text)

    def set_led(self, lead: str, rest: str) -> None:
        """Show ``lead`` in bold and ``rest`` after it."""
        self.set_plain(f"{lead} {rest}")
        line = f"line-height:{LINE_HEIGHTS[self._role]}px; margin:0"
        self.setText(f'<p style="{line}"><b>{breakable(lead)}</b> {breakable(rest)}</p>')

    def set_role(self, role: Role) -> None:
        """Change the role."""
        if role is not self._role:
            self._role = role
            self.setFont(role_font(role))
            self.set_plain(self._plain)

    def changeEvent(self, event: QEvent) -> None:
        """Keep the font of the role: a new style sheet brings back the one the label was first shown with."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self.font().pointSizeF() != POINTS[self._role]:
            self.setFont(role_font(self._role))

    def selectable(self) -> "Prose":
        """Let the text be selected by mouse and keyboard."""
        self.setTextInteractionFlags(_SELECTABLE)
        return self


class Elided(QLabel):
    """One line of plain text from a file, elided in the middle where it is too long; the tooltip has all of it."""

    def __init__(self, text: str = "", role: Role = Role.NAME, tone: str = "text") -> None:
        super().__init__()
        self._full = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(role_font(role))
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        # A name in a script from right to left stands where the others of its column do.
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        self.set_full(text)

    @property
    def full(self) -> str:
        """The whole text."""
        return self._full

    def set_full(self, text: str) -> None:
        """Show ``text`` with hidden characters made visible."""
        self._full = visible(text)
        self.setAccessibleName(self._full)
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Wide enough for the whole text."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._full) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """Wide enough for a few characters."""
        metrics = QFontMetrics(self.font())
        return QSize(min(metrics.horizontalAdvance("mmmm…mmmm"), self.sizeHint().width()), metrics.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Elide again."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self._shorten(QFontMetrics(self.font()), max(self.width(), 1))
        self.setText(shown)
        self.setToolTip(self._full if shown != self._full else "")

    def _shorten(self, metrics: QFontMetrics, width: int) -> str:
        return metrics.elidedText(self._full, Qt.TextElideMode.ElideMiddle, width)


class Details(Elided):
    """Short facts between dots: as many of them as fit are shown whole, the tooltip has the rest."""

    def _shorten(self, metrics: QFontMetrics, width: int) -> str:
        parts = self._full.split(_BETWEEN)
        shown = [_BETWEEN.join(parts[:count]) for count in range(len(parts), 0, -1)]
        return next((text for text in shown if metrics.horizontalAdvance(text) <= width), "")


class Value(QLabel):
    """A hash or an amount: fixed font, selectable, copied in full, shortened in the middle with the rest as tooltip."""

    def __init__(self, text: str = "", role: Role = Role.MONO, tone: str = "text", *, shown: str | None = None) -> None:
        super().__init__()
        self.full = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(role_font(role))
        self.setProperty("tone", tone)
        self.setTextInteractionFlags(_SELECTABLE)
        self.set_value(text, shown)

    def set_value(self, text: str, shown: str | None = None) -> None:
        """Show ``text``, or ``shown`` in its place; copying gives ``text``."""
        self.full = visible(text)
        short = shown if shown is not None else shorten(self.full) if _is_hash(self.full) else self.full
        self.setText(short)
        self.setToolTip(self.full if short != self.full else "")
        self.setAccessibleName(self.full)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the full value, also where it is shown shortened."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.full)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, _event: QContextMenuEvent) -> None:
        """No menu of its own: what it could copy is the shortened text."""


class Amount(Value):
    """An amount that gives way in a narrow column: its last decimals make place for “…”, copying gives all of them."""

    def __init__(self, words: Words, text: str, role: Role = Role.MONO, tone: str = "text") -> None:
        self._words = words
        self._exact = text
        self._whole = words.amount(text)
        super().__init__(text, role, tone, shown=self._whole)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Wide enough for all decimals."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._whole) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the whole coins and some decimals."""
        metrics = QFontMetrics(self.font())
        least = self._words.short_amount(self._exact, _LEAST_AMOUNT)
        return QSize(metrics.horizontalAdvance(least) + 2, metrics.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many decimals as fit."""
        super().resizeEvent(event)
        shown = self._whole
        if QFontMetrics(self.font()).horizontalAdvance(shown) > self.width():
            most = int(self.width() / QFontMetricsF(self.font()).horizontalAdvance("0"))
            shown = self._words.short_amount(self._exact, max(_LEAST_AMOUNT, most))
        if shown != self.text():
            self.setText(shown)
            self.setToolTip(self.full if shown != self._whole else "")


def _is_hash(text: str) -> bool:
    return len(text) > 24 and " " not in text


class Rule(QFrame):
    """A line of one pixel, across or down. Decoration only."""

    def __init__(self, kind: str = "rule") -> None:
        super().__init__()
        self.setProperty("kind", kind)


class Painted(QWidget):
    """A widget painted from the tokens in force; subclasses implement ``paint``."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint with antialiasing."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter)

    def paint(self, painter: QPainter) -> None:
        """Paint the widget."""
        raise NotImplementedError
