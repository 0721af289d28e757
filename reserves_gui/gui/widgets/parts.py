"""A stack that takes the room it is given, whatever is in it."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget


class Parts(QStackedWidget):
    """Parts of a page, or the pages of a window, one of them on screen.

    Whenever a label is shown or changes, every layout around it asks for its height anew, up to the window: through a
    stack of Qt that goes on to all the text of the part on screen, for each label again. Parts of a page scroll or have
    room in the smallest window, so none of them has to be asked.
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
