"""`reserves journal`: the user's own balances over time."""

import argparse
import getpass
from pathlib import Path

from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.services.journal import (
    JournalImport,
    add_entry,
    import_journal,
    journal_entries,
    journal_path,
    remove_entries,
)
from reserves_gui.services.keeping import read_time, shown_time
from reserves_gui.verdict import ExitCode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `journal`."""
    actions = parser.add_subparsers(dest="action", metavar="import|add|list|remove", required=True)
    brought = actions.add_parser(
        "import", help="take a CSV file over: time,asset,amount[,exchange]", allow_abbrev=False
    )
    brought.add_argument("file", metavar="FILE")
    added = actions.add_parser("add", help="take one balance over", allow_abbrev=False)
    added.add_argument("amount", nargs="?", metavar="AMOUNT", help="asked for, without echo, if it is left out")
    listed = actions.add_parser("list", help="what it holds, oldest first", allow_abbrev=False)
    removed = actions.add_parser("remove", help="take entries out again", allow_abbrev=False)
    for one in (added, removed):
        one.add_argument("--asset", required=True, metavar="ASSET")
        one.add_argument("--time", required=True, metavar="TIME", help="as 2026-10-31 or 2026-10-31T00:00:00Z")
    for one in (brought, added, listed, removed):
        one.add_argument("--exchange", metavar="NAME", help="of this exchange")
        one.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Import, add, list or remove."""
    if options.action == "import":
        return _taken(import_journal(Path(options.file), options.exchange), options, terminal)
    if options.action == "add":
        amount = options.amount or getpass.getpass(f"{render(say('journal.column.amount'))}: ")
        done = add_entry(asset=options.asset, amount=amount, time=options.time, exchange=options.exchange or "")
        return _taken(done, options, terminal)
    if options.action == "remove":
        return _remove(options, terminal)
    return _list(options, terminal)


def _taken(done: JournalImport, options: argparse.Namespace, terminal: Terminal) -> int:
    if options.json:
        counts = {"added": done.added, "changed": done.changed, "known": done.known}
        terminal.json({"schema": "reserves/journal-import/1", **counts})
    else:
        terminal.line(render(say("journal.imported", added=done.added, changed=done.changed, known=done.known)))
        terminal.note(say("journal.private", path=str(journal_path())))
    return ExitCode.VERIFIED


def _remove(options: argparse.Namespace, terminal: Terminal) -> int:
    time, named = read_time(options.time), (options.exchange or "").casefold()
    meant = [
        one
        for one in journal_entries()
        if one.time == time and one.asset == options.asset and one.exchange.casefold() == named
    ]
    if not meant:
        raise ReservesError(ErrorCode.USAGE, say("journal.no_entry"))
    removed = remove_entries(meant)
    if options.json:
        terminal.json({"schema": "reserves/journal-removed/1", "removed": removed})
    else:
        terminal.line(render(say("journal.removed", count=removed)))
    return ExitCode.VERIFIED


def _list(options: argparse.Namespace, terminal: Terminal) -> int:
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
