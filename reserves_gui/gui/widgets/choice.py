"""A quiet choice in the head of a card: the word and a chevron, no frame until it is pointed at."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from reserves_gui.gui.icons import Icon, paint_icon
from reserves_gui.gui.theme import Theme


class Choice(QComboBox):
    """A combo box whose arrow is one of our icons; ``kind`` ``quiet`` in card heads, ``field`` in forms."""

    def __init__(self, theme: Theme, name: str, *, kind: str = "quiet") -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", kind)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as the longest item, with room for the chevron; the style's own frame is not drawn."""
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(self.itemText(at)) for at in range(self.count())), default=0)
        edge = 16 if self.property("kind") == "quiet" else 20
        return QSize(widest + edge + 30, 28 if self.property("kind") == "quiet" else 32)

    def minimumSizeHint(self) -> QSize:
        """The same: a choice is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style sheet's box, then the chevron."""
        super().paintEvent(event)
        if self.count() > 1:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.width() - 20, (self.height() - 14) / 2, 14, 14)
            paint_icon(painter, box, Icon.CHEVRON_DOWN, self._theme.tokens.text2)
