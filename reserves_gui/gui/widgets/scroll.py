"""A scroll area for columns."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

BAR = 12
"""Room for a scroll bar."""


class _Content(QWidget):
    """As high as it needs to be at its width: the sum of what its sentences need at their narrowest is far more."""

    def minimumSizeHint(self) -> QSize:
        """Only a width."""
        return QSize(super().minimumSizeHint().width(), 0)


class Scroll(QScrollArea):
    """A vertical scroll area whose content keeps its width whether or not the bar shows: the bar lives in the gap."""

    resized = Signal()

    def __init__(self, gap: int = 16) -> None:
        super().__init__()
        self._gap = gap
        self._left = 0
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = _Content()
        self.column = QVBoxLayout(inner)
        self.column.setSpacing(16)
        self.setWidget(inner)
        self.verticalScrollBar().rangeChanged.connect(self._fit)
        self._fit(0, 0)

    @property
    def content_width(self) -> int:
        """Width of the cards in it."""
        return self.width() - self._left - self._gap

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell those who choose their measures by the room there is."""
        super().resizeEvent(event)
        self.resized.emit()

    def set_gap(self, gap: int) -> None:
        """Change the free space at the right."""
        self._gap = gap
        self._fit(0, self.verticalScrollBar().maximum())

    def set_left(self, left: int) -> None:
        """Free space at the left."""
        self._left = left
        self._fit(0, self.verticalScrollBar().maximum())

    def _fit(self, least: int, most: int) -> None:
        bar = BAR if most > least else 0
        self.column.setContentsMargins(self._left, 0, max(0, self._gap - bar), 16)
