"""Keep in history: from My balance, Liabilities and Wallets, shown over time at once, and nothing of the user's own."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.keep import KeepDialog
from reserves_gui.gui.dialogs.notice import Notice
from reserves_gui.gui.session import Page
from reserves_gui.services.keeping import open_store
from reserves_gui.services.verify import VerifyRequest
from tests.encoders.keyed_tree import make
from tests.gui.test_wallets_page import ALICE


def _open(program: Program, qtbot: QtBot, *paths: Path, **more: object) -> None:
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        program.session.run(VerifyRequest(files=tuple(str(path) for path in paths), **more))  # type: ignore[arg-type]


def _asked(program: Program, qtbot: QtBot) -> KeepDialog:
    """The dialog, opened by its button in the top bar."""
    qtbot.mouseClick(program.window.top.keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(program.window.findChildren(KeepDialog)), timeout=5000)
    return program.window.findChildren(KeepDialog)[-1]


def _keep(program: Program, qtbot: QtBot, dialog: KeepDialog, **typed: str) -> None:
    for name, text in typed.items():
        dialog.fields[name].setText(text)
    with qtbot.waitSignal(program.jobs.finished, timeout=20_000):
        qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    path = tmp_path / "liabilities-s3cret-name.csv"
    path.write_bytes(make(3, 40, river=False).text())
    return path


def test_a_tree_is_kept_and_shown_over_time_at_once_without_anything_of_the_user(
    program: Program, qtbot: QtBot, tree: Path
) -> None:
    user = next(one for one in make(3, 40, river=False).users if one.balance > 10**6)
    _open(program, qtbot, tree, user=user.args())
    dialog = _asked(program, qtbot)
    assert (dialog.fields["exchange"].text(), dialog.fields["time"].text()) == ("BitMEX", "")
    _keep(program, qtbot, dialog, exchange="Fjordline", time="2026-10-31")
    window = program.window
    assert window.current_page is Page.OVER_TIME
    qtbot.waitUntil(lambda: window.over_time.view.chart is not None, timeout=20_000)
    assert window.over_time.exchange.currentText() == "Fjordline"
    assert "61,719.44360041 BTC" in window.over_time.detail.plain
    with open_store(None) as store:
        (snapshot,) = store.snapshots("Fjordline")
    assert snapshot.totals[0].amount == "61719.44360041"
    written = b"".join(one.read_bytes() for one in Path(os.environ["RESERVES_DATA"]).rglob("*") if one.is_file())
    for text in (*(value for values in user.args().values() for value in values if len(value) > 3), "s3cret-name"):
        assert text.encode() not in written


def test_a_wallet_list_is_kept_and_can_be_chosen_to_be_watched(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(f"chain,asset,address,amount\nbitcoin,BTC,{ALICE},4\n", encoding="utf-8")
    _open(program, qtbot, listed)
    dialog = _asked(program, qtbot)
    assert dialog.fields["time"].text().endswith("Z")
    _keep(program, qtbot, dialog, exchange="Fjordline")
    page = program.window.over_time
    qtbot.waitUntil(lambda: page.exchange.currentText() == "Fjordline", timeout=20_000)
    assert page.asset.currentText() == "BTC"
    assert page.alerts.watch.isVisible()


def test_what_cannot_be_a_name_or_a_time_is_said_in_the_dialog(program: Program, qtbot: QtBot, tree: Path) -> None:
    _open(program, qtbot, tree)
    dialog = _asked(program, qtbot)
    for typed, said in (({"exchange": " "}, "name"), ({"exchange": "F", "time": "soon"}, "soon")):
        for name, text in typed.items():
            dialog.fields[name].setText(text)
        dialog.keep.click()
        assert dialog.isVisible()
        assert said in dialog.problem.plain
    dialog.reject()
    assert not Path(os.environ["RESERVES_DATA"]).exists()


def test_another_root_of_the_same_snapshot_is_said(program: Program, qtbot: QtBot, tree: Path) -> None:
    for seed in (3, 4):
        tree.write_bytes(make(seed, 40, river=False).text())
        _open(program, qtbot, tree)
        _keep(program, qtbot, _asked(program, qtbot), exchange="F", time="2026-10-31")
        qtbot.waitUntil(lambda: program.window.over_time.exchange.currentText() == "F", timeout=20_000)
    (notice,) = program.window.findChildren(Notice)
    assert "two roots were seen for one snapshot" in " ".join(one.plain for one in notice.sentences)


def test_an_example_and_an_empty_page_have_nothing_to_keep(
    program: Program, open_example: Callable[[str], None]
) -> None:
    top = program.window.top
    assert not top.keep.isEnabled()
    open_example("verified")
    assert not top.keep.isEnabled()
    assert top.save.isEnabled()
    program.window.context.keep()
    assert program.window.findChildren(KeepDialog) == []
