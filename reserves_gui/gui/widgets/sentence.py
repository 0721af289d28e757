"""A sentence with the steps that would help at its end: links on its last line where they fit, below it otherwise."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QFontMetrics, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QSizePolicy, QWidget

from reserves_gui.gui.theme import LINE_HEIGHTS, Role
from reserves_gui.gui.widgets.buttons import Button
from reserves_gui.gui.widgets.text import Prose, set_tone

_GAP = 8
_LINK = 24
"""Height of a link: no target is smaller."""
_KEPT = 64
"""Measures kept; a window that is drawn to another size asks for hundreds of widths."""


class Sentence(QWidget):
    """Wrapped text followed by links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._role = Role.BODY
        self.prose = Prose(text)
        self.prose.setParent(self)
        self._links: list[Button] = []
        self._measured: dict[tuple[int, str, str], tuple[int, int]] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add_link(self, link: Button) -> None:
        """Put ``link`` at the end."""
        link.setParent(self)
        link.setProperty("inline", "yes")
        self._links.append(link)
        self._measured.clear()
        self._scale(link)
        link.show()
        self.place()

    def set_role(self, role: Role) -> None:
        """Change the role of the text; the links follow its size."""
        self._role = role
        self.prose.set_role(role)
        for link in self._links:
            self._scale(link)
        self.place()

    def place(self) -> None:
        """Set everything anew: a link came or went."""
        self._arrange(self.width(), move=True)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """The text wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Text and links at ``width``."""
        return self._arrange(width, move=False)

    def sizeHint(self) -> QSize:
        """As the text likes it."""
        hint = self.prose.sizeHint()
        return QSize(hint.width(), self._arrange(hint.width(), move=False))

    def minimumSizeHint(self) -> QSize:
        """The longest word, or the longest link."""
        least = self.prose.minimumSizeHint()
        widths = (link.sizeHint().width() for link in self._links if not link.isHidden())
        return QSize(max(least.width(), *widths, 0), least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._arrange(self.width(), move=True)

    def _scale(self, link: Button) -> None:
        set_tone(link, "small" if self._role is Role.SMALL else "normal", "scale")

    def _arrange(self, width: int, *, move: bool) -> int:
        """Place text and links; the height they take."""
        height, reach = self._measure(width)
        if move:
            self.prose.setGeometry(0, 0, width, height)
        # Text stands at the foot of its line; a link is centred in its box, which reaches into the space around.
        line = LINE_HEIGHTS[self._role]
        over = (_LINK - QFontMetrics(self.prose.font()).height()) // 2
        x, y, bottom = reach + _GAP, height + over - _LINK, height
        for link in self._links:
            if link.isHidden():
                continue
            size = QSize(min(link.sizeHint().width(), width), _LINK)
            if x + size.width() > width:
                x, y = 0, y + line
            if move:
                link.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + 2 * _GAP
            bottom = max(bottom, y + _LINK - over + 2)
        return bottom

    def _measure(self, width: int) -> tuple[int, int]:
        """Height of the text at ``width``, and how far its last line reaches. A layout asks many times over."""
        key = (width, self.prose.font().key(), self.prose.text())
        if key not in self._measured:
            if len(self._measured) > _KEPT:
                self._measured.clear()
            self._measured[key] = (self.prose.heightForWidth(width), self._last_line(width) if self._links else 0)
        return self._measured[key]

    def _last_line(self, width: int) -> int:
        """How far the last line of the text reaches."""
        document = QTextDocument()
        document.setDocumentMargin(0)
        document.setDefaultFont(self.prose.font())
        document.setHtml(self.prose.text())
        document.setTextWidth(width)
        document.size()
        lines = document.lastBlock().layout()
        return 0 if not lines.lineCount() else int(lines.lineAt(lines.lineCount() - 1).naturalTextWidth()) + 1
