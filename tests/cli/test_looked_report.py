"""Reports over wallet lists that were looked up: every figure with source, block and agreement, judged again offline."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from tests.chain.ledger import Facade, MemoryLedger
from tests.chain.servers import serving
from tests.encoders.keyed_tree import make
from tests.history import year

ALICE, BOB = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"
HASH = "00" * 31 + "ab"
Checked = Callable[..., tuple[int, dict]]


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two addresses at block 900, of which the list states 4 and 1 BTC, and two files of what sources told."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "wallets.csv"
    path.write_text(f"Coin,Height,Amount,Address\nBTC,900,4,{ALICE}\nBTC,900,1,{BOB}\n", encoding="utf-8")
    return path


def _told(name: str, alice: str = "4", bob: str = "1") -> str:
    """A file of observations at block 900, and at 950 where Bob's coins have left."""
    rows = [
        {
            "chain": "bitcoin",
            "asset": "BTC",
            "address": address,
            "height": height,
            "block_hash": HASH,
            "units": str(round(float(amount) * 100)),
            "decimals": 2,
            "asked_at": "2026-11-20T10:00:00Z",
            "source": f"https://{name}.example",
            "time": 1_790_000_000 + height,
        }
        for height, amounts in ((900, (alice, bob)), (950, (alice, "0")))
        for address, amount in zip((ALICE, BOB), amounts, strict=True)
    ]
    Path(f"{name}.json").write_text(
        json.dumps({"schema": "reserves/observations/1", "observations": rows}), encoding="utf-8"
    )
    return f"file:{name}.json"


