"""Which hosts were contacted in this run."""

from PySide6.QtWidgets import QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.messages import visible


class HostsDialog(Dialog):
    """A list of names, or the sentence that there are none."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        words = context.words
        super().__init__(context, words("window.hosts.title"), words("window.hosts.sentence"), parent)
        hosts = context.network.hosts
        for host in hosts:
            self.body.addWidget(Prose(visible(host), Role.BODY, "text").selectable())
        if not hosts:
            self.body.addWidget(Prose(words("window.hosts.none"), Role.BODY, "text"))
        self.add_closing()
