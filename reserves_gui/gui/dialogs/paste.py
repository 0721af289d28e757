"""Text to verify, as copied from an exchange's page."""

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.theme import Role, role_font


class PasteDialog(Dialog):
    """Shows what the clipboard holds before it is read, and takes any other text."""

    def __init__(self, context: Context, text: str, parent: QWidget | None) -> None:
        words = context.words
        super().__init__(context, words("window.paste.title"), words("window.paste.sentence"), parent, width=600)
        self.field = QPlainTextEdit()
        self.field.setFont(role_font(Role.MONO_SMALL))
        self.field.setMinimumHeight(240)
        self.field.setTabChangesFocus(True)
        self.field.setAccessibleName(words("window.paste.field"))
        self.field.setPlaceholderText(words("window.paste.placeholder"))
        self.field.setPlainText(text)
        self.body.addWidget(self.field)
        self.add_cancel()
        self.check = self.add_button(words("window.paste.check"), primary=True)
        self.check.clicked.connect(self.accept)
        self.field.textChanged.connect(self._look)
        self._look()

    @property
    def text(self) -> str:
        """The text to verify."""
        return self.field.toPlainText()

    def _look(self) -> None:
        self.check.setEnabled(bool(self.text.strip()))
