"""Checked and saved reports as JSON objects for the faces."""

from typing import Any

from reserves_gui.messages import DEFAULT_LANGUAGE, render
from reserves_gui.services.report_check import ReportCheck
from reserves_gui.services.signing import SignatureCheck

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
        "signature": None if checked.signature is None else signature_json(checked.signature, language),
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


def signature_json(signature: SignatureCheck, language: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """What a signature is worth; ``signed`` and ``reference`` are what the signer stated."""
    return {
        "outcome": signature.outcome.value,
        "reason": render(signature.reason, language),
        "key_id": signature.key_id,
        "key": signature.key,
        "own": signature.own,
        "signed": signature.signed,
        "reference": signature.reference,
    }
