"""Prices, for sums over several assets only: each with its source and time, refused when stale or doubtful.

Sources: coins.llama.fi (no key), the historical prices of an Esplora server with the mempool.space extension, and a CSV
file ``asset,time,price`` of the user.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from reserves_gui import limits
from reserves_gui.amounts import EXACT, is_plain, parse_plain, subtract
from reserves_gui.chain.answers import Answer, Number
from reserves_gui.chain.port import unusable
from reserves_gui.chain.transport import Transport
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress

LLAMA = "https://coins.llama.fi"
_OLDEST = 6 * 3600
_CONFIDENCE = Decimal("0.9")
_APART = Decimal("0.02")
_IDS = {
    "BTC": "coingecko:bitcoin",
    "ETH": "coingecko:ethereum",
    "LTC": "coingecko:litecoin",
    "DOGE": "coingecko:dogecoin",
    "XRP": "coingecko:ripple",
    "SOL": "coingecko:solana",
    "TRX": "coingecko:tron",
    "BNB": "coingecko:binancecoin",
    "USDT": "coingecko:tether",
    "USDC": "coingecko:usd-coin",
    "DAI": "coingecko:dai",
    "BCH": "coingecko:bitcoin-cash",
    "DASH": "coingecko:dash",
    "AVAX": "coingecko:avalanche-2",
    "POL": "coingecko:polygon-ecosystem-token",
}


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for one coin of ``asset`` at ``time`` (seconds UTC), as ``source`` says."""

    asset: str
    time: int
    usd: Decimal
    source: str


def llama_prices(
    assets: Sequence[str], time: int, transport: Transport, progress: Progress, *, base: str = LLAMA
) -> dict[str, Price | ReservesError]:
    """Prices at ``time``; an asset without a usable price carries the reason instead."""
    known = {asset: _IDS[asset] for asset in assets if asset in _IDS}
    found: dict[str, Price | ReservesError] = {
        asset: unusable("chain.price_unknown", asset=asset) for asset in assets if asset not in known
    }
    if not known:
        return found
    url = f"{base}/prices/historical/{time}/{','.join(known.values())}"
    reply = transport.fetch(url, progress)
    if reply.status != 200:
        raise unusable("chain.status", source=base, status=reply.status)
    coins = reply.answer()["coins"]
    for asset, identifier in known.items():
        try:
            found[asset] = _llama(asset, coins[identifier], time, base)
        except ReservesError as error:
            found[asset] = error
    return found


def _llama(asset: str, entry: Answer, time: int, base: str) -> Price:
    confidence = entry.get("confidence")
    if confidence is not None and _decimal(confidence) < _CONFIDENCE:
        raise unusable("chain.price_confidence", asset=asset)
    return timely(Price(asset, entry["timestamp"].integer(high=2**34), _decimal(entry["price"]), base), time)


def mempool_price(base: str, time: int, transport: Transport, progress: Progress) -> Price:
    """The price of one bitcoin from a server with the mempool.space extension."""
    reply = transport.fetch(f"{base}/v1/historical-price?currency=USD&timestamp={time}", progress)
    if reply.status != 200:
        raise unusable("chain.status", source=base, status=reply.status)
    entries = reply.answer()["prices"].entries(2)
    if not entries:
        raise unusable("chain.price_unknown", asset="BTC")
    return timely(Price("BTC", entries[0]["time"].integer(high=2**34), _decimal(entries[0]["USD"]), base), time)


def price_file(path: Path) -> list[Price]:
    """Prices of a CSV file with the columns ``asset,time,price``; time in seconds UTC."""
    try:
        with path.open("rb") as stream:
            text = stream.read(limits.ANSWER_BYTES).decode("utf-8-sig")
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise unusable("chain.file", name=path.name) from None
    header = [cell.strip().lower() for cell in records[0]] if records else []
    if sorted(header) != ["asset", "price", "time"]:
        raise unusable("chain.file", name=path.name)
    found = []
    for number, record in enumerate(records[1:], 2):
        if not record:
            continue
        row = dict(zip(header, (cell.strip() for cell in record), strict=False))
        time, price = row.get("time", ""), row.get("price", "")
        if not time.isascii() or not time.isdigit() or len(time) > 11 or not is_plain(price) or price.startswith("-"):
            raise unusable("chain.file_line", name=path.name, line=number)
        found.append(Price(row["asset"].upper(), int(time), parse_plain(price), f"file:{path.name}"))
    return found


def timely(price: Price, asked: int) -> Price:
    """The price itself if it is of within six hours of ``asked`` and above zero, else ``source.unusable``."""
    if abs(price.time - asked) > _OLDEST:
        raise unusable("chain.price_old", asset=price.asset, hours=abs(price.time - asked) // 3600)
    if price.usd <= 0:
        raise unusable("chain.price_unknown", asset=price.asset)
    return price


def far_apart(one: Price, other: Price) -> bool:
    """Whether two prices differ by more than 2 % of the lower one; then both are shown."""
    low = min(one.usd, other.usd)
    return abs(subtract(one.usd, other.usd)) > EXACT.multiply(low, _APART)


def _decimal(entry: Answer) -> Decimal:
    if not isinstance(entry.value, Number) or not is_plain(entry.value):
        entry.refuse()
    return parse_plain(entry.value)
