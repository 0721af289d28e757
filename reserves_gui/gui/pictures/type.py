"""Fonts of pictures, in pixels of the picture's own measure, so that every device gets the same proportions."""

from PySide6.QtGui import QFont

from reserves_gui.gui.theme import POINTS, Role, role_font

# Pictures are measured in pixels at 96 dpi; a point is 4/3 of one.
_PIXELS_A_POINT = 4 / 3


def picture_font(role: Role, *, weight: int | None = None) -> QFont:
    """The font of ``role`` at its size in the picture, without hinting: advances must not depend on the device."""
    font = role_font(role)
    font.setPixelSize(round(POINTS[role] * _PIXELS_A_POINT))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if weight is not None:
        font.setWeight(QFont.Weight(weight))
    return font
