"""Exact amounts: the strict number grammar and arithmetic that refuses to round.

Amounts are :class:`decimal.Decimal` values in coin units (or integers of the smallest unit where a format says so).
They are never floats. The grammar is applied to the text before any conversion, so hostile numbers cost nothing.
"""

import re
from collections.abc import Iterable
from decimal import ROUND_DOWN, Context, Decimal, Inexact, InvalidOperation, Overflow, Underflow

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say

# 110 digits, an exponent of 60 either way and 2^64 summands stay far below this precision; Inexact traps if not.
EXACT = Context(prec=700, Emin=-2000, Emax=2000, traps=[Inexact, InvalidOperation, Overflow, Underflow])
_CUTTING = Context(prec=700, Emin=-2000, Emax=2000, rounding=ROUND_DOWN, traps=[InvalidOperation, Overflow])

ZERO = Decimal(0)

_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
_EXPONENT = re.compile(r"(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)(?:[eE]([+-]?[0-9]{1,2}))?", re.ASCII)
_INTEGER = re.compile(r"0|[1-9][0-9]{0,77}", re.ASCII)


def is_plain(text: str) -> bool:
    r"""Whether ``text`` is a number of the grammar N: ``-?(0|[1-9][0-9]*)(\.[0-9]+)?``, at most 110 characters."""
    return len(text) <= limits.NUMBER_CHARS and _PLAIN.fullmatch(text) is not None


def parse_plain(text: str, where: str = "") -> Decimal:
    """The value of a number of the grammar N. Raises ``number.grammar``."""
    if not is_plain(text):
        raise _grammar(text, where)
    return Decimal(text)


def parse_exponent(text: str, where: str = "") -> Decimal:
    """The value of a number of the grammar E: N with an optional exponent of at most 60. Raises ``number.grammar``.

    The scale of the result is the one written (``1.0e-7`` has eight decimals).
    """
    match = _EXPONENT.fullmatch(text) if len(text) <= limits.NUMBER_CHARS else None
    if match is None or abs(int(match[2] or 0)) > limits.NUMBER_EXPONENT:
        raise _grammar(text, where)
    return Decimal(text)


def parse_integer(text: str, where: str = "", *, below: int | None = None) -> int:
    """A whole number without sign, at most 78 digits, below ``below``. Raises ``number.grammar``."""
    if len(text) > limits.INTEGER_DIGITS or _INTEGER.fullmatch(text) is None:
        raise _grammar(text, where)
    value = int(text)
    if below is not None and value >= below:
        raise _grammar(text, where)
    return value


def add(left: Decimal, right: Decimal) -> Decimal:
    """The exact sum; its scale is the larger of the two scales."""
    return EXACT.add(left, right)


def subtract(left: Decimal, right: Decimal) -> Decimal:
    """The exact difference."""
    return EXACT.subtract(left, right)


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum of all values, 0 for none."""
    result = ZERO
    for value in values:
        result = EXACT.add(result, value)
    return result


def scaled(units: int, decimals: int) -> Decimal:
    """``units`` of the smallest unit as coins: ``scaled(1500, 3)`` is 1.500."""
    return EXACT.scaleb(Decimal(units), -decimals)


def units(value: Decimal, decimals: int) -> int:
    """Coins as units of the smallest unit. Raises ``ValueError`` if a digit would be lost."""
    shifted = EXACT.scaleb(value, decimals)
    if shifted != shifted.to_integral_value():
        raise ValueError("amount has more decimals than its unit")
    return int(shifted)


def cut(value: Decimal, decimals: int) -> Decimal:
    """``value`` cut toward zero to exactly ``decimals`` places: -1.239 to 2 places is -1.23."""
    return value.quantize(Decimal(1).scaleb(-decimals, _CUTTING), context=_CUTTING)


def written(value: Decimal) -> str:
    """Plain notation with the scale the value has: never an exponent, never a negative zero."""
    text = format(value, "f")
    return text.removeprefix("-") if value == 0 else text


def stripped(value: Decimal) -> str:
    """Plain notation without trailing zeros or a trailing dot; zero is ``0``."""
    text = written(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: Decimal) -> str:
    """The same with its sign, a change of nothing as ``+0``."""
    text = stripped(value)
    return text if text.startswith("-") else f"+{text}"


def _grammar(text: str, where: str) -> ReservesError:
    shown = text if len(text) <= 40 else f"{text[:20]}…{text[-12:]}"
    return ReservesError(ErrorCode.NUMBER_GRAMMAR, say("error.number_grammar", text=shown), where)
