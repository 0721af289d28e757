"""Trees of commitments: openings, places, the root's commitment, and range proofs that are counted."""

import json
from typing import Any

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from tests.encoders import committed_tree as encode
from tests.encoders.altering import unnoticed
from tests.publishers.judging import failed, judge, outcome, states

_ID = "dapol"


def data(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(("users", "height"), [(1, 2), (3, 3), (9, 5), (20, 6)])
def test_every_user_of_an_honest_tree_is_included(users: int, height: int) -> None:
    tree = encode.make(users, users, height)
    for at, uid in enumerate(tree.users):
        findings = judge(_ID, data(tree.proof(uid, arrays=bool(at % 2))), data(tree.root), user=tree.args(uid))
        assert states(findings) == {"leaf": "verified", "path": "verified", "total": "undecided", "proof": "undecided"}
        assert not failed(findings)
        assert outcome(findings, "root.commitment") == "passed"
        assert outcome(findings, "proof.range") == "not_checked"
        assert findings.root == tree.root["hash"][2:]


def test_the_key_makes_salt_and_blinding() -> None:
    tree = encode.make(1, 3, 3)
    uid = next(iter(tree.users))
    key, salts = tree.users[uid][3], tree.salts
    args = {"uid": (uid,), "key": (key.hex(),), "salt_b": (salts[0].hex(),), "salt_s": (salts[1].hex(),)}
    assert states(judge(_ID, data(tree.proof(uid)), user=args))["leaf"] == "verified"
    wrong = {**args, "key": ("00" * 32,)}
    assert failed(judge(_ID, data(tree.proof(uid)), user=wrong)) == {"leaf.hash"}


def _leaf(proof: dict[str, Any]) -> dict[str, Any]:
    return proof["leaf_node"]["content"]


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        (lambda proof: _leaf(proof).update(liability=5), {"leaf.hash"}),
        (lambda proof: _leaf(proof).update(blinding_factor="01" + "00" * 31), {"leaf.hash"}),
        (lambda proof: _leaf(proof).update(hash="00" * 32), {"leaf.hash", "path.hash"}),
        (lambda proof: proof["path_siblings"][1]["coord"].update(x=77), {"path.position"}),
        (lambda proof: proof["path_siblings"][1]["content"].update(hash="00" * 32), {"path.hash"}),
        (lambda proof: proof["path_siblings"].pop(), {"path.length", "path.hash", "root.commitment", "proof.range"}),
        (lambda proof: proof.update(individual_range_proofs=[], aggregated_range_proof=None), {"proof.range"}),
        (lambda proof: proof.update(individual_range_proofs=None), {"proof.range"}),
        (lambda proof: proof.update(upper_bound_bit_length=128), {"proof.parameters"}),
    ],
)
def test_each_defect_fails_its_own_check(change: Any, checks: set[str]) -> None:
    tree = encode.make(2, 5, 5)
    uid = next(iter(tree.users))
    proof = tree.proof(uid)
    change(proof)
    assert checks <= failed(judge(_ID, data(proof), data(tree.root), user=tree.args(uid)))


def test_a_root_commitment_that_is_in_no_hash_is_compared() -> None:
    tree = encode.make(3, 5, 4)
    uid = next(iter(tree.users))
    root = {**tree.root, "commitment": encode.BASE.encode().hex()}
    assert failed(judge(_ID, data(tree.proof(uid)), data(root), user=tree.args(uid))) == {"root.commitment"}
    alone = judge(_ID, data(tree.proof(uid)), user=tree.args(uid), roots=(tree.root["hash"][2:],))
    assert outcome(alone, "root.commitment") == "not_checked"
    assert states(alone)["path"] == "verified"


def test_no_changed_character_goes_unnoticed() -> None:
    tree = encode.make(4, 5, 4)
    uid = next(iter(tree.users))
    files = [data(tree.proof(uid, arrays=False)), data(tree.root)]

    def bound(text: bytes) -> Any:
        value = json.loads(text)
        # Range proofs are counted and not looked into.
        for key in ("aggregated_range_proof", "individual_range_proofs", "aggregation_factor"):
            value.pop(key, None)
        return {key: each for key, each in value.items() if key in json.loads(files[0])}

    for text in unnoticed(_ID, files, 0, seed=4, count=250, user=tree.args(uid)):
        if b"range_proof" in text and b"aggregation_factor" in text:
            assert bound(text) == bound(files[0])


def test_without_height_or_salt_nothing_is_verified_by_them() -> None:
    tree = encode.make(5, 5, 4)
    uid = next(iter(tree.users))
    findings = judge(_ID, data(tree.proof(uid)), data(tree.root))
    assert states(findings)["leaf"] == states(findings)["path"] == "undecided"
    assert not failed(findings)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda proof: _leaf(proof).update(commitment="01" + "00" * 31), ErrorCode.FORMAT_SHAPE),
        (lambda proof: _leaf(proof).update(commitment=[1] * 31), ErrorCode.FORMAT_SHAPE),
        (lambda proof: _leaf(proof).update(hash="zz"), ErrorCode.FORMAT_SHAPE),
        (lambda proof: _leaf(proof).update(blinding_factor="ff" * 32), ErrorCode.FORMAT_SHAPE),
        (lambda proof: _leaf(proof).update(liability=2**64), ErrorCode.NUMBER_GRAMMAR),
        (lambda proof: _leaf(proof).update(liability=-1), ErrorCode.NUMBER_GRAMMAR),
        (lambda proof: proof.update(path_siblings=proof["path_siblings"] * 40), ErrorCode.LIMIT_ENTRIES),
        (lambda proof: proof.update(aggregation_factor={"Other": 1}), ErrorCode.FORMAT_SHAPE),
    ],
)
def test_a_malformed_proof_is_an_error(change: Any, code: ErrorCode) -> None:
    tree = encode.make(6, 3, 3)
    proof = tree.proof(next(iter(tree.users)))
    change(proof)
    with pytest.raises(ReservesError) as caught:
        judge(_ID, data(proof))
    assert caught.value.code is code
