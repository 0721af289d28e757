"""Exact amounts and the strict number grammar."""

import time
from decimal import Decimal, Inexact

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reserves_gui import amounts
from reserves_gui.errors import ErrorCode, ReservesError

BAD = (
    "", " ", "NaN", "Infinity", "-Infinity", "+1", ".5", "1.", "01", "-01", "1_000", " 1", "1 ", "1\n", "0x10", "1e5", "--1",
    "١٢٣", "\uff11", "1,5", "1.5.2", "1e2000000", "9" * 111, "-", "1\u200b", "½",
)  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_a_number_outside_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(ReservesError) as caught:
        amounts.parse_plain(text, "file.key")
    assert caught.value.code is ErrorCode.NUMBER_GRAMMAR
    assert caught.value.where == "file.key"


@pytest.mark.parametrize(
    "text", ["1e61", "1e-61", "1e100", "1E+99", "1e", "e5", "1e+", "1.e5", "1e5.0", "1e1_0", "NaN"]
)
def test_an_exponent_outside_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(ReservesError) as caught:
        amounts.parse_exponent(text)
    assert caught.value.code is ErrorCode.NUMBER_GRAMMAR


@pytest.mark.parametrize("text", ["-1", "01", "1.0", "", "1" * 79, "1e2", "+1", "١"])
def test_an_integer_outside_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(ReservesError):
        amounts.parse_integer(text)


def test_an_integer_at_its_bound_is_refused() -> None:
    assert amounts.parse_integer("255", below=256) == 255
    with pytest.raises(ReservesError):
        amounts.parse_integer("256", below=256)


def test_a_huge_exponent_costs_no_time() -> None:
    started = time.perf_counter()
    for text in ("1e2000000", "9" * 5000, "1e-2000000"):
        with pytest.raises(ReservesError):
            amounts.parse_exponent(text)
    assert time.perf_counter() - started < 1


NUMBERS = st.from_regex(r"\A-?(0|[1-9][0-9]{0,60})(\.[0-9]{1,45})?\Z")


@given(NUMBERS)
def test_the_grammar_keeps_every_digit(text: str) -> None:
    assert format(amounts.parse_plain(text), "f") == text


@given(st.lists(NUMBERS, max_size=30))
def test_sums_never_round(texts: list[str]) -> None:
    values = [amounts.parse_plain(text) for text in texts]
    scale = max((-value.as_tuple().exponent for value in values), default=0)
    units = sum(int(value.scaleb(scale, amounts.EXACT)) for value in values)
    assert amounts.total(values) == amounts.scaled(units, scale)


def test_a_sum_that_would_round_is_an_error_of_ours_and_never_a_wrong_figure() -> None:
    with pytest.raises(Inexact):
        amounts.add(Decimal("1e400"), Decimal("1e-400"))


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("0.00", "0"),
        ("100", "100"),
        ("1.50", "1.5"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("10.0", "10"),
        ("-1.20", "-1.2"),
        ("6.7E-7", "0.00000067"),
    ],
)
def test_strip(text: str, stripped: str) -> None:
    assert amounts.stripped(Decimal(text)) == stripped


@pytest.mark.parametrize(
    ("text", "decimals", "cut"),
    [
        ("-1.239", 2, "-1.23"),
        ("1.999", 2, "1.99"),
        ("1", 8, "1.00000000"),
        ("0.123456789", 8, "0.12345678"),
        ("7", 0, "7"),
    ],
)
def test_cut_goes_toward_zero(text: str, decimals: int, cut: str) -> None:
    assert format(amounts.cut(Decimal(text), decimals), "f") == cut


def test_units_refuse_to_lose_a_digit() -> None:
    assert amounts.units(Decimal("1.5"), 8) == 150_000_000
    with pytest.raises(ValueError, match="decimals"):
        amounts.units(Decimal("0.000000001"), 8)


@pytest.mark.parametrize(
    ("value", "text"), [("0.02470000", "+0.0247"), ("-9000", "-9000"), ("0E-8", "+0"), ("-0", "+0"), ("1E+3", "+1000")]
)
def test_a_change_has_a_sign_and_no_trailing_zeros(value: str, text: str) -> None:
    assert amounts.signed(Decimal(value)) == text
