"""The worked example: "around 700,000 BTC left within days", December 2022."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reserves_gui.history.figures import Interval
from reserves_gui.history.headline import HeadlineClaim, HeadlineFacts, ReadingOf, judge_headline
from reserves_gui.verdict import State

CLAIM = HeadlineClaim(exchange="E", asset="BTC", amount=Decimal(700_000), start=0, end=7 * 86_400)
PUBLISHED = HeadlineFacts(
    liabilities=Decimal("575742.4228"), money_net=Decimal(3_660_311_347), money_out=Decimal(8_783_380_428)
)


def _states(facts: HeadlineFacts, claim: HeadlineClaim = CLAIM) -> tuple[State, State]:
    net, out = judge_headline(claim, facts).readings
    return net.state, out.state


def test_more_than_all_customers_had_is_contradicted_on_balance() -> None:
    answer = judge_headline(CLAIM, PUBLISHED)
    assert answer.state is State.FAILED
    assert answer.readings[0].reasons[0].args == {"percent": "121.58", "over": "124257.5772", "asset": "BTC"}
    assert answer.readings[1].state is State.UNDECIDED
    assert answer.break_even == {"net": "5229.02", "out": "12547.69"}


def test_with_a_market_price_both_readings_are_contradicted() -> None:
    assert _states(replace(PUBLISHED, price=Decimal(17_000))) == (State.FAILED, State.FAILED)
    assert _states(replace(PUBLISHED, price=Decimal(6_000))) == (State.FAILED, State.UNDECIDED)


@pytest.mark.parametrize(
    ("amount", "start", "end", "state"),
    [
        ("90", "1000", "900", State.VERIFIED),
        ("100", "1000", "900", State.VERIFIED),
        ("101", "1000", "900", State.UNDECIDED),
        ("1001", "1000", "900", State.FAILED),
    ],
)
def test_known_reserves_at_both_ends_decide(amount: str, start: str, end: str, state: State) -> None:
    facts = HeadlineFacts(reserves_start=Interval.exactly(Decimal(start)), reserves_end=Interval.exactly(Decimal(end)))
    assert _states(facts, replace(CLAIM, amount=Decimal(amount)))[0] is state


def test_disagreeing_sources_leave_room() -> None:
    facts = HeadlineFacts(
        reserves_start=Interval(Decimal(990), Decimal(1010)), reserves_end=Interval.exactly(Decimal(900))
    )
    assert _states(facts, replace(CLAIM, amount=Decimal(90)))[0] is State.VERIFIED
    assert _states(facts, replace(CLAIM, amount=Decimal(91)))[0] is State.UNDECIDED


def test_the_gross_reading_counts_what_came_in() -> None:
    facts = HeadlineFacts(reserves_start=Interval.exactly(Decimal(100)), gross_in=Decimal(50), gross_out=Decimal(60))
    claims = {
        amount: _states(facts, replace(CLAIM, amount=Decimal(amount), reading=ReadingOf.OUT))[1]
        for amount in (60, 61, 151)
    }
    assert claims == {60: State.VERIFIED, 61: State.UNDECIDED, 151: State.FAILED}


def test_nothing_known_cannot_be_checked() -> None:
    assert _states(HeadlineFacts()) == (State.UNDECIDED, State.UNDECIDED)
