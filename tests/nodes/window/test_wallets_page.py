"""A list of ours on the Wallets page: checked, looked up on three chains at its own heights, each host allowed first."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.host_question import HostQuestion
from reserves_gui.gui.session import Page
from reserves_gui.gui.widgets.text import Prose, Value
from reserves_gui.gui.widgets.wallet_panel import WalletPanel
from reserves_gui.progress import Step
from reserves_gui.services.wallet_table import RowState
from reserves_gui.verdict import Outcome, State
from tests.chain.servers import serving
from tests.gui.states import answer_host
from tests.nodes.bitcoin_chain import BitcoinChain
from tests.nodes.snapshot import AMOUNTS, Snapshot, off_by_one

pytestmark = pytest.mark.nodes


@pytest.fixture(autouse=True)
def _online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")


@pytest.fixture
def panel(program: Program, snapshot: Snapshot, tmp_path: Path, qtbot: QtBot) -> WalletPanel:
    """The list, opened; its signatures are checked without being asked for."""
    snapshot.ready()
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        program.window.check((str(snapshot.dated_list(tmp_path)),))
    panel = program.window.wallets.result
    qtbot.waitUntil(lambda: panel.list.table.wallets.rowCount() == len(AMOUNTS), timeout=10_000)
    return panel


def _allow_each(asked: list[str], count: int) -> None:
    """Answer the next ``count`` questions about a host with yes."""

    def allow(dialog: HostQuestion) -> None:
        if len(asked) < count:
            answer_host(allow, asked)
        dialog.ask.click()

    answer_host(allow, asked)


def _look(program: Program, panel: WalletPanel, sources: tuple[str, ...], qtbot: QtBot) -> tuple[list[str], list[Step]]:
    """Look up with ``sources``; the hosts that were asked about, and the steps that were seen."""
    asked: list[str] = []
    steps: list[Step] = []
    program.settings.sources = sources
    program.network.set_online(True)
    program.jobs.progressed.connect(lambda step: steps.append(step) if panel.looking.isVisible() else None)
    _allow_each(asked, len(sources))
    with qtbot.waitSignals([panel.look_up.seen, panel.covering.covered], timeout=120_000):
        qtbot.mouseClick(panel.look, Qt.MouseButton.LeftButton)
    return asked, steps


def _spoken(panel: WalletPanel) -> list[str]:
    return [one.accessibleName() for one in panel.assets.findChildren(Value) if not one.isHidden()]


def _checks(panel: WalletPanel, claim: str) -> dict[str, Outcome]:
    assert panel.verdict is not None
    found = panel.verdict.claim(claim)
    assert found is not None
    return {check.id: check.outcome for check in found.checks}


def _state(panel: WalletPanel, claim: str) -> State | None:
    assert panel.verdict is not None
    found = panel.verdict.claim(claim)
    return None if found is None else found.state


def test_a_list_is_checked_and_looked_up_at_its_own_heights(
    program: Program, panel: WalletPanel, snapshot: Snapshot, qtbot: QtBot
) -> None:
    assert program.window.current_page is Page.WALLETS
    assert _state(panel, "ownership") is State.VERIFIED
    assert panel.list.filter.chips.chips[RowState.VERIFIED].text() == "3 verified"
    assert program.network.hosts == ()

    asked, steps = _look(program, panel, snapshot.sources, qtbot)

    hosts = [source.rpartition("//")[2] for source in snapshot.sources]
    assert asked == hosts
    assert set(program.network.hosts) == set(hosts)
    assert {"progress.sources", "progress.balances"} <= {step.stage.key for step in steps}
    assert not panel.looking.isVisible()
    assert _checks(panel, "balances") == dict.fromkeys(
        ("balances.chain", "balances.sources", "balances.amount"), Outcome.PASSED
    )
    assert _state(panel, "balances") is State.VERIFIED
    now = {"BTC": "1.500099", "LTC": "3.5", "ETH": "3.000000000000000005"}
    spoken = _spoken(panel)
    for asset, amount in AMOUNTS.items():
        assert f"{asset}, Listed: {amount}" in spoken
        assert f"{asset}, Seen at snapshot: {amount}" in spoken
        assert f"{asset}, Seen now: {now[asset]}" in spoken


def test_a_server_that_lies_by_one_satoshi_leaves_its_row_open_with_both_figures(
    program: Program, panel: WalletPanel, snapshot: Snapshot, bitcoin: BitcoinChain, qtbot: QtBot
) -> None:
    with serving(off_by_one(bitcoin)) as liar:
        sources = snapshot.sources_with(liar)
        _look(program, panel, sources, qtbot)
    honest, lying = (source.partition("esplora+")[2] for source in sources[:2])
    spoken = _spoken(panel)
    assert {f"BTC, {honest}: 1.5", f"BTC, {lying}: 1.50000001"} <= set(spoken)
    assert "BTC, Seen at snapshot: not known" in spoken
    # The other chains are settled as before.
    assert "LTC, Seen at snapshot: 2.5" in spoken
    assert _checks(panel, "balances")["balances.sources"] is Outcome.PARTIAL
    assert _state(panel, "balances") is State.UNDECIDED
    qtbot.waitUntil(lambda: len(_open_rows(panel)) == 1, timeout=10_000)
    (row,) = _open_rows(panel)
    assert row.startswith("Line 7, BTC at ")
    assert f"{honest}: 1.5; {lying}: 1.50000001" in row


def _open_rows(panel: WalletPanel) -> list[str]:
    shown = [one.plain for one in panel.remarks.findChildren(Prose) if one.isVisible()]
    return [text for text in shown if "The sources differ" in text]
