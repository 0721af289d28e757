"""The chart over time as a widget: pointing, or walking with the arrow keys, reads one time after the other.

It is a list view of the times at which something can be read, painted as a chart: Qt then offers every time to screen
readers as a child with its name and place, made when it is asked for, and tells them which one the keyboard is at.
"""

from bisect import bisect_left

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPicture,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QSizePolicy, QWidget

from reserves_gui.gui.pictures.time_chart import paint, paint_cross
from reserves_gui.gui.pictures.time_layout import ChartLayout, lay_out
from reserves_gui.gui.pictures.time_model import ChartModel, Reading, iso, readings, standing
from reserves_gui.gui.theme import Theme, Tokens, colour
from reserves_gui.gui.widgets.popover import Popover
from reserves_gui.gui.words import Words

_HEIGHT = 452
_SMALLEST = QSize(420, 340)
_REACH = 24
_BESIDE = 14
# As the contents of a chart: what is no index of the model stands nowhere.
_NOWHERE = QRect()
_Index = QModelIndex | QPersistentModelIndex


class _Times(QAbstractListModel):
    """One row a time, oldest first; its text is everything that stands there."""

    def __init__(self, view: "TimeChartView") -> None:
        super().__init__(view)
        self._view = view
        self.times: tuple[int, ...] = ()

    def show(self, times: tuple[int, ...]) -> None:
        """Offer these times."""
        self.beginResetModel()
        self.times = times
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One row a time."""
        return 0 if parent.isValid() else len(self.times)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """What stands at the time, for screen readers."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) or not index.isValid():
            return None
        return self._view.text_at(self.times[index.row()])


