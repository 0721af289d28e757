"""Pictures as files: PNG at any scale and SVG, by the same routines that paint the screen."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QRectF, QSizeF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.gui.theme import Tokens, colour
from reserves_gui.messages import say

Painting = Callable[[QPainter, QRectF, Tokens], None]
"""A picture with its model bound: what is left is where and in which colours."""

_MARGIN = 16.0


def png(painting: Painting, size: QSizeF, tokens: Tokens, *, scale: float = 2.0) -> bytes:
    """The picture as PNG on the theme's surface, ``scale`` device pixels for one of the picture."""
    image = image_of(painting, size, tokens, scale=scale)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())


def image_of(painting: Painting, size: QSizeF, tokens: Tokens, *, scale: float) -> QImage:
    """The picture as pixels."""
    width, height = size.width() + 2 * _MARGIN, size.height() + 2 * _MARGIN
    image = QImage(round(width * scale), round(height * scale), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    image.fill(colour(tokens.surface))
    painter = QPainter(image)
    painting(painter, QRectF(_MARGIN, _MARGIN, size.width(), size.height()), tokens)
    painter.end()
    return image


def svg(painting: Painting, size: QSizeF, tokens: Tokens, *, title: str) -> bytes:
    """The picture as SVG. ``title`` is escaped by Qt."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    width, height = size.width() + 2 * _MARGIN, size.height() + 2 * _MARGIN
    generator.setSize(QRect(0, 0, round(width), round(height)).size())
    generator.setViewBox(QRectF(0, 0, width, height))
    generator.setTitle(title)
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, width, height), colour(tokens.surface))
    painting(painter, QRectF(_MARGIN, _MARGIN, size.width(), size.height()), tokens)
    painter.end()
    return bytes(data.data())


def write(path: Path, data: bytes) -> None:
    """Put the file in place. Raises ``usage``."""
    try:
        path.write_bytes(data)
    except OSError:
        raise ReservesError(ErrorCode.USAGE, say("report.error.write"), str(path)) from None
