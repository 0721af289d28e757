"""A proof of funds on the Wallets page: its single outputs are looked up with its addresses, and a spent one is named."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.gui.widgets.wallet_panel import WalletPanel
from reserves_gui.verdict import Outcome, State
from tests.chain.proofs import alices_proof, told_file


def _looked(program: Program, qtbot: QtBot, folder: Path, spent: int) -> WalletPanel:
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        program.window.check((alices_proof(folder),))
    panel = program.window.wallets.result
    program.settings.sources = tuple(told_file(name, folder=folder, spent=spent) for name in ("a", "b"))
    # At once, while what the list covers is still being computed.
    with qtbot.waitSignal(panel.look_up.seen, timeout=20_000):
        qtbot.mouseClick(panel.look, Qt.MouseButton.LeftButton)
    return panel


def _unspent(panel: WalletPanel) -> tuple[State, Outcome]:
    assert panel.verdict is not None
    claim = panel.verdict.claim("balances")
    assert claim is not None
    return claim.state, next(check.outcome for check in claim.checks if check.id == "balances.unspent")


def test_outputs_that_are_there_are_said_to_be(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    panel = _looked(program, qtbot, tmp_path, spent=950)
    assert _unspent(panel) == (State.VERIFIED, Outcome.PASSED)
    model = panel.checks.model()
    names = [str(model.index(at, 0).data()) for at in range(model.rowCount())]
    assert "Outputs unspent" in " ".join(names), names


def test_an_output_that_is_gone_is_named(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    panel = _looked(program, qtbot, tmp_path, spent=850)
    assert _unspent(panel) == (State.FAILED, Outcome.FAILED)

    def named() -> bool:
        shown = [one.plain for one in panel.remarks.findChildren(Prose) if one.isVisible()]
        return any("was spent in block 850" in one and one.startswith("Line 1, BTC at ") for one in shown)

    qtbot.waitUntil(named, timeout=10_000)
