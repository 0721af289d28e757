"""Gross flows are known only where every transaction between two looks was told, and they explain the balance."""

from dataclasses import replace

import pytest

from reserves_gui.history.figures import HOUR
from reserves_gui.history.flows import Flow
from reserves_gui.history.kept_flows import whole_flow
from reserves_gui.history.records import StoredObservation
from tests.history.rows import look, move, told

# 100 → 97 by two in and five out, → 97 by one in and one out, → 90 by seven out.
DAY = [
    look(1, "100"),
    look(2, "97"),
    told(2, "-3"),
    move(2, "a", "2"),
    move(2, "b", "-5"),
    look(3, "97"),
    told(3, "0"),
    move(3, "c", "1"),
    move(3, "d", "-1"),
    look(4, "90"),
    told(4, "-7"),
    move(4, "e", "-7"),
]


def _flow(rows: list[StoredObservation], start: float, end: float) -> tuple[str, str, str] | None:
    found = whole_flow(rows, round(start * HOUR), round(end * HOUR))
    return None if found is None else (str(found.inward), str(found.outward), str(found.largest_out))


def test_what_came_in_and_went_out_adds_up_over_the_looks() -> None:
    assert _flow(DAY, 1, 4) == ("3", "13", "7")
    assert _flow(DAY, 2, 3) == ("1", "1", "1")
    assert _flow(DAY, 3, 3) == ("0", "0", "0")


def test_a_window_between_two_looks_is_never_cut_short() -> None:
    assert _flow(DAY, 1.5, 1.6) == ("2", "5", "5")
    assert _flow(DAY, 2.9, 3.1) == ("1", "8", "7")


@pytest.mark.parametrize(("start", "end"), [(0.9, 2), (3, 4.1), (0, 9)])
def test_a_window_that_reaches_beyond_the_looks_is_not_known(start: float, end: float) -> None:
    assert _flow(DAY, start, end) is None


@pytest.mark.parametrize(
    "lost", [one for one in DAY if one.kind != "point"], ids=lambda one: f"{one.kind} {one.subject}"
)
def test_anything_missing_leaves_gross_flows_unknown(lost: StoredObservation) -> None:
    assert _flow([one for one in DAY if one is not lost], 1, 4) is None


def test_transactions_that_do_not_explain_the_balance_are_not_all() -> None:
    changed = [replace(one, amount="96") if one.time == 3 * HOUR and one.kind == "point" else one for one in DAY]
    assert _flow(changed, 1, 3) is None
    assert _flow(changed, 1, 2) is not None


def test_a_look_that_failed_is_bridged_by_what_was_told_after_it() -> None:
    rows = [one for one in DAY if one.time != 3 * HOUR and not (one.kind == "told" and one.time == 4 * HOUR)]
    rows += [look(3, None), told(4, "-7")]
    assert _flow(rows, 1, 4) == ("3", "13", "7")


def test_every_chain_of_an_asset_must_be_known() -> None:
    other = [look(1, "5", "liquid"), look(4, "6", "liquid"), move(4, "z", "1", "liquid")]
    assert _flow([*DAY, *other], 1, 4) is None
    assert _flow([*DAY, *other, told(4, "1", "liquid")], 1, 4) == ("4", "13", "7")


def test_no_rows_are_no_flow() -> None:
    assert whole_flow([], 0, 1) is None
    assert whole_flow([look(1, "5")], HOUR, HOUR) == Flow(0, 0)
