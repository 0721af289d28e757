"""Receipts in the window: files that name no snapshot are held against one another when the user says they are of one."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.receipts import ReceiptsDialog
from reserves_gui.services.receipts import write_receipt
from reserves_gui.trust.receipts import Receipt


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
