"""Flows: internal transfers cancel, set changes are split, unusual days stand out."""

import random
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from reserves_gui.history.figures import DAY, Point, percent
from reserves_gui.history.flows import Movement, concentration, drawdown, flow, flow_percentile, robust_z, set_change

MEMBERS = frozenset({"a", "b", "c"})


def _move(transaction: str, address: str, amount: int, time: int = 0) -> Movement:
    return Movement(transaction=transaction, time=time, address=address, amount=Decimal(amount))


def test_a_transfer_between_members_is_no_flow() -> None:
    moves = [_move("t1", "a", -50), _move("t1", "b", 49), _move("t2", "a", -10), _move("t2", "x", 10)]
    seen = flow(moves, MEMBERS)
    assert (seen.inward, seen.outward, seen.net, seen.largest_out) == (0, 11, -11, 10)


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abcxy"), st.integers(-100, 100)), max_size=40))
def test_net_flow_is_the_change_of_the_balance(moves: list[tuple[int, str, int]]) -> None:
    movements = [_move(f"t{number}", address, amount) for number, address, amount in moves]
    assert flow(movements, MEMBERS).net == sum(amount for _, address, amount in moves if address in MEMBERS)


def test_a_changed_list_is_split_into_flow_added_and_removed() -> None:
    before = {"a": Decimal(100), "b": Decimal(50)}
    after = {"a": Decimal(90), "d": Decimal(30)}
    change = set_change(before, after, now={"b": Decimal(45)})
    assert (change.common, change.added, change.removed, change.change) == (-10, 30, 50, -30)
    assert change.still_holding == ("b",)


def _walk(days: int, last: int) -> list[Point]:
    chance = random.Random(7)
    amount = 100_000
    series = []
    for day in range(days):
        series.append(Point(day * DAY, Decimal(amount)))
        amount += chance.randrange(-300, 301)
    series.append(Point(days * DAY, series[-1].amount + last))
    return series


def test_a_run_stands_out_and_an_ordinary_day_does_not() -> None:
    run, calm = _walk(100, -8000), _walk(100, -150)
    unusual = robust_z(run, run[-1].time)
    assert unusual is not None
    assert unusual < -10
    ordinary = robust_z(calm, calm[-1].time)
    assert ordinary is not None
    assert abs(ordinary) < 3
    assert robust_z(run[-20:], run[-1].time) is None


def test_the_percentile_says_how_many_days_saw_more_leave() -> None:
    run, calm = _walk(100, -8000), _walk(100, 8000)
    assert flow_percentile(run, run[-1].time) == 0
    assert flow_percentile(calm, calm[-1].time) == 1
    even = [Point(day * DAY, Decimal(day)) for day in range(60)]
    assert flow_percentile(even, even[-1].time) == Fraction(1, 2)
    assert flow_percentile(run[-20:], run[-1].time) is None


def test_a_gap_in_the_data_gives_no_change_instead_of_a_made_up_one() -> None:
    series = [point for point in _walk(100, -8000) if point.time != 99 * DAY]
    assert robust_z(series, 100 * DAY) is None


def test_drawdown_and_concentration() -> None:
    series = [Point(0, Decimal(200)), Point(DAY, Decimal(150)), Point(40 * DAY, Decimal(120))]
    assert drawdown(series[:2], DAY) == Fraction(1, 4)
    assert drawdown(series, 40 * DAY) == 0
    assert drawdown([], 0) is None
    assert concentration([Decimal(6), Decimal(3), Decimal(1)], 1) == Fraction(6, 10)
    assert concentration([], 1) is None


def test_percentages_round_half_away_from_zero() -> None:
    assert percent(Fraction(103125, 100000)) == "103.13"
    assert percent(Fraction(-1, 3)) == "-33.33"
    assert percent(Fraction(999999, 1000000)) == "100.00"
    assert percent(Fraction(1, 2), 0) == "50"
