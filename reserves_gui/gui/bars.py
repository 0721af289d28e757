"""The three bars of the frame."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QStringListModel, Qt, QTimer
from PySide6.QtGui import QAction, QFocusEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QCompleter, QFrame, QHBoxLayout, QLineEdit, QMenu, QToolButton, QVBoxLayout

from reserves_gui.gui.context import Context
from reserves_gui.gui.icons import Icon, icon
from reserves_gui.gui.jobs import Fetch
from reserves_gui.gui.session import Page, Result
from reserves_gui.gui.theme import Role, Theme, colour
from reserves_gui.gui.widgets.buttons import Button, IconButton, Switch
from reserves_gui.gui.widgets.job_bar import JobBar
from reserves_gui.gui.widgets.navigation import Entry, Navigation
from reserves_gui.gui.widgets.text import Painted, label
from reserves_gui.messages import visible

_ICONS = {
    Page.BALANCE: Icon.USER,
    Page.LIABILITIES: Icon.LIABILITIES,
    Page.WALLETS: Icon.WALLET,
    Page.OVER_TIME: Icon.OVER_TIME,
    Page.REPORTS: Icon.REPORT,
}


class Badge(Painted):
    """The program's mark: a small tree on the accent colour."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(24, 24)
        theme.changed.connect(self.update)

    def paint(self, painter: QPainter) -> None:
        """Ground, then the tree."""
        tokens = self._theme.tokens
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(tokens.accent))
        painter.drawRoundedRect(QRectF(0, 0, 24, 24), 6, 6)
        painter.setBrush(colour(tokens.on_accent))
        for x, y in ((12.0, 7.0), (7.0, 17.0), (12.0, 17.0), (17.0, 17.0)):
            painter.drawEllipse(QRectF(x - 2, y - 2, 4, 4))
        painter.fillRect(QRectF(11.4, 8, 1.2, 8), colour(tokens.on_accent))
        painter.fillRect(QRectF(6.4, 11.4, 11.2, 1.2), colour(tokens.on_accent))
        painter.fillRect(QRectF(6.4, 11.4, 1.2, 4), colour(tokens.on_accent))
        painter.fillRect(QRectF(16.4, 11.4, 1.2, 4), colour(tokens.on_accent))


class SideBar(QFrame):
    """The pages; help and the settings below."""

    def __init__(
        self,
        context: Context,
        chosen: Callable[[int], None],
        help_asked: Callable[[], None],
        settings: Callable[[], None],
    ) -> None:
        super().__init__()
        words, theme = context.words, context.theme
        self.setProperty("kind", "sidebar")
        entries = [Entry(words(f"window.page.{page.value}"), _ICONS[page]) for page in Page]
        self.navigation = Navigation(theme, entries, words("window.pages"))
        self.navigation.chosen.connect(chosen)
        self.help = Button(theme, words("window.help"), help_asked, kind="side", symbol=Icon.BOOK)
        self.settings = Button(theme, words("window.settings"), settings, kind="side", symbol=Icon.SETTINGS)
        name = label("Reserves", Role.TITLE)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 0, 0)
        head.setSpacing(10)
        head.addWidget(Badge(theme))
        head.addWidget(name)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 20, 12, 12)
        column.setSpacing(0)
        column.addLayout(head)
        column.addSpacing(22)
        column.addWidget(self.navigation)
        column.addStretch(1)
        column.addWidget(self.help)
        column.addWidget(self.settings)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """192 instead of 208."""
        self.setFixedWidth(192 if narrow else 208)


