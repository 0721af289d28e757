"""A word of the field under a dotted underline: pointing at it, a click or Enter tells in one line what it means."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from reserves_gui.gui.theme import Role, Theme, colour, role_font
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.gui.words import Words

TERM_HEIGHT = 24
_WIDTH = 320


class Explanation(QFrame):
    """The floating line beside a term."""

    def __init__(self, parent: QWidget, text: str) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self.setProperty("kind", "popover")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.prose = Prose(text, Role.SMALL, "text")
        self.prose.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self.prose)
        self.setAccessibleName(text)

    def show_below(self, term: QWidget) -> None:
        """Show it below ``term``, inside the screen."""
        self.prose.setFixedHeight(self.prose.heightForWidth(_WIDTH))
        self.adjustSize()
        place = term.mapToGlobal(QPoint(0, term.height() + 4))
        screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        x = max(room.left(), min(place.x(), room.right() - self.width()))
        y = place.y() if place.y() + self.height() <= room.bottom() else place.y() - term.height() - 8 - self.height()
        self.move(x, y)
        self.show()


class Term(QAbstractButton):
    """``name`` is the term (``leaf``, ``root`` …), ``text`` how it is written here."""

    def __init__(
        self,
        theme: Theme,
        words: Words,
        name: str,
        text: str,
        role: Role = Role.NAME,
        tone: str = "text",
        line: int = TERM_HEIGHT,
    ) -> None:
        """``line``: the height of the line that the word stands in; the rest of the target reaches below it."""
        super().__init__()
        self._line = line
        self._theme = theme
        self._tone = tone
        self._explanation = words(f"window.term.{name}")
        self._card: Explanation | None = None
        self.setText(text)
        self.setFont(role_font(role))
        self.setAccessibleName(text)
        self.setAccessibleDescription(self._explanation)
        self.setCursor(Qt.CursorShape.WhatsThisCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._toggle)
        theme.changed.connect(self.update)

    @property
    def explains(self) -> bool:
        """Whether the explanation is shown."""
        return self._card is not None and self._card.isVisible()

    def sizeHint(self) -> QSize:
        """The word; no target is lower than 24 pixels."""
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 1, TERM_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """A term is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The word on its dotted line."""
        painter = QPainter(self)
        metrics = QFontMetrics(self.font())
        tokens = self._theme.tokens
        painter.setPen(colour(getattr(tokens, self._tone)))
        box = QRectF(0, 0, self.width(), self._line)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.text())
        y = round(box.center().y() + (metrics.ascent() - metrics.descent()) / 2) + 2.5
        pen = QPen(colour(tokens.control), 1)
        pen.setDashPattern([1, 2])
        painter.setPen(pen)
        painter.drawLine(QPointF(0, y), QPointF(metrics.horizontalAdvance(self.text()), y))

    def event(self, event: QEvent) -> bool:
        """While the explanation stands, Escape is for it and not for the window."""
        asked = event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if asked and self.explains and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer is on the word."""
        self._show()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer left."""
        self._hide()
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard went on."""
        self._hide()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """An explanation does not outlive its word."""
        self._hide()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space show and hide, Escape hides."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        elif event.key() == Qt.Key.Key_Escape and self.explains:
            self._hide()
        else:
            super().keyPressEvent(event)

    def _toggle(self) -> None:
        # The pointer shows it by being there: a click keeps it.
        if self.explains and not self.underMouse():
            self._hide()
        else:
            self._show()

    def _show(self) -> None:
        if self._card is None:
            self._card = Explanation(self, self._explanation)
        self._card.show_below(self)

    def _hide(self) -> None:
        if self._card is not None:
            self._card.hide()
