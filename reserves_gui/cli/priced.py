"""Prices in a terminal: each with its source and time, those that differ beside it, and why others were not used."""

from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.messages import Message, say
from reserves_gui.services.keeping import shown_time
from reserves_gui.services.prices import ChosenPrices, Price

_COLUMNS = ("asset", "usd", "time", "source")


def show_prices(prices: ChosenPrices, terminal: Terminal) -> None:
    """A row a price; nothing where nothing was found and nothing refused by a source."""
    if prices.found:
        headings = [render(Message(f"prices.column.{name}")) for name in _COLUMNS]
        rows = [_row(price) for one in prices.found.values() for price in (one.used, *one.others)]
        terminal.table(headings, rows, mono=(1,))
    for asset, one in prices.found.items():
        for other in one.apart:
            used, beside = (f"{price.usd:f} ({price.source})" for price in (one.used, other))
            terminal.item("!", render(say("prices.apart", asset=asset, used=used, other=beside)), "yellow", indent=2)
    for source, why in prices.reasons:
        terminal.item("–", f"{source}: {render(why)}" if source else render(why), indent=2)


def _row(price: Price) -> tuple[str, str, str, str]:
    return price.asset, f"{price.usd:f}", shown_time(price.time), price.source
