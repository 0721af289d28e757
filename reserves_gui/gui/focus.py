"""The focus ring: 2 px accent, 2 px off the control, for keyboard focus."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from reserves_gui.gui.theme import Theme, colour

OWN_FOCUS = "own_focus"
"""Property of widgets that paint their focus inside themselves (rows and nodes)."""
_INSIDE = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractItemView, QComboBox)
_GAP = 2
_WIDTH = 2


class _Ring(QWidget):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ring(painter, QRectF(self.rect()), self._theme, radius=8)


class FocusRing(QObject):
    """One ring for the whole application: it follows the focused widget and is clipped where that is clipped."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._target: QWidget | None = None
        self._ring: _Ring | None = None

    @property
    def target(self) -> QWidget | None:
        """The widget the ring is drawn around, if any."""
        return self._target if self._ring is not None else None

    def watch(self, application: QApplication) -> None:
        """Follow the focus of ``application``."""
        application.focusChanged.connect(self._moved)

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        by_mouse = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        self._leave()
        around = None if new is None else new.parentWidget()
        if new is not None and around is not None and not by_mouse and wants_ring(new):
            self._target = new
            new.installEventFilter(self)
            self._ring = _Ring(self._theme, around)
            self._place()
            self._ring.show()
            self._ring.raise_()

    def _leave(self) -> None:
        # The ring is a child of the focused widget's parent and may have gone with it.
        if self._target is not None and isValid(self._target):
            self._target.removeEventFilter(self)
        if self._ring is not None and isValid(self._ring):
            self._ring.hide()
            self._ring.deleteLater()
        self._target = None
        self._ring = None

    def _place(self) -> None:
        if self._target is not None and self._ring is not None and isValid(self._ring):
            off = _GAP + _WIDTH
            self._ring.setGeometry(self._target.geometry().adjusted(-off, -off, off, off))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay with the focused widget."""
        if watched is self._target:
            if event.type() in {QEvent.Type.Move, QEvent.Type.Resize}:
                self._place()
            elif event.type() in {QEvent.Type.Hide, QEvent.Type.ParentChange}:
                self._leave()
        return False


def wants_ring(widget: QWidget) -> bool:
    """Whether the ring is drawn around ``widget``; fields, lists and painted rows show their focus inside."""
    if isinstance(widget, (QLabel, QScrollArea, *_INSIDE)) or widget.property(OWN_FOCUS):
        return False
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not widget.isWindow()


def paint_ring(painter: QPainter, box: QRectF, theme: Theme, *, radius: float) -> None:
    """Paint a focus ring just inside ``box``."""
    painter.setPen(QPen(colour(theme.tokens.accent), _WIDTH))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = _WIDTH / 2
    painter.drawRoundedRect(box.adjusted(half, half, -half, -half), radius, radius)
