"""`reserves receipt export` and `reserves receipt compare`."""

import argparse
import datetime as dt
from pathlib import Path

from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.cli.verify import add_verify_options, request_from
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.evidence import Grouping
from reserves_gui.messages import Message, say
from reserves_gui.services.receipt_files import write_receipt
from reserves_gui.services.receipt_odds import odds_sentences
from reserves_gui.services.receipts import (
    ReceiptComparison,
    compare_files,
    export_receipt,
    write_evidence,
)
from reserves_gui.verdict import ExitCode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `receipt`."""
    actions = parser.add_subparsers(dest="action", metavar="export|compare", required=True)
    export = actions.add_parser("export", help="make a receipt of a proof", allow_abbrev=False)
    add_verify_options(export)
    export.add_argument("--out", required=True, metavar="PATH", help="where the receipt goes")
    export.add_argument("--short", action="store_true", help="the header only; .svg or .png as suffix makes a QR code")
    compare = actions.add_parser("compare", help="compare what several users were shown", allow_abbrev=False)
    compare.add_argument("files", nargs="+", metavar="FILE", help="receipts, or proof files as they are")
    compare.add_argument(
        "--same-snapshot",
        action="store_true",
        help="all are of one snapshot, as their owners say: formats that name none",
    )
    compare.add_argument("--leaves", type=_leaves, metavar="N", help="how many leaves the tree has, for the odds")
    compare.add_argument("--out", metavar="PATH", help="where the evidence of a conflict goes, for others to check")
    compare.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Make or compare receipts."""
    if options.action == "export":
        return _export(options, terminal)
    grouping = Grouping.SAID if options.same_snapshot else Grouping.NAMED
    comparison = compare_files(
        options.files, terminal.progress, leaves=options.leaves, grouping=grouping, db=options.db
    )
    if options.json:
        terminal.json(comparison.json())
    else:
        _show(comparison, terminal)
    if options.out is not None and comparison.evidence is not None:
        write_evidence(comparison, Path(options.out))
        terminal.note(say("receipt.evidence_written", path=options.out))
    return comparison.exit_code


def _export(options: argparse.Namespace, terminal: Terminal) -> int:
    today = dt.datetime.now(dt.UTC).date().isoformat()
    receipt = export_receipt(request_from(options), terminal.progress, seen=today)
    path = Path(options.out)
    if path.suffix.lower() in {".svg", ".png"} and not options.short:
        raise ReservesError(ErrorCode.USAGE, say("receipt.qr_short"))
    terminal.note(say("receipt.privacy"))
    write_receipt(receipt.short() if options.short else receipt, path)
    terminal.note(say("receipt.written", path=str(path)))
    return ExitCode.VERIFIED


def _show(comparison: ReceiptComparison, terminal: Terminal) -> None:
    message = say(f"receipt.result.{comparison.state}", compared=comparison.compared, count=len(comparison.conflicts))
    terminal.line(render(message), "bold red" if comparison.conflicts else None)
    if comparison.apart:
        terminal.line(render(say("receipt.apart", count=comparison.apart)))
        terminal.note(say("receipt.hint.same"))
    odds = comparison.odds
    if odds is not None and not comparison.conflicts:
        for sentence in odds_sentences(odds):
            terminal.line(render(sentence))
    for one in comparison.conflicts:
        terminal.line(f"✘ {render(one.reason)}")
        first, second = (name or render(Message("receipt.kept")) for name in one.files)
        terminal.line(f"    {first}: {one.first}")
        terminal.line(f"    {second}: {one.second}")
    if comparison.alerts:
        terminal.line(render(say("receipt.alert_kept", count=len(comparison.alerts))), "bold red")
    for name in comparison.unusable:
        terminal.line(render(Message("receipt.unusable", {"name": name})))


def _leaves(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 20 and int(text) > 1:
        return int(text)
    raise argparse.ArgumentTypeError("a number of leaves, at least 2")
