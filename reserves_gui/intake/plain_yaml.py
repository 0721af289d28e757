"""The plain part of YAML, line by line: scalars, one level of lists and of maps. Never more than one entry in memory.

Anchors, aliases and tags are refused (they can make a small file huge, or name types to build); so is everything a
list of plain records does not need.
"""

from collections.abc import Iterator
from typing import NoReturn

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.lines import read_lines
from reserves_gui.messages import say

Value = str | dict[str, str] | list[str]


def read_plain_yaml(document: Document) -> Iterator[tuple[int, str, Value]]:
    """(line, top-level key, value) in file order; every entry of a list comes by itself, with the line it starts on.

    Values keep their text; numbers are texts. Raises ``format.shape``, ``yaml.alias``, ``input.encoding``,
    ``limit.size`` (a line over 64 KiB).
    """
    reader = _Reader(document.name)
    with document.open() as stream:
        for number, raw in read_lines(stream, limits.WALLET_LINE_BYTES):
            if len(raw) > limits.WALLET_LINE_BYTES:
                where = f"{document.name}: line {number}"
                raise ReservesError(
                    ErrorCode.LIMIT_SIZE, say("error.limit_size", limit=limits.WALLET_LINE_BYTES), where
                )
            yield from reader.line(number, raw)
    yield from reader.flush()


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._key = ""
        self._entry: dict[str, str] | None = None
        self._entry_line = 0
        self._dash = -1
        self._seen: set[str] = set()

    def line(self, number: int, raw: bytes) -> Iterator[tuple[int, str, Value]]:
        try:
            text = raw.decode("utf-8").rstrip()
        except UnicodeDecodeError as error:
            message = say("error.encoding", offset=error.start)
            raise ReservesError(ErrorCode.INPUT_ENCODING, message, f"{self._name}: line {number}") from None
        body = text.lstrip(" ")
        if not body or body[0] == "#" or text in {"---", "..."}:
            return
        if "\x00" in body or body[0] == "\t":
            self._refuse(number)
        indent = len(text) - len(body)
        if body[0] == "-" and body[1:2] in {"", " "}:
            yield from self._item(number, indent, body[1:].strip())
        elif indent == 0:
            yield from self._top(number, body)
        else:
            self._field(number, indent, body)

    def flush(self) -> Iterator[tuple[int, str, Value]]:
        """The entry that was being read."""
        if self._entry is not None:
            yield self._entry_line, self._key, self._entry
            self._entry = None

    def _top(self, number: int, body: str) -> Iterator[tuple[int, str, Value]]:
        yield from self.flush()
        key, value = self._pair(number, body)
        if key in self._seen:
            self._refuse(number)
        self._seen.add(key)
        self._key, self._dash = key, -1
        if value:
            yield number, key, self._value(number, value)

    def _item(self, number: int, indent: int, body: str) -> Iterator[tuple[int, str, Value]]:
        if not self._key or self._dash not in {-1, indent}:
            self._refuse(number)
        yield from self.flush()
        self._dash = indent
        if body and (body[0] in "\"'{[" or ": " not in f"{body} "):
            yield number, self._key, self._value(number, body)
            return
        self._entry, self._entry_line = {}, number
        if body:
            key, value = self._pair(number, body)
            self._entry[key] = self._scalar(number, value)

    def _field(self, number: int, indent: int, body: str) -> None:
        if not self._key or indent <= self._dash:
            self._refuse(number)
        if self._entry is None:
            if self._dash >= 0:
                self._refuse(number)
            self._entry, self._entry_line = {}, number
        key, value = self._pair(number, body)
        if key in self._entry:
            self._refuse(number)
        self._entry[key] = self._scalar(number, value)

    def _pair(self, number: int, body: str) -> tuple[str, str]:
        key, colon, value = body.partition(":")
        if not colon or (value and value[0] != " ") or not key.replace("_", "").isalnum():
            self._refuse(number)
        return key, value.strip()

    def _value(self, number: int, text: str) -> Value:
        if text[0] == "{" and text[-1] == "}":
            result: dict[str, str] = {}
            for part in filter(None, (part.strip() for part in text[1:-1].split(","))):
                key, value = self._pair(number, part)
                if key in result:
                    self._refuse(number)
                result[key] = self._scalar(number, value)
            return result
        if text[0] == "[" and text[-1] == "]":
            return [self._scalar(number, part.strip()) for part in text[1:-1].split(",") if part.strip()]
        return self._scalar(number, text)

    def _scalar(self, number: int, text: str) -> str:
        if not text:
            return ""
        first = text[0]
        if first in "\"'":
            end = text.find(first, 1)
            rest = text[end + 1 :].strip()
            if end < 0 or "\\" in text[:end] or (rest and rest[0] != "#"):
                self._refuse(number)
            return text[1:end]
        if first in "&*!":
            raise ReservesError(ErrorCode.YAML_ALIAS, say("error.yaml_alias"), f"{self._name}: line {number}")
        if first in "|>%@`{}[]?#" or ": " in text:
            self._refuse(number)
        plain = text.partition(" #")[0].rstrip()
        return "" if plain in {"null", "~"} else plain

    def _refuse(self, number: int) -> NoReturn:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("error.yaml_line"), f"{self._name}: line {number}")
