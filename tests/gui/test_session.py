"""Runs: superseded ones paint nothing, Cancel answers at once, nothing is done in the thread of the window."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reserves_gui.errors import Cancelled, ErrorCode, ReservesError
from reserves_gui.gui.app import Program
from reserves_gui.gui.engine import services
from reserves_gui.gui.jobs import Jobs
from reserves_gui.gui.session import Page, Session
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.services.keeping import open_store, root_log
from reserves_gui.services.verify import VerifyRequest
from reserves_gui.verdict import Verdict
from tests.report import samples


class _Gate:
    """An engine that waits until it is let go, and answers with a verdict of the exchange named in the format."""

    def __init__(self) -> None:
        self.open = {"first": threading.Event(), "second": threading.Event()}
        self.threads: list[threading.Thread] = []

    def verify(self, request: VerifyRequest, _progress: Progress) -> Verdict:
        self.threads.append(threading.current_thread())
        name = request.format or ""
        assert self.open[name].wait(10)
        return replace(samples.verdict(), exchange=name)


def test_a_superseded_run_never_hands_over_its_result(qtbot: QtBot) -> None:
    gate = _Gate()
    jobs = Jobs()
    session = Session(replace(services(), verify=gate.verify), jobs)
    arrived: list[str] = []
    session.arrived.connect(lambda result: arrived.append(result.verdict.exchange))
    session.run(VerifyRequest(format="first"))
    with qtbot.waitSignal(session.arrived, timeout=5000):
        session.run(VerifyRequest(format="second"))
        # The older one answers first, the newer one after it.
        gate.open["first"].set()
        qtbot.wait(50)
        gate.open["second"].set()
    qtbot.wait(50)
    assert arrived == ["second"]
    assert session.results[Page.BALANCE].verdict.exchange == "second"
    assert threading.main_thread() not in gate.threads
    assert jobs.wait()


def test_a_superseded_run_that_fails_says_nothing(qtbot: QtBot) -> None:
    jobs = Jobs()
    heard: list[str] = []
    release = threading.Event()

    def failing(_progress: Progress) -> object:
        release.wait(5)
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("error.empty"))

    title = say("window.job.verify")
    jobs.start(title, failing, done=lambda _r: heard.append("done"), failed=lambda _e: heard.append("failed"))
    with qtbot.waitSignal(jobs.finished, timeout=5000):
        jobs.start(title, lambda _p: 1, done=lambda _r: heard.append("second"), failed=lambda _e: heard.append("no"))
    release.set()
    qtbot.waitUntil(lambda: "second" in heard)
    qtbot.wait(50)
    assert heard == ["second"]
    assert jobs.wait()


def test_cancel_answers_within_100_ms(program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def long(_request: VerifyRequest, progress: Progress) -> Verdict:
        progress.stage(say("progress.verify"), 1000)
        for done in range(100_000):
            progress.advance(done % 1000)
            time.sleep(0.005)
        raise AssertionError

    program.session.engine = replace(program.session.engine, verify=long)
    took = []
    for _ in range(3):
        program.session.run(VerifyRequest(format="x"))
        qtbot.waitUntil(program.window.status.job.bar.isVisible)
        with qtbot.waitSignal(program.session.refused, timeout=5000) as refused:
            began = time.monotonic()
            program.window.status.job.cancel.click()
            # Said at once, before the worker has noticed.
            assert program.window.status.job.standing.text() == "Stopping"
            assert not program.window.status.job.cancel.isEnabled()
        took.append(time.monotonic() - began)
        assert isinstance(refused.args[0], Cancelled)
    # The best of three: the machine may be busy with something else.
    assert min(took) < 0.1
    assert program.window.status.job.text.full == "Cancelled. Nothing is claimed."
    assert program.window.balance.start.isVisible()


def test_another_job_ends_a_verification_and_its_page_goes_back(program: Program, qtbot: QtBot) -> None:
    def waiting(_request: VerifyRequest, progress: Progress) -> Verdict:
        while True:
            progress.checkpoint()
            time.sleep(0.002)

    program.session.engine = replace(program.session.engine, verify=waiting)
    program.session.run(VerifyRequest(format="x"))
    assert program.window.balance.running.isVisible()
    given: list[object] = []
    program.window.run_job("something else", lambda _progress: 7, given.append)
    qtbot.waitUntil(lambda: given == [7])
    assert program.window.balance.start.isVisible()
    assert program.window.status.job.text.full == "Done: something else"


def test_what_a_file_cannot_be_used_for_is_said_on_the_page(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "milk.txt"
    path.write_text("milk\n", encoding="utf-8")
    with qtbot.waitSignal(program.session.refused, timeout=30_000):
        program.window.check((str(path),))
    banner = program.window.balance.start.banner
    assert banner.isVisible()
    assert "milk.txt" in banner.sentence.plain
    assert banner.toolTip() == "format.unrecognised"
    assert program.session.results == {}


class _Sender(QObject):
    flag = Signal(bool)
    thing = Signal(object)


def test_emitting_signals_does_not_use_up_true(qapp: object) -> None:
    """One release of Qt's bindings lost a reference to True at every emission and aborted after some hundred."""
    import sys

    sender = _Sender()
    heard: list[object] = []
    sender.flag.connect(heard.append)
    sender.thing.connect(heard.append)
    before = sys.getrefcount(True)
    for _ in range(3000):
        sender.flag.emit(True)
        sender.thing.emit(True)
    heard.clear()
    assert sys.getrefcount(True) > before - 500


def test_roots_of_examples_are_never_kept_in_the_log(program: Program, open_example: Callable[[str], None]) -> None:
    open_store(None).close()
    open_example("verified")
    assert root_log().entries == ()


class _Held:
    """Stands for a widget that whoever asked would have shown the result in; notes in which thread it goes."""

    def __init__(self, gone_in: list[threading.Thread]) -> None:
        self._gone_in = gone_in

    def __del__(self) -> None:
        self._gone_in.append(threading.current_thread())


def test_a_job_that_outlives_its_page_touches_nothing_of_it(qtbot: QtBot, qapp: QApplication) -> None:
    gone_in: list[threading.Thread] = []
    told: list[object] = []
    page, go = QObject(), threading.Event()
    jobs = Jobs(page)
    held = _Held(gone_in)
    job = jobs.start(
        say("window.job.verify"),
        lambda _progress: go.wait(20),
        done=lambda result, held=held: told.append(result),
        failed=lambda error, held=held: told.append(error),
    )
    page.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    del page, jobs, held
    go.set()
    assert job.thread is not None
    job.thread.join(20)
    qtbot.waitUntil(lambda: bool(gone_in), timeout=5_000)
    assert gone_in == [threading.main_thread()]
    assert told == []
