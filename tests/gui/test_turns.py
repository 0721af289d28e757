"""Pieces of work a turn each, and the collector that keeps out of a job's way."""

import gc
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from reserves_gui.gui.quiet_memory import QuietMemory
from reserves_gui.gui.turns import Turns, unseen
from reserves_gui.gui.widgets.parts import Parts
from tests.gui.pauses import MOST, Pauses

pytestmark = pytest.mark.usefixtures("turn_by_turn")


def test_pieces_run_one_a_turn_in_their_order(qtbot: QtBot) -> None:
    parent, done = QObject(), []
    turns = Turns(parent)
    turns.start([lambda: done.append(1), lambda: done.append(2)])
    assert done == []
    assert not turns.idle
    qtbot.waitUntil(lambda: turns.idle)
    assert done == [1, 2]


def test_a_new_batch_takes_the_place_of_what_was_left(qtbot: QtBot) -> None:
    parent, done = QObject(), []
    turns = Turns(parent)
    turns.start([lambda: done.append("old")])
    turns.start([lambda: done.append("new")])
    qtbot.waitUntil(lambda: turns.idle)
    assert done == ["new"]


def test_what_waits_can_be_finished_at_once() -> None:
    parent, done = QObject(), []
    turns = Turns(parent)
    turns.start([lambda: done.append(1), lambda: done.append(2)])
    turns.finish()
    assert done == [1, 2]
    assert turns.idle


def test_full_collections_wait_until_a_job_is_over() -> None:
    usual = gc.get_threshold()
    memory = QuietMemory()
    memory.job_began()
    assert gc.get_threshold()[:2] == usual[:2]
    assert gc.get_threshold()[2] > 1000 * usual[2]
    memory.job_ended()
    assert gc.get_threshold() == usual


def test_the_program_itself_is_set_aside() -> None:
    try:
        QuietMemory().set_aside()
        assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()


@pytest.mark.parametrize("example", ["verified", "tampered", "whole-tree"])
def test_a_result_is_whole_after_its_turns(
    program: "Program",  # noqa: F821
    open_example: Callable[[str], None],
    qtbot: QtBot,
    example: str,
) -> None:
    open_example(example)
    window = program.window
    panel = (window.liabilities if example == "whole-tree" else window.balance).result
    verdict = program.session.results[window.current_page].verdict
    qtbot.waitUntil(lambda: panel.turns.idle)
    assert panel.isVisible()
    assert panel.checks.checks.rowCount() == sum(len(claim.checks) for claim in verdict.claims)


@pytest.mark.parametrize("example", ["verified", "tampered", "many-coins", "whole-tree"])
def test_no_result_holds_the_window_up(
    program: "Program",  # noqa: F821
    open_example: Callable[[str], None],
    qtbot: QtBot,
    example: str,
) -> None:
    """From opening the file until the last card is there; the first time round, Python also loads what it needs."""
    window = program.window
    pauses = Pauses(window)
    found = []
    for _ in range(3):
        window.start_again()
        qtbot.wait(20)
        with pauses.measured():
            open_example(example)
            panel = (window.liabilities if example == "whole-tree" else window.balance).result
            qtbot.waitUntil(lambda panel=panel: panel.turns.idle)
            qtbot.wait(50)
        found.append(pauses.longest)
    assert min(found) < MOST, found


def test_a_part_is_filled_unseen_and_shown_as_a_whole(qtbot: QtBot) -> None:
    stack, old, new = Parts(), QLabel("old"), QLabel()
    qtbot.addWidget(stack)
    stack.addWidget(old)
    stack.addWidget(new)
    stack.show()
    qtbot.wait(20)
    seen: list[bool] = []
    for piece in unseen(stack, new, [lambda: seen.append(stack.updatesEnabled()), lambda: new.setText("new")]):
        piece()
    assert seen == [False]
    assert stack.updatesEnabled()
    assert stack.currentWidget() is new


def test_no_part_is_asked_for_its_height(qtbot: QtBot) -> None:
    asked = []

    class Asked(QLabel):
        def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
            asked.append(width)
            return super().heightForWidth(width)

    window, stack, shown = QWidget(), Parts(), Asked("shown")
    shown.setWordWrap(True)
    stack.addWidget(shown)
    QVBoxLayout(window).addWidget(stack)
    qtbot.addWidget(window)
    window.show()
    shown.setText("other and longer")
    qtbot.wait(20)
    assert asked == []


def test_a_new_run_is_not_covered_by_what_was_left_of_the_last(
    program: "Program",  # noqa: F821
    open_example: Callable[[str], None],
) -> None:
    open_example("verified")
    page = program.window.balance
    page.show_running("next.json")
    assert page.result.turns.idle
    assert page.running.isVisible()
