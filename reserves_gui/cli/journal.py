"""`reserves journal`: the user's own balances over time."""

import argparse
from pathlib import Path

from reserves_gui.cli.terminal import Terminal
from reserves_gui.messages import Message, render, say
from reserves_gui.services.journal import import_journal, journal_entries, journal_path
from reserves_gui.services.keeping import shown_time
from reserves_gui.verdict import ExitCode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `journal`."""
    actions = parser.add_subparsers(dest="action", metavar="import|list", required=True)
    brought = actions.add_parser(
        "import", help="take a CSV file over: time,asset,amount[,exchange]", allow_abbrev=False
    )
    brought.add_argument("file", metavar="FILE")
    listed = actions.add_parser("list", help="what it holds, oldest first", allow_abbrev=False)
    for one in (brought, listed):
        one.add_argument("--exchange", metavar="NAME", help="of this exchange")
        one.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Import or list."""
    if options.action == "import":
        done = import_journal(Path(options.file), options.exchange)
        if options.json:
            counts = {"added": done.added, "changed": done.changed, "known": done.known}
            terminal.json({"schema": "reserves/journal-import/1", **counts})
        else:
            terminal.line(render(say("journal.imported", added=done.added, changed=done.changed, known=done.known)))
            terminal.note(say("journal.private", path=str(journal_path())))
        return ExitCode.VERIFIED
    entries = journal_entries(options.exchange)
    if options.json:
        rows = [
            {"exchange": one.exchange, "asset": one.asset, "time": shown_time(one.time), "amount": one.amount}
            for one in entries
        ]
        terminal.json({"schema": "reserves/journal/1", "entries": rows})
    elif not entries:
        terminal.line(render(Message("journal.empty")))
    else:
        headings = [render(Message(f"journal.column.{name}")) for name in ("time", "exchange", "asset", "amount")]
        body = [(shown_time(one.time), one.exchange or "–", one.asset, one.amount) for one in entries]
        terminal.table(headings, body, mono=(3,))
    return ExitCode.VERIFIED
