"""The report key: its passphrase is asked for where it has one; what it is and what it shows."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QGridLayout, QLineEdit, QWidget
from shiboken6 import isValid

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button, row
from reserves_gui.gui.widgets.fields import SecretField
from reserves_gui.gui.widgets.text import Prose, Rule, Value, label
from reserves_gui.progress import Progress
from reserves_gui.services.signing import (
    ReportKey,
    change_passphrase,
    export_public_key,
    make_report_key,
    replace_report_key,
    report_key,
    sign_file,
)


class PassphraseDialog(Dialog):
    """One field that is not echoed. What is typed is used once and kept nowhere."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        words = context.words
        super().__init__(context, words("window.key.unlock"), words("window.key.unlock_sentence"), parent)
        self.secret = SecretField(context.theme, words, words("key.lock"))
        self.body.addWidget(self.secret)
        self.add_cancel()
        self.add_button(words("window.key.use"), primary=True).clicked.connect(self.accept)
        self.secret.field.setFocus()


def ask_passphrase(context: Context, parent: QWidget, then: Callable[[str | None], None]) -> None:
    """Call ``then`` with the passphrase of the report key, None where it has none or there is no key yet."""

    def known(found: object) -> None:
        if not (isinstance(found, ReportKey) and found.locked):
            then(None)
            return
        dialog = PassphraseDialog(context, parent)
        if dialog.exec():
            then(dialog.secret.field.text())

    context.run(context.words("window.key.looking"), lambda _progress: report_key(), known)


def sign_report(context: Context, path: Path, reference: str, signed: str, parent: QWidget) -> None:
    """Put a signature of the report key beside the report at ``path``; in a job."""
    from reserves_gui.services.signing import open_signer

    def start(passphrase: str | None) -> None:
        def work(_progress: Progress) -> object:
            return sign_file(path, open_signer(passphrase), reference=reference, signed=signed)

        context.run(context.words("window.key.signing", name=path.name), work, lambda _made: context.reports_changed())

    ask_passphrase(context, parent, start)


class ReplaceKeyDialog(Dialog):
    """Says what another key means. Escape leaves the old one."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        words = context.words
        title, sentence = words("window.key.replace_title"), words("window.key.replace_sentence")
        super().__init__(context, title, sentence, parent)
        self.add_cancel()
        self.replace = self.add_button(words("window.key.replace_do"))
        self.replace.clicked.connect(self.accept)


class KeyDialog(Dialog):
    """The report key as it may be shown, its public half for others, and its passphrase."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        words = context.words
        super().__init__(context, words("key.id"), words("window.key.sentence"), parent, width=680)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setColumnStretch(1, 1)
        self.body.addLayout(self._facts)
        self.make = Button(context.theme, words("window.key.make"), self._make, kind="primary")
        self.export = Button(context.theme, words("window.key.export"), self._ask_export)
        self.replace = Button(context.theme, words("window.key.replace"), self._ask_replace)
        self.body.addLayout(row(self.make, self.export, self.replace, None))
        self.body.addWidget(Rule())
        self.body.addWidget(label(words("key.lock"), Role.NAME))
        self._old = SecretField(context.theme, words, words("window.key.old"))
        self._new = SecretField(context.theme, words, words("key.new_passphrase"))
        self._again = SecretField(context.theme, words, words("key.once_more"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(1, 1)
        for at, secret in enumerate((self._old, self._new, self._again)):
            grid.addWidget(label(secret.field.accessibleName()), at, 0)
            grid.addWidget(secret, at, 1)
        self.body.addLayout(grid)
        self.wrong = Prose("", Role.SMALL, "failed")
        self.wrong.hide()
        self.body.addWidget(self.wrong)
        self.lock = Button(context.theme, words("window.key.change"), self._change)
        self.body.addLayout(row(None, self.lock))
        self.body.addStretch(1)
        self.add_closing()
        self._key: ReportKey | None = None
        self.show_key(None)
        context.run(words("window.key.looking"), lambda _progress: report_key(), self.show_key)

    def show_key(self, key: object) -> None:
        """Show ``key``, or that there is none."""
        if not isValid(self):
            # Closed while the keyring was asked.
            return
        words = self.context.words
        self._key = key if isinstance(key, ReportKey) else None
        while self._facts.count():
            item = self._facts.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        shown = self._key
        if shown is None:
            self._facts.addWidget(Prose(words("window.key.none"), Role.BODY, "text"), 0, 0, 1, 2)
        else:
            lock = words("key.lock.yes") if shown.locked else words("key.lock.no")
            rows = (
                (words("key.id"), shown.id),
                (words("key.public"), shown.public),
                (words("key.place"), words(f"key.place.{shown.place.value}")),
                (words("key.lock"), lock),
            )
            for at, (name, value) in enumerate(rows):
                self._facts.addWidget(label(name, Role.BODY, "text3"), at, 0)
                made = Value(value, Role.MONO_SMALL if at < 2 else Role.BODY, shown=value)
                made.setAccessibleName(f"{name}: {value}")
                self._facts.addWidget(made, at, 1)
        self.make.setVisible(shown is None)
        self.export.setVisible(shown is not None)
        self._old.setEnabled(shown is not None and shown.locked)
        for secret in (self._old, self._new, self._again):
            secret.field.clear()
        self._new.setEnabled(shown is not None)
        self._again.setEnabled(shown is not None)
        self.lock.setEnabled(shown is not None)
        self.grow()

    def _make(self) -> None:
        self.context.run(self.context.words("window.key.make"), lambda _progress: make_report_key(), self.show_key)

    def _ask_export(self) -> None:
        title = self.context.words("window.key.export")
        chosen, _kind = QFileDialog.getSaveFileName(self, title, "reserves.pub", "*.pub")
        if chosen:
            target = Path(chosen)
            self.context.run(title, lambda _progress: export_public_key(target), self.show_key)

    def _ask_replace(self) -> None:
        dialog = ReplaceKeyDialog(self.context, self)
        if dialog.exec():
            title = self.context.words("window.key.replace_title")
            self.context.run(title, lambda _progress: replace_report_key(), self.show_key)

    def _change(self) -> None:
        old, new, again = (_text(secret.field) for secret in (self._old, self._new, self._again))
        if new != again:
            self.wrong.set_plain(self.context.words("key.passphrase_differs"))
            self.wrong.show()
            return
        self.wrong.hide()
        title = self.context.words("window.key.change")
        self.context.run(title, lambda _progress: change_passphrase(old, new), self.show_key)


def _text(field: QLineEdit) -> str | None:
    return field.text() or None
