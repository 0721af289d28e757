"""`reserves report` and `reserves check-report`, as a user types them."""

import json
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say
from reserves_gui.services import reports


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    """A bundled example that verifies up to its own root."""
    folder = resources.files("reserves_gui.resources") / "examples" / "bybit"
    path = tmp_path / "proof.json"
    first = min(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    path.write_bytes((folder / first).read_bytes())
    return path


def test_every_kind_is_written_and_checked_again(
    proof: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kinds = ("json", "html", "txt")
    outs = [part for kind in kinds for part in ("--out", str(tmp_path / f"r.{kind}"))]
    assert main(["report", str(proof), *outs]) == 3
    shown = capsys.readouterr()
    references = {line.rpartition(" ")[2] for line in shown.err.splitlines()}
    assert len(references) == 1
    for kind in kinds:
        assert main(["check-report", str(tmp_path / f"r.{kind}"), str(proof), "--json"]) == 0
        checked = json.loads(capsys.readouterr().out)
        assert checked["result"] == "unchanged"
        assert checked["reference"] in references
        assert checked["checks_run"] > 5


def test_a_changed_report_is_exit_1_and_missing_evidence_exit_3(
    proof: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "r.json"
    main(["report", str(proof), "--out", str(report), "--redacted"])
    other = tmp_path / "other.json"
    other.write_text("{}", encoding="utf-8")
    assert main(["check-report", str(report), str(other)]) == 3
    report.write_bytes(report.read_bytes().replace(b'"undecided"', b'"verified"', 1))
    assert main(["check-report", str(report), str(proof)]) == 1
    assert "changed" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["r.docx", "r"])
def test_another_kind_is_refused_before_any_work(name: str, tmp_path: Path) -> None:
    assert main(["report", str(tmp_path / "missing.json"), "--out", str(tmp_path / name)]) == 2


@pytest.mark.parametrize("words", [["report"], ["report", "x"], ["report", "x", "--sign"], ["key"], ["key", "make"]])
def test_a_wrong_command_line_is_exit_2(words: list[str]) -> None:
    assert main(words) == 2


def test_a_file_that_is_no_report_is_exit_2(proof: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-report", str(proof), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "format.unrecognised"


def test_a_pdf_that_cannot_be_drawn_costs_none_of_the_others(
    proof: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(_document: bytes, _language: str) -> bytes:
        raise ReservesError(ErrorCode.REPORT_NO_PDF, say("report.error.no_pdf"))

    monkeypatch.setattr(reports, "drawn_pdf", refused)
    outs = ["--out", str(tmp_path / "r.pdf"), "--out", str(tmp_path / "r.json")]
    assert main(["report", str(proof), *outs]) == 2
    assert "report.no_pdf" in capsys.readouterr().err
    assert (tmp_path / "r.json").exists()
    assert not (tmp_path / "r.pdf").exists()


@pytest.mark.parametrize("kind", ["html", "pdf"])
def test_the_command_line_never_loads_qt_even_for_a_pdf(kind: str, proof: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from reserves_gui.cli.main import main\n"
        "done = main(sys.argv[1:])\n"
        "assert not any(name.split('.')[0] in {'PySide6', 'shiboken6'} for name in sys.modules)\n"
        "sys.exit(done)"
    )
    out = tmp_path / f"r.{kind}"
    done = subprocess.run(
        [sys.executable, "-c", code, "report", str(proof), "--out", str(out)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert out.stat().st_size > 1000
