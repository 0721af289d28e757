"""Something in the program broke: the text is shown, may be copied or saved, and is sent nowhere."""

import re
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout

from reserves_gui import __version__
from reserves_gui.gui.masking import MASK, masked
from reserves_gui.gui.theme import Role, role_font
from reserves_gui.gui.words import Words


def masked_report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """The traceback with ids, balances, hashes, mail addresses and folders masked.

    Frames keep the file's name, line and function: they are ours. What the exception itself says may quote a user's
    file, so everything in quotation marks, every number and every hash in it is masked; a balance may be one digit.
    """
    lines = [f"Reserves {__version__}"]
    lines += [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    lines.append(f"{kind.__name__}: {_DIGITS.sub(MASK, masked(str(error)))}")
    return "\n".join(lines)


_DIGITS = re.compile(r"-?\d+")


class CrashDialog(QDialog):
    """Stands alone: it must work when the rest does not."""

    def __init__(self, words: Words, text: str) -> None:
        super().__init__()
        self.setWindowTitle(words("window.crash.title"))
        self.setMinimumWidth(560)
        self.text = text
        title = QLabel(words("window.crash.title"))
        title.setFont(role_font(Role.TITLE))
        sentence = QLabel(words("window.crash.sentence"))
        sentence.setWordWrap(True)
        self.area = QPlainTextEdit(text)
        self.area.setReadOnly(True)
        self.area.setFont(role_font(Role.MONO_SMALL))
        self.area.setTabChangesFocus(True)
        self.area.setAccessibleName(words("window.crash.text"))
        copy = QPushButton(words("window.crash.copy"))
        save = QPushButton(words("window.crash.save"))
        close = QPushButton(words("window.close"))
        close.setDefault(True)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text))
        save.clicked.connect(self._save)
        close.clicked.connect(self.accept)
        self._words = words
        self.unsaved = QLabel(words("window.crash.unsaved"))
        self.unsaved.setWordWrap(True)
        self.unsaved.hide()
        foot = QHBoxLayout()
        foot.addStretch(1)
        for button in (copy, save, close):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(title)
        column.addWidget(sentence)
        column.addWidget(self.area)
        column.addWidget(self.unsaved)
        column.addLayout(foot)

    def _save(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(self, self._words("window.crash.save"), "reserves-crash.txt")
        if path:
            try:
                Path(path).write_text(self.text + "\n", encoding="utf-8")
            except OSError:
                self.unsaved.show()
            else:
                self.unsaved.hide()
