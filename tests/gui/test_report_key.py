"""The report key in the window: replaced, and other people's keys held against what they signed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.root_log import RootLogDialog
from reserves_gui.gui.dialogs.save_report import source_of, write
from reserves_gui.gui.dialogs.signing import KeyDialog, ReplaceKeyDialog
from reserves_gui.gui.session import Page
from reserves_gui.services.keeping import root_log
from reserves_gui.services.report_view import Disclosure
from reserves_gui.services.root_logs import export_log
from reserves_gui.services.signing import (
    export_public_key,
    make_report_key,
    open_signer,
    replace_report_key,
    report_key,
)
from reserves_gui.trust.root_log import LogEntry
from reserves_gui.verdict import Outcome

Open = Callable[[str], None]


def _answer(accept: bool) -> None:
    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, ReplaceKeyDialog):
            dialog.replace.click() if accept else dialog.reject()
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(0, look)


def test_a_key_is_replaced_only_when_the_user_goes_on(program: Program, qtbot: QtBot) -> None:
    before = make_report_key().id
    dialog = KeyDialog(program.window.context, program.window)
    dialog.show()
    qtbot.waitUntil(lambda: program.jobs.running is None and dialog.export.isVisible(), timeout=20_000)
    _answer(accept=False)
    qtbot.mouseClick(dialog.replace, Qt.MouseButton.LeftButton)
    qtbot.wait(50)
    known = report_key()
    assert known is not None
    assert known.id == before
    _answer(accept=True)
    qtbot.mouseClick(dialog.replace, Qt.MouseButton.LeftButton)

    def replaced() -> bool:
        now = report_key()
        return now is not None and now.id != before

    qtbot.waitUntil(replaced, timeout=20_000)
    dialog.close()


@pytest.mark.parametrize("right", [True, False])
def test_a_report_is_held_against_the_key_that_must_have_signed(
    right: bool,
    program: Program,
    open_example: Open,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    open_example("verified")
    program.settings.signs_reports = True
    target, public = tmp_path / "signed.json", tmp_path / "theirs.pub"
    make_report_key()
    export_public_key(public)
    made = source_of(program.session.results[Page.BALANCE], Disclosure.FULL)
    if not right:
        replace_report_key()
    write(program.window.context, made, target, program.window)
    qtbot.waitUntil(lambda: target.with_name("signed.json.minisig").exists(), timeout=60_000)
    qtbot.waitUntil(lambda: program.jobs.running is None, timeout=60_000)
    page = program.window.reports
    # Whoever is given a report drops it with the signer's public key on the window.
    page.show_file(str(target), (str(public),))
    qtbot.waitUntil(lambda: str(target) in page.checks, timeout=60_000)
    signature = page.checks[str(target)].signature
    assert signature is not None
    assert signature.outcome is (Outcome.PASSED if right else Outcome.FAILED)


def test_a_log_is_held_against_the_key_beside_it(
    program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, public, other = (tmp_path / name for name in ("log.json", "theirs.pub", "other.pub"))
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("RESERVES_DATA", str(tmp_path / "friend"))
        make_report_key()
        export_public_key(public)
        entry = LogEntry(
            exchange="Northsea",
            snapshot="s1",
            format="f",
            root="aa",
            totals=None,
            source="page",
            file_sha256=None,
            seen_at="2026-10-31T00:00:00Z",
        )
        root_log().append(entry)
        export_log(log, open_signer())
    make_report_key()
    export_public_key(other)
    dialog = RootLogDialog(program.window.context, program.window)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.idle, timeout=20_000)

    def said() -> str:
        labels = dialog.found.findChildren(type(dialog.problem))
        return " ".join(one.accessibleName() for one in labels if one.isVisible())

    for key, words in ((public, "by the key you gave"), (other, "not signed by the key that must have")):
        dialog.hold_against((str(log), str(key)))
        qtbot.waitUntil(lambda words=words: dialog.idle and words in said(), timeout=20_000)
    for files, words in (
        ((str(public),), "Give one file"),
        ((str(log), str(public), str(other)), "Several public keys"),
    ):
        dialog.take_over(files)
        qtbot.waitUntil(lambda words=words: words in dialog.problem.plain, timeout=20_000)
    dialog.close()
