"""Everything that can be used has a name that is spoken, can be reached by Tab, and shows where the focus is."""

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.focus import OWN_FOCUS, wants_ring
from reserves_gui.gui.widgets.claim_line import ClaimLine
from tests.gui.states import dialogs, pages, show_example

USED = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView)


def _controls(top: QWidget) -> list[QWidget]:
    found = []
    for one in top.findChildren(QWidget):
        inside = isinstance(one.parentWidget(), (QAbstractScrollArea, QComboBox)) and not isinstance(one, USED)
        usable = isinstance(one, USED) or (one.focusPolicy() != Qt.FocusPolicy.NoFocus and not isinstance(one, QLabel))
        internal = one.objectName().startswith("qt_") or isinstance(one.parentWidget(), QComboBox)
        if usable and not inside and not internal and one.isVisibleTo(top):
            found.append(one)
    return found


def _nameless(top: QWidget) -> list[str]:
    return [
        f"{type(one).__name__} in {type(one.parentWidget()).__name__}"
        for one in _controls(top)
        if (
            not (one.accessibleName() or getattr(one, "text", str)())
            and not isinstance(one, QAbstractScrollArea | QAbstractButton)
        )
        or (isinstance(one, USED) and not (one.accessibleName() or getattr(one, "text", str)()))
    ]


def test_every_control_of_every_page_has_a_name(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    nameless = {name: _nameless(window) for name, window in pages(program, qtbot, tmp_path)}
    assert {name: found for name, found in nameless.items() if found} == {}


def test_every_control_of_every_dialog_has_a_name(program: Program, qtbot: QtBot) -> None:
    nameless: dict[str, list[str]] = {}
    for name, make in dialogs(program):
        dialog = make()
        dialog.show()
        qtbot.wait(20)
        nameless[name] = _nameless(dialog)
        dialog.close()
        dialog.deleteLater()
    assert {name: found for name, found in nameless.items() if found} == {}


def test_tab_goes_round_and_shows_where_it_is(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    """On every page in every state."""
    missed = {name: _missed(program, qtbot) for name, _window in pages(program, qtbot, tmp_path)}
    assert {name: found for name, found in missed.items() if found} == {}


def _missed(program: Program, qtbot: QtBot) -> list[str]:
    """What Tab does not reach on one round; each stop shows that it has the focus."""
    window = program.window
    window.activateWindow()
    window.side.navigation.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget] = []
    for _ in range(300):
        now = QApplication.focusWidget()
        assert now is not None
        if seen and now is seen[0]:
            break
        seen.append(now)
        if wants_ring(now):
            assert program.ring.target is now, now.accessibleName()
        else:
            painted = now.property(OWN_FOCUS) or isinstance(now, QLineEdit | QAbstractItemView | QLabel | QComboBox)
            assert painted or isinstance(now, QPlainTextEdit), type(now).__name__
        qtbot.keyClick(now, Qt.Key.Key_Tab)
    else:
        raise AssertionError("Tab does not come round")
    wanted = {one for one in _controls(window) if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled()}
    return [f"{type(one).__name__} {one.accessibleName()}" for one in wanted - set(seen) if _walkable(one)]


@pytest.mark.parametrize("name", ["verified", "tampered", "whole-tree"])
def test_tab_follows_the_reading_order(program: Program, qtbot: QtBot, name: str) -> None:
    window = program.window
    show_example(program, qtbot, name)
    qtbot.wait(30)
    window.activateWindow()
    parts = [window.side, window.top, window.stack.currentWidget(), window.status]
    window.side.navigation.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget] = []
    while (now := QApplication.focusWidget()) is not None and now not in seen:
        seen.append(now)
        qtbot.keyClick(now, Qt.Key.Key_Tab)
    places = [next(at for at, part in enumerate(parts) if part.isAncestorOf(one)) for one in seen]
    assert places == sorted(places)
    assert set(places) == {0, 1, 2, 3}
    lines = [seen.index(line.header) for line in window.findChildren(ClaimLine) if line.isVisible()]
    assert lines
    assert lines == sorted(lines)
    for forward, back in pairwise(seen):
        back.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.keyClick(back, Qt.Key.Key_Backtab)
        assert QApplication.focusWidget() is forward


def _walkable(one: QWidget) -> bool:
    # Of a group of radio buttons and of the jump marks Tab reaches the chosen one; arrows reach the rest.
    return not (isinstance(one, QAbstractButton) and one.autoExclusive() and not one.isChecked())


class _Windows(QObject):
    """Notes what is shown as a window of its own and is none: a part made visible before it has its place."""

    def __init__(self) -> None:
        super().__init__()
        self.stray: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            kind = watched.windowType()
            if not isinstance(watched, QMainWindow | QDialog) and kind is Qt.WindowType.Window:
                self.stray.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


def test_no_part_of_a_page_or_dialog_is_a_window_for_a_moment(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    """It would flash on the screen and take the focus away."""
    windows = _Windows()
    QApplication.instance().installEventFilter(windows)
    try:
        for _, window in pages(program, qtbot, tmp_path):
            assert window.isWindow()
        for _, make in dialogs(program):
            dialog = make()
            dialog.show()
            qtbot.wait(5)
            dialog.close()
    finally:
        QApplication.instance().removeEventFilter(windows)
    assert windows.stray == []
