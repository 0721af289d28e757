"""What the faces draw of a report: its sheet, without loading a publisher."""

from reserves_gui.report.canonical import canonical_bytes
from reserves_gui.report.caveats import not_shown
from reserves_gui.report.encoding import report_json
from reserves_gui.report.headline import headline
from reserves_gui.report.model import Disclosure, Report, Settings
from reserves_gui.report.pdf_data import ATTACHMENT
from reserves_gui.report.sheet import CheckRow, ClaimCard, Fact, FileRow, Listing, Part, Sheet, asset_label, sheet
from reserves_gui.services.report_files import parse_report

__all__ = [
    "ATTACHMENT",
    "CheckRow",
    "ClaimCard",
    "Disclosure",
    "Fact",
    "FileRow",
    "Listing",
    "Part",
    "Report",
    "Settings",
    "Sheet",
    "asset_label",
    "canonical_bytes",
    "headline",
    "not_shown",
    "parse_report",
    "report_json",
    "sheet",
]
