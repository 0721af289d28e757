"""The headline check end to end: bundled facts, the user's own store, both readings, bad input."""

import json
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from reserves_gui.history.database import sqlite_url
from reserves_gui.history.published import figures, flows, own_tokens
from reserves_gui.history.records import StoredList, StoredObservation, StoredWallet
from reserves_gui.history.store import Store

WORDS = [
    "headline",
    "--exchange",
    "Binance",
    "--asset",
    "BTC",
    "--amount",
    "700000",
    "--from",
    "2022-12-06",
    "--to",
    "2022-12-13",
]


def _answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict]:
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_worked_example(capsys: pytest.CaptureFixture[str]) -> None:
    code, answer = _answer(capsys, *WORDS)
    assert (code, answer["verdict"]) == (1, "failed")
    assert answer["break_even_price_usd"] == {"net": "5229.02", "out": "12547.69"}
    assert [one["verdict"] for one in answer["readings"]] == ["failed", "undecided"]
    assert all(one["source"] and one["time"] for one in answer["figures"])


def test_a_price_decides_the_gross_reading(capsys: pytest.CaptureFixture[str]) -> None:
    assert _answer(capsys, *WORDS, "--reading", "out")[0] == 3
    assert _answer(capsys, *WORDS, "--reading", "out", "--price", "17000")[0] == 1


def test_nothing_known_cannot_be_checked(capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "headline",
        "--exchange",
        "Northsea",
        "--asset",
        "BTC",
        "--amount",
        "5",
        "--from",
        "2026-01-01",
        "--to",
        "2026-01-02",
    ]
    assert _answer(capsys, *words)[0] == 3


def test_the_users_own_store_shows_what_left(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "store.sqlite")
    with Store(url, clock=lambda: 1) as store:
        seen = [
            StoredObservation(
                exchange="Northsea",
                chain="bitcoin",
                subject="listed",
                asset="BTC",
                time=time,
                amount=amount,
                source=source,
            )
            for time, amount in ((1_767_225_600, "100"), (1_767_312_000, "60"))
            for source in ("a", "b")
        ]
        store.add_observations(seen)
    words = [
        "headline",
        "--exchange",
        "Northsea",
        "--asset",
        "BTC",
        "--from",
        "2026-01-01",
        "--to",
        "2026-01-02",
        "--db",
        url,
    ]
    assert _answer(capsys, *words, "--amount", "40")[0] == 0
    assert _answer(capsys, *words, "--amount", "41")[0] == 3
    assert _answer(capsys, *words, "--amount", "101")[0] == 1


@pytest.mark.parametrize(
    "changed",
    [
        ["--amount", "1e6"],
        ["--amount", "-1"],
        ["--amount", "0"],
        ["--exchange", " "],
        ["--asset", ""],
        ["--from", "yesterday"],
        ["--to", "2022-13-01"],
        ["--to", "2022-12-01"],
        ["--price", "x"],
    ],
)
def test_a_headline_that_makes_no_sense_is_refused(changed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, answer = _answer(capsys, *WORDS, *changed)
    assert code == 2
    assert answer["schema"] == "reserves/error/1"


def test_bundled_facts_carry_source_and_date() -> None:
    assert len(figures()) == 22
    assert all(one.sources and one.date for one in figures())
    assert all(one.source and one.start < one.end for one in flows())
    assert own_tokens("okx") == {"OKB", "OKT"}
    assert own_tokens("Northsea") == frozenset()


def _seen(url: str, *rows: tuple[str, str, int, str, str]) -> None:
    """(chain, subject, time, amount, source) into a store."""
    with Store(url, clock=lambda: 1) as store:
        store.add_observations(
            [
                StoredObservation(
                    exchange="Northsea",
                    chain=chain,
                    subject=subject,
                    asset="BTC",
                    time=time,
                    amount=amount,
                    source=source,
                )
                for chain, subject, time, amount, source in rows
            ]
        )


START, END = 1_767_225_600, 1_767_312_000
CLAIM = ["headline", "--exchange", "northsea", "--asset", "BTC", "--from", "2026-01-01", "--to", "2026-01-02"]


def test_chains_add_up_before_anything_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "store.sqlite")
    _seen(
        url,
        ("bitcoin", "listed", START, "100", "a"),
        ("liquid", "listed", START, "50", "b"),
        ("bitcoin", "listed", END, "60", "a"),
        ("liquid", "listed", END, "80", "b"),
    )
    words = [*CLAIM, "--db", url]
    assert _answer(capsys, *words, "--amount", "10")[0] == 0
    assert _answer(capsys, *words, "--amount", "11")[0] == 3
    assert _answer(capsys, *words, "--amount", "151")[0] == 1


def test_a_wallet_that_left_the_list_is_no_outflow(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "store.sqlite")
    both = tuple(StoredWallet(chain="bitcoin", asset="BTC", address=one) for one in ("x", "y"))
    with Store(url, clock=lambda: 1) as store:
        for time, wallets in ((START - 1, both), (END - 1, both[:1])):
            store.add_list(StoredList(exchange="Northsea", time=time, source="s", file_sha256=None, wallets=wallets))
    _seen(url, ("bitcoin", "listed", START, "100", "a"), ("bitcoin", "listed", END, "40", "a"))
    assert _answer(capsys, *CLAIM, "--db", url, "--amount", "50")[0] == 3
    _seen(url, ("bitcoin", "x", START, "45", "a"), ("bitcoin", "y", START, "55", "a"), ("bitcoin", "x", END, "40", "a"))
    code, answer = _answer(capsys, *CLAIM, "--db", url, "--amount", "5")
    assert (code, [one["value"] for one in answer["figures"]]) == (0, ["45", "40"])
    assert _answer(capsys, *CLAIM, "--db", url, "--amount", "6")[0] == 3
