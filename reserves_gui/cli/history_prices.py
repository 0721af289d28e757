"""`reserves history prices` and `reserves history flows`: prices that are kept, and flows in dollars made with them."""

import argparse
from typing import Protocol

from reserves_gui.cli.looking import add_price_option
from reserves_gui.cli.priced import show_prices
from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.messages import Message, say
from reserves_gui.services.keeping import shown_time
from reserves_gui.services.price_series import PriceSeriesRequest, price_series, price_series_json
from reserves_gui.services.prices import Pricing
from reserves_gui.services.results import rounded
from reserves_gui.services.usd_flows import FlowsRequest, UsdFlow, flows_json, usd_flows
from reserves_gui.verdict import ExitCode

_COLUMNS = ("window", "in", "out", "net")


class _Actions(Protocol):
    def add_parser(self, name: str, *, help: str, allow_abbrev: bool) -> argparse.ArgumentParser: ...  # noqa: A002


def add_arguments(actions: _Actions) -> None:
    """The actions `prices` and `flows`."""
    prices = actions.add_parser("prices", help="ask for prices at every snapshot and every day", allow_abbrev=False)
    prices.add_argument("--exchange", required=True, metavar="NAME")
    prices.add_argument("--asset", action="append", default=[], metavar="ASSET", help="only this asset")
    prices.add_argument("--from", dest="start", metavar="DATE")
    prices.add_argument("--to", dest="end", metavar="DATE")
    add_price_option(prices, required=True)
    flows = actions.add_parser("flows", help="what came in and went out in US dollars", allow_abbrev=False)
    flows.add_argument("--exchange", required=True, metavar="NAME")
    flows.add_argument("--to", dest="end", metavar="DATE", help="windows end at the newest look not after it")
    add_price_option(flows)
    for one in (prices, flows):
        # Also after the action: these two may contact somebody.
        one.add_argument("--offline", action="store_true", default=argparse.SUPPRESS, help="contact nothing")
        one.add_argument("--proxy", metavar="URL", default=argparse.SUPPRESS, help="SOCKS or HTTP proxy")


def prices(options: argparse.Namespace, terminal: Terminal) -> int:
    """Ask, keep, and show what was refused."""
    got = price_series(
        PriceSeriesRequest(
            exchange=options.exchange,
            pricing=_pricing(options),
            assets=tuple(options.asset),
            start=options.start,
            end=options.end,
            db=options.db,
        ),
        terminal.progress,
    )
    if options.json:
        terminal.json(price_series_json(got))
    else:
        terminal.line(render(say("prices.kept", count=len(got.prices), refused=len(got.refused))))
        for source, why in got.reasons:
            terminal.item("–", f"{source}: {render(why)}", indent=2)
    return ExitCode.UNDECIDED if got.in_vain else ExitCode.VERIFIED


def flows(options: argparse.Namespace, terminal: Terminal) -> int:
    """Show the flows of every window with the prices behind them."""
    found = usd_flows(
        FlowsRequest(exchange=options.exchange, end=options.end, pricing=_pricing(options), db=options.db),
        terminal.progress,
    )
    if options.json:
        terminal.json(flows_json(found))
    else:
        time = "–" if found.end is None else shown_time(found.end)
        terminal.line(render(say("prices.flows", exchange=found.exchange, time=time)), "bold")
        headings = [render(Message(f"prices.flows.{name}")) for name in _COLUMNS]
        terminal.table(headings, [_row(one) for one in found.windows], mono=(1, 2, 3))
        for one in found.windows:
            for _, why in one.missing:
                words = render(Message(f"history.window.{one.name}"))
                terminal.item("–", f"{words}: {render(why)}", indent=2)
        terminal.line()
        show_prices(found.prices, terminal)
        terminal.line(render(say("prices.flows.limits")), "dim")
    return ExitCode.VERIFIED if found.windows and not found.unpriced else ExitCode.UNDECIDED


def _row(one: UsdFlow) -> tuple[str, str, str, str]:
    gross = ("–" if side is None else rounded(side) for side in (one.inward, one.outward))
    inward, outward = gross
    return render(Message(f"history.window.{one.name}")), inward, outward, rounded(one.net)


def _pricing(options: argparse.Namespace) -> Pricing:
    return Pricing(sources=tuple(options.prices), offline=options.offline, proxy=options.proxy)
