"""Coverage per asset: intervals, states, time lag, printed ratios."""

from decimal import Decimal
from fractions import Fraction

import pytest

from reserves_gui.history.coverage import Liability, Reserve, asset_coverage, clean_ratio, printed_ratio
from reserves_gui.history.figures import Interval
from reserves_gui.verdict import Outcome, State, SumBinding

NOON = 1_793_000_000


def _owed(text: str = "100", **changes: object) -> Liability:
    plain = {"binding": SumBinding.WHOLE_TREE, "recomputed": True, "total_verified": True, "time": NOON}
    return Liability(asset="BTC", text=text, **{**plain, **changes})


def _held(low: str, high: str | None = None, **changes: object) -> Reserve:
    seen = Interval(Decimal(low), Decimal(high or low))
    return Reserve(asset="BTC", seen=seen, **{"time": NOON, "balances_verified": True, **changes})


@pytest.mark.parametrize(
    ("owed", "held", "state"),
    [
        (_owed(), _held("100"), State.VERIFIED),
        (_owed(), _held("99.99999999"), State.FAILED),
        (_owed(), _held("99", "101"), State.UNDECIDED),
        (_owed(), Reserve(asset="BTC", listed=Decimal(1000), time=NOON), State.UNDECIDED),
        (_owed(), _held("120", balances_verified=False), State.UNDECIDED),
        (_owed(total_verified=False), _held("120"), State.UNDECIDED),
        (_owed(binding=SumBinding.SUM_ONLY), _held("1000"), State.UNDECIDED),
        (_owed(binding=SumBinding.SUM_ONLY), _held("50"), State.FAILED),
        (_owed(binding=SumBinding.NONE), _held("1000"), State.UNDECIDED),
        (_owed("100.0", recomputed=False), _held("100"), State.UNDECIDED),
        (_owed("100.0", recomputed=False), _held("100.05"), State.VERIFIED),
        (_owed("100.0", recomputed=False), _held("99.94"), State.FAILED),
        (_owed(), _held("200", time=NOON + 3 * 86_400), State.UNDECIDED),
        (_owed(), _held("50", time=NOON + 3 * 86_400), State.UNDECIDED),
        (_owed(), _held("50", time=NOON - 86_400), State.FAILED),
        (_owed(), _held("200", time=None), State.UNDECIDED),
    ],
)
def test_the_state_follows_the_definition(owed: Liability, held: Reserve, state: State) -> None:
    assert asset_coverage(owed, held).state is state


def test_a_lower_bound_leaves_the_lower_end_of_the_ratio_unknown() -> None:
    answer = asset_coverage(_owed(binding=SumBinding.SUM_ONLY), _held("103.1"))
    assert answer.low is None
    assert answer.high == Fraction(1031, 1000)
    assert answer.shown() == "? – 103.10 %"


def test_reserves_over_an_hour_away_get_room_for_what_can_move() -> None:
    late = _held("110", time=NOON + 2 * 3600)
    assert asset_coverage(_owed(), late, gross_flow_in_lag=Decimal(11)).state is State.UNDECIDED
    assert asset_coverage(_owed(), late, gross_flow_in_lag=Decimal(9)).state is State.VERIFIED
    # 2 h / 24 h x 120 = 10
    assert asset_coverage(_owed(), late, median_daily_flow=Decimal(120)).low == 1
    unknown = asset_coverage(_owed(), late)
    assert "coverage.flow_unknown" in [note.key for note in unknown.notes]


@pytest.mark.parametrize("lag", [0, 600, 3600, 86_400])
def test_lags_up_to_a_day_are_allowed_and_said(lag: int) -> None:
    answer = asset_coverage(_owed(), _held("200", time=NOON - lag), median_daily_flow=Decimal(1))
    assert answer.state is State.VERIFIED
    assert answer.lag == -lag


@pytest.mark.parametrize(
    ("printed", "reserves", "liabilities", "outcome"),
    [
        ("104%", "135735", "130664", Outcome.PASSED),
        ("103%", "135735", "130664", Outcome.PASSED),
        ("105%", "135735", "130664", Outcome.FAILED),
        ("114.9%", "192091.25", "167188.68", Outcome.PASSED),
        ("115.0 %", "192091.25", "167188.68", Outcome.FAILED),
        ("100.2064", "75914.7", "75758.3", Outcome.PASSED),
        ("about 100%", "1", "1", Outcome.NOT_CHECKED),
        ("100%", "1", "0", Outcome.NOT_CHECKED),
    ],
)
def test_a_printed_ratio_is_held_to_its_own_decimals(
    printed: str, reserves: str, liabilities: str, outcome: Outcome
) -> None:
    check = printed_ratio(printed, reserves=Decimal(reserves), liabilities=Decimal(liabilities))
    assert check.outcome is outcome


def test_the_clean_ratio_drops_own_tokens_on_both_sides_and_needs_every_price() -> None:
    held = {"BTC": Decimal(10), "OWN": Decimal(1000)}
    owed = {"BTC": Decimal(12), "OWN": Decimal(100)}
    prices = {"BTC": Decimal(100), "OWN": Decimal(1)}
    clean = clean_ratio(held, owed, prices, frozenset({"OWN"}))
    assert clean.ratio == Fraction(1000, 1200)
    assert clean.own_share == Fraction(1, 2)
    assert clean_ratio(held, owed, {"BTC": Decimal(100)}, frozenset()).missing == ("OWN",)


def test_an_interval_of_a_printed_figure_is_half_a_unit_of_its_last_digit() -> None:
    assert Interval.printed("100") == Interval(Decimal("99.5"), Decimal("100.5"))
    assert Interval.printed("0.10") == Interval(Decimal("0.095"), Decimal("0.105"))
