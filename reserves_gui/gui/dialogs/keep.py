"""Keep an open result in history: under which exchange and time, and what of it is kept."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from reserves_gui.errors import ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.session import Page, Result
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.text import Prose, label
from reserves_gui.progress import Progress

if TYPE_CHECKING:
    from reserves_gui.services.history_add import Added

_FIELDS = ("exchange", "time")


class KeepDialog(Dialog):
    """Two fields, filled with what the files say; keeping is a job, and what it cannot use is said here first."""

    def __init__(self, context: Context, result: Result, parent: QWidget | None) -> None:
        from reserves_gui.services.history_add import proposed

        words = context.words
        listed = result.page is Page.WALLETS
        sentence = words("window.keep.list_sentence" if listed else "window.keep.sentence")
        super().__init__(context, words("window.keep.title"), sentence, parent)
        self._result = result
        self.fields: dict[str, QLineEdit] = {}
        form = QFormLayout()
        form.setVerticalSpacing(8)
        for name, text in zip(_FIELDS, proposed(result.verdict), strict=True):
            field = QLineEdit(text)
            field.setPlaceholderText(words(f"window.keep.{name}_hint"))
            field.setAccessibleName(words(f"window.keep.{name}"))
            field.setMinimumWidth(260)
            self.fields[name] = field
            form.addRow(label(words(f"window.keep.{name}"), Role.BODY, "text"), field)
        self.body.addLayout(form)
        self.problem = Prose("", Role.BODY, "failed")
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.add_cancel()
        self.keep = self.add_button(words("window.keep.do"), primary=True)
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        from reserves_gui.services.history_add import AddRequest, add_to_history, checked_request

        result, context = self._result, self.context
        typed = {name: field.text().strip() for name, field in self.fields.items()}
        request = AddRequest(
            exchange=typed["exchange"],
            time=typed["time"],
            files=result.request.files,
            verifying=result.request,
            judged=result.verdict,
        )
        try:
            checked_request(request)
        except ReservesError as error:
            self.problem.set_plain(context.words.render(error.message))
            self.problem.show()
            self.grow()
            return
        # The dialog is gone by the time the job ends.
        over = self.parentWidget()
        self.accept()

        def work(progress: Progress) -> object:
            return add_to_history(request, progress)

        def done(added: Any) -> None:
            _kept(context, result, added, over)

        context.run(context.words("window.keep.title"), work, done)


def _kept(context: Context, result: Result, added: "Added", parent: QWidget | None) -> None:
    """Show it over time at once; a root that contradicts one kept before is said in a notice."""
    context.show_kept(added.exchange)
    # The verdict's own notes stand on its page.
    notes = [one for one in added.notes if one not in result.verdict.notes]
    if added.alerts or notes:
        from reserves_gui.gui.dialogs.notice import Notice

        words = context.words
        sentences = [words.render(one.message) for one in added.alerts]
        sentences += [f"{name}: {value}" for one in added.alerts for name, value in one.figures.items()]
        sentences += [words.render(one) for one in notes]
        Notice(context, words("window.keep.remarks"), sentences, parent).show_over()
