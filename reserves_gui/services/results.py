"""Verdicts and errors as JSON objects for the faces, and ratios as texts."""

from reserves_gui.history.figures import percent, rounded
from reserves_gui.report.stored import stored_message
from reserves_gui.report.verdict_json import check_json, error_json, guarantees_json, verdict_json

__all__ = ["check_json", "error_json", "guarantees_json", "percent", "rounded", "stored_message", "verdict_json"]
