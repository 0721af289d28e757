"""Fields of guided forms: text, secrets that are not echoed, hashes, amounts, and tables of assets."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from reserves_gui.gui.icons import Icon
from reserves_gui.gui.theme import Role, Theme, role_font
from reserves_gui.gui.widgets.buttons import Button, IconButton
from reserves_gui.gui.widgets.expected import AmountField
from reserves_gui.gui.words import Words
from reserves_gui.messages import catalogue, visible


def user_field_name(words: Words, name: str) -> str:
    """The shown name of a value; an unknown one as the format spells it."""
    key = f"window.field.{name}"
    return words(key) if key in catalogue("en") else visible(name).replace("_", " ")


class SecretField(QWidget):
    """A field that shows dots until the user asks to see."""

    def __init__(self, theme: Theme, words: Words, name: str) -> None:
        super().__init__()
        self._words = words
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(name)
        self.show_it = Button(theme, words("window.secret.show"), self._toggle)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.field)
        line.addWidget(self.show_it)
        self.setFocusProxy(self.field)

    def _toggle(self) -> None:
        hidden = self.field.echoMode() == QLineEdit.EchoMode.Password
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        text = self._words("window.secret.hide" if hidden else "window.secret.show")
        self.show_it.setText(text)
        self.show_it.setAccessibleName(text)


class AssetTable(QWidget):
    """Rows of asset and amount; a new row appears when the last one is used."""

    changed = Signal()

    def __init__(self, theme: Theme, words: Words, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self._name = name
        self._rows: list[tuple[QLineEdit, AmountField, QWidget]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._add()

    def value(self) -> list[list[str]]:
        """``[coin, amount]`` pairs, texts as typed."""
        pairs = [[asset.text().strip(), amount.text().strip()] for asset, amount, _line in self._rows]
        return [pair for pair in pairs if pair[0] or pair[1]]

    def first(self) -> QLineEdit:
        """The first field."""
        return self._rows[0][0]

    def _add(self) -> None:
        number = len(self._rows) + 1
        asset = QLineEdit()
        asset.setPlaceholderText(self._words("window.form.asset"))
        asset.setAccessibleName(self._words("window.form.asset_number", number=number))
        asset.setMaximumWidth(140)
        amount = AmountField(self._words("window.form.amount_number", number=number))
        amount.setPlaceholderText("0.00")
        remove = IconButton(self._theme, Icon.CLOSE, self._words("window.form.remove_row", number=number))
        line = QWidget()
        inside = QHBoxLayout(line)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(asset)
        inside.addWidget(amount, 1)
        inside.addWidget(remove)
        entry = (asset, amount, line)
        self._rows.append(entry)
        self._column.addWidget(line)
        remove.clicked.connect(lambda: self._remove(entry))
        for field in (asset, amount):
            field.textEdited.connect(self._edited)

    def _edited(self) -> None:
        asset, amount, _line = self._rows[-1]
        if asset.text().strip() or amount.text().strip():
            self._add()
        self.changed.emit()

    def _remove(self, entry: tuple[QLineEdit, AmountField, QWidget]) -> None:
        if len(self._rows) > 1 and entry in self._rows:
            self._rows.remove(entry)
            entry[2].hide()
            entry[2].deleteLater()
        else:
            entry[0].clear()
            entry[1].clear()
        self.changed.emit()


def mono_field(name: str) -> QLineEdit:
    """A field for a hash."""
    field = QLineEdit()
    field.setFont(role_font(Role.MONO))
    field.setAccessibleName(name)
    return field
