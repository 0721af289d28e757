"""`reserves journal`, and what a verification expects from it."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from reserves_gui.services.journal import journal_path
from tests.encoders.keyed_tree import make

Answered = tuple[int, dict]
USER = next(one for one in make(3, 40, river=False).users if one.balance > 10**6)
BALANCE = f"{USER.balance // 10**8}.{USER.balance % 10**8:08d}".rstrip("0")


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answered]:
    """Run a command with ``--json`` in a folder with a tree and a journal to import."""
    monkeypatch.chdir(tmp_path)
    Path("liabilities.csv").write_bytes(make(3, 40, river=False).text())
    Path("mine.csv").write_text(
        f"time,asset,amount\n2026-10-01,BTC,0.5\n2026-10-20T12:00:00Z,BTC,{BALANCE}\n2026-11-05,BTC,9\n",
        encoding="utf-8",
    )

    def answer(*words: str) -> Answered:
        code = main([*words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return answer


def _expected(answer: dict) -> str:
    (leaf,) = [one for one in answer["claims"] if one["id"] == "leaf"]
    return next(check["outcome"] for check in leaf["checks"] if check["id"] == "leaf.expected")


def test_entries_come_back_oldest_first_and_are_taken_once(ask: Callable[..., Answered]) -> None:
    counts = {"added": 3, "changed": 0, "known": 0}
    assert ask("journal", "import", "mine.csv") == (0, {"schema": "reserves/journal-import/1", **counts})
    assert ask("journal", "import", "mine.csv")[1]["known"] == 3
    _, listed = ask("journal", "list")
    assert [one["amount"] for one in listed["entries"]] == ["0.5", BALANCE, "9"]
    Path("mine.csv").write_text("time,asset,amount\n2026-10-01,BTC,0.6\n", encoding="utf-8")
    assert ask("journal", "import", "mine.csv")[1]["changed"] == 1


@pytest.mark.skipif(os.name != "posix", reason="file modes are those of POSIX")
def test_it_is_readable_by_its_owner_alone_and_no_part_of_the_store(ask: Callable[..., Answered]) -> None:
    ask("journal", "import", "mine.csv")
    assert stat.S_IMODE(journal_path().stat().st_mode) == 0o600
    ask("history", "add", "liabilities.csv", "--exchange", "North", "--time", "2026-10-31")
    ask("verify", "liabilities.csv", "--journal", "2026-10-31", *_own())
    for path in journal_path().parent.rglob("*"):
        if path.is_file() and path != journal_path():
            assert BALANCE.encode() not in path.read_bytes(), path


def _own() -> list[str]:
    return [part for name, values in USER.args().items() for part in ("--user", f"{name}={values[0]}")]


def test_a_verification_expects_what_the_journal_says_of_its_time(ask: Callable[..., Answered]) -> None:
    ask("journal", "import", "mine.csv")
    for moment, outcome in (("2026-10-31", "passed"), ("2026-10-10", "failed"), ("2026-11-05", "failed")):
        _, answer = ask("verify", "liabilities.csv", *_own(), "--journal", moment)
        assert _expected(answer) == outcome, moment
    _, answer = ask("verify", "liabilities.csv", *_own())
    assert _expected(answer) == "not_checked"


def test_several_exchanges_are_kept_apart(ask: Callable[..., Answered]) -> None:
    ask("journal", "import", "mine.csv", "--exchange", "North")
    Path("mine.csv").write_text("time,asset,amount,exchange\n2026-10-01,ETH,7,South\n", encoding="utf-8")
    ask("journal", "import", "mine.csv")
    assert [one["exchange"] for one in ask("journal", "list", "--exchange", "south")[1]["entries"]] == ["South"]
    code, answer = ask("verify", "liabilities.csv", *_own(), "--journal", "2026-10-31")
    assert (code, answer["error"]["code"]) == (2, "usage")
    words = ("--journal", "2026-10-31", "--journal-exchange", "North")
    assert _expected(ask("verify", "liabilities.csv", *_own(), *words)[1]) == "passed"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["journal", "import", "missing.csv"], "input.not_found"),
        (["journal", "import", "amount.csv"], "number.grammar"),
        (["journal", "import", "header.csv"], "csv.header"),
        (["journal", "import", "time.csv"], "usage"),
        (["journal", "import", "short.csv"], "format.shape"),
        (["journal", "import", "blank.csv"], "csv.header"),
        (["journal", "import"], "usage"),
        (["journal"], "usage"),
        (["verify", "liabilities.csv", "--journal", "2026-10-31"], "usage"),
        (["verify", "liabilities.csv", "--journal", "then"], "usage"),
        (["verify", "liabilities.csv", "--journal", "2026-10-31", "--expect", "BTC=1"], "usage"),
    ],
)
def test_what_cannot_be_used_is_exit_2_with_its_code(words: list[str], code: str, ask: Callable[..., Answered]) -> None:
    for name, text in {
        "amount.csv": "time,asset,amount\n2026-01-01,BTC,12345.6e9\n",
        "header.csv": "time,asset\n2026-01-01,BTC\n",
        "time.csv": "time,asset,amount\nnoon,BTC,1\n",
        "short.csv": "time,asset,amount\n2026-01-01,BTC\n",
        "blank.csv": "\n\n",
    }.items():
        Path(name).write_text(text, encoding="utf-8")
    done, answer = ask(*words)
    assert (done, answer["error"]["code"]) == (2, code)
    assert "12345" not in json.dumps(answer)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no json", "store.unusable"),
        ('{"schema": "reserves/journal/9", "entries": []}', "store.newer"),
        ('{"schema": "reserves/journal/1", "entries": [{"amount": 1}]}', "store.unusable"),
        ('{"schema": "reserves/journal/1"}', "store.unusable"),
    ],
)
def test_a_journal_that_cannot_be_read_is_left_alone(text: str, code: str, ask: Callable[..., Answered]) -> None:
    journal_path().parent.mkdir(parents=True, exist_ok=True)
    journal_path().write_text(text, encoding="utf-8")
    for words in (("journal", "list"), ("journal", "import", "mine.csv")):
        done, answer = ask(*words)
        assert (done, answer["error"]["code"]) == (2, code)
    assert journal_path().read_text(encoding="utf-8") == text


def test_words_for_people_say_where_it_lies(ask: Callable[..., Answered], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "list"]) == 0
    assert "The journal is empty." in capsys.readouterr().out
    assert main(["journal", "import", "mine.csv"]) == 0
    assert str(journal_path()) in capsys.readouterr().err
    assert main(["journal", "list"]) == 0
    assert BALANCE in capsys.readouterr().out


def test_an_entry_is_added_by_hand_and_taken_out_again(
    ask: Callable[..., Answered], monkeypatch: pytest.MonkeyPatch
) -> None:
    when = ("--asset", "BTC", "--time", "2026-10-20")
    assert ask("journal", "add", "1.5", *when, "--exchange", "North")[1]["added"] == 1
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "1.6")
    assert ask("journal", "add", *when, "--exchange", "north")[1]["changed"] == 1
    assert ask("journal", "add", "2", *when)[1]["added"] == 1
    _, listed = ask("journal", "list")
    assert [(one["exchange"], one["amount"]) for one in listed["entries"]] == [("", "2"), ("north", "1.6")]
    assert ask("journal", "remove", *when, "--exchange", "NORTH") == (
        0,
        {"schema": "reserves/journal-removed/1", "removed": 1},
    )
    assert [one["amount"] for one in ask("journal", "list")[1]["entries"]] == ["2"]
    for words in (
        ("journal", "remove", *when, "--exchange", "North"),
        ("journal", "add", "1e5", *when),
        ("journal", "add", "1", "--asset", "", "--time", "2026-10-20"),
        ("journal", "add", "1", "--asset", "BTC", "--time", "noon"),
        ("journal", "add", "1", "--asset", "BTC"),
        ("journal", "remove", "--time", "2026-10-20"),
    ):
        code, answer = ask(*words)
        assert code == 2, words
        assert answer["error"]["code"] in {"usage", "number.grammar", "format.shape"}
    assert len(ask("journal", "list")[1]["entries"]) == 1


def test_the_time_of_a_kept_snapshot_is_asked_for_by_name(
    ask: Callable[..., Answered], capsys: pytest.CaptureFixture[str]
) -> None:
    ask("journal", "import", "mine.csv")
    words = ("verify", "liabilities.csv", *_own(), "--journal", "snapshot")
    code, answer = ask(*words)
    assert (code, answer["error"]["code"]) == (2, "usage")
    assert "was taken is not known" in answer["error"]["message"]
    ask("history", "add", "liabilities.csv", "--exchange", "BitMEX", "--time", "2026-10-31")
    assert _expected(ask(*words)[1]) == "passed"
    # Entries that name the exchange come before those that name none.
    ask("journal", "add", "0.25", "--asset", "BTC", "--time", "2026-10-01", "--exchange", "BitMEX")
    assert _expected(ask(*words)[1]) == "failed"
    assert ask(*words, "--expect", "BTC=1")[0] == 2
    assert main(["receipt", "export", "liabilities.csv", "--journal", "snapshot", "--out", "r.json"]) == 2
    assert "verify and report" in capsys.readouterr().err


def test_a_snapshot_kept_with_two_times_has_none(ask: Callable[..., Answered]) -> None:
    ask("journal", "import", "mine.csv")
    for day in ("2026-10-30", "2026-10-31"):
        ask("history", "add", "liabilities.csv", "--exchange", "BitMEX", "--time", day)
    assert ask("verify", "liabilities.csv", *_own(), "--journal", "snapshot")[0] == 2


def test_a_report_expects_what_the_journal_says_of_the_snapshot(ask: Callable[..., Answered]) -> None:
    ask("journal", "import", "mine.csv")
    ask("history", "add", "liabilities.csv", "--exchange", "BitMEX", "--time", "2026-10-31")
    assert main(["report", "liabilities.csv", *_own(), "--journal", "snapshot", "--out", "full.json"]) == 3
    assert f'["BTC","{BALANCE}"]' in "".join(Path("full.json").read_text().split())
    assert main(["report", "liabilities.csv", *_own(), "--journal", "snapshot", "--redacted", "--out", "r.json"]) == 3
    assert BALANCE not in Path("r.json").read_text()
