"""Single outputs that a proof of funds names: seen unspent by two sources as the proof has them, or not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.verdict import Check, Outcome, State
from tests.chain.faults import Fault
from tests.chain.honest import NOW, TOP
from tests.chain.honest.bitcoin import ALICE, BOB, small_chain
from tests.chain.liars.kit import Seen, error, hosts, look, put, result
from tests.chain.proofs import Named, proofs_file

KINDS = ("esplora", "electrum", "bitcoind")
_CHAIN = small_chain(tip_time=NOW)
# Alice: 500 in block 3, spent in block 18; 100 in block 10; 300 in block 18. Bob: 7 in block 5.
FIRST, SECOND, BACK = (
    (one.id, [to for to, _ in one.paid.outputs].index(ALICE), amount, one.height)
    for one in _CHAIN.all()
    for to, amount in one.paid.outputs
    if to == ALICE
)
BOBS = next((one.id, 0, 7, one.height) for one in _CHAIN.all() if (BOB, 7) in one.paid.outputs)
HELD: dict[str, list[Named]] = {ALICE: [SECOND, BACK], BOB: [BOBS]}
BEFORE = 15


def _look(kind: str, folder: Path, proofs: Mapping[str, list[Named]], *faults: Fault, **options: Any) -> Seen:
    stamp = options.pop("stamp", None)
    path = proofs_file(folder / "proofs.json", proofs, stamp=stamp)
    with hosts(kind, *faults) as found:
        return look(kind, found, folder, files=(path,), **options)


def _check(seen: Seen) -> Check:
    claim = seen.verdict.claim("balances")
    assert claim is not None
    return next(check for check in claim.checks if check.id == "balances.unspent")


def _counts(seen: Seen) -> dict[str, int]:
    found = seen.verdict.extra["outputs"]
    assert isinstance(found, dict)
    return {name: found[name] for name in ("unspent", "failed", "open") if found[name]}


@pytest.mark.parametrize("kind", KINDS)
def test_outputs_that_are_still_there_are_seen_by_two_sources(kind: str, tmp_path: Path) -> None:
    seen = _look(kind, tmp_path, HELD)
    assert _check(seen).outcome is Outcome.PASSED
    assert _counts(seen) == {"unspent": 3}
    assert seen.state is State.VERIFIED
    told = seen.verdict.extra["outputs"]["observations"]  # type: ignore[index]
    assert len(told) == 6
    assert {(one["amount"], one["created"]) for one in told} == {("0.000001", 10), ("0.000003", 18), ("0.00000007", 5)}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_spent_since_was_unspent_at_a_block_before(kind: str, tmp_path: Path) -> None:
    seen = _look(kind, tmp_path, {ALICE: [FIRST, SECOND]}, stamp=(BEFORE, _CHAIN.hashes[BEFORE]))
    assert _check(seen).outcome is Outcome.PASSED, _check(seen).reason
    assert _counts(seen) == {"unspent": 2}
    assert seen.verdict.snapshot.height == BEFORE


# What the proof says otherwise than the chain, and how it is told; at the newest block or at one before.
_FALSE: dict[str, tuple[Named, int | None, str]] = {
    "spent": (FIRST, None, "balances.unspent.spent"),
    "not there yet": ((BACK[0], BACK[1], BACK[2], None), BEFORE, "balances.unspent.later"),
    "never there": (("ab" * 32, 0, 500, None), None, "balances.unspent.gone"),
    "a place beyond the last": ((SECOND[0], 9, 100, None), None, "balances.unspent.gone"),
    "another amount": ((SECOND[0], SECOND[1], 101, None), None, "balances.unspent.amount"),
    "another block": ((SECOND[0], SECOND[1], 100, 9), None, "balances.unspent.other_height"),
    "somebody else's": ((BOBS[0], BOBS[1], 7, None), None, "balances.unspent.other_script"),
}


@pytest.mark.parametrize("name", _FALSE)
@pytest.mark.parametrize("kind", KINDS)
def test_an_output_that_is_not_as_the_proof_says_fails_it(kind: str, name: str, tmp_path: Path) -> None:
    named, height, key = _FALSE[name]
    at = {} if height is None else {"bitcoin": height}
    seen = _look(kind, tmp_path, {ALICE: [named, SECOND]} if name == "spent" else {ALICE: [named]}, at=at)
    check = _check(seen)
    assert check.outcome is Outcome.FAILED, check.reason
    assert seen.state is State.FAILED
    # A node knows no transaction that is spent by the newest block: it cannot tell when that was.
    expected = "balances.unspent.gone" if (kind, name) == ("bitcoind", "spent") else key
    assert check.reason.args["reason"].key == expected  # type: ignore[union-attr]


def test_a_stamp_with_another_hash_than_the_chain_has_fails(tmp_path: Path) -> None:
    seen = _look("esplora", tmp_path, {ALICE: [SECOND]}, stamp=(BEFORE, "cd" * 32))
    assert _check(seen).reason.args["reason"].key == "balances.unspent.other_block"  # type: ignore[union-attr]


_BRANCH = result(put("merkle", 0, value="ab" * 32))
# Kind, the lie, how the outputs of HELD stand then. What is open is never passed.
_LIES: dict[str, tuple[str, Fault, Mapping[str, int], str]] = {
    "spent, it says": ("esplora", Fault("/outspends", change=put(0, value={"spent": True, "txid": "ab" * 32, "vin": 0, "status": {"confirmed": True, "block_height": 19}})), {"open": 3}, "balances.unspent.differ"),
    "spent before it came": ("esplora", Fault("/outspends", change=put(0, value={"spent": True, "txid": "ab" * 32, "vin": 0, "status": {"confirmed": True, "block_height": 1}})), {"open": 3}, "balances.row.single"),
    "fewer places": ("esplora", Fault("/outspends", change=lambda told: told[1:]), {"open": 3}, "balances.row.single"),
    "one satoshi more": ("esplora", Fault(r"/tx/\w+$", change=put("vout", 0, "value", by=lambda value: value + 1)), {"open": 3}, "balances.unspent.differ"),
    "another transaction": ("esplora", Fault(r"/tx/\w+$", change=put("txid", value="ab" * 32)), {"open": 3}, "balances.row.single"),
    "in another block": ("esplora", Fault(r"/tx/\w+$", change=put("status", "block_height", value=4)), {"open": 3}, "balances.unspent.differ"),
    "no such transaction": ("esplora", Fault(r"/tx/\w+$", status=404, body=b"Transaction not found"), {"open": 3}, "balances.unspent.differ"),
    "a failure is no absence": ("esplora", Fault(r"/tx/\w+$", status=500, body=b"oops"), {"open": 3}, "balances.row.single"),
    "unspent without one": ("electrum", Fault("listunspent", change=result(lambda told: told[1:])), {"open": 2, "unspent": 1}, "balances.row.single"),
    "another value": ("electrum", Fault("listunspent", change=result(put(0, "value", by=lambda value: value + 1))), {"open": 2, "unspent": 1}, "balances.row.single"),
    "other bytes": ("electrum", Fault("transaction.get$", change=result(lambda raw: raw[:-8] + "01000000")), {"open": 3}, "balances.row.single"),
    "a false branch": ("electrum", Fault("get_merkle", change=_BRANCH), {"open": 3}, "balances.row.single"),
    "no transaction": ("electrum", Fault("transaction.get$", change=error(2, "daemon error")), {"open": 3}, "balances.row.single"),
    "a history without it": ("electrum", Fault("get_history", change=result(lambda told: [])), {"open": 3}, "balances.unspent.differ"),
    "nothing unspent": ("bitcoind", Fault("gettxout", change=result(lambda told: None)), {"open": 3}, "balances.unspent.differ"),
    "a coin more": ("bitcoind", Fault("gettxout", change=result(put("value", by=lambda coins: (round(coins * 10**8) + 1) / 10**8))), {"open": 3}, "balances.unspent.differ"),
    "older than the chain": ("bitcoind", Fault("gettxout", change=result(put("confirmations", value=TOP + 5))), {"open": 3}, "balances.row.single"),
    "an error": ("bitcoind", Fault("gettxout", change=error(-8, "no")), {"open": 3}, "balances.row.single"),
}  # fmt: skip


@pytest.mark.parametrize("name", _LIES)
def test_a_source_that_lies_about_outputs_decides_nothing(name: str, tmp_path: Path) -> None:
    kind, fault, counts, key = _LIES[name]
    seen = _look(kind, tmp_path, HELD, fault)
    check = _check(seen)
    assert _counts(seen) == counts
    assert check.outcome in (Outcome.NOT_CHECKED, Outcome.PARTIAL)
    assert seen.state is not State.VERIFIED
    assert check.reason.args["reason"].key == key, check.reason  # type: ignore[union-attr]
