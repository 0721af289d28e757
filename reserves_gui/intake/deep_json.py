"""JSON that nests deeper than the gate lets through: nested trees of thousands of levels, read without recursion.

The same rules as the gate (strict UTF-8, numbers as text, no duplicate keys, no ``NaN``, nothing after the end), with
limits of its own on depth and on the number of values.
"""

import json
import re
from typing import Any

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.json_gate import JsonNumber, JsonValue, decode_utf8
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress

_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
_SURROGATE_OR_NUL = re.compile(r"[\x00\ud800-\udfff]")
_WORDS = {"true": True, "false": False, "null": None}
_CONSTANTS = ("NaN", "Infinity", "-Infinity")
_VALUES_PER_LOOK = 4096
# Asked only where a quotation mark stands, so it reads one string and never recurses.
_STRINGS = json.JSONDecoder()


def parse_deep(data: bytes, where: str, *, depth: int, values: int, progress: Progress) -> JsonValue:
    """One JSON document of at most ``depth`` levels and ``values`` values. The caller has bounded the size.

    Raises ``input.empty``, ``input.encoding``, ``json.*``, ``number.grammar``, ``limit.depth``, ``limit.entries``.
    """
    if not data.strip():
        raise ReservesError(ErrorCode.INPUT_EMPTY, say("error.empty"), where)
    return _Reader(decode_utf8(data, where), where, depth, values, progress).document()


class _Reader:
    """``_open`` holds the objects and arrays that are not closed yet, ``_keys`` the key each one waits to fill."""

    def __init__(self, text: str, where: str, depth: int, values: int, progress: Progress) -> None:
        self._text = text
        self._where = where
        self._depth = depth
        self._left = values
        self._limit = values
        self._progress = progress
        self._at = 0
        self._open: list[dict[str, Any] | list[Any]] = []
        self._keys: list[str | None] = []

    def document(self) -> JsonValue:
        while True:
            value, opened = self._value()
            if opened:
                continue
            # A value is complete: hand it to its container, and close whatever ends after it.
            while self._open:
                self._place(value)
                mark = self._next()
                if mark == ",":
                    self._at += 1
                    self._key()
                    break
                if mark != ("}" if isinstance(self._open[-1], dict) else "]"):
                    raise self._syntax()
                self._at += 1
                self._keys.pop()
                value = self._open.pop()
            else:
                self._next()
                if self._at < len(self._text):
                    raise self._refused(ErrorCode.JSON_TRAILING, say("error.json_trailing"))
                whole: JsonValue = value
                return whole

    def _value(self) -> tuple[Any, bool]:
        """The next value; True beside it if it is a container that was opened and is not empty."""
        self._left -= 1
        if self._left < 0:
            raise self._refused(ErrorCode.LIMIT_ENTRIES, say("error.limit_entries", limit=self._limit))
        if self._left % _VALUES_PER_LOOK == 0:
            self._progress.checkpoint()
        mark = self._next()
        if mark == '"':
            return self._string(), False
        if mark in ("{", "["):
            return self._container(mark)
        for word, value in _WORDS.items():
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return value, False
        constant = next((word for word in _CONSTANTS if self._text.startswith(word, self._at)), None)
        if constant is not None:
            raise self._refused(ErrorCode.JSON_CONSTANT, say("error.json_constant", name=constant))
        match = _NUMBER.match(self._text, self._at)
        if match is None:
            raise self._syntax()
        self._at = match.end()
        if len(match[0]) > limits.NUMBER_CHARS:
            message = say("error.number_grammar", text=f"{match[0][:20]}…")
            raise self._refused(ErrorCode.NUMBER_GRAMMAR, message)
        return JsonNumber(match[0]), False

    def _container(self, mark: str) -> tuple[Any, bool]:
        self._at += 1
        made: dict[str, Any] | list[Any] = {} if mark == "{" else []
        if self._next() == ("}" if mark == "{" else "]"):
            self._at += 1
            return made, False
        if len(self._open) >= self._depth:
            raise self._refused(ErrorCode.LIMIT_DEPTH, say("error.json_depth", limit=self._depth))
        self._open.append(made)
        self._keys.append(None)
        self._key()
        return made, True

    def _key(self) -> None:
        if not isinstance(self._open[-1], dict):
            return
        if self._next() != '"':
            raise self._syntax()
        self._keys[-1] = self._string()
        if self._next() != ":":
            raise self._syntax()
        self._at += 1

    def _place(self, value: Any) -> None:
        container, key = self._open[-1], self._keys[-1]
        if isinstance(container, list):
            container.append(value)
        elif key is not None:
            if key in container:
                message = say("error.json_duplicate_key", key=key[:80])
                raise self._refused(ErrorCode.JSON_DUPLICATE_KEY, message)
            container[key] = value

    def _string(self) -> str:
        try:
            text, self._at = _STRINGS.raw_decode(self._text, self._at)
        except json.JSONDecodeError:
            raise self._syntax() from None
        if _SURROGATE_OR_NUL.search(text):
            raise self._refused(ErrorCode.INPUT_ENCODING, say("error.surrogate"))
        return str(text)

    def _next(self) -> str:
        match = _BLANK.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _syntax(self) -> ReservesError:
        line = self._text.count("\n", 0, self._at) + 1
        column = self._at - self._text.rfind("\n", 0, self._at)
        return self._refused(ErrorCode.JSON_SYNTAX, say("error.json_syntax", line=line, column=column))

    def _refused(self, code: ErrorCode, message: Message) -> ReservesError:
        line = self._text.count("\n", 0, self._at) + 1
        return ReservesError(code, message, f"{self._where}: line {line}")
