"""Prices as a user asks for them: named sources only, kept with source and time, for sums over assets and nothing else."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from reserves_gui.history.database import sqlite_url
from reserves_gui.history.records import StoredList, StoredObservation, StoredPrice, StoredSnapshot, StoredTotal
from reserves_gui.history.seen import LISTED
from reserves_gui.history.store import Store
from reserves_gui.verdict import State, SumBinding
from tests.chain.price_servers import BITCOIN, ETHER, Llama, Mempool
from tests.chain.servers import Fault, Server, serving
from tests.encoders.keyed_tree import make
from tests.history import year

Answered = tuple[int, dict]
NOON = 1_793_404_800  # 2026-10-31
HOUR = 3_600
HELD = {"BTC": ("1200", "1100"), "ETH": ("9000", "10000"), "BNB": ("50", "40")}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Binance with three assets, its own token among them, seen at the snapshot and one day later."""
    url = sqlite_url(tmp_path / "store.sqlite")
    monkeypatch.setenv("RESERVES_DB", url)
    monkeypatch.delenv("RESERVES_OFFLINE")
    monkeypatch.chdir(tmp_path)
    with Store(url, clock=lambda: 1) as opened:
        opened.add_snapshot(
            StoredSnapshot(
                exchange="Binance",
                snapshot="october",
                time=NOON,
                height=None,
                format="northsea-tree",
                root="ab" * 32,
                root_source="--published",
                file_sha256=None,
                binding=SumBinding.WHOLE_TREE,
                verdict=State.VERIFIED,
                totals=tuple(
                    StoredTotal(asset=asset, amount=owed, recomputed=True, total_verified=True)
                    for asset, owed in (("BTC", "1000"), ("ETH", "8000"), ("BNB", "50"))
                ),
            )
        )
        opened.add_list(StoredList(exchange="Binance", time=NOON, source="address-list", file_sha256=None))
        opened.add_observations(
            [
                StoredObservation(
                    exchange="Binance",
                    chain="all",
                    subject=LISTED,
                    asset=asset,
                    time=NOON + day * 86_400,
                    amount=amount,
                    source=source,
                )
                for asset, amounts in HELD.items()
                for day, amount in enumerate(amounts)
                for source in year.SOURCES
            ]
        )
    return url


