"""Prices, for sums over several assets only: each with its source and time, refused when stale or doubtful."""

import csv
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path

from reserves_gui import limits
from reserves_gui.amounts import EXACT, is_plain, parse_plain, subtract
from reserves_gui.chain.port import unusable

OLDEST = 6 * 3600
"""Seconds between a price and the moment it is used for: further off it says nothing about that moment."""
_APART = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for one coin of ``asset`` at ``time`` (seconds UTC), as ``source`` says."""

    asset: str
    time: int
    usd: Decimal
    source: str


@cache
def price_names() -> Mapping[str, str]:
    """Under which name DefiLlama's service is asked for each asset, as ``coingecko:bitcoin``."""
    text = (resources.files("reserves_gui.resources") / "chain" / "prices.toml").read_text(encoding="utf-8")
    return {asset: str(name) for asset, name in tomllib.loads(text).items()}


def price_file(path: Path) -> list[Price]:
    """Prices of a CSV file with the columns ``asset,time,price``; time in seconds UTC."""
    try:
        with path.open("rb") as stream:
            text = stream.read(limits.ANSWER_BYTES).decode("utf-8-sig")
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise unusable("chain.price_file", name=path.name) from None
    header = [cell.strip().lower() for cell in records[0]] if records else []
    if sorted(header) != ["asset", "price", "time"]:
        raise unusable("chain.price_file", name=path.name)
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
    if abs(price.time - asked) > OLDEST:
        raise unusable("chain.price_old", asset=price.asset, hours=abs(price.time - asked) // 3600)
    if price.usd <= 0:
        raise unusable("chain.price_unknown", asset=price.asset)
    return price


def far_apart(one: Price, other: Price) -> bool:
    """Whether two prices differ by more than 2 % of the lower one; then both are shown."""
    low = min(one.usd, other.usd)
    return abs(subtract(one.usd, other.usd)) > EXACT.multiply(low, _APART)
