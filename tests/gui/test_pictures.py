"""Pictures paint the same pixels on screen and in exports, in both themes, and change nothing about the painter."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reserves_gui.errors import ReservesError
from reserves_gui.gui.pictures import export, leaf_sizes, path
from reserves_gui.gui.theme import DARK, LIGHT, Theme, ThemeChoice, Tokens
from reserves_gui.gui.widgets.leaf_sizes_view import LeafSizesView
from reserves_gui.gui.widgets.path_view import PathView
from reserves_gui.services.pictures import Box, cut_decimals, layout_path, picture_of
from tests.report import samples

THEMES = {"light": (ThemeChoice.LIGHT, LIGHT), "dark": (ThemeChoice.DARK, DARK)}


def _model(**made: object) -> path.PathModel:
    picture = picture_of(samples.verdict(**made))
    assert picture is not None
    return path.PathModel(layout=layout_path(picture))


def _image(size: QSizeF, tokens: Tokens, painting: Callable[[QPainter, QRectF], None], ratio: float = 1.0) -> QImage:
    image = QImage(round(size.width() * ratio), round(size.height() * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(tokens.surface))
    painter = QPainter(image)
    painting(painter, QRectF(QPointF(0, 0), size))
    painter.end()
    return image


def _colours(image: QImage) -> set[str]:
    pixels = image.convertToFormat(QImage.Format.Format_RGB888)
    data, line = bytes(pixels.constBits()), pixels.bytesPerLine()
    return {
        f"#{data[at : at + 3].hex()}".upper()
        for y in range(pixels.height())
        for at in range(y * line, y * line + 3 * pixels.width(), 3)
    }


@pytest.mark.parametrize("name", THEMES)
def test_the_screen_and_the_export_show_the_same_pixels(name: str, qtbot: QtBot) -> None:
    choice, tokens = THEMES[name]
    theme = Theme(choice)
    theme.choose(choice)
    view = PathView(theme)
    qtbot.addWidget(view)
    view.set_picture(picture_of(samples.verdict(root_known=False, failing=11)))
    view.show()
    model, layout = view.model(), view.placed
    assert model is not None
    assert layout is not None
    size = QSizeF(view.size())
    only_children = QWidget.RenderFlag.DrawChildren
    screen = _image(size, tokens, lambda painter, _rect: view.render(painter, QPoint(0, 0), renderFlags=only_children))
    exported = _image(size, tokens, lambda painter, rect: path.paint(painter, rect, model, tokens))
    assert screen == exported


@pytest.mark.parametrize("name", THEMES)
def test_every_state_of_a_node_is_painted_in_its_token(name: str, qtbot: QtBot) -> None:
    tokens = THEMES[name][1]
    model = _model(root_known=False, failing=11)
    size = QSizeF(model.layout.width, model.layout.height)
    seen = _colours(_image(size, tokens, lambda painter, rect: path.paint(painter, rect, model, tokens)))
    wanted = (tokens.surface, tokens.sunken, tokens.failed_soft, tokens.verified_soft, tokens.failed, tokens.verified)
    assert {value.upper() for value in wanted} <= seen


def test_a_painter_is_left_as_it_was(qtbot: QtBot) -> None:
    image = QImage(400, 600, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    painter.setPen(Qt.GlobalColor.red)
    before = (painter.transform(), painter.pen(), painter.font(), painter.brush())
    path.paint(painter, QRectF(0, 0, 400, 600), _model(), LIGHT)
    sizes = samples.tree_verdict().leaf_sizes
    assert sizes is not None
    leaf_sizes.paint(painter, QRectF(0, 0, 400, 172), leaf_sizes.LeafSizesModel(sizes=sizes, asset="BTC"), LIGHT)
    assert (painter.transform(), painter.pen(), painter.font(), painter.brush()) == before
    painter.end()


def test_a_picture_that_is_too_large_is_scaled_down_and_never_up(qtbot: QtBot) -> None:
    model = _model()
    layout = model.layout
    small = _image(QSizeF(150, 200), LIGHT, lambda painter, rect: path.paint(painter, rect, model, LIGHT))
    large = _image(
        QSizeF(layout.width * 2, layout.height * 2),
        LIGHT,
        lambda painter, rect: path.paint(painter, rect, model, LIGHT),
    )
    white = QColor(LIGHT.surface)
    assert any(small.pixelColor(75, y) != white for y in range(150, 200))
    assert all(large.pixelColor(x, large.height() - 5) == white for x in range(large.width()))


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
def test_png_and_svg_hold_the_picture(scale: float, qtbot: QtBot) -> None:
    model = _model(failing=11)
    size = QSizeF(model.layout.width, model.layout.height)

    def painting(painter: QPainter, rect: QRectF, tokens: Tokens) -> None:
        path.paint(painter, rect, model, tokens)

    image = QImage.fromData(export.png(painting, size, LIGHT, scale=scale))
    assert image.width() == round((size.width() + 32) * scale)
    assert len(_colours(image)) > 20
    drawn = export.svg(painting, size, LIGHT, title="<Path> & co").decode()
    assert "&lt;Path&gt; &amp; co" in drawn
    assert len(re.findall("<text", drawn)) > 20
    assert LIGHT.failed.lower() in drawn


def test_an_export_that_cannot_be_written_is_said(tmp_path: Path, qtbot: QtBot) -> None:
    with pytest.raises(ReservesError):
        export.write(tmp_path / "missing" / "x.png", b"x")
    export.write(tmp_path / "x.png", b"x")
    assert (tmp_path / "x.png").read_bytes() == b"x"


def test_the_bars_of_own_leaves_are_in_accent(qtbot: QtBot) -> None:
    sizes = samples.tree_verdict().leaf_sizes
    assert sizes is not None
    model = leaf_sizes.LeafSizesModel(sizes=sizes, asset="BTC")
    size = QSizeF(640, 172)
    layout = leaf_sizes.placed(QRectF(QPointF(0, 0), size), model)
    image = _image(size, LIGHT, lambda painter, rect: leaf_sizes.paint(painter, rect, model, LIGHT))
    for bar in layout.bars:
        if bar.height > 4:
            middle = image.pixelColor(round(bar.x + bar.width / 2), round(bar.y + bar.height / 2)).name().upper()
            assert middle == (LIGHT.accent if bar.own else LIGHT.series_muted)


def test_the_leaf_sizes_are_read_by_the_keyboard(qtbot: QtBot) -> None:
    view = LeafSizesView(Theme(ThemeChoice.LIGHT))
    qtbot.addWidget(view)
    view.resize(640, 172)
    view.set_sizes(samples.tree_verdict().leaf_sizes, "BTC")
    view.show()
    assert view.accessibleName() == "Leaf sizes, BTC"
    assert "61312" in view.zeros
    assert view.reading == ""
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.reading.endswith("leaves from 316 to below 1000 BTC")
    qtbot.keyClick(view, Qt.Key.Key_Home)
    first = view.reading
    assert first.endswith("leaves from 0.000001 to below 0.00000316 BTC")
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.reading == first
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.reading == view.accessibleDescription() != first
    view.set_sizes(None, "")
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.reading == ""


def test_hovering_a_bar_marks_it(qtbot: QtBot) -> None:
    view = LeafSizesView(Theme(ThemeChoice.LIGHT))
    qtbot.addWidget(view)
    view.resize(640, 172)
    view.set_sizes(samples.tree_verdict().leaf_sizes, "BTC")
    view.show()
    model = view.model()
    assert model is not None
    bar = leaf_sizes.placed(QRectF(view.rect()), model).bars[5]
    qtbot.mouseMove(view, QPoint(round(bar.x + bar.width / 2), 100))
    assert f"from {bar.low} to below {bar.high}" in view.reading


def _long(text: str, most: int) -> str:
    return cut_decimals(f"{text}000000000000", most, ".")


def test_boxes_keep_their_texts_inside_with_a_wide_font(qtbot: QtBot) -> None:
    from PySide6.QtGui import QFontMetricsF

    from reserves_gui.gui.pictures.type import picture_font
    from reserves_gui.gui.theme import Role

    for width in (126.0, 151.0):
        picture = picture_of(samples.verdict(failing=11))
        assert picture is not None
        layout = layout_path(picture, box_width=width, amount=_long)
        advance = QFontMetricsF(picture_font(Role.MONO_SMALL)).horizontalAdvance
        assert [
            box for box in layout.boxes if isinstance(box, Box) and advance(max(box.lines, key=len)) > width - 12
        ] == []


def test_the_leaf_sizes_of_the_screen_and_of_the_export_are_the_same_pixels(qtbot: QtBot) -> None:
    theme = Theme(ThemeChoice.LIGHT)
    view = LeafSizesView(theme)
    qtbot.addWidget(view)
    view.resize(640, 172)
    view.set_sizes(samples.tree_verdict().leaf_sizes, "BTC")
    view.show()
    model, size = view.model(), QSizeF(view.size())
    assert model is not None
    only = QWidget.RenderFlag.DrawChildren
    screen = _image(size, LIGHT, lambda painter, _rect: view.render(painter, QPoint(0, 0), renderFlags=only))
    assert screen == _image(size, LIGHT, lambda painter, rect: leaf_sizes.paint(painter, rect, model, LIGHT))
    assert len(_colours(screen)) > 4
