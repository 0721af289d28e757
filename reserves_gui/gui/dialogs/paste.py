"""Text to verify, as copied from an exchange's page."""

from PySide6.QtWidgets import QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.text_entry import TextEntryDialog
from reserves_gui.gui.theme import Role


class PasteDialog(TextEntryDialog):
    """Shows what the clipboard holds before it is read, and takes any other text."""

    def __init__(self, context: Context, text: str, parent: QWidget | None) -> None:
        words = context.words
        super().__init__(
            context,
            text,
            parent,
            said=(words("window.paste.title"), words("window.paste.sentence")),
            field=(words("window.paste.field"), words("window.paste.placeholder")),
            button=words("window.paste.check"),
            role=Role.MONO_SMALL,
            height=240,
            width=600,
        )

    def usable(self) -> bool:
        """Blanks alone are nothing to verify."""
        return bool(self.text.strip())
