"""Leaves, empty trees and the search for the number of slots, against published values."""

import pytest

from reserves_gui.progress import silent
from reserves_gui.zk.solvency.account import (
    Account,
    Holding,
    Shape,
    collateral_rows,
    empty_collateral_root,
    find_empty_root,
    find_shape,
    packed_words,
    pair_leaf,
    path_nodes,
    slots_of,
)
from reserves_gui.zk.solvency.asset_list import Tier, haircut, precomputed


@pytest.mark.parametrize(
    ("slots", "chunk", "root"),
    [
        (350, 12, "0118925954da77d1a4b241fd163e4373e2265c515cfa60af7fcd28c8cb9ad58a"),
        (350, 16, "0e85b74bfd43747cb5e18ecb067727243f2e919a91ef69d86b5a27ed74bea7c2"),
        (500, 12, "17e9d793b995ff403c68d4ad965fee85374154463d1a88019bce055d07b964e6"),
        (800, 12, "037bf6d8fe5b7cbaecf7b35604b57f82173f5c8155c1c750cef00afebcd65436"),
        (64, 12, "15a663ddcc8e79ff217a026669f2846142b046c21e2410a4a15d03c755856ce5"),
    ],
)
def test_the_empty_tree_of_a_published_round_names_its_slots(slots, chunk, root):
    assert find_empty_root(int(root, 16), silent())[0] == Shape(slots, chunk)


def test_the_empty_tree_of_rounds_with_collateral():
    assert f"{empty_collateral_root():064x}" == "08696bfcb563a2ee4dde9e1dbd34f68d3f4643df6e3709cdb1855c9f886240c7"


def test_slots_that_pack_into_equally_many_words_are_all_named():
    assert slots_of(234) == (350, 351)
    assert slots_of(1) == (1,)
    for slots in range(1, 1300):
        assert slots in slots_of(packed_words(slots))


@pytest.mark.parametrize(("slots", "chunk"), [(22, 12), (22, 16), (350, 16)])
def test_the_slots_of_a_leaf_are_found_through_its_path(slots, chunk):
    account = Account(identity=5, equity=10, debt=1, collateral=None, holdings=(Holding(20, 7, 1),))
    siblings = list(range(100, 128))
    root = path_nodes(pair_leaf(account, Shape(slots, chunk)), 3, siblings)[-1]
    assert find_shape(account, 3, siblings, root, hint=None, progress=silent()) == Shape(slots, chunk)


def test_a_wrong_hint_does_not_hide_the_right_slots():
    account = Account(identity=5, equity=10, debt=1, collateral=None, holdings=(Holding(2, 7, 1),))
    root = path_nodes(pair_leaf(account, Shape(64, 12)), 0, [1] * 28)[-1]
    found = find_shape(account, 0, [1] * 28, root, hint=Shape(5, 12), progress=silent())
    assert found == Shape(64, 12)


def test_rows_are_padded_below_each_asset_while_padding_is_left():
    indexes = [row.index for row in collateral_rows([Holding(2, 1, 0), Holding(60, 1, 0)])]
    assert indexes == [0, 1, 2, *range(3, 49), 60]
    indexes = [row.index for row in collateral_rows([Holding(index, 1, 0) for index in range(10, 60)])]
    assert indexes == list(range(10, 60))
    assert [row.index for row in collateral_rows([])] == list(range(50))
    assert len(collateral_rows([Holding(index, 1, 0) for index in range(51)])) == 500


@pytest.mark.parametrize(
    ("value", "counted"), [(0, 0), (99, 99), (100, 100), (101, 100), (150, 145), (200, 190), (201, 190), (10**30, 190)]
)
def test_a_haircut_counts_each_part_with_its_tier_rounding_down(value, counted):
    steps = (Tier(100, 100, 100), Tier(200, 90, 190))
    assert haircut(value, steps) == counted
    assert precomputed(steps) == [100, 190]
