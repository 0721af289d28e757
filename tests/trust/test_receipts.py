"""Receipts: blinded, canonical, and conflicting exactly where users were shown different things."""

import hashlib
import json
from dataclasses import replace
from itertools import combinations, pairwise
from random import Random

import pytest

from reserves_gui.evidence import SnapshotView
from reserves_gui.trust.comparing import Compared, Difference, compare_receipts
from reserves_gui.trust.odds import (
    chance_of_catching,
    chance_of_sibling_conflict,
    receipts_for_sibling_conflict,
    users_to_catch,
)
from reserves_gui.trust.receipts import Receipt, node_claim, node_key, receipt_of

H = bytes([0x11]) * 32
HEADER = Receipt(exchange="Northsea", format="f", snapshot="s", root="aa", nodes={})


def _receipt(**changes: object) -> Receipt:
    plain = replace(HEADER, leaf="01", nodes={"01": "c1", "02": "c2"})
    return replace(plain, **changes)


def _kinds(compared: Compared) -> list[Difference]:
    return [one.kind for one in compared.conflicts]


def test_known_key_and_claim() -> None:
    assert node_key(H) == "533b5baa77cd3d86280aa37bb37e64eb5d434e7d71fc8ee062f53652ff14a7b7"
    expected = "26ce454911536204c28f4c812d82ea3cf5938d49f13623448526eebf39553318"
    assert node_claim(H, {"ETH": "0", "BTC": "1.5"}) == node_claim(H, {"BTC": "1.500", "ETH": "-0.00"}) == expected


def test_a_receipt_holds_no_amount_hash_or_name() -> None:
    view = SnapshotView(
        format="f",
        snapshot_id="s",
        usable=True,
        root="ab" * 32,
        leaf=H.hex(),
        nodes={H.hex(): {"BTC": "31337.25"}},
        joined={H.hex(): "31337.25"},
        content="cc" * 32,
    )
    receipt = receipt_of(view, replace(HEADER, seen="2026-10-31", leaves=65536))
    text = receipt.encoded().decode()
    for private in ("31337", H.hex(), "cc" * 32):
        assert private not in text
    assert receipt.nodes.keys() == receipt.texts.keys() == {receipt.leaf}
    short = receipt.short()
    assert short.nodes == short.texts == short.places == {}
    assert short.leaf is None
    assert len(short.encoded()) < 400
    assert list(json.loads(text)) == sorted(json.loads(text))


@pytest.mark.parametrize(
    ("other", "kinds"),
    [
        ({"leaf": "02", "nodes": {"02": "other"}}, [Difference.BALANCE]),
        ({"leaf": "09", "root": "bb", "nodes": {}}, [Difference.ROOT]),
        ({"nodes": {"01": "c1"}}, [Difference.LEAF]),
        ({"leaf": "09", "nodes": {"09": "c9"}, "places": {"4": "09"}}, [Difference.POSITION]),
        ({"leaf": "09", "nodes": {"09": "c9"}, "places": {"5": "09"}}, []),
    ],
)
def test_each_conflict_is_named(other: dict[str, object], kinds: list[Difference]) -> None:
    compared = compare_receipts([_receipt(places={"4": "01"}), _receipt(**other)])
    assert _kinds(compared) == kinds
    assert compared.receipts == 2


def test_two_totals_under_one_root_conflict_by_value_and_not_by_text() -> None:
    first = replace(HEADER, total={"BTC": "1.50", "ETH": "0"})
    assert compare_receipts([first, replace(HEADER, total={"BTC": "1.5"})]).conflicts == ()
    assert _kinds(compare_receipts([first, replace(HEADER, total={"BTC": "1.6"})])) == [Difference.TOTAL]
    assert _kinds(compare_receipts([first, _receipt(total={"BTC": "1.6"})])) == [Difference.TOTAL]


def test_other_snapshots_other_formats_and_equal_receipts_have_nothing_to_compare() -> None:
    for other in ({"snapshot": "t"}, {"format": "g"}, {"exchange": "Fjordline"}, {}):
        compared = compare_receipts([_receipt(), _receipt(**other)])
        assert compared.conflicts == ()
        assert compared.receipts == 0


def test_two_exports_of_one_proof_count_as_one_and_two_users_proofs_do_not() -> None:
    first, again = _receipt(file="f1", seen="2026-10-31"), _receipt(file="f1", seen="2026-11-01")
    assert compare_receipts([first, again]).receipts == 0
    assert _kinds(compare_receipts([first, again, _receipt(file="f2")])) == [Difference.LEAF]


def test_a_receipt_without_snapshot_belongs_with_those_of_its_root() -> None:
    named = [_receipt(leaf=str(number)) for number in range(2)]
    compared = compare_receipts([*named, _receipt(snapshot=None, leaf="9", nodes={"01": "other"})])
    assert _kinds(compared) == [Difference.BALANCE]
    assert compared.receipts == 3
    assert compare_receipts([_receipt(snapshot=None, root=None), _receipt(snapshot=None, root=None)]).receipts == 0


def test_one_text_with_two_readings_accuses_nobody() -> None:
    first = _receipt(texts={"02": "same"}, leaf="05")
    second = _receipt(nodes={"01": "d1", "02": "d2"}, texts={"02": "same"}, leaf="06")
    reasons = {one.subject: one.reason.key for one in compare_receipts([first, second]).conflicts}
    assert reasons == {"02": "receipt.two_readings", "01": "receipt.below_two_readings"}
    other = replace(second, texts={"02": "another"})
    reasons = {one.subject: one.reason.key for one in compare_receipts([first, other]).conflicts}
    assert reasons == dict.fromkeys(("01", "02"), "receipt.conflict.balance")


