"""Signs of life: which wallets pay out and how much, from transactions where they are kept, else from balances."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reserves_gui.history.figures import DAY, HOUR, Point
from reserves_gui.history.flows import Movement
from reserves_gui.history.liquidity import Basis, Liquidity, Payments, liquidity_by_chain, outflow
from reserves_gui.history.records import StoredList, StoredObservation, StoredParty
from reserves_gui.history.seen import Address, transactions
from tests.history.rows import ASSET, CHAIN, look, move, party, told
from tests.history.rows import listed as listed_at

END = 8 * 24
HOT, COLD = (CHAIN, "hot"), (CHAIN, "cold")


def _daily(address: str, *amounts: int) -> dict[Address, list[Point]]:
    """One figure at each midnight, the last of them at the end."""
    first = END // 24 - len(amounts) + 1
    return {(CHAIN, address): [Point((first + at) * DAY, Decimal(held)) for at, held in enumerate(amounts)]}


def _steady(address: str, held: int) -> dict[Address, list[Point]]:
    return _daily(address, *[held] * 9)


def _view(
    series: dict[Address, list[Point]],
    rows: list[StoredObservation] | None = None,
    parties: list[StoredParty] | None = None,
    lists: list[StoredList] | None = None,
) -> Liquidity:
    kept = rows or []
    payments = Payments(asset=ASSET, moves=transactions(kept), rows=kept, parties=parties or [], lists=lists or [])
    return liquidity_by_chain(series, payments, END * HOUR)[CHAIN]


def _looks(net: str | None = None) -> list[StoredObservation]:
    """A look every midnight; with ``net``, every transaction since the one before was told, and came to that."""
    held = 1000
    found = []
    for day in range(9):
        found.append(look(24 * day, str(held + day * int(net or 0))))
        found += [told(24 * day, net)] if net is not None and day else []
    return found


def _refilled(hours: range = range(24, END + 1, 24)) -> list[StoredParty]:
    """The hot wallet pays a large withdrawal every day; a customer pays in."""
    found = []
    for hour in hours:
        found += [party(hour, f"out{hour}", "hot", "-5"), party(hour, f"out{hour}", "somebody", "5")]
        found += [party(hour, f"in{hour}", "hot", "5"), party(hour, f"in{hour}", "customer", "-5")]
    return found


def test_a_wallet_that_is_filled_up_again_every_day_is_hot_by_its_transactions() -> None:
    series = _steady("hot", 50) | _steady("cold", 950)
    unseen = _view(series, _looks())
    assert (unseen.wallets, unseen.hot, unseen.cold, unseen.recognised) == (0, 0, 1000, Basis.BALANCES)
    seen = _view(series, _looks(), _refilled())
    assert (seen.wallets, seen.hot, seen.cold, seen.recognised) == (1, 50, 950, Basis.SOME)


def test_a_day_without_a_payout_is_one_too_many() -> None:
    series = _steady("hot", 50) | _steady("cold", 950)
    some = [hour for hour in range(24, END + 1, 24) if hour != 96]
    parties = [one for one in _refilled() if one.time != 96 * HOUR - 600]
    assert len(parties) == 4 * len(some)
    assert _view(series, _looks(), parties).wallets == 0


def test_falls_and_transactions_together_make_the_days() -> None:
    """On some days the balance shows it, on the others a transaction."""
    hot = {HOT: [Point(day * DAY, Decimal(100 - min(day, 4))) for day in range(9)]}
    alone = _view(hot | _steady("cold", 950), _looks())
    assert alone.wallets == 0
    both = _view(hot | _steady("cold", 950), _looks(), _refilled(range(96 + 24, END + 1, 24)))
    assert (both.wallets, both.hot) == (1, 96)


def test_who_is_paid_or_not_listed_pays_out_nothing() -> None:
    series = _steady("hot", 50) | _steady("cold", 950)
    paid = [replace(one, amount=one.amount.removeprefix("-")) for one in _refilled()]
    assert _view(series, _looks(), paid).wallets == 0
    other = [replace(one, chain="liquid") for one in _refilled()]
    assert _view(series, _looks(), other).recognised is Basis.BALANCES


def test_what_a_list_of_one_address_paid_that_address_paid() -> None:
    moves = [move(hour, f"t{hour}", "-2") for hour in range(1, END + 1)]
    moves += [move(hour, f"u{hour}", "2") for hour in range(1, END + 1)]
    rows = [*_looks("0"), *moves]
    view = _view(_steady("hot", 50), rows, lists=[listed_at(0, "hot")])
    assert (view.wallets, view.hot, view.recognised, view.measured) == (1, 50, Basis.ALL, Basis.ALL)
    assert (view.rate, view.hours_covered) == (2, 25)
    # Another one stood on the list for a part of the week: which of the two paid is not told.
    joined = [listed_at(0, "hot", "old"), listed_at(100, "hot")]
    assert _view(_steady("hot", 50), rows, lists=joined).recognised is Basis.BALANCES


def test_outflow_of_all_transactions_does_not_count_what_moved_inside() -> None:
    """The cold wallet fills the hot one up: its balance falls, and nothing went out."""
    series = _daily("cold", *range(950, 941, -1)) | _daily("hot", *range(50, 59))
    inside = _view(series, _looks("0"))
    assert (inside.measured, inside.rate, inside.since_last) == (Basis.ALL, None, None)
    assert _view(series, _looks()).since_last == 0


def test_transactions_that_are_not_all_are_said_to_be_some() -> None:
    rows = [*_looks("0"), *(move(hour, f"t{hour}", "-1") for hour in range(100, END))]
    view = _view(_steady("hot", 50), rows)
    assert view.measured is Basis.SOME
    assert view.since_last == HOUR + 600


def test_looks_that_come_early_or_late_lose_no_day() -> None:
    late = [0, 700, -650, 500, -800, 60, 900, -400, 0]
    points = [Point(day * DAY + off, Decimal(100 - day)) for day, off in enumerate(late)]
    looks = [replace(look(24 * day, "1000"), time=day * DAY + off) for day, off in enumerate(late)]
    assert _view({HOT: points}, looks).wallets == 1


def test_a_figure_that_stood_still_fell_after_the_look_before() -> None:
    """Not in the middle of the hours in which every look showed it as it was."""
    ago = (192, 145, 142, 97, 94, 49, 46, 1)
    points = [Point((END - hours) * HOUR, Decimal(hours)) for hours in ago]
    looks = [look(hour, "1000") for hour in range(END + 1)]
    assert _view({HOT: points}, looks).wallets == 1
    assert _view({HOT: points}).wallets == 0


def test_an_empty_hot_wallet_covers_nothing_and_none_known_covers_no_figure() -> None:
    rows = [*_looks(), *(move(hour, f"t{hour}", "-2") for hour in range(1, END + 1))]
    series = _steady("hot", 0) | _steady("cold", 1000)
    assert _view(series, rows, _refilled()).hours_covered == 0
    assert _view(series, rows).hours_covered is None


def _paid(transaction: str, amount: int, time: int) -> Movement:
    return Movement(transaction=transaction, time=time, address="listed", amount=Decimal(amount))


def test_hourly_outflow_gaps_and_the_last_hour() -> None:
    now = 30 * DAY
    payments = [_paid(f"t{n}", -2, now - 1800 * n) for n in range(1, 336)]
    found = outflow([*payments, _paid("in", 50, now - 60), _paid("old", -900, now - 7 * DAY)], now)
    assert (found.rate, found.usual_gap, found.since_last, found.last_hour) == (4, 1800, 1800, 1)
    busy = [_paid(f"b{n}", -96, now - n * HOUR - 60) for n in range(1, 10)]
    assert outflow([*payments, *busy], now).busy_rate == 100
    assert outflow([*payments, *busy[:8]], now).busy_rate == 4
    silent = outflow([], now)
    assert (silent.rate, silent.since_last, silent.last_hour) == (None, None, 0)


def test_several_withdrawals_of_one_block_are_several() -> None:
    now = 30 * DAY
    block = [_paid(name, -1, now - 600) for name in "abc"]
    assert outflow(block, now).last_hour == 3


@pytest.mark.parametrize(("hours", "paused"), [(4, False), (6, True)])
def test_a_pause_is_ten_times_the_usual_gap(hours: int, paused: bool) -> None:
    points = [Point(0, Decimal(1000))]
    points += [Point(END * HOUR - 1800 * n, Decimal(n)) for n in range(336, 2 * hours, -1)]
    assert _view({HOT: points}).may_be_paused is paused
