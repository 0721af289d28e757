"""Leaf sizes: classes of half a decade, labelled at powers of ten."""

from decimal import Decimal

import pytest

from reserves_gui.evidence import LeafSizes
from reserves_gui.report.leaf_layout import edge_text, layout_leaf_sizes
from tests.report import samples


@pytest.mark.parametrize(
    ("k", "decimals", "text"),
    [
        (0, 8, "0.00000001"),
        (16, 8, "1"),
        (17, 8, "3.16"),
        (18, 8, "10"),
        (19, 8, "31.6"),
        (21, 8, "316"),
        (23, 8, "3160"),
        (15, 8, "0.316"),
        (4, 0, "100"),
        (5, 0, "316"),
    ],
)
def test_edges_are_powers_of_ten_and_their_halves(k: int, decimals: int, text: str) -> None:
    assert edge_text(k, decimals) == text
    # 10^(k/2 - decimals), to three digits
    power = Decimal(10) ** (Decimal(k) / 2 - decimals)
    assert abs(Decimal(text) / power - 1) < Decimal("0.001")


def test_bars_stay_inside_keep_their_gap_and_their_order_of_height() -> None:
    sizes = samples.tree_verdict().leaf_sizes
    assert sizes is not None
    layout = layout_leaf_sizes(sizes, asset="BTC", width=640, height=172)
    assert len(layout.bars) == 18
    assert len(layout.grid) <= 3
    for one, other in zip(layout.bars, layout.bars[1:], strict=False):
        assert other.x - (one.x + one.width) == pytest.approx(4)
        assert (one.height < other.height) == (one.count < other.count)
    assert all(bar.x >= layout.left and bar.x + bar.width <= layout.right and bar.y >= 0 for bar in layout.bars)
    assert [bar.low for bar in layout.bars if bar.own] == ["0.001", "0.1", "0.316"]


def test_a_class_with_one_leaf_among_millions_is_seen() -> None:
    layout = layout_leaf_sizes(LeafSizes({"X": {1: 5_000_000, 4: 1}}, {}, {}, {}), asset="X", width=400, height=172)
    assert [bar.count for bar in layout.bars] == [5_000_000, 0, 0, 1]
    assert layout.bars[3].height >= 1
    assert layout.bars[1].height == 0


@pytest.mark.parametrize("most", [1, 2, 3, 4, 9, 10, 11, 99, 118_000, 10**9])
def test_at_most_three_grid_lines(most: int) -> None:
    layout = layout_leaf_sizes(LeafSizes({"X": {0: most}}, {}, {}, {}), asset="X", width=400, height=172)
    assert 1 <= len(layout.grid) <= 3


def test_nothing_to_draw_draws_nothing_and_counts_zeros() -> None:
    layout = layout_leaf_sizes(LeafSizes({"X": {}}, {"X": 7}, {}, {}), asset="X", width=400, height=172)
    assert layout.bars == ()
    assert "7" in layout.zeros


def test_edges_follow_the_decimal_mark_of_the_language() -> None:
    assert edge_text(-2, 0, "de") == "0,1"
    assert edge_text(1, 0, "de") == "3,16"
    assert edge_text(4, 0, "de") == "100"
