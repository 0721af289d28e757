"""How do I get my file? One guide per exchange: where it is, what it is called, what is private in it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSortFilterProxyModel, QStringListModel, Qt
from PySide6.QtWidgets import QLineEdit, QListView, QVBoxLayout, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.jobs import Fetch
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button, row
from reserves_gui.gui.widgets.scroll import Scroll
from reserves_gui.gui.widgets.text import Prose, Rule, label
from reserves_gui.messages import visible

if TYPE_CHECKING:
    from reserves_gui.services.formats import FormatInfo, Guide


class GuideDialog(Dialog):
    """A list of guides at the left, the chosen one at the right."""

    def __init__(self, context: Context, guide_id: str, parent: QWidget | None) -> None:
        words = context.words
        super().__init__(context, words("window.guides.title"), "", parent, width=760)
        self.setMinimumHeight(520)
        self._wanted = guide_id
        self._guides: dict[str, Guide] = {}
        self._formats: tuple[FormatInfo, ...] = ()
        self.filter = QLineEdit()
        self.filter.setAccessibleName(words("window.search"))
        self.filter.setPlaceholderText(words("window.search"))
        self._names = QStringListModel(self)
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self._names)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.filter.textChanged.connect(self._shown.setFilterFixedString)
        self.list = QListView()
        self.list.setModel(self._shown)
        self.list.setAccessibleName(words("window.guides.title"))
        self.list.setProperty("kind", "list")
        self.list.setFixedWidth(240)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(lambda now, _before: self._show(str(now.data() or "")))
        left = QWidget()
        left.setFixedWidth(240)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.filter)
        column.addWidget(self.list, 1)
        self._page = Scroll(16)
        self._page.column.setSpacing(6)
        line = row(left, self._page, spacing=20)
        line.setStretch(1, 1)
        self.body.addLayout(line, 1)
        self.add_closing()
        engine, language = context.session.engine, words.language
        Fetch(lambda: (engine.guides(language), engine.formats()), self._loaded, self)

    def _loaded(self, found: object) -> None:
        if not isinstance(found, tuple):
            return
        guides, self._formats = found
        self._guides = {visible(guide.title): guide for guide in guides}
        titles = sorted(self._guides, key=str.casefold)
        self._names.setStringList(titles)
        chosen = next(
            (title for title in titles if self._guides[title].id == self._wanted), titles[0] if titles else ""
        )
        if chosen:
            self.list.setCurrentIndex(self._shown.index(titles.index(chosen), 0))
            self.list.setFocus()
        else:
            self._clear()
            self._page.column.addWidget(Prose(self.context.words("window.guides.none")))

    def _clear(self) -> None:
        column = self._page.column
        while column.count():
            item = column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _show(self, title: str) -> None:
        guide = self._guides.get(title)
        if guide is None:
            return
        self._clear()
        words, column = self.context.words, self._page.column
        column.addWidget(Prose(visible(guide.title), Role.TITLE, "text"))
        parts = (
            ("window.guides.where", "\n".join(f"{at}. {step}" for at, step in enumerate(guide.where, start=1))),
            ("window.guides.file", guide.file),
            ("window.guides.private", guide.private),
            ("window.guides.root", guide.root),
            ("window.guides.note", guide.note),
        )
        for key, text in parts:
            if text:
                column.addWidget(Rule())
                column.addWidget(label(words(key), Role.LABEL, "text3"))
                for one in text.split("\n"):
                    column.addWidget(Prose(visible(one), Role.BODY, "text").selectable())
        for info in self._formats:
            if info.guide == guide.id and info.form:
                text = words("window.guides.form", format=info.id)
                column.addWidget(
                    Button(self.context.theme, text, partial(self._form, info)), 0, Qt.AlignmentFlag.AlignLeft
                )
        column.addStretch(1)

    def _form(self, info: "FormatInfo") -> None:
        from reserves_gui.gui.dialogs.form import FormDialog

        if FormDialog(self.context, info, self).exec():
            self.accept()
