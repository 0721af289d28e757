"""The strip on top of a result: which file, which format, what is private in it, and one action."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from reserves_gui.gui.icons import Icon
from reserves_gui.gui.theme import Role, Theme
from reserves_gui.gui.widgets.buttons import IconMark
from reserves_gui.gui.widgets.text import Details, Elided, label


class SourceStrip(QFrame):
    """File name, details, privacy note and actions."""

    def __init__(self, theme: Theme, *actions: QWidget) -> None:
        super().__init__()
        self.setProperty("kind", "strip")
        self.name = Elided()
        self.details = Details(role=Role.SMALL, tone="text3")
        self.details.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._lock = IconMark(theme, Icon.LOCK, 16, "text2")
        self.note = label("", Role.SMALL, "text2")
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(16, 0, 8, 0)
        self._line.setSpacing(10)
        self._line.addWidget(IconMark(theme, Icon.FILE, 20, "text"))
        self._line.addWidget(self.name)
        self._line.addWidget(self.details, 1)
        self._line.addWidget(self._lock)
        self._line.addWidget(self.note)
        for action in actions:
            self._line.addWidget(action)
        self.set_narrow(False)

    def show_source(self, name: str, details: str, note: str = "") -> None:
        """Name what was read."""
        self.name.set_full(name)
        self.details.set_full(details)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._lock.setVisible(bool(note))

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a width class, from the window
        """Compact height."""
        self.setFixedHeight(40 if narrow else 48)
