"""`reserves headline`."""

import argparse

from reserves_gui.cli.looking import add_price_option
from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.messages import Message, say
from reserves_gui.services.headline import HeadlineRequest, check_headline, headline_json
from reserves_gui.services.prices import Pricing
from reserves_gui.verdict import ExitCode, exit_code


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `headline`."""
    parser.add_argument("--exchange", required=True, metavar="NAME")
    parser.add_argument("--asset", required=True, metavar="ASSET")
    parser.add_argument("--amount", required=True, metavar="N", help="coins that are said to have left")
    parser.add_argument("--from", required=True, dest="start", metavar="DATE")
    parser.add_argument("--to", required=True, dest="end", metavar="DATE")
    parser.add_argument(
        "--reading", default="net", choices=("net", "out"), help="left on balance, or all that went out"
    )
    parser.add_argument("--price", metavar="USD", help="price of a coin at the end of the window")
    add_price_option(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Judge one headline."""
    answer = check_headline(
        HeadlineRequest(
            exchange=options.exchange,
            asset=options.asset,
            amount=options.amount,
            start=options.start,
            end=options.end,
            reading=options.reading,
            price=options.price,
            pricing=Pricing(sources=tuple(options.prices), offline=options.offline, proxy=options.proxy),
            db=options.db,
        ),
        terminal.progress,
    )
    code = exit_code(answer.state)
    if answer.facts.unpriced and code is ExitCode.VERIFIED:
        # What was asked for could not be told; what was answered without it stands.
        code = ExitCode.UNDECIDED
    if options.json:
        terminal.json(headline_json(answer))
        return code
    terminal.line(render(Message(f"headline.verdict.{answer.state}")), "bold")
    for one in answer.readings:
        words = render(Message(f"headline.reading.{one.reading}"))
        terminal.line(f"{words}: {render(Message(f'headline.state.{one.state}'))}")
        for reason in one.reasons:
            terminal.item("·", render(reason), indent=2)
    for reading, price in answer.break_even.items():
        message = say("headline.break_even", reading=Message(f"headline.reading.{reading}"), price=price)
        terminal.item("·", render(message), indent=2)
    terminal.line()
    terminal.table(
        [render(Message(f"headline.column.{name}")) for name in ("figure", "value", "time", "source")],
        [(one.name, one.value, one.time, one.source) for one in answer.facts.used],
        mono=(1,),
    )
    for source, why in answer.facts.refused:
        terminal.item("–", f"{source}: {render(why)}", indent=2)
    terminal.line(render(Message("headline.limits")), "dim")
    return code
