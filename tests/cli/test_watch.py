"""`reserves watch` as a user, a timer or a service runs it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from reserves_gui.history.database import sqlite_url
from reserves_gui.history.store import Store
from tests.history import year

Answered = tuple[int, dict]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The weeks up to the day before the run."""
    url = sqlite_url(tmp_path / "store.sqlite")
    monkeypatch.setenv("RESERVES_DB", url)
    monkeypatch.chdir(tmp_path)
    with Store(url, clock=lambda: 1) as opened:
        year.fill(opened, days=year.RUN, first=year.RUN - 50)
    return url


@pytest.fixture
def ask(store: str, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answered]:
    """Watch once at a day of the year."""

    def answer(day: int, *words: str) -> Answered:
        sources = [part for source in year.recorded(day, Path()) for part in ("--source", source)]
        code = main(["watch", "--exchange", "Northsea", "--once", "--json", *sources, *words])
        return code, json.loads(capsys.readouterr().out)

    return answer


def test_a_timer_raises_what_a_service_would(ask: Callable[..., Answered], store: str) -> None:
    rules = []
    for day in range(year.RUN, year.RUN + 4):
        code, answer = ask(day)
        assert (code, answer["new_block"]) == (0, True)
        rules.append({one["rule"] for one in answer["alerts"]} - {"snapshot_age"})
    assert rules[0] == set()
    assert {"drop_day", "outflow_z"} <= rules[1]
    assert rules[1] & rules[2] == rules[2] & rules[3] == set()
    with Store(store, clock=lambda: 1) as opened:
        assert {alert.rule.value for _, alert in opened.alerts("Northsea")} >= {"drop_day", "drop_week", "drawdown"}


def test_words_for_people_and_a_critical_alert_is_exit_1(
    ask: Callable[..., Answered], capsys: pytest.CaptureFixture[str]
) -> None:
    for day in range(year.RUN, year.RUN + 2):
        sources = [part for source in year.recorded(day, Path()) for part in ("--source", source)]
        words = ["watch", "--exchange", "northsea", "--once", "--threshold", "drop_day_critical=0.06", *sources]
        code = main(words)
    shown = capsys.readouterr().out
    assert code == 1
    assert "Confirmed by file:one.csv, file:two.csv" in shown
    assert "Critical: BTC: reserves fell by" in shown
    assert "day_before" in shown


def test_nothing_retrieved_is_exit_3_and_kept_as_a_gap(ask: Callable[..., Answered], store: str) -> None:
    code = main(["watch", "--exchange", "Northsea", "--once", "--offline", "--source", "esplora+https://one.example"])
    assert code == 3
    with Store(store, clock=lambda: 1) as opened:
        newest = opened.observations("Northsea", "BTC")[-1]
    assert (newest.amount, newest.source) == (None, "https://one.example")


def test_a_list_that_is_given_is_kept_once(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("wallets.csv").write_text(f"chain,asset,address,amount\nbitcoin,BTC,{year.COLD},1\n", encoding="utf-8")
    for day in (10, 11):
        sources = [part for source in year.recorded(day, Path()) for part in ("--source", source)]
        assert main(["watch", "wallets.csv", "--exchange", "Southsea", "--once", *sources]) == 0
    with Store(store, clock=lambda: 1) as opened:
        assert len(opened.lists("Southsea")) == 1
        assert [one.amount for one in opened.observations("Southsea", "BTC", subject="listed")] == [
            str(year.balances()[day][year.COLD]) for day in (10, 10, 11, 11)
        ]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--exchange", "Nobody", "--source", "file:x"], "usage"),
        (["--source", "file:x"], "usage"),
        (["--exchange", "Northsea"], "usage"),
        (["--exchange", "Northsea", "--source", "ftp://x"], "source.unusable"),
        (["--exchange", "Northsea", "--source", "file:x", "--every", "0"], "usage"),
        (["--exchange", "Northsea", "--source", "file:x", "--every", "soon"], "usage"),
        (["--exchange", "Northsea", "--source", "file:x", "--threshold", "drop_day"], "usage"),
        (["--exchange", "Northsea", "--source", "file:x", "--threshold", "no_such=1"], "usage"),
        (["missing.csv", "--source", "file:x"], "input.not_found"),
        (["--exchange", "Northsea", "--source", "file:x", "--db", "no url"], "store.unusable"),
    ],
)
def test_what_cannot_be_watched_is_exit_2_with_its_code(
    words: list[str], code: str, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    once = [] if "--every" in words else ["--once"]
    assert main(["watch", *words, *once, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == code


@pytest.fixture
def service(store: str) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts a watch that would run for ever, and waits for its first round."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        sources = [part for source in year.recorded(year.RUN, Path()) for part in ("--source", source)]
        words = ["watch", "--exchange", "Northsea", "--json", "--every", "60", *sources]
        one = subprocess.Popen(
            [sys.executable, "-m", "reserves_gui.cli", *words],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(one)
        assert one.stdout is not None
        assert json.loads(one.stdout.readline())["schema"] == "reserves/watch/1"
        return one

    yield start
    for one in started:
        if one.poll() is None:
            one.kill()
        one.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of services are those of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_service_ends_when_asked(
    number: signal.Signals, code: int, service: Callable[[], subprocess.Popen[str]], store: str
) -> None:
    running = service()
    began = time.monotonic()
    running.send_signal(number)
    _, said = running.communicate(timeout=20)
    assert (running.returncode, "Traceback" in said) == (code, False)
    assert time.monotonic() - began < 10
    with Store(store, clock=lambda: 1) as opened:
        assert opened.integrity() is None


@pytest.mark.skipif(sys.platform == "win32", reason="signals of services are those of POSIX")
def test_a_service_that_is_killed_loses_nothing_it_has_told(
    service: Callable[[], subprocess.Popen[str]], store: str
) -> None:
    running = service()
    running.kill()
    running.communicate(timeout=20)
    with Store(store, clock=lambda: 1) as opened:
        assert opened.integrity() is None
        assert opened.observations("Northsea", "BTC", subject="listed")[-1].time == year.at(year.RUN)
