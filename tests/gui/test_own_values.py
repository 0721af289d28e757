"""What only the user knows can be given on the balance page, and decides the leaf."""

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.own_values import OwnValuesDialog
from reserves_gui.gui.session import Page
from reserves_gui.gui.widgets.buttons import Button
from reserves_gui.verdict import State
from tests.encoders import swissborg as encode


def test_a_credential_given_in_the_window_decides_the_leaf(
    program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = encode.make(3, 4)
    names = []
    for name, content in (("audit.json", audit.roots), ("user.json", audit.users[1])):
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
        names.append(str(tmp_path / name))
    session = program.session
    with qtbot.waitSignal(session.arrived, timeout=30_000):
        session.check_files(tuple(names))
    verdict = session.results[Page.BALANCE].verdict
    leaf = verdict.claim("leaf")
    assert leaf is not None
    assert leaf.state is State.UNDECIDED

    monkeypatch.setattr(OwnValuesDialog, "exec", lambda _self: 1)
    monkeypatch.setattr(OwnValuesDialog, "values", lambda _self: {"credential": (audit.credentials[1],)})
    buttons = [one for one in program.window.findChildren(Button) if one.text() == "Give what only you know…"]
    assert buttons
    with qtbot.waitSignal(session.arrived, timeout=30_000):
        buttons[0].click()
    leaf = session.results[Page.BALANCE].verdict.claim("leaf")
    assert leaf is not None
    assert leaf.state is State.VERIFIED
