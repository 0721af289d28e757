"""The root log in the window: handed on, held against a friend's, a fork shown as a fork, proofs of entries."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.root_log import RootLogDialog
from reserves_gui.gui.session import Page
from reserves_gui.services.keeping import data_folder, root_log
from reserves_gui.services.root_logs import export_log
from reserves_gui.services.signing import make_report_key, open_signer
from reserves_gui.trust.root_log import HEAD_NAME, LOG_NAME, LogEntry, parse_checkpoint

Opens = Callable[[], RootLogDialog]


def _see(*seen: tuple[str, str]) -> None:
    log = root_log()
    for snapshot, root in seen:
        log.append(
            LogEntry(
                exchange="Northsea",
                snapshot=snapshot,
                format="f",
                root=root * 32,
                totals=None,
                source="page",
                file_sha256=None,
                seen_at="2026-10-31T00:00:00Z",
            )
        )


@pytest.fixture
def copy_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """What a friend who saw these (snapshot, root) pairs hands on; asked again she has seen more."""

    def handed(*seen: tuple[str, str], signed: bool = False) -> Path:
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("RESERVES_DATA", str(tmp_path / "friend"))
            _see(*seen)
            path = tmp_path / f"friend-{len(root_log().entries)}.json"
            export_log(path, open_signer() if signed else None)
        return path

    return handed


@pytest.fixture
def opened(program: Program, qtbot: QtBot) -> Iterator[Opens]:
    """Opens the dialog by its button on the page of reports, and waits until the log was read."""

    def make() -> RootLogDialog:
        program.window.go_to(Page.REPORTS)
        page = program.window.reports
        card = next(one for one in page.findChildren(QWidget, "between users") if one.isVisible())
        qtbot.mouseClick(card.log, Qt.MouseButton.LeftButton)
        dialog = program.window.findChildren(RootLogDialog)[-1]
        qtbot.waitUntil(lambda: dialog.idle, timeout=20_000)
        return dialog

    yield make
    for dialog in program.window.findChildren(RootLogDialog):
        dialog.close()


def _said(dialog: QWidget) -> str:
    return " ".join(one.accessibleName() or one.text() for one in dialog.findChildren(QLabel) if one.isVisible())


def _waits(dialog: RootLogDialog, qtbot: QtBot, words: str) -> None:
    qtbot.waitUntil(lambda: dialog.idle and words in _said(dialog), timeout=20_000)


def test_an_empty_log_says_what_fills_it(opened: Opens, qtbot: QtBot) -> None:
    dialog = opened()
    qtbot.waitUntil(dialog.found.isVisible, timeout=20_000)
    state = dialog.found.findChildren(QWidget)
    assert "Keep history first" in " ".join(one.accessibleName() for one in state)
    assert not dialog.export.isEnabled()
    assert not dialog.prove.isEnabled()
    assert dialog.check.isEnabled()


def test_the_log_is_shown_copied_and_exported(
    opened: Opens, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _see(("s1", "aa"), ("s2", "bb"))
    make_report_key()
    dialog = opened()
    assert dialog.entries.rowCount() == 2
    assert dialog.entries.index(0, 2).data() == "s2"
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert parse_checkpoint(QGuiApplication.clipboard().text()) == root_log().head()
    target = tmp_path / "log.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    _waits(dialog, qtbot, "2 entries written to log.json")
    whole = json.loads(target.read_text(encoding="utf-8"))
    assert whole["key"].startswith("reserves.local/")
    assert "— reserves.local/" in whole["checkpoint"]


def test_an_entry_is_proven_and_the_proof_checked_against_a_head(
    opened: Opens, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: Program
) -> None:
    _see(("s1", "aa"), ("s2", "bb"))
    head = " ".join(root_log().head().text().split())
    dialog = opened()
    target = tmp_path / "proof.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    dialog.table.selectRow(1)
    qtbot.mouseClick(dialog.prove, Qt.MouseButton.LeftButton)
    _waits(dialog, qtbot, "Proof of entry 0 written")
    dialog.check_file((str(target),))
    _waits(dialog, qtbot, "Whose head that is, the file does not show")
    dialog.known.setText(head)
    dialog.check_file((str(target),))
    _waits(dialog, qtbot, "whose head or key you gave")
    assert "snapshot: s1" in _said(dialog)
    whole = json.loads(target.read_text(encoding="utf-8"))
    target.write_text(json.dumps(whole | {"index": 1}), encoding="utf-8")
    dialog.check_file((str(target),))
    _waits(dialog, qtbot, "The proof does not hold")
    target.write_text("[" * 100_000, encoding="utf-8")
    dialog.check_file((str(target),))
    qtbot.waitUntil(dialog.problem.isVisible, timeout=20_000)
    assert "nest" in dialog.problem.plain


def test_a_friend_who_was_shown_another_root_is_a_conflict(
    opened: Opens, qtbot: QtBot, copy_of: Callable[..., Path]
) -> None:
    _see(("s1", "aa"), ("s2", "bb"))
    dialog = opened()
    dialog.hold_against((str(copy_of(("s1", "aa"))),))
    _waits(dialog, qtbot, "Snapshots that both have seen: 1. Different roots: 0")
    assert "no conflict" in " ".join(one.accessibleName() for one in dialog.found.findChildren(QWidget))
    dialog.take_over((str(copy_of(("s2", "cc"), signed=True)),))
    _waits(dialog, qtbot, "Entries taken over: 2")
    assert "Different roots: 1" in _said(dialog)
    assert "signed by the key that the file itself names" in _said(dialog)
    assert "bbbbbb…bbbb (page" in _said(dialog)
    qtbot.waitUntil(lambda: dialog.entries.rowCount() == 4, timeout=20_000)


def _rewrite(folder: Path) -> None:
    """Somebody changes an entry and makes the head anew: the log itself looks whole."""
    text = (folder / LOG_NAME).read_bytes()
    (folder / LOG_NAME).write_bytes(text.replace(b"aa" * 32, b"99" * 32))
    origin = (folder / HEAD_NAME).read_text().split("\n")[0]
    (folder / HEAD_NAME).write_text(f"{origin}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n")


def test_a_friends_log_that_was_rewritten_is_shown_as_forked(
    opened: Opens, qtbot: QtBot, tmp_path: Path, copy_of: Callable[..., Path]
) -> None:
    dialog = opened()
    dialog.take_over((str(copy_of(("s1", "aa"), ("s2", "bb"))),))
    _waits(dialog, qtbot, "Entries taken over: 2")
    _rewrite(tmp_path / "friend" / "root-log")
    dialog.take_over((str(copy_of(("s3", "cc"))),))
    _waits(dialog, qtbot, "Forked: the log of somebody else")
    assert "Entries taken over: 0" in _said(dialog)
    assert len(root_log().entries) == 2


def test_the_own_log_that_was_rewritten_is_shown_as_forked(opened: Opens, qtbot: QtBot, tmp_path: Path) -> None:
    _see(("s1", "aa"), ("s2", "bb"))
    outside, head = tmp_path / "outside.json", root_log().head().text()
    export_log(outside)
    folder = data_folder() / "root-log"
    _rewrite(folder)
    _see(("s3", "cc"))
    dialog = opened()
    dialog.hold_against((str(outside),))
    _waits(dialog, qtbot, "Forked: this copy and your log")
    dialog.known.setText(" ".join(head.split()))
    dialog.known.setFocus()
    qtbot.keyClick(dialog.known, Qt.Key.Key_Return)
    _waits(dialog, qtbot, "is not a prefix of this log")
    dialog.known.setText(" ".join(root_log().head().text().split()))
    qtbot.keyClick(dialog.known, Qt.Key.Key_Return)
    _waits(dialog, qtbot, "is an earlier state of this log")


def test_a_log_that_does_not_fit_its_head_is_said_and_left_alone(opened: Opens, qtbot: QtBot) -> None:
    _see(("s1", "aa"), ("s2", "bb"))
    path = data_folder() / "root-log" / LOG_NAME
    path.write_bytes(path.read_bytes().replace(b"aa" * 32, b"99" * 32))
    before = path.read_bytes()
    dialog = opened()
    qtbot.waitUntil(dialog.problem.isVisible, timeout=20_000)
    assert "it was changed. Nothing was overwritten" in dialog.problem.plain
    assert not dialog.export.isEnabled()
    assert path.read_bytes() == before
