"""Recorded answers about single outputs: a source like any other, and what a report is judged by again."""

import json
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.cli.main import main
from tests.chain.proofs import alices_proof, told_file


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def proofs(tmp_path: Path) -> str:
    return alices_proof(tmp_path)


def _look(proofs: str, capsys: pytest.CaptureFixture[str], *sources: str) -> tuple[int, dict[str, Any]]:
    code = main(["balances", proofs, *(word for one in sources for word in ("--source", one)), "--json"])
    answer = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    (claim,) = [one for one in answer["claims"] if one["id"] == "balances"]
    return code, next(one for one in claim["checks"] if one["id"] == "balances.unspent")


def test_two_files_that_say_the_same_of_outputs_decide(proofs: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, check = _look(proofs, capsys, told_file("a"), told_file("b", spent=950))
    assert (code, check["outcome"]) == (0, "passed"), check


def test_an_output_that_stands_in_no_file_is_open(proofs: str, capsys: pytest.CaptureFixture[str]) -> None:
    sources = [told_file(name, leave_out=True) for name in ("a", "b")]
    code, check = _look(proofs, capsys, *sources)
    assert (code, check["outcome"]) == (3, "partial"), check


def test_files_that_differ_are_shown_with_both_answers(proofs: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, check = _look(proofs, capsys, told_file("a"), told_file("b", spent=850))
    assert (code, check["outcome"]) == (3, "partial"), check
    assert "file:a.json: unspent (1 since block 800), file:b.json: spent in block 850" in check["reason"]


def test_words_show_which_output_is_gone(proofs: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["balances", proofs, "--source", told_file("a", spent=850), "--source", told_file("b", spent=850)])
    shown = " ".join(capsys.readouterr().out.split())
    assert code == 1
    assert "1 of 2 outputs is not there as the proof says." in shown
    assert "was spent in block 850" in shown


@pytest.mark.parametrize(
    "change",
    [{"fate": "melted"}, {"units": None}, {"index": -1}, {"transaction": "11"}, {"units": "1.5"}, {"created": "7"}],
)
def test_a_file_of_another_shape_is_refused(
    change: dict[str, Any], proofs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source = told_file("a")
    whole = json.loads(Path("a.json").read_text(encoding="utf-8"))
    whole["outputs"][0] |= change
    Path("a.json").write_text(json.dumps(whole), encoding="utf-8")
    code, check = _look(proofs, capsys, source)
    assert (code, check["outcome"]) == (3, "not_checked")


def _checked(capsys: pytest.CaptureFixture[str], *words: str) -> list[tuple[str, str]]:
    capsys.readouterr()
    main(["check-report", *words, "--json"])
    answer = json.loads(capsys.readouterr().out)
    return [(one["outcome"], one["key"]) for one in answer["checks"] if one["id"] == "look.same"]


def test_a_report_is_judged_again_by_what_was_recorded_of_outputs(
    proofs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = ["--source", told_file("a"), "--source", told_file("b")]
    main(["report", proofs, *sources, "--record", "seen.json", "--out", "r.json"])
    seen = json.loads(Path("seen.json").read_text(encoding="utf-8"))
    assert len(seen["outputs"]) == 4
    assert _checked(capsys, "r.json", proofs, "seen.json") == [("passed", "report.look.same")] * 2
    seen["outputs"][0] |= {"fate": "gone", "units": None}
    Path("seen.json").write_text(json.dumps(seen), encoding="utf-8")
    assert ("failed", "report.look.other") in _checked(capsys, "r.json", proofs, "seen.json")
