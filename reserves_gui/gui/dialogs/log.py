"""What happened in this run, masked: to read, copy or save when a bug is reported."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.frame import Dialog
from reserves_gui.gui.log import SessionLog
from reserves_gui.gui.theme import Role, role_font
from reserves_gui.progress import Progress


class LogDialog(Dialog):
    """Grows while it is open."""

    def __init__(self, context: Context, log: SessionLog, parent: QWidget | None) -> None:
        words = context.words
        super().__init__(context, words("window.log.title"), words("window.log.sentence"), parent, width=640)
        self._log = log
        self.area = QPlainTextEdit()
        self.area.setReadOnly(True)
        self.area.setFont(role_font(Role.MONO_SMALL))
        self.area.setTabChangesFocus(True)
        self.area.setMinimumHeight(280)
        self.area.setAccessibleName(words("window.log.title"))
        self.area.setPlaceholderText(words("window.log.empty"))
        self.body.addWidget(self.area)
        self.add_button(words("window.crash.copy")).clicked.connect(self._copy)
        self.add_button(words("window.crash.save")).clicked.connect(self._ask)
        self.add_closing()
        log.added.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.area.setPlainText(self._log.text)
        bar = self.area.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._log.text)

    def _ask(self) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(self, self.context.words("window.crash.save"), "reserves-log.txt")
        if chosen:
            target, text = Path(chosen), self._log.text

            def work(_progress: Progress) -> object:
                from reserves_gui.services.writing import write_atomically

                write_atomically(target, text.encode("utf-8") + b"\n")
                return target

            self.context.run(self.context.words("window.report.writing", name=target.name), work, lambda _made: None)
