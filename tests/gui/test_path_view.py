"""The path picture by mouse, keyboard and screen reader."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from reserves_gui.evidence import NodeKind, Side
from reserves_gui.gui.theme import Theme, ThemeChoice
from reserves_gui.gui.widgets.path_view import PathView, Spot
from reserves_gui.gui.widgets.picture import PictureCard
from reserves_gui.gui.words import Words
from reserves_gui.services.pictures import Box, Pill, picture_of
from tests.report import samples


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[PathView]:
    page = QWidget()
    theme = Theme(ThemeChoice.LIGHT)
    made = PathView(theme, "en", page)
    QVBoxLayout(page).addWidget(made)
    made.set_picture(picture_of(samples.verdict(root_known=False, failing=11)))
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    yield made
    page.close()


def _focused(view: PathView) -> Spot:
    found = QApplication.focusWidget()
    assert isinstance(found, Spot)
    assert found in view.spots
    return found


def _rows(view: PathView) -> list[int]:
    return sorted({spot.target.row for spot in view.spots if isinstance(spot.target, Box)}, reverse=True)


def test_every_node_is_an_accessible_child_with_level_side_hash_sums_and_state(view: PathView) -> None:
    interface = QAccessible.queryAccessibleInterface(view)
    children = [interface.child(at) for at in range(interface.childCount())]
    names = [child.text(QAccessible.Text.Name) for child in children]
    picture = picture_of(samples.verdict(root_known=False, failing=11))
    assert picture is not None
    failing = next(node for node in picture.nodes if node.state.value == "failed")
    assert failing.side is Side.LEFT
    name = f"Sibling, level 11, left side, failing. Hash {failing.hash}. Sums: -118.40000000 BTC"
    assert name in names
    root = picture.nodes[-1]
    assert names[0].startswith(f"Root, level 17, not compared with a published root. Hash {root.hash}.")
    assert len(names) == len(view.spots)
    assert {child.role() for child in children} == {QAccessible.Role.Button}


def test_tab_enters_once_and_leaves_at_once(view: PathView, qtbot: QtBot) -> None:
    reached = [spot for spot in view.spots if spot.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert reached == [view.spots[0]]
    view.spots[0].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(_focused(view), Qt.Key.Key_Down)
    reached = [spot for spot in view.spots if spot.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert reached == [_focused(view)]


def test_arrows_walk_from_the_root_to_the_leaf_and_back(view: PathView, qtbot: QtBot) -> None:
    view.spots[0].setFocus(Qt.FocusReason.TabFocusReason)
    seen = [_focused(view)]
    for _ in range(len(view.spots)):
        qtbot.keyClick(_focused(view), Qt.Key.Key_Down)
        seen.append(_focused(view))
    rows = [spot.y() for spot in seen]
    assert rows == sorted(rows)
    last = seen[-1].target
    assert isinstance(last, Box)
    assert last.row == 1
    for _ in range(len(view.spots)):
        qtbot.keyClick(_focused(view), Qt.Key.Key_Up)
    assert _focused(view) is view.spots[0]
    qtbot.keyClick(_focused(view), Qt.Key.Key_End)
    assert isinstance(_focused(view).target, Box)
    qtbot.keyClick(_focused(view), Qt.Key.Key_Home)
    assert _focused(view) is view.spots[0]


def test_left_and_right_stay_in_the_row(view: PathView, qtbot: QtBot) -> None:
    failing = next(one for one in view.spots if isinstance(one.target, Box) and one.target.look.value == "failed")
    failing.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(failing, Qt.Key.Key_Left)
    assert _focused(view) is failing
    qtbot.keyClick(failing, Qt.Key.Key_Right)
    other = _focused(view).target
    assert isinstance(other, Box)
    assert (other.row, other.node.kind) == (11, NodeKind.OWN)


def test_enter_unfolds_and_moves_to_the_first_unfolded_level(view: PathView, qtbot: QtBot) -> None:
    assert _rows(view) == [17, 16, 12, 11, 10, 1]
    fold = next(one for one in view.spots if isinstance(one.target, Pill))
    assert fold.accessibleName() == "3 more levels, all recomputed. Press Enter to unfold."
    fold.setFocus(Qt.FocusReason.TabFocusReason)
    height = view.height()
    qtbot.keyClick(fold, Qt.Key.Key_Return)
    assert _rows(view) == [17, 16, 15, 14, 13, 12, 11, 10, 1]
    assert view.height() > height
    reached = _focused(view).target
    assert isinstance(reached, Box)
    assert reached.row == 15


def test_enter_opens_the_card_copy_copies_and_escape_returns(view: PathView, qtbot: QtBot) -> None:
    spot = view.spots[0]
    spot.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(spot, Qt.Key.Key_Return)
    assert view.card.isVisible()
    node = spot.target.node if isinstance(spot.target, Box) else None
    assert node is not None
    assert node.hash in view.card.text
    assert node.sums["BTC"] in view.card.text
    view.card.copy()
    assert QGuiApplication.clipboard().text() == view.card.text
    qtbot.keyClick(view.card, Qt.Key.Key_Escape)
    assert not view.card.isVisible()
    assert _focused(view) is spot


def test_hover_shows_a_card_and_leaving_hides_it(view: PathView) -> None:
    spot = view.spots[1]
    view.hover(spot)
    cards = [one for one in view.findChildren(type(view.card)) if one.isVisible()]
    assert len(cards) == 1
    assert cards[0] is not view.card
    view.hover(None)
    assert not cards[0].isVisible()


def test_a_click_on_a_fold_opens_it(view: PathView, qtbot: QtBot) -> None:
    fold = next(one for one in view.spots if isinstance(one.target, Pill))
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert 14 in _rows(view)


def test_a_new_picture_replaces_everything_and_none_clears_it(view: PathView) -> None:
    view.set_picture(picture_of(samples.verdict()))
    assert _rows(view) == [17, 16, 15, 3, 2, 1]
    view.set_narrow(True)
    wide = view.sizeHint().width()
    view.set_narrow(False)
    assert view.sizeHint().width() - wide == 50
    view.set_picture(None)
    assert view.spots == ()
    assert view.sizeHint().isEmpty()
    view.grab()


def test_amounts_follow_the_language_in_boxes_and_stay_plain_when_read(view: PathView) -> None:
    view.set_amounts(lambda text, _most: text.replace(".", ","))
    boxes = [spot.target for spot in view.spots if isinstance(spot.target, Box)]
    assert any(box.lines[1] == "-118,40000000" for box in boxes)
    assert any("-118.40000000 BTC" in spot.accessibleName() for spot in view.spots)


def test_a_path_of_64_levels_unfolds_without_delay(view: PathView) -> None:
    view.set_picture(samples.picture(65))
    for _ in range(4):
        fold = next((one for one in view.spots if isinstance(one.target, Pill)), None)
        if fold is None:
            break
        view.open(fold)
    assert len(_rows(view)) == 65
    view.grab()


def test_a_path_folds_for_the_height_of_its_place_and_what_was_unfolded_stays(view: PathView) -> None:
    view.set_picture(samples.picture(17))
    view.set_room(340)
    assert _rows(view) == [17, 16, 2, 1]
    assert view.sizeHint().height() <= 340
    view.open(next(one for one in view.spots if isinstance(one.target, Pill)))
    view.set_room(250)
    assert len(_rows(view)) == 17


def test_the_paths_of_a_tree_per_asset_are_chosen_by_their_asset(qtbot: QtBot) -> None:
    theme, words = Theme(ThemeChoice.LIGHT), Words("en")
    card = PictureCard(theme, words)
    qtbot.addWidget(card)
    other = replace(samples.picture(3, seed=2), assets=("GBP",))
    made = samples.verdict()
    assert made.picture is not None
    picture = replace(made.picture, more=(other, other))
    card.show_verdict(replace(made, picture=picture))
    shown = [card.asset.itemText(at) for at in range(card.asset.count())]
    assert shown[-2:] == ["Sums in GBP", "Sums in GBP (2)"]
    card.asset.setCurrentIndex(card.asset.count() - 1)
    assert _rows(card.view) == [3, 2, 1]
    card.asset.setCurrentIndex(0)
    assert _rows(card.view)[0] > 3
