"""What all dialogs share: a title, a body, buttons at the lower right; Escape leaves."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QLayout, QVBoxLayout, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.reading_order import step
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button, row
from reserves_gui.gui.widgets.text import Prose, label


class Dialog(QDialog):
    """A modal question or notice."""

    def __init__(
        self, context: Context, title: str, sentence: str, parent: QWidget | None, *, width: int = 480
    ) -> None:
        super().__init__(parent)
        self.context = context
        self.setWindowTitle(title)
        self.setModal(True)
        self.setMinimumWidth(width)
        column = QVBoxLayout(self)
        # The layout's own minimum counts sentences at their narrowest; the height is set when the dialog is shown.
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(title, Role.TITLE))
        if sentence:
            column.addWidget(Prose(sentence))
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column.addLayout(self.body, 1)
        column.addSpacing(4)
        self._foot = row(None)
        column.addLayout(self._foot)
        self._enters: dict[QWidget, Button] = {}

    def showEvent(self, event: QShowEvent) -> None:
        """As high as its sentences need at this width: a size hint counts them at their narrowest."""
        super().showEvent(event)
        self._fit(self.minimumHeight())

    def grow(self) -> None:
        """Take the height that is needed by now; never less than before, so that nothing jumps."""
        # What was added a moment ago counts from the next turn of the event loop on.
        QTimer.singleShot(0, self, self._grow)

    def _grow(self) -> None:
        if self.isVisible():
            self._fit(self.height())

    def _fit(self, least: int) -> None:
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            self.resize(self.width(), max(least, layout.totalHeightForWidth(self.width())))

    def enter_clicks(self, button: Button, *fields: QWidget) -> None:
        """Enter in one of ``fields`` clicks ``button`` and not the dialog's own."""
        self._enters |= dict.fromkeys(fields, button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does what the field is for."""
        button = self._enters.get(self.focusWidget())
        if button is not None and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            button.click()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's signature
        """Tab and Shift+Tab in reading order, also through what was added later."""
        return step(self, forward=forward)

    def show_over(self) -> None:
        """Show the dialog over its window and come back at once; it goes when it is closed."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.open()

    def add_button(self, text: str, *, primary: bool = False) -> Button:
        """A button at the lower right; the primary one accepts with Enter."""
        button = Button(self.context.theme, text, kind="primary" if primary else "default")
        if primary:
            button.setDefault(True)
            button.setAutoDefault(True)
        self._foot.addWidget(button)
        return button

    def add_aside(self, *buttons: Button) -> None:
        """Buttons at the lower left, for what lies beside the question."""
        for at, button in enumerate(buttons):
            self._foot.insertWidget(at, button)

    def add_closing(self) -> Button:
        """The button that closes a notice."""
        button = self.add_button(self.context.words("window.close"), primary=True)
        button.clicked.connect(self.accept)
        return button

    def add_cancel(self) -> Button:
        """The button that leaves everything as it was."""
        button = self.add_button(self.context.words("window.cancel"))
        button.clicked.connect(self.reject)
        return button
