"""`reserves history`: what is kept, and how it gets in and out."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from reserves_gui.amounts import stripped
from reserves_gui.cli import history_fill, history_log, history_prices
from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.cli.verify import add_verify_options, request_from
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.services.history_add import Added, AddRequest, add_to_history
from reserves_gui.services.history_book import Book, backup, book, log_head, restore
from reserves_gui.services.history_import import ImportRequest, export_csv, export_rows, import_bundled, import_series
from reserves_gui.services.history_json import added_json, book_json, log_json
from reserves_gui.services.keeping import shown_time
from reserves_gui.services.over_time import OverTime, SeriesRequest, over_time
from reserves_gui.services.series_json import series_csv, series_json
from reserves_gui.services.series_said import said
from reserves_gui.verdict import ExitCode, State


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `history`."""
    actions = parser.add_subparsers(
        dest="action", metavar="add|list|show|log|series|flows|prices|fill|import|export|backup|restore", required=True
    )
    add = actions.add_parser("add", help="verify files and keep what they say", allow_abbrev=False)
    add_verify_options(add)
    add.add_argument("--exchange", required=True, metavar="NAME")
    add.add_argument("--time", required=True, metavar="TIME", help="of the snapshot, as 2026-10-31T00:00:00Z")
    listed = actions.add_parser("list", help="what is kept, by exchange", allow_abbrev=False)
    listed.add_argument("--exchange", metavar="NAME")
    show = actions.add_parser("show", help="the store, its chain of evidence, the root log", allow_abbrev=False)
    show.add_argument("--log", action="store_true", help="the head of the root log")
    show.add_argument("--since", metavar="HEAD", help="prove that an older head is a prefix: its file or its text")
    series = actions.add_parser("series", help="reserves, liabilities and flows over time", allow_abbrev=False)
    series.add_argument("--exchange", required=True, metavar="NAME")
    series.add_argument("--asset", required=True, metavar="ASSET")
    series.add_argument("--from", dest="start", metavar="DATE")
    series.add_argument("--to", dest="end", metavar="DATE")
    series.add_argument("--csv", action="store_true", help="known points only, one a line")
    brought = actions.add_parser("import", help="your own series, lists or prices from CSV", allow_abbrev=False)
    brought.add_argument("file", nargs="?", metavar="FILE")
    brought.add_argument("--exchange", metavar="NAME", help="where the file has no such column")
    brought.add_argument(
        "--bundled", action="store_true", help="the published figures and labelled addresses that come with the program"
    )
    export = actions.add_parser("export", help="every stored figure as CSV", allow_abbrev=False)
    export.add_argument("--exchange", metavar="NAME")
    for name, words in (("backup", "write every row of the store"), ("restore", "fill an empty store from a backup")):
        one = actions.add_parser(name, help=words, allow_abbrev=False)
        one.add_argument("file", metavar="FILE")
    history_fill.add_arguments(actions)
    history_prices.add_arguments(actions)
    history_log.add_arguments(actions)
    for one in actions.choices.values():
        one.add_argument("--json", action="store_true", help="print one JSON object")
        # Also after the action: the store is what these commands are about.
        one.add_argument("--db", metavar="URL", default=argparse.SUPPRESS, help="the store (RESERVES_DB)")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Do one of the actions."""
    return _ACTIONS[options.action](options, terminal)


def _add(options: argparse.Namespace, terminal: Terminal) -> int:
    added = add_to_history(
        AddRequest(
            files=tuple(options.files),
            exchange=options.exchange,
            time=options.time,
            verifying=request_from(options),
            db=options.db,
        ),
        terminal.progress,
    )
    if options.json:
        terminal.json(added_json(added))
    else:
        _show_added(added, terminal)
    return ExitCode.FAILED if added.state is State.FAILED or added.alerts else ExitCode.VERIFIED


def _list(options: argparse.Namespace, terminal: Terminal) -> int:
    found = book(options.db, options.exchange)
    if options.json:
        terminal.json(book_json(found))
        return ExitCode.VERIFIED
    if not found.exchanges:
        terminal.line(_words("history.empty"))
    for one in found.exchanges:
        terminal.line(one.exchange, "bold")
        rows = [
            (
                _time(snapshot.time),
                snapshot.format,
                _words(f"show.state.{snapshot.verdict}"),
                ", ".join(f"{figure.amount} {figure.asset}" for figure in snapshot.totals if figure.part == "net"),
                snapshot.root or "–",
                snapshot.root_source,
            )
            for snapshot in one.snapshots
        ]
        names = ("time", "format", "state", "owed", "root", "source")
        terminal.table([_words(f"history.column.{name}") for name in names], rows, mono=(3, 4))
        for wallets in one.lists:
            message = say(
                "history.list_of", time=_time(wallets.time), count=len(wallets.wallets), source=wallets.source
            )
            terminal.item("·", render(message), indent=2)
        for asset, count in one.points.items():
            terminal.item("·", render(say("history.rounds", asset=asset, count=count)), indent=2)
        for alert in one.alerts:
            terminal.item("!", f"{_time(alert.time)}  {render(alert.message)}", "yellow", indent=2)
        terminal.line()
    return ExitCode.VERIFIED


def _show(options: argparse.Namespace, terminal: Terminal) -> int:
    if options.since is not None and not options.log:
        raise ReservesError(ErrorCode.USAGE, say("history.since_log"))
    if options.log:
        head = log_head(options.since)
        if options.json:
            terminal.json(log_json(head))
        else:
            for line in head.checkpoint.rstrip("\n").split("\n"):
                terminal.line(line)
            if head.extends is not None:
                terminal.line(_words("history.log_extends" if head.extends else "history.log_forked"))
                for one in head.proof:
                    terminal.line(f"  {one}")
        return ExitCode.FAILED if head.extends is False else ExitCode.VERIFIED
    found = book(options.db)
    if options.json:
        terminal.json(book_json(found))
    else:
        _show_book(found, terminal)
    return ExitCode.FAILED if found.broken is not None else ExitCode.VERIFIED


def _series(options: argparse.Namespace, terminal: Terminal) -> int:
    found = over_time(
        SeriesRequest(
            exchange=options.exchange, asset=options.asset, start=options.start, end=options.end, db=options.db
        )
    )
    if options.csv:
        terminal.raw(series_csv(found))
    elif options.json:
        terminal.json(series_json(found))
    else:
        _show_series(found, terminal)
    return ExitCode.VERIFIED


def _import(options: argparse.Namespace, terminal: Terminal) -> int:
    if options.bundled:
        if options.file is not None or options.exchange is None:
            raise ReservesError(ErrorCode.USAGE, say("history.bundled_usage"))
        imported = import_bundled(options.exchange, options.db)
    elif options.file is None:
        raise ReservesError(ErrorCode.USAGE, say("error.no_input"))
    else:
        imported = import_series(ImportRequest(path=Path(options.file), exchange=options.exchange, db=options.db))
    _counts(imported.counts, options, terminal)
    return ExitCode.VERIFIED


def _export(options: argparse.Namespace, terminal: Terminal) -> int:
    if options.json:
        rows = list(export_rows(options.db, options.exchange))
        terminal.json({"schema": "reserves/history-export/1", "rows": rows})
    else:
        terminal.raw(export_csv(options.db, options.exchange))
    return ExitCode.VERIFIED


def _backup(options: argparse.Namespace, terminal: Terminal) -> int:
    _counts({"rows": backup(Path(options.file), options.db)}, options, terminal)
    return ExitCode.VERIFIED


def _restore(options: argparse.Namespace, terminal: Terminal) -> int:
    _counts({"rows": restore(Path(options.file), options.db)}, options, terminal)
    return ExitCode.VERIFIED


_ACTIONS: Mapping[str, Callable[[argparse.Namespace, Terminal], int]] = {
    "add": _add,
    "list": _list,
    "show": _show,
    "series": _series,
    "import": _import,
    "export": _export,
    "backup": _backup,
    "restore": _restore,
    "log": history_log.run,
    "prices": history_prices.prices,
    "flows": history_prices.flows,
    "fill": history_fill.run,
}


def _counts(counts: Mapping[str, int], options: argparse.Namespace, terminal: Terminal) -> None:
    if options.json:
        body: dict[str, Any] = {"schema": "reserves/history-done/1", "kept": dict(counts)}
        terminal.json(body)
        return
    for kind, count in counts.items():
        terminal.line(render(say("history.count", kind=Message(f"history.kind.{kind}"), count=count)))


def _show_added(added: Added, terminal: Terminal) -> None:
    for one in added.kept:
        key = "history.known" if one.known else "history.kept"
        kind, state = Message(f"history.kind.{one.kind}"), Message(f"show.state.{one.state}")
        terminal.line(render(say(key, kind=kind, format=one.format, state=state)))
    for alert in added.alerts:
        terminal.item("!", render(alert.message), "bold red")
        for name, value in alert.figures.items():
            terminal.item(" ", f"{name}  {value}", indent=2)
    for note in added.notes:
        terminal.item("·", render(note), indent=2)


def _show_book(found: Book, terminal: Terminal) -> None:
    if found.url is None or found.head is None:
        terminal.line(_words("history.empty"))
        return
    terminal.facts([(_words("history.fact.store"), found.url), (_words("history.fact.head"), found.head)])
    if found.broken is None:
        terminal.line(_words("history.chain_holds"))
    else:
        entry, what = found.broken
        message = say("history.chain_broken", entry=entry, what=Message(f"history.broken.{what}"))
        terminal.line(render(message), "bold red")


def _show_series(found: OverTime, terminal: Terminal) -> None:
    terminal.line(f"{found.exchange}, {found.asset}", "bold")
    rows = []
    for owed, answer in zip(found.owed, found.coverage, strict=True):
        state = _words(f"show.state.{answer.state}")
        rows.append((_time(owed.time), owed.amount, answer.shown(), state, owed.root_source))
    names = ("time", "owed", "coverage", "state", "source")
    terminal.table([_words(f"history.column.{name}") for name in names], rows, mono=(1, 2))
    seen = found.last_seen
    if seen is not None and seen.interval is not None:
        message = say(
            "history.last_seen",
            low="?" if seen.interval.low is None else stripped(seen.interval.low),
            high="?" if seen.interval.high is None else stripped(seen.interval.high),
            asset=found.asset,
            time=_time(seen.time),
            sources=", ".join(seen.sources),
        )
        terminal.line(render(message))
    terminal.line(render(say("history.points", points=len(found.points), addresses=found.addresses)))
    for one in said(found):
        label = "" if one.label is None else f"{render(one.label)}: "
        glyph, style = ("!", "yellow") if one.flagged else ("·", None)
        terminal.item(glyph, label + render(one.message), style, indent=4 if one.beneath else 2)
    for alert in found.alerts:
        terminal.item("!", f"{_time(alert.time)}  {render(alert.message)}", "yellow", indent=2)


def _time(seconds: int | None) -> str:
    return "–" if seconds is None else shown_time(seconds)


def _words(key: str) -> str:
    return render(Message(key))
