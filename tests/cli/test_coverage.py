"""`reserves coverage` as a user types it: from files, from the store, from both; and in reports."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from reserves_gui.history.database import sqlite_url
from reserves_gui.history.store import Store
from tests.encoders.keyed_tree import make
from tests.history import year

NOON = 1_793_404_800  # 2026-10-31
OWED = "61719.44360041"
Answered = tuple[int, dict]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answered]:
    """Run ``coverage --json`` in a folder with a tree, a list and two sources that agree on 62,000 BTC."""
    monkeypatch.chdir(tmp_path)
    Path("liabilities.csv").write_bytes(make(3, 40, river=False).text())
    Path("wallets.csv").write_text(
        f"chain,asset,address,amount\nbitcoin,BTC,{year.COLD},60000\nbitcoin,BTC,{year.WARM},2000\n", encoding="utf-8"
    )
    for name in ("one", "two"):
        _source(name)

    def answer(*words: str) -> Answered:
        code = main(["coverage", *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return answer


def _source(name: str, *, cold: str = "60000", warm: str = "2000", time: int = NOON) -> None:
    Path(f"{name}.csv").write_text(
        "chain,address,height,asset,amount,time\n"
        f"bitcoin,{year.COLD},700000,BTC,{cold},{time}\nbitcoin,{year.WARM},700000,BTC,{warm},{time}\n",
        encoding="utf-8",
    )


FILES = ("liabilities.csv", "wallets.csv")
SOURCES = ("--source", "file:one.csv", "--source", "file:two.csv")


def _checks(answer: dict) -> dict[str, str]:
    (claim,) = [one for one in answer["claims"] if one["id"] == "coverage"]
    return {check["id"]: check["outcome"] for check in claim["checks"]}


def test_reserves_that_two_sources_agree_on_cover_a_whole_tree(ask: Callable[..., Answered]) -> None:
    code, answer = ask(*FILES, *SOURCES, "--time", "2026-10-31")
    assert (code, answer["verdict"]) == (0, "verified")
    assert _checks(answer) == {
        "coverage.ratio": "passed",
        "coverage.time": "passed",
        "coverage.assets": "passed",
    }
    figures = answer["coverage"]["BTC"]
    assert figures["state"] == "verified"
    assert figures["ratio"]["low"] == figures["ratio"]["high"] == "6200000000000/6171944360041"
    assert figures["ratio"]["low_percent"] == "100.4546"
    assert figures["liabilities"]["stated"] == OWED
    assert figures["reserves"]["seen"] == {"low": "62000", "high": "62000"}
    assert figures["reserves"]["proven"] == {"low": "0", "high": "0"}
    assert (figures["lag_seconds"], figures["listed_not_seen"], figures["proven_share_percent"]) == (0, "0", "0.0000")
    assert answer["age_seconds"]["BTC"] >= 0
    assert {one["name"] for one in answer["inputs"]} == {"liabilities.csv", "wallets.csv"}
    # Other claims stand beside it, as they are.
    assert {claim["id"]: claim["state"] for claim in answer["claims"]}["root"] == "undecided"


def test_less_than_is_owed_fails(ask: Callable[..., Answered]) -> None:
    for name in ("one", "two"):
        _source(name, cold="59000")
    code, answer = ask(*FILES, *SOURCES, "--time", "2026-10-31")
    assert (code, answer["verdict"], answer["coverage"]["BTC"]["state"]) == (1, "failed", "failed")


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        (lambda: _source("two", cold="59000"), "coverage.ratio"),
        (lambda: _source("two", cold="60001"), "coverage.ratio"),
        (lambda: [_source(name, time=NOON + 3 * 86_400) for name in ("one", "two")], "coverage.time"),
        (lambda: [_source(name, cold="59719.44360041") for name in ("one", "two")], None),
    ],
)
def test_what_is_uncertain_is_undecided_and_says_which_part(
    change: Callable[[], object], missing: str | None, ask: Callable[..., Answered]
) -> None:
    change()
    code, answer = ask(*FILES, *SOURCES, "--time", "2026-10-31")
    if missing is None:
        # Exactly what is owed, to the last unit; the list says more, and that fails its own claim.
        assert answer["coverage"]["BTC"]["state"] == "verified"
        assert answer["verdict"] == "failed"
        return
    assert (code, answer["verdict"]) == (3, "undecided")
    assert _checks(answer)[missing] == "not_checked"


def test_without_sources_what_is_listed_is_not_counted_as_seen(ask: Callable[..., Answered]) -> None:
    code, answer = ask(*FILES, "--time", "2026-10-31")
    assert code == 3
    figures = answer["coverage"]["BTC"]
    assert (figures["reserves"]["listed"], figures["reserves"]["seen"]) == ("62000", None)
    assert _checks(answer)["coverage.assets"] == "not_checked"


def test_offline_is_undecided_with_the_reason(ask: Callable[..., Answered]) -> None:
    code, answer = ask(*FILES, "--source", "esplora+https://one.example", "--offline", "--time", "2026-10-31")
    assert (code, answer["verdict"]) == (3, "undecided")


@pytest.mark.parametrize(("printed", "outcome"), [("100%", "passed"), ("100.45", "passed"), ("101 %", "failed")])
def test_a_printed_ratio_is_recomputed(printed: str, outcome: str, ask: Callable[..., Answered]) -> None:
    _, answer = ask(*FILES, *SOURCES, "--time", "2026-10-31", "--printed", f"BTC={printed}")
    assert _checks(answer)["coverage.printed"] == outcome


def test_the_clean_ratio_needs_prices_and_leaves_own_tokens_out(ask: Callable[..., Answered]) -> None:
    Path("prices.csv").write_text(f"asset,time,price\nBTC,{NOON},60000\n", encoding="utf-8")
    _, answer = ask(*FILES, "prices.csv", *SOURCES, "--time", "2026-10-31")
    assert answer["clean"] == {
        "ratio_percent": "100.4546",
        "own_share_percent": "0.0000",
        "own_tokens": [],
        "missing": [],
    }
    _, answer = ask(*FILES, "prices.csv", *SOURCES, "--time", "2026-10-31", "--own-token", "BTC")
    assert (answer["clean"]["ratio_percent"], answer["clean"]["own_share_percent"]) == (None, "100.0000")
    _, answer = ask(*FILES, *SOURCES, "--time", "2026-10-31")
    assert answer["clean"]["missing"] == ["BTC"]


def test_an_asset_the_report_does_not_name_is_a_line_of_its_own(ask: Callable[..., Answered]) -> None:
    code, answer = ask(*FILES, *SOURCES, "--time", "2026-10-31", "--asset", "BTC", "--asset", "ETH")
    assert (code, answer["not_in_report"]) == (3, ["ETH"])
    assert _checks(answer)["coverage.assets"] == "not_checked"


def test_the_store_answers_for_an_exchange(ask: Callable[..., Answered]) -> None:
    url = sqlite_url(Path("store.sqlite").resolve())
    with Store(url, clock=lambda: 1) as store:
        year.fill(store)
    code, answer = ask("--exchange", "northsea", "--db", url)
    assert (code, answer["verdict"]) == (0, "verified")
    assert answer["snapshot"]["time"] == "2025-08-29T00:00:00Z"
    held = sum(year.balances()[year.DRESSED].values())
    assert answer["coverage"]["BTC"]["reserves"]["seen"] == {"low": str(held), "high": str(held)}
    _, earlier = ask("--exchange", "Northsea", "--db", url, "--to", "2025-06-01")
    assert earlier["snapshot"]["time"] == "2025-05-01T00:00:00Z"


def test_one_side_may_come_from_the_store(ask: Callable[..., Answered]) -> None:
    """The tree is a file, the reserves of its time are those of the store."""
    url = sqlite_url(Path("store.sqlite").resolve())
    with Store(url, clock=lambda: 1) as store:
        year.fill(store)
    _, answer = ask("liabilities.csv", "--exchange", "Northsea", "--db", url, "--time", "2025-05-01")
    held = str(sum(year.balances()[year.HONEST].values()))
    assert answer["coverage"]["BTC"]["reserves"]["seen"] == {"low": held, "high": held}
    assert answer["coverage"]["BTC"]["liabilities"]["stated"] == OWED
    assert answer["figures_from"] == {"liabilities": "bitmex-tree", "reserves": "store"}


def test_a_stored_list_is_looked_up_again(ask: Callable[..., Answered], capsys: pytest.CaptureFixture[str]) -> None:
    url = sqlite_url(Path("store.sqlite").resolve())
    words = ["--exchange", "North", "--time", "2026-10-31", "--db", url]
    assert main(["history", "add", *FILES, *words]) == 0
    capsys.readouterr()
    code, answer = ask("--exchange", "North", "--db", url, *SOURCES)
    assert (code, answer["coverage"]["BTC"]["state"]) == (0, "verified")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], "usage"),
        (["--exchange", "Nobody"], "usage"),
        (["wallets.csv"], "usage"),
        (["missing.csv"], "input.not_found"),
        (["junk.csv"], "format.unrecognised"),
        ([*FILES, "--time", "noon"], "usage"),
        ([*FILES, "--printed", "BTC"], "usage"),
        ([*FILES, "--printed", "BTC=lots"], "usage"),
        ([*FILES, "--at", "bitcoin"], "usage"),
        ([*FILES, "--source", "ftp://x"], "source.unusable"),
        ([*FILES, "--source", "esplora+http://example.org"], "source.unusable"),
        (["--exchange", "N", "--db", "no url"], "store.unusable"),
        (["--exchange", "N", "--from", "x"], "usage"),
    ],
)
def test_what_cannot_be_used_is_exit_2_with_its_code(words: list[str], code: str, ask: Callable[..., Answered]) -> None:
    Path("junk.csv").write_text("nothing known\n", encoding="utf-8")
    done, answer = ask(*words)
    assert (done, answer["error"]["code"]) == (2, code)


def test_words_for_people_show_a_row_an_asset(ask: Callable[..., Answered], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", *FILES, *SOURCES, "--time", "2026-10-31"]) == 0
    shown = capsys.readouterr().out
    assert "100.45 %" in shown
    assert OWED in shown
    assert "Borrowed coins" in shown


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("more", [[], ["--redacted"]])
def test_a_report_has_the_coverage_and_can_be_checked_again(
    more: list[str], language: str, ask: Callable[..., Answered], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["report", *FILES, *SOURCES, "--time", "2026-10-31", "--language", language, *more]
    assert main([*words, "--out", "r.json", "--out", "r.html", "--out", "r.txt"]) == 0
    for name in ("r.html", "r.txt"):
        text = Path(name).read_text(encoding="utf-8")
        for part in ("100.4546 – 100.4546 %", OWED, "62000", "file:one.csv, file:two.csv", "2026-10-31 00:00 UTC"):
            assert part in text, part
    assert ("cover" if language == "en" else "deck") in Path("r.txt").read_text(encoding="utf-8").lower()
    capsys.readouterr()
    for name in ("r.json", "r.html", "r.txt"):
        assert main(["check-report", name, *FILES, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["result"] == "unchanged"
    changed = Path("r.json").read_bytes().replace(b"100.4546", b"110.4546")
    Path("r.json").write_bytes(changed)
    assert main(["check-report", "r.json", *FILES]) == 1


def test_a_redacted_report_on_coverage_says_nothing_of_the_users_balance(ask: Callable[..., Answered]) -> None:
    user = next(one for one in make(3, 40, river=False).users if one.balance > 10**6)
    balance = f"{user.balance // 10**8}.{user.balance % 10**8:08d}".rstrip("0")
    own = [part for name, values in user.args().items() for part in ("--user", f"{name}={values[0]}")]
    words = ["report", *FILES, *SOURCES, "--time", "2026-10-31", *own, "--expect", f"BTC={balance}"]
    assert main([*words, "--redacted", "--out", "r.json", "--out", "r.txt"]) == 0
    assert main([*words, "--out", "full.txt"]) == 0
    assert balance in Path("full.txt").read_text(encoding="utf-8")
    for name in ("r.json", "r.txt"):
        text = Path(name).read_text(encoding="utf-8")
        assert balance not in text
        assert not any(value in text for values in user.args().values() for value in values if len(value) > 3)
