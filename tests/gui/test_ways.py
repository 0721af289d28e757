"""Settings of proxy and database: tried before they are used, used from the next job on, no password left anywhere."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.dialogs.database import DatabaseDialog
from reserves_gui.gui.dialogs.host_question import HostQuestion
from reserves_gui.gui.dialogs.proxy import TOR, ProxyDialog
from reserves_gui.gui.dialogs.settings import SettingsDialog
from reserves_gui.gui.dialogs.tested import TestedDialog
from reserves_gui.gui.log import LogHandler
from reserves_gui.gui.looking_up import may_ask
from reserves_gui.gui.session import Page
from reserves_gui.gui.widgets.text import Prose
from reserves_gui.history.database import sqlite_url
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.services.keeping import open_store, store_url
from reserves_gui.services.probed import policy_for
from reserves_gui.services.store_place import server_place
from tests.chain.proxy_servers import listening, saying, socks_proxy
from tests.gui.states import answer_host
from tests.history import conftest as stores
from tests.keyrings import Ring

WAIT = 20_000
postgres_url = stores.postgres_url


@pytest.fixture(autouse=True)
def _may_go_online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")


@pytest.fixture
def proxy_dialog(program: Program) -> Iterator[ProxyDialog]:
    dialog = ProxyDialog(program.window.context, program.window)
    dialog.open()
    yield dialog
    dialog.close()


@pytest.fixture
def database_dialog(program: Program) -> Iterator[DatabaseDialog]:
    dialog = DatabaseDialog(program.window.context, program.window)
    dialog.open()
    yield dialog
    dialog.close()


def _said(dialog: TestedDialog, qtbot: QtBot, words: str) -> None:
    qtbot.waitUntil(lambda: words in dialog.banner.sentence.plain, timeout=WAIT)


def _use(dialog: TestedDialog, qtbot: QtBot) -> None:
    dialog.keep.click()
    qtbot.waitUntil(lambda: dialog.result() == QDialog.DialogCode.Accepted, timeout=WAIT)


def _in_a_job(program: Program, qtbot: QtBot, ask: Callable[[], object]) -> object:
    """What a job that starts now finds."""
    found: list[object] = []
    program.window.context.run("a job", lambda _progress: ask(), found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=WAIT)
    return found[0]


def _proxy() -> str | None:
    return policy_for(("host.example:443",), offline=False, proxy=None).proxy


def _everything_written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


# The proxy


def test_tor_is_one_choice_away_and_every_later_job_goes_through_it(
    program: Program, proxy_dialog: ProxyDialog, qtbot: QtBot
) -> None:
    assert _in_a_job(program, qtbot, _proxy) is None
    assert not proxy_dialog.test.isEnabled()
    proxy_dialog.options["tor"].click()
    _use(proxy_dialog, qtbot)
    assert program.settings.proxy == TOR
    assert _in_a_job(program, qtbot, _proxy) == TOR
    again = ProxyDialog(program.window.context, program.window)
    assert again.choice == "tor"
    again.options["none"].click()
    _use(again, qtbot)
    assert _in_a_job(program, qtbot, _proxy) is None


def test_a_test_greets_the_proxy_and_sends_nothing_through_it(
    program: Program, proxy_dialog: ProxyDialog, qtbot: QtBot
) -> None:
    with socks_proxy(account=("me", "pw")) as proxy:
        proxy_dialog.options["other"].click()
        proxy_dialog.url.setText(proxy.url)
        proxy_dialog.test.click()
        _said(proxy_dialog, qtbot, "wants a user name and a password")
        proxy_dialog.user.setText("me")
        proxy_dialog.password.field.setText("pw")
        proxy_dialog.test.click()
        _said(proxy_dialog, qtbot, "lets this user in")
        assert (proxy.asked, program.network.hosts, program.network.online) == ([], (), False)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("nowhere", "A proxy is written"), ("socks5h://127.0.0.1:1", "cannot be reached"), ("", "A proxy is written")],
)
def test_what_is_no_proxy_is_said_and_not_used(
    program: Program, proxy_dialog: ProxyDialog, qtbot: QtBot, typed: str, said: str
) -> None:
    proxy_dialog.options["other"].click()
    proxy_dialog.url.setText(typed)
    proxy_dialog.test.click()
    _said(proxy_dialog, qtbot, said)
    if "written" in said:
        proxy_dialog.banner.hide()
        proxy_dialog.keep.click()
        _said(proxy_dialog, qtbot, said)
        assert proxy_dialog.isVisible()
        assert program.settings.proxy == ""


def test_a_silent_proxy_can_be_given_up_at_once(proxy_dialog: ProxyDialog, qtbot: QtBot) -> None:
    reached, leave = threading.Event(), threading.Event()

    def talk(_connection: object) -> None:
        reached.set()
        leave.wait(30)

    with listening(talk) as port:
        proxy_dialog.options["other"].click()
        proxy_dialog.url.setText(f"socks5h://127.0.0.1:{port}")
        proxy_dialog.test.click()
        qtbot.waitUntil(reached.is_set, timeout=WAIT)
        assert proxy_dialog.stop.isVisible()
        assert not proxy_dialog.test.isEnabled()
        proxy_dialog.stop.click()
        assert "Stopped" in proxy_dialog.banner.sentence.plain
        assert proxy_dialog.test.isEnabled()
        assert not proxy_dialog.stop.isVisible()
        leave.set()


def test_a_proxy_elsewhere_is_asked_only_online_and_after_a_question(
    program: Program, proxy_dialog: ProxyDialog, qtbot: QtBot
) -> None:
    proxy_dialog.options["other"].click()
    proxy_dialog.url.setText("socks5h://proxy.invalid:1080")
    proxy_dialog.test.click()
    _said(proxy_dialog, qtbot, "the window is offline")
    asked: list[str] = []
    answer_host(HostQuestion.reject, asked)
    proxy_dialog.banner.action.click()
    _said(proxy_dialog, qtbot, "was not contacted")
    assert asked == ["proxy.invalid:1080"]
    assert program.network.hosts == ()


def test_a_password_is_in_the_keyring_and_nowhere_else(
    program: Program, proxy_dialog: ProxyDialog, qtbot: QtBot, ring: Ring
) -> None:
    handler = LogHandler(program.log)
    logging.getLogger().addHandler(handler)
    try:
        with saying(b"HTTP/1.1 407 no\r\n\r\n") as port:
            proxy_dialog.options["other"].click()
            proxy_dialog.url.setText(f"http://me:Gehe1m-w0rt@127.0.0.1:{port}")
            proxy_dialog.test.click()
            _said(proxy_dialog, qtbot, "does not accept")
            assert "Gehe1m" not in proxy_dialog.banner.sentence.plain
            _use(proxy_dialog, qtbot)
    finally:
        logging.getLogger().removeHandler(handler)
    program.settings.sync()
    assert program.settings.proxy == f"http://me@127.0.0.1:{port}"
    assert list(ring.kept.values()) == ["Gehe1m-w0rt"]
    assert _in_a_job(program, qtbot, _proxy) == f"http://me:Gehe1m-w0rt@127.0.0.1:{port}"
    assert b"Gehe1m" not in _everything_written(program.settings.folder)
    assert "Gehe1m" not in program.log.text
    again = ProxyDialog(program.window.context, program.window)
    assert (again.url.text(), again.user.text(), again.password.field.text()) == (f"http://127.0.0.1:{port}", "me", "")


def test_the_question_about_a_host_names_the_proxy(program: Program, qtbot: QtBot) -> None:
    program.settings.proxy = TOR
    said: list[str] = []

    def look(question: HostQuestion) -> None:
        said.extend(one.plain for one in question.findChildren(Prose))
        question.reject()

    answer_host(look, [])
    assert not may_ask(program.window.context, "host.example:443", "It learns this.", program.window)
    assert any(TOR in sentence for sentence in said)
    said.clear()
    answer_host(look, [])
    assert not may_ask(program.window.context, "proxy.example:1080", "It learns this.", program.window, proxy="")
    assert not any(TOR in sentence for sentence in said)


# The store


def test_a_job_under_way_ends_with_the_store_it_began_with(
    program: Program, database_dialog: DatabaseDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    began, go_on, seen = threading.Event(), threading.Event(), list[str]()

    def work(_progress: Progress) -> object:
        began.set()
        go_on.wait(30)
        return store_url(None)

    usual = store_url(None)
    program.jobs.start(say("window.job.verify"), work, done=lambda url: seen.append(str(url)), failed=lambda _e: None)
    qtbot.waitUntil(began.is_set, timeout=WAIT)
    database_dialog.options["file"].click()
    database_dialog.path.setText(str(tmp_path / "elsewhere.sqlite"))
    _use(database_dialog, qtbot)
    go_on.set()
    qtbot.waitUntil(lambda: bool(seen), timeout=WAIT)
    assert seen == [usual]
    assert _in_a_job(program, qtbot, lambda: store_url(None)) == sqlite_url(tmp_path / "elsewhere.sqlite")


def test_what_is_kept_afterwards_is_kept_in_the_new_place_and_shown(
    program: Program, database_dialog: DatabaseDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    from tests.history.test_store import _seen

    place = tmp_path / "elsewhere.sqlite"
    program.window.go_to(Page.OVER_TIME)
    qtbot.waitUntil(lambda: not program.window.over_time.pickers.isVisible(), timeout=WAIT)
    with open_store(sqlite_url(place)) as store:
        store.add_observations([_seen(10, "1.5")])
    database_dialog.options["file"].click()
    database_dialog.path.setText(str(place))
    database_dialog.test.click()
    _said(database_dialog, qtbot, "1 entry in its chain")
    _use(database_dialog, qtbot)
    over_time = program.window.over_time
    qtbot.waitUntil(lambda: over_time.exchange.currentText() == "Northsea", timeout=WAIT)
    program.settings.sync()
    assert program.settings.database == sqlite_url(place)


def test_testing_a_file_makes_none(database_dialog: DatabaseDialog, qtbot: QtBot, tmp_path: Path) -> None:
    database_dialog.options["file"].click()
    database_dialog.path.setText(str(tmp_path / "new" / "store.sqlite"))
    database_dialog.test.click()
    _said(database_dialog, qtbot, "Nothing was kept there yet")
    assert not (tmp_path / "new").exists()
    database_dialog.path.setText("store.sqlite")
    database_dialog.test.click()
    _said(database_dialog, qtbot, "whole path")


def test_postgresql_is_tested_and_used(
    program: Program, database_dialog: DatabaseDialog, qtbot: QtBot, postgres_url: str | None
) -> None:
    if postgres_url is None:
        pytest.skip("PostgreSQL is not installed")
    database_dialog.options["server"].click()
    database_dialog.url.setText(postgres_url)
    database_dialog.test.click()
    _said(database_dialog, qtbot, "Nothing was kept there yet")
    _use(database_dialog, qtbot)

    def kept() -> object:
        with open_store(None) as store:
            return store.url

    assert _in_a_job(program, qtbot, kept) == program.settings.database == server_place(postgres_url).url
    again = DatabaseDialog(program.window.context, program.window)
    again.open()
    assert again.choice == "server"
    again.test.click()
    _said(again, qtbot, "Schema 0003")
    again.close()
    assert program.network.hosts == ()


def test_a_database_on_another_computer_is_asked_about_and_named_in_the_status_bar(
    program: Program, database_dialog: DatabaseDialog, qtbot: QtBot, ring: Ring
) -> None:
    asked: list[str] = []
    database_dialog.options["server"].click()
    database_dialog.url.setText("postgresql://me:Gehe1m-w0rt@db.invalid/kept")
    answer_host(HostQuestion.reject, asked)
    database_dialog.keep.click()
    _said(database_dialog, qtbot, "was not contacted")
    assert (program.settings.database, ring.kept) == ("", {})
    answer_host(HostQuestion.accept, asked)
    _use(database_dialog, qtbot)
    assert asked == ["db.invalid:5432"] * 2
    assert program.settings.database == "postgresql://me@db.invalid/kept"
    assert list(ring.kept.values()) == ["Gehe1m-w0rt"]
    qtbot.waitUntil(lambda: program.network.hosts == ("db.invalid:5432",), timeout=WAIT)
    assert program.window.status.word.text() == "Offline, except for the database"
    program.settings.sync()
    assert b"Gehe1m" not in _everything_written(program.settings.folder)
    again = DatabaseDialog(program.window.context, program.window)
    again.options["usual"].click()
    _use(again, qtbot)
    assert program.network.database == ""


# Where they are found


def test_the_settings_name_what_is_chosen_and_lead_to_it(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    context = program.window.context
    dialog = SettingsDialog(context, program.window, about=lambda: None, log=lambda: None, key=lambda: None)
    dialog.open()
    assert dialog.shown["window.proxy"].full == "none"
    names = {one.accessibleName(): one for one in dialog.findChildren(QWidget) if one.accessibleName()}
    names["Proxy"].click()
    inner = QApplication.activeModalWidget()
    assert isinstance(inner, ProxyDialog)
    inner.options["tor"].click()
    inner.keep.click()
    qtbot.waitUntil(lambda: dialog.shown["window.proxy"].full == "Tor on this computer", timeout=WAIT)
    names["Database"].click()
    inner = QApplication.activeModalWidget()
    assert isinstance(inner, DatabaseDialog)
    inner.options["file"].click()
    inner.path.setText(str(tmp_path / "mine.sqlite"))
    inner.keep.click()
    qtbot.waitUntil(lambda: dialog.shown["window.database"].full == str(tmp_path / "mine.sqlite"), timeout=WAIT)
    dialog.close()
