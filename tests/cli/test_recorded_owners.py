"""Reports over lists that owner accounts signed for: what nodes said of them is recorded, and judged once more."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.cli.main import main
from tests.chain.contracts import GET_OWNERS, GET_THRESHOLD, address_array, word
from tests.chain.evm_stub import EvmStub
from tests.chain.servers import serving
from tests.wallets.owner_rows import ANN, BEN, owner_list, plain, row

SAFE, SILENT = "0x" + "5afe" * 10, "0x" + "51" * 20
Checked = Callable[..., tuple[int, list[tuple[str, str, str]]]]


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The list of a report with recorded answers: one Safe of its signer, one contract that is none, one account."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RESERVES_OFFLINE")
    path = owner_list(tmp_path, [row(SAFE, ANN), row(SILENT, ANN), plain(BEN)])
    stub = EvmStub({SAFE: {GET_OWNERS: address_array([ANN.address]), GET_THRESHOLD: word(1)}})
    with serving(stub) as server:
        main(
            [
                "report",
                path,
                "--source",
                f"evm+{server.url}",
                "--record",
                "seen.json",
                "--out",
                "r.json",
                "--out",
                "r.reserves",
            ]
        )
    return path


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Checked:
    """Check the report again: exit code, and what was found of looks and results."""

    def answer(*words: str) -> tuple[int, list[tuple[str, str, str]]]:
        capsys.readouterr()
        code = main(["check-report", *words, "--json"])
        checks = json.loads(capsys.readouterr().out)["checks"]
        return code, [(one["id"], one["outcome"], one["key"]) for one in checks]

    return answer


def _seen(change: Callable[[dict[str, Any]], None]) -> None:
    whole = json.loads(Path("seen.json").read_text(encoding="utf-8"))
    change(whole)
    Path("seen.json").write_text(json.dumps(whole), encoding="utf-8")


def test_recorded_answers_give_the_same_rows_again(report: str, check: Checked) -> None:
    code, found = check("r.json", report, "seen.json")
    assert ("look.same", "passed", "report.look.owners_again") in found
    assert ("result.same", "passed", "report.again.same") in found
    assert not [one for one in found if one[2] == "report.look.owners"]
    assert code == 0, found


def test_a_case_brings_the_answers_itself(report: str, check: Checked) -> None:
    code, found = check("r.reserves")
    assert ("look.same", "passed", "report.look.owners_again") in found
    assert code == 0, found


def test_without_the_answers_rows_of_owners_are_not_compared(report: str, check: Checked) -> None:
    code, found = check("r.json", report)
    assert ("file.remark", "not_checked", "report.look.owners") in found
    assert code == 0, found


def test_another_answer_among_the_recorded_ones_is_a_change(report: str, check: Checked) -> None:
    def threshold(whole: dict[str, Any]) -> None:
        (one,) = [call for call in whole["calls"] if call["data"] == "0xe75235b8" and call["to"] == SAFE]
        one["result"] = "0x" + f"{2:064x}"

    _seen(threshold)
    code, found = check("r.json", report, "seen.json")
    assert ("look.same", "failed", "report.look.owners_other") in found
    assert code == 1


def test_answers_that_were_not_recorded_leave_it_unchecked(report: str, check: Checked) -> None:
    _seen(lambda whole: whole["calls"].pop())
    code, found = check("r.json", report, "seen.json")
    assert ("look.same", "not_checked", "report.look.owners_missing") in found
    assert code == 3


@pytest.mark.parametrize("change", [{"to": "0x51"}, {"result": "0xzz"}, {"height": -1}, {"data": 7}, {"number": "x"}])
def test_answers_of_another_shape_are_none(change: dict[str, Any], report: str, check: Checked) -> None:
    _seen(lambda whole: whole["calls"][0].update(change))
    code, found = check("r.json", report, "seen.json")
    assert ("look.same", "passed", "report.look.owners_again") not in found
    assert code in (0, 1, 3)


def test_a_report_holds_each_answer_with_its_source_and_block(report: str) -> None:
    assert report
    whole = json.loads(Path("r.json").read_text(encoding="utf-8"))
    answers = whole["content"]["verdict"]["owner_answers"]["calls"]
    assert {call["to"] for call in answers} == {SAFE, SILENT}
    assert all(call["source"].startswith("evm+http://127.0.0.1:") for call in answers)
    assert len({call["block_hash"] for call in answers}) == 1
