"""The picture over time: what is joined by a line, what is dashed, and what the labels of its scales say."""

import random

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from reserves_gui.gui.pictures.time_chart import paint, tick_texts
from reserves_gui.gui.pictures.time_layout import lay_out, outline, runs
from reserves_gui.gui.pictures.time_model import DAY, ChartModel, Value
from reserves_gui.gui.theme import LIGHT
from reserves_gui.gui.words import Words

BOX = QRectF(0, 0, 640, 452)


def _chart(looks: list[tuple[float, float | None]]) -> ChartModel:
    values = tuple(Value(round(day * DAY), at, "") for day, at in looks)
    return ChartModel(start=values[0].time, end=max(values[-1].time, DAY), asset="BTC", language="en", reserves=values)


def _runs(chart: ChartModel) -> list[int]:
    layout = lay_out(BOX, chart)
    return [len(run.points) for run in runs(chart.reserves, layout, layout.amounts)]


def test_days_without_any_look_are_not_joined_by_a_line() -> None:
    assert _runs(_chart([(0, 5.0), (1, 6.0), (40, 7.0), (41, 8.0)])) == [2, 2]


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
    middle = int(layout.x(20 * DAY)) + 3
    bottom = int(layout.amounts.rect.bottom()) - 2
    assert image.pixelColor(middle, bottom).name().upper() == LIGHT.sunken
