"""A coverage bar as a widget, and the scale above bars. What they show is said in words beside them and to readers."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy

from reserves_gui.gui.pictures import coverage_bar
from reserves_gui.gui.theme import Theme
from reserves_gui.gui.widgets.text import Painted
from reserves_gui.services.pictures import CoverageBar, Scale

_BAR_HEIGHT, _SCALE_HEIGHT = 24, 18
_SMALLEST = 160


class CoverageBarView(Painted):
    """One asset's bar. ``spoken`` is what a screen reader says in its place."""

    def __init__(self, theme: Theme, model: CoverageBar, spoken: str) -> None:
        super().__init__()
        self._theme = theme
        self.model = model
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(2 * _SMALLEST, _BAR_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Wide enough to tell the ends apart."""
        return QSize(_SMALLEST, _BAR_HEIGHT)

    def paint(self, painter: QPainter) -> None:
        """The bar."""
        coverage_bar.paint(painter, QRectF(self.rect()), self.model, self._theme.tokens)


class CoverageScaleView(Painted):
    """The percentages above the bars."""

    def __init__(self, theme: Theme, scale: Scale, spoken: str) -> None:
        super().__init__()
        self._theme = theme
        self.scale = scale
        self.setAccessibleName(spoken)
        self.setFixedHeight(_SCALE_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def paint(self, painter: QPainter) -> None:
        """The labels."""
        coverage_bar.paint_scale(painter, QRectF(self.rect()), self.scale, self._theme.tokens)
