"""The JSON gate: one strict way in for every JSON document.

Numbers keep their text, duplicate keys and ``NaN`` are refused, nesting and counts are bounded before anything
recursive looks at the input.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say
from reserves_gui.plain_json import Excess, excess


class JsonNumber(str):
    """A JSON number as its source text. A JSON string is a plain ``str``."""

    __slots__ = ()


JsonValue = dict[str, Any] | list[Any] | str | JsonNumber | bool | None

_SURROGATE_OR_NUL = re.compile(r"[\x00\ud800-\udfff]")
_BOM = b"\xef\xbb\xbf"


def decode_utf8(data: bytes, where: str) -> str:
    """Strict UTF-8 without byte order mark or NUL. Raises ``input.encoding``."""
    try:
        text = data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ReservesError(ErrorCode.INPUT_ENCODING, say("error.encoding", offset=error.start), where) from None
    if "\x00" in text:
        raise ReservesError(ErrorCode.INPUT_ENCODING, say("error.encoding", offset=text.index("\x00")), where)
    return text


def parse_json(data: bytes, where: str) -> JsonValue:
    """Parse one JSON document; numbers come back as :class:`JsonNumber`.

    Raises ``input.empty``, ``input.encoding``, ``json.depth``, ``limit.entries``, ``json.syntax``, ``json.trailing``,
    ``json.duplicate_key``, ``json.constant`` and ``number.grammar`` (a number of more than 110 characters).
    The caller has bounded the size.
    """
    if not data.strip():
        raise ReservesError(ErrorCode.INPUT_EMPTY, say("error.empty"), where)
    text = decode_utf8(data, where)
    _bound_structure(text, where)
    decoder = json.JSONDecoder(
        object_pairs_hook=lambda pairs: _unique(pairs, where),
        parse_int=lambda digits: _number(digits, where),
        parse_float=lambda digits: _number(digits, where),
        parse_constant=lambda name: _constant(name, where),
    )
    try:
        start = len(text) - len(text.lstrip(" \t\r\n"))
        value, end = decoder.raw_decode(text, start)
    except json.JSONDecodeError as error:
        message = say("error.json_syntax", line=error.lineno, column=error.colno)
        raise ReservesError(ErrorCode.JSON_SYNTAX, message, f"{where}: line {error.lineno}") from None
    except RecursionError:
        raise _too_deep(where) from None
    if text[end:].strip(" \t\r\n"):
        line = text.count("\n", 0, end) + 1
        raise ReservesError(ErrorCode.JSON_TRAILING, say("error.json_trailing"), f"{where}: line {line}")
    if "\\u" in text:
        _refuse_surrogates(value, where)
    result: JsonValue = value
    return result


def _bound_structure(text: str, where: str) -> None:
    found = excess(text, depth=limits.JSON_DEPTH, values=limits.JSON_VALUES)
    if found is Excess.DEPTH:
        raise _too_deep(where)
    if found is Excess.VALUES:
        raise ReservesError(ErrorCode.LIMIT_ENTRIES, say("error.limit_entries", limit=limits.JSON_VALUES), where)


def _too_deep(where: str) -> ReservesError:
    return ReservesError(ErrorCode.JSON_DEPTH, say("error.json_depth", limit=limits.JSON_DEPTH), where)


def _unique(pairs: list[tuple[str, Any]], where: str) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        key = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ReservesError(ErrorCode.JSON_DUPLICATE_KEY, say("error.json_duplicate_key", key=key[:80]), where)
    return result


def _number(digits: str, where: str) -> JsonNumber:
    if len(digits) > limits.NUMBER_CHARS:
        raise ReservesError(ErrorCode.NUMBER_GRAMMAR, say("error.number_grammar", text=f"{digits[:20]}…"), where)
    return JsonNumber(digits)


def _constant(name: str, where: str) -> NoReturn:
    raise ReservesError(ErrorCode.JSON_CONSTANT, say("error.json_constant", name=name), where)


def _strings(value: JsonValue) -> Iterator[str]:
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield from item.keys()
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str):
            yield item


def _refuse_surrogates(value: JsonValue, where: str) -> None:
    for text in _strings(value):
        if _SURROGATE_OR_NUL.search(text):
            raise ReservesError(ErrorCode.INPUT_ENCODING, say("error.surrogate"), where)
