"""Buttons, links, the switch and state labels."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QPushButton, QWidget

from reserves_gui.gui.glyphs import Glyph, glyph_colour, paint_glyph
from reserves_gui.gui.icons import Icon, icon, paint_icon
from reserves_gui.gui.theme import Role, Theme, colour, role_font
from reserves_gui.gui.widgets.text import Painted


class Button(QPushButton):
    """A push button: default, ``primary`` (one per view), ``flat`` or ``link``; ``small`` in strips."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        clicked: Callable[[], None] | None = None,
        *,
        kind: str = "default",
        size: str = "normal",
        symbol: Icon | None = None,
    ) -> None:
        super().__init__(text)
        self._theme = theme
        self._symbol = symbol
        self._pixels = 20 if kind == "side" else 18 if size == "normal" else 16
        self.setProperty("kind", kind)
        # Not "size": that is a property of every widget already.
        self.setProperty("scale", size)
        self.setAccessibleName(text.removesuffix("…"))
        self.setAutoDefault(False)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        if clicked is not None:
            self.clicked.connect(lambda _checked=False: clicked())
        if symbol is not None:
            self._space = (7 if kind == "side" else 6) if text else 0
            self.setIconSize(QSize(self._pixels + self._space, self._pixels))
            theme.changed.connect(self._draw)
            self._draw()

    def _draw(self) -> None:
        if self._symbol is None:
            return
        tokens = self._theme.tokens
        kind = self.property("kind")
        value = tokens.on_accent if kind == "primary" else tokens.accent if kind == "link" else tokens.text2
        self.setIcon(icon(self._symbol, value, self._pixels, disabled=tokens.text3, space=self._space))


class IconButton(QAbstractButton):
    """A square button that shows only an icon; its name is spoken and shown as tooltip."""

    def __init__(
        self,
        theme: Theme,
        symbol: Icon,
        name: str,
        clicked: Callable[[], None] | None = None,
        *,
        small: bool = False,
    ) -> None:
        super().__init__()
        self._theme = theme
        self.symbol = symbol
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        side = 28 if small else 32
        self.setFixedSize(side, side)
        theme.changed.connect(self.update)
        if clicked is not None:
            self.clicked.connect(lambda _checked=False: clicked())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The icon, on the hover ground while the mouse is over it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        box = QRectF(self.rect())
        painter.setPen(colour(tokens.button_line))
        if self.isEnabled():
            painter.setBrush(colour(tokens.hover if self.underMouse() or self.isDown() else tokens.surface))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        middle = box.center()
        tone = tokens.text2 if self.isEnabled() else tokens.control
        paint_icon(painter, QRectF(middle.x() - 8, middle.y() - 8, 16, 16), self.symbol, tone)


class Switch(QAbstractButton):
    """A switch of 32×18 with a word beside it that changes; reported as a check box."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(36, 24)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Track and knob."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        track = QRectF(2, 3, 32, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(tokens.accent if self.isChecked() else tokens.control))
        painter.drawRoundedRect(track, 9, 9)
        painter.setBrush(colour(tokens.on_accent if self.isChecked() else tokens.surface))
        painter.drawEllipse(QRectF(track.right() - 16 if self.isChecked() else track.left() + 2, 5, 14, 14))


class GlyphMark(Painted):
    """One state glyph as a widget."""

    def __init__(self, theme: Theme, glyph: Glyph, size: int = 20) -> None:
        super().__init__()
        self._theme = theme
        self._glyph = glyph
        self.setFixedSize(size, size)
        theme.changed.connect(self.update)

    @property
    def glyph(self) -> Glyph:
        """The glyph shown."""
        return self._glyph

    def set_glyph(self, glyph: Glyph) -> None:
        """Show another glyph."""
        self._glyph = glyph
        self.update()

    def paint(self, painter: QPainter) -> None:
        """The glyph."""
        paint_glyph(painter, QRectF(self.contentsRect()), self._glyph, self._theme.tokens)


class IconMark(Painted):
    """One icon as a widget, in the colour of a tone (the name of a token)."""

    def __init__(self, theme: Theme, symbol: Icon, size: int = 16, tone: str = "text2") -> None:
        super().__init__()
        self._theme = theme
        self._symbol = symbol
        self._tone = tone
        self.setFixedSize(size, size)
        theme.changed.connect(self.update)

    def paint(self, painter: QPainter) -> None:
        """The icon."""
        paint_icon(painter, QRectF(self.rect()), self._symbol, getattr(self._theme.tokens, self._tone))


class StateLabel(Painted):
    """A glyph of 16 and a word in the colour of the state."""

    def __init__(self, theme: Theme, glyph: Glyph, word: str) -> None:
        super().__init__()
        self._theme = theme
        self._glyph = glyph
        self._word = word
        self.setFont(role_font(Role.LABEL))
        self.setAccessibleName(word)
        theme.changed.connect(self.update)

    @property
    def glyph(self) -> Glyph:
        """The glyph shown."""
        return self._glyph

    def set_state(self, glyph: Glyph, word: str) -> None:
        """Show another state."""
        self._glyph, self._word = glyph, word
        self.setAccessibleName(word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Glyph, gap and word."""
        metrics = QFontMetrics(self.font())
        return QSize(22 + metrics.horizontalAdvance(self._word) + 2, max(20, metrics.height()))

    def minimumSizeHint(self) -> QSize:
        """A state is never elided."""
        return self.sizeHint()

    def paint(self, painter: QPainter) -> None:
        """Glyph and word."""
        paint_glyph(painter, QRectF(0, (self.height() - 16) / 2, 16, 16), self._glyph, self._theme.tokens)
        painter.setPen(colour(glyph_colour(self._glyph, self._theme.tokens)))
        box = QRectF(22, 0, self.width() - 22, self.height())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self._word)


def row(*widgets: QWidget | int | None, spacing: int = 8) -> QHBoxLayout:
    """A row of widgets; a number is extra space, ``None`` a stretch."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    for widget in widgets:
        if widget is None:
            made.addStretch(1)
        elif isinstance(widget, int):
            made.addSpacing(widget)
        else:
            made.addWidget(widget)
    return made


def icon_label(theme: Theme, symbol: Icon, text: QLabel, size: int = 16) -> QHBoxLayout:
    """An icon with a label beside it."""
    return row(IconMark(theme, symbol, size), text)
