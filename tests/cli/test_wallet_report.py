"""`reserves report` over a wallet list: rows, amounts and reasons are in every kind, and the same list gives the same."""

import json
from pathlib import Path

import pytest

from reserves_gui.cli.main import main

HEADER = "chain,asset,address,amount\n"
GOOD = "bitcoin,BTC,1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2,1.5\n"
BAD = "bitcoin,BTC,1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3,2\n"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A list of two addresses; the second one has a wrong checksum."""
    path = tmp_path / "wallets.csv"
    path.write_text(HEADER + GOOD + BAD, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["json", "html", "txt", "reserves"])
def test_every_kind_holds_the_rows_and_is_checked_again(
    kind: str, listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"r.{kind}"
    assert main(["report", str(listed), "--out", str(out)]) == 1
    if kind in {"html", "txt"}:
        shown = " ".join(out.read_text(encoding="utf-8").split())
        assert "0 of 2 listed addresses are proven; 1 failed." in shown
        assert "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3: This cannot be an address of its chain" in shown
    if kind == "json":
        verdict = json.loads(out.read_text(encoding="utf-8"))["content"]["verdict"]
        assert verdict["rows"]["failed"] == 1
        assert verdict["failures"][0]["line"] == 3
    capsys.readouterr()
    assert main(["check-report", str(out), str(listed), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["result"] == "unchanged"


def test_a_changed_list_is_missing_evidence(listed: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.json"
    main(["report", str(listed), "--out", str(out)])
    listed.write_text(HEADER + GOOD, encoding="utf-8")
    assert main(["check-report", str(out), str(listed)]) == 3


def test_the_chains_asked_for_are_part_of_the_report(listed: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.json"
    assert main(["report", str(listed), "--chain", "litecoin", "--out", str(out)]) == 3
    content = json.loads(out.read_text(encoding="utf-8"))["content"]
    assert content["settings"]["chains"] == ["litecoin"]
    assert sum(content["verdict"]["rows"].values()) == 0
    assert main(["check-report", str(out), str(listed)]) == 0


@pytest.mark.parametrize(
    "options",
    [
        ["--root", "ab" * 32],
        ["--expect", "BTC=1"],
        ["--pin", "ab" * 32],
        ["--proofs", "chain"],
        ["--user", "uid=1"],
    ],
)
def test_an_option_a_wallet_list_never_looks_at_is_refused(
    options: list[str], listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(listed), *options, "--out", str(tmp_path / "r.json")]) == 2
    assert options[0] in capsys.readouterr().err
    assert not (tmp_path / "r.json").exists()


def test_a_redacted_report_keeps_the_published_rows(listed: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.json"
    assert main(["report", str(listed), "--redacted", "--out", str(out)]) == 1
    verdict = json.loads(out.read_text(encoding="utf-8"))["content"]["verdict"]
    assert verdict["rows"]["failed"] == 1
    assert listed.name not in out.read_text(encoding="utf-8")
    assert main(["check-report", str(out), str(listed)]) == 0
