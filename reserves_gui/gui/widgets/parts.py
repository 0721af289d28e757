"""A stack that takes the room it is given, whatever is in it."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget


class Parts(QStackedWidget):
    """Parts of a page, or the pages of a window, one of them on screen.

    A stack of Qt asks all its parts for the height they need, hidden ones too, whenever a label anywhere in it is shown
    or changes, and so does every layout around it. The parts of a page scroll or have room in the smallest window, so
    that none of them has to be asked.
    """

    def hasHeightForWidth(self) -> bool:
        """The height depends on the window alone."""
        return False

    def sizeHint(self) -> QSize:
        """Nothing in particular."""
        return QSize(0, 0)

    def minimumSizeHint(self) -> QSize:
        """The window has a least size of its own."""
        return QSize(0, 0)
