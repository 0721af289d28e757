"""The Wallets page: lists are checked at once, chosen by filters, exported; nothing is looked up without consent."""

import csv
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from reserves_gui.chain.cache import Cache
from reserves_gui.errors import ReservesError
from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.host_question import HostQuestion
from reserves_gui.gui.dialogs.sources import SourcesDialog
from reserves_gui.gui.glyphs import Glyph
from reserves_gui.gui.models.wallets import ADDRESS, AMOUNT, STATE, row_glyph
from reserves_gui.gui.session import Page
from reserves_gui.gui.widgets.wallet_panel import WalletPanel
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.services.balances import BalancesRequest
from reserves_gui.services.keeping import cache_folder
from reserves_gui.services.prices import with_key
from reserves_gui.services.probed import CACHE_FILE
from reserves_gui.services.report_check import CheckRequest, ReportState, check_report
from reserves_gui.services.report_list import listed_report
from reserves_gui.services.two_looks import TwoLooks
from reserves_gui.services.verify import VerifyRequest
from reserves_gui.services.wallet_table import STATES, RowChoice, RowState, WalletTable
from reserves_gui.trust.passwords import forget_password
from reserves_gui.verdict import Outcome, State, Verdict
from reserves_gui.wallets.row import ListedRow, WalletRow
from reserves_gui.wallets.rules.plain import Unsigned
from tests.chain.contracts import GET_OWNERS, GET_THRESHOLD, address_array, word
from tests.chain.evm_stub import EvmStub
from tests.chain.servers import serving
from tests.gui.pauses import MOST, Pauses
from tests.gui.states import answer_host
from tests.wallets.owner_rows import ANN, BEN, owner_list, plain, row

HEADER = "chain,asset,address,amount\n"
ALICE = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
BOB = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
ETHER = "0x52908400098527886e0f7030069857d2e4169ee7"
WRONG = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """Four addresses on two chains, one of them with a wrong checksum."""
    path = tmp_path / "wallets.csv"
    rows = (f"bitcoin,BTC,{ALICE},4", f"ethereum,ETH,{ETHER},1234.5", f"bitcoin,BTC,{WRONG},2", f"bitcoin,BTC,{BOB},1")
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def panel(program: Program, listed: Path, qtbot: QtBot) -> WalletPanel:
    """The list, opened."""
    _open(program, qtbot, listed)
    return program.window.wallets.result


def _open(program: Program, qtbot: QtBot, path: Path) -> None:
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        program.window.check((str(path),))
    table = program.window.wallets.result.list.table.wallets
    qtbot.waitUntil(lambda: table.rowCount() > 0, timeout=10_000)


def _addresses(panel: WalletPanel) -> list[str]:
    model = panel.list.table.wallets
    return [model.row(at).address for at in range(model.rowCount())]


def test_an_opened_list_goes_to_its_page_and_is_judged(program: Program, panel: WalletPanel) -> None:
    window = program.window
    assert window.current_page is Page.WALLETS
    assert program.session.results[Page.WALLETS].verdict.state is State.FAILED
    assert window.side.navigation.pages.entry(2).failed
    assert panel.sentence.plain == "0 of 4 listed addresses are proven; 1 failed."
    assert [claim.id for claim in panel.claims.claims] == ["ownership", "balances", "coverage"]
    # Failed rows stand first, the rest as in the file.
    assert _addresses(panel) == [WRONG, ALICE, ETHER, BOB]
    assert panel.list.table.wallets.text(0, STATE) == "Failed"
    assert panel.list.table.wallets.text(2, AMOUNT) == "1,234.5 ETH"
    assert panel.list.place.text() == "Rows 1–4 of 4"
    assert window.top.save.isEnabled()


def test_only_a_verified_row_has_the_tick() -> None:
    assert [state for state in RowState if row_glyph(state) is Glyph.VERIFIED] == [RowState.VERIFIED]


