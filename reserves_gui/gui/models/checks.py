"""All checks of a verdict as a table: check, expected, seen; failed ones on top."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from reserves_gui.gui.words import Words
from reserves_gui.messages import visible
from reserves_gui.verdict import Check, Outcome, Verdict

Index = QModelIndex | QPersistentModelIndex
CHECK, EXPECTED, SEEN = range(3)


class CheckModel(QAbstractTableModel):
    """Texts only. Copying a cell gives its full value."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._checks: list[Check] = []

    def show(self, verdict: Verdict) -> None:
        """Take the checks of ``verdict``."""
        self.beginResetModel()
        made = [check for claim in verdict.claims for check in claim.checks]
        self._checks = sorted(made, key=lambda check: check.outcome is not Outcome.FAILED)
        self.endResetModel()

    @property
    def has_values(self) -> bool:
        """Whether any check compares two values: those of wallet lists often do not."""
        return any(check.expected is not None or check.seen is not None for check in self._checks)

    def check(self, row: int) -> Check:
        """The check of a row."""
        return self._checks[row]

    def reason(self, row: int) -> str:
        """The reason of a row as a sentence."""
        return self._words.render(self._checks[row].reason)

    def name(self, row: int) -> str:
        """The name of a row's check."""
        return self._words.check(self._checks[row])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One row a check."""
        return 0 if parent.isValid() else len(self._checks)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Check, expected, seen."""
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Column names."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._words(("window.checks.check", "window.expected", "window.seen")[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Full texts: what is shown shorter is for the delegate to shorten."""
        check = self._checks[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(check, index.column())
        if role == Qt.ItemDataRole.ToolTipRole and index.column() != CHECK:
            return self._text(check, index.column()) or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if index.column() == CHECK:
                words = self._words
                return f"{words.check(check)}, {words.outcome(check.outcome)}: {words.render(check.reason)}"
            return self._text(check, index.column())
        return None

    def _text(self, check: Check, column: int) -> str:
        if column == CHECK:
            return self._words.check(check)
        value = check.expected if column == EXPECTED else check.seen
        return "" if value is None else visible(value)
