"""Something was done, or could not be: a title, sentences, and a button to close."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from reserves_gui.errors import ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.text import Elided, Prose


class Notice(Dialog):
    """Sentences one below the other; ``place`` is a path, elided in the middle."""

    def __init__(
        self, context: Context, title: str, sentences: Sequence[str], parent: QWidget | None, *, place: str = ""
    ) -> None:
        super().__init__(context, title, "", parent)
        if place:
            self.body.addWidget(Elided(place, Role.SMALL, "text2"))
        self.sentences = [Prose(sentence, Role.BODY, "text").selectable() for sentence in sentences]
        for one in self.sentences:
            self.body.addWidget(one)
        self.add_closing()

    @classmethod
    def of_error(cls, context: Context, error: ReservesError, parent: QWidget | None) -> "Notice":
        """What ``error`` says, where it happened, and its stable code."""
        words = context.words
        sentences = [words.render(error.message), words("window.notice.code", code=str(error.code))]
        return cls(context, words("window.notice.title"), sentences, parent, place=words.place(error.where))
