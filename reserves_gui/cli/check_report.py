"""`reserves check-report`: is a report unchanged, and does its evidence still give the same result?"""

import argparse

from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.cli.verify import expectations, own_values
from reserves_gui.messages import say
from reserves_gui.services.report_check import CheckRequest, ReportCheck, ReportState, check_report
from reserves_gui.services.report_json import report_check_json
from reserves_gui.services.signing import read_public_key
from reserves_gui.verdict import Outcome

_MARKS = {Outcome.PASSED: "✔", Outcome.FAILED: "✘", Outcome.PARTIAL: "◐", Outcome.NOT_CHECKED: "–"}
_STYLES = {
    ReportState.UNCHANGED: "green",
    ReportState.CHANGED: "bold red",
    ReportState.EVIDENCE_MISSING: "yellow",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `check-report`."""
    parser.add_argument("report", metavar="FILE", help="a report: .json .html .pdf .txt .reserves")
    parser.add_argument("evidence", nargs="*", metavar="EVIDENCE", help="the files the report names")
    parser.add_argument(
        "--user", action="append", default=[], metavar="KEY=VALUE", help="own values that the first run was given"
    )
    parser.add_argument(
        "--expect", action="append", default=[], metavar="ASSET=AMOUNT", help="amounts a redacted report left out"
    )
    parser.add_argument("--key", metavar="KEY", help="the public key that must have signed: one line, or a .pub file")
    parser.add_argument("--signature", metavar="PATH", help="the signature file (default: FILE.minisig if it is there)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Check and show."""
    request = CheckRequest(
        report=options.report,
        evidence=tuple(options.evidence),
        user=own_values(options.user),
        expected=expectations(options.expect),
        signature=options.signature,
        key=None if options.key is None else read_public_key(options.key),
    )
    checked = check_report(request, terminal.progress)
    if options.json:
        terminal.json(report_check_json(checked))
    else:
        _show(checked, terminal)
    return checked.exit_code


def _show(checked: ReportCheck, terminal: Terminal) -> None:
    terminal.line(render(say(f"report.result.{checked.state.value}")), _STYLES[checked.state])
    if checked.file.reference is not None:
        terminal.line(f"{render(say('report.reference'))}: {checked.file.reference}")
    for finding in checked.findings:
        terminal.line(f"{_MARKS[finding.outcome]} {render(finding.reason)}")
    if checked.evidence:
        terminal.line()
        terminal.line(render(say("report.evidence")), "bold")
        for row in checked.evidence:
            mark = _MARKS[Outcome.PASSED if row.present else Outcome.NOT_CHECKED]
            terminal.line(f"{mark} {row.record.name}  {row.record.sha256}")
