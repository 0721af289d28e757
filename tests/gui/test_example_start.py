"""`--example` opens the first bundled example, as `dev.py run` promises."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reserves_gui import __version__
from reserves_gui.__main__ import arguments
from reserves_gui.gui.app import EXAMPLE, Program
from reserves_gui.gui.engine import services
from reserves_gui.gui.session import Page
from reserves_gui.gui.widgets.buttons import Button
from reserves_gui.services.examples import FIRST, example, wallet_list


def test_the_first_example_is_verified_with_its_published_root(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    program = Program(qapp, tmp_path, services())
    qtbot.addWidget(program.window)
    with qtbot.waitSignal(program.session.arrived, timeout=20_000) as arrived:
        program.show_example()
    assert arrived.args is not None
    result = arrived.args[0]
    assert result.verdict.state is example(FIRST).expect
    assert result.example
    assert program.settings.recent == ()
    program.jobs.wait()


def test_the_window_is_started_with_files_and_says_what_else_there_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert arguments(["a.json", "b c.zip"]) == ["a.json", "b c.zip"]
    assert arguments(["--example"]) == [EXAMPLE]
    assert arguments(["--", "--example"]) == [str(tmp_path / "--example")]
    for words, code in ((["--version"], 0), (["--help"], 0), (["--exampel"], 2)):
        with pytest.raises(SystemExit) as ended:
            arguments(words)
        assert ended.value.code == code
    out, err = capsys.readouterr()
    assert out.startswith(f"reserves {__version__}\n")
    assert "--example" in out
    assert "--exampel" in err


def test_the_empty_page_of_wallets_opens_its_example(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    program = Program(qapp, tmp_path, services())
    qtbot.addWidget(program.window)
    program.window.go_to(Page.WALLETS)
    link = next(
        button
        for button in program.window.wallets.findChildren(Button)
        if button.text() == program.window.context.words("window.start.examples")
    )
    with qtbot.waitSignal(program.session.arrived, timeout=20_000):
        link.click()
    result = program.session.results[Page.WALLETS]
    assert (result.verdict.state, result.example) == (wallet_list().expect, wallet_list().title)
    assert program.window.current_page is Page.WALLETS
    assert program.settings.recent == ()
    program.jobs.wait()
