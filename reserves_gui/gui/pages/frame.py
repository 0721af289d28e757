"""What all pages share: margins that follow the window, two columns, one of them scrolling."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reserves_gui.gui.widgets.card import height_at
from reserves_gui.gui.widgets.scroll import BAR, Scroll

_LEFT_MOST = 880
_BETWEEN, _BETWEEN_NARROW = 16, 12
"""Between cards."""
_FOOT = 6
"""Free below the last claim of a first screen."""


class PageFrame(QWidget):
    """A page: a column whose side margins are 32 (24 when narrow) and which stays centred in very wide windows."""

    def __init__(self, *, right: int, right_narrow: int, top: int = 24, bleed: int = 0) -> None:
        """``bleed``: how far the content may reach into the right margin, for a scroll bar."""
        super().__init__()
        self._top = top
        self._bleed = bleed
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
        self.column.setContentsMargins(side, 16 if self.is_narrow else self._top, side - self._bleed, 0)


def inset(*parts: QWidget) -> None:
    """Keep parts of a page that bleeds out of its right margin."""
    for part in parts:
        layout = part.layout()
        if layout is not None:
            margins = layout.contentsMargins()
            margins.setRight(margins.right() + BAR)
            layout.setContentsMargins(margins)


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

    def room_below(self, *above: QWidget) -> int:
        """Height left in the first screen below the cards ``above``, which stand on top of the left column."""
        width = self.left.content_width
        heights = [height_at(one, width) for one in above]
        gaps = sum(height > 0 for height in heights) * self.left.column.spacing()
        return self.left.height() - sum(heights) - gaps - _FOOT

    def fit(self) -> None:
        """Take the frame's measures."""
        self.left.set_gap(self._frame.gap)
        self.right_box.setFixedWidth(self._frame.right_width)
        self.left.column.setSpacing(_BETWEEN_NARROW if self._frame.is_narrow else _BETWEEN)
