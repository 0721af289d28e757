"""`reserves timestamp`: that a report existed when a block was made (OpenTimestamps)."""

import argparse
from pathlib import Path

from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.messages import render as in_english
from reserves_gui.services.timestamps import (
    Asking,
    StampCheck,
    calendar_host,
    check_stamp,
    proof_path,
    stamp_file,
    upgrade_stamp,
)
from reserves_gui.verdict import ExitCode, State


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `timestamp`."""
    actions = parser.add_subparsers(dest="action", metavar="stamp|upgrade|check", required=True)
    for name, words in (
        ("stamp", "send a calendar a blinded hash; the proof lies beside the file as FILE.ots"),
        ("upgrade", "complete the proof once a block holds it"),
    ):
        one = actions.add_parser(name, help=words, allow_abbrev=False)
        one.add_argument("file", metavar="FILE", help="a report or a case file")
        one.add_argument("--calendar", required=True, metavar="URL", help="the calendar server to contact")
    check = actions.add_parser("check", help="when did the file exist at the latest?", allow_abbrev=False)
    check.add_argument("file", metavar="FILE", help="a report or a case file")
    check.add_argument("--proof", metavar="PATH", help="the proof (default: FILE.ots)")
    check.add_argument("--source", action="append", default=[], metavar="URL", help="who shows the block's header")
    check.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Stamp, complete, or check."""
    path = Path(options.file)
    if options.action == "check":
        asking = Asking(sources=tuple(options.source), offline=options.offline, proxy=options.proxy)
        checked = check_stamp(path, None if options.proof is None else Path(options.proof), asking, terminal.progress)
        if options.json:
            terminal.json(_json(checked))
        else:
            _show(checked, terminal)
        return checked.exit_code
    calendar_host(options.calendar)
    asking = Asking(offline=options.offline, proxy=options.proxy)
    try:
        if options.action == "stamp":
            place = stamp_file(path, options.calendar, asking, terminal.progress)
            terminal.note(say("stamp.made", path=str(place)))
            terminal.note(say("stamp.hint.upgrade"))
            return ExitCode.VERIFIED
        done = upgrade_stamp(path, options.calendar, asking, terminal.progress)
    except ReservesError as error:
        if error.code is not ErrorCode.SOURCE_UNUSABLE:
            raise
        # Whoever was asked did not answer: nothing failed, and nothing is known.
        terminal.complain(error)
        return ExitCode.UNDECIDED
    terminal.note(say("stamp.completed" if done else "stamp.still_pending", path=str(proof_path(path))))
    return ExitCode.VERIFIED if done else ExitCode.UNDECIDED


def _show(checked: StampCheck, terminal: Terminal) -> None:
    if checked.time is None:
        terminal.line(
            render(Message(f"stamp.result.{checked.state}")), "bold red" if checked.state is State.FAILED else None
        )
    else:
        terminal.line(render(say("stamp.existed", time=checked.time)))
    for finding in checked.findings:
        terminal.item("·", render(finding), indent=2)
    if checked.pending and checked.state is State.UNDECIDED:
        terminal.note(say("stamp.hint.upgrade"))
    if any(finding.key == "stamp.no_source" for finding in checked.findings):
        terminal.note(say("stamp.hint.source"))


def _json(checked: StampCheck) -> dict[str, object]:
    return {
        "schema": "reserves/timestamp-check/1",
        "verdict": checked.state.value,
        "sha256": checked.digest,
        "height": checked.height,
        "time": checked.time,
        "pending": list(checked.pending),
        "findings": [in_english(one) for one in checked.findings],
    }
