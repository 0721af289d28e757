"""When alerts fire: one field a threshold; an empty one takes the default."""

from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from reserves_gui.errors import ReservesError
from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.text import Prose, label


class ThresholdsDialog(Dialog):
    """Texts as typed; kept only if all of them can be read."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        from reserves_gui.services.watch import default_thresholds

        words = context.words
        super().__init__(context, words("window.thresholds.title"), words("window.thresholds.sentence"), parent)
        self.fields: dict[str, QLineEdit] = {}
        form = QFormLayout()
        form.setVerticalSpacing(8)
        kept = context.settings.thresholds
        for name, usual in default_thresholds().items():
            field = QLineEdit(kept.get(name, ""))
            field.setPlaceholderText(usual)
            field.setAccessibleName(words(f"window.thresholds.{name}"))
            field.setMaximumWidth(120)
            self.fields[name] = field
            form.addRow(label(words(f"window.thresholds.{name}"), Role.BODY, "text"), field)
        self.body.addLayout(form)
        self.problem = Prose("", Role.BODY, "failed")
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.add_cancel()
        self.keep = self.add_button(words("window.thresholds.keep"), primary=True)
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        from reserves_gui.services.watch import thresholds_of

        typed = {name: field.text().strip() for name, field in self.fields.items() if field.text().strip()}
        try:
            thresholds_of(typed)
        except ReservesError as error:
            self.problem.set_plain(self.context.words.render(error.message))
            self.problem.show()
            return
        self.context.settings.thresholds = typed
        self.accept()
