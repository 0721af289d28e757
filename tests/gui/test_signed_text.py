"""A proof of funds whose signed text is not in its file: the window asks for it and judges again."""

import hashlib
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.signed_text import SignedTextDialog
from reserves_gui.gui.widgets.buttons import Button
from reserves_gui.verdict import Outcome

TEXT = "Northsea holds these coins"


def _transaction(text: str) -> str:
    """An unsigned transaction whose first input commits to ``text``: SHA-256("Proof-of-Reserves: " + text)."""
    commitment = hashlib.sha256(b"Proof-of-Reserves: " + text.encode()).digest()
    inputs = b"".join(spent + bytes(5) + b"\xff" * 4 for spent in (commitment, b"\x11" * 32))
    output = (5000).to_bytes(8, "little") + b"\x19\x76\xa9\x14" + b"\x22" * 20 + b"\x88\xac"
    return (b"\1\0\0\0\2" + inputs + b"\1" + output + bytes(4)).hex()


def _link(program: Program, qtbot: QtBot) -> Button:
    claims = program.window.wallets.result.claims
    qtbot.waitUntil(lambda: any(button.isVisible() for button in claims.findChildren(Button)), timeout=5000)
    return next(button for button in claims.findChildren(Button) if button.isVisible())


def _outcome(program: Program) -> Outcome:
    verdict = program.window.wallets.result.verdict
    assert verdict is not None
    return next(one.outcome for claim in verdict.claims for one in claim.checks if one.id == "ownership.commitment")


@pytest.mark.parametrize(("typed", "outcome"), [(TEXT, Outcome.PASSED), (f"{TEXT} ", Outcome.FAILED)])
def test_the_signed_text_is_asked_for_and_taken_as_it_is(
    program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, outcome: Outcome
) -> None:
    path = tmp_path / "funds.tx"
    path.write_text(_transaction(TEXT), encoding="ascii")
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        program.window.check((str(path),))
    assert _outcome(program) is Outcome.NOT_CHECKED
    assert _link(program, qtbot).text() == "Give the signed text…"

    def answer(dialog: SignedTextDialog) -> int:
        assert not dialog.check.isEnabled()
        dialog.field.setPlainText(typed)
        assert dialog.check.isEnabled()
        return 1

    monkeypatch.setattr(SignedTextDialog, "exec", answer)
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        _link(program, qtbot).click()
    assert _outcome(program) is outcome
    assert _link(program, qtbot).text() == "Change the signed text…"