class TimeChartView(QListView):
    """Shows one model. The picture is painted once per size and theme; only the cross line moves."""

    table_wanted = Signal()
    """F6: the same values as a table."""

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = words
        self._model: ChartModel | None = None
        self._times = _Times(self)
        self._cached: tuple[QSize, Tokens, QPicture] | None = None
        self._laid: tuple[QSize, ChartLayout] | None = None
        self._by_keys = False
        self.setModel(self._times)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.card = Popover(self, hovers=True)
        self.setProperty("own_focus", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.viewport().update)

    @property
    def chart(self) -> ChartModel | None:
        """What is shown, without the cross line: the same picture goes into exports."""
        return None if self._model is None else self._model.reading(None)

    def set_chart(self, model: ChartModel | None) -> None:
        """Show ``model``; None clears the view."""
        self._model = model
        self._cached = self._laid = None
        self.card.hide()
        self._times.show(() if model is None else model.times)
        words = self._words
        self.setAccessibleName("" if model is None else words("window.over_time.chart_of", asset=model.asset))
        count = len(self._times.times)
        self.setAccessibleDescription("" if model is None else words("window.over_time.chart_help", count=count))
        self.viewport().update()

    @property
    def reading(self) -> str:
        """What stands at the cross line, a line each; empty while nothing is read."""
        marked = None if self._model is None else self._model.marked
        return "" if marked is None else self.text_at(marked)

    def text_at(self, time: int) -> str:
        """What stands at one time, a line each."""
        found = [] if self._model is None else list(readings(self._model, self._words, time))
        lines = (f"{one.name}: {one.text}" + (f" ({one.note})" if one.note else "") for one in found)
        return "\n".join((self._words.time(iso(time)), *lines))

    # What a list view is asked for -------------------------------------------------------------------------------

    def visualRect(self, index: _Index) -> QRect:
        """The strip at the time of a row, over all panes."""
        if self._model is None or not index.isValid():
            return _NOWHERE
        layout = self._layout(self._model)
        x = round(layout.x(self._times.times[index.row()]))
        return QRect(x - 2, round(layout.events.top()), 4, round(layout.plot.bottom() - layout.events.top()))

    def indexAt(self, place: QPoint) -> QModelIndex:
        """The row of the nearest time within reach."""
        time = self._near(place.x())
        return QModelIndex() if time is None else self._times.index(bisect_left(self._times.times, time), 0)

    def scrollTo(self, index: _Index, hint: object = None) -> None:
        """Everything is in view."""

    def doItemsLayout(self) -> None:
        """The chart lays itself out."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Whoever scrolls around the chart goes on scrolling."""
        event.ignore()

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
        painter = QPainter(self.viewport())
        painter.drawPicture(QPointF(0, 0), self._picture(model, tokens))
        paint_cross(painter, self._layout(model), model, tokens)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour(tokens.accent), 2))
            painter.drawRoundedRect(self._place().adjusted(1, 1, -1, -1), 6, 6)

    # Reading -----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, right, Home and End walk the times; Escape puts the card away; F6 asks for the table."""
        times = self._times.times
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_F6:
            self.table_wanted.emit()
        elif times and key in moves:
            self._walk(self._step(moves[key]))
        elif times and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._walk(times[0] if key == Qt.Key.Key_Home else times[-1])
        elif key == Qt.Key.Key_Escape and self.card.isVisible():
            self.card.hide()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click reads the time under the pointer, and the arrow keys go on from there."""
        self._read(self._near(event.position().x()))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the nearest time within reach of the pointer."""
        self._by_keys = False
        self._read(self._near(event.position().x()))

    def viewportEvent(self, event: QEvent) -> bool:
        """Nothing is read when the pointer is away, unless the keyboard reads."""
        if event.type() == QEvent.Type.Leave and not self._by_keys:
            self._read(None)
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Only the ring: nothing is read until a key is pressed."""
        QWidget.focusInEvent(self, event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing is read when the keyboard is away."""
        self._by_keys = False
        self._read(None)
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """The card does not outlive the chart."""
        self.card.hide()
        super().hideEvent(event)

    def _near(self, x: float) -> int | None:
        """The time nearest to a place, None where all are further than a finger."""
        if self._model is None:
            return None
        layout, times = self._layout(self._model), self._times.times
        wanted = layout.time(x)
        at = bisect_left(times, wanted)
        near = [one for one in times[max(0, at - 1) : at + 1] if abs(layout.x(one) - x) < _REACH]
        return min(near, key=lambda one: abs(one - wanted), default=None)

    def _step(self, by: int) -> int:
        times = self._times.times
        marked = None if self._model is None else self._model.marked
        if marked is None:
            return times[0 if by > 0 else -1]
        return times[max(0, min(len(times) - 1, bisect_left(times, marked) + by))]

    def _walk(self, time: int) -> None:
        self._by_keys = True
        self._read(time)

    def _read(self, time: int | None) -> None:
        """Set the cross line at ``time`` with the card beside it; None takes both away."""
        model = self._model
        if model is None or time == model.marked:
            return
        self._model = model = model.reading(time)
        row = -1 if time is None else bisect_left(self._times.times, time)
        self.setCurrentIndex(self._times.index(row, 0) if row >= 0 else QModelIndex())
        self.viewport().update()
        if time is None:
            self.card.hide()
            return
        self.card.fill(
            self._words.time(iso(time)), [_row(one, time, self._words) for one in standing(model, self._words, time)]
        )
        layout = self._layout(model)
        self.card.settle()
        x = layout.x(time) + _BESIDE
        if x + self.card.width() > self.width():
            x = layout.x(time) - _BESIDE - self.card.width()
        self.card.show_at(self.viewport().mapToGlobal(QPointF(x, layout.amounts.rect.top()).toPoint()))

    def _picture(self, model: ChartModel, tokens: Tokens) -> QPicture:
        cached = self._cached
        if cached is None or cached[0] != self.size() or cached[1] is not tokens:
            picture = QPicture()
            painter = QPainter(picture)
            paint(painter, self._place(), model.reading(None), tokens)
            painter.end()
            self._cached = cached = (self.size(), tokens, picture)
        return cached[2]

    def _layout(self, model: ChartModel) -> ChartLayout:
        """The same for every place of the cross line."""
        if self._laid is None or self._laid[0] != self.viewport().size():
            self._laid = (self.viewport().size(), lay_out(self._place(), model))
        return self._laid[1]

    def _place(self) -> QRectF:
        return QRectF(QPointF(0, 0), self.viewport().size().toSizeF())


def _row(one: Reading, time: int, words: Words) -> tuple[str, str, str]:
    """A value that is older than the time that is read says of when it is."""
    when = "" if one.time == time else words.short_time(iso(one.time))
    return one.name, one.text, " · ".join(part for part in (when, one.note) if part)
