"""Bybit's wallet list: one line per coin and chain, all its addresses in the last cell. Nothing is signed.

Source of the layout: DefiLlama/DefiLlama-Adapters cex/bybit.js@1eb4e81.
"""

import re
from collections.abc import Iterator

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.lines import read_lines
from reserves_gui.messages import say
from reserves_gui.publishers.port import Given, ListTraits, Match, Signed
from reserves_gui.publishers.wallet_list import ROLE, list_format
from reserves_gui.wallets.chains import Chain, chain_of
from reserves_gui.wallets.items import Figure, Item, ListedAmount, Scope
from reserves_gui.wallets.row import Rule, WalletRow
from reserves_gui.wallets.rules.plain import NoRule, Unsigned
from reserves_gui.wallets.tally import Policy

_HEADER = ["coin", "height", "amount", "address"]
_SEPARATORS = re.compile(r"[\s,\"]+")
_ALL = "(ALL)"
_UNKNOWN_CHAIN = NoRule(say("wallets.unknown_chain"))


def recognise(document: Document) -> Match | None:
    """The first cell is ``Coin``, and the other three follow."""
    cells = [cell.strip(' \t"') for cell in document.first_line.decode("utf-8", "replace").split(",")]
    return Match(ROLE) if cells[0] == "Coin" and [cell.lower() for cell in cells[:4]] == _HEADER else None


def read(document: Document, given: Given) -> tuple[Iterator[Item], Policy]:
    """The addresses, the amounts beside them, and the sums marked ``(ALL)``."""
    return _items(document), Policy(names=("bybit",), several_lists=given.several_lists)


def _items(document: Document) -> Iterator[Item]:
    for number, line in _lines(document):
        if number == 1 or not line.strip():
            continue
        coin, height, amount, addresses = _cells(line)
        upper = coin.upper()
        if _ALL in upper:
            yield Figure(number, Scope.ASSET, upper.replace(_ALL, "").strip(), amount)
            continue
        chain, asset, named = _chain(coin)
        listed = [address for address in _SEPARATORS.split(addresses) if address]
        yield ListedAmount(number, coin, asset, amount, len(listed))
        rule: Rule = _UNKNOWN_CHAIN if chain is None else Unsigned(chain.kind)
        for address in listed:
            yield WalletRow(
                line=number,
                coin=coin,
                asset=asset,
                chain=named.lower() if chain is None else chain.name,
                address=address,
                rule=rule,
                network=named,
                height=height,
                has_amount=False,
                together=amount,
            )


def _cells(line: str) -> tuple[str, str, str, str]:
    """The three short cells and everything after the third comma."""
    parts = [part.strip() for part in line.split(",", 3)] + ["", "", ""]
    coin, height, amount = (part.strip('"').strip() for part in parts[:3])
    return coin, height, amount, parts[3]


def _chain(coin: str) -> tuple[Chain | None, str, str]:
    """(chain, asset, the chain's name in the list): the text after the last ``-``, else the asset's own chain."""
    asset, dash, named = coin.rpartition("-")
    if not dash:
        return chain_of(coin), coin.upper(), coin
    return chain_of(named.strip()), asset.strip().upper(), named.strip()


def _lines(document: Document) -> Iterator[tuple[int, str]]:
    with document.open() as stream:
        for number, raw in read_lines(stream, limits.CSV_FIELD_BYTES):
            where = f"{document.name}: line {number}"
            if len(raw) > limits.CSV_FIELD_BYTES:
                raise ReservesError(ErrorCode.LIMIT_SIZE, say("error.csv_field", limit=limits.CSV_FIELD_BYTES), where)
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError as error:
                message = say("error.encoding", offset=error.start)
                raise ReservesError(ErrorCode.INPUT_ENCODING, message, where) from None
            if "\x00" in text:
                raise ReservesError(ErrorCode.INPUT_ENCODING, say("error.nul"), where)
            yield number, text


FORMATS = (
    list_format(
        id="bybit-wallets",
        exchange="Bybit",
        since="2022-12-12",
        traits=ListTraits(signed=Signed.NO, dated=Signed.NO, amounts=True, height=True),
        recognise=recognise,
        read=read,
    ),
)
