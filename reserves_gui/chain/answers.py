"""A strict reader over the answers of servers: every deviation is ``source.unusable``, with the place in the answer.

Numbers keep their text until a reader asks for an integer or for decimal coins; a float never exists. Duplicate keys,
``NaN``, nesting beyond 64 levels and anything after the document are refused.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NoReturn

from reserves_gui import limits
from reserves_gui.amounts import units
from reserves_gui.chain.port import unusable
from reserves_gui.errors import ReservesError
from reserves_gui.plain_json import Excess, excess

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,77})", re.ASCII)
_COINS = re.compile(r"(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?(?:[eE]-[0-9]{1,2})?", re.ASCII)
_QUANTITY = re.compile(r"0x(?:0|[1-9a-f][0-9a-f]{0,63})", re.ASCII)
_HEX = re.compile(r"(?:[0-9a-f]{2})*", re.ASCII)


class Number(str):
    """A JSON number as its source text."""

    __slots__ = ()


class Answer:
    """One JSON value of an answer and the path to it."""

    __slots__ = ("value", "where")

    def __init__(self, value: Any, where: str = "$") -> None:
        self.value = value
        self.where = where

    def __getitem__(self, key: str) -> "Answer":
        """The value under ``key``; refused if this is no object or the key is missing."""
        found = self.get(key)
        if found is None:
            self.refuse()
        return found

    def get(self, key: str) -> "Answer | None":
        """The value under ``key``, None if missing or ``null``; refused if this is no object."""
        if not isinstance(self.value, dict):
            self.refuse()
        value = self.value.get(key)
        return None if value is None else Answer(value, f"{self.where}.{key}"[-120:])

    def entries(self, most: int = limits.JSON_VALUES) -> list["Answer"]:
        """The entries of an array of at most ``most``."""
        if not isinstance(self.value, list) or len(self.value) > most:
            self.refuse()
        return [Answer(value, f"{self.where}[{index}]"[-120:]) for index, value in enumerate(self.value)]

    @property
    def is_list(self) -> bool:
        """Whether this is an array."""
        return isinstance(self.value, list)

    @property
    def is_object(self) -> bool:
        """Whether this is an object."""
        return isinstance(self.value, dict)

    def text(self, longest: int = 4096) -> str:
        """A string of at most ``longest`` characters."""
        if not isinstance(self.value, str) or isinstance(self.value, Number) or len(self.value) > longest:
            self.refuse()
        return self.value

    def flag(self) -> bool:
        """``true`` or ``false``."""
        if not isinstance(self.value, bool):
            self.refuse()
        return self.value

    def integer(self, *, low: int = 0, high: int = 2**63) -> int:
        """A JSON integer (no string, fraction or exponent) from ``low`` to ``high``."""
        if not isinstance(self.value, Number) or _WHOLE.fullmatch(self.value) is None:
            self.refuse()
        value = int(self.value)
        if not low <= value <= high or self.value == "-0":
            self.refuse()
        return value

    def digits(self, *, high: int = 2**63) -> int:
        """A string of digits, or a JSON integer, from 0 to ``high`` (XRP drops, token amounts)."""
        if not isinstance(self.value, str) or _WHOLE.fullmatch(self.value) is None or self.value.startswith("-"):
            self.refuse()
        value = int(self.value)
        if value > high:
            self.refuse()
        return value

    def coins(self, decimals: int, *, high: int = 2**63) -> int:
        """A JSON number in coins as 0 to ``high`` of the smallest unit; refused if a digit would be lost."""
        if not isinstance(self.value, Number) or _COINS.fullmatch(self.value) is None:
            self.refuse()
        try:
            value = units(Decimal(self.value), decimals)
        except ValueError:
            self.refuse()
        if value > high:
            self.refuse()
        return value

    def quantity(self, *, bits: int = 256) -> int:
        """A JSON-RPC quantity: ``0x`` and hex digits without leading zeros."""
        text = self.text(80)
        if _QUANTITY.fullmatch(text) is None or int(text, 16).bit_length() > bits:
            self.refuse()
        return int(text, 16)

    def data(self, size: int | None = None, most: int = limits.MIB) -> bytes:
        """JSON-RPC data: ``0x`` and pairs of hex digits; exactly ``size`` bytes if given."""
        text = self.text(2 * most + 2).lower()
        if not text.startswith("0x") or _HEX.fullmatch(text[2:]) is None:
            self.refuse()
        value = bytes.fromhex(text[2:])
        if size is not None and len(value) != size:
            self.refuse()
        return value

    def hex(self, size: int | None = None, most: int = 4 * limits.MIB) -> bytes:
        """Pairs of hex digits without prefix; exactly ``size`` bytes if given."""
        text = self.text(2 * most).lower()
        if _HEX.fullmatch(text) is None or (size is not None and len(text) != 2 * size):
            self.refuse()
        return bytes.fromhex(text)

    def hash(self) -> str:
        """A 32-byte hash as 64 lower-case hex digits."""
        return self.hex(32).hex()

    def items(self) -> Iterator[tuple[str, "Answer"]]:
        """Keys and values of an object."""
        if not isinstance(self.value, dict):
            self.refuse()
        for key, value in self.value.items():
            yield key, Answer(value, f"{self.where}.{key}"[-120:])

    def refuse(self) -> NoReturn:
        """The answer is not what was asked for."""
        raise unusable("chain.answer_shape", place=self.where)


def public_values(size: int) -> int:
    """How many values an answer of ``size`` bytes from a public server may hold: reading it takes bounded memory."""
    return (limits.ANSWER_MEMORY_BYTES - 3 * size) // limits.ANSWER_VALUE_BYTES


def parse_answer(data: bytes, *, values: int = limits.JSON_VALUES) -> Answer:
    """One JSON document of at most ``values`` values; a large one in plain ASCII. Raises ``source.unusable``."""
    if len(data) > limits.ANSWER_LETTERS_BYTES and (not data.isascii() or b"\\u" in data):
        raise unusable("chain.answer_json")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise unusable("chain.answer_json") from None
    found = excess(text, depth=limits.JSON_DEPTH, values=values)
    if found is not None:
        raise unusable("chain.answer_json" if found is Excess.DEPTH else "chain.answer_values")
    decoder = json.JSONDecoder(
        object_pairs_hook=_unique, parse_int=_number, parse_float=_number, parse_constant=_constant
    )
    try:
        value, end = decoder.raw_decode(text, len(text) - len(text.lstrip()))
    except (json.JSONDecodeError, RecursionError):
        raise unusable("chain.answer_json") from None
    if text[end:].strip():
        raise unusable("chain.answer_json")
    return Answer(value)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise unusable("chain.answer_json")
    return found


def _number(digits: str) -> Number:
    if len(digits) > limits.NUMBER_CHARS:
        raise unusable("chain.answer_json")
    return Number(digits)


def _constant(_name: str) -> NoReturn:
    raise unusable("chain.answer_json")


def read_answer(data: bytes, *, own: bool) -> Answer:
    """What a server said; one that is not the user's ``own`` within the memory that is given to it. Raises the same."""
    return parse_answer(data, values=limits.JSON_VALUES if own else public_values(len(data)))


def is_unusable(error: ReservesError) -> bool:
    """Whether the error says that a source did not answer usably (and not that the user cancelled)."""
    return error.code.value.startswith(("source.", "limit."))
