"""Rows as the tables mean them: types, plain amounts, known words. A store somebody hands over may hold anything."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Boolean, Integer, Row, RowMapping, Table

from reserves_gui.amounts import is_plain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history import tables
from reserves_gui.history.alerts import Level, Rule
from reserves_gui.messages import say
from reserves_gui.plain_json import load_plain
from reserves_gui.verdict import State, SumBinding

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Stored = TypeVar("_Stored", bound="DataclassInstance")
_MOST = 2**63
# Times are shown as dates: up to the year 9999.
_LATEST = 253_402_300_799
_WORDS = {
    ("snapshot", "binding"): frozenset(SumBinding),
    ("snapshot", "verdict"): frozenset(State),
    ("alert", "rule"): frozenset(Rule),
    ("alert", "level"): frozenset(Level),
}
_AMOUNTS = {
    ("total", "amount"),
    ("wallet", "amount"),
    ("observation", "amount"),
    ("price", "value"),
    ("party", "amount"),
}
_TIMES = {"time", "written"}


def checked(table: Table, row: RowMapping | Mapping[str, Any]) -> dict[str, Any]:
    """The columns of ``row`` if every one holds what the table means. Raises ``store.unusable`` (``table.column``)."""
    values = {str(name): value for name, value in row.items()}
    for name, holds in _columns(table.name).items():
        if name not in values or not holds(values[name]):
            raise ReservesError(ErrorCode.STORE_UNUSABLE, say("store.bad_row"), f"{table.name}.{name}")
    return values


def _check_all(table: Table, rows: Sequence[Row[Any]]) -> None:
    """The same for many rows of a query over all columns of ``table``: column by column, each value once."""
    for name, values in zip(table.columns.keys(), zip(*rows, strict=True), strict=False):
        kinds = set(map(type, values)) - {type(None)}
        # Among values of one type, those that are equal are the same.
        distinct = set(values) if len(kinds) < 2 else values
        if not all(map(_columns(table.name)[name], distinct)):
            raise ReservesError(ErrorCode.STORE_UNUSABLE, say("store.bad_row"), f"{table.name}.{name}")


def record_of(kind: type[_Stored], row: Mapping[str, Any]) -> _Stored:
    """A row as the record that has its columns."""
    return kind(**{one.name: row[one.name] for one in fields(kind)})


def records_of(
    kind: type[_Stored], table: Table, rows: Sequence[Row[Any]], *, leave: AbstractSet[int] = frozenset()
) -> list[_Stored]:
    """Rows of a query over all columns as the records that have them, but for those with an id in ``leave``.

    Raises ``store.unusable`` as :func:`checked` does.
    """
    _check_all(table, rows)
    columns = list(table.columns.keys())
    names = [one.name for one in fields(kind)]
    pick = itemgetter(*(columns.index(name) for name in names))
    number = columns.index("id")
    return [kind(**dict(zip(names, pick(row), strict=True))) for row in rows if row[number] not in leave]


@cache
def _columns(name: str) -> Mapping[str, Callable[[Any], bool]]:
    table = tables.METADATA.tables[name]
    return {column.name: _holds(name, column.name, column) for column in table.columns}


def _holds(table: str, name: str, column: Any) -> Callable[[Any], bool]:
    nullable = bool(column.nullable)
    words = _WORDS.get((table, name))

    def number(value: Any) -> bool:
        most = _LATEST if name in _TIMES else _MOST - 1
        return isinstance(value, int) and not isinstance(value, bool) and -_LATEST // 4 <= value <= most

    def truth(value: Any) -> bool:
        return isinstance(value, bool)

    def text(value: Any) -> bool:
        return isinstance(value, str) and _text(value)

    def _text(value: str) -> bool:
        if words is not None:
            return value in words
        if (table, name) in _AMOUNTS:
            return is_plain(value)
        return name != "figures" or _figures(value)

    kind = truth if isinstance(column.type, Boolean) else number if isinstance(column.type, Integer) else text
    return lambda value: nullable if value is None else kind(value)


def _figures(text: str) -> bool:
    try:
        found = load_plain(text)
    except ValueError:
        return False
    return isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
