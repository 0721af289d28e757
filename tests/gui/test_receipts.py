"""Receipts in the window: files that name no snapshot are held against one another when the user says they are of one."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.receipts import ReceiptsDialog
from reserves_gui.gui.session import Page
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.services.keeping import open_store
from reserves_gui.services.receipt_files import write_receipt
from reserves_gui.trust.receipts import Receipt
from tests.history import year


def _files(folder: Path) -> tuple[str, ...]:
    paths = []
    for number, root in enumerate(("aa" * 32, "bb" * 32)):
        header = Receipt(exchange="Northsea", format="some-zk", snapshot=None, root=root, nodes={})
        path = folder / f"{number}.json"
        write_receipt(replace(header, leaf=f"{number:064x}"), path)
        paths.append(str(path))
    return tuple(paths)


def _said(dialog: ReceiptsDialog) -> str:
    return " ".join(one.accessibleName() for one in dialog.findChildren(QWidget) if one.isVisible())


def test_a_receipt_against_the_kept_root_is_told_and_shown_over_time(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    with open_store(None) as store:
        store.add_snapshot(replace(year.snapshot(1, "5"), format="some-zk", snapshot="october", root="cc" * 32))
    path = tmp_path / "friend.json"
    write_receipt(Receipt(exchange="Northsea", format="some-zk", snapshot="october", root="aa" * 32, nodes={}), path)
    # One file is enough: what was kept is the other side.
    dialog = ReceiptsDialog(program.window.context, (str(path),), program.window)
    dialog.show()
    qtbot.waitUntil(lambda: "kept as a critical alert" in _said(dialog), timeout=20_000)
    assert "Kept by you" in [one.text() for one in dialog.findChildren(QLabel)]
    assert dialog.evidence.isEnabled()
    dialog.close()
    page = program.window.over_time
    program.window.go_to(Page.OVER_TIME)
    qtbot.waitUntil(lambda: page.view.chart is not None, timeout=20_000)
    lines = " ".join(one.plain for one in page.alerts.findChildren(Prose))
    assert "october: two roots were seen for one snapshot. Critical" in lines
    assert program.window.side.navigation.pages.entry(3).number == 1


def test_the_user_is_asked_whether_files_are_of_one_snapshot_only_where_that_matters(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    files = _files(tmp_path)
    dialog = ReceiptsDialog(program.window.context, files, program.window)
    dialog.show()
    assert not dialog.same.isVisible()
    qtbot.waitUntil(dialog.same.isVisible, timeout=20_000)
    qtbot.waitUntil(lambda: "only their owners can say" in _said(dialog), timeout=20_000)
    assert not dialog.evidence.isEnabled()
    dialog.same.setFocus()
    qtbot.keyClick(dialog.same, Qt.Key.Key_Space)
    qtbot.waitUntil(dialog.evidence.isEnabled, timeout=20_000)
    qtbot.waitUntil(lambda: "what you say is one snapshot" in _said(dialog), timeout=20_000)
    assert "Two roots" in _said(dialog)
    assert dialog.same.isVisible()
    qtbot.keyClick(dialog.same, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "only their owners can say" in _said(dialog), timeout=20_000)
    assert not dialog.evidence.isEnabled()
    dialog.close()
