"""A guided form for values that an exchange only shows on a page: typed here, verified like a file."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.theme import Role, role_font
from reserves_gui.gui.widgets.expected import AmountField
from reserves_gui.gui.widgets.fields import AssetTable, SecretField, mono_field, user_field_name
from reserves_gui.gui.widgets.scroll import Scroll
from reserves_gui.gui.widgets.text import Prose, Value, label
from reserves_gui.messages import visible

if TYPE_CHECKING:
    from reserves_gui.services.formats import FieldInfo, FormatInfo

Read = Callable[[], object]


class FormDialog(Dialog):
    """One field per value; the leaf text is shown while it is typed."""

    def __init__(self, context: Context, info: "FormatInfo", parent: QWidget | None) -> None:
        words = context.words
        title = words("window.form.title", exchange=visible(info.exchange))
        super().__init__(context, title, words("window.form.sentence"), parent, width=640)
        self.setMinimumHeight(480)
        self._info = info
        self._read: dict[str, Read] = {}
        scroll = Scroll(16)
        form = QWidget()
        self._rows = QFormLayout(form)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setVerticalSpacing(10)
        self._rows.setHorizontalSpacing(16)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for field in info.form:
            self._add(field)
        scroll.column.addWidget(form)
        scroll.column.addStretch(1)
        self.body.addWidget(scroll, 1)
        self.leaf_title = label(words("window.form.leaf_text"), Role.LABEL, "text3")
        self.leaf = Value("", shown="")
        self.leaf.setWordWrap(True)
        self.leaf_none = Prose(words("window.form.leaf_incomplete"), Role.SMALL, "text3")
        for widget in (self.leaf_title, self.leaf, self.leaf_none):
            self.body.addWidget(widget)
        self.add_cancel()
        self.check = self.add_button(words("window.form.check"), primary=True)
        self.check.clicked.connect(self._send)
        self._look()

    def values(self) -> dict[str, object]:
        """The fields as a ``reserves/form/1`` document has them; empty optional ones are left out."""
        read = {name: value() for name, value in self._read.items()}
        optional = {field.name for field in self._info.form if not field.required}
        return {name: value for name, value in read.items() if value or name not in optional}

    def _add(self, field: "FieldInfo") -> None:
        words, theme = self.context.words, self.context.theme
        name = user_field_name(words, field.name)
        shown = name if field.required else words("window.form.optional", name=name)
        widget: QWidget
        if field.kind == "assets":
            table = AssetTable(theme, words, name)
            table.changed.connect(self._look)
            self._read[field.name] = table.value
            widget = table
        elif field.kind == "path":
            area = QPlainTextEdit()
            area.setFont(role_font(Role.MONO_SMALL))
            area.setTabChangesFocus(True)
            area.setFixedHeight(120)
            area.setAccessibleName(name)
            area.setPlaceholderText(words("window.form.path"))
            area.textChanged.connect(self._look)
            self._read[field.name] = lambda: area.toPlainText().strip()
            widget = area
        elif field.kind == "secret":
            secret = SecretField(theme, words, name)
            self._line(field.name, secret.field)
            widget = secret
        else:
            line = self._plain(field.kind, name)
            self._line(field.name, line)
            widget = line
        self._rows.addRow(label(shown), widget)

    def _plain(self, kind: str, name: str) -> QLineEdit:
        if kind == "hex":
            return mono_field(name)
        if kind == "amount":
            return AmountField(name)
        line = QLineEdit()
        line.setAccessibleName(name)
        return line

    def _line(self, name: str, line: QLineEdit) -> None:
        line.textChanged.connect(self._look)
        self._read[name] = lambda: line.text().strip()

    def _look(self) -> None:
        if not hasattr(self, "check"):
            return
        values = self.values()
        required = [field.name for field in self._info.form if field.required]
        self.check.setEnabled(all(values.get(name) for name in required))
        text = self.context.session.engine.leaf_text(self._info.id, values)
        self.leaf.set_value(text or "", shown=visible(text or ""))
        self.leaf.setVisible(text is not None)
        self.leaf_none.setVisible(text is None)

    def _send(self) -> None:
        from reserves_gui.services.verify import VerifyRequest

        self.accept()
        self.context.session.run(VerifyRequest(format=self._info.id, form=self.values()))
