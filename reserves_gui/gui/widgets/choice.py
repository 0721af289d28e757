"""A quiet choice in the head of a card: the word and a chevron, no frame until it is pointed at."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from reserves_gui.gui.icons import Icon, paint_icon
from reserves_gui.gui.theme import Role, Theme, colour, role_font


class Choice(QComboBox):
    """A combo box whose arrow is one of our icons; ``kind`` ``quiet`` in card heads, ``field`` in forms."""

    def __init__(self, theme: Theme, name: str, *, kind: str = "quiet") -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", kind)
        self.setAccessibleName(name)
        if kind == "quiet":
            self.setFont(role_font(Role.SMALL))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as the longest item, with room for the chevron; the style's own frame is not drawn."""
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(self.itemText(at)) for at in range(self.count())), default=0)
        edge = 16 if self.property("kind") == "quiet" else 34
        return QSize(widest + edge + 30, 28 if self.property("kind") == "quiet" else 32)

    def minimumSizeHint(self) -> QSize:
        """The same: a choice is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A quiet one: its word beside the chevron, the ground only while it is used; else the style sheet's box."""
        tokens = self._theme.tokens
        quiet = self.property("kind") == "quiet"
        if not quiet:
            super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if quiet:
            used = self.hasFocus() or self.underMouse()
            painter.setPen(colour(tokens.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(colour(tokens.hover) if used else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setPen(colour(tokens.text2))
            painter.setFont(self.font())
            room = QRectF(6, 0, self.width() - (26 if self.count() > 1 else 12), self.height())
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(room, int(flags), self.currentText())
        if self.count() > 1:
            box = QRectF(self.width() - 18, (self.height() - 14) / 2, 14, 14)
            paint_icon(painter, box, Icon.CHEVRON_DOWN, tokens.text2)
