"""`reserves watch`: rounds until stopped, one line (or one JSON object) a round; fit to run as a service."""

import argparse
import signal
from types import FrameType

from reserves_gui.amounts import signed, stripped
from reserves_gui.cli.looking import add_price_option, add_source_options, contract
from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.errors import Cancelled, ErrorCode, ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.services.history_json import round_json
from reserves_gui.services.keeping import cache_folder, shown_time
from reserves_gui.services.watch import Level, Round, WatchRequest, watch, watch_round
from reserves_gui.verdict import ExitCode

_STYLES = {Level.NOTICE: "cyan", Level.WARNING: "yellow", Level.CRITICAL: "bold red"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `watch`."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="wallet lists; without them the newest list the store has"
    )
    parser.add_argument("--exchange", metavar="NAME", help="under which name it is kept")
    add_source_options(parser)
    add_price_option(parser)
    parser.add_argument("--every", default="60", metavar="MINUTES", help="from the start of one round to the next")
    parser.add_argument("--once", action="store_true", help="one round, then end (for a timer)")
    parser.add_argument(
        "--threshold", action="append", default=[], metavar="NAME=VALUE", help="when a rule fires, as drop_day=0.1"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a round")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Watch and show. SIGINT ends with 130, SIGTERM with 0: whoever runs a service asks it to end that way."""
    request = _request(options)
    if options.once:
        found = watch_round(request, terminal.progress)
        _show(found, options, terminal)
        return _exit_code(found)
    ended = _answer_terminate(terminal)
    try:
        for found in watch(request, terminal.progress):
            _show(found, options, terminal)
    except Cancelled:
        if not ended:
            raise
    return ExitCode.VERIFIED


def _request(options: argparse.Namespace) -> WatchRequest:
    minutes = options.every
    if not (minutes.isascii() and minutes.isdecimal() and len(minutes) < 6):
        raise ReservesError(ErrorCode.USAGE, say("watch.minutes"))
    return WatchRequest(
        files=tuple(options.files),
        exchange=options.exchange,
        sources=tuple(options.source),
        prices=tuple(options.prices),
        minutes=int(minutes),
        thresholds=dict(_threshold(pair) for pair in options.threshold),
        contracts=dict(contract(pair) for pair in options.token),
        offline=options.offline,
        proxy=options.proxy,
        cache_folder=cache_folder(),
        fresh=options.fresh,
        db=options.db,
    )


def _threshold(pair: str) -> tuple[str, str]:
    name, separator, value = pair.partition("=")
    if not separator or not name or not value or len(value) > 20:
        raise ReservesError(ErrorCode.USAGE, say("watch.threshold_grammar"))
    return name, value


def _answer_terminate(terminal: Terminal) -> list[int]:
    """The signals that asked to end, as they come."""
    ended: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        ended.append(number)
        terminal.progress.cancel()

    if terminal.owns_interrupts:
        signal.signal(signal.SIGTERM, stop)
    return ended


def _exit_code(found: Round) -> ExitCode:
    if any(one.level is Level.CRITICAL for one in found.alerts):
        return ExitCode.FAILED
    return ExitCode.UNDECIDED if found.empty else ExitCode.VERIFIED


def _show(found: Round, options: argparse.Namespace, terminal: Terminal) -> None:
    if options.json:
        terminal.json(round_json(found))
        return
    clock = shown_time(found.time)
    if not found.fresh:
        terminal.line(render(say("watch.no_block", time=clock)), "dim")
    for one in found.assets:
        interval = one.point.interval
        if interval is None:
            terminal.line(render(say("watch.not_retrieved", time=clock, asset=one.asset)), "yellow")
            if one.point.missing:
                chains = ", ".join(one.point.missing)
                terminal.item("–", render(say("watch.unseen", asset=one.asset, chains=chains)), "yellow", indent=2)
            continue
        low, high = ("?" if end is None else stripped(end) for end in (interval.low, interval.high))
        amount = low if low == high else f"{low} – {high}"
        net = "?" if one.net is None else signed(one.net)
        key = "watch.agreed" if one.point.decided else "watch.single"
        sources = ", ".join(one.point.sources)
        terminal.line(render(say(key, time=clock, asset=one.asset, amount=amount, net=net, sources=sources)))
    for report in found.sources:
        if report.problem is not None:
            terminal.item("–", f"{report.name}: {render(report.problem)}", "yellow", indent=2)
    for source, why in found.unpriced:
        terminal.item("–", f"{source}: {render(why)}", "yellow", indent=2)
    for alarm in found.alarms:
        terminal.item("!", render(alarm), "bold red", indent=2)
    for alert in found.alerts:
        words = render(Message(f"watch.level.{alert.level}"))
        terminal.item("!", f"{words}: {render(alert.message)}", _STYLES[alert.level], indent=2)
        for name, value in alert.figures.items():
            terminal.item(" ", f"{name}  {value}", indent=4)
