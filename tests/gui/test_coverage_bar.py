"""The coverage bar: 100 % is always there, an interval stands where it is, an unknown end fades, nothing is made up."""

from fractions import Fraction
from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reserves_gui.gui.pictures import export
from reserves_gui.gui.pictures.coverage_bar import paint, paint_scale
from reserves_gui.gui.theme import DARK, LIGHT, Theme, ThemeChoice, Tokens
from reserves_gui.gui.widgets.coverage_bar_view import CoverageBarView
from reserves_gui.services.pictures import CoverageBar, Scale, scale_of
from reserves_gui.verdict import State

WIDTH, HEIGHT = 280, 24


def _bar(low: str | None, high: str | None, state: State = State.VERIFIED, scale: Scale | None = None) -> CoverageBar:
    ends = [None if one is None else Fraction(one) / 100 for one in (low, high)]
    return CoverageBar(state=state, low=ends[0], high=ends[1], scale=scale or Scale())


def _painted(model: CoverageBar, tokens: Tokens = LIGHT) -> QImage:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(tokens.surface))
    painter = QPainter(image)
    paint(painter, QRectF(0, 0, WIDTH, HEIGHT), model, tokens)
    painter.end()
    return image


def _columns(image: QImage, wanted: str) -> set[int]:
    """The columns in which a colour stands on the middle line."""
    return {x for x in range(WIDTH) if image.pixelColor(x, HEIGHT // 2).name().upper() == wanted}


def _strength(image: QImage, x: int, tokens: Tokens = LIGHT) -> int:
    """How far a pixel of the middle line is from the bare track."""
    seen, bare = image.pixelColor(x, HEIGHT // 2), QColor(tokens.hover)
    return abs(seen.red() - bare.red()) + abs(seen.green() - bare.green()) + abs(seen.blue() - bare.blue())


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
@pytest.mark.parametrize("state", [State.VERIFIED, State.FAILED])
def test_an_interval_stands_where_its_ends_are(state: State, tokens: Tokens, qapp: QApplication) -> None:
    assert qapp
    columns = _columns(_painted(_bar("102", "104", state), tokens), getattr(tokens, state.value))
    # 94 to 108 % on 280 pixels are 20 pixels a percent.
    assert min(columns) in range(158, 167)
    assert max(columns) in range(193, 201)


def test_a_short_interval_is_at_least_four_pixels_wide(qapp: QApplication) -> None:
    assert qapp
    image = _painted(_bar("102.30", "102.31"))
    assert 4 <= len({x for x in range(WIDTH) if _strength(image, x) > 30 and x > 130}) <= 6


@pytest.mark.parametrize("model", [_bar(None, None), _bar("96", "105"), _bar(None, "99")])
def test_the_line_at_a_hundred_is_drawn_over_everything(model: CoverageBar, qapp: QApplication) -> None:
    assert qapp
    image = _painted(model)
    at = 120
    top, middle = image.pixelColor(at, 3), image.pixelColor(at, HEIGHT // 2)
    assert min(_far(top, QColor(LIGHT.text)), _far(image.pixelColor(at - 1, 3), QColor(LIGHT.text))) < 250
    assert min(_far(middle, QColor(LIGHT.text)), _far(image.pixelColor(at - 1, HEIGHT // 2), QColor(LIGHT.text))) < 250


def _far(one: QColor, other: QColor) -> int:
    return abs(one.red() - other.red()) + abs(one.green() - other.green()) + abs(one.blue() - other.blue())


def test_an_unknown_lower_end_fades_out_to_the_left(qapp: QApplication) -> None:
    assert qapp
    image = _painted(_bar(None, "103", State.UNDECIDED))
    strengths = [_strength(image, x) for x in (8, 60, 105, 150, 170)]
    assert strengths == sorted(strengths)
    assert strengths[0] < 12 < strengths[-1]
    assert _strength(image, 200) == 0


def test_an_unknown_upper_end_fades_out_to_the_right(qapp: QApplication) -> None:
    assert qapp
    image = _painted(_bar("101", None, State.UNDECIDED))
    strengths = [_strength(image, x) for x in (270, 220, 180, 150)]
    assert strengths == sorted(strengths)
    assert _strength(image, 60) == 0


def test_an_undecided_interval_is_lighter_than_a_decided_one(qapp: QApplication) -> None:
    assert qapp
    decided, undecided = (_painted(_bar("96", "99", state)) for state in (State.FAILED, State.UNDECIDED))
    assert 0 < _strength(undecided, 70) < _strength(decided, 70)


def test_where_nothing_was_seen_the_track_stays_bare(qapp: QApplication) -> None:
    assert qapp
    image = _painted(_bar(None, None, State.UNDECIDED))
    assert all(_strength(image, x) == 0 for x in range(10, 270) if abs(x - 120) > 3)


def test_the_scale_widens_to_the_data_and_ends_at_twice_what_is_owed() -> None:
    assert scale_of([]) == Scale(94, 108)
    assert scale_of([Fraction(97, 100), Fraction(103, 100)]) == Scale(94, 108)
    assert scale_of([Fraction(864, 1000), Fraction(1205, 1000)]) == Scale(85, 122)
    assert scale_of([Fraction(0), Fraction(30)]) == Scale(0, 200)


@pytest.mark.parametrize("scale", [Scale(), Scale(85, 122), Scale(0, 200), Scale(0, 108), Scale(94, 101)])
def test_ticks_are_round_few_and_have_the_hundred_among_them(scale: Scale) -> None:
    ticks = scale.ticks()
    assert 100 in ticks
    assert 1 <= len(ticks) <= 7
    assert all(scale.low < tick < scale.high for tick in ticks)
    assert len({after - before for before, after in pairwise(ticks)}) <= 1


def test_what_lies_beyond_the_scale_points_out_of_it(qapp: QApplication) -> None:
    assert qapp
    inside = _painted(_bar("150", "190", scale=Scale(0, 200)))
    beyond = _painted(_bar("150", "900", scale=Scale(0, 200)))
    near_edge = [(WIDTH - 6, y) for y in (7, 8, 16)]
    assert all(_far(inside.pixelColor(x, y), beyond.pixelColor(x, y)) > 100 for x, y in near_edge)


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_the_screen_and_the_export_show_the_same_pixels(choice: ThemeChoice, qtbot: QtBot) -> None:
    theme = Theme(choice)
    theme.choose(choice)
    model = _bar("98.4", "102.2", State.UNDECIDED)
    view = CoverageBarView(theme, model, "BTC, coverage undecided: 98.40 – 102.20 %")
    qtbot.addWidget(view)
    view.resize(WIDTH, HEIGHT)
    screen = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)
    screen.fill(QColor(theme.tokens.surface))
    painter = QPainter(screen)
    view.paint(painter)
    painter.end()
    assert screen == _painted(model, theme.tokens)
    assert view.accessibleName() == "BTC, coverage undecided: 98.40 – 102.20 %"
    drawn = export.svg(
        lambda p, box, tokens: paint(p, box, model, tokens), QSizeF(WIDTH, HEIGHT), theme.tokens, title="c"
    )
    assert drawn.startswith(b"<?xml")


def test_labels_of_the_scale_never_meet(qapp: QApplication) -> None:
    assert qapp
    image = QImage(160, 18, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(LIGHT.surface))
    painter = QPainter(image)
    paint_scale(painter, QRectF(QPointF(0, 0), QSizeF(160, 18)), Scale(), LIGHT)
    painter.end()
    inked = [x for x in range(160) if any(image.pixelColor(x, y) != QColor(LIGHT.surface) for y in range(18))]
    assert inked
    assert min(inked) > 0
    assert max(inked) < 159
