"""Rows of (id, asset, amount) from CSV, TSV or JSON, by the names of their columns or as the user maps them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reserves_gui import limits
from reserves_gui.amounts import is_plain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.json_gate import JsonValue, parse_json
from reserves_gui.intake.lines import header_names, read_csv
from reserves_gui.intake.shape import Shape
from reserves_gui.messages import say

_IDS = ("id", "hash", "hashed_id", "hashed id", "client_id", "client id", "proof_id", "user_id", "uid", "leaf", "key")
_ASSETS = ("asset", "coin", "currency", "symbol")
_AMOUNTS = ("amount", "balance", "equity", "liability", "total")
_FIRST_OBJECT = re.compile(rb"\s*\[\s*(\{[^{}]*\})")
_NUMBER = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)
_OWN_ID = re.compile(r"[0-9A-Za-z_.:@-]{4,256}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where id, asset (None: fixed) and amount stand; ``header`` whether the first record names them."""

    id: int
    asset: int | None
    amount: int
    header: bool
    count: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row as written; ``fits`` is false where it has another number of columns."""

    line: int
    id: str
    asset: str | None
    amount: str
    fits: bool


def looks_like_list(document: Document) -> bool:
    """Whether the beginning has rows of ids and amounts. Never raises."""
    head = document.head[: limits.LINE_BYTES].removeprefix(b"\xef\xbb\xbf")
    match = _FIRST_OBJECT.match(head)
    if match is not None:
        try:
            value = parse_json(match[1], document.name)
        except ReservesError:
            return False
        return isinstance(value, dict) and _named([name.lower() for name in value]) is not None
    if document.looks_like_json:
        return False
    cells = [cell.strip(' \t"') for cell in document.first_line.decode("utf-8", "replace").split(_delimiter(document))]
    lower = [cell.lower() for cell in cells]
    return "address" not in lower and (_named(lower) is not None or _unnamed(cells) is not None)


def _delimiter(document: Document) -> str:
    return "\t" if b"\t" in document.first_line else ","


def _named(names: Sequence[str]) -> Columns | None:
    """By the names of a header: an id and an amount are needed."""

    def place(known: Sequence[str]) -> int | None:
        return next((names.index(name) for name in known if name in names), None)

    own, asset, amount = place(_IDS), place(_ASSETS), place(_AMOUNTS)
    return None if own is None or amount is None else Columns(own, asset, amount, header=True, count=len(names))


def _unnamed(cells: Sequence[str]) -> Columns | None:
    """Without a header: id, asset if there are three columns, amount."""
    if len(cells) not in (2, 3) or not is_plain(cells[-1]) or _OWN_ID.fullmatch(cells[0]) is None:
        return None
    return Columns(0, 1 if len(cells) == 3 else None, len(cells) - 1, header=False, count=len(cells))


def _mapped(text: str, names: Sequence[str]) -> Columns:
    """As the user maps them: ``ID,ASSET,AMOUNT`` by name or 1-based number; ASSET may be empty. Raises ``usage``."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 3:
        raise ReservesError(ErrorCode.USAGE, say("hashed_list.columns"))
    places: list[int | None] = []
    header = False
    for at, part in enumerate(parts):
        if not part and at == 1:
            places.append(None)
        elif part.lower() in names:
            header = True
            places.append(names.index(part.lower()))
        elif _NUMBER.fullmatch(part) and int(part) <= len(names):
            places.append(int(part) - 1)
        else:
            raise ReservesError(ErrorCode.USAGE, say("hashed_list.columns"))
    own, asset, amount = places
    if own is None or amount is None or len({own, asset, amount}) != 3:
        raise ReservesError(ErrorCode.USAGE, say("hashed_list.columns"))
    return Columns(own, asset, amount, header=header, count=len(names))


def read_rows(document: Document, columns: str | None) -> Iterator[Row]:
    """The rows in file order. Raises ``csv.header``, ``usage``, ``format.shape``, ``json.*``, ``limit.*``."""
    return _json_rows(document, columns) if document.looks_like_json else _csv_rows(document, columns)


def _csv_rows(document: Document, columns: str | None) -> Iterator[Row]:
    place: Columns | None = None
    for number, record in read_csv(document, delimiter=_delimiter(document)):
        if place is None:
            place = _columns_of(document, record, columns)
            if place.header:
                continue
        fits = len(record) == place.count
        cells = [*record, *[""] * (place.count - len(record))]
        asset = None if place.asset is None else cells[place.asset]
        yield Row(number, cells[place.id], asset, cells[place.amount], fits)


def _columns_of(document: Document, record: list[str], columns: str | None) -> Columns:
    where = f"{document.name}: line 1"
    lower = [cell.strip(" \t").lower() for cell in record]
    found = _unnamed(record) if columns is None else None
    if found is not None:
        return found
    if columns is not None:
        mapped = _mapped(columns, lower)
        # Numbers alone leave open whether the first row names the columns: one without an amount does.
        header = mapped.header or not is_plain(record[mapped.amount])
        return Columns(mapped.id, mapped.asset, mapped.amount, header=header, count=mapped.count)
    found = _named(header_names(lower, where))
    if found is None:
        raise ReservesError(ErrorCode.CSV_HEADER, say("error.csv_column", name="id, amount"), where)
    return found


def _json_rows(document: Document, columns: str | None) -> Iterator[Row]:
    value: JsonValue = document.json(limits.JSON_GLOBAL_BYTES)
    place: Columns | None = None
    names: tuple[str, ...] = ()
    for number, entry in enumerate(Shape(value, document.name).entries(), 1):
        if place is None:
            names = entry.keys()
            lower = [name.lower() for name in names]
            place = _named(lower) if columns is None else _mapped(columns, lower)
            if place is None:
                entry.refuse(say("error.csv_column", name="id, amount"))
        asset = None if place.asset is None else entry[names[place.asset]].text()
        amount = entry[names[place.amount]].digits()
        yield Row(number, entry[names[place.id]].digits(), asset, amount, len(entry.keys()) == place.count)
