"""What the faces draw of a report: its sheet and the places of its pictures, without loading a publisher."""

from reserves_gui.report.canonical import canonical_bytes
from reserves_gui.report.caveats import not_shown
from reserves_gui.report.encoding import report_json
from reserves_gui.report.headline import headline
from reserves_gui.report.leaf_layout import Bar, LeafLayout, layout_leaf_sizes
from reserves_gui.report.model import Disclosure, Report, Settings
from reserves_gui.report.path_folding import BOX_HEIGHT, PILL_HEIGHT
from reserves_gui.report.path_layout import (
    BOX_NARROW,
    BOX_WIDE,
    Box,
    Caption,
    Link,
    Look,
    PathLayout,
    Pill,
    Place,
    cut_decimals,
    layout_path,
    node_sentence,
    picture_of,
    plain,
)
from reserves_gui.report.pdf_data import ATTACHMENT
from reserves_gui.report.sheet import CheckRow, ClaimCard, Fact, FileRow, Listing, Part, Sheet, asset_label, sheet
from reserves_gui.services.report_files import parse_report

__all__ = [
    "ATTACHMENT",
    "BOX_HEIGHT",
    "BOX_NARROW",
    "BOX_WIDE",
    "PILL_HEIGHT",
    "Bar",
    "Box",
    "Caption",
    "CheckRow",
    "ClaimCard",
    "Disclosure",
    "Fact",
    "FileRow",
    "LeafLayout",
    "Link",
    "Listing",
    "Look",
    "Part",
    "PathLayout",
    "Pill",
    "Place",
    "Report",
    "Settings",
    "Sheet",
    "asset_label",
    "canonical_bytes",
    "cut_decimals",
    "headline",
    "layout_leaf_sizes",
    "layout_path",
    "node_sentence",
    "not_shown",
    "parse_report",
    "picture_of",
    "plain",
    "report_json",
    "sheet",
]
