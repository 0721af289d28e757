"""A list of addresses against two servers, of which one may lie."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.cli.main import main
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.progress import Progress
from reserves_gui.services.balances import BalancesRequest, observe_balances
from reserves_gui.verdict import Outcome, State, Verdict
from tests.chain.ledger import Facade, MemoryLedger
from tests.chain.servers import Fault, serving

ALICE = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
BOB = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
CAROL = "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"


@pytest.fixture
def ledger() -> MemoryLedger:
    """Alice 4.00000000, Bob 0.00000700, Carol nothing, from block 91 on; 119 blocks."""
    made = MemoryLedger()
    made.mine((ALICE, 500_000_000), count=70)
    made.mine((ALICE, -200_000_000), count=20)
    made.mine((ALICE, 100_000_000), (BOB, 700), count=29)
    return made


def _list(folder: Path, *rows: str) -> str:
    path = folder / "wallets.csv"
    path.write_text("chain,asset,address,amount\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return str(path)


def _full(folder: Path) -> str:
    return _list(folder, f"bitcoin,BTC,{ALICE},4", f"bitcoin,BTC,{BOB},0.000007", f"bitcoin,BTC,{CAROL},0")


def _look(path: str, *sources: str, **options: Any) -> Verdict:
    sources = tuple(
        source if ":" in source and not source.startswith("http") else f"esplora+{source}" for source in sources
    )
    return observe_balances(BalancesRequest(files=(path,), sources=sources, **options), Progress())


def _rows(verdict: Verdict) -> dict[str, int]:
    rows = verdict.extra["rows"]
    assert isinstance(rows, dict)
    return {name: count for name, count in rows.items() if count}


def _outcomes(verdict: Verdict) -> dict[str, Outcome]:
    return {check.id: check.outcome for claim in verdict.claims for check in claim.checks}


def test_two_sources_that_agree_at_a_past_height_verify_the_list(ledger: MemoryLedger, tmp_path: Path) -> None:
    with serving(Facade(ledger)) as one, serving(Facade(ledger, summary=False)) as other:
        verdict = _look(_full(tmp_path), one.url, other.url, at={"bitcoin": 100})
    assert verdict.state is State.VERIFIED
    assert _rows(verdict) == {"agree": 3}
    figures = verdict.extra["assets"]["BTC"]  # type: ignore[index]
    assert figures["listed"] == "4.000007"
    assert list(figures["seen"].values()) == ["4.000007", "4.000007"]
    assert (figures["height"], figures["agree"], figures["missing"]) == (100, True, {})
    seen = verdict.extra["observations"][0]  # type: ignore[index]
    assert (seen["block_hash"], seen["how"]) == (ledger.hash(100), "walk")
    assert seen["asked_at"].endswith("Z")


def test_without_a_height_both_are_asked_at_the_lower_tip(ledger: MemoryLedger, tmp_path: Path) -> None:
    ahead = MemoryLedger()
    ahead.__dict__.update({name: value.copy() for name, value in vars(ledger).items() if isinstance(value, list)})
    ahead.by_address = {address: entries.copy() for address, entries in ledger.by_address.items()}
    ahead.mine((BOB, 5))
    with serving(Facade(ledger)) as one, serving(Facade(ahead)) as other:
        verdict = _look(_full(tmp_path), one.url, other.url)
    assert verdict.state is State.VERIFIED
    assert verdict.snapshot.height == ledger.tip()


def test_an_own_node_alone_decides_and_says_so(ledger: MemoryLedger, tmp_path: Path) -> None:
    with serving(Facade(ledger)) as one:
        verdict = _look(_full(tmp_path), one.url, at={"bitcoin": 100})
    assert verdict.state is State.VERIFIED
    assert _rows(verdict) == {"single_source": 3}
    assert any(note.key == "chain.test_chain" for note in verdict.notes)


def test_less_on_chain_than_listed_fails_when_sources_agree(ledger: MemoryLedger, tmp_path: Path) -> None:
    path = _list(tmp_path, f"bitcoin,BTC,{ALICE},4.00000001", f"bitcoin,BTC,{BOB},0.000001")
    with serving(Facade(ledger)) as one, serving(Facade(ledger)) as other:
        verdict = _look(path, one.url, other.url, at={"bitcoin": 100})
    assert verdict.state is State.FAILED
    assert _rows(verdict) == {"agree": 2}
    failure = verdict.extra["failures"][0]  # type: ignore[index]
    assert (failure["line"], failure["coin"], failure["address"]) == (2, "BTC", ALICE)
    assert "4.00000001" in failure["reason"]


def test_an_address_listed_twice_must_hold_both_amounts(ledger: MemoryLedger, tmp_path: Path) -> None:
    path = _list(tmp_path, f"bitcoin,BTC,{ALICE},3", f"bitcoin,BTC,{ALICE},2")
    with serving(Facade(ledger)) as one, serving(Facade(ledger)) as other:
        verdict = _look(path, one.url, other.url)
    assert verdict.state is State.FAILED
    assert verdict.extra["assets"]["BTC"]["seen"][f"{one.url}"] == "4"  # type: ignore[index]


def _off(amount: int) -> Callable[[Any], Any]:
    def changed(answer: Any) -> Any:
        answer["chain_stats"]["funded_txo_sum"] += amount
        return answer

    return changed


_LIARS = {
    "one satoshi more": (Fault(rf"^/address/{ALICE}$", change=_off(1)), {"differ": 1, "agree": 2}),
    "one satoshi less": (Fault(rf"^/address/{ALICE}$", change=_off(-1)), {"differ": 1, "agree": 2}),
    "no answer for one": (Fault(rf"^/address/{ALICE}$", status=404), {"single_source": 1, "agree": 2}),
    "rubbish for one": (Fault(rf"^/address/{ALICE}$", body=b"{]"), {"single_source": 1, "agree": 2}),
    "a redirect for all": (Fault("^/address/", redirect="https://elsewhere.example/"), {"single_source": 3}),
    "another genesis": (Fault("^/block-height/0$", body=b"ee" * 32), {"single_source": 3}),
    "another block at the height": (Fault("^/block-height/119$", body=b"ee" * 32), {"differ": 3}),
    "no blocks": (Fault("^/blocks/", status=404), {"single_source": 3}),
    "a web page": (Fault("", body=b"<html>", content_type="text/html"), {"single_source": 3}),
}


@pytest.mark.parametrize("name", _LIARS)
def test_a_lying_server_never_makes_an_agreement(ledger: MemoryLedger, tmp_path: Path, name: str) -> None:
    fault, rows = _LIARS[name]
    with serving(Facade(ledger)) as honest, serving(Facade(ledger)) as liar:
        liar.faults.append(fault)
        verdict = _look(_full(tmp_path), honest.url, liar.url)
    assert _rows(verdict) == rows
    if rows.get("differ") == 1:
        assert verdict.state is State.UNDECIDED
        shown = verdict.extra["failures"][0]["reason"]  # type: ignore[index]
        assert honest.url in shown
        assert liar.url in shown
        assert not verdict.extra["assets"]["BTC"]["agree"]  # type: ignore[index]
    problems = [one for one in verdict.extra["sources"] if one["problem"]]  # type: ignore[attr-defined]
    assert all(one["code"] in ("source.unusable", "source.wrong_chain") for one in problems)


def test_sources_on_different_chains_raise_an_alarm_and_decide_nothing(tmp_path: Path, ledger: MemoryLedger) -> None:
    fork = MemoryLedger(salt="fork")
    fork.mine((ALICE, 400_000_000), (BOB, 700), count=119)
    with serving(Facade(ledger)) as one, serving(Facade(fork)) as other:
        verdict = _look(_full(tmp_path), one.url, other.url, at={"bitcoin": 119})
    assert verdict.state is State.UNDECIDED
    assert _rows(verdict) == {"differ": 3}
    assert [alarm.key for alarm in verdict.warnings] == ["balances.alarm_chains"]


def test_two_names_of_one_operator_are_one_source(tmp_path: Path) -> None:
    rows = f"chain,address,height,asset,amount\nbitcoin,{ALICE},100,BTC,4\n"
    (tmp_path / "a.csv").write_text(rows, encoding="utf-8")
    path = _list(tmp_path, f"bitcoin,BTC,{ALICE},4")
    source = f"file:{tmp_path / 'a.csv'}"
    verdict = _look(path, source, source, at={"bitcoin": 100})
    assert _rows(verdict) == {"single_source": 1}
    assert verdict.state is State.UNDECIDED


def test_recorded_figures_are_read_offline_and_two_files_agree(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        text = f"chain,address,height,asset,amount\nbitcoin,{ALICE},100,BTC,4.0\nbitcoin,{BOB},100,BTC,0.00000700\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    sources = [f"file:{tmp_path / name}" for name in ("a.csv", "b.csv")]
    path = _list(tmp_path, f"bitcoin,BTC,{ALICE},4", f"bitcoin,BTC,{BOB},0.000007")
    assert _look(path, *sources, at={"bitcoin": 100}, offline=True).state is State.VERIFIED
    missing = _look(_full(tmp_path), *sources, at={"bitcoin": 100}, offline=True)
    assert _rows(missing) == {"agree": 2, "unknown": 1}


def test_a_chain_or_asset_nobody_can_be_asked_about_is_unsupported(ledger: MemoryLedger, tmp_path: Path) -> None:
    path = _list(
        tmp_path, "monero,XMR,4abc,1", f"bitcoin,BTC,{CAROL},0", f"ethereum,NOSUCH,0x{'11' * 20},1", f"ethereum,ETH,0x{'11' * 20},1"
    )  # fmt: skip
    with serving(Facade(ledger)) as one:
        verdict = _look(path, one.url)
    assert _rows(verdict) == {"unsupported": 2, "single_source": 1, "unknown": 1}
    assert verdict.state is State.UNDECIDED


def test_offline_contacts_nobody_and_says_why(ledger: MemoryLedger, tmp_path: Path) -> None:
    with serving(Facade(ledger)) as one:
        verdict = _look(_full(tmp_path), one.url, offline=True)
        assert one.log == []
    assert (verdict.state, _rows(verdict)) == (State.UNDECIDED, {"unknown": 3})
    assert {failure["code"] for failure in verdict.extra["failures"]} == {"source.unusable"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "source", ["http://example.org/api", "gopher://x", "nochain=https://x", "file:", "evm+ftp://x", ""]
)
def test_a_source_that_can_never_be_used_is_refused(tmp_path: Path, source: str) -> None:
    with pytest.raises(ReservesError) as caught:
        observe_balances(BalancesRequest(files=(_full(tmp_path),), sources=(source,)), Progress())
    assert caught.value.code is ErrorCode.SOURCE_UNUSABLE


def test_the_command_prints_the_contracts_object(
    ledger: MemoryLedger, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")
    with serving(Facade(ledger)) as one, serving(Facade(ledger)) as other:
        words = ["balances", _full(tmp_path), "--source", one.url, "--source", f"bitcoin={other.url}"]
        code = main([*words, "--at", "bitcoin=100", "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert code == 0
    assert answer["rows"] == {"agree": 3, "differ": 0, "single_source": 0, "unknown": 0, "unsupported": 0}
    assert answer["failures"] == []
    assert [claim["id"] for claim in answer["claims"]] == ["balances"]
    assert [check["id"] for check in answer["claims"][0]["checks"]] == [
        "balances.chain", "balances.sources", "balances.amount",
    ]  # fmt: skip
    assert answer["requests"]["made"] > 10


def test_the_command_shows_the_figures_in_words(
    ledger: MemoryLedger, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")
    with serving(Facade(ledger)) as one:
        code = main(["balances", _full(tmp_path), "--source", one.url])
    shown = capsys.readouterr().out
    assert code == 0
    assert "4.000007" in shown
    assert "test chain" in shown


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 2),
        (["--source", "http://example.org/api"], 2),
        (["--source", "esplora+http://127.0.0.1:1", "--at", "bitcoin"], 2),
        (["--source", "esplora+http://127.0.0.1:1", "--token", "x"], 2),
        (["--source", "esplora+http://127.0.0.1:1"], 3),
    ],
)
def test_what_the_command_cannot_use(tmp_path: Path, words: list[str], code: int) -> None:
    assert main(["balances", _full(tmp_path), *words, "--json"]) == code
