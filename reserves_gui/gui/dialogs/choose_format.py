"""Two formats fit a file equally well: the user says which."""

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.messages import visible


class ChooseFormat(Dialog):
    """One radio button per format."""

    def __init__(self, context: Context, names: str, parent: QWidget | None) -> None:
        words = context.words
        super().__init__(context, words("window.choose.title"), words("window.choose.sentence"), parent)
        self._group = QButtonGroup(self)
        self._ids = [name.strip() for name in names.split(",") if name.strip()]
        for at, name in enumerate(self._ids):
            button = QRadioButton(visible(name))
            button.setChecked(at == 0)
            self._group.addButton(button, at)
            self.body.addWidget(button)
        self.add_cancel()
        self.add_button(words("window.choose.check"), primary=True).clicked.connect(self.accept)

    @property
    def chosen(self) -> str:
        """The id of the chosen format."""
        return self._ids[max(self._group.checkedId(), 0)]
