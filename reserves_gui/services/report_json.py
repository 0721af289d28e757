"""Checked and saved reports as JSON objects for the faces."""

from typing import Any

from reserves_gui.messages import DEFAULT_LANGUAGE, render
from reserves_gui.services.report_check import ReportCheck

CHECK_SCHEMA = "reserves/report-check/1"


def report_check_json(checked: ReportCheck, language: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """The object that ``check-report --json`` prints."""
    report = checked.file.report
    return {
        "schema": CHECK_SCHEMA,
        "result": checked.state.value,
        "kind": checked.file.kind.value,
        "reference": checked.file.reference,
        "created": None if report is None else report.created,
        "program": None if report is None else report.program,
        "disclosure": None if report is None else report.disclosure.value,
        "checks_run": checked.checks_run,
        "checks": [
            {
                "id": one.id,
                "outcome": one.outcome.value,
                "reason": render(one.reason, language),
                "key": one.reason.key,
            }
            for one in checked.findings
        ],
        "evidence": [
            {
                "name": row.record.name,
                "sha256": row.record.sha256,
                "bytes": row.record.bytes,
                "use": row.use,
                "present": row.present,
            }
            for row in checked.evidence
        ],
    }
