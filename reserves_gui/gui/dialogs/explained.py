"""Help: how the window is used, what claims mean and what no proof shows; pages that lead to one another."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt, QUrl
from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextFormat, QTextLength, QTextTable
from PySide6.QtWidgets import QListView, QTextBrowser, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.jobs import Fetch
from reserves_gui.gui.theme import Role, colour, role_font
from reserves_gui.gui.widgets.buttons import row

if TYPE_CHECKING:
    from reserves_gui.services.explained import Page

_LINE_HEIGHT = 135
"""Percent of the font's own."""


class ExplainedDialog(Dialog):
    """The pages at the left, the chosen one at the right. Links lead to other pages and nowhere else."""

    def __init__(self, context: Context, page: str, parent: QWidget | None) -> None:
        words = context.words
        super().__init__(context, words("window.help"), "", parent, width=860)
        self.setMinimumHeight(600)
        self._wanted = page
        self._pages: tuple[Page, ...] = ()
        self._names = QStringListModel(self)
        self.list = QListView()
        self.list.setModel(self._names)
        self.list.setAccessibleName(words("window.help"))
        self.list.setProperty("kind", "list")
        self.list.setFixedWidth(200)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(lambda now, _before: self._show(now.row()))
        self.area = QTextBrowser()
        self.area.setOpenLinks(False)
        self.area.setFont(role_font(Role.BODY))
        self.area.anchorClicked.connect(self._follow)
        line = row(self.list, self.area, spacing=16)
        line.setStretch(1, 1)
        self.body.addLayout(line, 1)
        self.add_closing()
        Fetch(lambda: _read(words.language), self._loaded, self)

    def _loaded(self, found: object) -> None:
        if not isinstance(found, tuple):
            return
        self._pages = found
        self._names.setStringList([page.title for page in self._pages])
        self._go(self._wanted)
        self.list.setFocus()

    def _go(self, name: str) -> None:
        for at, page in enumerate(self._pages):
            if page.id == name:
                self.list.setCurrentIndex(self._names.index(at))

    def _follow(self, target: QUrl) -> None:
        self._go(target.fileName().removesuffix(".md"))

    def _show(self, at: int) -> None:
        if not 0 <= at < len(self._pages):
            return
        page = self._pages[at]
        self.area.setMarkdown(page.text)
        self.area.setAccessibleName(page.title)
        self._dress()
        self.area.moveCursor(QTextCursor.MoveOperation.Start)

    def _dress(self) -> None:
        """Headings, lines and tables as everywhere else in the window; Markdown alone brings the toolkit's own."""
        document = self.area.document()
        document.setDocumentMargin(12)
        block = document.begin()
        while block.isValid():
            cursor = QTextCursor(block)
            shape = QTextBlockFormat()
            shape.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            # Commands are longer than the page is wide.
            shape.setNonBreakableLines(False)
            cursor.mergeBlockFormat(shape)
            if level := block.blockFormat().headingLevel():
                cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
                look = cursor.charFormat()
                look.setFont(role_font(Role.TITLE if level == 1 else Role.NAME))
                look.clearProperty(QTextFormat.Property.FontSizeAdjustment)
                cursor.setCharFormat(look)
            block = block.next()
        self._dress_tables()

    def _dress_tables(self) -> None:
        for frame in self.area.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                shape = frame.format()
                shape.setBorder(0)
                shape.setCellPadding(4)
                shape.setWidth(_percent(100))
                shape.setColumnWidthConstraints([_percent(30), _percent(70)])
                shape.setBackground(colour(self.context.theme.tokens.sunken))
                frame.setFormat(shape)


def _percent(part: int) -> QTextLength:
    return QTextLength(QTextLength.Type.PercentageLength, part)


def _read(language: str) -> tuple["Page", ...]:
    from reserves_gui.services.explained import explained

    return explained(language)
