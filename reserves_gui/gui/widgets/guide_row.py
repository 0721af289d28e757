"""A row that opens a guide: name, kind of file, chevron, and a line above it."""

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from reserves_gui.gui.focus import OWN_FOCUS, paint_ring
from reserves_gui.gui.icons import Icon, paint_icon
from reserves_gui.gui.theme import Role, Theme, colour, role_font
from reserves_gui.messages import visible


class GuideRow(QAbstractButton):
    """40 px high; the kind is left out where there is no room for it."""

    def __init__(self, theme: Theme, title: str, kind: str) -> None:
        super().__init__()
        self._theme = theme
        self._title = visible(title)
        self._kind = kind
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(OWN_FOCUS, True)
        self.setAccessibleName(f"{self._title}, {kind}" if kind else self._title)
        self.setToolTip(kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Room for the title."""
        return QSize(QFontMetrics(role_font(Role.NAME)).horizontalAdvance(self._title) + 60, 40)

    def minimumSizeHint(self) -> QSize:
        """A short title."""
        return QSize(80, 40)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Title, kind, chevron."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        box = QRectF(self.rect())
        if self.underMouse() or self.isDown():
            painter.fillRect(box, colour(tokens.hover))
        painter.setPen(colour(tokens.line))
        painter.drawLine(QLineF(0, 0.5, box.width(), 0.5))
        font = role_font(Role.BODY)
        font.setWeight(font.Weight.Medium)
        metrics = QFontMetrics(font)
        room = int(box.width()) - 52
        shown = metrics.elidedText(self._title, Qt.TextElideMode.ElideMiddle, room)
        painter.setFont(font)
        painter.setPen(colour(tokens.text))
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(16, 0, room, box.height()), flags, shown)
        left = 16 + metrics.horizontalAdvance(shown) + 10
        small = role_font(Role.SMALL)
        if left + QFontMetrics(small).horizontalAdvance(self._kind) <= 16 + room:
            painter.setFont(small)
            painter.setPen(colour(tokens.text3))
            painter.drawText(QRectF(left, 0, room, box.height()), flags, self._kind)
        paint_icon(painter, QRectF(box.width() - 28, box.center().y() - 8, 16, 16), Icon.CHEVRON_RIGHT, tokens.text2)
        if self.hasFocus():
            paint_ring(painter, box.adjusted(2, 2, -2, -2), self._theme, radius=6)
