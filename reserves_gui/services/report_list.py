"""Remembered reports as a list shows them: what each holds, or why it cannot be shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.opening import open_case, open_path
from reserves_gui.messages import Message, say
from reserves_gui.progress import silent
from reserves_gui.report.model import Report
from reserves_gui.services.report_files import ReportFile, holds_report, read_report_file
from reserves_gui.trust.opentimestamps import proof_path


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedReport:
    """One remembered report. ``problem`` says why there is no ``file``; a changed one has both.

    ``stamped``: a time stamp lies beside it; nobody has looked at it here.
    """

    path: str
    file: ReportFile | None
    problem: Message | None
    stamped: bool = False

    @property
    def report(self) -> Report | None:
        """What the file holds, if that can be read."""
        return None if self.file is None else self.file.report


def listed_reports(paths: Iterable[str]) -> tuple[ListedReport, ...]:
    """All of ``paths`` in their order, the missing and the unreadable ones too."""
    return tuple(listed_report(path) for path in paths)


def listed_report(path: str) -> ListedReport:
    """One report file as it is now."""
    try:
        file = read_report_file(Path(path))
    except ReservesError as error:
        missing = error.code is ErrorCode.INPUT_NOT_FOUND
        problem = say("report.list.missing") if missing else error.message
        return ListedReport(path=path, file=None, problem=problem)
    stamped = proof_path(Path(path)).exists()
    return ListedReport(path=path, file=file, problem=file.changes[0] if file.changes else None, stamped=stamped)


def is_report_file(path: str) -> bool:
    """Whether ``path`` is a report or a case file of this program, whatever else is wrong with it. Never raises."""
    try:
        if open_case(Path(path), silent()) is not None:
            return True
        documents = open_path(Path(path))
        if len(documents) != 1 or documents[0].size > limits.JSON_GLOBAL_BYTES:
            return False
        return holds_report(documents[0].read(limits.JSON_GLOBAL_BYTES))
    except ReservesError:
        return False
