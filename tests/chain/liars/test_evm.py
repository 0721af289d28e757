"""What only EVM endpoints can lie about: batches, the contract that reads many at once, tokens, old state."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.amounts import scaled, stripped
from reserves_gui.chain import multicall
from reserves_gui.chain.trie import keccak256
from reserves_gui.verdict import Outcome, State
from tests.chain.faults import Answering, Fault
from tests.chain.honest import NOW
from tests.chain.honest.evm import CODE, OTHER, OWNER, TOP, evm, many, packed
from tests.chain.liars.kit import crowd, error, hosts, look, no_answers, put, result
from tests.chain.servers import Town

_MANY = many(10)
_HELD = {address: stripped(scaled(wei, 18)) for address, wei in _MANY.items()}


def _batched(change: Callable[[list[Any]], list[Any]]) -> Fault:
    """A change of the answers to a batch of balances."""
    return Fault("eth_getBalance eth_getBalance", change=change)


def _missing_node(answer: Any) -> Any:
    return error(-32000, "missing trie node ab12 (path )")(answer)


def _swapped(answers: list[Any]) -> list[Any]:
    first, second = answers
    return [{**first, "id": second["id"]}, {**second, "id": first["id"]}]


# What comes of the two rows, and why the liar gave no amount.
_BATCHES = {
    "shuffled": (_batched(lambda told: told[::-1]), {"agree": 2}, set()),
    "under each other's number": (_batched(_swapped), {"differ": 2}, set()),
    "one missing": (_batched(lambda told: told[1:]), {"agree": 1, "single_source": 1}, {"chain.batch_missing"}),
    "one an error": (_batched(lambda told: [error(-32000, "no")(told[0]), told[1]]), {"agree": 1, "single_source": 1}, {"chain.rpc_error"}),
    "one without its state": (_batched(lambda told: [_missing_node(told[0]), told[1]]), {"agree": 1, "single_source": 1}, {"chain.no_state"}),
    "one out of form": (_batched(put(0, "result", value="1")), {"agree": 1, "single_source": 1}, {"chain.answer_shape"}),
    "one null": (_batched(put(0, "result", value=None)), {"agree": 1, "single_source": 1}, {"chain.answer_shape"}),
    "one without result": (_batched(lambda told: [{"id": told[0]["id"]}, told[1]]), {"agree": 1, "single_source": 1}, {"chain.answer_shape"}),
    "one twice": (_batched(lambda told: [told[0], told[0]]), {"single_source": 2}, {"chain.answer_shape"}),
    "one too many": (_batched(lambda told: [*told, {**told[0], "id": 999}]), {"single_source": 2}, {"chain.answer_shape"}),
    "under texts": (_batched(lambda told: [{**one, "id": str(one["id"])} for one in told]), {"single_source": 2}, {"chain.answer_shape"}),
    "under no number": (_batched(put(0, "id", value=None)), {"agree": 1, "single_source": 1}, {"chain.batch_missing"}),
    "under a fraction": (_batched(put(0, "id", value=1.5)), {"single_source": 2}, {"chain.answer_shape"}),
}  # fmt: skip


@pytest.mark.parametrize("name", _BATCHES)
def test_answers_of_a_batch_are_matched_by_their_number(name: str, tmp_path: Path) -> None:
    fault, rows, keys = _BATCHES[name]
    with hosts("evm", fault) as found:
        seen = look("evm", found, tmp_path)
    assert seen.rows == rows
    assert seen.why("liar") == keys
    assert (seen.state is State.VERIFIED) == (rows == {"agree": 2})


_REFUSED_BATCHES = {
    "by one error": Fault("eth_getBalance eth_getBalance", body=b'{"id":null,"error":{"code":-32600,"message":"x"}}'),
    "by a list of one error": _batched(lambda told: [error(-32600, "batch too large")(told[0])]),
    "by status 400": Fault("eth_getBalance eth_getBalance", status=400),
    "by status 413": Fault("eth_getBalance eth_getBalance", status=413),
}


def _asked(found: Town, method: str, name: str = "liar") -> list[Any]:
    return [json.loads(one.body) for one in found[name].log if method in one.label]


def _many(code: bytes = b"") -> Callable[[], Answering]:
    return lambda: evm(tip_time=NOW, wei=_MANY, code=code)


@pytest.mark.parametrize("name", _REFUSED_BATCHES)
def test_a_batch_that_is_refused_is_halved_down_to_single_questions(name: str, tmp_path: Path) -> None:
    with hosts("evm", _REFUSED_BATCHES[name], honest=_many()) as found:
        seen = look("evm", found, tmp_path, held=_HELD)
        asked = _asked(found, "eth_getBalance")
    assert [len(one) if isinstance(one, list) else 1 for one in asked] == [10, 5, 2, *[1] * 10]
    assert (seen.state, seen.rows) == (State.VERIFIED, {"agree": 10})


# Multicall3 --------------------------------------------------------------------------------------------------------

_AGGREGATE = "0x" + multicall.AGGREGATE3.hex()


@pytest.fixture
def _known_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multicall, "CODE_HASH", keccak256(CODE).hex())


def _answers(*, height: int = TOP, count: int = 10, off: int = 0) -> list[bytes]:
    amounts = [wei + off for wei in _MANY.values()][:count]
    return [height.to_bytes(32, "big"), *(amount.to_bytes(32, "big") for amount in amounts)]


def _told(data: bytes) -> Fault:
    """What the contract that reads many answers."""
    return Fault("eth_call", change=result(lambda _honest: "0x" + data.hex()))


_WHOLE = packed(_answers(off=1))
_COMBINED = {
    "fewer results": _told(packed(_answers(count=9, off=1))),
    "more results": _told(packed([*_answers(off=1), bytes(32)])),
    "another block": _told(packed(_answers(height=TOP - 1, off=1))),
    "no block": _told(packed([b"", *_answers(off=1)[1:]])),
    "nothing": _told(b""),
    "cut off": _told(_WHOLE[:-40]),
    "a place outside": _told(_WHOLE[:64] + b"\xff" * 32 + _WHOLE[96:]),
    "2^255 results": _told(_WHOLE[:32] + b"\x80" + bytes(31) + _WHOLE[64:]),
    "an error": Fault("eth_call", change=error(-32000, "execution reverted")),
    "a number": Fault("eth_call", change=result(lambda _honest: 5)),
}


@pytest.mark.usefixtures("_known_code")
def test_many_balances_are_read_in_one_call(tmp_path: Path) -> None:
    with hosts("evm", honest=_many(CODE)) as found:
        seen = look("evm", found, tmp_path, held=_HELD)
        assert _asked(found, "eth_getBalance") == []
    assert (seen.state, seen.rows) == (State.VERIFIED, {"agree": 10})


@pytest.mark.usefixtures("_known_code")
def test_a_combined_answer_that_does_not_hold_is_dropped_and_each_is_asked_singly(tmp_path: Path) -> None:
    """Every amount in it is off by one: had one been taken, the rows would differ."""
    with crowd("evm", list(_COMBINED.values()), make=_many(CODE)) as found:
        seen = look("evm", found, tmp_path, held=_HELD)
        singly = {
            name: [len(one) for one in _asked(found, "eth_getBalance", f"liar{number}")]
            for number, name in enumerate(_COMBINED)
        }
    assert singly == {key: [10] for key in _COMBINED}
    assert (seen.state, seen.rows) == (State.VERIFIED, {"agree": 10})


@pytest.mark.usefixtures("_known_code")
@pytest.mark.parametrize("code", [b"another", CODE + b"\x00", b""], ids=["another", "one byte more", "none"])
def test_a_fake_contract_is_not_asked(code: bytes, tmp_path: Path) -> None:
    with hosts("evm", _told(_WHOLE), honest=_many(CODE), liar=_many(code)) as found:
        seen = look("evm", found, tmp_path, held=_HELD)
        assert [one for one in _asked(found, "eth_call") if one["params"][0]["to"] == multicall.ADDRESS] == []
    assert (seen.state, seen.rows) == (State.VERIFIED, {"agree": 10})


@pytest.mark.usefixtures("_known_code")
def test_a_combined_answer_without_one_amount_leaves_that_row_and_no_zero(tmp_path: Path) -> None:
    told = _answers()
    told[3] = b""
    with hosts("evm", _told(packed(told)), honest=_many(CODE)) as found:
        seen = look("evm", found, tmp_path, held=_HELD)
    left = seen.told("liar", list(_MANY)[2])
    assert (left["outcome"], left["amount"]) in (("unknown", None), ("seen", _HELD[list(_MANY)[2]]))
    assert "differ" not in seen.rows


@pytest.mark.usefixtures("_known_code")
def test_wrong_amounts_of_the_known_contract_differ(tmp_path: Path) -> None:
    with hosts("evm", _told(_WHOLE), honest=_many(CODE)) as found:
        seen = look("evm", found, tmp_path, held=_HELD)
    assert (seen.state, seen.rows) == (State.UNDECIDED, {"differ": 10})


# Tokens, blocks, old state -----------------------------------------------------------------------------------------


def _for(selector: bytes, told: str) -> Fault:
    """Calls of one method are answered so. The honest answers to both are words; decimals are 8."""
    decimals = selector == multicall.DECIMALS
    return Fault("eth_call", change=result(lambda word: told if (int(word, 16) == 8) == decimals else word))


_WORD = "0x" + "00" * 31
_TOKENS = {
    "no contract": (_for(multicall.BALANCE_OF, "0x"), "chain.no_contract"),
    "31 bytes": (_for(multicall.BALANCE_OF, _WORD), "chain.answer_shape"),
    "33 bytes": (_for(multicall.BALANCE_OF, _WORD + "0000"), "chain.answer_shape"),
    "64 bytes": (_for(multicall.BALANCE_OF, "0x" + "00" * 64), "chain.answer_shape"),
    "no contract that has decimals": (_for(multicall.DECIMALS, "0x"), "chain.no_contract"),
    "78 decimals": (_for(multicall.DECIMALS, _WORD + "4e"), "chain.answer_shape"),
    "a call that fails": (Fault("eth_call", change=error(3, "execution reverted")), "chain.rpc_error"),
}


def test_what_is_no_word_is_no_token_balance(tmp_path: Path) -> None:
    faults = {name: fault for name, (fault, _) in _TOKENS.items()}
    reasons = {name: key for name, (_, key) in _TOKENS.items()}
    seen = no_answers("evm", faults, tmp_path, reasons, asset="WBTC", held={OWNER: "0.00007", OTHER: "0"})
    assert (seen.state, seen.rows) == (State.UNDECIDED, {"single_source": 2})


def test_other_decimals_are_another_amount(tmp_path: Path) -> None:
    with hosts("evm", _for(multicall.DECIMALS, _WORD + "07")) as found:
        seen = look("evm", found, tmp_path, asset="WBTC", held={OWNER: "0.00007"})
    assert (seen.state, seen.rows) == (State.UNDECIDED, {"differ": 1})


@pytest.mark.parametrize(
    "words", ["missing trie node 1a2b (path )", "state not available", "required historical state unavailable: Pruned"]
)
def test_state_that_is_gone_is_not_checked_and_an_archive_node_is_named(words: str, tmp_path: Path) -> None:
    fault = Fault("eth_getBalance eth_getBalance", change=lambda told: [error(-32000, words)(one) for one in told])
    with hosts("evm", fault) as found:
        both = look("evm", found, tmp_path)
        alone = look("evm", found, tmp_path, names=("liar",))
    assert (both.state, both.rows) == (State.UNDECIDED, {"single_source": 2})
    assert alone.rows == {"unknown": 2}
    outcomes = {check.id: check.outcome for claim in alone.verdict.claims for check in claim.checks}
    assert outcomes["balances.amount"] is Outcome.NOT_CHECKED
    assert all("archive" in reason for reason in alone.failures)


def _later(change: Callable[[Any], Any], after: int) -> Callable[[Any], Any]:
    looks: list[int] = []

    def changed(answer: Any) -> Any:
        looks.append(1)
        return change(answer) if len(looks) > after else answer

    return changed


_BLOCKS = {
    "none": (put(value=None), 1, "chain.no_block"),
    "another": (put("number", value="0x3"), 1, "chain.answer_shape"),
    "without hash": (put("hash", value=None), 1, "chain.answer_shape"),
    "of 31 bytes": (put("hash", value="0x" + "ab" * 31), 1, "chain.answer_shape"),
    "replaced meanwhile": (put("hash", value="0x" + "ab" * 32), 2, "chain.reorganised"),
}


def test_a_block_that_is_not_the_one_asked_for_is_no_block(tmp_path: Path) -> None:
    """The first look is the probe's, the second the question's, the third after the answers."""
    faults = {
        name: Fault("getBlockByNumber", change=result(_later(change, after)))
        for name, (change, after, _) in _BLOCKS.items()
    }
    seen = no_answers("evm", faults, tmp_path, {name: key for name, (_, _, key) in _BLOCKS.items()})
    assert (seen.state, seen.rows) == (State.UNDECIDED, {"single_source": 2})
