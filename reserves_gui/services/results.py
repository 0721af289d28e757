"""Verdicts and errors as JSON objects for the faces."""

from reserves_gui.report.verdict_json import check_json, error_json, guarantees_json, verdict_json

__all__ = ["check_json", "error_json", "guarantees_json", "verdict_json"]
