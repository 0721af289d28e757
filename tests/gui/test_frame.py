"""The frame: failed pages are marked, offline is said, files are dropped, a second start hands over, crashes mask."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import CrashHook, Program
from reserves_gui.gui.dialogs.crash import CrashDialog, masked_report
from reserves_gui.gui.glyphs import Glyph
from reserves_gui.gui.instance import FirstInstance, hand_over, instance_name
from reserves_gui.gui.log import SessionLog
from reserves_gui.gui.session import Page
from reserves_gui.gui.widgets.asset_figures import AssetFigures
from reserves_gui.gui.widgets.buttons import GlyphMark, StateLabel
from reserves_gui.gui.widgets.claims import ClaimsCard
from reserves_gui.gui.widgets.claims_side import ClaimsSide
from reserves_gui.gui.widgets.expected import ExpectedCard
from reserves_gui.gui.widgets.headline_check import HeadlineCheck
from reserves_gui.gui.widgets.proofs import ProofsCard
from reserves_gui.gui.widgets.report_details import ReportDetails
from reserves_gui.gui.words import Words
from reserves_gui.services.examples import example
from reserves_gui.verdict import State, Verdict
from tests.gui.states import pages

SHOWS_TICKS = (AssetFigures, ClaimsCard, ClaimsSide, ExpectedCard, HeadlineCheck, ProofsCard, ReportDetails)


def _drop(window: QWidget, *paths: str, text: str = "") -> None:
    data = QMimeData()
    if paths:
        data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    else:
        data.setText(text)
    event = QDropEvent(
        QPointF(200, 200),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def test_a_dropped_file_is_verified_at_once_on_every_page(program: Program, qtbot: QtBot) -> None:
    sample = example("verified")
    for page in Page:
        program.window.go_to(page)
        with qtbot.waitSignal(program.session.arrived, timeout=30_000):
            _drop(program.window, sample.files[0])
        assert program.window.current_page is Page.BALANCE


def test_dropped_text_is_verified(program: Program, qtbot: QtBot) -> None:
    text = Path(example("verified").files[0]).read_text(encoding="utf-8")
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        _drop(program.window, text=text)
    assert program.session.results[Page.BALANCE].verdict.root is not None


def test_a_forged_example_shows_what_failed_first_and_open(
    program: Program, open_example: Callable[[str], None]
) -> None:
    open_example("forged")
    lines = program.window.balance.result.claims.lines
    states = [line.claim.state for line in lines]
    assert states[0] is State.FAILED
    assert states == sorted(states, key=lambda state: state is not State.FAILED)
    assert lines[0].is_open
    assert not any(line.is_open for line in lines[1:] if line.claim.state is not State.FAILED)
    assert program.window.side.navigation.pages.entry(0).failed
    assert program.window.side.navigation.pages.entry(0).spoken == "My balance, a claim failed"
    # Balances of a failed proof would be read as true.
    assert not program.window.balance.result.headline.facts.isVisible()


def test_no_page_shows_a_tick_outside_a_claim_a_check_or_a_row(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    """In every state of every page; what a picture paints at its nodes is its own."""
    strays: dict[str, list[str]] = {}
    shown = set()
    for name, window in pages(program, qtbot, tmp_path):
        marks = [*window.findChildren(GlyphMark), *window.findChildren(StateLabel)]
        ticks = [mark for mark in marks if mark.isVisible() and mark.glyph is Glyph.VERIFIED]
        shown |= {name} if ticks else set()
        strays[name] = [mark.parentWidget().accessibleName() for mark in ticks if not _within(mark, SHOWS_TICKS)]
        strays[name] += [one.text() for one in window.findChildren(QLabel) if set(one.text()) & set("✓✔")]
    assert {name: found for name, found in strays.items() if found} == {}
    assert {"verified", "whole-tree", "reports"} <= shown


def _within(widget: QWidget, kinds: tuple[type[QWidget], ...]) -> bool:
    above = widget.parentWidget()
    while above is not None and not isinstance(above, kinds):
        above = above.parentWidget()
    return above is not None


@pytest.mark.parametrize("name", ["verified", "forged", "tampered", "many-coins", "whole-tree"])
def test_failed_claims_stand_first_and_the_rest_in_the_order_of_the_contract(
    program: Program, open_example: Callable[[str], None], name: str
) -> None:
    open_example(name)
    page = program.window.current_page
    lines = (program.window.liabilities if page is Page.LIABILITIES else program.window.balance).result.claims.lines
    verdict = program.session.results[page].verdict
    contract = [claim.id for claim in verdict.claims if claim.id != "coverage"]
    for failed in (True, False):
        wanted = [one for one in (*contract, "coverage") if (_state(verdict, one) is State.FAILED) is failed]
        shown = [line.claim.id for line in lines if (line.claim.state is State.FAILED) is failed]
        assert shown == wanted
    assert [line.claim.state is State.FAILED for line in lines] == sorted(
        (line.claim.state is State.FAILED for line in lines), reverse=True
    )


def _state(verdict: Verdict, claim_id: str) -> State | None:
    claim = verdict.claim(claim_id)
    return None if claim is None else claim.state


def test_offline_is_said_at_the_first_start_and_again(program: Program, qtbot: QtBot) -> None:
    status, network = program.window.status, program.network
    assert not network.online
    assert status.word.text() == "Offline: nothing has left this computer"
    assert not status.hosts.isVisible()
    qtbot.mouseClick(status.switch, Qt.MouseButton.LeftButton)
    assert network.online
    assert status.word.text() == "Online: each host is asked about first"
    network.contacted("blocks.example")
    qtbot.mouseClick(status.switch, Qt.MouseButton.LeftButton)
    assert status.word.text() == "Offline again: nothing leaves this computer now"
    assert status.hosts.text() == "1 host contacted"


def test_a_second_start_hands_its_files_to_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    name = instance_name(tmp_path)
    assert not hand_over(name, ("a.json",))
    heard: list[tuple[str, ...]] = []
    first = FirstInstance(name, heard.append)
    answers: list[bool] = []
    starter = threading.Thread(target=lambda: answers.append(hand_over(name, ("/tmp/b.json",))))
    starter.start()
    qtbot.waitUntil(lambda: bool(heard), timeout=5000)
    starter.join(5)
    assert answers == [True]
    assert heard == [("/tmp/b.json",)]
    first.close()


def test_a_report_dropped_lands_on_its_page_and_is_checked_with_what_lies_beside_it(
    program: Program, qtbot: QtBot, open_example: Callable[[str], None], tmp_path: Path
) -> None:
    from reserves_gui.gui.dialogs.save_report import source_of, write
    from reserves_gui.services.report_view import Disclosure

    open_example("verified")
    result = program.session.results[Page.BALANCE]
    target = tmp_path / "report.html"
    write(program.window.context, source_of(result, Disclosure.FULL), target, program.window)
    qtbot.waitUntil(lambda: program.jobs.running is None and target.exists(), timeout=30_000)
    program.settings.forget_report(str(target))
    program.window.start_again()
    sample = example("verified")
    _drop(program.window, str(target), sample.files[0], sample.published[0])
    qtbot.waitUntil(lambda: program.window.current_page is Page.REPORTS, timeout=30_000)
    qtbot.waitUntil(lambda: str(target) in program.window.reports.checks, timeout=30_000)
    assert program.window.reports.checks[str(target)].state.value == "unchanged"
    target.write_bytes(target.read_bytes().replace(b"verified", b"confirmed"))
    program.window.reports.reload()
    qtbot.waitUntil(
        lambda: program.window.reports.chosen is not None and program.window.reports.chosen.problem is not None,
        timeout=30_000,
    )
    target.unlink()
    program.window.reports.reload()
    qtbot.waitUntil(
        lambda: program.window.reports.chosen is not None and program.window.reports.chosen.file is None, timeout=30_000
    )
    assert "not there any more" in program.window.reports.table.reports.index(0, 1).data()


SECRETS = (
    "acct-77120934",
    "a3f1c2d4e5b60718293a4b5c6d7e8f90",
    "0.41820937",
    "1250.5",
    "someone@mail.example",
    "/home/someone",
    "C:\\Users\\someone",
    "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
    "hunter22",
)


def _breaking() -> None:
    raise ValueError(
        "'acct-77120934' a3f1c2d4e5b60718293a4b5c6d7e8f90 0.41820937 1250.5 someone@mail.example "
        "/home/someone/proof.json C:\\Users\\someone\\proof.json bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq "
        "https://me:hunter22@node.example/"
    )


def test_a_crash_shows_where_and_masks_what() -> None:
    try:
        _breaking()
    except ValueError as error:
        text = masked_report(type(error), error, error.__traceback__)
    assert "test_frame.py" in text
    assert "ValueError" in text
    for secret in SECRETS:
        assert secret not in text


def test_a_crash_masks_the_smallest_balance() -> None:
    assert "7" not in masked_report(ValueError, ValueError("7 is less than -12, 3.5 and 250"), None).partition("\n")[2]


def test_a_crash_is_told_in_the_language_of_the_window(
    program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(CrashDialog, "exec", lambda dialog: shown.append(dialog.windowTitle()))
    program.settings.language = "de"
    program.change_language()
    hook = CrashHook()
    hook.words = lambda: program.window.context.words
    hook.handle(ValueError, ValueError("x"), None)
    qtbot.waitUntil(lambda: bool(shown), timeout=20_000)
    assert shown == ["In Reserves ist etwas kaputtgegangen"]


def test_a_crash_that_cannot_be_saved_there_says_so(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "missing" / "crash.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(place), ""))
    dialog = CrashDialog(Words("en"), "Reserves 0")
    qtbot.addWidget(dialog)
    dialog.show()
    save = next(one for one in dialog.findChildren(QPushButton) if one.text() == Words("en")("window.crash.save"))
    save.click()
    assert dialog.unsaved.isVisible()
    place.parent.mkdir()
    save.click()
    assert place.read_text(encoding="utf-8") == "Reserves 0\n"


def test_the_crash_dialog_shows_the_text_and_sends_nothing(qtbot: QtBot) -> None:
    dialog = CrashDialog(Words("en"), "Reserves 0\nValueError: ***")
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.area.toPlainText() == dialog.text
    assert dialog.area.isReadOnly()


def test_the_log_masks_what_it_is_given(qapp: object) -> None:
    log = SessionLog(clock=lambda: 0.0)
    for secret in SECRETS[1:]:
        log.note(f"read {'https://me:hunter22@node.example/' if secret == 'hunter22' else secret}")
    for secret in SECRETS:
        assert secret not in log.text
    assert len(log.text.splitlines()) == len(SECRETS) - 1


def test_the_log_of_a_run_names_no_file_and_no_amount(program: Program, open_example: Callable[[str], None]) -> None:
    open_example("verified")
    text = program.log.text
    assert "verified" in text
    assert "proof.json" not in text
    for amount in program.session.results[Page.BALANCE].verdict.balances.values():
        assert amount == "0" or amount not in text


def test_the_first_paint_waits_for_no_engine(tmp_path: Path) -> None:
    """The window is on screen before formats, hashes and proofs are loaded (the benchmarks say how long that takes)."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from reserves_gui.gui.app import Program\n"
        "from reserves_gui.gui.engine import Engine, services\n"
        "from dataclasses import replace\n"
        "import threading; hold = threading.Event()\n"
        "def later(*_args): hold.wait(20); return ()\n"
        "application = QApplication([])\n"
        "engine = replace(services(), examples=later, guides=later, formats=later)\n"
        f"program = Program(application, Path({str(tmp_path)!r}), engine)\n"
        "program.window.show(); application.processEvents(); program.window.grab()\n"
        "heavy = {'reserves_gui.publishers.registry', 'reserves_gui.merkle', 'reserves_gui.zk', 'sqlalchemy', 'requests'}\n"
        "print('loaded:', *sorted(heavy & set(sys.modules)))\n"
        "hold.set(); program.jobs.wait(); program.window.close()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[0] == "loaded:"
