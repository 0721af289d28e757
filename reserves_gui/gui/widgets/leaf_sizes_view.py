"""The leaf sizes as a widget: pointing or walking with the arrow keys reads one class after the other."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from reserves_gui.evidence import LeafSizes
from reserves_gui.gui.pictures.leaf_sizes import LeafSizesModel, paint, placed
from reserves_gui.gui.theme import Theme, colour
from reserves_gui.messages import DEFAULT_LANGUAGE, Message, render

HEIGHTS = (172, 140)
"""The height of the picture, and where that is too much for a first screen."""
_SMALLEST = 360


class LeafSizesView(QWidget):
    """Shows the leaf sizes of one asset."""

    def __init__(self, theme: Theme, language: str = DEFAULT_LANGUAGE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._language = language
        self._sizes: LeafSizes | None = None
        self._asset = ""
        self._marked: int | None = None
        self.setProperty("own_focus", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHTS[0])
        theme.changed.connect(self.update)

    def set_sizes(self, sizes: LeafSizes | None, asset: str) -> None:
        """Show the sizes of ``asset``; None clears the view."""
        self._sizes, self._asset, self._marked = sizes, asset, None
        title = render(Message("report.sizes.title", {"asset": asset}), self._language)
        self.setAccessibleName(title if sizes is not None else "")
        self.setAccessibleDescription(self.zeros)
        self.update()

    def model(self) -> LeafSizesModel | None:
        """What is painted, without the mark: the same picture goes into exports."""
        if self._sizes is None:
            return None
        return LeafSizesModel(sizes=self._sizes, asset=self._asset, language=self._language)

    @property
    def zeros(self) -> str:
        """The sentence about leaves of value 0, to stand beside the picture; empty if there are none."""
        model = self.model()
        return "" if model is None else placed(self._place(), model).zeros

    @property
    def reading(self) -> str:
        """The sentence of the marked class; empty if none is."""
        model = self.model()
        if model is None or self._marked is None:
            return ""
        bar = placed(self._place(), model).bars[self._marked]
        args: dict[str, str | int] = {"count": bar.count, "low": bar.low, "high": bar.high, "asset": self._asset}
        return render(Message("report.sizes.bar", args), self._language)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(640, HEIGHTS[0])

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the labels."""
        return QSize(_SMALLEST, self.minimumHeight() or HEIGHTS[0])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bars, and the ring while the keyboard is here."""
        if self._sizes is None:
            return
        painter = QPainter(self)
        model = LeafSizesModel(sizes=self._sizes, asset=self._asset, language=self._language, marked=self._marked)
        paint(painter, self._place(), model, self._theme.tokens)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour(self._theme.tokens.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._place().adjusted(1, 1, -1, -1), 6, 6)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, right, Home and End move the mark."""
        count = self._count()
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if count and event.key() in moves:
            at = -1 if self._marked is None else self._marked
            start = 0 if self._marked is None else at + moves[Qt.Key(event.key())]
            self._mark(max(0, min(count - 1, start)))
        elif count and event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._mark(0 if event.key() == Qt.Key.Key_Home else count - 1)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the class under the pointer and say it."""
        model = self.model()
        if model is None:
            return
        bars = placed(self._place(), model).bars
        x = event.position().x()
        found = next((at for at, bar in enumerate(bars) if bar.x - 2 <= x < bar.x + bar.width + 2), None)
        self._mark(found)
        QToolTip.showText(event.globalPosition().toPoint(), self.reading, self)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is marked when the pointer is away."""
        self._mark(None)
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing is marked when the keyboard is away."""
        self._mark(None)
        super().focusOutEvent(event)

    def _mark(self, at: int | None) -> None:
        if at != self._marked:
            self._marked = at
            self.setAccessibleDescription(self.reading or self.zeros)
            self.update()

    def _count(self) -> int:
        model = self.model()
        return 0 if model is None else len(placed(self._place(), model).bars)

    def _place(self) -> QRectF:
        return QRectF(QPointF(0, 0), self.size().toSizeF())
