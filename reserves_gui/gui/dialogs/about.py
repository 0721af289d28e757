"""What this program is: version, hash over its code, and the licences of all its parts."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from reserves_gui import __version__
from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.jobs import Fetch
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.scroll import Scroll
from reserves_gui.gui.widgets.text import Prose, Rule, Value, label
from reserves_gui.messages import visible

if TYPE_CHECKING:
    from reserves_gui.services.about import About


class AboutDialog(Dialog):
    """The hash and the list are read off the GUI thread."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        words = context.words
        title = words("window.about.title", version=__version__)
        super().__init__(context, title, words("window.about.sentence"), parent, width=620)
        self.setMinimumHeight(460)
        self.body.addWidget(label(words("window.about.licence"), Role.NAME))
        self.body.addWidget(label(words("window.about.build"), Role.LABEL, "text3"))
        self.build = Value("", Role.MONO_SMALL, shown="…")
        self.build.setAccessibleName(words("window.about.build"))
        self.body.addWidget(self.build)
        self.system = Prose("", Role.SMALL, "text3")
        self.body.addWidget(self.system)
        self.body.addWidget(Rule())
        self.body.addWidget(label(words("window.about.parts"), Role.NAME))
        self._scroll = Scroll(16)
        # Nothing in it takes the focus, so it is moved by the keyboard itself.
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scroll.setAccessibleName(words("window.about.parts"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)
        self._scroll.column.addLayout(self._grid)
        self._scroll.column.addStretch(1)
        self.body.addWidget(self._scroll, 1)
        self.add_closing()
        Fetch(_read, self._show, self)

    def _show(self, found: object) -> None:
        from reserves_gui.services.about import About

        if not isinstance(found, About):
            return
        self.build.set_value(found.build, shown=found.build)
        words = self.context.words
        self.system.set_plain(words("window.about.system", python=found.python, system=found.system))
        for at, part in enumerate(found.parts):
            self._grid.addWidget(label(visible(part.name), Role.BODY), at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(
                label(visible(part.version), Role.MONO_SMALL, "text2"), at, 1, Qt.AlignmentFlag.AlignTop
            )
            licence = part.licence or words("window.about.no_licence")
            self._grid.addWidget(Prose(visible(licence), Role.SMALL), at, 2)


def _read() -> "About":
    from reserves_gui.services.about import about

    return about()
