"""Is a reported outflow possible? A claim, read strictly, against what was published and what the wallets show.

Contradicted: more than was ever there or owed. Consistent: the listed wallets show at least that much leaving. Anything
else cannot be checked. Wallets that are not listed and transfers off the chain are never seen.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from reserves_gui.amounts import add, stripped, subtract
from reserves_gui.history.figures import Interval, percent, rounded
from reserves_gui.messages import Message, say
from reserves_gui.verdict import State


class ReadingOf(StrEnum):
    """How the claim's figure is meant: what left on balance, or everything that went out."""

    NET = "net"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineClaim:
    """What is claimed to have left ``exchange`` from ``start`` to ``end``.

    ``amount`` is in coins of ``asset``, times are seconds UTC.
    """

    exchange: str
    asset: str
    amount: Decimal
    start: int
    end: int
    reading: ReadingOf = ReadingOf.NET


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A figure that was used: what it is, its value as text, its time, and where it came from."""

    name: str
    value: str
    time: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineFacts:
    """What is known. Amounts in coins, money flows in one currency; None where nothing is known.

    ``liabilities``: owed at the last snapshot before the window. Reserves are those seen on chain. ``gross_in`` and
    ``gross_out``: flow of the listed set inside the window. ``money_net`` and ``money_out``: published flows in money
    over the window, positive = left. ``price``: money per coin at the window's end. ``refused``: (source, why) of
    prices that were not used; ``unpriced``: price sources were named, and none of them gave a usable price.
    """

    liabilities: Decimal | None = None
    reserves_start: Interval | None = None
    reserves_end: Interval | None = None
    gross_in: Decimal | None = None
    gross_out: Decimal | None = None
    money_net: Decimal | None = None
    money_out: Decimal | None = None
    price: Decimal | None = None
    used: tuple[Fact, ...] = field(default=())
    refused: tuple[tuple[str, Message], ...] = ()
    unpriced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingAnswer:
    """One reading: ``verified`` is consistent, ``failed`` contradicted, ``undecided`` cannot be checked."""

    reading: ReadingOf
    state: State
    reasons: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineAnswer:
    """Both readings side by side. The overall state is that of the reading the user chose."""

    claim: HeadlineClaim
    readings: tuple[ReadingAnswer, ...]
    facts: HeadlineFacts
    break_even: dict[str, str]

    @property
    def state(self) -> State:
        """The state under the chosen reading."""
        return next(one.state for one in self.readings if one.reading is self.claim.reading)


def judge_headline(claim: HeadlineClaim, facts: HeadlineFacts) -> HeadlineAnswer:
    """Answer ``claim`` from ``facts``."""
    return HeadlineAnswer(
        claim=claim,
        readings=(_net(claim, facts), _gross(claim, facts)),
        facts=facts,
        break_even=_break_even(claim, facts),
    )


def _net(claim: HeadlineClaim, facts: HeadlineFacts) -> ReadingAnswer:
    reasons: list[Message] = []
    contradicted = False
    if facts.liabilities is not None:
        part = percent(Fraction(claim.amount) / Fraction(facts.liabilities)) if facts.liabilities > 0 else "?"
        if claim.amount > facts.liabilities:
            contradicted = True
            over = subtract(claim.amount, facts.liabilities)
            reasons.append(say("headline.more_than_owed", percent=part, over=f"{over:f}", asset=claim.asset))
        else:
            reasons.append(say("headline.part_of_owed", percent=part, asset=claim.asset))
    start, end = facts.reserves_start, facts.reserves_end
    if start is not None and start.high is not None and claim.amount > start.high:
        contradicted = True
        reasons.append(say("headline.more_than_held", held=f"{start.high:f}", asset=claim.asset))
    contradicted = _by_price(claim, facts.money_net, facts.price, reasons) or contradicted
    if contradicted:
        return ReadingAnswer(reading=ReadingOf.NET, state=State.FAILED, reasons=tuple(reasons))
    if start is not None and end is not None and None not in (start.low, start.high, end.low, end.high):
        low = subtract(start.low or Decimal(0), end.high or Decimal(0))
        high = subtract(start.high or Decimal(0), end.low or Decimal(0))
        ends = {"low": stripped(low), "high": stripped(high)}
        key = "headline.seen_net_exactly" if low == high else "headline.seen_net"
        reasons.append(say(key, asset=claim.asset, **ends))
        if claim.amount <= low:
            return ReadingAnswer(reading=ReadingOf.NET, state=State.VERIFIED, reasons=tuple(reasons))
        reasons.append(say("headline.not_shown"))
    elif start is None or end is None:
        reasons.append(say("headline.ends_unknown"))
    return ReadingAnswer(reading=ReadingOf.NET, state=State.UNDECIDED, reasons=tuple(reasons))


def _gross(claim: HeadlineClaim, facts: HeadlineFacts) -> ReadingAnswer:
    reasons: list[Message] = []
    contradicted = False
    start = facts.reserves_start
    if start is not None and start.high is not None and facts.gross_in is not None:
        most = add(start.high, facts.gross_in)
        if claim.amount > most:
            contradicted = True
            reasons.append(say("headline.more_than_passed", most=f"{most:f}", asset=claim.asset))
    contradicted = _by_price(claim, facts.money_out, facts.price, reasons) or contradicted
    if contradicted:
        return ReadingAnswer(reading=ReadingOf.OUT, state=State.FAILED, reasons=tuple(reasons))
    if facts.gross_out is not None:
        reasons.append(say("headline.seen_gross", out=f"{facts.gross_out:f}", asset=claim.asset))
        if claim.amount <= facts.gross_out:
            return ReadingAnswer(reading=ReadingOf.OUT, state=State.VERIFIED, reasons=tuple(reasons))
        reasons.append(say("headline.not_shown"))
    else:
        if facts.liabilities is not None and claim.amount > facts.liabilities:
            over = subtract(claim.amount, facts.liabilities)
            reasons.append(say("headline.needs_inflow", over=f"{over:f}", asset=claim.asset))
        reasons.append(say("headline.gross_unknown"))
    return ReadingAnswer(reading=ReadingOf.OUT, state=State.UNDECIDED, reasons=tuple(reasons))


def _by_price(claim: HeadlineClaim, money: Decimal | None, price: Decimal | None, reasons: list[Message]) -> bool:
    """Whether the claimed coins would have been worth more than all money that is known to have left."""
    if money is None or price is None:
        return False
    claimed = Fraction(claim.amount) * Fraction(price)
    if claimed <= Fraction(money):
        return False
    reasons.append(say("headline.more_than_money", price=f"{price:f}", money=f"{money:f}"))
    return True


def _break_even(claim: HeadlineClaim, facts: HeadlineFacts) -> dict[str, str]:
    """The price per coin at which the claim would equal the published money flow, per reading."""
    result = {}
    for reading, money in ((ReadingOf.NET, facts.money_net), (ReadingOf.OUT, facts.money_out)):
        if money is not None and claim.amount > 0:
            result[reading.value] = rounded(Fraction(money) / Fraction(claim.amount))
    return result
