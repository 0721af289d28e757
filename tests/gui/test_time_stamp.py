"""Time stamps in the window: every host is named first, only a blinded hash leaves, and nothing more is claimed."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.host_question import HostQuestion
from reserves_gui.gui.dialogs.save_report import source_of, write
from reserves_gui.gui.dialogs.time_stamp import TimeStampDialog
from reserves_gui.gui.session import Page
from reserves_gui.services.report_view import Disclosure
from reserves_gui.trust.opentimestamps import proof_path
from tests.chain.ledger import Facade, MemoryLedger
from tests.chain.servers import Reply, serving
from tests.gui.states import answer_host
from tests.services.calendar_server import HEIGHT, Calendar

Open = Callable[[str], None]


@pytest.fixture
def report(program: Program, open_example: Open, qtbot: QtBot, tmp_path: Path) -> Path:
    """A saved report, chosen on its page."""
    open_example("verified")
    target = tmp_path / "proof.json"
    write(
        program.window.context,
        source_of(program.session.results[Page.BALANCE], Disclosure.FULL),
        target,
        program.window,
    )
    program.window.go_to(Page.REPORTS)
    page = program.window.reports
    qtbot.waitUntil(lambda: page.chosen is not None and page.chosen.path == str(target), timeout=20_000)
    qtbot.waitUntil(lambda: program.jobs.running is None, timeout=20_000)
    return target


@pytest.fixture
def dialog(program: Program, report: Path, qtbot: QtBot) -> Iterator[TimeStampDialog]:
    """The dialog, opened by its button."""
    qtbot.mouseClick(program.window.reports.details.stamp, Qt.MouseButton.LeftButton)
    (made,) = program.window.reports.findChildren(TimeStampDialog)
    qtbot.waitUntil(made.make.isEnabled, timeout=20_000)
    yield made
    if isValid(made):
        made.close()


@pytest.fixture
def calendar(program: Program, dialog: TimeStampDialog, monkeypatch: pytest.MonkeyPatch) -> Iterator[Calendar]:
    """A calendar that answers, named in the dialog; the window is online."""
    monkeypatch.delenv("RESERVES_OFFLINE")
    made = Calendar()
    with serving(made) as server:
        made.url = server.url
        dialog.calendar.setText(server.url)
        program.network.set_online(True)
        yield made


def _said(dialog: TimeStampDialog) -> str:
    return " ".join(one.accessibleName() or one.text() for one in dialog.findChildren(QLabel) if one.isVisible())


def _allow(dialog: HostQuestion) -> None:
    dialog.remember.setChecked(True)
    dialog.ask.click()


def test_from_the_question_to_a_block(
    program: Program, report: Path, dialog: TimeStampDialog, calendar: Calendar, qtbot: QtBot
) -> None:
    assert not dialog.complete.isEnabled()
    assert not dialog.check.isEnabled()
    texts: list[str] = []
    hosts: list[str] = []

    def allow(question: HostQuestion) -> None:
        texts.extend(one.text() for one in question.findChildren(QLabel))
        _allow(question)

    answer_host(allow, hosts)
    qtbot.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.complete.isEnabled, timeout=20_000)
    assert hosts == [calendar.url.removeprefix("http://")]
    assert "32 bytes" in " ".join(texts)
    assert "does not learn the file" in " ".join(texts)
    assert program.network.hosts == tuple(hosts)
    # What left is neither the file nor its hash.
    digest = hashlib.sha256(report.read_bytes()).digest()
    assert [len(body) for body in calendar.asked] == [32]
    assert digest not in calendar.asked
    qtbot.waitUntil(lambda: "Promised by" in _said(dialog), timeout=20_000)
    page = program.window.reports
    qtbot.waitUntil(lambda: page.chosen is not None and page.chosen.stamped, timeout=20_000)
    qtbot.mouseClick(dialog.complete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "No block holds it yet" in _said(dialog), timeout=20_000)
    qtbot.waitUntil(dialog.complete.isEnabled, timeout=20_000)
    calendar.complete = True
    qtbot.mouseClick(dialog.complete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "now leads to a block" in _said(dialog), timeout=20_000)
    qtbot.waitUntil(dialog.check.isEnabled, timeout=20_000)
    assert not dialog.complete.isEnabled()
    program.settings.sources = (f"esplora+{calendar.url}", "evm+https://node.example")
    qtbot.mouseClick(dialog.check, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "These bytes existed by" in _said(dialog), timeout=20_000)
    qtbot.waitUntil(lambda: f"block {HEIGHT} of bitcoin" in _said(dialog), timeout=20_000)
    # Another chain with the same height: the root is not there.
    other = MemoryLedger(salt="another")
    other.mine(count=8)
    calendar.chain = Facade(other)
    qtbot.waitUntil(dialog.check.isEnabled, timeout=20_000)
    qtbot.mouseClick(dialog.check, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "does not hold for this file" in _said(dialog), timeout=20_000)


def test_offline_and_a_declined_host_contact_nobody(
    program: Program, report: Path, dialog: TimeStampDialog, calendar: Calendar, qtbot: QtBot
) -> None:
    program.network.set_online(False)
    qtbot.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.banner.isVisible, timeout=20_000)
    assert "Nothing was contacted. It would ask: 127.0.0.1" in dialog.banner.accessibleName()
    asked: list[str] = []
    answer_host(lambda question: qtbot.keyClick(question, Qt.Key.Key_Escape), asked)
    qtbot.mouseClick(dialog.banner.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "was not asked" in dialog.banner.accessibleName(), timeout=20_000)
    assert len(asked) == 1
    assert calendar.asked == []
    assert program.network.hosts == ()
    assert not proof_path(report).exists()


@pytest.mark.parametrize(
    ("url", "words"),
    [("http://calendar.example", "onion"), ("calendar", ""), ("", "")],
)
def test_a_calendar_that_can_never_be_asked_is_said(
    url: str, words: str, program: Program, dialog: TimeStampDialog, qtbot: QtBot
) -> None:
    program.network.set_online(True)
    dialog.calendar.setText(url)
    qtbot.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.banner.isVisible, timeout=20_000)
    assert dialog.banner.property("level") == "failed"
    assert words in dialog.banner.accessibleName()


def test_a_refusing_calendar_leaves_no_proof(
    program: Program, report: Path, dialog: TimeStampDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")
    program.network.set_online(True)
    with serving(lambda _method, _path, _body: Reply(403, b"no", "text/plain")) as server:
        dialog.calendar.setText(server.url)
        answer_host(lambda question: question.ask.click(), [])
        qtbot.mouseClick(dialog.make, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(dialog.banner.isVisible, timeout=20_000)
    assert "status 403" in dialog.banner.accessibleName()
    assert dialog.make.isEnabled()
    assert not proof_path(report).exists()


def test_sources_without_headers_and_a_damaged_proof_are_said(
    program: Program, report: Path, dialog: TimeStampDialog, qtbot: QtBot
) -> None:
    dialog.close()
    proof_path(report).write_bytes(b"no proof")
    other = TimeStampDialog(program.window.context, str(report), program.window)
    other.show()
    qtbot.waitUntil(other.banner.isVisible, timeout=20_000)
    assert "not an OpenTimestamps proof" in other.banner.accessibleName()
    assert other.known is None
    assert not other.check.isEnabled()
    other.close()
