"""The window-dressing test finds a dressed-up snapshot and does not accuse an honest one."""

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from reserves_gui.history.dressing import corrected, dressing
from reserves_gui.history.figures import DAY, Point


def _walk(seed: int, days: int = 181, extra: int = 0) -> list[Point]:
    chance = random.Random(seed)
    amount = Decimal(100_000)
    series = []
    for day in range(days):
        shown = amount + (extra if 89 <= day <= 91 else 0)
        series.append(Point(day * DAY, shown))
        amount += Decimal(round(chance.gauss(0, 600)))
    return series


def test_a_raised_balance_is_found_with_its_p_value() -> None:
    result = dressing(_walk(3, extra=9000), 90 * DAY)
    assert result is not None
    assert result.placebos == 162
    assert result.p == Fraction(1, 163)
    assert result.bump > Fraction(7, 100)
    assert corrected([result])[0].unusual
    assert result.excess is not None
    assert 5000 < result.excess < 13_000


def test_an_honest_snapshot_is_not_accused() -> None:
    accused = 0
    for seed in range(40):
        result = dressing(_walk(seed), 90 * DAY)
        assert result is not None
        accused += corrected([result])[0].unusual
    assert accused == 0


def test_too_little_history_gives_no_p_value() -> None:
    result = dressing(_walk(3, days=60, extra=0)[:60], 30 * DAY)
    assert result is not None
    assert result.p is None
    assert not corrected([result])[0].unusual


def test_a_snapshot_at_the_edge_of_the_series_cannot_be_tested() -> None:
    assert dressing(_walk(3), 180 * DAY) is None
    assert dressing([], 0) is None


def test_many_tests_are_corrected_together() -> None:
    result = dressing(_walk(3, extra=9000), 90 * DAY)
    assert result is not None
    many = corrected([result, *(replace(result, p=Fraction(1, 2)) for _ in range(19))])
    assert many[0].corrected == 20 * Fraction(1, 163)
    assert many[0].tests == 20
    assert not many[0].unusual
    assert many[1].corrected == 1


def test_a_test_that_was_not_made_is_not_counted_among_those_corrected() -> None:
    result = dressing(_walk(3, extra=9000), 90 * DAY)
    assert result is not None
    made, other = corrected([result, replace(result, p=None, corrected=None)])
    assert (made.corrected, made.tests) == (Fraction(1, 163), 1)
    assert other.corrected is None
