"""The whole work of a user without a mouse: open, verify, compare the root, save the report, find it again."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.session import Page
from reserves_gui.gui.widgets.root_entry import RootEntry
from reserves_gui.services.examples import example
from reserves_gui.services.report_list import listed_report
from reserves_gui.verdict import State


def _focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def _tab_to(qtbot: QtBot, program: Program, name: str, *, most: int = 120) -> QWidget:
    """Press Tab until the control of that name has the focus."""
    for _ in range(most):
        now = QApplication.focusWidget()
        if now is not None and now.accessibleName() == name:
            return now
        qtbot.keyClick(now or program.window, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never reaches {name}")


def test_open_an_example_verify_compare_the_root_and_save_the_report_by_keyboard_alone(
    program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, session = program.window, program.session
    qtbot.waitUntil(lambda: any(b.accessibleName().startswith("Open the example") for b in _buttons(window)))
    sample = example("verified")
    button = _tab_to(qtbot, program, f"Open the example: {sample.title}")
    with qtbot.waitSignal(session.arrived, timeout=30_000):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert session.results[Page.BALANCE].verdict.state is State.VERIFIED

    # The user's own copy of the file, without a published root.
    own = tmp_path / "proof.json"
    own.write_bytes(Path(sample.files[0]).read_bytes())
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: ([str(own)], ""))
    with qtbot.waitSignal(session.arrived, timeout=30_000):
        qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    verdict = session.results[Page.BALANCE].verdict
    assert verdict.state is State.UNDECIDED

    # The root from the published page, typed into the field of the root line.
    page = Path(sample.published[0]).read_text(encoding="utf-8")
    (root,) = {word for word in re.findall(r"\b[0-9a-f]{64}\b", page) if word == verdict.root}
    field = _tab_to(qtbot, program, "Published root")
    assert isinstance(field, QLineEdit)
    with qtbot.waitSignal(session.arrived, timeout=30_000):
        qtbot.keyClicks(field, root)
    assert session.results[Page.BALANCE].verdict.state is State.VERIFIED

    target = tmp_path / "report.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: program.jobs.running is None and target.exists(), timeout=30_000)
    listed = listed_report(str(target))
    assert listed.problem is None
    assert listed.report is not None
    assert listed.report.settings.roots == (root,)

    qtbot.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page is Page.REPORTS
    qtbot.waitUntil(lambda: window.reports.table.reports.rowCount() == 1)
    again = _tab_to(qtbot, program, "Check again")
    qtbot.keyClick(again, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "15 checks run again" in _texts(window.reports), timeout=30_000)


def _buttons(window: QWidget) -> list[QWidget]:
    return [one for one in window.findChildren(QWidget) if one.isVisible()]


def _texts(page: QWidget) -> str:
    return " ".join(one.accessibleName() for one in page.findChildren(QWidget) if one.isVisible())


def test_a_wrong_root_is_said_and_a_half_typed_one_is_not_sent(program: Program, qtbot: QtBot) -> None:
    entry = RootEntry(program.theme, program.window.context.words, lambda: None)
    qtbot.addWidget(entry)
    sent: list[str] = []
    entry.given.connect(sent.append)
    entry.expect(64, "")
    entry.show()
    qtbot.keyClicks(entry.field, "ab12")
    assert sent == []
    qtbot.keyClick(entry.field, Qt.Key.Key_Return)
    assert sent == []
    assert entry.field.property("wrong") == "yes"
    entry.field.clear()
    qtbot.keyClicks(entry.field, "z" * 64)
    assert sent == []
    entry.field.clear()
    qtbot.keyClicks(entry.field, "0x" + "AB" * 32)
    assert sent == ["AB" * 32]
