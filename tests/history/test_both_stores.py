"""The services over a SQLite file and over PostgreSQL: the same answers, and the same safety when a process dies."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from reserves_gui.history.database import sqlite_url
from reserves_gui.history.records import StoredObservation
from reserves_gui.history.seen import LISTED
from reserves_gui.history.store import Store
from reserves_gui.progress import Progress
from reserves_gui.services.history_import import export_csv
from reserves_gui.services.over_time import SeriesRequest, over_time
from reserves_gui.services.watch import WatchRequest, watch_round
from tests.history import year

DAYS = 130
Ask = Callable[..., tuple[int, dict]]


@pytest.fixture
def filled(url: str) -> str:
    """The first months of the year, honest snapshot included."""
    with Store(url, clock=lambda: 1) as store:
        year.fill(store, days=DAYS)
    return url


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    def answer(*words: str) -> tuple[int, dict]:
        code = main([*words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return answer


def _process(code: str, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, "-c", code, *arguments], env=environment)


def test_series_and_coverage_are_the_same(filled: str, tmp_path: Path) -> None:
    plain = sqlite_url(tmp_path / "plain.sqlite")
    with Store(plain, clock=lambda: 1) as store:
        year.fill(store, days=DAYS)
    one, other = (
        over_time(SeriesRequest(exchange="Northsea", asset="BTC", db=url), clock=lambda: 1) for url in (filled, plain)
    )
    assert one == other
    assert export_csv(filled) == export_csv(plain)


def test_watching_goes_on(filled: str, tmp_path: Path, ask: Ask) -> None:
    for day in (DAYS, DAYS + 1):
        request = WatchRequest(exchange="Northsea", sources=tuple(year.recorded(day, tmp_path)), db=filled)
        found = watch_round(request, Progress(), clock=lambda now=day: year.at(now) + 60)
        assert found.assets[0].point.decided
    code, answer = ask("history", "list", "--db", filled)
    assert code == 0
    assert answer["exchanges"][0]["rounds"] == {"BTC": DAYS + 2}
    assert ask("coverage", "--exchange", "Northsea", "--db", filled)[1]["verdict"] == "verified"


def test_a_backup_goes_from_either_kind_into_either_kind(filled: str, url: str, tmp_path: Path, ask: Ask) -> None:
    kept = str(tmp_path / "kept.jsonl")
    assert ask("history", "backup", kept, "--db", filled)[0] == 0
    plain = sqlite_url(tmp_path / "restored.sqlite")
    assert ask("history", "restore", kept, "--db", plain)[0] == 0
    assert ask("history", "show", "--db", plain)[1]["head"] == ask("history", "show", "--db", filled)[1]["head"]


def test_a_restored_store_can_be_written_to(url: str, tmp_path: Path, ask: Ask) -> None:
    """Rows bring their ids; the next row must not be given one of them."""
    kept, plain = str(tmp_path / "kept.jsonl"), sqlite_url(tmp_path / "first.sqlite")
    with Store(plain, clock=lambda: 1) as store:
        year.fill(store, days=20)
    assert ask("history", "backup", kept, "--db", plain)[0] == 0
    assert ask("history", "restore", kept, "--db", url)[0] == 0
    with Store(url, clock=lambda: 2) as store:
        year.fill(store, days=3)
        store.add_snapshot(year.snapshot(1, "5"))
        assert store.integrity() is None


def test_processes_that_write_at_once_wait_for_one_another(url: str) -> None:
    code = (
        "import sys\n"
        "from reserves_gui.history.store import Store\n"
        "from tests.history.test_both_stores import point\n"
        "with Store(sys.argv[1], clock=lambda: 1) as store:\n"
        "    for step in range(8): store.add_observations([point(int(sys.argv[2]) * 100 + step)])\n"
    )
    with Store(url, clock=lambda: 1):
        pass
    started = [_process(code, url, str(number)) for number in range(1, 4)]
    assert [one.wait(timeout=120) for one in started] == [0, 0, 0]
    with Store(url, clock=lambda: 1) as store:
        assert len(store.observations("E", "BTC")) == 24
        assert store.integrity() is None


def point(time: int) -> StoredObservation:
    """One look at one source."""
    return StoredObservation(
        exchange="E", chain="bitcoin", subject=LISTED, asset="BTC", time=time, amount="1", source="a"
    )


def test_a_process_killed_in_the_middle_of_a_write_leaves_nothing_half_done(url: str) -> None:
    code = (
        "import os, signal, sys\n"
        "from reserves_gui.history import store as room\n"
        "from tests.history.test_both_stores import point\n"
        "opened = room.Store(sys.argv[1], clock=lambda: 1)\n"
        "opened.add_observations([point(1)])\n"
        "room.ledger.close_batch = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "opened.add_observations([point(2)])\n"
    )
    assert _process(code, url).wait(timeout=60) == -9
    with Store(url, clock=lambda: 1) as store:
        assert [one.time for one in store.observations("E", "BTC")] == [1]
        assert store.integrity() is None
        store.add_observations([point(3)])
        assert store.integrity() is None


def test_in_ci_postgresql_is_no_matter_of_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server that the tests above need must be installed there: its absence fails instead of skipping."""
    from tests.history import conftest

    monkeypatch.setattr(conftest, "_binaries", lambda: None)
    monkeypatch.setenv("CI", "true")
    server = conftest.postgres_url.__wrapped__()
    with pytest.raises(AssertionError, match="PostgreSQL must be installed in CI"):
        next(server)
