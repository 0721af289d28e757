"""Labels of addresses: which exchanges third parties say an address belongs to. A label is no proof."""

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

_TAIL = re.compile(r"-(?:cex|btc|io|com)$")


@cache
def labels() -> Mapping[str, tuple[str, ...]]:
    """Address text (lower case for 0x forms) to the exchanges it is labelled with."""
    source = resources.files("reserves_gui.resources") / "wallets" / "address_book.csv"
    lines = (line for line in source.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    book: dict[str, tuple[str, ...]] = {}
    for entry in csv.DictReader(lines):
        name = _TAIL.sub("", entry["exchange"])
        known = book.get(entry["address"], ())
        if name not in known:
            book[entry["address"]] = (*known, name)
    return book


def book_key(address: str) -> str:
    """The form under which an address stands in the book."""
    return address.lower() if address[:2] in ("0x", "0X") else address


def others(address: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """Exchanges other than ``own`` that the book names for an address."""
    return tuple(name for name in labels().get(book_key(address), ()) if name.casefold() not in own)
