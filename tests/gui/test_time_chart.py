"""The picture over time: what is joined by a line, what is dashed, and what the labels of its scales say."""

import random
import time

import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reserves_gui.gui.pictures.time_chart import paint, tick_texts
from reserves_gui.gui.pictures.time_layout import lay_out, outline, runs
from reserves_gui.gui.pictures.time_model import DAY, ChartModel, Event, EventKind, Value, standing
from reserves_gui.gui.theme import LIGHT, Theme, ThemeChoice
from reserves_gui.gui.widgets.time_chart_view import TimeChartView
from reserves_gui.gui.words import Words
from reserves_gui.messages import Argument

BOX = QRectF(0, 0, 640, 452)


def _chart(looks: list[tuple[float, float | None]]) -> ChartModel:
    values = tuple(Value(round(day * DAY), at, "") for day, at in looks)
    return ChartModel(start=values[0].time, end=max(values[-1].time, DAY), asset="BTC", language="en", reserves=values)


def _runs(chart: ChartModel) -> list[int]:
    layout = lay_out(BOX, chart)
    return [len(run.points) for run in runs(chart.reserves, layout, layout.amounts)]


def test_days_without_any_look_are_not_joined_by_a_line() -> None:
    assert _runs(_chart([(0, 5.0), (1, 6.0), (40, 7.0), (41, 8.0)])) == [2, 2]


class Counting(Words):
    """Counts the sentences it is asked for."""

    def __init__(self) -> None:
        super().__init__("en")
        self.said = 0

    def __call__(self, key: str, /, **args: Argument) -> str:
        self.said += 1
        return super().__call__(key, **args)


@pytest.mark.parametrize("at", [0, 7, 4_999, 9_999])
def test_reading_one_time_costs_the_same_however_many_there_are(at: int) -> None:
    chart = _chart([(day, None if day == 7 else 5.0 + day) for day in range(10_000)])
    words = Counting()
    found = standing(chart, words, at * DAY)
    assert [one.time for one in found] == [at * DAY]
    older = standing(chart, words, at * DAY + 1)
    # What was not retrieved is no figure that goes on standing.
    assert [one.time for one in older] == [(6 if at == 7 else at) * DAY]
    assert words.said < 10


def test_a_look_that_came_some_hours_late_still_is_a_neighbour() -> None:
    assert _runs(_chart([(0, 5.0), (1.4, 6.0), (2, 7.0)])) == [3]


def test_what_was_not_retrieved_cuts_the_line() -> None:
    assert _runs(_chart([(0, None), (1, 5.0), (2, None), (3, None), (4, 6.0), (5, 6.5), (6, None)])) == [1, 2]


def test_nothing_retrieved_at_all_draws_no_line() -> None:
    assert _runs(_chart([(0, None), (1, None)])) == []


def test_of_many_points_in_a_column_the_lowest_and_the_highest_stay() -> None:
    source = random.Random(7)
    chart = _chart([(at / 24, source.uniform(10, 20)) for at in range(20_000)])
    layout = lay_out(BOX, chart)
    (run,) = runs(chart.reserves, layout, layout.amounts)
    assert len(run.points) <= 4 * (BOX.width() + 1)
    wanted: dict[int, list[float]] = {}
    for one in chart.reserves:
        assert one.at is not None
        wanted.setdefault(int(layout.x(one.time)), []).append(layout.amounts.y(one.at))
    drawn: dict[int, list[float]] = {}
    for x, y in run.points:
        drawn.setdefault(int(x), []).append(y)
    assert {x: (min(ys), max(ys)) for x, ys in drawn.items()} == {x: (min(ys), max(ys)) for x, ys in wanted.items()}


def test_the_outline_of_a_column_keeps_its_order() -> None:
    assert outline([5.0, 9.0, 4.0, 1.0, 6.0, 5.5]) == [0, 1, 3, 5]
    assert outline([5.0, 9.0]) == [0, 1]


@pytest.mark.parametrize(
    ("values", "language", "texts"),
    [
        ((64_010.0, 64_110.0), "en", ["64,025", "64,050", "64,075", "64,100"]),
        ((58_100.0, 64_000.0), "de", ["58.000", "60.000", "62.000", "64.000"]),
        ((1_234_000_000.0, 1_234_900_000.0), "en", ["1,234.00 M", "1,234.25 M", "1,234.50 M", "1,234.75 M"]),
        ((1e10, 3e10), "de", ["10 Mrd.", "20 Mrd.", "30 Mrd."]),
        ((0.0, 1.0), "en", ["0.0", "0.5", "1.0"]),
    ],
)
def test_labels_say_exactly_their_ticks(values: tuple[float, float], language: str, texts: list[str]) -> None:
    layout = lay_out(BOX, _chart([(0, values[0]), (1, values[1])]))
    assert tick_texts(layout.amounts, Words(language)) == texts


def test_every_scale_has_three_to_five_ticks_and_no_label_twice() -> None:
    source = random.Random(3)
    for _ in range(300):
        low = source.uniform(0, 1) * 10 ** source.randint(-6, 10)
        high = low * (1 + 10 ** source.uniform(-5, 1))
        layout = lay_out(BOX, _chart([(0, low), (1, high)]))
        for scale in (layout.amounts, layout.coverage, layout.flow):
            assert 3 <= len(scale.ticks) <= 5
            texts = tick_texts(scale, Words("en"))
            assert len(set(texts)) == len(texts)


