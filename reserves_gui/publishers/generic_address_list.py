"""A generic address list that any exchange or analyst can write: a CSV with a row for each address.

Header: chain,asset,address,amount[,message,signature[,signature2,public_key,script]], in any order.
"""

from collections.abc import Iterator, Mapping

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.lines import header_names, read_csv
from reserves_gui.messages import say
from reserves_gui.publishers.port import Given, ListTraits, Match, Signed
from reserves_gui.publishers.wallet_list import ROLE, list_format
from reserves_gui.wallets.chains import list_chain
from reserves_gui.wallets.items import Item
from reserves_gui.wallets.row import Rule, WalletRow
from reserves_gui.wallets.rules import outcomes
from reserves_gui.wallets.rules.plain import NoRule, Refused, Unsigned
from reserves_gui.wallets.tally import Duplicates, Policy

_NEEDED = frozenset({"chain", "asset", "address", "amount"})
_UNKNOWN_CHAIN = NoRule(say("wallets.unknown_chain"))
_SHORT_ROW = say("wallets.short_row")
_LONG_ROW = say("wallets.long_row")
_XRP = "xrp"


def recognise(document: Document) -> Match | None:
    """The four needed columns stand in the first line, in any order."""
    cells = {cell.strip(' \t"').lower() for cell in document.first_line.decode("utf-8", "replace").split(",")}
    return Match(ROLE, 2) if cells >= _NEEDED else None


def read(document: Document, given: Given) -> tuple[Iterator[Item], Policy]:
    """The rows. Without any signature in the whole list a repeated address is merged, else its later row fails."""
    duplicates = Duplicates.FAIL if _any_signature(document) else Duplicates.MERGE
    return _items(document), Policy(duplicates=duplicates, several_lists=given.several_lists)


def _any_signature(document: Document) -> bool:
    records = read_csv(document)
    place = _columns(document, next(records)[1]).get("signature")
    return place is not None and any(len(record) > place and record[place].strip() for _, record in records)


def _columns(document: Document, header: list[str]) -> Mapping[str, int]:
    where = f"{document.name}: line 1"
    names = header_names([cell.lower() for cell in header], where)
    place = {name: index for index, name in enumerate(names) if name}
    missing = sorted(_NEEDED - place.keys())
    if missing:
        raise ReservesError(ErrorCode.CSV_HEADER, say("error.csv_column", name=missing[0]), where)
    return place


def _items(document: Document) -> Iterator[Item]:
    records = read_csv(document)
    _, header = next(records)
    place = _columns(document, header)
    least = max(place[name] for name in _NEEDED) + 1
    for number, record in records:
        cells = dict(zip(place, _pick(record, place), strict=True))
        if not any(cell.strip() for cell in record):
            continue
        rule = _rule(cells)
        if len(record) < least:
            rule = Refused(rule, _SHORT_ROW)
        elif any(cell.strip() for cell in record[len(header) :]):
            rule = Refused(rule, _LONG_ROW)
        known = list_chain(cells["chain"])
        # A script stands in its own column; both columns end in the one that the rules read.
        key = cells.get("script") or cells.get("public_key") or ""
        if known is not None and known.name == _XRP:
            key = cells.get("public_key", "")
        yield WalletRow(
            line=number,
            coin=cells["asset"],
            asset=cells["asset"].upper(),
            chain=cells["chain"].lower() if known is None else known.name,
            address=cells["address"],
            rule=rule,
            network=cells["chain"].lower() if known is None else known.name,
            amount=cells["amount"],
            message=record[place["message"]] if "message" in place and place["message"] < len(record) else "",
            signature=cells.get("signature", ""),
            signature2=cells.get("signature2", ""),
            key=key,
        )


def _pick(record: list[str], place: Mapping[str, int]) -> Iterator[str]:
    for index in place.values():
        yield record[index].strip() if index < len(record) else ""


def _rule(cells: Mapping[str, str]) -> Rule:
    chain = list_chain(cells["chain"])
    if chain is None or chain.signed is None:
        return _UNKNOWN_CHAIN
    if cells.get("signature"):
        return chain.signed
    unsigned = Unsigned(chain.kind)
    # A second signature without a first is a cut row, not an unsigned one.
    return Refused(unsigned, outcomes.SIGNATURE_MISSING) if cells.get("signature2") else unsigned


FORMATS = (
    list_format(
        id="address-list",
        exchange="Generic",
        since="2026-01-01",
        traits=ListTraits(signed=Signed.OPTIONAL, dated=Signed.OPTIONAL, amounts=True, height=False),
        recognise=recognise,
        read=read,
    ),
)
