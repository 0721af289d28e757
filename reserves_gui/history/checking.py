"""Rows as the tables mean them: types, plain amounts, known words. A store somebody hands over may hold anything."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Integer, RowMapping, Table

from reserves_gui.amounts import is_plain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history import tables
from reserves_gui.history.alerts import Level, Rule
from reserves_gui.messages import say
from reserves_gui.plain_json import load_plain
from reserves_gui.verdict import State, SumBinding

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
