"""What was dropped on the window: reports to be read again, receipts to be compared, or files to be verified."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reserves_gui.errors import ReservesError
from reserves_gui.intake.opening import open_path
from reserves_gui.services.log_reading import is_log_copy
from reserves_gui.services.receipt_files import is_evidence, is_receipt
from reserves_gui.services.report_list import is_report_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Paths by what they are; ``others`` may be anything.

    Among ``receipts`` are also evidence of earlier conflicts and copies of root logs: all are held against proofs.
    """

    reports: tuple[str, ...]
    receipts: tuple[str, ...]
    others: tuple[str, ...]


def sort_out(paths: Sequence[str]) -> Dropped:
    """Tell reports and receipts of this program from everything else. Never raises: what cannot be read is other."""
    reports = tuple(path for path in paths if is_report_file(path))
    receipts = tuple(path for path in paths if path not in reports and _is_receipt_file(path))
    known = {*reports, *receipts}
    return Dropped(reports=reports, receipts=receipts, others=tuple(path for path in paths if path not in known))


def _is_receipt_file(path: str) -> bool:
    try:
        documents = open_path(Path(path))
        return len(documents) == 1 and any(test(documents[0]) for test in (is_receipt, is_evidence, is_log_copy))
    except ReservesError:
        return False