@pytest.mark.usefixtures("qapp")
def test_a_stretch_without_looks_is_shaded() -> None:
    chart = _chart([(0, 5.0), (1, 6.0), (40, 5.0), (41, 6.0)])
    image = QImage(640, 452, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(LIGHT.surface))
    painter = QPainter(image)
    paint(painter, BOX, chart, LIGHT)
    painter.end()
    layout = lay_out(BOX, chart)
    middle, known = int(layout.x(20 * DAY)) + 3, int(layout.x(0.5 * DAY))
    # Through all panes, between the grid lines.
    for scale in (layout.amounts, layout.coverage, layout.flow):
        at = int((scale.y(scale.ticks[0]) + scale.y(scale.ticks[1])) / 2) + 2
        assert image.pixelColor(middle, at).name().upper() == LIGHT.sunken
        assert image.pixelColor(known, at).name().upper() == LIGHT.surface


@pytest.fixture
def view(qtbot: QtBot) -> TimeChartView:
    """Three looks, a snapshot two days before the last of them, and an alert at it."""
    model = ChartModel(
        start=0,
        end=4 * DAY,
        asset="BTC",
        language="en",
        reserves=tuple(Value(day * DAY, float(day), f"{day} BTC", "one.example") for day in (0, 2, 4)),
        owed=(Value(2 * DAY, 2.0, "2 BTC", "root from: page"),),
        events=(Event(4 * DAY, EventKind.ALERT, "BTC: reserves fell by 7.00 % within a day (threshold 5.00 %)."),),
    )
    made = TimeChartView(Theme(ThemeChoice.LIGHT), Words("en"))
    qtbot.addWidget(made)
    made.resize(640, 452)
    made.set_chart(model)
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    return made


def test_every_time_is_a_child_for_screen_readers_with_all_that_stands_there(view: TimeChartView) -> None:
    chart = QAccessible.queryAccessibleInterface(view)
    assert chart.text(QAccessible.Text.Name) == "BTC over time: reserves, liabilities, coverage and net flow"
    children = [chart.child(at) for at in range(chart.childCount())]
    names = [one.text(QAccessible.Text.Name) for one in children]
    assert names == [view.text_at(day * DAY) for day in (0, 2, 4)]
    assert "Liabilities stated: 2 BTC (root from: page)" in names[1]
    places = [one.rect().center().x() for one in children]
    assert places == sorted(set(places))


def test_the_child_the_keyboard_is_at_has_the_focus(view: TimeChartView, qtbot: QtBot) -> None:
    qtbot.keyClick(view, Qt.Key.Key_Home)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    focused = QAccessible.queryAccessibleInterface(view).focusChild()
    assert focused.text(QAccessible.Text.Name) == view.text_at(2 * DAY)


def test_the_card_lists_every_value_with_source_and_older_ones_with_their_time(
    view: TimeChartView, qtbot: QtBot
) -> None:
    assert not view.card.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.card.isVisible()
    assert view.card.text.split("\n") == [
        "5 January 1970, 00:00 UTC",
        "Reserves seen: 4 BTC, one.example",
        "Alert: BTC: reserves fell by 7.00 % within a day (threshold 5.00 %).",
        "Liabilities stated: 2 BTC, 3 Jan 1970 · root from: page",
    ]
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not view.card.isVisible()
    assert view.reading


def test_pointing_reads_the_nearest_time_and_leaving_puts_the_card_away(view: TimeChartView, qtbot: QtBot) -> None:
    layout = lay_out(QRectF(view.viewport().rect()), view.chart)
    qtbot.mouseMove(view.viewport(), QPoint(int(layout.x(2 * DAY)) + 9, 200))
    assert view.reading == view.text_at(2 * DAY)
    assert view.card.isVisible()
    qtbot.mouseMove(view.viewport(), QPoint(int(layout.x(DAY)), 200))
    assert not view.card.isVisible()
    qtbot.mouseMove(view.viewport(), QPoint(int(layout.x(2 * DAY)), 200))
    QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.Leave))
    assert view.reading == ""


def test_ten_years_of_days_are_walked_and_painted_without_a_pause(view: TimeChartView, qtbot: QtBot) -> None:
    values = tuple(Value(day * DAY, float(day % 90), f"{day} BTC") for day in range(3650))
    view.set_chart(ChartModel(start=0, end=3650 * DAY, asset="BTC", language="en", reserves=values))
    view.repaint()
    slowest = 0.0
    for key in (Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Home):
        began = time.perf_counter()
        qtbot.keyClick(view, key)
        view.repaint()
        slowest = max(slowest, time.perf_counter() - began)
    assert slowest < 0.25  # 16 ms on an idle computer; the tests share theirs


def test_the_chart_of_the_screen_and_of_the_export_are_the_same_pixels(view: TimeChartView) -> None:
    view.clearFocus()
    model = view.chart
    assert model is not None
    images = []
    for draw in (
        lambda painter: view.viewport().render(painter, QPoint(0, 0)),
        lambda painter: paint(painter, QRectF(view.viewport().rect()), model, LIGHT),
    ):
        image = QImage(view.viewport().size(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(QColor(LIGHT.surface))
        painter = QPainter(image)
        draw(painter)
        painter.end()
        images.append(image)
    # The picture that the screen keeps rounds places: edges may be a shade lighter or darker, nothing stands elsewhere.
    screen, exported = (bytes(image.constBits()) for image in images)
    assert max(abs(one - other) for one, other in zip(screen, exported, strict=True)) <= 8
    assert len(set(exported[::4])) > 10
