"""A strict reader over parsed JSON: every wrong type or missing key is ``format.shape`` with the key path.

Usage: ``proof = document.shape(); nonce = proof["self"]["nonce"].text()``.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NoReturn

from reserves_gui import limits
from reserves_gui.amounts import parse_integer, parse_plain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.json_gate import JsonNumber, JsonValue
from reserves_gui.messages import Message, say

_HEX = re.compile(r"[0-9a-f]*", re.ASCII)


def wrong_type(wanted: str) -> Message:
    """What is said of a value of another type; ``wanted``: the name of the type that is due in JSON's own words."""
    return say("error.wrong_type", wanted=Message(f"error.type.{wanted}"))


def not_hex(digits: int | None) -> Message:
    """What is said of a text that is not hex of that length; None: any even number of digits."""
    return say("error.hex", digits=Message("error.hex.even") if digits is None else digits)


class Shape:
    """One JSON value and the key path that leads to it."""

    __slots__ = ("value", "where")

    def __init__(self, value: JsonValue, where: str) -> None:
        self.value = value
        self.where = where

    def __getitem__(self, key: str) -> "Shape":
        """The value under ``key`` of an object. Raises ``format.shape`` if this is no object or the key is missing."""
        fields = self._object()
        if key not in fields:
            self.refuse(say("error.missing_key", key=key))
        return Shape(fields[key], f"{self.where}.{key}")

    def get(self, key: str) -> "Shape | None":
        """The value under ``key``, None if the key is missing or its value is ``null``."""
        value = self._object().get(key)
        return None if value is None else Shape(value, f"{self.where}.{key}")

    def keys(self) -> tuple[str, ...]:
        """The keys of an object in file order."""
        return tuple(self._object())

    def items(self) -> Iterator[tuple[str, "Shape"]]:
        """Keys and values of an object in file order."""
        for key, value in self._object().items():
            yield key, Shape(value, f"{self.where}.{key}")

    def entries(self, limit: int | None = None) -> list["Shape"]:
        """The entries of an array. Raises ``limit.entries`` above ``limit``."""
        if not isinstance(self.value, list):
            self.refuse(wrong_type("array"))
        if limit is not None and len(self.value) > limit:
            raise ReservesError(ErrorCode.LIMIT_ENTRIES, say("error.limit_entries", limit=limit), self.where)
        return [Shape(value, f"{self.where}[{index}]") for index, value in enumerate(self.value)]

    def exact_keys(self, required: set[str] | frozenset[str], optional: frozenset[str] = frozenset()) -> None:
        """Raise ``format.shape`` unless the object has all required keys and no other than the optional ones."""
        present = set(self._object())
        missing = sorted(required - present)
        unknown = sorted(present - required - optional)
        if missing:
            self.refuse(say("error.missing_key", key=missing[0]))
        if unknown:
            self.refuse(say("error.unknown_key", key=unknown[0][:80]))

    @property
    def is_null(self) -> bool:
        """Whether the value is ``null``."""
        return self.value is None

    @property
    def is_object(self) -> bool:
        """Whether the value is an object."""
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        """Whether the value is an array."""
        return isinstance(self.value, list)

    @property
    def is_number(self) -> bool:
        """Whether the value is a JSON number (not a string of digits)."""
        return isinstance(self.value, JsonNumber)

    @property
    def is_text(self) -> bool:
        """Whether the value is a JSON string."""
        return isinstance(self.value, str) and not isinstance(self.value, JsonNumber)

    def text(self, *, longest: int = 4096) -> str:
        """A JSON string."""
        if not self.is_text:
            self.refuse(wrong_type("string"))
        text = str(self.value)
        if len(text) > longest:
            self.refuse(say("error.text_too_long", limit=longest))
        return text

    def digits(self) -> str:
        """The text of a JSON number, or of a string that stands for one."""
        if not isinstance(self.value, str):
            self.refuse(wrong_type("number"))
        return str(self.value)

    def amount(self, parse: Callable[[str, str], Decimal] = parse_plain) -> tuple[str, Decimal]:
        """A number or string of digits as (text as written, value). Raises ``number.grammar``, ``format.shape``."""
        text = self.digits()
        return text, parse(text, self.where)

    def integer(self, *, below: int | None = None) -> int:
        """A whole number without sign, written as number or string. Raises ``number.grammar``, ``format.shape``."""
        return parse_integer(self.digits(), self.where, below=below)

    def boolean(self) -> bool:
        """``true`` or ``false``."""
        if not isinstance(self.value, bool):
            self.refuse(wrong_type("boolean"))
        return self.value

    def hex(self, digits: int | None = None) -> str:
        """A string of lower-case hex digits, exactly ``digits`` of them. Raises ``format.shape``."""
        text = self.text(longest=limits.MIB)
        if _HEX.fullmatch(text) is None or (digits is not None and len(text) != digits):
            self.refuse(not_hex(digits))
        return text

    def refuse(self, message: Message) -> NoReturn:
        """Raise ``format.shape`` at this place."""
        raise ReservesError(ErrorCode.FORMAT_SHAPE, message, self.where)

    def _object(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            self.refuse(wrong_type("object"))
        return self.value
