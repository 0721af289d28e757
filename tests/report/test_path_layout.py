"""Where the nodes of a path stand: true sides, folding, failing levels always open."""

from dataclasses import replace

import pytest

from reserves_gui.evidence import NodeKind, NodeState, PathNode, PathPicture, Side
from reserves_gui.report.path_layout import (
    BOX_NARROW,
    GUTTER,
    Look,
    Place,
    layout_path,
    node_sentence,
    picture_of,
    plain,
)
from reserves_gui.verdict import Check, Outcome
from tests.report import samples


def _rows(picture: PathPicture, **kwargs: object) -> list[int]:
    return sorted({box.row for box in layout_path(picture, **kwargs).boxes}, reverse=True)  # type: ignore[arg-type]


def test_a_long_path_folds_to_its_ends() -> None:
    layout = layout_path(samples.picture(17))
    assert _rows(samples.picture(17)) == [17, 16, 15, 3, 2, 1]
    assert [(pill.low, pill.high, pill.text) for pill in layout.pills] == [(4, 14, "11 more levels, all recomputed")]


@pytest.mark.parametrize("levels", range(1, 8))
def test_a_short_path_never_folds(levels: int) -> None:
    assert layout_path(samples.picture(levels)).pills == ()


@pytest.mark.parametrize("failing", range(1, 17))
def test_a_failing_level_and_both_its_neighbours_are_never_folded(failing: int) -> None:
    rows = _rows(samples.picture(17, failing=failing))
    assert {failing, failing + 1, max(failing - 1, 1)} <= set(rows)
    assert {1, 17} <= set(rows)


@pytest.mark.parametrize("levels", range(8, 40))
def test_every_level_is_either_shown_or_counted_in_one_fold(levels: int) -> None:
    layout = layout_path(samples.picture(levels, failing=levels // 2))
    folded = [row for pill in layout.pills for row in range(pill.low, pill.high + 1)]
    shown = {box.row for box in layout.boxes}
    assert sorted([*folded, *shown]) == list(range(1, levels + 1))
    assert all(pill.high > pill.low for pill in layout.pills)


def test_an_opened_fold_is_gone() -> None:
    assert _rows(samples.picture(17), opened=frozenset(range(4, 15))) == list(range(17, 0, -1))


def test_nodes_stand_on_their_true_side() -> None:
    layout = layout_path(samples.picture(17))
    for box in layout.boxes:
        if box.node.side is not None:
            assert (box.x == GUTTER) == (box.node.side is Side.LEFT)


def test_boxes_never_overlap_and_stay_inside() -> None:
    for width in (BOX_NARROW, 151.0):
        layout = layout_path(samples.picture(30, failing=12), box_width=width)
        for one in layout.boxes:
            assert one.x >= 0
            assert one.x + one.width <= layout.width
            assert one.bottom <= layout.height
            for other in layout.boxes:
                apart = one.bottom <= other.y or other.bottom <= one.y
                assert one is other or apart or one.x + width <= other.x or other.x + width <= one.x
        for pill in layout.pills:
            assert not [box for box in layout.boxes if box.y < pill.y + 32 and pill.y < box.bottom]


@pytest.mark.parametrize(
    ("outcome", "look"),
    [(Outcome.NOT_CHECKED, Look.UNDECIDED), (Outcome.FAILED, Look.FAILED), (Outcome.PASSED, Look.OWN)],
)
def test_the_root_looks_like_its_claim(outcome: Outcome, look: Look) -> None:
    made = samples.verdict()
    claims = tuple(
        replace(claim, checks=(Check("root.match", outcome, claim.checks[0].reason),)) if claim.id == "root" else claim
        for claim in made.claims
    )
    picture = picture_of(replace(made, claims=claims))
    assert picture is not None
    assert layout_path(picture).boxes[0].look is look


def test_a_fold_over_levels_that_were_not_recomputed_does_not_say_so() -> None:
    picture = samples.picture(17)
    nodes = tuple(
        replace(node, state=NodeState.GIVEN) if node.level == 8 and node.kind is NodeKind.OWN else node
        for node in picture.nodes
    )
    assert [pill.text for pill in layout_path(replace(picture, nodes=nodes)).pills] == ["11 more levels"]


def test_a_redacted_path_says_that_its_leaf_is_left_out() -> None:
    picture = samples.picture(5)
    upper = replace(picture, nodes=tuple(node for node in picture.nodes if node.level))
    places = [caption.place for caption in layout_path(upper).captions]
    assert Place.NOTE in places
    assert Place.LEAF not in places


def test_a_root_that_is_the_leaf_and_a_missing_sibling_are_drawn() -> None:
    alone = PathPicture((PathNode(level=0, kind=NodeKind.ROOT, side=None, hash="ab" * 32),), ())
    assert len(layout_path(alone).boxes) == 1
    chain = PathPicture(
        (
            PathNode(level=0, kind=NodeKind.LEAF, side=None, hash="aa" * 32),
            PathNode(level=1, kind=NodeKind.ROOT, side=None, hash="ab" * 32),
        ),
        (),
    )
    assert [box.centre for box in layout_path(chain).boxes] == [GUTTER + 151 + 8] * 2
    assert layout_path(PathPicture((), ())).boxes == ()


def test_several_siblings_of_one_level_are_counted() -> None:
    picture = samples.picture(3)
    sibling = next(node for node in picture.nodes if node.kind is NodeKind.SIBLING)
    wide = replace(picture, nodes=(*picture.nodes, replace(sibling, hash="cd" * 32)))
    boxes = [box for box in layout_path(wide).boxes if box.node.level == 0]
    assert [box.lines[1] for box in boxes if box.node.kind is NodeKind.SIBLING] == ["+1 sibling"]


def test_a_sum_that_does_not_fit_is_cut_in_the_middle_and_read_in_full() -> None:
    long = "123456789012345678901234.12345678"
    node = PathNode(level=0, kind=NodeKind.LEAF, side=Side.LEFT, hash="ab" * 32, sums={"SHIB": long})
    box = layout_path(PathPicture((node,), ("SHIB",))).boxes[0]
    assert "…" in box.lines[1]
    assert len(box.lines[1]) <= 17
    assert long in node_sentence(box, ("SHIB",))
    assert "ab" * 32 in node_sentence(box, ("SHIB",), "de")


def test_decimals_that_do_not_fit_are_cut_and_whole_coins_stay() -> None:
    assert plain("95088.555056123456789", 14) == "95088.5550561…"
    assert plain("0.41820937", 14) == "0.41820937"
    assert plain("12345678901234567890.5", 14) == "1234567…7890.5"


@pytest.mark.parametrize("room", [150, 250, 340, 411, 490, 2000])
@pytest.mark.parametrize("failing", [None, 3, 9])
def test_a_path_folds_for_the_height_there_is(room: int, failing: int | None) -> None:
    picture = samples.picture(17, failing=failing)
    layout = layout_path(picture, room=room)
    closest = layout_path(picture, room=0)
    shown = {box.row for box in layout.boxes}
    assert layout.height <= max(room, closest.height)
    assert {1, 17} <= shown
    assert failing is None or {failing - 1, failing, failing + 1} <= shown
    assert (layout.pills == ()) == (room == 2000)


def test_the_caption_of_a_leaf_that_failed_is_no_good_news() -> None:
    picture = samples.picture(5)
    nodes = tuple(
        replace(node, state=NodeState.FAILED) if node.kind is NodeKind.LEAF else node for node in picture.nodes
    )
    places = [caption.place for caption in layout_path(replace(picture, nodes=nodes)).captions]
    assert Place.LEAF_FAILED in places
    assert Place.LEAF not in places
