"""A hundred thousand looks at the listed wallets: the chart painted from nothing, and with only its cross line moved."""

import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from reserves_gui.gui.pictures.time_chart import paint
from reserves_gui.gui.pictures.time_model import ChartModel, Value
from reserves_gui.gui.theme import LIGHT, Theme, ThemeChoice
from reserves_gui.gui.widgets.time_chart_view import TimeChartView
from reserves_gui.gui.words import Words
from tests.benchmarks.measuring import Table, median_of

pytestmark = pytest.mark.benchmark

_SIZE = QSize(640, 452)


def _model(points: int) -> ChartModel:
    looks = tuple(Value(at * 3600, 60_000 + at % 977 * 0.7, "") for at in range(points))
    days = tuple(Value(at * 86_400, at % 13 - 6.0, "") for at in range(points // 24))
    return ChartModel(start=0, end=points * 3600, asset="BTC", language="en", reserves=looks, flows=days)


def _painted(model: ChartModel) -> float:
    image = QImage(_SIZE, QImage.Format.Format_ARGB32_Premultiplied)

    def once() -> None:
        painter = QPainter(image)
        paint(painter, QRectF(0, 0, _SIZE.width(), _SIZE.height()), model, LIGHT)
        painter.end()

    return median_of(once, runs=9)


def test_a_chart_of_many_points(table: Table, qtbot: QtBot) -> None:
    model = _model(100_000)
    table.compare("chart of 100,000 looks, painted", _painted(model), "of 1,000 looks", _painted(_model(1_000)))
    view = TimeChartView(Theme(ThemeChoice.LIGHT), Words("en"))
    qtbot.addWidget(view)
    view.resize(_SIZE)
    view.set_chart(model)
    with qtbot.waitExposed(view):
        view.show()
    again = median_of(view.viewport().repaint, runs=9)
    table.compare("the same, cross line moved", again, "painted from nothing", _painted(model))
    walked = median_of(lambda: qtbot.keyClick(view, Qt.Key.Key_Right), runs=9)
    table.compare("a step with the arrow key", walked, "painted from nothing", _painted(model))
