"""A dialog with one field of text, which shows what it was given before anything is read from it."""

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.theme import Role, role_font


class TextEntryDialog(Dialog):
    """Cancel, and a button that stays disabled while there is nothing to read."""

    def __init__(
        self,
        context: Context,
        text: str,
        parent: QWidget | None,
        *,
        said: tuple[str, str],
        field: tuple[str, str],
        button: str,
        role: Role,
        height: int,
        width: int = 480,
    ) -> None:
        """``said``: title and sentence; ``field``: accessible name and placeholder; ``height`` of the field, px."""
        super().__init__(context, *said, parent, width=width)
        self.field = QPlainTextEdit()
        self.field.setFont(role_font(role))
        self.field.setMinimumHeight(height)
        self.field.setTabChangesFocus(True)
        self.field.setAccessibleName(field[0])
        self.field.setPlaceholderText(field[1])
        self.field.setPlainText(text)
        self.body.addWidget(self.field)
        self.add_cancel()
        self.check = self.add_button(button, primary=True)
        self.check.clicked.connect(self.accept)
        self.field.textChanged.connect(self._look)
        self._look()

    @property
    def text(self) -> str:
        """The text as it stands in the field."""
        return self.field.toPlainText()

    def usable(self) -> bool:
        """Whether there is something to read."""
        return bool(self.text)

    def _look(self) -> None:
        self.check.setEnabled(self.usable())