class SearchField(QLineEdit):
    """Search of guides. The guides are fetched when the field is first used."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._ids: dict[str, str] = {}
        self._asked = False
        words = context.words
        self.setAccessibleName(words("window.search"))
        self.setPlaceholderText(words("window.search"))
        keys = QKeySequence("Ctrl+K").toString(QKeySequence.SequenceFormat.NativeText).replace("+", " ")
        self._chip = label(keys, Role.SMALL, "text3", self)
        self._chip.setProperty("kind", "keys")
        self._model = QStringListModel(self)
        completer = QCompleter(self._model, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(self._activated)
        self._completer = completer
        self.setCompleter(completer)
        self.returnPressed.connect(self._entered)
        self.textChanged.connect(lambda _text: self._set_chip())
        self._glass = QAction(self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        for button in self.findChildren(QToolButton):
            # Decoration: the field itself is what is used.
            button.setAccessibleName(words("window.search"))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        context.theme.changed.connect(self._draw)
        self._draw()

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the guides, once they are there."""
        return tuple(self._ids)

    def _draw(self) -> None:
        self._glass.setIcon(icon(Icon.SEARCH, self._context.theme.tokens.text2, 16))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Fetch the guides once."""
        super().focusInEvent(event)
        if not self._asked:
            self._asked = True
            engine, language = self._context.session.engine, self._context.words.language
            Fetch(lambda: engine.guides(language), self._loaded, self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the key hint at the right."""
        super().resizeEvent(event)
        self._set_chip()

    def _set_chip(self) -> None:
        """The hint gives way to what is typed, and what is shown in an empty field gives way to the hint."""
        self._chip.ensurePolished()
        size = self._chip.sizeHint()
        self._chip.resize(size)
        self._chip.move(self.width() - size.width() - 10, (self.height() - size.height()) // 2)
        self._chip.setVisible(not self.text())
        self.setTextMargins(0, 0, 0 if self.text() else size.width() + 4, 0)

    def _loaded(self, found: object) -> None:
        if isinstance(found, tuple):
            self._ids = {visible(guide.title): guide.id for guide in found}
            self._model.setStringList(sorted(self._ids, key=str.casefold))

    def _activated(self, title: object) -> None:
        # The completer writes its choice into the field after this signal.
        QTimer.singleShot(0, lambda: self._chosen(str(title)))

    def _chosen(self, title: str) -> None:
        if title in self._ids:
            self.clear()
            self._context.show_guide(self._ids[title])

    def _entered(self) -> None:
        typed = self.text().strip().casefold()
        found = [title for title in self._ids if typed and typed in title.casefold()]
        popup = self._completer.popup()
        if len(found) == 1 and (popup is None or not popup.isVisible()):
            self._chosen(found[0])


class TopBar(QFrame):
    """Open, Paste, Save report, Keep in history, search of guides."""

    def __init__(self, context: Context, open_files: Callable[[], None]) -> None:
        super().__init__()
        self._context = context
        words, theme = context.words, context.theme
        self.setProperty("kind", "topbar")
        self.setFixedHeight(56)
        self.open = Button(theme, words("window.open"), open_files, symbol=Icon.FOLDER)
        self.recent = IconButton(theme, Icon.CHEVRON_DOWN, words("window.recent"), self._open_recent)
        self.paste = Button(theme, words("window.paste"), context.paste, symbol=Icon.CLIPBOARD)
        self.save = Button(theme, words("window.save_report"), context.save_report, symbol=Icon.DOWNLOAD)
        keep = words("window.keep")
        self.keep = Button(theme, keep, context.keep, symbol=Icon.OVER_TIME)
        self.keep_narrow = IconButton(theme, Icon.OVER_TIME, keep, context.keep)
        self.search = SearchField(context)
        self._line = QHBoxLayout(self)
        self._line.setSpacing(8)
        for button in (self.open, self.recent, self.paste, self.save, self.keep, self.keep_narrow):
            self._line.addWidget(button)
        self._line.addStretch(1)
        self._line.addWidget(self.search)
        self.offer(None)
        self.show_recent()
        self.set_narrow(False)

    def offer(self, result: Result | None) -> None:
        """What can be done with the result on screen, if there is one: made-up examples have no history."""
        self.save.setEnabled(result is not None)
        for button in (self.keep, self.keep_narrow):
            button.setEnabled(result is not None and not result.example)

    def show_recent(self) -> None:
        """The menu of recent files is there when there are any."""
        self.recent.setVisible(bool(self._context.settings.recent))

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact measures."""
        side = 24 if narrow else 32
        self._line.setContentsMargins(side, 0, side, 0)
        self.search.setFixedWidth(252 if narrow else 264)
        self.keep.setVisible(not narrow)
        self.keep_narrow.setVisible(narrow)

    def recent_menu(self) -> QMenu:
        """The recent files, newest first, and the way to forget them."""
        words, settings = self._context.words, self._context.settings
        menu = QMenu(self)
        for path in settings.recent:
            action = menu.addAction(visible(Path(path).name).replace("&", "&&"))
            action.setToolTip(visible(path))
            action.triggered.connect(partial(self._check, path))
        menu.addSeparator()
        menu.addAction(words("window.recent.forget")).triggered.connect(self._forget)
        return menu

    def _open_recent(self) -> None:
        self.recent_menu().popup(self.recent.mapToGlobal(QPoint(0, self.recent.height() + 4)))

    def _check(self, path: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - a Qt slot
        self._context.settings.add_recent((path,))
        self._context.session.check_files((path,))

    def _forget(self, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - a Qt slot
        self._context.settings.forget_recent()
        self.show_recent()


class StatusBar(QFrame):
    """The running job, and the switch to the network."""

    def __init__(self, context: Context, cancel: Callable[[], None], hosts: Callable[[], None]) -> None:
        super().__init__()
        self._context = context
        words, theme = context.words, context.theme
        self.setProperty("kind", "statusbar")
        self.setFixedHeight(40)
        self.job = JobBar(theme, words)
        self.job.cancel.clicked.connect(lambda _checked=False: cancel())
        self.switch = Switch(theme, words("window.network.switch"))
        self.word = label("", Role.SMALL, "text2")
        self.hosts = Button(theme, "", hosts, kind="link", size="small")
        self._line = QHBoxLayout(self)
        self._line.setSpacing(10)
        self._line.addWidget(self.job, 1)
        self._line.addWidget(self.switch)
        self._line.addWidget(self.word)
        self._line.addWidget(self.hosts)
        self.switch.toggled.connect(self._switched)
        context.network.changed.connect(self._show)
        self._show()
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact measures."""
        side = 24 if narrow else 32
        self._line.setContentsMargins(side, 0, side, 0)

    def _switched(self, online: bool) -> None:  # noqa: FBT001 - a Qt slot
        self._context.network.set_online(online)
        self._context.log.note(self._context.words("window.log.online" if online else "window.log.offline"))

    def _show(self) -> None:
        words, network = self._context.words, self._context.network
        self.switch.setChecked(network.online)
        count = len(network.hosts)
        if network.online:
            self.word.setText(words("window.network.online"))
        elif network.database:
            self.word.setText(words("window.network.offline_database"))
        else:
            self.word.setText(words("window.network.offline" if not count else "window.network.offline_again"))
        self.switch.setAccessibleName(self.word.text())
        self.hosts.setText(words("window.network.hosts", count=count))
        self.hosts.setAccessibleName(self.hosts.text())
        self.hosts.setVisible(network.online or count > 0)