def test_filters_by_state_chain_and_text(panel: WalletPanel, qtbot: QtBot) -> None:
    chips, filters = panel.list.filter.chips, panel.list.filter
    assert {state: chip.text() for state, chip in chips.chips.items()} == {
        RowState.FAILED: "1 failed",
        RowState.UNSUPPORTED: "3 not checkable",
    }
    chips.chips[RowState.FAILED].setFocus()
    qtbot.keyClick(chips.chips[RowState.FAILED], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: _addresses(panel) == [WRONG])
    assert not chips.all.isChecked()
    qtbot.keyClick(chips.all, Qt.Key.Key_Space)
    filters.chain.setCurrentIndex(filters.chain.findData("ethereum"))
    qtbot.waitUntil(lambda: _addresses(panel) == [ETHER])
    filters.chain.setCurrentIndex(0)
    qtbot.keyClicks(filters.search, "BVBMS")
    qtbot.waitUntil(lambda: _addresses(panel) == [WRONG, ALICE])
    qtbot.keyClicks(filters.search, "nothing")
    qtbot.waitUntil(lambda: panel.list.place.text() == "No row is chosen by these filters.")


def test_keys_walk_the_table_and_copy_the_full_value(program: Program, panel: WalletPanel, qtbot: QtBot) -> None:
    table = panel.list.table
    table.setFocus()
    table.setCurrentIndex(table.wallets.index(0, ADDRESS))
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == ETHER
    table.setCurrentIndex(table.wallets.index(2, AMOUNT))
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "1234.5"
    reached = set()
    program.window.setFocus()
    for _ in range(40):
        qtbot.keyClick(QApplication.focusWidget() or program.window, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    filters = panel.list.filter
    for control in (panel.look, panel.sources, panel.shut, filters.chips.all, filters.search, table, panel.list.export):
        assert control in reached, control.accessibleName()
        assert control.accessibleName()


def test_the_rows_in_view_are_exported_and_a_spreadsheet_runs_nothing(
    program: Program, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hostile.csv"
    path.write_text(f"{HEADER}bitcoin,=cmd|' /C calc'!A0,{ALICE},4\n-1+1,@SUM(A1),{BOB},1\n", encoding="utf-8")
    _open(program, qtbot, path)
    target = tmp_path / "out"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    program.window.wallets.result.list.export.click()
    qtbot.waitUntil(lambda: program.jobs.running is None and (tmp_path / "out.csv").exists(), timeout=10_000)
    rows = list(csv.reader((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["file", "line", "state", "chain", "coin", "address", "amount", "reason"]
    assert [row[5:7] for row in rows[1:]] == [[ALICE, "4"], [BOB, "1"]]
    assert [row[4] for row in rows[1:]] == ["'=cmd|' /C calc'!A0", "'@SUM(A1)"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_a_cancelled_check_shows_nothing_and_says_so(program: Program, listed: Path, qtbot: QtBot) -> None:
    began = threading.Event()

    def long(_request: VerifyRequest, progress: Progress) -> tuple[Verdict, WalletTable]:
        began.set()
        while True:
            progress.advance(1)
            time.sleep(0.005)

    program.session.engine = replace(program.session.engine, check_list=long)
    program.window.go_to(Page.WALLETS)
    program.window.check((str(listed),))
    qtbot.waitUntil(began.is_set, timeout=10_000)
    assert program.window.wallets.running.isVisible()
    with qtbot.waitSignal(program.session.refused, timeout=1000):
        qtbot.keyClick(program.window, Qt.Key.Key_Escape)
    assert Page.WALLETS not in program.session.results
    assert not program.window.wallets.result.isVisible()
    assert not program.window.wallets.running.isVisible()


def test_closing_a_list_forgets_it(program: Program, panel: WalletPanel, qtbot: QtBot) -> None:
    qtbot.mouseClick(panel.shut, Qt.MouseButton.LeftButton)
    assert Page.WALLETS not in program.session.results
    assert panel.list.table.wallets.rowCount() == 0
    assert not program.window.side.navigation.pages.entry(2).failed


def test_the_report_of_a_list_is_saved_and_reads_back(
    program: Program, panel: WalletPanel, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert panel.isVisible()
    target = tmp_path / "report.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    qtbot.keyClick(program.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: program.jobs.running is None and target.exists(), timeout=20_000)
    found = listed_report(str(target)).report
    assert found is not None
    rows = found.verdict.extra["rows"]
    assert isinstance(rows, dict)
    assert (rows["failed"], rows["unsupported"]) == (1, 3)


def test_a_report_saved_after_a_look_up_holds_what_was_seen(
    program: Program, panel: WalletPanel, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.settings.sources = tuple(
        _recorded(tmp_path, name, f"bitcoin,{ALICE},900,BTC,4", f"bitcoin,{BOB},900,BTC,1")
        for name in ("a.csv", "b.csv")
    )
    with qtbot.waitSignals([panel.look_up.seen, panel.covering.covered], timeout=20_000):
        qtbot.mouseClick(panel.look, Qt.MouseButton.LeftButton)
    target = tmp_path / "report.reserves"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    qtbot.keyClick(program.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: program.jobs.running is None and target.exists(), timeout=20_000)
    found = listed_report(str(target)).report
    assert found is not None
    looked = found.verdict.extra["looked"]
    assert isinstance(looked, dict)
    assert looked["now"]["assets"]["BTC"]["seen"] == {"file:a.csv": "5", "file:b.csv": "5"}
    balances = found.verdict.claim("balances")
    assert balances is not None
    assert {check.id: check.outcome for check in balances.checks}["balances.sources"] is Outcome.PARTIAL
    checked = check_report(CheckRequest(report=str(target)), Progress())
    assert checked.state is ReportState.UNCHANGED
    assert [one.outcome for one in checked.findings if one.id == "look.same"] == [Outcome.PASSED]


# Looking up


def _recorded(folder: Path, name: str, *rows: str) -> str:
    path = folder / name
    path.write_text("chain,address,height,asset,amount\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return f"file:{path}"


def _spoken(panel: WalletPanel) -> list[str]:
    from reserves_gui.gui.widgets.text import Value

    return [one.accessibleName() for one in panel.assets.findChildren(Value) if not one.isHidden()]


def test_two_sources_that_differ_are_both_shown(
    program: Program, panel: WalletPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    program.settings.sources = (
        _recorded(tmp_path, "a.csv", f"bitcoin,{ALICE},900,BTC,4", f"bitcoin,{BOB},900,BTC,1"),
        _recorded(tmp_path, "b.csv", f"bitcoin,{ALICE},900,BTC,3.5", f"bitcoin,{BOB},900,BTC,1"),
    )
    with qtbot.waitSignal(panel.look_up.seen, timeout=20_000):
        qtbot.mouseClick(panel.look, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "BTC, file:a.csv: 5" in _spoken(panel))
    spoken = _spoken(panel)
    assert "BTC, file:b.csv: 4.5" in spoken
    assert "BTC, Listed: 7" in spoken
    assert "BTC, Seen now: not known" in spoken
    assert panel.verdict is not None
    balances = panel.verdict.claim("balances")
    assert balances is not None
    assert balances.state is State.UNDECIDED
    assert program.network.hosts == ()


def test_seen_at_the_snapshot_and_seen_now_stand_apart(tmp_path: Path) -> None:
    from reserves_gui.services.two_looks import look_twice

    path = tmp_path / "dated.csv"
    path.write_text(f"Coin,Height,Amount,Address\nBTC,100,4,{ALICE}\n", encoding="utf-8")
    rows = (f"bitcoin,{ALICE},100,BTC,4", f"bitcoin,{ALICE},900,BTC,1.25")
    sources = (_recorded(tmp_path, "a.csv", *rows), _recorded(tmp_path, "b.csv", *rows))
    looks = look_twice(BalancesRequest(files=(str(path),), sources=sources), Progress())
    (one,) = looks.assets
    assert one.at_snapshot is not None
    assert set(one.at_snapshot.by_source.values()) == {"4"}
    assert set(one.now.by_source.values()) == {"1.25"}
    # What moved since the snapshot is no failure of the list.
    assert looks.verdict.state is not State.FAILED
    assert looks.verdict.snapshot.height == 100


def test_a_look_up_also_shows_what_owner_accounts_control(
    program: Program, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")
    safe, silent = "0x" + "5afe" * 10, "0x" + "51" * 20
    path = owner_list(tmp_path, [row(safe, ANN), row(silent, ANN), plain(BEN)])
    _open(program, qtbot, Path(path))
    panel = program.window.wallets.result
    assert panel.list.filter.chips.chips[RowState.OWNER_UNLINKED].text() == "2 owner signed"
    stub = EvmStub({safe: {GET_OWNERS: address_array([ANN.address]), GET_THRESHOLD: word(1)}})
    with serving(stub) as server:
        program.settings.sources = (f"evm+{server.url}",)
        program.settings.allow_host(f"127.0.0.1:{server.port}")
        program.network.set_online(True)
        with qtbot.waitSignal(panel.look_up.seen, timeout=20_000):
            qtbot.mouseClick(panel.look, Qt.MouseButton.LeftButton)
    chips = panel.list.filter.chips.chips
    qtbot.waitUntil(lambda: panel.list.table.wallets.rowCount() == 3)
    assert chips[RowState.VERIFIED].text() == "2 verified"
    assert chips[RowState.OWNER_UNLINKED].text() == "1 owner signed"
    rows = [panel.list.table.wallets.row(at) for at in range(3)]
    reasons = {row.address: program.window.context.words.render(row.reason) for row in rows}
    assert reasons[safe] == "The signers are owners of this Safe; 1 of 1 suffice (block 200)."
    assert "there is no contract here" in reasons[silent]
    assert panel.verdict is not None
    checks = {check.id: check for claim in panel.verdict.claims for check in claim.checks}
    assert checks["ownership.owner_link"].outcome is Outcome.PARTIAL
    assert checks["balances.amount"].outcome is not Outcome.FAILED


def _never(_request: BalancesRequest, _progress: Progress) -> TwoLooks:
    raise AssertionError("contacted")


def test_offline_is_said_and_nothing_is_contacted(program: Program, panel: WalletPanel, qtbot: QtBot) -> None:
    program.session.engine = replace(program.session.engine, look_twice=_never)
    program.settings.sources = ("https://blocks.example/api",)
    with qtbot.waitSignal(panel.look_up.offline, timeout=10_000):
        qtbot.mouseClick(panel.look, Qt.MouseButton.LeftButton)
    assert panel.banner.isVisible()
    assert "Nothing was contacted. It would ask: blocks.example:443" in panel.banner.accessibleName()
    assert program.jobs.running is None


def test_enter_at_the_host_question_stays_offline(program: Program, panel: WalletPanel, qtbot: QtBot) -> None:
    program.session.engine = replace(program.session.engine, look_twice=_never)
    program.settings.sources = ("https://blocks.example/api",)
    program.network.set_online(True)
    asked: list[str] = []
    answer_host(lambda dialog: qtbot.keyClick(dialog, Qt.Key.Key_Return), asked)
    with qtbot.waitSignal(panel.look_up.declined, timeout=10_000):
        qtbot.mouseClick(panel.look, Qt.MouseButton.LeftButton)
    assert asked == ["blocks.example:443"]
    assert program.settings.allowed_hosts == ()
    assert "was not asked" in panel.banner.accessibleName()


def test_a_host_once_allowed_is_remembered_and_going_offline_stops_the_look_up(
    program: Program, panel: WalletPanel, qtbot: QtBot
) -> None:
    requests: list[BalancesRequest] = []

    def long(request: BalancesRequest, progress: Progress) -> TwoLooks:
        requests.append(request)
        while True:
            progress.stage(say("progress.sources"))
            time.sleep(0.005)

    program.session.engine = replace(program.session.engine, look_twice=long)
    program.settings.sources = ("https://blocks.example/api",)
    program.network.set_online(True)

    def allow(dialog: HostQuestion) -> None:
        dialog.remember.setChecked(True)
        dialog.ask.click()

    answer_host(allow, [])
    qtbot.mouseClick(panel.look, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(requests), timeout=10_000)
    assert program.settings.allowed_hosts == ("blocks.example:443",)
    assert not requests[0].offline
    assert panel.looking.isVisible()
    with qtbot.waitSignal(panel.look_up.ended, timeout=1000):
        program.network.set_online(False)
    assert not panel.looking.isVisible()
    assert panel.look.isEnabled()


def test_sources_are_looked_over_and_passwords_are_not_remembered(program: Program, qtbot: QtBot) -> None:
    dialog = SourcesDialog(program.window.context, program.window)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.field.setPlainText("http://public.example/api")
    dialog.keep.click()
    qtbot.waitUntil(dialog.problem.isVisible, timeout=10_000)
    dialog.field.setPlainText("bitcoind+http://user:pa:ss@127.0.0.1:8332\nhttps://blocks.example/api")
    with qtbot.waitSignal(dialog.accepted, timeout=10_000):
        dialog.keep.click()
    assert dialog.sources[0] == "bitcoind+http://user:pa:ss@127.0.0.1:8332"
    assert program.settings.sources == ("bitcoind+http://user@127.0.0.1:8332", "https://blocks.example/api")


# Many rows


def _many(count: int) -> WalletTable:
    table = WalletTable()
    rule = Unsigned("btc")
    reason = say("wallets.no_signature")
    for number in range(count):
        state = STATES[number % len(STATES)]
        row = WalletRow(number + 2, "BTC", "BTC", "bitcoin", f"bc1q{number:038x}", rule, amount="1")
        table.add(ListedRow(row, state, reason, (), None, "many.csv"))
    return table


def _longest_pause(program: Program, panel: WalletPanel, qtbot: QtBot) -> float:
    """Filter 200,000 rows twice and scroll through them; the longest work of the window's thread at one go."""
    pauses = Pauses(program.window)
    model, chips = panel.list.table.wallets, panel.list.filter.chips
    with pauses.measured():
        chips.chips[RowState.FAILED].click()
        qtbot.waitUntil(lambda: model.rowCount() == 40_000, timeout=20_000)
        chips.all.click()
        qtbot.waitUntil(lambda: model.rowCount() == 200_000, timeout=20_000)
        bar = panel.list.table.verticalScrollBar()
        for step in range(20):
            bar.setValue(bar.maximum() * step // 20)
            qtbot.wait(5)
    return pauses.longest


def test_200_000_rows_never_hold_up_the_window(
    program: Program, panel: WalletPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    choosing: set[threading.Thread] = set()
    chosen = WalletTable.chosen

    def watched(table: WalletTable, choice: RowChoice, progress: Progress) -> object:
        choosing.add(threading.current_thread())
        return chosen(table, choice, progress)

    monkeypatch.setattr(WalletTable, "chosen", watched)
    panel.list.show_table(_many(200_000))
    qtbot.waitUntil(lambda: panel.list.table.wallets.rowCount() == 200_000, timeout=20_000)
    # What Python collects in between is not the table's, so the best of a few tries counts.
    assert min(_longest_pause(program, panel, qtbot) for _ in range(3)) < MOST
    assert choosing
    assert threading.main_thread() not in choosing


def test_choosing_can_be_given_up() -> None:
    table, progress = _many(10_000), Progress()
    progress.cancel()
    with pytest.raises(ReservesError):
        table.chosen(RowChoice(), progress)


def test_kept_answers_can_be_forgotten_among_the_sources(program: Program, qtbot: QtBot) -> None:
    path = cache_folder() / CACHE_FILE
    with closing(Cache(path)) as cache:
        cache.put("balance", "5 8 point", source="https://blocks.example", asked_at="2026-11-20T10:00:00Z")
    dialog = SourcesDialog(program.window.context, program.window)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.forget_kept.click()
    qtbot.waitUntil(lambda: dialog.kept.plain.startswith("1 answer is forgotten"), timeout=10_000)
    with closing(Cache(path)) as cache:
        assert list(cache.entries()) == []
    assert dialog.forget_kept.isEnabled()


def test_the_key_of_a_price_source_is_not_remembered_in_settings(program: Program, qtbot: QtBot) -> None:
    place = "coingecko+https://demo@prices.example/api/v3"
    dialog = SourcesDialog(program.window.context, program.window)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.prices.setPlainText("coingecko+https://demo:CG-k3y@prices.example/api/v3\nhttps://coins.llama.fi")
    try:
        with qtbot.waitSignal(dialog.accepted, timeout=10_000):
            dialog.keep.click()
        assert program.settings.price_sources == (place, "https://coins.llama.fi")
        assert with_key(place, {}).key == "CG-k3y"
    finally:
        forget_password(place)
    files = [path for path in program.settings.folder.rglob("*") if path.is_file()]
    assert not [path for path in files if b"CG-k3y" in path.read_bytes()]
