"""Adding up what a list lists, exactly, and holding it against the figures printed beside it.

``|stated − Σ rows| < 10^-d`` with d the decimals printed: this covers rounding to d places and cutting to d places.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from reserves_gui import amounts
from reserves_gui.messages import Message, say
from reserves_gui.verdict import Check, Outcome
from reserves_gui.wallets.items import Figure, Scope

CHECK = "ownership.summary"
_HEIGHTS_KEPT = 3
_NOT_STATED = ("", "-")


@dataclass(slots=True)
class CoinSum:
    """All rows of one coin. ``total`` as listed; ``kept``: without rows that failed or repeat. ``unread``: amounts that
    are no numbers; ``blank``: rows without an amount, or in a unit nobody knows.
    """

    asset: str
    total: Decimal = amounts.ZERO
    kept: Decimal = amounts.ZERO
    rows: int = 0
    unread: int = 0
    blank: int = 0
    heights: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One printed figure against the rows. ``rows`` and ``kept`` are texts in coin units."""

    name: str
    outcome: Outcome
    reason: Message
    stated: str
    rows: str
    kept: str
    tolerance: str = ""


def read_amount(text: str, decimals: int | None) -> Decimal | None:
    """A listed amount in coin units; None if it is no plain number, is negative, or has no known unit."""
    if decimals is None or not amounts.is_plain(text):
        return None
    value = Decimal(text)
    if value < 0:
        return None
    return amounts.EXACT.scaleb(value, -decimals) if decimals else value


def is_amount(text: str) -> bool:
    """Whether a written amount is a plain number that is not negative."""
    return amounts.is_plain(text) and Decimal(text) >= 0


def reconcile(figures: Iterable[Figure], sums: Mapping[str, CoinSum], *, each_coin: bool) -> list[Compared]:
    """Every figure against its rows. ``each_coin``: a coin with rows needs a figure of its own or of its asset."""
    result = []
    stated: set[str] = set()
    assets: set[str] = set()
    for figure in figures:
        if figure.scope is Scope.COIN:
            stated.add(figure.name)
            parts = [sums[figure.name]] if figure.name in sums else []
        elif figure.scope is Scope.ASSET:
            assets.add(figure.name)
            parts = [one for one in sums.values() if one.asset == figure.name]
        else:
            parts = list(sums.values())
        result.append(_compare(figure, parts))
    if each_coin and result:
        for coin, one in sums.items():
            if coin not in stated and one.asset not in assets:
                reason = say("wallets.summary.no_figure", coin=coin)
                result.append(_line(coin, Outcome.FAILED, reason, "", [one]))
    return result


def summary_check(compared: list[Compared]) -> Check:
    """All comparisons as one check. It is never required: most lists print no figures."""
    if not compared:
        return Check(CHECK, Outcome.NOT_CHECKED, say("wallets.summary.none"), required=False)
    failing = [one for one in compared if one.outcome is Outcome.FAILED]
    if failing:
        first = failing[0]
        return Check(CHECK, Outcome.FAILED, first.reason, first.stated or None, first.rows, required=False)
    passed = sum(one.outcome is Outcome.PASSED for one in compared)
    if passed == len(compared):
        return Check(CHECK, Outcome.PASSED, say("wallets.summary.passed", count=passed), required=False)
    open_ = next(one for one in compared if one.outcome is Outcome.NOT_CHECKED)
    if not passed:
        return Check(CHECK, Outcome.NOT_CHECKED, open_.reason, required=False)
    reason = say("wallets.summary.partial", passed=passed, count=len(compared), name=open_.name)
    return Check(CHECK, Outcome.PARTIAL, reason, required=False)


def _compare(figure: Figure, parts: list[CoinSum]) -> Compared:
    name = f"{figure.name}(ALL)" if figure.scope is Scope.ASSET else figure.name
    if figure.stated in _NOT_STATED:
        return _line(name, Outcome.NOT_CHECKED, say("wallets.summary.not_stated", coin=name), "", parts)
    if not amounts.is_plain(figure.stated):
        reason = say("wallets.summary.unreadable", coin=name, text=figure.stated[:40])
        return _line(name, Outcome.FAILED, reason, figure.stated, parts)
    value = Decimal(figure.stated)
    places = len(figure.stated.partition(".")[2]) + figure.decimals
    value = amounts.EXACT.scaleb(value, -figure.decimals)
    shown = amounts.written(value)
    if not sum(one.rows for one in parts):
        if value == 0:
            return _line(name, Outcome.PASSED, say("wallets.summary.nothing", coin=name), shown, parts)
        return _line(name, Outcome.FAILED, say("wallets.summary.no_rows", coin=name, stated=shown), shown, parts)
    if unread := sum(one.unread for one in parts):
        reason = say("wallets.summary.unread_rows", coin=name, count=unread)
        return _line(name, Outcome.FAILED, reason, shown, parts)
    if blank := sum(one.blank for one in parts):
        reason = say("wallets.summary.blank_rows", coin=name, count=blank)
        return _line(name, Outcome.NOT_CHECKED, reason, shown, parts)
    total = amounts.total(one.total for one in parts)
    tolerance = amounts.EXACT.scaleb(Decimal(1), -places)
    fits = abs(amounts.subtract(value, total)) < tolerance
    arguments = {
        "coin": name,
        "stated": shown,
        "rows": amounts.stripped(total),
        "tolerance": amounts.written(tolerance),
    }
    if not fits:
        return _line(name, Outcome.FAILED, Message("wallets.summary.differs", arguments), shown, parts, tolerance)
    if figure.scope is Scope.COIN and figure.height not in _NOT_STATED:
        other = next(
            (height for one in parts for height in sorted(one.heights) if not _same(height, figure.height)), None
        )
        if other is not None:
            reason = say("wallets.summary.height", coin=name, stated=figure.height, rows=other or "-")
            return _line(name, Outcome.FAILED, reason, shown, parts, tolerance)
    return _line(name, Outcome.PASSED, Message("wallets.summary.fits", arguments), shown, parts, tolerance)


def note_height(one: CoinSum, height: str) -> None:
    """Remember the heights of a coin's rows; three different ones are enough to show that they differ."""
    if len(one.heights) < _HEIGHTS_KEPT:
        one.heights.add(height)


def _same(left: str, right: str) -> bool:
    if left.isascii() and right.isascii() and left.isdigit() and right.isdigit():
        return left.lstrip("0") == right.lstrip("0")
    return left == right


def _line(
    name: str, outcome: Outcome, reason: Message, stated: str, parts: list[CoinSum], tolerance: Decimal | None = None
) -> Compared:
    return Compared(
        name=name,
        outcome=outcome,
        reason=reason,
        stated=stated,
        rows=amounts.stripped(amounts.total(one.total for one in parts)),
        kept=amounts.stripped(amounts.total(one.kept for one in parts)),
        tolerance="" if tolerance is None else amounts.written(tolerance),
    )
