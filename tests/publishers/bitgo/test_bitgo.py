"""BitGo's user files: honest ones under pinned keys verify, and every field is bound or said to be bound by nothing."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import from_bytes
from reserves_gui.progress import silent
from reserves_gui.publishers.bitgo import declared
from reserves_gui.publishers.port import Evidence, Given, KeptKey
from reserves_gui.verdict import Findings, Outcome, State
from tests.publishers.bitgo.accounts import b64, fresh, setups

PINS = tuple(hashlib.sha256(one.key()).hexdigest() for one in setups())


def judge(value: Any, **given: Any) -> Findings:
    document = from_bytes("accountproof.json", json.dumps(value).encode())
    assert declared.recognise(document) is not None
    return declared.verify(Evidence({declared.USER: (document,)}), Given(**given), silent())


def states(found: Findings) -> dict[str, State]:
    return {claim.id: claim.state for claim in found.claims}


def outcome(found: Findings, check_id: str) -> Outcome:
    checks = [*found.root_checks, *(one for claim in found.claims for one in claim.checks)]
    return next(one.outcome for one in checks if one.id == check_id)


def failed(found: Findings) -> set[str]:
    checks = [*found.root_checks, *(one for claim in found.claims for one in claim.checks)]
    return {one.id for one in checks if one.outcome is Outcome.FAILED}


def test_an_honest_file_under_pinned_keys_holds() -> None:
    made = fresh()
    found = judge(made, pins=PINS, user={"account": (made["AccountInfo"]["WalletId"].replace("-", "").upper(),)})
    assert set(states(found).values()) == {State.VERIFIED}
    assert outcome(found, "root.commitment") is Outcome.PASSED
    assert outcome(found, "leaf.identity") is Outcome.PASSED
    assert found.balances["BTC"] == made["AccountInfo"]["Balance"][4]["Amount"]


def test_without_pins_nothing_ties_the_layers_together() -> None:
    found = judge(fresh())
    assert states(found) == {
        "leaf": State.VERIFIED,
        "path": State.UNDECIDED,
        "total": State.UNDECIDED,
        "proof": State.UNDECIDED,
    }
    assert outcome(found, "proof.groth16") is Outcome.PASSED


def test_keys_kept_with_another_audit_count_but_not_those_of_this_one() -> None:
    root = judge(fresh()).root
    assert root is not None
    for of, wanted in (("ab" * 32, State.VERIFIED), (root, State.UNDECIDED)):
        found = judge(fresh(), kept_keys=tuple(KeptKey("a", pin, of) for pin in PINS))
        assert states(found)["proof"] is wanted


def _other_element(text: str) -> str:
    return b64(int.from_bytes(base64.b64decode(text), "big") ^ 1)


ALTERED: dict[str, tuple[Callable[[dict[str, Any]], object], set[str]]] = {
    "an amount": (lambda f: f["AccountInfo"]["Balance"][4].update(Amount="7"), {"path.hash"}),
    "a negative amount": (lambda f: f["AccountInfo"]["Balance"][4].update(Amount="-7"), {"leaf.range"}),
    "a huge amount": (lambda f: f["AccountInfo"]["Balance"][0].update(Amount=str(1 << 128)), {"leaf.range"}),
    "the wallet": (lambda f: f["AccountInfo"].update(WalletId="abc"), {"path.hash"}),
    "a wallet that is no number": (lambda f: f["AccountInfo"].update(WalletId="!"), {"leaf.range"}),
    "two labels swapped": (
        lambda f: (
            f["AccountInfo"]["Balance"][0].update(Asset="ARBETH"),
            f["AccountInfo"]["Balance"][1].update(Asset="ALGO"),
        ),
        {"leaf.order"},
    ),
    "the position": (lambda f: f["ProofInfo"].update(UserMerklePosition=3), {"path.hash"}),
    "an aliased position": (
        lambda f: f["ProofInfo"].update(UserMerklePosition=f["ProofInfo"]["UserMerklePosition"] + 1024),
        {"path.position"},
    ),
    "a short path": (lambda f: f["ProofInfo"]["UserMerklePath"].pop(), {"path.length"}),
    "a sibling": (
        lambda f: f["ProofInfo"]["UserMerklePath"].__setitem__(0, _other_element(f["ProofInfo"]["UserMerklePath"][0])),
        {"path.hash"},
    ),
    "a sibling that is no element": (
        lambda f: f["ProofInfo"]["UserMerklePath"].__setitem__(0, base64.b64encode(b"\xff" * 32).decode()),
        {"path.range"},
    ),
    "a sibling above": (
        lambda f: f["ProofInfo"]["MiddleProof"]["MerklePath"].__setitem__(3, b64(9)),
        {"path.hash"},
    ),
    "a sum": (lambda f: f["ProofInfo"]["TopProof"]["AssetSum"].__setitem__(4, "1"), {"root.commitment"}),
    "a sum left out": (lambda f: f["ProofInfo"]["TopProof"]["AssetSum"].pop(), {"root.commitment"}),
    "a proof": (
        lambda f: f["ProofInfo"]["MiddleProof"].update(Proof=f["ProofInfo"]["BottomProof"]["Proof"]),
        {"proof.groth16"},
    ),
    "a proof that is none": (lambda f: f["ProofInfo"]["TopProof"].update(Proof="AAAA"), {"proof.groth16"}),
    "a key that is none": (lambda f: f["ProofInfo"]["TopProof"].update(VerificationKey="AAAA"), {"proof.key"}),
    "the sum hash of the bottom layer": (
        lambda f: f["ProofInfo"]["BottomProof"].update(MerkleRootWithAssetSumHash=b64(5)),
        {"path.hash", "proof.groth16"},
    ),
}


@pytest.mark.parametrize("what", ALTERED)
def test_an_altered_file_fails(what: str) -> None:
    alter, wanted = ALTERED[what]
    value = fresh()
    alter(value)
    assert wanted <= failed(judge(value, pins=PINS))


def test_another_wallet_than_the_users_fails() -> None:
    assert "leaf.identity" in failed(judge(fresh(), pins=PINS, user={"account": ("someoneelse",)}))


@pytest.mark.parametrize(
    ("alter", "code"),
    [
        (lambda f: f["AccountInfo"].pop("WalletId"), ErrorCode.FORMAT_SHAPE),
        (lambda f: f["AccountInfo"]["Balance"].append("5"), ErrorCode.FORMAT_SHAPE),
        (lambda f: f["AccountInfo"]["Balance"][0].update(Amount="1e5"), ErrorCode.NUMBER_GRAMMAR),
        (lambda f: f["ProofInfo"].update(UserMerklePosition="0"), ErrorCode.FORMAT_SHAPE),
        (lambda f: f["ProofInfo"]["TopProof"].pop("AssetSum"), ErrorCode.FORMAT_SHAPE),
        (lambda f: f["ProofInfo"].update(BottomProof=[]), ErrorCode.FORMAT_SHAPE),
    ],
)
def test_a_malformed_file_is_refused(alter: Callable[[dict[str, Any]], object], code: ErrorCode) -> None:
    value = fresh()
    alter(value)
    with pytest.raises(ReservesError) as caught:
        judge(value)
    assert caught.value.code is code


def test_unknown_labels_leave_the_leaf_open() -> None:
    value = fresh()
    for at, one in enumerate(value["AccountInfo"]["Balance"]):
        one["Asset"] = f"NEW{at}"
    value["AccountInfo"]["Balance"].append({"Asset": "NEW40", "Amount": "0"})
    assert outcome(judge(value), "leaf.order") is Outcome.NOT_CHECKED
