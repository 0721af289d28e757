"""Trees whose lines carry COIN:AMOUNT|… balances, and the proofs beside them."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from tests.encoders import piped_tree as encode
from tests.encoders.altering import unnoticed
from tests.publishers.judging import failed, judge, outcome, states

_ID = "lemon-tree"


def user(uid: str) -> dict[str, tuple[str, ...]]:
    return {"uid": (uid,), "audit_id": (encode.AUDIT,)}


@pytest.mark.parametrize("users", [1, 2, 3, 16, 61, 200])
def test_every_user_of_an_honest_tree_is_verified(users: int) -> None:
    tree = encode.make(users, users)
    for uid in list(tree.places)[:: 1 + users // 15]:
        path = judge(_ID, tree.root_file(), tree.user_file(uid, "Side." if users % 2 else ""))
        assert states(path) == {"leaf": "verified", "path": "verified", "total": "verified"}
        assert path.root == tree.root
        whole = judge(_ID, tree.tree_file(), user=user(uid))
        assert states(whole) == {"leaf": "verified", "tree": "verified", "total": "verified"}
        assert whole.balances == path.balances
        assert whole.padding_leaves == len(tree.rows[-1]) - users
    both = judge(_ID, tree.root_file(), tree.tree_file(), tree.user_file(uid))
    assert not failed(both)
    assert states(both)["path"] == states(both)["tree"] == "verified"


def test_the_generators_file_needs_audit_and_balances() -> None:
    tree = encode.make(5, 6)
    uid = next(iter(tree.places))
    content = "".join(f'{one},"{tree.proof(one)}"\n' for one in tree.places).encode()
    held = ",".join(f"{coin}:{amount:f}" for coin, amount in tree.balances(uid).items())
    findings = judge(_ID, tree.root_file(), content, user={**user(uid), "balances": (held,)})
    assert states(findings)["leaf"] == states(findings)["path"] == "verified"
    with pytest.raises(ReservesError) as caught:
        judge(_ID, tree.root_file(), content, user=user(uid))
    assert caught.value.code is ErrorCode.USAGE


def test_no_changed_character_of_a_tree_goes_unnoticed() -> None:
    tree = encode.make(6, 7)
    uid = next(iter(tree.places))
    assert list(unnoticed(_ID, [tree.tree_file()], 0, seed=1, count=500, user=user(uid))) == []


def test_no_changed_character_of_a_proof_goes_unnoticed() -> None:
    tree = encode.make(7, 7)
    uid = next(iter(tree.places))
    honest = tree.user_file(uid)

    def meant(content: bytes) -> tuple[object, ...]:
        line = content.decode().splitlines()[1]
        own, balances = line.split(",")[:2]
        amounts = dict(part.split(":") for part in balances.split("|"))
        held = {coin: Decimal(amount) for coin, amount in amounts.items() if Decimal(amount)}
        return own, held, "".join(line.partition('"')[2].split())

    for text in unnoticed(_ID, [tree.root_file(), honest], 1, seed=2, count=400):
        assert meant(text) == meant(honest)


def _node(tree: encode.Tree, level: int, at: int, digest: str | None = None, **held: str) -> None:
    before = tree.rows[level][at]
    amounts = {**before[1], **{coin: Decimal(amount) for coin, amount in held.items()}}
    tree.rows[level][at] = (digest or before[0], amounts)


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        (lambda tree: _node(tree, 1, 0, "11" * 32), {"tree.hash"}),
        (lambda tree: _node(tree, 0, 0, BTC="1"), {"tree.sum", "total.bound"}),
        (lambda tree: _node(tree, 1, 1, BTC="-1"), {"tree.negative", "tree.sum", "tree.hash", "total.bound"}),
        (lambda tree: (_node(tree, -1, 0, "00" * 32, BTC="1"), tree.rehash()), {"tree.padding"}),
        (lambda tree: (_node(tree, -1, 0, tree.rows[-1][1][0]), tree.rehash()), {"tree.unique"}),
    ],
)
def test_each_defect_of_a_tree_fails_its_own_check(change: Callable[[encode.Tree], object], checks: set[str]) -> None:
    tree = encode.make(8, 8)
    change(tree)
    assert failed(judge(_ID, tree.tree_file())) == checks


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda text: text.rsplit(b"\n", 2)[0] + b"\n", "tree.complete"),
        (lambda text: text + b"\n", "tree.grammar"),
        (lambda text: text + text.splitlines()[-1] + b"\n", "tree.complete"),
        (lambda text: text.replace(b"BTC:", b"BTC:0", 1), "tree.grammar"),
        (lambda text: text.replace(b",ARS", b",ZRS", 1), "tree.grammar"),
        (lambda text: text[:-66] + text[-66:].upper(), "tree.grammar"),
    ],
)
def test_a_malformed_tree_file_fails(change: Callable[[bytes], bytes], check: str) -> None:
    content = change(encode.make(8, 8).tree_file())
    assert check in failed(judge(_ID, content))


def test_each_defect_of_a_proof_fails_its_own_check() -> None:
    tree = encode.make(9, 8)
    uid = next(iter(tree.places))
    own, root = tree.user_file(uid), tree.root_file()
    empty = own.split(b'"')[0] + b"[]" + own.split(b'"')[2]
    assert "path.length" in failed(judge(_ID, root, empty))
    assert "path.hash" in failed(judge(_ID, root, own.replace(uid.encode(), b"someone")))
    assert "path.algorithm" in failed(judge(_ID, tree.root_file("md5"), own))
    assert "path.sum" in failed(judge(_ID, root.replace(b"ARS:", b"ARS:1"), own))
    _node(tree, -1, tree.places[uid] ^ 1, BTC="-5")
    tree.rehash()
    assert failed(judge(_ID, tree.root_file(), tree.user_file(uid))) == {"path.negative"}


def test_without_a_root_nothing_binds_the_leaf_and_a_given_root_does() -> None:
    tree = encode.make(10, 5)
    uid = next(iter(tree.places))
    alone = judge(_ID, tree.user_file(uid))
    assert states(alone)["leaf"] == states(alone)["path"] == "undecided"
    assert states(judge(_ID, tree.user_file(uid), roots=(tree.root,)))["path"] == "verified"
    assert failed(judge(_ID, tree.user_file(uid), roots=("00" * 32,))) == {"path.hash"}
    assert outcome(judge(_ID, tree.tree_file()), "leaf.found") == "not_checked"
    assert failed(judge(_ID, tree.tree_file(), user=user("nobody"))) == {"leaf.found"}


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        ("{LEFT,00,}", ErrorCode.FORMAT_SHAPE),
        ("[{UP," + "00" * 32 + ",}]", ErrorCode.FORMAT_SHAPE),
        ("[{LEFT," + "00" * 32 + "}]", ErrorCode.FORMAT_SHAPE),
        ("[{LEFT," + "00" * 32 + ",BTC:1}x]", ErrorCode.FORMAT_SHAPE),
        ("[{LEFT," + "00" * 32 + ",BTC:NaN}]", ErrorCode.NUMBER_GRAMMAR),
        ("[{LEFT," + "00" * 32 + ",BTC:1|BTC:1}]", ErrorCode.FORMAT_SHAPE),
        ("[" + ",".join(["{LEFT," + "00" * 32 + ",}"] * 65) + "]", ErrorCode.LIMIT_ENTRIES),
    ],
)
def test_a_malformed_proof_is_an_error(proof: str, code: ErrorCode) -> None:
    with pytest.raises(ReservesError) as caught:
        judge(_ID, f'id,balances,proof,audit_id\nu,BTC:1.00000000,"{proof}",a\n'.encode())
    assert caught.value.code is code
