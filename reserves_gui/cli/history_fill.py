"""`reserves history fill`: the past of listed wallets, from sources that know it."""

import argparse
from typing import Protocol

from reserves_gui.cli.looking import add_source_options, contract
from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say
from reserves_gui.services.history_fill import Filled, FillRequest, fill
from reserves_gui.services.history_json import filled_json
from reserves_gui.services.keeping import cache_folder, shown_time
from reserves_gui.verdict import ExitCode


class _Actions(Protocol):
    def add_parser(self, name: str, *, help: str, allow_abbrev: bool) -> argparse.ArgumentParser: ...  # noqa: A002


def add_arguments(actions: _Actions) -> None:
    """The action `fill`."""
    filling = actions.add_parser("fill", help="look at the past of listed wallets and keep it", allow_abbrev=False)
    filling.add_argument("files", nargs="*", metavar="FILE", help="wallet lists; without them those that the store has")
    filling.add_argument("--exchange", metavar="NAME", help="under which name it is kept")
    filling.add_argument("--from", dest="start", required=True, metavar="DATE")
    filling.add_argument("--to", dest="end", metavar="DATE", help="until now without it")
    filling.add_argument("--every", default="24", metavar="HOURS", help="from one round to the next")
    add_source_options(filling)
    # Also after the action: this one contacts somebody.
    filling.add_argument("--offline", action="store_true", default=argparse.SUPPRESS, help="contact nothing")
    filling.add_argument("--proxy", metavar="URL", default=argparse.SUPPRESS, help="SOCKS or HTTP proxy")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Look, keep, and say how far it came."""
    hours = options.every
    if not (hours.isascii() and hours.isdecimal() and len(hours) < 6):
        raise ReservesError(ErrorCode.USAGE, say("fill.hours"))
    found = fill(
        FillRequest(
            start=options.start,
            end=options.end,
            hours=int(hours),
            files=tuple(options.files),
            exchange=options.exchange,
            sources=tuple(options.source),
            contracts=dict(contract(pair) for pair in options.token),
            offline=options.offline,
            proxy=options.proxy,
            cache_folder=cache_folder(),
            fresh=options.fresh,
            db=options.db,
        ),
        terminal.progress,
    )
    if options.json:
        terminal.json(filled_json(found))
    else:
        _show(found, terminal)
    return ExitCode.VERIFIED if found.whole else ExitCode.UNDECIDED


def _show(found: Filled, terminal: Terminal) -> None:
    if found.kept:
        first, last = (shown_time(time) for time in (found.kept[0], found.kept[-1]))
        terminal.line(render(say("fill.kept", count=len(found.kept), exchange=found.exchange, first=first, last=last)))
    else:
        terminal.line(render(say("fill.none", exchange=found.exchange)))
    if found.before:
        terminal.line(render(say("fill.before", count=found.before)))
    if found.stopped is not None:
        terminal.item("!", render(say("fill.stopped", why=found.stopped)), "yellow")
    for report in found.sources:
        if report.problem is not None:
            terminal.item("–", f"{report.name}: {render(report.problem)}", "yellow", indent=2)
    for alarm in found.alarms:
        terminal.item("!", render(alarm), "bold red", indent=2)
