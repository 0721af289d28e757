"""Amounts in every form but the agreed one, from every kind of server: the answer is refused, never read as a number."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.chain.faults import HERE, Fault
from tests.chain.liars.kit import no_answers, result
from tests.chain.liars.lies import AMOUNT, TOKEN, TOKEN_NAME

_MUCH = "1" + "0" * 30
# What is an amount for no kind, and what is no JSON: that is refused in one place for all, so one kind stands for it.
_NEVER = ("5e2", "-1", "-0", "NaN", "true", "null", "[]", "{}", '""', '"-1"', '"1.0"', '"1e2"', '" 1"', f'"{_MUCH}"')
_NO_JSON = (
    "Infinity",
    "-Infinity",
    "0x10",
    "01",
    "1_000",
    "+1",
    ".5",
    "1.",
    "9" * 200,
    "1E-2000000",
    '"\u0663"',
    '"NaN"',
)
_INTEGER = (*_NEVER, "1.5", "500.0", _MUCH, '"5"', '"0x5"')
_COINS = (*_NEVER, '"5"', "0.000000001")
_DIGITS = (*_NEVER, "1.5", "500.0", _MUCH, '"0x5"', '"+5"')
_QUANTITY = (
    *_NEVER,
    "1.5",
    "5",
    _MUCH,
    '"5"',
    '"0x"',
    '"0x01"',
    '"0xg"',
    '"-0x1"',
    '"0x1.8"',
    '"0X1"',
    f'"0x{"f" * 65}"',
)
_FORMS = {
    "esplora": (*_INTEGER, *_NO_JSON),
    "electrum": _INTEGER,
    "bitcoind": _COINS,
    "evm": _QUANTITY,
    "evm-proof": _QUANTITY,
    "tron": _INTEGER,
    "solana": _INTEGER,
    "xrp": _DIGITS,
}
_GOOD = {"evm": '"0x5"', "evm-proof": '"0x5"', "xrp": '"5"'}
_KEPT = {"chain.answer_shape", "chain.answer_json", "chain.stats", "chain.lying"}


def _refused(kind: str, faults: Mapping[str, Fault], folder: Path, *, asset: str | None = None) -> None:
    """Every liar is without answer for every address, for a reason of form, and the honest host is what is left."""
    # A message of TRON nodes leaves out what is 0, which then is no balance either.
    allowed = _KEPT | {"chain.tron_zero"} if kind == "tron" else _KEPT
    # Nothing, or no 32 bytes, is what comes of an address without a contract.
    allowed = allowed if asset is None else allowed | {"chain.no_contract"}
    seen = no_answers(kind, faults, folder, allowed, asset=asset)
    assert seen.rows == {"single_source": 2}


@pytest.mark.parametrize("kind", _FORMS)
def test_an_amount_in_another_form_is_refused(kind: str, tmp_path: Path) -> None:
    place = AMOUNT[kind]
    faults = {literal: place.spelled(literal) for literal in _FORMS[kind]}
    faults["missing"] = place.without()
    faults["twice"] = place.doubled(_GOOD.get(kind, "5"))
    _refused(kind, faults, tmp_path)


@pytest.mark.parametrize("kind", TOKEN)
def test_a_token_in_another_form_is_refused(kind: str, tmp_path: Path) -> None:
    place = TOKEN[kind]
    words = {
        "evm": (*_QUANTITY[:-1], '"0x5"', f'"0x{"0" * 62}"', f'"0x{"0" * 65}"', f'"0x{"0" * 66}"'),
        "tron": (*_NEVER, "1", '"5"', f'"{"0" * 62}"', f'"0x{"0" * 64}"', f'"{"0" * 66}"'),
        "solana": tuple(one for one in _DIGITS if one != "500.0"),
    }
    _refused(kind, {one: place.spelled(one) for one in words[kind]}, tmp_path, asset=TOKEN_NAME[kind])


@pytest.mark.parametrize("literal", [_MUCH, "4200000001"])
def test_an_output_of_more_than_there_ever_will_be_is_refused(literal: str, tmp_path: Path) -> None:
    """The total says the same, so that it adds up."""

    def changed(scan: Any) -> Any:
        return {**scan, "unspents": [{**scan["unspents"][0], "amount": HERE}], "total_amount": HERE}

    _refused("bitcoind", {literal: Fault("scantxoutset", change=result(changed), spell=literal.encode())}, tmp_path)