def _report(listed: Path, *more: str, sources: tuple[str, ...] | None = None) -> int:
    named = (_told("one"), _told("two")) if sources is None else sources
    return main(["report", str(listed), *(part for one in named for part in ("--source", one)), *more])


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Checked:
    """Check a report again: exit code and object."""

    def answer(*words: str) -> tuple[int, dict]:
        capsys.readouterr()
        code = main(["check-report", *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return answer


def _looks(answer: dict) -> list[tuple[str, str]]:
    return [(one["outcome"], one["key"]) for one in answer["checks"] if one["id"] == "look.same"]


def test_the_data_holds_every_amount_with_source_block_time_and_agreement(listed: Path) -> None:
    assert _report(listed, "--out", "r.json") == 3
    verdict = json.loads(Path("r.json").read_text(encoding="utf-8"))["content"]["verdict"]
    assert {claim["id"]: claim["state"] for claim in verdict["claims"]}["balances"] == "verified"
    looked = verdict["looked"]
    assert looked["judged"] == "snapshot"
    at, now = looked["snapshot"], looked["now"]
    assert at["rows"] == {"agree": 2, "differ": 0, "single_source": 0, "unknown": 0, "unsupported": 0}
    assert at["assets"]["BTC"]["seen"] == {"file:one.json": "5", "file:two.json": "5"}
    assert now["assets"]["BTC"]["seen"] == {"file:one.json": "4", "file:two.json": "4"}
    assert at["assets"]["BTC"]["heights"] == {"bitcoin": 900}
    (one, _two) = at["seen"]
    assert one == {
        "source": "file:one.json",
        "chain": "bitcoin",
        "asset": "BTC",
        "height": 900,
        "block_hash": HASH,
        "time": "2026-09-21T14:28:20Z",
        "asked_from": "2026-11-20T10:00:00Z",
        "asked_to": "2026-11-20T10:00:00Z",
        "amounts": {ALICE: "4", BOB: "1"},
    }
    assert {source["name"] for source in at["sources"]} == {"file:one.json", "file:two.json"}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("more", [[], ["--redacted"]])
def test_text_and_html_show_sums_blocks_and_agreement(more: list[str], language: str, listed: Path) -> None:
    _report(listed, "--language", language, *more, "--out", "r.txt", "--out", "r.html")
    for name in ("r.txt", "r.html"):
        shown = " ".join(Path(name).read_text(encoding="utf-8").split())
        amount = "5 by file:one.json" if language == "en" else "5 laut file:one.json"
        for part in (amount, HASH, "2026-09-21 14:28:20 UTC", "2026-11-20 10:00 UTC", "900", "950"):
            assert part in shown, (name, part)
        assert ("all sources agree" if language == "en" else "alle Quellen stimmen überein") in shown
    first = Path("r.txt").read_text(encoding="utf-8")
    assert ("that the addresses hold the listed amounts" in first) is False


@pytest.mark.parametrize("kind", ["json", "html", "txt"])
def test_without_the_recorded_answers_a_check_says_that_they_were_not_repeated(
    kind: str, listed: Path, check: Checked
) -> None:
    _report(listed, "--out", f"r.{kind}")
    code, answer = check(f"r.{kind}", str(listed))
    assert (code, answer["result"]) == (0, "unchanged")
    assert "report.look.not_repeated" in {one["key"] for one in answer["checks"]}
    assert _looks(answer) == []


def test_the_recorded_answers_give_the_same_result_again(listed: Path, check: Checked) -> None:
    _report(listed, "--out", "r.json", "--record", "seen.json")
    code, answer = check("r.json", str(listed), "seen.json")
    assert (code, answer["result"]) == (0, "unchanged")
    assert _looks(answer) == [("passed", "report.look.same")] * 2


def test_a_case_brings_the_recorded_answers_itself(listed: Path, check: Checked) -> None:
    _report(listed, "--out", "r.reserves")
    code, answer = check("r.reserves")
    assert (code, answer["result"]) == (0, "unchanged")
    assert _looks(answer) == [("passed", "report.look.same")] * 2


def test_a_recorded_file_is_a_source_again_and_its_sources_are_one_operator(
    listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _report(listed, "--out", "r.json", "--record", "seen.json")
    capsys.readouterr()
    assert main(["balances", str(listed), "--source", "file:seen.json", "--json"]) == 3
    answer = json.loads(capsys.readouterr().out)
    assert answer["rows"]["single_source"] == 2
    assert answer["assets"]["BTC"]["seen"] == {
        "file:seen.json (file:one.json)": "5",
        "file:seen.json (file:two.json)": "5",
    }


def test_another_amount_among_the_recorded_ones_is_a_change(listed: Path, check: Checked) -> None:
    _report(listed, "--out", "r.json", "--record", "seen.json")
    seen = json.loads(Path("seen.json").read_text(encoding="utf-8"))
    seen["observations"][0]["units"] = "3"
    Path("seen.json").write_text(json.dumps(seen), encoding="utf-8")
    code, answer = check("r.json", str(listed), "seen.json")
    assert (code, answer["result"]) == (1, "changed")
    assert ("failed", "report.look.other") in _looks(answer)


def test_amounts_that_were_not_recorded_leave_the_look_unchecked(listed: Path, check: Checked) -> None:
    _report(listed, "--out", "r.json", "--record", "seen.json")
    seen = json.loads(Path("seen.json").read_text(encoding="utf-8"))
    seen["observations"] = [one for one in seen["observations"] if one["height"] == 900]
    Path("seen.json").write_text(json.dumps(seen), encoding="utf-8")
    code, answer = check("r.json", str(listed), "seen.json")
    assert (code, answer["result"]) == (3, "evidence_missing")
    assert _looks(answer) == [("passed", "report.look.same"), ("not_checked", "report.look.missing")]


def test_sources_that_differ_stay_apart_and_are_found_so_again(listed: Path, check: Checked) -> None:
    assert _report(listed, "--out", "r.json", "--record", "s.json", sources=(_told("one"), _told("two", "3.5"))) == 3
    looked = json.loads(Path("r.json").read_text(encoding="utf-8"))["content"]["verdict"]["looked"]["snapshot"]
    assert looked["rows"]["differ"] == 1
    assert looked["assets"]["BTC"]["seen"] == {"file:one.json": "5", "file:two.json": "4.5"}
    code, answer = check("r.json", str(listed), "s.json")
    assert (code, _looks(answer)) == (0, [("passed", "report.look.same")] * 2)


def test_less_than_listed_fails_the_report_and_the_same_when_checked_again(listed: Path, check: Checked) -> None:
    sources = (_told("one", bob="0.5"), _told("two", bob="0.5"))
    assert _report(listed, "--out", "r.json", "--record", "seen.json", sources=sources) == 1
    code, answer = check("r.json", str(listed), "seen.json")
    assert (code, answer["result"]) == (0, "unchanged")


def test_a_report_changed_in_its_figures_is_found_out(listed: Path, check: Checked) -> None:
    _report(listed, "--out", "r.json")
    data = Path("r.json").read_bytes()
    assert b'"5"' in data
    Path("r.json").write_bytes(data.replace(b'"5"', b'"6"', 1))
    assert check("r.json", str(listed))[0] == 1


def test_observations_for_a_report_without_any_are_said_to_be_for_nothing(listed: Path, check: Checked) -> None:
    assert main(["report", str(listed), "--out", "r.json"]) == 3
    _told("one")
    code, answer = check("r.json", str(listed), "one.json")
    assert code == 0
    assert "report.look.none" in {one["key"] for one in answer["checks"]}


def test_nothing_seen_is_nothing_to_record(listed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    offline = ("--source", "esplora+https://one.example/api", "--offline")
    code = main(["report", str(listed), *offline, "--out", "r.json", "--record", "seen.json"])
    assert code == 2
    assert "nothing to record" in capsys.readouterr().err
    assert not Path("seen.json").exists()


def test_offline_the_report_says_why_nothing_was_seen(listed: Path, check: Checked) -> None:
    words = ["report", str(listed), "--source", "esplora+https://one.example/api", "--offline", "--out", "r.json"]
    assert main(words) == 3
    looked = json.loads(Path("r.json").read_text(encoding="utf-8"))["content"]["verdict"]["looked"]
    assert looked["snapshot"]["rows"]["unknown"] == 2
    assert looked["snapshot"]["sources"][0]["problem"]["key"] == "chain.offline"
    assert check("r.json", str(listed))[0] == 0


def test_real_servers_are_told_apart_and_their_answers_judged_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: Checked
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RESERVES_OFFLINE", raising=False)
    ledger = MemoryLedger()
    ledger.mine((ALICE, 400_000_000), count=1)
    ledger.mine(count=118)
    Path("wallets.csv").write_text(f"chain,asset,address,amount\nbitcoin,BTC,{ALICE},4\n", encoding="utf-8")
    with serving(Facade(ledger)) as one, serving(Facade(ledger)) as other:
        named = [part for url in (one.url, other.url) for part in ("--source", f"esplora+{url}")]
        main(["report", "wallets.csv", *named, "--at", "bitcoin=110", "--out", "r.json", "--out", "r.reserves"])
    verdict = json.loads(Path("r.json").read_text(encoding="utf-8"))["content"]["verdict"]
    assert {claim["id"]: claim["state"] for claim in verdict["claims"]}["balances"] == "verified"
    assert {one["height"] for one in verdict["looked"]["snapshot"]["seen"]} == {110}
    assert all(one["block_hash"] for one in verdict["looked"]["snapshot"]["seen"])
    # The servers are gone; what they told is in the case.
    code, answer = check("r.reserves")
    assert (code, _looks(answer)) == (0, [("passed", "report.look.same")] * 2)


def test_a_report_on_coverage_holds_the_look_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: Checked
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("liabilities.csv").write_bytes(make(3, 40, river=False).text())
    Path("wallets.csv").write_text(f"chain,asset,address,amount\nbitcoin,BTC,{year.COLD},62000\n", encoding="utf-8")
    for name in ("one", "two"):
        Path(f"{name}.csv").write_text(
            f"chain,address,height,asset,amount,time\nbitcoin,{year.COLD},700000,BTC,62000,1793404800\n",
            encoding="utf-8",
        )
    files = ["liabilities.csv", "wallets.csv"]
    sources = ["--source", "file:one.csv", "--source", "file:two.csv", "--time", "2026-10-31"]
    assert main(["report", *files, *sources, "--out", "r.json", "--record", "seen.json"]) == 0
    assert "looked" in json.loads(Path("r.json").read_text(encoding="utf-8"))["content"]["verdict"]
    code, answer = check("r.json", *files, "seen.json")
    assert (code, _looks(answer)) == (0, [("passed", "report.look.same")])


def test_the_pdf_holds_the_figures(listed: Path, check: Checked) -> None:
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
    assert _report(listed, "--out", "r.pdf", "--record", "seen.json") == 3
    code, answer = check("r.pdf", str(listed), "seen.json")
    assert (code, _looks(answer)) == (0, [("passed", "report.look.same")] * 2)
