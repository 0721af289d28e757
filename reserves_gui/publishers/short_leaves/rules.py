"""The leaf rules. Sources: thenetworkfirm/proof-of-reserves-merkle-tree-tool cli.js, jobHandler.js (a824ed2);
gateio/proof-of-reserves app.js (b03e6a46); bitso's tool in Josegutierrez69/proof-of-solvency-verification (a0ec0e6).

A leaf is the first 16 hex digits of a SHA-256 over text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256

from reserves_gui.amounts import is_plain, stripped
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say

DIGITS = 16
_ZEROS = re.compile(r"(\.[0-9]*[1-9])0+\Z", re.ASCII)
_POINT = re.compile(r"\.0*\Z", re.ASCII)
# Copied with its defect: whole tens lose their zeros too.
_CANON = re.compile(r"([0-9]+(\.[0-9]+[1-9])?)(\.?0+\Z)", re.ASCII)
_MANTISSA = 53


class Rule(StrEnum):
    """How a leaf was made."""

    NAMED = "A"
    JOINED = "B"
    EIGHT_DECIMALS = "gate"
    EACH_HASHED = "bitso"


@dataclass(frozen=True, slots=True)
class Account:
    """What the user gives: an id and balances as (asset, text) in the published order, texts verbatim."""

    uid: str
    balances: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One leaf that ``rule`` makes of an account: ``text`` is hashed, ``shown`` are the balance texts in it."""

    rule: Rule
    text: str
    shown: tuple[str, ...]

    @property
    def leaf(self) -> str:
        """16 hex digits."""
        return _sha(self.text)[:DIGITS]


def _sha(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_balances(text: str, asset: str | None) -> tuple[tuple[str, str], ...]:
    """``ASSET:TEXT,ASSET:TEXT…``; with ``asset`` one bare text will do. Raises ``usage``, ``number.grammar``."""
    pairs: list[tuple[str, str]] = []
    for part in text.split(","):
        name, colon, amount = part.rpartition(":")
        if not colon and asset is not None:
            name = asset
        if not name:
            raise ReservesError(ErrorCode.USAGE, say("short_leaves.balances_grammar"))
        pairs.append((name, amount))
    return checked(pairs)


def checked(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The pairs if every text is a plain number and no asset stands twice. Raises ``usage``, ``number.grammar``."""
    for name, amount in pairs:
        if not is_plain(amount):
            raise ReservesError(ErrorCode.NUMBER_GRAMMAR, say("error.number_grammar", text=amount[:40]), name[:40])
    if len({name for name, _ in pairs}) != len(pairs):
        raise ReservesError(ErrorCode.USAGE, say("short_leaves.asset_twice"))
    return tuple(pairs)


def named_text(account: Account) -> str:
    """Rule A: ``<uid>,<T1>:<b1>,<T2>:<b2>,…``, zeros included."""
    return ",".join([account.uid, *(f"{asset}:{one_decimal(text)}" for asset, text in account.balances)])


def one_decimal(text: str) -> str:
    """Trailing zeros off, but one decimal at least: 100 -> 100.0, 1.50000 -> 1.5, 0.00 -> 0.0."""
    shortened = _ZEROS.sub(r"\1", text) if _ZEROS.search(text) else _POINT.sub("", text)
    return shortened if "." in shortened else f"{shortened}.0"


def canon(text: str) -> str:
    """The defective shortening of the third tool: 100 -> 10, 1000 -> 100, 10.0 -> 10, 1.50000 -> 1.5000."""
    return _CANON.sub(r"\1", text, count=1)


def _eight_decimals(text: str) -> Iterator[str]:
    """Exactly 8 decimals: the exact decimal, then what ``Number(x).toFixed(8)`` makes of the nearest double."""
    exact = Fraction(text)
    first = _fixed(exact)
    yield first
    second = _fixed(nearest_double(exact))
    if second != first:
        yield second


def _fixed(value: Fraction) -> str:
    """Eight decimals, ties up."""
    scaled = (value * 10**8 + Fraction(1, 2)).__floor__()
    sign, scaled = ("-", -scaled) if scaled < 0 else ("", scaled)
    return f"{sign}{scaled // 10**8}.{scaled % 10**8:08d}"


def nearest_double(value: Fraction) -> Fraction:
    """The nearest number with 53 significant bits, ties to even (subnormal numbers are far below any amount)."""
    if value == 0:
        return value
    magnitude = abs(value)
    exponent = magnitude.numerator.bit_length() - magnitude.denominator.bit_length() - _MANTISSA
    # One of two neighbouring exponents gives a mantissa of 53 bits.
    while magnitude >= Fraction(2) ** (exponent + _MANTISSA):
        exponent += 1
    step = Fraction(2) ** exponent
    rounded = round(magnitude / step) * step
    return rounded if value > 0 else -rounded


def _joined(account: Account) -> Iterator[Reading]:
    texts = tuple(text for _, text in account.balances)
    yield Reading(Rule.JOINED, _sha(account.uid) + _sha("".join(texts)), texts)


def _named(account: Account) -> Iterator[Reading]:
    yield Reading(Rule.NAMED, named_text(account), tuple(one_decimal(text) for _, text in account.balances))


def _one_balance(account: Account) -> Iterator[Reading]:
    if len(account.balances) == 1:
        for text in _eight_decimals(account.balances[0][1]):
            yield Reading(Rule.EIGHT_DECIMALS, _sha(account.uid) + _sha(text), (text,))


def _each_hashed(account: Account) -> Iterator[Reading]:
    """Over the non-zero balances as ``currency=value``, sorted as these strings; the currency is not hashed."""
    ways: tuple[Callable[[str], str], ...] = (
        str,
        lambda text: _fixed(Fraction(text)),
        lambda text: stripped(Decimal(text)),
    )
    for way in ways:
        held = [(asset, way(text)) for asset, text in account.balances if Decimal(text) != 0]
        texts = [text for _, text in sorted(held, key=lambda pair: f"{pair[0]}={pair[1]}")]
        yield Reading(Rule.EACH_HASHED, account.uid + "".join(_sha(canon(text)) for text in texts), tuple(texts))


_MAKERS = {
    Rule.NAMED: _named,
    Rule.JOINED: _joined,
    Rule.EIGHT_DECIMALS: _one_balance,
    Rule.EACH_HASHED: _each_hashed,
}


def readings(account: Account, rules: Sequence[Rule]) -> Iterator[Reading]:
    """Every leaf that ``rules`` make of the account, in order."""
    for rule in rules:
        yield from _MAKERS[rule](account)


def other_splits(texts: Sequence[str], limit: int) -> list[tuple[str, ...]]:
    """Other ways to cut the joined text into as many plain numbers, at most ``limit``: they share the leaf."""
    joined = "".join(texts)
    found: list[tuple[str, ...]] = []
    waiting: list[tuple[tuple[str, ...], int]] = [((), 0)]
    # Every step shortens what is left; the bound keeps long strings of many coins from taking long.
    for _ in range(20_000):
        if not waiting or len(found) >= limit:
            break
        parts, at = waiting.pop()
        if len(parts) == len(texts) - 1:
            rest = joined[at:]
            if is_plain(rest) and (*parts, rest) != tuple(texts):
                found.append((*parts, rest))
            continue
        waiting.extend(
            ((*parts, joined[at:end]), end) for end in range(at + 1, len(joined)) if is_plain(joined[at:end])
        )
    return found
