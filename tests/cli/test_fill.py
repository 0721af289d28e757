"""`reserves history fill` as a user types it."""

import json
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from reserves_gui.history.database import sqlite_url
from tests.history import year

FIRST, LAST = "2025-01-02", "2025-01-04"


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command over three days of recorded figures, without its source."""
    monkeypatch.setenv("RESERVES_DB", sqlite_url(tmp_path / "store.sqlite"))
    rows = [f"bitcoin,BTC,{address}," for address in year.ADDRESSES]
    (tmp_path / "list.csv").write_text("\n".join(("chain,asset,address,amount", *rows)) + "\n", encoding="utf-8")
    lines = [
        f"bitcoin,{address},{day},BTC,{amount},{year.at(day)}"
        for day in (1, 2, 3)
        for address, amount in year.balances()[day].items()
    ]
    for name in ("one", "two"):
        header = "chain,address,height,asset,amount,time"
        (tmp_path / f"{name}.csv").write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return ["history", "fill", str(tmp_path / "list.csv"), "--exchange", "Northsea", "--from", FIRST, "--to", LAST]


def _sources(folder: Path, *names: str) -> list[str]:
    return [word for name in names for word in ("--source", f"file:{folder / name}.csv")]


def test_rounds_are_kept_once_and_said(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [*words, *_sources(tmp_path, "one", "two")]
    assert main(words) == 0
    assert "Northsea: 3 rounds kept, from 2025-01-02T00:00:00Z to 2025-01-04T00:00:00Z." in capsys.readouterr().out
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "no new round was kept" in told
    assert "3 rounds of that time were kept before." in told
    assert main([*words, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["schema"], answer["kept"], answer["before"]) == ("reserves/history-filled/1", [], 3)
    assert main(["history", "series", "--exchange", "Northsea", "--asset", "BTC", "--json"]) == 0
    points = json.loads(capsys.readouterr().out)["reserves"]
    assert [one["low"] for one in points] == [str(sum(year.balances()[day].values())) for day in (1, 2, 3)]


def test_a_source_that_tells_nothing_is_named_and_leaves_it_undecided(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, *_sources(tmp_path, "gone")]) == 3
    told = capsys.readouterr().out
    assert "no new round was kept" in told
    assert "file:gone.csv" in told


@pytest.mark.parametrize("more", [[], ["--every", "0"], ["--every", "1.5"], ["--to", "2024-12-31"]])
def test_what_cannot_be_done_is_a_wrong_command_line(words: list[str], tmp_path: Path, more: list[str]) -> None:
    assert main([*words, *(_sources(tmp_path, "one") if more else []), *more]) == 2
