"""Number rules and coin orders, against cases written out by hand and against independent re-implementations."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reserves_gui.merkle.numbers import (
    Amount,
    BalanceText,
    CoinOrder,
    NumberRule,
    balance_text,
    hash_map_order,
    java_string_hash,
    java_text,
    number_text,
    ordered,
)
from tests.encoders.java import HashMapByTheBook, big_decimal_text, java_hash_by_the_book


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("0.00000067", "6.7E-7"),
        ("0.00000000", "0E-8"),
        ("0.000001", "0.000001"),
        ("1.010000000E-7", "1.010000000E-7"),
        ("10.0000000000000000", "10.0000000000000000"),
        ("1E+2", "1E+2"),
        ("-0", "0"),
        ("-0.00000000", "0E-8"),
        ("-0.0000001", "-1E-7"),
        ("123e-10", "1.23E-8"),
        ("989399889.12692537", "989399889.12692537"),
    ],
)
def test_java_prints_decimals_like_this(text, printed):
    assert java_text(Decimal(text)) == printed


@given(st.integers(-(10**40), 10**40), st.integers(-30, 60))
def test_java_text_follows_the_specification_of_big_decimal(unscaled, scale):
    value = Decimal((int(unscaled < 0), tuple(int(digit) for digit in str(abs(unscaled))), -scale))
    assert java_text(value) == big_decimal_text(unscaled, scale)


@pytest.mark.parametrize(
    ("rule", "text", "decimals", "written"),
    [
        (NumberRule.VERBATIM, "1.500", 8, "1.500"),
        (NumberRule.STRIP, "0.00", None, "0"),
        (NumberRule.STRIP, "100", None, "100"),
        (NumberRule.STRIP, "100.0", None, "100"),
        (NumberRule.STRIP, "1.50", None, "1.5"),
        (NumberRule.STRIP, "-0.00", None, "0"),
        (NumberRule.STRIP, "1e-8", None, "0.00000001"),
        (NumberRule.STRIP, "1e3", None, "1000"),
        (NumberRule.CUT_STRIP, "1.239999999", 2, "1.23"),
        (NumberRule.CUT_STRIP, "-1.239", 2, "-1.23"),
        (NumberRule.CUT_STRIP, "1.200", 2, "1.2"),
        (NumberRule.CUT_FIXED, "1.2", 4, "1.2000"),
        (NumberRule.CUT_FIXED, "-0.00009", 4, "0.0000"),
        (NumberRule.CUT_FIXED, "1.23456", 4, "1.2345"),
    ],
)
def test_amounts_are_written_by_rule(rule, text, decimals, written):
    assert number_text(rule, Amount(text, Decimal(text)), decimals) == written


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=6), max_size=80))
def test_hash_map_order_follows_the_java_class(keys):
    assert list(hash_map_order(keys)) == list(HashMapByTheBook(keys))


@given(st.text(st.characters(codec="utf-8"), max_size=12))
def test_string_hash_follows_the_java_class(text):
    assert java_string_hash(text) == java_hash_by_the_book(text)


def test_hash_map_order_of_known_coins():
    assert hash_map_order(["BTC", "ETH", "USDT", "USDC"]) == ("BTC", "ETH", "USDT", "USDC")
    six = ["USDC", "USDT", "ETH", "XRP", "SOL", "BTC"]
    assert hash_map_order(six) == ("BTC", "SOL", "XRP", "ETH", "USDT", "USDC")
    assert hash_map_order(["USDT", "DOGE"]) == ("USDT", "DOGE")
    assert hash_map_order(["DOGE", "USDT"]) == ("DOGE", "USDT")


def test_capacity_grows_with_the_thirteenth_and_the_twenty_fifth_key():
    keys = [f"C{number}" for number in range(40)]
    for count in (12, 13, 24, 25):
        book = HashMapByTheBook(keys[:count])
        assert len(book.table) == {12: 16, 13: 32, 24: 32, 25: 64}[count]
        assert list(hash_map_order(keys[:count])) == list(book)


def test_coin_orders():
    assert ordered(CoinOrder.CODE_POINT, ["b", "B", "a"]) == ("B", "a", "b")
    assert ordered(CoinOrder.LISTED, ["ETH", "BTC"], ("BTC", "XRP", "ETH")) == ("BTC", "ETH")


def test_balance_texts():
    amounts = [("BTC", "1"), ("ETH", "2.5")]
    assert balance_text(BalanceText.QUOTED, amounts) == '{"BTC":"1","ETH":"2.5"}'
    assert balance_text(BalanceText.BARE, amounts) == '{"BTC":1,"ETH":2.5}'
    assert balance_text(BalanceText.NAMED, amounts) == "BTC:1,ETH:2.5"
    assert balance_text(BalanceText.JOINED, amounts) == "12.5"
    assert balance_text(BalanceText.QUOTED, []) == "{}"
