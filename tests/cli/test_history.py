"""`reserves history` as a user types it: what is kept, what is not, and how it gets in and out."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from reserves_gui.errors import ReservesError
from reserves_gui.history.database import sqlite_url
from reserves_gui.history.store import Store
from tests.encoders.keyed_tree import make
from tests.history import year

Answered = tuple[int, dict]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a tree of liabilities and a wallet list; the store is a file in it."""
    tree = make(3, 40, river=False)
    (tmp_path / "liabilities.csv").write_bytes(tree.text())
    (tmp_path / "wallets.csv").write_text(
        f"chain,asset,address,amount\nbitcoin,BTC,{year.COLD},60000\nbitcoin,BTC,{year.WARM},5000\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RESERVES_DB", sqlite_url(tmp_path / "store.sqlite"))
    return tmp_path


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answered]:
    """Run a command with ``--json``: exit code and object."""

    def answer(*words: str) -> Answered:
        code = main([*words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return answer


def _add(ask: Callable[..., Answered], *more: str) -> Answered:
    return ask("history", "add", "liabilities.csv", "wallets.csv", "--exchange", "North", "--time", "2026-10-31", *more)


def test_what_is_added_is_verified_and_comes_back(home: Path, ask: Callable[..., Answered]) -> None:
    code, added = _add(ask)
    assert (code, added["verdict"]) == (0, "undecided")
    assert [(one["kind"], one["known"]) for one in added["kept"]] == [("snapshot", False), ("list", False)]
    assert [one["known"] for one in _add(ask)[1]["kept"]] == [True, True]
    _, listed = ask("history", "list")
    (north,) = listed["exchanges"]
    (snapshot,) = north["snapshots"]
    assert (snapshot["time"], snapshot["height"], snapshot["root_source"]) == ("2026-10-31T00:00:00Z", 700000, "proof")
    assert snapshot["totals"] == [
        {"asset": "BTC", "part": "net", "amount": "61719.44360041", "recomputed": True, "proven": True}
    ]
    assert len(snapshot["file_sha256"]) == 64
    assert north["lists"][0]["attribution"] == {"exchange-published": 2}
    assert listed["intact"] is True


def test_what_failed_is_kept_as_failed(home: Path, ask: Callable[..., Answered]) -> None:
    tree = home / "liabilities.csv"
    tree.write_bytes(tree.read_bytes().replace(b",6171944360041", b",6171944360040", 1))
    code, added = _add(ask)
    assert (code, added["verdict"]) == (1, "failed")
    _, listed = ask("history", "list", "--exchange", "north")
    (snapshot,) = listed["exchanges"][0]["snapshots"]
    assert snapshot["verdict"] == "failed"
    assert not any(one["proven"] for one in snapshot["totals"])
    code, answer = ask("coverage", "--exchange", "North")
    assert answer["verdict"] != "verified"
    assert code != 0


def test_another_root_of_the_same_snapshot_is_told_and_kept(home: Path, ask: Callable[..., Answered]) -> None:
    _add(ask)
    (home / "liabilities.csv").write_bytes(make(4, 40, river=False).text())
    code, added = _add(ask)
    assert code == 1
    (alert,) = added["alerts"]
    assert (alert["rule"], alert["level"]) == ("root_conflict", "critical")
    assert {len(alert["figures"]["kept"]), len(alert["figures"]["now"])} == {64}
    _, listed = ask("history", "list")
    assert len(listed["exchanges"][0]["snapshots"]) == 2
    assert [one["rule"] for one in listed["exchanges"][0]["alerts"]] == ["root_conflict"]


def test_nothing_of_the_users_own_gets_into_the_store(home: Path, ask: Callable[..., Answered]) -> None:
    """The user's id, nonce, balance, leaf and file name are looked for in every byte of the store and the log."""
    user = next(one for one in make(3, 40, river=False).users if one.balance > 10**6)
    (home / "liabilities.csv").rename(home / "s3cret-name.csv")
    words = [part for name, values in user.args().items() for part in ("--user", f"{name}={values[0]}")]
    words += ["--expect", f"BTC={_coins(user.balance)}"]
    code = main(["history", "add", "s3cret-name.csv", *words, "--exchange", "North", "--time", "2026-10-31"])
    assert code == 0
    main(["history", "backup", "backup.jsonl"])
    written = b"".join(
        path.read_bytes()
        for folder in (home, Path(os.environ["XDG_DATA_HOME"]))
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".csv"
    )
    private = {value for values in user.args().values() for value in values if len(value) > 3}
    assert private
    for text in (*private, _coins(user.balance), "s3cret-name"):
        assert text.encode() not in written, text


def _coins(sats: int) -> str:
    whole, rest = divmod(sats, 10**8)
    return f"{whole}.{rest:08d}".rstrip("0").rstrip(".")


def test_the_root_log_grows_and_proves_its_past(home: Path, ask: Callable[..., Answered]) -> None:
    _add(ask)
    _, first = ask("history", "show", "--log")
    assert (first["size"], first["entries"][0]["exchange"]) == (1, "North")
    (home / "head").write_text(first["checkpoint"], encoding="utf-8")
    (home / "liabilities.csv").write_bytes(make(4, 40, river=False).text())
    ask("history", "add", "liabilities.csv", "--exchange", "North", "--time", "2026-11-30")
    code, later = ask("history", "show", "--log", "--since", "head")
    assert (code, later["size"], later["extends"]) == (0, 2, True)
    assert len(later["proof"]) == 1
    forged = first["checkpoint"].splitlines()
    forged[2] = "A" * 43 + "="
    code, other = ask("history", "show", "--log", "--since", "\n".join([*forged, ""]))
    assert (code, other["extends"]) == (1, False)


def test_series_of_the_users_own_come_in_and_go_out(
    home: Path, ask: Callable[..., Answered], capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "mine.csv").write_text(
        "time,asset,amount,kind,subject,chain\n"
        "2026-01-01,BTC,10.5,,,\n2026-01-02,BTC,9.5,reserves,,\n"
        "2026-01-01,BTC,10,liabilities,my-note,\n2026-01-01,BTC,60000,price,,\n"
        f"2026-01-01,BTC,,address,{year.COLD},bitcoin\n",
        encoding="utf-8",
    )
    code, done = ask("history", "import", "mine.csv", "--exchange", "North")
    assert (code, done["kept"]) == (0, {"reserves": 2, "liabilities": 1, "price": 1, "address": 1})
    again = {"reserves": 0, "liabilities": 0, "price": 0, "address": 0}
    assert ask("history", "import", "mine.csv", "--exchange", "North")[1]["kept"] == again
    _, series = ask("history", "series", "--exchange", "North", "--asset", "BTC")
    assert [one["low"] for one in series["reserves"]] == ["10.5", "9.5"]
    assert {one["agreed"] for one in series["reserves"]} == {False}
    assert series["net_flow_per_day"] == [{"day": "2026-01-02", "net": "-1", "list_changed": None}]
    assert series["liabilities"][0]["verdict"] == "undecided"
    assert series["coverage"][0]["state"] == "undecided"
    assert series["prices_usd"][0]["price"] == "60000"
    main(["history", "export"])
    exported = capsys.readouterr().out
    (home / "out.csv").write_text(exported, encoding="utf-8")
    main(["history", "import", "out.csv", "--db", sqlite_url(home / "second.sqlite")])
    capsys.readouterr()
    main(["history", "export", "--db", sqlite_url(home / "second.sqlite")])
    again = capsys.readouterr().out
    assert sorted(line.split(",")[:5] for line in again.splitlines()) == sorted(
        line.split(",")[:5] for line in exported.splitlines()
    )


def test_the_series_as_csv_holds_known_points_only(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store(os.environ["RESERVES_DB"], clock=lambda: 1) as store:
        year.fill(store)
    words = ["--from", "2025-04-28", "--to", "2025-05-02"]
    assert main(["history", "series", "--exchange", "Northsea", "--asset", "BTC", "--csv", *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    held = [sum(year.balances()[day].values()) for day in range(117, 122)]
    assert lines[0] == "time,figure,low,high,agreed,sources"
    assert [line.split(",")[1:5] for line in lines[1:6]] == [["reserves", str(one), str(one), "yes"] for one in held]
    assert lines[6] == "2025-05-01T00:00:00Z,liabilities,99000,99000,yes,northsea-tree --published"
    assert lines[7].split(",")[:3] == ["2025-04-28T00:00:00Z", "net_flow_of_day", str(held[0] - _held(116))]


def _held(day: int) -> int:
    return int(sum(year.balances()[day].values()))


def test_bundled_facts_come_in_as_the_statements_and_labels_they_are(home: Path, ask: Callable[..., Answered]) -> None:
    code, done = ask("history", "import", "--bundled", "--exchange", "Binance")
    assert code == 0
    assert done["kept"]["address"] == 39
    _, listed = ask("history", "list", "--exchange", "Binance")
    (kept,) = listed["exchanges"]
    assert {one["verdict"] for one in kept["snapshots"]} == {"undecided"}
    assert all(one["root_source"].startswith("statement: https://") for one in kept["snapshots"])
    assert not any(figure["proven"] for one in kept["snapshots"] for figure in one["totals"])
    assert kept["lists"][0]["attribution"] == {"label": 39}
    assert "2026-08-22" in kept["lists"][0]["source"]
    assert ask("history", "import", "--bundled", "--exchange", "Binance")[1]["kept"] == {"liabilities": 0, "address": 0}


def test_a_backup_fills_an_empty_store_and_no_other(home: Path, ask: Callable[..., Answered]) -> None:
    _add(ask)
    assert ask("history", "backup", "kept.jsonl")[0] == 0
    other = sqlite_url(home / "other.sqlite")
    assert ask("history", "restore", "kept.jsonl", "--db", other)[0] == 0
    assert ask("history", "show")[1]["head"] == ask("history", "show", "--db", other)[1]["head"]
    code, refused = ask("history", "restore", "kept.jsonl", "--db", other)
    assert (code, refused["error"]["code"]) == (2, "store.unusable")
    changed = home / "changed.jsonl"
    changed.write_text((home / "kept.jsonl").read_text().replace("61719.44360041", "71719.44360041"), encoding="utf-8")
    third = sqlite_url(home / "third.sqlite")
    assert ask("history", "restore", str(changed), "--db", third)[1]["error"]["code"] == "store.unusable"
    assert ask("history", "list", "--db", third)[1]["exchanges"] == []


def test_a_changed_store_is_seen(home: Path, ask: Callable[..., Answered]) -> None:
    _add(ask)
    with sqlite3.connect(home / "store.sqlite") as connection:
        connection.execute("UPDATE total SET amount = '1'")
    connection.close()
    code, shown = ask("history", "show")
    assert (code, shown["intact"], shown["broken"]["what"]) == (1, False, "rows")


def test_an_empty_store_is_no_error_and_is_not_made(home: Path, ask: Callable[..., Answered]) -> None:
    os.environ.pop("RESERVES_DB")
    assert ask("history", "list") == (
        0,
        {"schema": "reserves/history/1", "store": None, "head": None, "intact": True, "broken": None, "exchanges": []},
    )
    assert not list(Path(os.environ["XDG_DATA_HOME"]).rglob("history.sqlite"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["list", "--db", "no url"], "store.unusable"),
        (["list", "--db", "mysql://x/y"], "store.unusable"),
        (["show", "--db", "postgresql://u:p4ss@127.0.0.1:1/x"], "store.unusable"),
        (["add", "liabilities.csv", "--exchange", "N", "--time", "soon"], "usage"),
        (["add", "liabilities.csv", "--exchange", " ", "--time", "2026-01-01"], "usage"),
        (["add", "missing.csv", "--exchange", "N", "--time", "2026-01-01"], "input.not_found"),
        (["add", "broken.csv", "--exchange", "N", "--time", "2026-01-01"], "format.unrecognised"),
        (["add", "liabilities.csv", "--exchange", "N"], "usage"),
        (["add", "--exchange", "N", "--time", "2026-01-01"], "usage"),
        (["import", "header.csv", "--exchange", "N"], "csv.header"),
        (["import", "amount.csv", "--exchange", "N"], "number.grammar"),
        (["import", "time.csv", "--exchange", "N"], "usage"),
        (["import", "time.csv"], "usage"),
        (["import", "blank.csv", "--exchange", "N"], "csv.header"),
        (["import", "kind.csv", "--exchange", "N"], "format.shape"),
        (["import", "short.csv", "--exchange", "N"], "format.shape"),
        (["import"], "usage"),
        (["import", "--bundled"], "usage"),
        (["import", "--bundled", "--exchange", "Nobody"], "usage"),
        (["restore", "broken.csv"], "format.shape"),
        (["restore", "newer.jsonl"], "format.newer"),
        (["backup", "/no/such/folder/x"], "usage"),
        (["series", "--exchange", "Nobody", "--asset", "BTC"], "usage"),
        (["list", "--exchange", "Nobody"], "usage"),
        (["show", "--since", "x"], "usage"),
        (["show", "--log", "--since", "missing"], "input.not_found"),
        (["show", "--log", "--since", "broken.csv"], "format.shape"),
        (["explode"], "usage"),
        ([], "usage"),
    ],
)
def test_what_cannot_be_used_is_exit_2_with_its_code(
    words: list[str], code: str, home: Path, ask: Callable[..., Answered]
) -> None:
    files = {
        "broken.csv": "nothing known\n",
        "header.csv": "when,asset,amount\n2026-01-01,BTC,1\n",
        "amount.csv": "time,asset,amount\n2026-01-01,BTC,1e5\n",
        "time.csv": "time,asset,amount\nyesterday,BTC,1\n",
        "blank.csv": "\n\n",
        "kind.csv": "time,asset,amount,kind\n2026-01-01,BTC,1,wish\n",
        "short.csv": "time,asset,amount\n2026-01-01,BTC\n",
        "newer.jsonl": '{"schema": "reserves/backup/9"}\n',
    }
    for name, text in files.items():
        (home / name).write_text(text, encoding="utf-8")
    done, answer = ask("history", *words)
    assert (done, answer["schema"], answer["error"]["code"]) == (2, "reserves/error/1", code)
    assert "p4ss" not in json.dumps(answer)


def test_a_store_of_a_newer_program_is_refused(home: Path, ask: Callable[..., Answered]) -> None:
    _add(ask)
    with sqlite3.connect(home / "store.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for words in (
        ["history", "list"],
        ["coverage", "--exchange", "North"],
        ["watch", "--exchange", "North", "--once", "--source", "file:x"],
    ):
        code, answer = ask(*words)
        assert (code, answer["error"]["code"]) == (2, "store.newer")


def test_a_bad_row_keeps_the_whole_file_out(home: Path, ask: Callable[..., Answered]) -> None:
    (home / "mine.csv").write_text("time,asset,amount\n2026-01-01,BTC,1\n2026-01-02,BTC,x\n", encoding="utf-8")
    code, answer = ask("history", "import", "mine.csv", "--exchange", "North")
    assert (code, answer["error"]["where"]) == (2, "mine.csv: line 3")
    assert ask("history", "list")[1]["exchanges"] == []


def test_several_processes_add_at_once_and_nothing_is_lost(home: Path) -> None:
    """Store and root log together: each process adds a tree of its own."""
    started = []
    for number in range(4):
        (home / f"{number}.csv").write_bytes(make(10 + number, 5, river=False).text())
        words = ["history", "add", f"{number}.csv", "--exchange", "North", "--time", f"2026-0{number + 1}-01"]
        command = [sys.executable, "-m", "reserves_gui.cli", *words]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        started.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL))
    assert [one.wait(timeout=120) for one in started] == [0, 0, 0, 0]
    with Store(os.environ["RESERVES_DB"], clock=lambda: 1) as store:
        assert len(store.snapshots("North")) == 4
        assert store.integrity() is None
    from reserves_gui.services.history_book import log_head

    assert log_head().size == 4


def test_words_for_people_name_store_head_and_what_is_kept(
    home: Path, ask: Callable[..., Answered], capsys: pytest.CaptureFixture[str]
) -> None:
    _add(ask)
    for words, wanted in (
        (["list"], "61719.44360041 BTC"),
        (["show"], "The chain over all evidence holds."),
        (["show", "--log"], "reserves.local/"),
        (["series", "--exchange", "North", "--asset", "BTC"], "undecided"),
    ):
        assert main(["history", *words]) == 0
        assert wanted in capsys.readouterr().out


def test_an_unusable_store_raises_only_what_the_contract_names(tmp_path: Path) -> None:
    path = tmp_path / "text.sqlite"
    path.write_text("not a database, " * 100, encoding="utf-8")
    with pytest.raises(ReservesError):
        Store(sqlite_url(path), clock=lambda: 1)
    assert main(["history", "list", "--db", sqlite_url(path)]) == 2
