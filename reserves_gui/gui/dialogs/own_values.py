"""What only the user knows (account, nonce ...): typed for one run, never stored. Secrets are not echoed."""

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.widgets.buttons import row
from reserves_gui.gui.widgets.fields import SecretField, user_field_name
from reserves_gui.gui.widgets.text import label

SECRET_FIELDS = frozenset({"nonce", "account_nonce", "key", "salt", "credential", "record", "salt_b", "salt_s"})


class OwnValuesDialog(Dialog):
    """One field per value a format understands; empty ones are left out."""

    def __init__(self, context: Context, fields: Sequence[str], parent: QWidget | None) -> None:
        words = context.words
        super().__init__(context, words("window.own_values.title"), words("window.own_values.sentence"), parent)
        self._fields: dict[str, QLineEdit] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for at, name in enumerate(fields):
            shown = user_field_name(words, name)
            grid.addWidget(label(shown), at, 0)
            field: QLineEdit
            if name in SECRET_FIELDS:
                secret = SecretField(context.theme, words, shown)
                field = secret.field
                grid.addLayout(row(secret), at, 1)
            else:
                field = QLineEdit()
                field.setAccessibleName(shown)
                grid.addWidget(field, at, 1)
            self._fields[name] = field
        self.body.addLayout(grid)
        self.add_cancel()
        self.add_button(words("window.own_values.find"), primary=True).clicked.connect(self.accept)

    def values(self) -> dict[str, tuple[str, ...]]:
        """What was typed, by field; empty fields are left out."""
        typed = {name: field.text().strip() for name, field in self._fields.items()}
        return {name: (text,) for name, text in typed.items() if text}
