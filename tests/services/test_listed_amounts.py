"""What a list states against what is seen: figures that are exact, rounded, for one address or for many, or none."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.progress import Progress
from reserves_gui.services.balances import BalancesRequest, observe_balances
from reserves_gui.verdict import Check, Outcome, State, Verdict

ALICE = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
BOB = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
CAROL = "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"


def _look(folder: Path, listed: str, held: dict[str, str], *, name: str = "list.csv") -> Verdict:
    """``listed`` against two recorded sources that agree on ``held`` at block 100."""
    (folder / name).write_text(listed, encoding="utf-8")
    rows = "".join(f"bitcoin,{address},100,BTC,{amount}\n" for address, amount in held.items())
    sources = []
    for number in range(2):
        place = folder / f"source{number}.csv"
        place.write_text("chain,address,height,asset,amount\n" + rows, encoding="utf-8")
        sources.append(f"file:{place}")
    request = BalancesRequest(files=(str(folder / name),), sources=tuple(sources), at={"bitcoin": 100}, offline=True)
    return observe_balances(request, Progress())


def _generic(*rows: tuple[str, str]) -> str:
    return "chain,asset,address,amount\n" + "".join(f"bitcoin,BTC,{address},{amount}\n" for address, amount in rows)


def _amount(verdict: Verdict) -> Check:
    return next(check for claim in verdict.claims for check in claim.checks if check.id == "balances.amount")


def _asset(verdict: Verdict) -> dict[str, Any]:
    found: dict[str, Any] = verdict.extra["assets"]["BTC"]  # type: ignore[index]
    return found


# (listed amounts, held amounts, outcome, key)
_ROUNDING = {
    "rounded down": (("1.2340", "4.5678"), ("1.23409999", "4.5678"), Outcome.PASSED, "balances.amount.all_rounded"),
    "rounded up": (("1.2340", "4.5678"), ("1.23390001", "4.5678"), Outcome.PASSED, "balances.amount.all_rounded"),
    "one unit of rounding off": (("1.2340", "4.5678"), ("1.2339", "4.5678"), Outcome.FAILED, "balances.amount.less"),
    "one unit of rounding off, in full": (("1.2340", "4.5678"), ("1.23390000", "4.5678"), Outcome.FAILED, "balances.amount.less"),
    "one unit of rounding more": (("1.2340", "4.5678"), ("1.2341", "4.5678"), Outcome.PASSED, "balances.amount.all"),
    "no zero at an end": (("1.2345", "4.5678"), ("1.23449999", "4.5678"), Outcome.FAILED, "balances.amount.less"),
    "two lengths": (("1.2340", "4.567"), ("1.23399999", "4.567"), Outcome.FAILED, "balances.amount.less"),
    "one figure alone": (("1.2340", "0"), ("1.23399999", "0"), Outcome.FAILED, "balances.amount.less"),
    "plain zeros aside": (("1.2340", "4.5678", "0"), ("1.23399999", "4.5678", "0"), Outcome.PASSED, "balances.amount.all_rounded"),
    "whole coins": (("10", "20"), ("9.99999999", "20"), Outcome.FAILED, "balances.amount.less"),
    "all places of the coin": (("1.23400000", "4.56780000"), ("1.23399999", "4.5678"), Outcome.FAILED, "balances.amount.less"),
    "more places than the coin has": (("1.2340000000", "4.5678000000"), ("1.23399999", "4.5678"), Outcome.FAILED, "balances.amount.less"),
}  # fmt: skip


@pytest.mark.parametrize("name", _ROUNDING)
def test_only_a_list_that_rounds_is_given_what_rounding_hides(name: str, tmp_path: Path) -> None:
    listed, held, outcome, key = _ROUNDING[name]
    addresses = (ALICE, BOB, CAROL)
    verdict = _look(tmp_path, _generic(*zip(addresses, listed, strict=False)), dict(zip(addresses, held, strict=False)))
    assert (_amount(verdict).outcome, _amount(verdict).reason.key) == (outcome, key)
    assert (verdict.state is State.VERIFIED) == (outcome is Outcome.PASSED)


def test_a_rounded_row_says_what_it_was_given(tmp_path: Path) -> None:
    from reserves_gui.services.balances import opened_lists, rows_of
    from reserves_gui.services.lookup import look_up

    _look(tmp_path, _generic((ALICE, "1.2340"), (BOB, "4.5678")), {ALICE: "1.23399999", BOB: "4.5678"})
    sources = tuple(f"file:{tmp_path / f'source{number}.csv'}" for number in range(2))
    request = BalancesRequest(files=(str(tmp_path / "list.csv"),), sources=sources, at={"bitcoin": 100}, offline=True)
    rows = rows_of(opened_lists(request, Progress()), Progress())
    assert [row.rounded for row in rows] == [4, 4]
    first, second = look_up(rows, request.looking, Progress()).compared
    assert first.reason.key == "balances.row.rounded"
    assert first.reason.args == {"seen": "1.23399999", "listed": "1.234", "places": 4}
    assert second.reason.key == "balances.row.agree"


def test_an_address_on_two_rounded_rows_is_given_both_roundings(tmp_path: Path) -> None:
    rows = ((ALICE, "1.10"), (ALICE, "2.20"), (BOB, "4.50"))
    assert _look(tmp_path, _generic(*rows), {ALICE: "3.2801", BOB: "4.5"}).state is State.VERIFIED
    assert _look(tmp_path, _generic(*rows), {ALICE: "3.28", BOB: "4.5"}).state is State.FAILED


def _lines(*lines: str) -> str:
    return "Coin,Height,Amount,Address\n" + "".join(f"{line}\n" for line in lines)


def test_a_line_is_held_against_all_of_its_addresses_together(tmp_path: Path) -> None:
    listed = _lines("BTC(ALL),,6.5,", f"BTC-Bitcoin,100,6,{ALICE} {BOB}", f"BTC-BTC,100,0.5,{CAROL}")
    verdict = _look(tmp_path, listed, {ALICE: "4", BOB: "2", CAROL: "0.5"})
    assert verdict.state is State.VERIFIED
    assert _asset(verdict)["listed"] == "6.5"
    assert set(_asset(verdict)["seen"].values()) == {"6.5"}


def test_a_line_that_holds_less_is_one_failure(tmp_path: Path) -> None:
    listed = _lines(f"BTC-Bitcoin,100,6,{ALICE} {BOB} {ALICE}", f"BTC-BTC,100,0.5,{CAROL}")
    verdict = _look(tmp_path, listed, {ALICE: "4", BOB: "1.99999999", CAROL: "0.5"})
    check = _amount(verdict)
    assert check.outcome is Outcome.FAILED
    assert check.reason.args["count"] == 1
    assert (check.expected, check.seen) == ("6", "5.99999999")
    failures = verdict.extra["failures"]
    assert [one["line"] for one in failures] == [2]  # type: ignore[attr-defined]
    assert failures[0]["reason"] == "The 2 addresses of line 2 hold only 5.99999999 together, 6 listed."  # type: ignore[index]


def test_a_line_with_an_open_address_is_not_compared(tmp_path: Path) -> None:
    verdict = _look(tmp_path, _lines(f"BTC-Bitcoin,100,6,{ALICE} {BOB}"), {ALICE: "9"})
    assert _amount(verdict).outcome is Outcome.NOT_CHECKED
    assert verdict.state is State.UNDECIDED
    assert _asset(verdict)["listed"] == "6"


def test_lines_that_round_are_given_one_rounding_each(tmp_path: Path) -> None:
    listed = _lines(f"BTC-Bitcoin,100,6.10,{ALICE} {BOB}", f"BTC-BTC,100,0.55,{CAROL}")
    verdict = _look(tmp_path, listed, {ALICE: "4", BOB: "2.09000001", CAROL: "0.55"})
    assert _amount(verdict).reason.key == "balances.amount.all_rounded"
    verdict = _look(tmp_path, listed, {ALICE: "4", BOB: "2.09", CAROL: "0.55"})
    assert _amount(verdict).outcome is Outcome.FAILED


@pytest.mark.parametrize("amount", ["-", "", "1e3", "-6", "six"])
def test_a_line_whose_amount_is_none_lists_nothing(amount: str, tmp_path: Path) -> None:
    verdict = _look(tmp_path, _lines(f"BTC-Bitcoin,100,{amount},{ALICE} {BOB}"), {ALICE: "4", BOB: "2"})
    assert _amount(verdict).reason.key == "balances.amount.nothing_listed"
    assert _asset(verdict)["listed"] is None


def test_a_list_without_amounts_says_so(tmp_path: Path) -> None:
    listed = f'{{"data": [{{"network": "BTC", "address": "{ALICE}"}}, {{"network": "BTC", "address": "{BOB}"}}]}}'
    verdict = _look(tmp_path, listed, {ALICE: "4", BOB: "2"}, name="list.json")
    assert _amount(verdict).reason.key == "balances.amount.nothing_listed"
    assert _amount(verdict).reason.args == {"rows": 2}
    assert verdict.exit_code == 3


def test_coverage_takes_the_amounts_of_lines_as_listed(tmp_path: Path) -> None:
    from reserves_gui.services.balances import opened_lists, rows_of
    from reserves_gui.services.listed import listed_total

    (tmp_path / "list.csv").write_text(
        _lines(f"BTC-Bitcoin,100,6,{ALICE} {BOB}", f"BTC-BTC,100,0.5,{CAROL}"), encoding="utf-8"
    )
    request = BalancesRequest(files=(str(tmp_path / "list.csv"),), sources=(), offline=True)
    rows = rows_of(opened_lists(request, Progress()), Progress())
    assert len(rows) == 3
    assert listed_total(rows) == Decimal("6.5")
    assert listed_total([]) is None
