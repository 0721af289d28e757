"""Labels of addresses: which exchanges third parties say an address belongs to. A label is no proof."""

import csv
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

_TAIL = re.compile(r"-(?:cex|btc|io|com)$")
# Bech32 is read in capitals too, as QR codes carry it.
_SEGWIT = ("BC1", "LTC1")


def labelled(exchange: str) -> list[tuple[str, str]]:
    """(chain, address) of everything the book labels with ``exchange``, in the order of the file."""
    wanted = names_of(exchange)
    return [(chain, address) for chain, address, name in _entries() if name in wanted]


def names_of(exchange: str) -> tuple[str, ...]:
    """Every name under which the book has ``exchange``, lower case, its own name first."""
    source = resources.files("reserves_gui.resources") / "wallets" / "book_names.toml"
    others_names = {_plain(name): book for name, book in tomllib.loads(source.read_text(encoding="utf-8")).items()}
    wanted = {_plain(exchange), others_names.get(_plain(exchange), "")}
    return (exchange.casefold(), *sorted({name for _, _, name in _entries() if _plain(name) in wanted}))


@cache
def labels() -> Mapping[str, tuple[str, ...]]:
    """Address text (lower case for 0x forms) to the exchanges it is labelled with."""
    book: dict[str, tuple[str, ...]] = {}
    for _, address, name in _entries():
        known = book.get(address, ())
        if name not in known:
            book[address] = (*known, name)
    return book


@cache
def _entries() -> tuple[tuple[str, str, str], ...]:
    source = resources.files("reserves_gui.resources") / "wallets" / "address_book.csv"
    lines = (line for line in source.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return tuple(
        (entry["chain"], entry["address"], _TAIL.sub("", entry["exchange"])) for entry in csv.DictReader(lines)
    )


def _plain(name: str) -> str:
    """A name without letter case, punctuation and tails: "Gate.io" and "gate-io" are one."""
    bare = _TAIL.sub("", name.casefold())
    return "".join(char for char in _TAIL.sub("", bare.replace(".", "-")) if char.isalnum())


def book_key(address: str) -> str:
    """The form under which an address stands in the book."""
    shouted = address.isupper() and address.startswith(_SEGWIT)
    return address.lower() if shouted or address[:2] in ("0x", "0X") else address


def others(address: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """Exchanges other than ``own`` that the book names for an address."""
    return tuple(name for name in labels().get(book_key(address), ()) if name.casefold() not in own)
