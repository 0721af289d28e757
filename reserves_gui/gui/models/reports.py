"""Remembered reports as a table: exchange, snapshot, report, claims, saved."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from reserves_gui.gui.session import page_of
from reserves_gui.gui.words import Words
from reserves_gui.messages import visible
from reserves_gui.verdict import Claim, State

if TYPE_CHECKING:
    from reserves_gui.services.report_list import ListedReport

Index = QModelIndex | QPersistentModelIndex
EXCHANGE, SNAPSHOT, REPORT, CLAIMS, SAVED = range(5)
_HEADS = (
    "window.reports.exchange",
    "window.reports.snapshot",
    "window.reports.report",
    "window.reports.claims",
    "window.reports.saved",
)


class ReportModel(QAbstractTableModel):
    """Texts only; the delegate paints the claims of a row as glyphs, their words are what is spoken."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._all: tuple[ListedReport, ...] = ()
        self._shown: list[ListedReport] = []
        self._filter = ""

    def set_reports(self, reports: "tuple[ListedReport, ...]") -> None:
        """Take the reports of the list."""
        self._all = reports
        self._apply()

    def set_filter(self, text: str) -> None:
        """Show the rows that hold every word of ``text``."""
        self._filter = text
        self._apply()

    def _apply(self) -> None:
        self.beginResetModel()
        wanted = self._filter.casefold().split()
        self._shown = [one for one in self._all if all(word in self._searched(one) for word in wanted)]
        self.endResetModel()

    def _searched(self, one: "ListedReport") -> str:
        return " ".join((*(self.text(one, column) for column in range(5)), one.path)).casefold()

    def report(self, row: int) -> "ListedReport":
        """The report of a row."""
        return self._shown[row]

    def row_of(self, path: str) -> int | None:
        """The row of the report at ``path``, if it is shown."""
        return next((row for row, one in enumerate(self._shown) if one.path == path), None)

    @property
    def total(self) -> int:
        """All reports, also those the filter hides."""
        return len(self._all)

    def claims(self, row: int) -> tuple[Claim, ...]:
        """The claims of a row, failed ones first."""
        report = self._shown[row].report
        if report is None:
            return ()
        return tuple(sorted(report.verdict.claims, key=lambda claim: claim.state is not State.FAILED))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One row a report."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Exchange, snapshot, report, claims, saved."""
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Column names."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._words(_HEADS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Full texts."""
        one = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(one, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return visible(one.path)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.text(one, index.column()) or self._words("window.reports.nothing")
        return None

    def text(self, one: "ListedReport", column: int) -> str:
        """What a cell says in words."""
        words, report = self._words, one.report
        if report is None:
            name = one.path.replace("\\", "/").rpartition("/")[2]
            problem = "" if one.problem is None else words.render(one.problem)
            return {EXCHANGE: visible(name), SNAPSHOT: problem}.get(column, "")
        verdict = report.verdict
        if column == EXCHANGE:
            return visible(verdict.exchange)
        if column == SNAPSHOT:
            return (
                words.short_time(verdict.snapshot.time) if verdict.snapshot.time else visible(verdict.snapshot.id or "")
            )
        if column == REPORT:
            return words(f"window.page.{page_of(verdict).value}")
        if column == CLAIMS and one.problem is not None:
            return words("window.reports.changed")
        if column == CLAIMS:
            ordered = sorted(verdict.claims, key=lambda claim: claim.state is not State.FAILED)
            return ", ".join(f"{words.claim(claim.id)} {words.state(claim.state)}" for claim in ordered)
        return words.short_time(report.created)
