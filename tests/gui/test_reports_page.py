"""Reports in the window: saved, listed, exported in every kind, redacted, signed, checked again, forgotten."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.notice import Notice
from reserves_gui.gui.dialogs.save_report import Source, source_of, write
from reserves_gui.gui.session import Page
from reserves_gui.messages import say
from reserves_gui.services.examples import example
from reserves_gui.services.report_list import is_report_file, listed_report
from reserves_gui.services.report_view import Disclosure

OpenExample = Callable[[str], None]


@pytest.fixture
def saved(program: Program, open_example: OpenExample, qtbot: QtBot, tmp_path: Path) -> Path:
    """A saved report of the first example, its evidence remembered, chosen on its page."""
    open_example("verified")
    sample = example("verified")
    made = source_of(program.session.results[Page.BALANCE], Disclosure.FULL)
    target = tmp_path / "proof.json"
    source = Source(made.make, made.request, (*sample.files, *sample.published))
    write(program.window.context, source, target, program.window)
    _at_rest(program, qtbot)
    program.window.go_to(Page.REPORTS)
    page = program.window.reports
    qtbot.waitUntil(lambda: page.chosen is not None and page.chosen.path == str(target), timeout=20_000)
    return target


def _at_rest(program: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: program.jobs.running is None, timeout=60_000)


def _export(program: Program, qtbot: QtBot, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    qtbot.mouseClick(program.window.reports.details.exports[target.suffix], Qt.MouseButton.LeftButton)
    _at_rest(program, qtbot)


@pytest.mark.parametrize("suffix", [".html", ".json", ".txt", ".pdf", ".reserves"])
def test_a_saved_report_is_exported_unchanged_in_every_kind(
    program: Program, saved: Path, suffix: str, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / f"out{suffix}"
    _export(program, qtbot, target, monkeypatch)
    listed, before = listed_report(str(target)), listed_report(str(saved))
    assert listed.problem is None
    assert listed.file is not None
    assert before.file is not None
    assert listed.file.reference == before.file.reference
    assert is_report_file(str(target))
    qtbot.waitUntil(lambda: program.window.reports.table.reports.rowCount() == 2)


def test_a_case_file_keeps_the_evidence_and_is_checked_from_itself(
    program: Program, saved: Path, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "case.reserves"
    _export(program, qtbot, target, monkeypatch)
    page = program.window.reports
    program.settings.forget_report(str(target))
    page.show_file(str(target))
    qtbot.waitUntil(lambda: page.chosen is not None and page.chosen.path == str(target), timeout=20_000)
    qtbot.mouseClick(page.details.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: str(target) in page.checks, timeout=60_000)
    checked = page.checks[str(target)]
    assert checked.checks_run == 15
    assert checked.state.value == "unchanged"


def test_of_large_evidence_a_case_keeps_the_hash_as_far_as_the_user_says(
    program: Program, saved: Path, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reserves_gui.gui.dialogs.settings import SettingsDialog
    from reserves_gui.progress import silent
    from reserves_gui.services.cases import open_case_file

    nothing = lambda: None  # noqa: E731 - a button that leads nowhere here
    dialog = SettingsDialog(program.window.context, program.window, about=nothing, log=nothing, key=nothing)
    assert dialog.largest.text() == "64"
    dialog.largest.setText("0")
    dialog.largest.setText("many")
    assert program.settings.case_mebibytes == 0
    target = tmp_path / "small.reserves"
    _export(program, qtbot, target, monkeypatch)
    case = open_case_file(target, silent())
    assert case.changes == ()
    assert {one.left_out and one.left_out.value for one in case.entries} == {"size"}
    program.settings.case_mebibytes = 64
    _export(program, qtbot, target, monkeypatch)
    assert {one.left_out for one in open_case_file(target, silent()).entries} == {None}


def test_a_redacted_copy_holds_no_balance_and_says_what_is_missing(
    program: Program, saved: Path, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "redacted.html"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    balances = [one for one in program.session.results[Page.BALANCE].verdict.balances.values() if one != "0"]
    qtbot.mouseClick(program.window.reports.details.redact, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(program.window.findChildren(Notice)), timeout=60_000)
    (notice,) = program.window.findChildren(Notice)
    said = " ".join(one.accessibleName() for one in notice.findChildren(QWidget))
    assert "the balances" in said
    text = target.read_text(encoding="utf-8")
    assert balances
    for amount in balances:
        assert amount not in text
    notice.close()
    page = program.window.reports
    qtbot.waitUntil(lambda: page.table.reports.rowCount() == 2)
    page.show_file(str(target))
    qtbot.waitUntil(lambda: page.chosen is not None and page.chosen.path == str(target))
    assert not page.details.redact.isEnabled()


def test_a_signature_is_put_beside_the_report_and_checked(program: Program, saved: Path, qtbot: QtBot) -> None:
    page = program.window.reports
    qtbot.mouseClick(page.details.sign, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: saved.with_name(saved.name + ".minisig").exists(), timeout=60_000)
    _at_rest(program, qtbot)
    qtbot.mouseClick(page.details.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: str(saved) in page.checks, timeout=60_000)
    signature = page.checks[str(saved)].signature
    assert signature is not None
    assert signature.own
    wanted = f"report key of this machine ({signature.key_id})"
    qtbot.waitUntil(
        lambda: wanted in " ".join(one.accessibleName() for one in page.details.findChildren(QWidget)), timeout=20_000
    )


def test_reports_are_signed_by_themselves_if_the_user_wants_that(
    program: Program, open_example: OpenExample, qtbot: QtBot, tmp_path: Path
) -> None:
    open_example("verified")
    program.settings.signs_reports = True
    target = tmp_path / "signed.txt"
    made = source_of(program.session.results[Page.BALANCE], Disclosure.FULL)
    write(program.window.context, made, target, program.window)
    qtbot.waitUntil(lambda: target.with_name("signed.txt.minisig").exists(), timeout=60_000)
    _at_rest(program, qtbot)


def test_the_filter_and_forgetting_leave_files_alone(program: Program, saved: Path, qtbot: QtBot) -> None:
    page = program.window.reports
    page.filter.setText("no such exchange")
    assert page.table.reports.rowCount() == 0
    assert page.none.isVisible()
    assert not page.details.isVisible()
    page.filter.setText(listed_report(str(saved)).report.verdict.exchange.lower())
    assert page.table.reports.rowCount() == 1
    assert page.chosen is not None
    qtbot.mouseClick(page.details.forget, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.table.reports.total == 0)
    assert saved.exists()
    assert program.settings.reports == ()


def test_only_paths_are_remembered(program: Program, saved: Path) -> None:
    program.settings.sync()
    kept = (program.settings.folder / "window.ini").read_text(encoding="utf-8")
    verdict = program.session.results[Page.BALANCE].verdict
    assert str(saved) in kept
    for secret in (*verdict.balances.values(), verdict.root or ""):
        assert secret == "0" or secret not in kept
    program.settings.add_report(program.settings.reports[0])
    assert [one.path for one in program.settings.reports] == [str(saved)]
    assert program.settings.reports[0].evidence


def test_a_place_that_cannot_be_written_is_said(
    program: Program, open_example: OpenExample, qtbot: QtBot, tmp_path: Path
) -> None:
    open_example("verified")
    made = source_of(program.session.results[Page.BALANCE], Disclosure.FULL)
    write(program.window.context, made, tmp_path / "missing" / "x.json", program.window)
    qtbot.waitUntil(lambda: bool(program.window.findChildren(Notice)), timeout=30_000)
    (notice,) = program.window.findChildren(Notice)
    said = " ".join(one.accessibleName() for one in notice.findChildren(QWidget))
    assert "cannot be written" in said
    assert "Code: usage" in said
    notice.close()
    assert program.settings.reports == ()


def test_a_cancelled_job_complains_of_nothing(program: Program) -> None:
    program.window.commands.complain(ReservesError(ErrorCode.CANCELLED, say("error.cancelled")))
    assert program.window.findChildren(Notice) == []


def test_receipts_of_two_users_are_held_against_each_other(
    program: Program, open_example: OpenExample, qtbot: QtBot, tmp_path: Path
) -> None:
    from reserves_gui.gui.dialogs.receipts import ReceiptsDialog

    files = example("forged").files
    dialog = ReceiptsDialog(program.window.context, files[:1], program.window)
    dialog.show()
    assert dialog.comparison is None
    assert not dialog.evidence.isEnabled()
    dialog.add_files(files[1:])
    qtbot.waitUntil(lambda: dialog.comparison is not None, timeout=30_000)
    assert dialog.comparison.conflicts
    assert dialog.evidence.isEnabled()
    said = " ".join(one.accessibleName() for one in dialog.findChildren(QWidget))
    assert "Two balances for one node" in said
    target = tmp_path / "conflict.json"
    dialog.write_evidence(target)
    _at_rest(program, qtbot)
    assert json.loads(target.read_text(encoding="utf-8"))["schema"].startswith("reserves/")
    for notice in dialog.findChildren(Notice):
        notice.close()
    # Whoever is given the evidence drops it on the window and sees the same conflict.
    dialog.close()
    program.window.check((str(target),))
    qtbot.waitUntil(lambda: bool(program.window.findChildren(ReceiptsDialog)), timeout=30_000)
    other = program.window.findChildren(ReceiptsDialog)[-1]
    other.add_files(files)
    qtbot.waitUntil(lambda: other.comparison is not None, timeout=30_000)
    assert other.comparison.conflicts
    other.close()


def test_an_own_receipt_is_saved_and_dropping_it_compares(
    program: Program, open_example: OpenExample, qtbot: QtBot, tmp_path: Path
) -> None:
    from reserves_gui.gui.dialogs.receipts import ReceiptsDialog

    open_example("verified")
    program.window.commands.compare_receipts()
    (dialog,) = program.window.findChildren(ReceiptsDialog)
    assert dialog.files == list(example("verified").files)
    code = tmp_path / "mine.svg"
    dialog.write_own(code)
    qtbot.waitUntil(code.exists, timeout=30_000)
    _at_rest(program, qtbot)
    assert b"<svg" in code.read_bytes()
    target = tmp_path / "mine.json"
    dialog.write_own(target)
    qtbot.waitUntil(target.exists, timeout=30_000)
    _at_rest(program, qtbot)
    text = target.read_text(encoding="utf-8")
    for amount in program.session.results[Page.BALANCE].verdict.balances.values():
        assert f'"{amount}"' not in text
    for notice in program.window.findChildren(Notice):
        notice.close()
    dialog.close()
    qtbot.waitUntil(lambda: not program.window.findChildren(ReceiptsDialog))
    program.window.check((str(target), *example("forged").files[:1]))
    qtbot.waitUntil(lambda: bool(program.window.findChildren(ReceiptsDialog)), timeout=30_000)
    (dialog,) = program.window.findChildren(ReceiptsDialog)
    assert dialog.files == [str(target), *example("forged").files[:1]]
    qtbot.waitUntil(lambda: dialog.comparison is not None, timeout=30_000)
    dialog.close()
