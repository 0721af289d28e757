"""`reserves wallets`."""

import argparse
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from reserves_gui.cli.show import show_reasons, show_verdict
from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.messages import Message
from reserves_gui.services.results import verdict_json
from reserves_gui.services.wallets import RowState, WalletsRequest, check_wallets
from reserves_gui.verdict import Verdict

if TYPE_CHECKING:
    from reserves_gui.services.lookup import Looking

_COLUMNS = ("listed", *(state.value for state in RowState))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `wallets`."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="file, folder, zip or tar.gz as downloaded, or -")
    parser.add_argument("--chain", action="append", default=[], metavar="NAME", help="only rows on this chain")
    parser.add_argument("--message", metavar="TEXT", help="the signed text where the file does not carry it")
    parser.add_argument(
        "--source",
        action="append",
        default=[],
        metavar="URL",
        help="where to look up what owner accounts control: evm+https://HOST, beacon+https://HOST",
    )
    parser.add_argument("--fresh", action="store_true", help="ask again for what was kept of deep blocks")
    parser.add_argument("--format", metavar="ID", help="read the files as this format")
    parser.add_argument("--jobs", type=_count, default=os.cpu_count() or 1, metavar="N", help="worker processes")
    parser.add_argument("--cluster", metavar="ADDRESS", help="a Dask scheduler to spread the work over")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Check and show."""
    request = WalletsRequest(
        files=tuple(options.files),
        chains=tuple(options.chain),
        message=options.message,
        format=options.format,
        jobs=options.jobs,
        cluster=options.cluster,
        looking=_looking(options),
    )
    verdict = check_wallets(request, terminal.progress)
    if options.json:
        terminal.json(verdict_json(verdict))
    else:
        show_verdict(verdict, terminal)
        _show_rows(verdict, terminal)
    return verdict.exit_code


def _looking(options: argparse.Namespace) -> "Looking | None":
    if not options.source:
        return None
    from reserves_gui.services.keeping import cache_folder
    from reserves_gui.services.lookup import Looking

    return Looking(
        sources=tuple(options.source),
        offline=options.offline,
        proxy=options.proxy,
        cache_folder=cache_folder(),
        fresh=options.fresh,
    )


def _show_rows(verdict: Verdict, terminal: Terminal) -> None:
    extra = cast("Mapping[str, Any]", verdict.extra)
    rows: Mapping[str, int] = extra["rows"]
    terminal.line()
    heading = (_words("show.rows.state"), _words("show.rows.count"))
    terminal.table(heading, [(_words(f"row.state.{state}"), str(count)) for state, count in rows.items()])
    assets: Mapping[str, Mapping[str, str]] = extra.get("assets", {})
    if assets:
        terminal.line()
        headings = [_words("show.rows.asset"), *(_words(f"row.total.{name}") for name in _COLUMNS)]
        body = [(asset, *(table.get(name, "") for name in _COLUMNS)) for asset, table in assets.items()]
        terminal.table(headings, body, mono=range(1, len(headings)))
    show_reasons(extra["failures"], rows["failed"], terminal)
    if verdict.extra.get("sources"):
        show_reasons(extra.get("unlinked", ()), rows["owner_unlinked"], terminal)


def _words(key: str) -> str:
    return render(Message(key))


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:6]) <= 256:
        raise argparse.ArgumentTypeError("a number from 1 to 256")
    return int(text)
