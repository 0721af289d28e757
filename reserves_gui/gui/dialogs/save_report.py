"""Where a report goes."""

from PySide6.QtWidgets import QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.session import Result


def save_report(context: Context, result: Result, parent: QWidget) -> None:
    """Ask where, and write."""


def share_redacted(context: Context, result: Result, parent: QWidget) -> None:
    """Ask where, write the redacted copy, and say what was removed."""
