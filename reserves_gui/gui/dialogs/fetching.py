"""A dialog whose buttons read and write small files of the data folder, off the GUI thread."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from reserves_gui.errors import ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.jobs import Fetch
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.messages import visible


class FetchingDialog(Dialog):
    """``problem`` says why the last thing could not be done; subclasses place it, and offer what can be done now."""

    def __init__(self, context: Context, title: str, sentence: str, parent: QWidget | None, *, width: int) -> None:
        super().__init__(context, title, sentence, parent, width=width)
        self._under_way = 0
        self.problem = Prose("", Role.BODY, "failed").selectable()
        self.problem.hide()

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._under_way

    def offer(self) -> None:
        """Enable what can be done now."""
        raise NotImplementedError

    def fetch(self, work: Callable[[], object], done: Callable[[object], None]) -> None:
        """Do ``work`` off the GUI thread, then ``done``; an error of ours is said in ``problem``."""
        self._under_way += 1
        self.offer()

        def over(found: object) -> None:
            if not isValid(self):
                return
            self._under_way -= 1
            error = found if isinstance(found, ReservesError) else None
            self.problem.setVisible(error is not None)
            if error is None:
                done(found)
            else:
                where = f"{visible(error.where)}: " if error.where else ""
                self.problem.set_plain(where + self.context.words.render(error.message))
            self.offer()
            self.grow()

        # Not a child of the dialog: what was begun is finished also when it is closed.
        Fetch(work, over, self.context.session)
