"""The large area of the first start: a dashed frame, a small tree, what to drop and two buttons."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from reserves_gui.gui.theme import Role, Theme, Tokens, colour
from reserves_gui.gui.widgets.buttons import Button, row
from reserves_gui.gui.widgets.text import Painted, Prose, label

# The small tree, drawn on 180×108: centre x, top y, width, height of each box; own boxes from root to leaf first.
_OWN = ((90, 2, 40, 20), (42, 57, 40, 18), (66, 91, 33, 17))
_OTHERS = ((138, 57, 40, 18), (18, 91, 32, 16), (114, 91, 32, 16), (162, 91, 32, 16))
_LINKS = ((90, 22, 42, 57), (42, 75, 66, 91))
_OTHER_LINKS = ((90, 22, 138, 57), (42, 75, 18, 91), (138, 75, 114, 91), (138, 75, 162, 91))


class SmallTree(Painted):
    """A tree of seven boxes with one path marked. Decoration: it is not spoken."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(182, 112)
        theme.changed.connect(self.update)

    def paint(self, painter: QPainter) -> None:
        """Links first, boxes over them."""
        tokens = self._theme.tokens
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for links, value, width in ((_OTHER_LINKS, tokens.button_line, 1.5), (_LINKS, tokens.accent, 2.0)):
            painter.setPen(QPen(colour(value), width))
            for link in links:
                painter.drawPath(_bent(*link))
        for box in _OTHERS:
            _box(painter, box, tokens.button_line, tokens.surface)
        self._own(painter, tokens)

    def _own(self, painter: QPainter, tokens: Tokens) -> None:
        for at, box in enumerate(_OWN):
            _box(painter, box, tokens.accent, tokens.accent if at == len(_OWN) - 1 else tokens.accent_soft)


def _box(painter: QPainter, box: tuple[int, int, int, int], line: str, ground: str) -> None:
    x, y, width, height = box
    painter.setPen(QPen(colour(line), 1.5))
    painter.setBrush(colour(ground))
    painter.drawRoundedRect(QRectF(x - width / 2, y, width, height), 4, 4)


def _bent(x1: float, y1: float, x2: float, y2: float) -> QPainterPath:
    middle, turn = y1 + (y2 - y1) * 0.5, 6.0 if x2 > x1 else -6.0
    path = QPainterPath(QPointF(x1, y1))
    path.lineTo(x1, middle - 6)
    path.quadTo(x1, middle, x1 + turn, middle)
    path.lineTo(x2 - turn, middle)
    path.quadTo(x2, middle, x2, middle + 6)
    path.lineTo(x2, y2)
    return path


class DropArea(QWidget):
    """Says what to drop; while files are dragged over the window it says how many will be checked."""

    def __init__(self, theme: Theme, title: str, sentence: str, *buttons: Button) -> None:
        super().__init__()
        self._theme = theme
        self._dragging = False
        self._rest_title = title
        self.title = label(title, Role.HEADLINE)
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.title.setWordWrap(True)
        self._sentence = Prose(sentence)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 16, 32, 16)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(SmallTree(theme), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(16)
        column.addWidget(self.title)
        column.addSpacing(4)
        column.addWidget(self._sentence)
        column.addSpacing(16)
        column.addLayout(row(None, *buttons, None, spacing=12))
        column.addStretch(1)
        theme.changed.connect(self.update)

    def set_dragging(self, text: str | None) -> None:
        """Show what letting go would do, or the resting title for ``None``."""
        self._dragging = text is not None
        self.title.setText(text if text is not None else self._rest_title)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The dashed frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        pen = QPen(colour(tokens.accent if self._dragging else tokens.control), 1.5)
        pen.setDashPattern([2.6, 2])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setBrush(colour(tokens.accent_soft if self._dragging else tokens.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 12, 12)
