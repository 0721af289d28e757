"""`reserves coverage`."""

import argparse
from collections.abc import Iterator

from reserves_gui.cli.looking import add_looking_options, add_price_option, contract, height
from reserves_gui.cli.priced import show_prices
from reserves_gui.cli.show import show_verdict
from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.cli.verify import add_verify_options, request_from
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.services.coverage import CoverageAnswer, CoverageLine, CoverageRequest, coverage
from reserves_gui.services.coverage_usd import UsdFigures
from reserves_gui.services.keeping import cache_folder
from reserves_gui.services.results import percent, rounded, verdict_json
from reserves_gui.services.verify import VerifyRequest

_DAY = 86_400
_COLUMNS = ("asset", "state", "ratio", "owed", "listed", "seen", "proven", "lag", "age")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `coverage`."""
    add_verify_options(parser)
    add_looking_options(parser)
    add_coverage_options(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def add_coverage_options(parser: argparse.ArgumentParser) -> None:
    """What `coverage` and `report` share beside the options of verifying and looking."""
    parser.add_argument("--exchange", metavar="NAME", help="take what is missing from the store of this exchange")
    parser.add_argument("--asset", action="append", default=[], metavar="ASSET", help="only this asset")
    parser.add_argument("--from", dest="start", metavar="DATE", help="the stored snapshot is not older")
    parser.add_argument("--to", dest="end", metavar="DATE", help="the stored snapshot is not newer")
    parser.add_argument("--time", metavar="TIME", help="time of the liabilities, where the files do not say")
    parser.add_argument(
        "--printed", action="append", default=[], metavar="ASSET=PERCENT", help="a ratio as the publisher prints it"
    )
    parser.add_argument(
        "--own-token", action="append", default=[], metavar="ASSET", help="a token the exchange issues itself"
    )
    add_price_option(parser)


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Answer and show."""
    answer = coverage(coverage_request(options), terminal.progress)
    if options.json:
        ages = {one.asset: one.age for one in answer.lines}
        beside = {"not_in_report": list(answer.not_in_report), "age_seconds": ages}
        terminal.json(verdict_json(answer.verdict) | beside)
    else:
        show_verdict(answer.verdict, terminal, limits="coverage.limits")
        show_coverage(answer, terminal)
    return answer.exit_code


def coverage_request(options: argparse.Namespace) -> CoverageRequest:
    """The request that the options describe. Raises ``usage``."""
    return CoverageRequest(
        files=tuple(options.files),
        exchange=options.exchange,
        assets=tuple(options.asset),
        start=options.start,
        end=options.end,
        time=options.time,
        sources=tuple(options.source),
        at=dict(height(pair) for pair in options.at),
        contracts=dict(contract(pair) for pair in options.token),
        printed=dict(_printed(pair) for pair in options.printed),
        own_tokens=tuple(options.own_token),
        prices=tuple(options.prices),
        verifying=request_from(options) if options.files else VerifyRequest(db=options.db),
        offline=options.offline,
        proxy=options.proxy,
        cache_folder=cache_folder(),
        fresh=options.fresh,
        db=options.db,
    )


def show_coverage(answer: CoverageAnswer, terminal: Terminal) -> None:
    """A row an asset, then what stands apart: gross and debt, the ratio without own tokens."""
    terminal.line()
    headings = [_words(f"coverage.column.{name}") for name in _COLUMNS]
    terminal.table(headings, [tuple(_cells(one)) for one in answer.lines], mono=(2, 3, 4, 5, 6))
    for one in answer.lines:
        if one.parts.gross is not None or one.parts.debt is not None:
            parts = say("coverage.parts", asset=one.asset, gross=one.parts.gross or "?", debt=one.parts.debt or "?")
            terminal.item("·", render(parts), indent=2)
    for asset in answer.not_in_report:
        terminal.item("–", render(say("coverage.not_in_report", assets=asset)), indent=2)
    _show_usd(answer.usd, terminal)


def _show_usd(usd: UsdFigures, terminal: Terminal) -> None:
    """Sums over assets: information only, with every price that went into them."""
    terminal.line()
    clean, worth = usd.clean, usd.worth
    if clean.ratio is not None:
        share = "0" if clean.own_share is None else percent(clean.own_share)
        terminal.line(render(say("coverage.clean", ratio=percent(clean.ratio), share=share)))
    else:
        terminal.line(render(say("coverage.clean_unknown", assets=", ".join(clean.missing) or "–")), "dim")
    if worth.reserves is not None and worth.liabilities is not None:
        sums = {"reserves": rounded(worth.reserves), "liabilities": rounded(worth.liabilities)}
        terminal.line(render(say("coverage.usd", assets=", ".join(worth.counted), **sums)))
    show_prices(usd.prices, terminal)


def _cells(line: CoverageLine) -> Iterator[str]:
    answer, reserve = line.answer, line.answer.reserve
    yield line.asset
    yield _words(f"show.state.{answer.state}")
    yield answer.shown()
    yield answer.liability.text
    yield "–" if reserve.listed is None else f"{reserve.listed:f}"
    for interval in (reserve.seen, reserve.proven):
        if interval is None:
            yield "–"
        elif interval.low == interval.high:
            yield f"{interval.low:f}"
        else:
            yield " – ".join("?" if end is None else f"{end:f}" for end in (interval.low, interval.high))
    yield "?" if answer.lag is None else render(say("coverage.hours", hours=f"{answer.lag / 3600:.1f}"))
    yield "?" if line.age is None else render(say("coverage.days", days=line.age // _DAY))


def _printed(pair: str) -> tuple[str, str]:
    asset, separator, text = pair.partition("=")
    if not separator or not asset or not text:
        raise ReservesError(ErrorCode.USAGE, say("coverage.printed_grammar"))
    return asset, text


def _words(key: str) -> str:
    return render(Message(key))