def _tree(balances: list[int], parent: object) -> list[list[tuple[str, int]]]:
    levels = [[(hashlib.sha256(b"leaf%d" % at).hexdigest(), one) for at, one in enumerate(balances)]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = zip(below[::2], below[1::2], strict=True)
        levels.append(
            [(hashlib.sha256((a[0] + b[0]).encode()).hexdigest(), parent(a[1], b[1])) for a, b in pairs]  # type: ignore[operator]
        )
    return levels


def _shown_to(levels: list[list[tuple[str, int]]], user: int) -> Receipt:
    """What the tree shows one user: of every sibling, what its parent's sum leaves for it."""
    nodes, at = {}, user
    for level, above in pairwise(levels):
        own, parent = level[at], above[at // 2]
        nodes[own[0]] = {"BTC": str(own[1])}
        nodes[level[at ^ 1][0]] = {"BTC": str(parent[1] - own[1])}
        at //= 2
    root = levels[-1][0]
    nodes[root[0]] = {"BTC": str(root[1])}
    leaf = levels[0][user][0]
    view = SnapshotView(format="f", snapshot_id="s", usable=True, root=root[0], leaf=leaf, nodes=nodes, content=leaf)
    return receipt_of(view, replace(HEADER, root=root[0], leaves=len(levels[0])))


def test_an_honest_tree_of_1024_leaves_shows_no_conflict_among_any_number_of_users() -> None:
    chance = Random(11)
    levels = _tree([chance.randrange(1, 10**6) for _ in range(1024)], lambda a, b: a + b)
    users = chance.sample(range(1024), 200)
    receipts = [_shown_to(levels, user) for user in users]
    for count in (*range(2, 12), 25, 50, 100, 200):
        compared = compare_receipts(receipts[:count])
        assert compared.conflicts == ()
        assert compared.receipts == count


def test_a_tree_that_takes_the_larger_instead_of_the_sum_conflicts_for_every_pair() -> None:
    chance = Random(12)
    levels = _tree([chance.randrange(1, 10**6) for _ in range(1024)], max)
    receipts = [_shown_to(levels, user) for user in chance.sample(range(1024), 50)]
    for pair in combinations(receipts, 2):
        assert Difference.BALANCE in _kinds(compare_receipts(pair))


def test_thousands_of_receipts_are_compared_in_little_time() -> None:
    levels = _tree([1] * 2048, max)
    receipts = [_shown_to(levels, user) for user in range(2048)]
    assert len(compare_receipts(receipts).conflicts) < 30 * 2048


@pytest.mark.parametrize(("leaves", "expected"), [(65_536, 628), (10_000_000, 7741), (2, 3), (1, 2)])
def test_how_many_receipts_are_enough(leaves: int, expected: int) -> None:
    enough = receipts_for_sibling_conflict(leaves=leaves, chance=0.95)
    assert enough == expected
    if leaves > 2:
        assert chance_of_sibling_conflict(leaves=leaves, receipts=enough) >= 0.95
        assert chance_of_sibling_conflict(leaves=leaves, receipts=enough - 1) < 0.95


@pytest.mark.parametrize(("share", "users"), [(10, 29), (20, 59), (100, 299), (1000, 2995)])
def test_users_needed_to_catch_a_share(share: int, users: int) -> None:
    leaves = 10_000_000
    assert chance_of_catching(leaves=leaves, cheated=leaves // share, users=users) >= 0.95
    assert chance_of_catching(leaves=leaves, cheated=leaves // share, users=users - 2) < 0.9505


def test_the_odds_keep_their_digits_among_many_leaves() -> None:
    # So many leaves that drawing with or without putting back is the same to nine digits.
    leaves, users = 10**15, 29_956
    found = chance_of_catching(leaves=leaves, cheated=leaves // 10_000, users=users)
    assert found == pytest.approx(1 - (1 - 1 / 10_000) ** users, abs=1e-9)


def test_catching_odds_at_known_points() -> None:
    assert chance_of_catching(leaves=1000, cheated=10, users=299) == pytest.approx(0.9719, abs=5e-5)
    assert chance_of_catching(leaves=10, cheated=3, users=8) == 1.0
    assert chance_of_sibling_conflict(leaves=65_536, receipts=300) == pytest.approx(0.496, abs=1e-3)
    assert chance_of_sibling_conflict(leaves=10_000_000, receipts=10_000) == pytest.approx(0.993, abs=5e-4)
    with pytest.raises(ValueError, match="more"):
        chance_of_catching(leaves=10, cheated=11, users=1)


@pytest.mark.parametrize(("leaves", "cheated"), [(10, 1), (10, 10), (1_000, 10), (65_536, 65), (10**7, 10**5)])
def test_the_fewest_users_who_catch_a_cheat(leaves: int, cheated: int) -> None:
    users = users_to_catch(leaves=leaves, cheated=cheated, chance=0.95)
    assert chance_of_catching(leaves=leaves, cheated=cheated, users=users) >= 0.95
    if users > 1:
        assert chance_of_catching(leaves=leaves, cheated=cheated, users=users - 1) < 0.95


def test_nobody_can_catch_what_is_not_there() -> None:
    with pytest.raises(ValueError, match="no cheated leaf"):
        users_to_catch(leaves=10, cheated=0, chance=0.95)
