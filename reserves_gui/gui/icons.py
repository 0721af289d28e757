"""The line icons: SVG files with ``currentColor``, rendered once per name, colour, size and pixel ratio."""

from enum import StrEnum
from functools import cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer


class Icon(StrEnum):
    """Names of the files in ``resources/icons``, without ``.svg``."""

    ALERT = "alert"
    BELL = "bell"
    BOOK = "book"
    CHEVRON_DOWN = "chevron-down"
    CHEVRON_RIGHT = "chevron-right"
    CLIPBOARD = "clipboard"
    CLOSE = "close"
    COPY = "copy"
    DOWNLOAD = "download"
    EXTERNAL = "external"
    FILE = "file"
    FOLDER = "folder"
    INFO = "info"
    KEY = "key"
    LIABILITIES = "liabilities"
    LOCK = "lock"
    OVER_TIME = "over-time"
    PENCIL = "pencil"
    PLUS = "plus"
    REFRESH = "refresh"
    REPORT = "report"
    SEARCH = "search"
    SETTINGS = "settings"
    SHARE = "share"
    UNFOLD = "unfold"
    USER = "user"
    WALLET = "wallet"


@cache
def _source(name: str) -> str:
    return (resources.files("reserves_gui.resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@cache
def _renderer(name: str, value: str) -> QSvgRenderer:
    drawn = _source(name).replace("currentColor", value)
    return QSvgRenderer(QByteArray(drawn.encode()))


def paint_icon(painter: QPainter, box: QRectF, icon: Icon, value: str) -> None:
    """Paint ``icon`` in the colour ``value`` into ``box`` (a square of 14, 16, 18 or 20 pixels)."""
    _renderer(icon, value).render(painter, box)


@cache
def pixmap(icon: Icon, value: str, size: int, ratio: float, space: int = 0) -> QPixmap:
    """``icon`` as a pixmap of ``size`` logical pixels for a screen of the given device pixel ratio."""
    drawn = QPixmap(round((size + space) * ratio), round(size * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_icon(painter, QRectF(0, 0, size, size), icon, value)
    painter.end()
    return drawn


@cache
def icon(name: Icon, value: str, size: int = 18, *, disabled: str | None = None, space: int = 0) -> QIcon:
    """``name`` as a Qt icon with pixmaps for screens of 100 to 300 %.

    ``disabled`` is the colour of the dead state; ``space`` is left free at the right, before a button's text.
    """
    made = QIcon()
    for ratio in (1.0, 1.25, 1.5, 2.0, 3.0):
        made.addPixmap(pixmap(name, value, size, ratio, space))
        if disabled is not None:
            made.addPixmap(pixmap(name, disabled, size, ratio, space), QIcon.Mode.Disabled)
    return made


def icon_size(size: int) -> QSize:
    """A square of ``size``."""
    return QSize(size, size)
