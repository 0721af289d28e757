"""Shares of own tokens and stablecoins in money: of everything that was seen and priced, or not at all."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from reserves_gui.history.figures import DAY, HOUR, Point
from reserves_gui.history.shares import Shares, shares

NOW = 100 * DAY


def _points(**amounts: str) -> dict[str, list[Point]]:
    return {asset: [Point(NOW - DAY, Decimal(1)), Point(NOW, Decimal(text))] for asset, text in amounts.items()}


def _shares(points: Mapping[str, list[Point]], **prices: str) -> Shares:
    at = {asset: [(NOW - 5 * HOUR, Decimal(9999)), (NOW + HOUR, Decimal(text))] for asset, text in prices.items()}
    own, stable = frozenset({"NSEA"}), frozenset({"USDT", "USDC"})
    return shares(points, at, time=NOW, near=6 * HOUR, own=own, stable=stable)


def test_shares_are_of_money_by_the_nearest_price() -> None:
    found = _shares(_points(BTC="2", NSEA="1000", usdt="50000", ETH="0"), BTC="60000", NSEA="30", usdt="1", ETH="3000")
    assert (found.own, found.stable) == (Fraction(30_000, 200_000), Fraction(50_000, 200_000))
    assert found.missing == ()


def test_one_price_missing_leaves_both_unknown() -> None:
    found = _shares(_points(BTC="2", NSEA="1000"), NSEA="30")
    assert (found.own, found.stable, found.missing) == (None, None, ("BTC",))


def test_an_asset_that_was_not_seen_for_long_is_missing_and_one_never_seen_is_no_reserve() -> None:
    old = {"BTC": [Point(NOW - 3 * DAY, Decimal(2))], "ETH": [], "SOL": [Point(NOW + DAY, Decimal(1))]}
    found = _shares({**_points(NSEA="1"), **old}, BTC="1", NSEA="1")
    assert found.missing == ("BTC",)


def test_nothing_held_is_no_share() -> None:
    assert _shares(_points(BTC="0"), BTC="1").own is None
    assert _shares({}).stable is None
