"""May this host be asked? It says what the host learns and what it does not; “Stay offline” is the default answer."""

from PySide6.QtWidgets import QCheckBox, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.messages import visible


class HostQuestion(Dialog):
    """Enter and Escape stay offline."""

    def __init__(
        self,
        context: Context,
        host: str,
        learns: str,
        parent: QWidget | None,
        learns_not: str = "",
        *,
        proxy: str = "",
    ) -> None:
        words = context.words
        super().__init__(context, words("window.host.title"), "", parent)
        self.host = host
        # In full: who is asked must be known to be allowed.
        self.body.addWidget(Prose(visible(host), Role.NAME, "text").selectable())
        self.body.addWidget(Prose(learns, Role.BODY, "text"))
        self.body.addWidget(Prose(learns_not or words("window.host.learns_not")))
        if proxy:
            self.body.addWidget(Prose(words("window.host.proxy", proxy=visible(proxy))))
        self.remember = QCheckBox(words("window.host.remember"))
        self.body.addWidget(self.remember)
        self.ask = self.add_button(words("window.host.ask"))
        self.ask.clicked.connect(self.accept)
        self.stay = self.add_button(words("window.host.stay"), primary=True)
        self.stay.clicked.connect(self.reject)
        self.stay.setFocus()

    def accept(self) -> None:
        """The host may be asked; from now on without a question if that was ticked."""
        if self.remember.isChecked():
            self.context.settings.allow_host(self.host)
        super().accept()
