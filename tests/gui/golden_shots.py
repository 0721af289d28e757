"""Pictures of the main states as small as stamps, and how two of them are compared.

Letters that another machine draws a little thinner change the mean colour of a tile by a few steps; a missing card,
another colour or a moved layout change it by many. Small tiles tell what is missing or moved, large ones whether the
ground of a card is still there, which is only a few steps lighter than that of the page.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.session import Page
from tests.gui.states import saved_reports, show_example, show_over_time, show_wallets

WINDOW = (1280, 800)
STAMP = QSize(320, 200)
TILES = {QSize(40, 25): 14, QSize(10, 5): 4}
"""Tiles across and down -> how far the mean of a channel may be off, of 255."""
_STEPS = 8
"""A channel is kept in steps of this many: a quarter of the bytes, and far below what a tile may be off."""


def states(program: Program, qtbot: QtBot, folder: Path) -> dict[str, Callable[[], None]]:
    """Name -> what brings the state on screen, in an order that suits them."""
    window = program.window

    def first_start() -> None:
        window.start_again()
        qtbot.waitUntil(lambda: window.balance.start.is_filled, timeout=20_000)

    def example(name: str) -> Callable[[], None]:
        return lambda: show_example(program, qtbot, name)

    def empty(page: Page) -> Callable[[], None]:
        return lambda: window.go_to(page)

    return {
        "first-start": first_start,
        "no-wallets": empty(Page.WALLETS),
        "nothing-over-time": empty(Page.OVER_TIME),
        "verified": example("verified"),
        "forged": example("forged"),
        "tampered": example("tampered"),
        "whole-tree": example("whole-tree"),
        "wallets": lambda: show_wallets(program, qtbot, folder),
        "over-time": lambda: show_over_time(program, qtbot, folder),
        "reports": lambda: saved_reports(program, qtbot, folder),
    }


def stamp(image: QImage) -> QImage:
    """``image`` in the size and the colours that are kept."""
    small = _scaled(image, STAMP).convertToFormat(QImage.Format.Format_RGB888)
    for y in range(small.height()):
        line = small.scanLine(y)
        line[:] = bytes(min(255, (value + _STEPS // 2) // _STEPS * _STEPS) for value in bytes(line))
    return small


def differing(first: QImage, second: QImage) -> Iterator[str]:
    """The tiles in which two pictures differ: place in pixels of the window, and by how much."""
    for tiles, most in TILES.items():
        one, other = _scaled(first, tiles), _scaled(second, tiles)
        side = WINDOW[0] // tiles.width()
        for y in range(tiles.height()):
            for x in range(tiles.width()):
                off = _apart(one, other, x, y)
                if off > most:
                    yield f"{side} px at {x * side}, {y * WINDOW[1] // tiles.height()}: {off} of {most}"


def _apart(one: QImage, other: QImage, x: int, y: int) -> int:
    here, there = one.pixelColor(x, y), other.pixelColor(x, y)
    pairs = zip(here.getRgb()[:3], there.getRgb()[:3], strict=True)
    return max(abs(left - right) for left, right in pairs)


def _scaled(image: QImage, size: QSize) -> QImage:
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    return plain.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
