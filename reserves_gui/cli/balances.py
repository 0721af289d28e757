"""`reserves balances`."""

import argparse
from collections.abc import Mapping, Sequence
from typing import Any, cast

from reserves_gui.cli.looking import add_looking_options, contract, height
from reserves_gui.cli.show import show_reasons, show_verdict
from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.services.balances import BalancesRequest, observe_balances
from reserves_gui.services.keeping import cache_folder
from reserves_gui.services.results import verdict_json
from reserves_gui.verdict import Verdict


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `balances`."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="a wallet list: file, folder, zip or tar.gz as downloaded, or -"
    )
    add_looking_options(parser)
    parser.add_argument("--format", metavar="ID", help="read the files as this format")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Look up and show."""
    verdict = observe_balances(request_from(options), terminal.progress)
    if options.json:
        terminal.json(verdict_json(verdict))
    else:
        show_verdict(verdict, terminal)
        _show_rows(verdict, terminal)
    return verdict.exit_code


def request_from(options: argparse.Namespace) -> BalancesRequest:
    """The request that the options describe. Raises ``usage``."""
    if not options.source:
        raise ReservesError(ErrorCode.USAGE, say("balances.no_sources"))
    return BalancesRequest(
        files=tuple(options.files),
        sources=tuple(options.source),
        at=dict(height(pair) for pair in options.at),
        format=options.format,
        offline=options.offline,
        proxy=options.proxy,
        contracts=dict(contract(pair) for pair in options.token),
        cache_folder=cache_folder(),
        fresh=options.fresh,
    )


def _show_rows(verdict: Verdict, terminal: Terminal) -> None:
    extra = cast("Mapping[str, Any]", verdict.extra)
    terminal.line()
    rows: Mapping[str, int] = extra["rows"]
    heading = (_words("show.rows.state"), _words("show.rows.count"))
    terminal.table(heading, [(_words(f"balances.answer.{state}"), str(count)) for state, count in rows.items()])
    terminal.line()
    body = []
    assets: Mapping[str, Mapping[str, Any]] = extra["assets"]
    for asset, figures in assets.items():
        heights = ", ".join(f"{chain} {height}" for chain, height in figures["heights"].items())
        body.append((asset, _words("balances.listed"), figures["listed"] or "", heights))
        body += [("", source, amount, "") for source, amount in figures["seen"].items()]
    headings = ("show.rows.asset", "balances.head.source", "balances.head.amount", "balances.head.height")
    terminal.table([_words(key) for key in headings], body, mono=(2, 3))
    failures: Sequence[Mapping[str, Any]] = extra["failures"]
    show_reasons(failures, len(failures), terminal)


def _words(key: str) -> str:
    return render(Message(key))
