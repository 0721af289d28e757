"""The early tool's proofs and complete trees."""

import json
from typing import Any

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.merkle.pool import compare, pool
from tests.encoders import olalonde as encode
from tests.encoders.altering import unnoticed
from tests.publishers.judging import failed, judge, outcome, states

_ID = "olalonde-merkle"


def data(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize("users", [2, 3, 5, 17, 64, 200])
def test_every_user_of_an_honest_tree_is_verified(users: int) -> None:
    tree = encode.make(users, users)
    for user in tree.users[:: 1 + users // 20]:
        proof = judge(_ID, data(tree.root), data(tree.partial(user)), user={"uid": (user,)})
        assert states(proof) == {"leaf": "verified", "path": "verified", "total": "undecided"}
        assert proof.root == tree.root["root"]["hash"]
        whole = judge(_ID, data(tree.root), data(tree.complete), user={"uid": (user,)})
        assert states(whole) == {"leaf": "verified", "tree": "verified", "total": "verified"}
        assert whole.balances == proof.balances
    everything = judge(_ID, data(tree.root), data(tree.complete), data(tree.partial(tree.users[0])))
    assert states(everything)["tree"] == states(everything)["path"] == "verified"


def test_proofs_of_one_honest_tree_do_not_contradict_each_other() -> None:
    tree = encode.make(9, 9)
    views = [judge(_ID, data(tree.root), data(tree.partial(user))).view for user in tree.users]
    assert pool(compare([view for view in views if view is not None])).outcome == "passed"


# No hash covers these, and a stated leaf hash may be left out.
_UNBOUND = {"id", "timestamp", "currency"}


def known(value: Any) -> Any:
    kept = {"root", "sum", "hash", "partial_tree", "left", "right", "data", "user", "nonce", "index"}
    if isinstance(value, dict):
        return {
            key: known(each) for key, each in value.items() if key in kept and not (key == "hash" and "user" in value)
        }
    return [known(each) for each in value] if isinstance(value, list) else str(value)


@pytest.mark.parametrize("altered", [0, 1])
@pytest.mark.parametrize("kind", ["partial", "complete"])
def test_no_changed_character_goes_unnoticed(kind: str, altered: int) -> None:
    tree = encode.make(3, 11)
    user = tree.users[4]
    files = [data(tree.root), data(tree.partial(user) if kind == "partial" else tree.complete)]
    for text in unnoticed(_ID, files, altered, seed=altered, count=400, user={"uid": (user,)}):
        before, after = known(json.loads(files[altered])), known(json.loads(text))
        if altered and kind == "partial":
            # The sum of an outermost sibling is bound through the sums above it only: any change of it shows.
            assert before == after
        elif isinstance(after, dict) and "root" in after:
            assert before["root"]["hash"] == after["root"]["hash"]
        else:
            assert before == after


def _own(node: dict[str, Any]) -> dict[str, Any]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if "user" in one.get("data", {}):
            return one
        waiting += [one[side] for side in ("left", "right") if side in one]
    raise AssertionError


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda leaf: leaf["data"].update(sum="1.50"), "path.range"),
        (lambda leaf: leaf["data"].update(sum="-5"), "path.negative"),
        (lambda leaf: leaf["data"].update(user="a|b"), "leaf.id_shape"),
        (lambda leaf: leaf["data"].update(user="someone"), "path.hash"),
        (lambda leaf: leaf["data"].update(hash="00" * 32), "leaf.hash"),
        (lambda leaf: leaf.update(data={"sum": "1", "hash": "00" * 32}), "leaf.found"),
    ],
)
def test_each_defect_fails_its_own_check(change: Any, check: str) -> None:
    tree = encode.make(4, 8)
    proof = tree.partial(tree.users[0])
    change(_own(proof["partial_tree"]))
    assert check in failed(judge(_ID, data(tree.root), data(proof)))


def test_a_proof_with_two_own_leaves_or_without_a_sibling_fails() -> None:
    leaf = {"data": {"user": "a", "sum": "1", "nonce": "x"}}
    twice = {"id": "x", "partial_tree": {"left": leaf, "right": leaf}}
    assert "leaf.found" in failed(judge(_ID, data(twice)))
    assert "path.length" in failed(judge(_ID, data({"id": "x", "partial_tree": leaf})))


def test_without_a_root_the_leaf_is_bound_by_nothing() -> None:
    tree = encode.make(5, 4)
    findings = judge(_ID, data(tree.partial(tree.users[0])))
    assert states(findings) == {"leaf": "undecided", "path": "undecided", "total": "undecided"}
    given = judge(_ID, data(tree.partial(tree.users[0])), roots=(tree.root["root"]["hash"],))
    assert states(given)["leaf"] == states(given)["path"] == "verified"
    other = judge(_ID, data(tree.partial(tree.users[0])), roots=("00" * 32,))
    assert failed(other) == {"path.hash"}


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        (lambda nodes: nodes.pop(), {"tree.complete"}),
        (lambda nodes: nodes[3].update(index=9), {"tree.complete"}),
        (lambda nodes: nodes[0]["data"].update(sum="1"), {"tree.sum", "total.bound"}),
        (lambda nodes: nodes[-1]["data"].update(user=nodes[-2]["data"]["user"]), {"tree.hash", "tree.unique"}),
        (lambda nodes: nodes[2].update(data=nodes[-1]["data"]), {"tree.shape"}),
        (lambda nodes: nodes[-1]["data"].update(sum=nodes[-1]["data"]["sum"] + ".0"), {"tree.grammar"}),
        (lambda nodes: nodes[-1]["data"].update(sum="-1"), {"tree.negative", "tree.sum"}),
    ],
)
def test_defects_of_a_complete_tree_are_named(change: Any, checks: set[str]) -> None:
    tree = encode.make(17, 6)
    root, nodes = tree.root, json.loads(json.dumps(tree.complete))
    nodes[-1]["data"]["sum"] = nodes[-1]["data"]["sum"].partition(".")[0]
    change(nodes)
    assert checks - {"total.bound"} <= failed(judge(_ID, data(root), data(nodes)))


def test_a_root_file_that_states_another_total_fails_the_total() -> None:
    tree = encode.make(6, 5)
    root = tree.root
    root["root"]["sum"] = "1"
    for other in (data(tree.partial(tree.users[0])), data(tree.complete)):
        assert failed(judge(_ID, data(root), other)) == {"total.bound"}


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        ({"left": {"data": {"sum": "1", "hash": "00" * 32}}}, ErrorCode.FORMAT_SHAPE),
        ({"data": {"sum": "1e9", "hash": "00" * 32}}, ErrorCode.NUMBER_GRAMMAR),
        ({"data": {"sum": "1", "hash": "0X"}}, ErrorCode.FORMAT_SHAPE),
        ({"data": {"sum": "1", "user": "a"}}, ErrorCode.FORMAT_SHAPE),
    ],
)
def test_a_malformed_partial_tree_is_an_error(proof: Any, code: ErrorCode) -> None:
    with pytest.raises(ReservesError) as caught:
        judge(_ID, data({"id": "x", "partial_tree": proof}))
    assert caught.value.code is code


def test_a_root_file_alone_is_not_enough_and_no_uid_finds_nobody() -> None:
    tree = encode.make(7, 5)
    with pytest.raises(ReservesError):
        judge(_ID, data(tree.root))
    assert outcome(judge(_ID, data(tree.complete)), "leaf.found") == "not_checked"
    assert failed(judge(_ID, data(tree.complete), user={"uid": ("nobody",)})) == {"leaf.found"}