@pytest.fixture
def ask(store: str, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answered]:
    """Run a command with ``--json`` over the store: exit code and object."""
    assert store

    def answer(*words: str) -> Answered:
        code = main([*words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return answer


@pytest.fixture
def llama() -> Iterator[Server]:
    """60,000 a bitcoin, 3,000 an ether, 600 a BNB, at any time."""
    with serving(Llama({BITCOIN: 60000, ETHER: 3000, "coingecko:binancecoin": 600})) as server:
        yield server


def _kept(store: str, asset: str = "BTC") -> list[StoredPrice]:
    with Store(store, clock=lambda: 1) as opened:
        return opened.prices(asset)


def test_sums_over_assets_are_made_with_named_prices_and_these_are_kept(
    ask: Callable[..., Answered], llama: Server, store: str
) -> None:
    code, answer = ask("coverage", "--exchange", "Binance", "--prices", llama.url)
    usd = answer["usd"]
    # 1200 x 60000 + 9000 x 3000 + 50 x 600 against 1000 x 60000 + 8000 x 3000 + 50 x 600
    assert (usd["reserves"], usd["liabilities"]) == ("99030000.00", "84030000.00")
    assert usd["assets"] == ["BTC", "ETH", "BNB"]
    assert usd["prices"]["BTC"] == {
        "usd": "60000",
        "time": "2026-10-31T00:00:00Z",
        "source": llama.url,
        "others": [],
        "differ": False,
    }
    # 99,000,000 / 84,000,000 without the own token; 30,000 / 99,030,000 is its share.
    assert answer["clean"] == {
        "ratio_percent": "117.8571",
        "own_share_percent": "0.0303",
        "own_tokens": ["BNB"],
        "missing": [],
    }
    assert (code, answer["coverage"]["BTC"]["state"]) == (0, "verified")
    (kept,) = _kept(store)
    assert (kept.currency, kept.time, kept.value, kept.source) == ("USD", NOON, "60000", llama.url)
    # From now on the store tells them, and nobody is asked.
    asked = len(llama.log)
    _, again = ask("coverage", "--exchange", "Binance")
    assert again["usd"]["reserves"] == "99030000.00"
    assert len(llama.log) == asked


def test_the_request_for_prices_carries_names_of_assets_and_times_only(
    ask: Callable[..., Answered], llama: Server
) -> None:
    tree = make(3, 40, river=False)
    Path("liabilities.csv").write_bytes(tree.text())
    user = next(one for one in tree.users if one.balance > 10**6)
    own = [part for name, values in user.args().items() for part in ("--user", f"{name}={values[0]}")]
    ask("coverage", "liabilities.csv", "--time", "2026-10-31", *own, "--exchange", "Binance", "--prices", llama.url)
    ask("history", "prices", "--exchange", "Binance", "--prices", llama.url)
    assert llama.log[0].path == f"/prices/historical/{NOON}/coingecko:bitcoin"
    assert all(request.method == "GET" and request.body == b"" for request in llama.log)
    sent = " ".join(request.path for request in llama.log)
    for secret in (*(value for values in user.args().values() for value in values), str(user.balance), "Binance"):
        assert secret not in sent
    for request in llama.log[1:]:
        assert request.path.startswith("/batchHistorical?coins=%7B%22coingecko%3A")


def test_two_prices_that_lie_apart_are_both_shown_and_never_averaged(
    ask: Callable[..., Answered], llama: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(Mempool(61500, NOON - HOUR)) as other:
        named = ("--prices", llama.url, "--prices", f"mempool+{other.url}/api")
        _, answer = ask("coverage", "--exchange", "Binance", *named)
        assert main(["coverage", "--exchange", "Binance", *named]) == 0
        shown = capsys.readouterr().out
        _, turned = ask("coverage", "--exchange", "Binance", *named[2:], *named[:2])
    price = answer["usd"]["prices"]["BTC"]
    assert (price["usd"], price["differ"]) == ("60000", True)
    assert [one["usd"] for one in price["others"]] == ["61500"]
    assert answer["usd"]["reserves"] == "99030000.00"
    assert "BTC: two prices lie more than 2 % apart. Used: 60000" in shown
    assert "61500" in shown
    # What is named first counts.
    assert turned["usd"]["prices"]["BTC"]["usd"] == "61500"


@pytest.mark.parametrize(
    ("server", "key"),
    [
        (Llama({BITCOIN: 60000}, late=-7 * HOUR), "chain.price_old"),
        (Llama({BITCOIN: 1}, confidence=0.5), "chain.price_confidence"),
    ],
)
def test_a_stale_or_doubtful_price_is_refused_with_the_reason_and_no_asset_changes(
    server: Llama, key: str, ask: Callable[..., Answered], store: str
) -> None:
    _, without = ask("coverage", "--exchange", "Binance")
    with serving(server) as running:
        code, answer = ask("coverage", "--exchange", "Binance", "--prices", running.url)
    assert code == 3
    assert answer["usd"]["reserves"] is None
    assert key in {one["key"] for one in answer["usd"]["refused"] if one["asset"] == "BTC"}
    assert (answer["coverage"], answer["verdict"]) == (without["coverage"], without["verdict"])
    assert _kept(store) == []


def test_offline_asks_nobody_says_why_and_is_exit_3(
    ask: Callable[..., Answered], llama: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (
        ("coverage", "--exchange", "Binance"),
        ("history", "prices", "--exchange", "Binance"),
        ("history", "flows", "--exchange", "Binance"),
    ):
        code, answer = ask(*words, "--prices", llama.url, "--offline")
        assert code == 3
        found = answer.get("usd", answer)
        assert {one["key"] for one in found["refused"]} >= {"chain.offline"}
        assert main([*words, "--prices", llama.url, "--offline"]) == 3
        assert "offline" in capsys.readouterr().out.lower()
    assert llama.log == []


def test_a_file_serves_offline(ask: Callable[..., Answered]) -> None:
    Path("own.csv").write_text(f"asset,time,price\nBTC,{NOON},60000\nETH,{NOON},3000\n", encoding="utf-8")
    code, answer = ask("coverage", "--exchange", "Binance", "--prices", "file:own.csv", "--offline")
    assert (code, answer["usd"]["missing"]) == (0, ["BNB"])
    assert answer["usd"]["liabilities"] == "84000000.00"
    assert answer["clean"]["ratio_percent"] is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("coverage", "--exchange", "Binance", "--prices", "ftp://x"), "source.unusable"),
        (("coverage", "--exchange", "Binance", "--prices", "http://prices.example"), "source.unusable"),
        (("coverage", "--exchange", "Binance", "--prices", "file:none.csv"), "source.unusable"),
        (("history", "prices", "--exchange", "Binance"), "usage"),
        (("history", "prices", "--exchange", "Nobody", "--prices", "file:x"), "usage"),
        (("history", "prices", "--exchange", "Binance", "--asset", "XXX", "--prices", "file:x"), "usage"),
        (("history", "prices", "--exchange", "Binance", "--from", "2030-01-01", "--prices", "file:x"), "usage"),
        (
            ("history", "prices", "--exchange", "Binance", "--from", "2027", "--to", "2026", "--prices", "file:x"),
            "usage",
        ),
        (("history", "flows", "--exchange", "Nobody"), "usage"),
        (("history", "flows", "--exchange", "Binance", "--to", "soon"), "usage"),
    ],
)
def test_what_cannot_be_used_is_exit_2_with_its_code(
    words: tuple[str, ...], code: str, ask: Callable[..., Answered]
) -> None:
    done, answer = ask(*words)
    assert (done, answer["error"]["code"]) == (2, code)


def test_a_series_of_prices_is_kept_once(ask: Callable[..., Answered], llama: Server, store: str) -> None:
    for _ in range(2):
        code, answer = ask("history", "prices", "--exchange", "binance", "--asset", "btc", "--prices", llama.url)
        assert (code, len(answer["prices"]), answer["refused"]) == (0, 2, [])
    assert [one.time for one in _kept(store)] == [NOON, NOON + 86_400]
    assert _kept(store, "ETH") == []
    _, series = ask("history", "series", "--exchange", "Binance", "--asset", "BTC")
    assert [one["price"] for one in series["prices_usd"]] == ["60000", "60000"]


def test_flows_in_dollars_are_changes_of_amounts_at_the_price_of_the_end(
    ask: Callable[..., Answered], llama: Server
) -> None:
    code, answer = ask("history", "flows", "--exchange", "Binance", "--prices", llama.url)
    assert code == 0
    day = next(one for one in answer["windows"] if one["window"] == "24h")
    # -100 x 60000 + 1000 x 3000 - 10 x 600
    assert (day["net_usd"], day["in_usd"], day["out_usd"]) == ("-3006000.00", None, None)
    assert (day["start"], day["end"]) == ("2026-10-31T00:00:00Z", "2026-11-01T00:00:00Z")
    assert answer["time"] == "2026-11-01T00:00:00Z"
    code, unpriced = ask("history", "flows", "--exchange", "Binance", "--to", "2026-10-31")
    assert (code, unpriced["windows"]) == (3, [])


def test_an_asset_without_a_price_is_named_and_not_counted(ask: Callable[..., Answered]) -> None:
    with serving(Llama({BITCOIN: 60000})) as server:
        _, answer = ask("history", "flows", "--exchange", "Binance", "--prices", server.url)
    day = next(one for one in answer["windows"] if one["window"] == "24h")
    assert (day["net_usd"], day["assets"]) == ("-6000000.00", ["BTC"])
    assert {one["asset"] for one in day["missing"]} == {"ETH", "BNB"}


def test_words_for_people_name_windows_prices_and_limits(
    ask: Callable[..., Answered], llama: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask
    assert main(["history", "flows", "--exchange", "Binance", "--prices", llama.url]) == 0
    shown = capsys.readouterr().out
    assert "24 hours" in shown
    assert "-3006000.00" in shown
    assert llama.url in shown
    assert main(["history", "prices", "--exchange", "Binance", "--prices", llama.url]) == 0
    assert "6 prices are in the store; 0 were not to be had." in capsys.readouterr().out


HEADLINE = ("headline", "--exchange", "Binance", "--asset", "BTC", "--from", "2022-12-06", "--to", "2022-12-13")


def test_a_headline_is_bound_by_the_price_at_the_end_of_its_window(ask: Callable[..., Answered], store: str) -> None:
    words = (*HEADLINE, "--amount", "700000", "--reading", "out")
    assert ask(*words)[0] == 3
    with serving(Llama({BITCOIN: 17000})) as server:
        code, answer = ask(*words, "--prices", server.url)
        price = [one for one in answer["figures"] if one["name"] == "price_usd"]
        assert price == [{"name": "price_usd", "value": "17000", "time": "2022-12-13T00:00:00Z", "source": server.url}]
        assert code == 1
        assert len(server.log) == 1
        # It was kept, so it is not asked for again.
        assert ask(*words)[0] == 1
        assert len(server.log) == 1
    assert [one.value for one in _kept(store)] == ["17000"]


def test_of_two_prices_that_lie_apart_the_lower_one_contradicts(ask: Callable[..., Answered]) -> None:
    words = (*HEADLINE, "--amount", "700000", "--reading", "out")
    end = 1_670_889_600
    with serving(Llama({BITCOIN: 17000})) as dear, serving(Mempool(12000, end)) as cheap:
        code, answer = ask(*words, "--prices", dear.url, "--prices", f"mempool+{cheap.url}/api")
    # 700,000 x 12,000 are less than the 8.78 billion that went out: nothing is contradicted for certain.
    assert code == 3
    assert [one["value"] for one in answer["figures"] if one["name"] == "price_usd"] == ["17000", "12000"]


def test_a_refused_price_is_said_beside_the_answer(ask: Callable[..., Answered], llama: Server) -> None:
    llama.faults.append(Fault(status=404))
    code, answer = ask(*HEADLINE, "--amount", "700000", "--prices", llama.url)
    assert (code, answer["verdict"]) == (1, "failed")
    assert [one["key"] for one in answer["refused"]] == ["chain.status"]


def test_a_watch_keeps_the_prices_of_its_rounds(
    tmp_path: Path, store: str, llama: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "wallets.csv"
    listed.write_text(f"chain,asset,address,amount\nbitcoin,BTC,{year.COLD},60000\n", encoding="utf-8")
    seen = tmp_path / "seen.csv"
    later = NOON + 10 * 86_400
    seen.write_text(
        f"chain,address,height,asset,amount,time\nbitcoin,{year.COLD},700000,BTC,60000,{later}\n", encoding="utf-8"
    )
    words = ["watch", str(listed), "--exchange", "Elsewhere", "--once", "--source", f"file:{seen}", "--json"]
    main([*words, "--prices", llama.url])
    answer = json.loads(capsys.readouterr().out)
    assert answer["unpriced"] == []
    assert [one.time for one in _kept(store)] == [later]


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_report_names_every_price_with_source_and_time(
    language: str, ask: Callable[..., Answered], llama: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("liabilities.csv").write_bytes(make(3, 40, river=False).text())
    words = ["report", "liabilities.csv", "--exchange", "Binance", "--time", "2026-10-31", "--prices", llama.url]
    for more, name in (([], "full"), (["--redacted"], "redacted")):
        main([*words, "--language", language, *more, "--out", f"{name}.txt", "--out", f"{name}.html"])
        for kind in ("txt", "html"):
            text = " ".join(Path(f"{name}.{kind}").read_text(encoding="utf-8").split())
            assert f"60000 USD (2026-10-31 00:00 UTC, {llama.url})" in text, (name, kind)
    capsys.readouterr()
    assert ask("check-report", "full.txt", "liabilities.csv")[1]["result"] == "unchanged"
