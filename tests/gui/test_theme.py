"""Colours hold their contrast, glyphs and icons are told apart by shape."""

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPalette

from reserves_gui.gui.glyphs import Glyph, glyph_colour, of_outcome, of_state, paint_glyph, soft_colour
from reserves_gui.gui.icons import Icon, icon, pixmap
from reserves_gui.gui.theme import DARK, LIGHT, POINTS, Theme, ThemeChoice, Tokens, colours, contrast, palette
from reserves_gui.verdict import Outcome, State

TEXT, MARK = 4.5, 3.0
PAIRS = [
    ("text", "surface", TEXT),
    ("text", "window", TEXT),
    ("text2", "surface", TEXT),
    ("text2", "sidebar", TEXT),
    ("text3", "surface", TEXT),
    ("text3", "window", TEXT),
    ("text3", "hover", TEXT),
    ("text3", "failed_soft", TEXT),
    ("text3", "accent_soft", TEXT),
    ("text3", "undecided_soft", TEXT),
    ("accent", "surface", TEXT),
    ("accent", "window", TEXT),
    ("accent", "accent_soft", TEXT),
    ("on_accent", "accent", TEXT),
    ("on_accent", "accent_hover", TEXT),
    ("verified", "surface", TEXT),
    ("verified", "verified_soft", TEXT),
    ("failed", "surface", TEXT),
    ("failed", "failed_soft", TEXT),
    ("on_failed", "failed", TEXT),
    ("undecided", "surface", TEXT),
    ("undecided", "undecided_soft", TEXT),
    ("partial", "surface", TEXT),
    ("partial", "partial_soft", TEXT),
    ("text", "partial_soft", TEXT),
    ("text", "failed_soft", TEXT),
    ("control", "surface", MARK),
    ("control", "window", MARK),
    ("flow_in", "surface", MARK),
    ("flow_out", "surface", MARK),
    ("series_muted", "surface", MARK),
]
# The ratios the design states, light / dark.
STATED = {
    ("text", "surface"): (16.6, 13.8),
    ("text2", "surface"): (8.4, 9.0),
    ("text2", "sidebar"): (7.3, 10.3),
    ("text3", "surface"): (6.0, 6.3),
    ("text3", "window"): (5.5, 7.0),
    ("text3", "hover"): (4.9, 5.5),
    ("text3", "failed_soft"): (5.1, 5.5),
    ("text3", "accent_soft"): (5.1, 5.1),
    ("accent", "surface"): (6.7, 7.6),
    ("accent", "window"): (6.2, 8.4),
    ("accent", "accent_soft"): (5.7, 6.1),
    ("on_accent", "accent"): (6.7, 8.6),
    ("verified", "surface"): (6.7, 8.2),
    ("verified", "verified_soft"): (5.8, 6.9),
    ("failed", "surface"): (6.9, 7.5),
    ("failed", "failed_soft"): (5.8, 6.5),
    ("on_failed", "failed"): (6.9, 8.7),
    ("undecided", "surface"): (6.8, 7.7),
    ("undecided", "undecided_soft"): (5.7, 6.4),
    ("partial", "surface"): (6.8, 8.6),
    ("partial", "partial_soft"): (5.9, 7.1),
    ("control", "surface"): (3.3, 3.9),
    ("control", "window"): (3.0, 4.3),
    ("flow_out", "surface"): (4.0, 6.6),
    ("series_muted", "surface"): (3.1, 3.6),
}


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_every_pair_keeps_its_contrast(tokens: Tokens, front: str, back: str, least: float) -> None:
    assert round(contrast(getattr(tokens, front), getattr(tokens, back)), 1) >= least


@pytest.mark.parametrize(("pair", "ratios"), STATED.items())
def test_the_computed_contrasts_are_the_stated_ones(pair, ratios) -> None:
    found = tuple(round(contrast(getattr(tokens, pair[0]), getattr(tokens, pair[1])), 1) for tokens in (LIGHT, DARK))
    assert found == pytest.approx(ratios, abs=0.11)


def test_black_on_white_has_the_contrast_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_no_text_is_below_nine_points() -> None:
    assert min(POINTS.values()) >= 9


def test_both_themes_name_every_colour_as_rgb() -> None:
    for tokens in (LIGHT, DARK):
        assert len(colours(tokens)) == 28
        assert all(len(value) == 7 and int(value[1:], 16) >= 0 for value in colours(tokens).values())


def _drawn(glyph: Glyph, tokens: Tokens, size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint_glyph(painter, QRectF(0, 0, size, size), glyph, tokens)
    painter.end()
    return image


@pytest.mark.parametrize("size", [14, 16, 18, 20])
def test_glyphs_differ_by_shape_alone(qapp, size: int) -> None:
    grey = Tokens(
        name="grey", **dict.fromkeys(colours(LIGHT), "#666666") | {"on_failed": "#FFFFFF", "verified_soft": "#DDDDDD"}
    )
    images = [_drawn(glyph, grey, size) for glyph in Glyph]
    for at, first in enumerate(images):
        for second in images[at + 1 :]:
            differing = sum(first.pixel(x, y) != second.pixel(x, y) for x in range(size) for y in range(size))
            assert differing > size


def test_every_state_and_outcome_has_a_glyph_and_its_colours() -> None:
    assert {of_state(state) for state in State} | {of_outcome(outcome) for outcome in Outcome} == set(Glyph)
    for glyph in Glyph:
        assert contrast(glyph_colour(glyph, LIGHT), soft_colour(glyph, LIGHT)) >= TEXT


def _near(first: str, second: str) -> bool:
    # Half-covered pixels are kept premultiplied, which costs the last bits.
    return all(abs(int(first[at : at + 2], 16) - int(second[at : at + 2], 16)) <= 4 for at in (1, 3, 5))


@pytest.mark.parametrize("name", list(Icon))
def test_every_icon_is_drawn_in_its_colour(qapp, name: Icon) -> None:
    image = pixmap(name, LIGHT.accent, 20, 1.0).toImage()
    inked = [image.pixelColor(x, y) for x in range(20) for y in range(20) if image.pixelColor(x, y).alpha() > 200]
    assert inked
    assert all(_near(found.name(), LIGHT.accent) for found in inked)
    assert not icon(name, LIGHT.text2, 18).isNull()


def test_choosing_a_theme_reaches_palette_and_style_sheet(qapp) -> None:
    theme = Theme(ThemeChoice.LIGHT)
    heard = []
    theme.changed.connect(lambda: heard.append(theme.tokens.name))
    theme.choose(ThemeChoice.DARK)
    assert heard == ["dark"]
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.window
    assert DARK.surface in qapp.styleSheet()
    theme.choose(ThemeChoice.LIGHT)
    assert LIGHT.surface in qapp.styleSheet()


def test_disabled_text_is_the_hint_colour(qapp) -> None:
    made = palette(DARK)
    assert made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText).name().upper() == DARK.text3
