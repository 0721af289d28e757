"""What only servers of TRON, Solana and the XRP Ledger can lie about."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.verdict import State
from tests.chain.faults import Fault
from tests.chain.honest import HONEST, LOWER, NOW, TOP
from tests.chain.honest.ledgers import SOLANA, TRON, XRP
from tests.chain.liars.kit import error, hosts, key_of, look, no_answers, put, result

_OTHER_TOKEN = TRON[1]
_FIRST = {kind: HONEST[kind].addresses[0] for kind in ("tron", "solana", "xrp")}


def _tron(path: str, *where: str | int, value: Any = None, by: Callable[[Any], Any] | None = None) -> Fault:
    return Fault(path, change=put(*where, value=value, by=by))


def _rpc(method: str, *where: str | int, value: Any = None, by: Callable[[Any], Any] | None = None) -> Fault:
    return Fault(method, change=result(put(*where, value=value, by=by)))


def _page(count: int, *, more: bool) -> Fault:
    """A page of the same transfer, ``count`` times under other ids, and a mark of the next page."""

    def filled(told: Any) -> Any:
        (one,) = told["data"]
        entries = [{**one, "transaction_id": f"{number:064x}"} for number in range(count)]
        return {"data": entries, "meta": {"fingerprint": "next"} if more else {}}

    return Fault("/trc20", change=filled)


def _full(entries: Any) -> Any:
    """A thousand signatures of one slot: the page is full, so another one is asked for, which is the same."""
    return [{"signature": f"s{number}", "slot": 18} for number in range(1000)]


# Kind, what is wrong, the height asked for, the token if it is about one, why there is no answer.
_CASES = {
    "a TRON zero that names the block": ("tron", _tron("getaccountbalance", "balance", value=0), TOP, "", "chain.tron_zero"),
    "a TRON zero for the past": ("tron", _tron("getaccountbalance", "balance", value=0), LOWER, "", "chain.tron_zero"),
    "a TRON balance of another block": ("tron", _tron("getaccountbalance", "block_identifier", "number", value=3), TOP, "", "chain.answer_shape"),
    "a TRON balance of another hash": ("tron", _tron("getaccountbalance", "block_identifier", "hash", value="ab" * 32), TOP, "", "chain.answer_shape"),
    "a TRON balance of no block": ("tron", _tron("getaccountbalance", "block_identifier"), TOP, "", "chain.answer_shape"),
    "a TRON error": ("tron", Fault("getaccountbalance", change=lambda _: {"Error": "class x : null"}), TOP, "", "chain.rpc_error"),
    "a TRON block of another number": ("tron", _tron("getblockbynum", "block_header", "raw_data", "number", value=3), TOP, "", "chain.answer_shape"),
    "TRON transfers of another token": ("tron", _tron("/trc20", "data", 0, "token_info", "address", value=_OTHER_TOKEN), LOWER, "USDT", "chain.answer_shape"),
    "TRON transfers of others": ("tron", _tron("/trc20", "data", 0, "from", value=_OTHER_TOKEN), LOWER, "USDT", "chain.answer_shape"),
    "TRON transfers of before": ("tron", _tron("/trc20", "data", 0, "block_timestamp", value=1), LOWER, "USDT", "chain.answer_shape"),
    "a TRON page again and again": ("tron", _page(200, more=True), LOWER, "USDT", "chain.page_repeated"),
    "a TRON transfer twice": ("tron", _tron("/trc20", "data", by=lambda page: page * 2), LOWER, "USDT", "chain.page_repeated"),
    "a TRON page that is too long": ("tron", _page(201, more=False), LOWER, "USDT", "chain.answer_shape"),
    "more TRON tokens received than held": ("tron", _tron("/trc20", "data", 0, by=lambda one: {**one, "to": one["from"], "from": one["to"], "value": "901"}), LOWER, "USDT", "chain.walk_negative"),
    "two TRON results": ("tron", _tron("triggerconstant", "constant_result", by=lambda told: told * 2), TOP, "USDT", "chain.answer_shape"),
    "no TRON result": ("tron", _tron("triggerconstant", "constant_result", value=[]), TOP, "USDT", "chain.no_contract"),
    "a Solana balance of an earlier slot": ("solana", _rpc("getBalance", "context", "slot", value=3), TOP, "", "chain.above_tip"),
    "a Solana balance of no slot": ("solana", _rpc("getBalance", "context"), TOP, "", "chain.answer_shape"),
    "a Solana error": ("solana", Fault("getBalance", change=error(-32005, "behind")), TOP, "", "chain.rpc_error"),
    "a Solana transaction of another slot": ("solana", _rpc("getTransaction", "slot", value=17), LOWER, "", "chain.answer_shape"),
    "a Solana transaction of others": ("solana", _rpc("getTransaction", "transaction", "message", "accountKeys", 0, value=SOLANA[1]), LOWER, "", "chain.answer_shape"),
    "a Solana transaction that is gone": ("solana", _rpc("getTransaction"), LOWER, "", "chain.answer_shape"),
    "Solana balances for fewer accounts": ("solana", _rpc("getTransaction", "meta", "preBalances", value=[5]), LOWER, "", "chain.answer_shape"),
    "a Solana balance below nothing": ("solana", _rpc("getTransaction", "meta", "preBalances", 0, value=-1), LOWER, "", "chain.answer_shape"),
    "Solana signatures oldest first": ("solana", _rpc("getSignatures", by=lambda page: [{"signature": "four", "slot": 17}, {"signature": "five", "slot": 18}]), LOWER, "", "chain.page_order"),
    "a Solana page again and again": ("solana", _rpc("getSignatures", by=_full), LOWER, "", "chain.page_repeated"),
    "a Solana signature twice": ("solana", _rpc("getSignatures", by=lambda page: [page[0], page[0]] if page else page), LOWER, "", "chain.page_repeated"),
    "a Solana token of somebody else": ("solana", _rpc("getTokenAccounts", "value", 0, "account", "data", "parsed", "info", "owner", value=SOLANA[1]), TOP, "USDT", "chain.answer_shape"),
    "another Solana token": ("solana", _rpc("getTokenAccounts", "value", 0, "account", "data", "parsed", "info", "mint", value=SOLANA[1]), TOP, "USDT", "chain.answer_shape"),
    "a Solana token account twice": ("solana", _rpc("getTokenAccounts", "value", by=lambda held: held * 2), TOP, "USDT", "chain.answer_shape"),
    "Solana tokens of an earlier slot": ("solana", _rpc("getTokenAccounts", "context", "slot", value=3), TOP, "USDT", "chain.above_tip"),
    "Solana tokens of the past": ("solana", Fault(times=0), LOWER, "USDT", "chain.now_only"),
    "an XRP ledger that is not validated": ("xrp", _rpc("account_info", "validated", value=False), TOP, "", "chain.not_validated"),
    "an XRP ledger that does not say": ("xrp", _rpc("account_info", "validated"), TOP, "", "chain.not_validated"),
    "another XRP ledger": ("xrp", _rpc("account_info", "ledger_index", value=3), TOP, "", "chain.not_validated"),
    "an XRP ledger of another hash": ("xrp", _rpc("account_info", "ledger_hash", value="ab" * 32), TOP, "", "chain.reorganised"),
    "an XRP account of nobody in no ledger": ("xrp", _rpc("account_info", by=lambda told: {"error": "actNotFound", "ledger_index": told["ledger_index"]}), TOP, "", "chain.not_validated"),
    "another XRP account": ("xrp", _rpc("account_info", "account_data", "Account", value=XRP[1]), TOP, "", "chain.answer_shape"),
    "an XRP error": ("xrp", _rpc("account_info", value={"error": "slowDown"}), TOP, "", "chain.rpc_error"),
    "an XRP ledger that is gone": ("xrp", _rpc("account_info", value={"error": "lgrNotFound"}), LOWER, "", "chain.no_state"),
}  # fmt: skip


_GROUPS = sorted({(kind, height, token) for kind, _, height, token, _ in _CASES.values()})


@pytest.mark.parametrize(("kind", "height", "token"), _GROUPS)
def test_an_answer_that_does_not_hold_is_unknown_and_never_zero(
    kind: str, height: int, token: str, tmp_path: Path
) -> None:
    """All cases of one question at once."""
    cases = {name: case for name, case in _CASES.items() if (case[0], *case[2:4]) == (kind, height, token)}
    seen = no_answers(
        kind,
        {name: case[1] for name, case in cases.items()},
        tmp_path,
        {name: case[4] for name, case in cases.items()},
        asset=token or None,
        at={HONEST[kind].chain: height},
        held={_FIRST[kind]: "1"},
    )
    assert seen.state is State.UNDECIDED


def test_two_hosts_that_both_answer_zero_for_tron_know_nothing(tmp_path: Path) -> None:
    zero = Fault("getaccountbalance", change=put("balance", value=0))
    with hosts("tron", zero) as found:
        found["honest"].faults.append(zero)
        seen = look("tron", found, tmp_path)
    assert (seen.state, seen.rows) == (State.UNDECIDED, {"unknown": 2})


_NOBODY = "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf"
# The account as it is now, and the rows that two hosts then come to at the newest block.
_EMPTY: dict[str, tuple[object, str]] = {
    "never there": ({}, "agree"),
    "nothing left": ({"address": _NOBODY, "latest_opration_time": 1000 * (NOW - 9)}, "agree"),
    "emptied since": ({"address": _NOBODY, "balance": 0, "latest_opration_time": 1000 * (NOW + 3)}, "unknown"),
    "a contract": ({"address": _NOBODY, "type": "Contract"}, "unknown"),
    "something there": ({"address": _NOBODY, "balance": 5}, "unknown"),
    "another account": ({"address": TRON[0]}, "unknown"),
    "no account": ([], "unknown"),
}


@pytest.mark.parametrize("name", _EMPTY)
def test_an_empty_tron_account_is_told_from_a_missing_history_at_the_newest_block(name: str, tmp_path: Path) -> None:
    account, rows = _EMPTY[name]
    told = Fault("getaccount$", change=lambda _told: account)
    with hosts("tron", told) as found:
        found["honest"].faults.append(told)
        seen = look("tron", found, tmp_path, held={_NOBODY: "0"})
    assert seen.rows == {rows: 1}
    assert seen.state is (State.VERIFIED if rows == "agree" else State.UNDECIDED)


def test_one_host_that_calls_a_tron_account_empty_does_not_decide(tmp_path: Path) -> None:
    zero = Fault("getaccountbalance", change=put("balance", value=0))
    with hosts("tron", zero, Fault("getaccount$", change=lambda _told: {})) as found:
        seen = look("tron", found, tmp_path)
    assert (seen.state, seen.rows) == (State.UNDECIDED, {"differ": 2})


def test_an_empty_tron_account_says_nothing_of_blocks_further_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reserves_gui.chain.tron._NEWEST", TOP - LOWER - 1)
    with hosts("tron") as found:
        seen = look("tron", found, tmp_path, held={_NOBODY: "0"}, at={"tron": LOWER})
    assert (seen.state, seen.rows) == (State.UNDECIDED, {"unknown": 1})
    assert seen.why("honest") == {"chain.tron_zero"}


def test_an_xrp_account_that_a_validated_ledger_does_not_hold_has_nothing(tmp_path: Path) -> None:
    nobody = "rPT1Sjq2YGrBMTttX4GZHjKu9dyfzbpAYe"
    with hosts("xrp") as found:
        seen = look("xrp", found, tmp_path, held={nobody: "0"})
    assert (seen.state, seen.rows) == (State.VERIFIED, {"agree": 1})
    gone = Fault("account_info", change=result(lambda told: {**told, "account_data": None, "error": "actNotFound"}))
    with hosts("xrp", gone) as found:
        seen = look("xrp", found, tmp_path)
    assert (seen.state, seen.rows) == (State.UNDECIDED, {"differ": 2})


_TIPS = {
    "tron": (Fault("getnowblock", change=put("blockID", value="ab" * 32)), "answer_shape"),
    "solana": (Fault("getBlockTime", change=result(lambda _told: None)), "tip_undated"),
    "xrp": (Fault(" ledger$", change=result(put("validated", value=False))), "not_validated"),
}


@pytest.mark.parametrize("kind", _TIPS)
def test_a_newest_block_that_is_none_leaves_the_source_out(kind: str, tmp_path: Path) -> None:
    fault, key = _TIPS[kind]
    with hosts(kind, fault) as found:
        seen = look(kind, found, tmp_path)
    assert key_of(seen.source("liar")["problem"]) == f"chain.{key}"
    assert (seen.state, seen.rows) == (State.UNDECIDED, {"single_source": 2})
