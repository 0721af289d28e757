"""What all pages share: margins that follow the window, two columns, one of them scrolling."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reserves_gui.gui.widgets.scroll import Scroll

_LEFT_MOST = 880


class PageFrame(QWidget):
    """A page: a column whose side margins are 32 (24 when narrow) and which stays centred in very wide windows."""

    def __init__(self, *, right: int, right_narrow: int) -> None:
        super().__init__()
        self.is_narrow = False
        self._right = (right, right_narrow)
        self.column = QVBoxLayout(self)
        self.column.setSpacing(0)
        self._set_margins()

    @property
    def gap(self) -> int:
        """Between two columns."""
        return 16 if self.is_narrow else 24

    @property
    def right_width(self) -> int:
        """Width of the right column."""
        return self._right[1] if self.is_narrow else self._right[0]

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Take the compact measures or the full ones."""
        self.is_narrow = narrow
        self._set_margins()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the content centred."""
        super().resizeEvent(event)
        self._set_margins()

    def _set_margins(self) -> None:
        side = 24 if self.is_narrow else 32
        most = _LEFT_MOST + self.gap + self._right[0]
        side = max(side, (self.width() - most) // 2)
        self.column.setContentsMargins(side, 16 if self.is_narrow else 24, side, 0)


class Columns(QWidget):
    """A scrolling left column and a right one of fixed width that stays in view."""

    def __init__(self, frame: PageFrame) -> None:
        super().__init__()
        self._frame = frame
        self.left = Scroll(frame.gap)
        self.right_box = QWidget()
        self.right = QVBoxLayout(self.right_box)
        self.right.setContentsMargins(0, 0, 0, 16)
        self.right.setSpacing(16)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.left, 1)
        line.addWidget(self.right_box)
        self.fit()

    def fit(self) -> None:
        """Take the frame's measures."""
        self.left.set_gap(self._frame.gap)
        self.right_box.setFixedWidth(self._frame.right_width)
