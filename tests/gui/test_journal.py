"""The journal in the window: taken over, typed, listed, removed, and compared with a file by itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.journal import JournalDialog
from reserves_gui.gui.session import Page
from reserves_gui.progress import silent
from reserves_gui.services.examples import example
from reserves_gui.services.history_add import AddRequest, add_to_history
from reserves_gui.services.journal import add_entry, journal_entries, journal_path
from reserves_gui.services.verify import VerifyRequest, verify

Dialogs = Callable[..., JournalDialog]


@pytest.fixture
def opened(program: Program, qtbot: QtBot) -> Iterator[Dialogs]:
    """Opens the dialog and waits until it has read the journal."""
    made: list[JournalDialog] = []

    def make(**more: object) -> JournalDialog:
        dialog = JournalDialog(program.window.context, program.window, **more)
        dialog.show()
        made.append(dialog)
        at_rest(dialog, qtbot)
        return dialog

    yield make
    for dialog in made:
        dialog.close()


def at_rest(dialog: JournalDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(dialog.add.isEnabled, timeout=20_000)


def shown(dialog: JournalDialog) -> list[list[str]]:
    model = dialog.entries
    return [[str(model.index(at, column).data()) for column in range(4)] for at in range(model.rowCount())]


def test_entries_are_typed_imported_listed_and_removed(opened: Dialogs, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = opened()
    assert shown(dialog) == []
    for field, text in ((dialog.time, "2026-10-20"), (dialog.asset, "BTC"), (dialog.amount, "1.5")):
        field.setFocus()
        qtbot.keyClicks(field, text)
    qtbot.keyClick(dialog.amount, Qt.Key.Key_Return)
    at_rest(dialog, qtbot)
    qtbot.waitUntil(lambda: len(shown(dialog)) == 1)
    assert dialog.amount.text() == ""
    path = tmp_path / "mine.csv"
    path.write_text("time,asset,amount\n2026-10-21,ETH,7\n2026-10-22,ETH,8\n", encoding="utf-8")
    dialog.exchange.setText("Northsea")
    dialog.take_file(path)
    qtbot.waitUntil(lambda: len(shown(dialog)) == 3, timeout=20_000)
    assert shown(dialog)[0] == ["22 Oct 2026, 00:00 UTC", "Northsea", "ETH", "8"]
    assert shown(dialog)[2] == ["20 Oct 2026, 00:00 UTC", "–", "BTC", "1.5"]
    assert not dialog.remove.isEnabled()
    rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for at in (0, 2):
        dialog.table.selectionModel().select(dialog.entries.index(at, 0), rows)
    dialog.table.setFocus()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(shown(dialog)) == 1, timeout=20_000)
    assert [(one.asset, one.amount) for one in journal_entries()] == [("ETH", "7")]
    assert dialog.changed


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("noon", "BTC", "1"), "noon"),
        (("2026-10-20", "BTC", "1e5"), "not a number"),
        (("2026-10-20", "", "1"), ""),
    ],
)
def test_what_cannot_be_used_is_said_and_changes_nothing(
    typed: tuple[str, str, str], words: str, opened: Dialogs, qtbot: QtBot
) -> None:
    dialog = opened()
    dialog.time.setText(typed[0])
    dialog.asset.setText(typed[1])
    dialog.amount.setText(typed[2])
    dialog.add.click()
    at_rest(dialog, qtbot)
    assert dialog.problem.isVisible()
    assert words in dialog.problem.plain
    assert journal_entries() == ()
    assert not dialog.changed


def test_a_journal_that_cannot_be_read_is_said(opened: Dialogs) -> None:
    journal_path().parent.mkdir(parents=True, exist_ok=True)
    journal_path().write_text("no json", encoding="utf-8")
    dialog = opened()
    assert "cannot be read" in dialog.problem.plain
    assert journal_path().read_text(encoding="utf-8") == "no json"


def _file(tmp_path: Path) -> tuple[Path, str, str]:
    """A proof file kept with a time, an asset it holds, and how much of it."""
    found = example("verified")
    path = tmp_path / "proof.json"
    path.write_bytes(Path(found.files[0]).read_bytes())
    verdict = verify(VerifyRequest(files=(str(path),)), silent())
    asset, amount = next((asset, amount) for asset, amount in verdict.balances.items() if amount != "0")
    add_to_history(AddRequest(files=(str(path),), exchange=verdict.exchange, time="2026-10-31"), silent())
    return path, asset, amount


def _open(program: Program, qtbot: QtBot, path: Path) -> None:
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        program.window.check((str(path),))


def _expected(program: Program) -> list[str]:
    leaf = program.session.results[Page.BALANCE].verdict.claim("leaf")
    assert leaf is not None
    return [check.outcome.value for check in leaf.checks if check.id == "leaf.expected"]


def test_a_file_is_compared_with_what_the_journal_says_of_its_time(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    path, asset, amount = _file(tmp_path)
    exchange = verify(VerifyRequest(files=(str(path),)), silent()).exchange
    _open(program, qtbot, path)
    assert _expected(program) == ["not_checked"]
    panel = program.window.balance.result
    assert not panel.expected.source.isVisible()
    # Entries of another exchange, of no exchange, and of a later time say nothing about this file.
    add_entry(asset=asset, amount="1", time="2026-10-01", exchange="Another")
    add_entry(asset=asset, amount="1", time="2026-10-01")
    add_entry(asset=asset, amount="1", time="2026-11-01", exchange=exchange)
    _open(program, qtbot, path)
    assert _expected(program) == ["not_checked"]
    add_entry(asset=asset, amount=amount, time="2026-10-20", exchange=exchange.upper())
    _open(program, qtbot, path)
    assert _expected(program) == ["passed"]
    assert "31 October 2026, 00:00 UTC" in panel.expected.source.plain
    assert "20 October 2026, 00:00 UTC" in panel.expected.source.plain
    # What is added to the question keeps the comparison; what is typed takes its place.
    root = program.session.results[Page.BALANCE].verdict.root
    assert root is not None
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        panel.root_entry.given.emit(root)
    assert _expected(program) == ["passed"]
    assert program.session.results[Page.BALANCE].journal is not None
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        panel.expected.asked.emit(())
    assert _expected(program) == ["not_checked"]
    assert not panel.expected.source.isVisible()


def test_changes_of_the_journal_are_compared_when_it_is_closed(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    path, asset, amount = _file(tmp_path)
    _open(program, qtbot, path)
    panel = program.window.balance.result
    qtbot.mouseClick(panel.expected.journal, Qt.MouseButton.LeftButton)
    (dialog,) = panel.findChildren(JournalDialog)
    at_rest(dialog, qtbot)
    assert dialog.at.text() == "2026-10-31T00:00:00Z"
    assert dialog.exchange.text() == program.session.results[Page.BALANCE].verdict.exchange
    dialog.time.setText("2026-10-20")
    dialog.asset.setText(asset)
    dialog.amount.setText(f"{amount}1" if "." in amount else f"{amount}.1")
    dialog.add.click()
    at_rest(dialog, qtbot)
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        dialog.accept()
    assert _expected(program) == ["failed"]
    said = " ".join(one.accessibleName() for one in panel.expected.findChildren(QWidget))
    assert "differs" in said


def test_entries_without_an_exchange_are_compared_when_the_user_says_so(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    path, asset, amount = _file(tmp_path)
    add_entry(asset=asset, amount=amount, time="2026-09-01")
    _open(program, qtbot, path)
    assert _expected(program) == ["not_checked"]
    panel = program.window.balance.result
    panel.open_journal()
    (dialog,) = panel.findChildren(JournalDialog)
    at_rest(dialog, qtbot)
    dialog.at.setText("2026-08-01")
    dialog.use.click()
    at_rest(dialog, qtbot)
    assert "says nothing" in dialog.problem.plain
    dialog.at.setText("2026-10-01")
    dialog.at.setFocus()
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        qtbot.keyClick(dialog.at, Qt.Key.Key_Return)
    assert _expected(program) == ["passed"]
    assert "1 September 2026" in panel.expected.source.plain


def test_examples_are_no_concern_of_the_journal_nor_of_the_root_log(
    program: Program, open_example: Callable[[str], None], tmp_path: Path
) -> None:
    _file(tmp_path)
    verdict = verify(example("verified").request(), silent())
    for asset in verdict.balances:
        add_entry(asset=asset, amount="1", time="2001-01-01", exchange=verdict.exchange)
    from reserves_gui.services.keeping import root_log

    before = len(root_log().entries)
    open_example("verified")
    assert _expected(program) == ["not_checked"]
    assert len(root_log().entries) == before


def test_a_journal_that_cannot_be_read_costs_no_verdict(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    path, *_ = _file(tmp_path)
    journal_path().write_text("no json", encoding="utf-8")
    _open(program, qtbot, path)
    notes = [one.key for one in program.session.results[Page.BALANCE].verdict.notes]
    assert "journal.unusable" in notes
    assert _expected(program) == ["not_checked"]
