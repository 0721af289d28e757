"""Where the parts of the pictures stand: what the window draws them from, without loading what reads reports."""

from reserves_gui.report.coverage_layout import BAR, TIP, TRACK, CoverageBar, Scale, scale_of
from reserves_gui.report.leaf_layout import Bar, LeafLayout, layout_leaf_sizes
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

__all__ = [
    "BAR",
    "BOX_HEIGHT",
    "BOX_NARROW",
    "BOX_WIDE",
    "PILL_HEIGHT",
    "TIP",
    "TRACK",
    "Bar",
    "Box",
    "Caption",
    "CoverageBar",
    "LeafLayout",
    "Link",
    "Look",
    "PathLayout",
    "Pill",
    "Place",
    "Scale",
    "cut_decimals",
    "layout_leaf_sizes",
    "layout_path",
    "node_sentence",
    "picture_of",
    "plain",
    "scale_of",
]
