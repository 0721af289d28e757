"""Honest trees of every published kind verify for every user; what is handed out never contradicts itself."""

from random import Random

import pytest

from reserves_gui.merkle.pool import compare
from reserves_gui.publishers.bybit import SCHEME as BYBIT
from tests.encoders import plain_trees
from tests.encoders.judging import judge
from tests.encoders.sum_trees import ENCODERS, bybit

# Path lengths of 1 to 8, full and ragged last levels.
SIZES = (2, 3, 5, 8, 13, 33, 200)


@pytest.mark.parametrize("users", SIZES)
@pytest.mark.parametrize("kind", ENCODERS)
def test_every_user_of_an_honest_sum_tree_is_included(kind, users):
    random = Random(f"{kind} {users}")
    tree = ENCODERS[kind](random, users)
    chosen = {0, len(tree.proofs) - 1, *random.sample(range(len(tree.proofs)), min(4, len(tree.proofs)))}
    views = []
    for user in sorted(chosen):
        judged = judge(kind.partition("/")[0], tree.bytes_of(user))
        assert judged.failed == set(), (user, judged.failed)
        assert judged.states == {"leaf": "verified", "path": "verified", "total": "undecided"}
        assert judged.findings.root == tree.root
        shown = {coin: text for coin, text in judged.findings.total.items() if text != "0"}
        assert shown == {coin: text for coin, text in tree.totals.items() if text != "0"}
        views.append(judged.findings.view)
    comparison = compare(views)
    assert comparison.conflicts == ()
    assert comparison.compared == len(views)


@pytest.mark.parametrize("version", BYBIT.coin_sets, ids=lambda version: version.name)
def test_every_known_coin_set_is_hashed_in_its_own_order(version):
    tree = bybit(Random(version.name), 5, {coin: version.decimals[coin] for coin in version.order})
    judged = judge("bybit-merkle", tree.bytes_of(4))
    assert judged.holds
    assert judged.findings.root == tree.root


def test_no_two_coin_sets_are_equal():
    sets = [frozenset(version.order) for version in BYBIT.coin_sets]
    assert len(set(sets)) == len(sets)
    assert all(len(version.order) == len(set(version.order)) for version in BYBIT.coin_sets)


LEAF_STATES = {"bifinance-merkle": "undecided", "merkletools-proof": "undecided"}


@pytest.mark.parametrize("users", SIZES)
@pytest.mark.parametrize("kind", plain_trees.ENCODERS)
def test_every_user_of_an_honest_plain_tree_is_included(kind, users):
    random = Random(f"{kind} {users}")
    tree = plain_trees.ENCODERS[kind](random, users)
    count = len(tree.proofs)
    for user in sorted({0, count - 1, *random.sample(range(count), min(4, count))}):
        judged = judge(kind, tree.bytes_of(user))
        assert judged.failed == set(), (user, judged.failed)
        expected = {"leaf": LEAF_STATES.get(kind, "verified"), "path": "verified", "total": "undecided"}
        assert judged.states == expected
        assert judged.findings.root == tree.root
        assert judged.findings.total is None


@pytest.mark.parametrize("users", [1, 2, 3, 4, 5, 6, 7, 9, 11, 12, 13, 17, 21, 33, 64, 65, 99, 200])
def test_published_level_files_hold_every_record(users):
    random = Random(users)
    texts = plain_trees.records(random, users)
    root, files = plain_trees.level_files(texts)
    if users == 1:
        assert files == []
        return
    for record in {texts[0], texts[-1], random.choice(texts)}:
        judged = judge("mazars-merkle", *files, user={"record": (record,)})
        assert judged.failed == set()
        assert judged.states == {"leaf": "verified", "tree": "verified", "total": "undecided"}
        assert judged.findings.root == root
        assert judged.findings.leaf_count == users
        assert len(judged.findings.leaves) == 1
    stranger = judge("mazars-merkle", *files, user={"record": (texts[0] + "0",)})
    assert stranger.failed == {"leaf.found"}
    assert judge("mazars-merkle", *files).states["leaf"] == "undecided"
