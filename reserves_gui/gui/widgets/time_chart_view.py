"""The chart over time as a widget: pointing, or walking with the arrow keys, reads one time after the other."""

from bisect import bisect_left

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPicture
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from reserves_gui.gui.pictures.time_chart import paint, paint_cross
from reserves_gui.gui.pictures.time_layout import lay_out
from reserves_gui.gui.pictures.time_model import ChartModel, iso, readings
from reserves_gui.gui.theme import Theme, Tokens, colour
from reserves_gui.gui.words import Words

_HEIGHT = 452
_SMALLEST = QSize(420, 340)
_REACH = 24


class TimeChartView(QWidget):
    """Shows one model. The picture is painted once per size and theme; only the cross line moves."""

    table_wanted = Signal()
    """F6: the same values as a table."""

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = words
        self._model: ChartModel | None = None
        self._times: tuple[int, ...] = ()
        self._cached: tuple[QSize, Tokens, QPicture] | None = None
        self.setProperty("own_focus", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    @property
    def model(self) -> ChartModel | None:
        """What is shown, without the cross line: the same picture goes into exports."""
        return None if self._model is None else self._model.reading(None)

    def set_model(self, model: ChartModel | None) -> None:
        """Show ``model``; None clears the view."""
        self._model = model
        self._times = () if model is None else model.times
        self._cached = None
        self._say()
        self.update()

    @property
    def reading(self) -> str:
        """What stands at the cross line, a line each; empty while nothing is read."""
        model = self._model
        if model is None or model.marked is None:
            return ""
        lines = [self._words.time(iso(model.marked))]
        lines += [
            f"{one.name}: {one.text}" + (f" ({one.note})" if one.note else "")
            for one in readings(model, self._words, model.marked)
        ]
        return "\n".join(lines)

    def sizeHint(self) -> QSize:
        """As visual.md has it at 1280 px."""
        return QSize(640, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Wide enough for labels, high enough for three panes."""
        return _SMALLEST

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Replay the picture, then the cross line and the ring."""
        model = self._model
        if model is None:
            return
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.drawPicture(QPointF(0, 0), self._picture(model, tokens))
        paint_cross(painter, lay_out(self._place(), model), model, tokens)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour(tokens.accent), 2))
            painter.drawRoundedRect(self._place().adjusted(1, 1, -1, -1), 6, 6)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, right, Home and End walk the times; F6 asks for the table."""
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_F6:
            self.table_wanted.emit()
        elif self._times and key in moves:
            self._step(moves[key])
        elif self._times and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._mark(self._times[0] if key == Qt.Key.Key_Home else self._times[-1])
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the nearest time within reach of the pointer."""
        if self._model is None:
            return
        layout = lay_out(self._place(), self._model)
        wanted = layout.time(event.position().x())
        at = bisect_left(self._times, wanted)
        near = [
            one for one in self._times[max(0, at - 1) : at + 1] if abs(layout.x(one) - event.position().x()) < _REACH
        ]
        self._mark(min(near, key=lambda one: abs(one - wanted)) if near else None)
        QToolTip.showText(event.globalPosition().toPoint(), self.reading, self)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is read when the pointer is away."""
        if not self.hasFocus():
            self._mark(None)
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing is read when the keyboard is away."""
        self._mark(None)
        super().focusOutEvent(event)

    def _step(self, by: int) -> None:
        marked = None if self._model is None else self._model.marked
        at = (
            -1
            if marked is None and by > 0
            else (len(self._times) if marked is None else bisect_left(self._times, marked))
        )
        self._mark(self._times[max(0, min(len(self._times) - 1, at + by))])
        if self._model is not None and self._model.marked is not None:
            x = lay_out(self._place(), self._model).x(self._model.marked)
            QToolTip.showText(self.mapToGlobal(QPointF(x, 24).toPoint()), self.reading, self)

    def _mark(self, time: int | None) -> None:
        if self._model is not None and time != self._model.marked:
            self._model = self._model.reading(time)
            self._say()
            self.update()

    def _say(self) -> None:
        model = self._model
        name = "" if model is None else self._words("window.over_time.chart_of", asset=model.asset)
        self.setAccessibleName(name)
        count = len(self._times)
        self.setAccessibleDescription(
            self.reading or ("" if model is None else self._words("window.over_time.chart_help", count=count))
        )

    def _picture(self, model: ChartModel, tokens: Tokens) -> QPicture:
        cached = self._cached
        if cached is None or cached[0] != self.size() or cached[1] is not tokens:
            picture = QPicture()
            painter = QPainter(picture)
            paint(painter, self._place(), model.reading(None), tokens)
            painter.end()
            self._cached = cached = (self.size(), tokens, picture)
        return cached[2]

    def _place(self) -> QRectF:
        return QRectF(QPointF(0, 0), self.size().toSizeF())
