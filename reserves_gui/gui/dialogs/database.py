"""Where the store lies: the file in the data folder, another file, or PostgreSQL."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.tested import Found, TestedDialog
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button
from reserves_gui.gui.widgets.fields import SecretField
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.progress import Progress

if TYPE_CHECKING:
    from reserves_gui.services.ways import Place

_FILE = "sqlite:///"


def shown_database(context: Context) -> str:
    """The store of the settings in words; a URL of settings has no password."""
    url = context.settings.database
    return url.removeprefix(_FILE) or context.words("window.database.shown_usual")


class DatabaseDialog(TestedDialog):
    """Testing changes nothing. Jobs under way end with the store they began with."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        words, url = context.words, context.settings.database
        options = {name: words(f"window.database.{name}") for name in ("usual", "file", "server")}
        super().__init__(context, words("window.database"), words("window.database.sentence"), parent, options)
        is_file = url.startswith(_FILE)
        self.path = QLineEdit(url.removeprefix(_FILE) if is_file else "")
        self.path.setAccessibleName(words("window.database.path"))
        self.path.setPlaceholderText(words("window.database.path"))
        self.choose = Button(context.theme, words("window.database.choose"), self._choose)
        self.url = QLineEdit("" if is_file else url)
        self.url.setAccessibleName(words("window.database.url"))
        self.url.setCursorPosition(0)
        self.url.setPlaceholderText("postgresql://reserves@127.0.0.1/reserves")
        self.password = SecretField(context.theme, words, words("window.database.user_password"))
        self.password.field.setPlaceholderText(words("window.proxy.password"))
        self.body.addWidget(self.options["usual"])
        self.body.addWidget(self.options["file"])
        self.body.addLayout(_indented(self.path, self.choose))
        self.body.addWidget(self.options["server"])
        self.body.addLayout(_indented(self.url))
        self.body.addLayout(_indented(self.password))
        self.body.addWidget(Prose(words("window.proxy.password_sentence"), Role.SMALL, "text3"))
        if os.environ.get("RESERVES_DB"):
            self.body.addWidget(Prose(words("window.database.environment"), Role.BODY, "partial"))
        self.enter_clicks(self.test, self.path, self.url, self.password.field)
        self.end_body("file" if is_file else "server" if url else "usual")

    def offer(self) -> None:
        """The fields of the option chosen."""
        for field in (self.path, self.choose):
            field.setEnabled(self.choice == "file")
        for one in (self.url, self.password):
            one.setEnabled(self.choice == "server")

    def _choose(self) -> None:
        title = self.context.words("window.database.choose_title")
        options = QFileDialog.Option.DontConfirmOverwrite
        path, _kind = QFileDialog.getSaveFileName(self, title, self.path.text() or "history.sqlite", options=options)
        if path:
            self.path.setText(path)

    def reading(self) -> "Callable[[], Place | None]":
        """The place as typed."""
        choice, path, url, password = self.choice, self.path.text(), self.url.text(), self.password.field.text()

        def work() -> "Place | None":
            from reserves_gui.services.store_place import file_place, server_place

            if choice == "usual":
                return None
            return file_place(path) if choice == "file" else server_place(url, password)

        return work

    def testing(self, place: "Place | None") -> Callable[[Progress], Found]:
        """Look at it from outside."""

        def work(_progress: Progress) -> Found:
            from reserves_gui.services.store_place import look_at_place

            return True, look_at_place(place)

        return work

    def learns(self) -> tuple[str, str]:
        """Everything that is kept."""
        words = self.context.words
        return words("window.database.learns"), words("window.database.learns_not")

    def may_use(self, place: "Place") -> bool:
        """Another computer is contacted from now on, so it is asked about now."""
        return self.consents(place)

    def before(self) -> str:
        """As the settings have it."""
        return self.context.settings.database

    def kept(self, place: "Place | None") -> None:
        """The password is not among the settings."""
        self.context.settings.database = "" if place is None else place.url


def _indented(*widgets: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setContentsMargins(26, 0, 0, 0)
    line.setSpacing(8)
    for widget in widgets:
        line.addWidget(widget, 1 if widget is widgets[0] else 0)
    return line
