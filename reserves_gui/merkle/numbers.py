"""Number rules, coin orders and balance texts of published trees.

A tree hashes text, so the same amount must be written exactly as the publisher wrote it: with or without trailing
zeros, cut to a number of decimals, or as a Java program prints it. Coins come in an order that is part of the rule.
Values are exact decimals; nothing here rounds to nearest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reserves_gui.amounts import cut, stripped, written

_UINT32 = 0xFFFF_FFFF
_HASH_MAP_CAPACITY = 16


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount: the text as the file writes it (or as a sum is written) and its exact value."""

    text: str
    value: Decimal


Balances = Mapping[str, Amount]


class NumberRule(StrEnum):
    """How an amount becomes text.

    ``VERBATIM``: as the file writes it. ``STRIP``: no trailing zeros, zero is ``0``. ``JAVA``: what
    ``java.math.BigDecimal.toString`` prints. ``CUT_STRIP`` and ``CUT_FIXED``: cut toward zero to the coin's number of
    decimals, then stripped or written with exactly that many.
    """

    VERBATIM = "verbatim"
    STRIP = "strip"
    JAVA = "java"
    CUT_STRIP = "cut_strip"
    CUT_FIXED = "cut_fixed"

    @property
    def cuts(self) -> bool:
        """Whether digits beyond the coin's decimals are dropped."""
        return self in (NumberRule.CUT_STRIP, NumberRule.CUT_FIXED)


class BalanceText(StrEnum):
    """How the amounts of one node are joined.

    ``QUOTED``: ``{"BTC":"x","ETH":"y"}``. ``BARE``: ``{"BTC":x,"ETH":y}``. ``NAMED``: ``BTC:x,ETH:y``.
    ``JOINED``: the amounts with nothing between them and no coin names.
    """

    QUOTED = "quoted"
    BARE = "bare"
    NAMED = "named"
    JOINED = "joined"


class CoinOrder(StrEnum):
    """In which order coins are written: by code point, as ``java.util.HashMap`` iterates, or as listed."""

    CODE_POINT = "code_point"
    HASH_MAP = "hash_map"
    LISTED = "listed"


def java_text(value: Decimal) -> str:
    """What ``java.math.BigDecimal.toString`` prints for the unscaled digits and the scale of ``value``.

    With scale s and adj = -s + (digits - 1): plain notation if s >= 0 and adj >= -6, else scientific notation.
    Python writes decimals by the same rule; only Java knows no negative zero.
    """
    return str(value.copy_abs() if value == 0 else value)


def cut_value(rule: NumberRule, value: Decimal, decimals: int | None) -> Decimal:
    """``value`` as a sum under ``rule`` carries it on: cut to ``decimals`` places where the rule cuts."""
    return cut(value, decimals) if rule.cuts and decimals is not None else value


def number_text(rule: NumberRule, amount: Amount, decimals: int | None) -> str:
    """The text of one amount under ``rule``; ``decimals`` is the coin's number of places where the rule cuts."""
    if rule is NumberRule.VERBATIM:
        return amount.text
    if rule is NumberRule.JAVA:
        return java_text(amount.value)
    value = cut_value(rule, amount.value, decimals)
    return written(value) if rule is NumberRule.CUT_FIXED else stripped(value)


def java_string_hash(text: str) -> int:
    """``java.lang.String.hashCode`` as an unsigned number: h = 31 h + c mod 2^32 over the UTF-16 units c."""
    data = text.encode("utf-16-be")
    value = 0
    for index in range(0, len(data), 2):
        value = (31 * value + (data[index] << 8 | data[index + 1])) & _UINT32
    return value


def hash_map_order(keys: Iterable[str]) -> tuple[str, ...]:
    """The order in which ``java.util.HashMap`` iterates over ``keys`` inserted in the order given.

    bucket = (h xor h >>> 16) mod capacity; the capacity is 16, doubled while the number of keys exceeds 3/4 of it.
    Inside a bucket the order of insertion holds (buckets of eight and more keys become trees and are not modelled).
    """
    inserted = tuple(dict.fromkeys(keys))
    capacity = _HASH_MAP_CAPACITY
    while len(inserted) > capacity * 3 // 4:
        capacity *= 2
    buckets: dict[int, list[str]] = {}
    for key in inserted:
        value = java_string_hash(key)
        buckets.setdefault((value ^ value >> 16) % capacity, []).append(key)
    return tuple(key for bucket in sorted(buckets) for key in buckets[bucket])


def ordered(order: CoinOrder, coins: Iterable[str], listed: Sequence[str] = ()) -> tuple[str, ...]:
    """``coins`` in hashing order. For ``LISTED``, coins that are not in ``listed`` are left out."""
    if order is CoinOrder.HASH_MAP:
        return hash_map_order(coins)
    if order is CoinOrder.CODE_POINT:
        return tuple(sorted(coins))
    present = set(coins)
    return tuple(coin for coin in listed if coin in present)


def balance_text(form: BalanceText, amounts: Sequence[tuple[str, str]]) -> str:
    """The amounts, given as (coin, text) in hashing order, as one text of that form."""
    if form is BalanceText.JOINED:
        return "".join(text for _, text in amounts)
    if form is BalanceText.NAMED:
        return ",".join(f"{coin}:{text}" for coin, text in amounts)
    if form is BalanceText.BARE:
        return "{" + ",".join(f'"{coin}":{text}' for coin, text in amounts) + "}"
    return "{" + ",".join(f'"{coin}":"{text}"' for coin, text in amounts) + "}"
