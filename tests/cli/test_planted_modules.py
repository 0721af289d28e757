"""Whatever lies in the folder a user stands in is never run: not by the programs, not by their worker processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reserves_gui.services.examples import FIRST, example
from tests.conftest import REPOSITORY

LISTED = REPOSITORY / "reserves_gui" / "resources" / "examples" / "wallets" / "exchange-wallets.csv"
PLANTED = ("argparse", "decimal", "json", "multiprocessing", "pickle", "reserves_gui", "signal", "struct", "tomllib")


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A folder with modules that leave a trace when they are run."""
    for name in PLANTED:
        text = f"open({str(tmp_path / 'trace')!r}, 'a').write({name!r} + chr(10))\nraise SystemExit(77)\n"
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    return tmp_path


def _run(trap: Path, *command: str) -> int:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    done = subprocess.run(command, cwd=trap, env=kept, capture_output=True, text=True, timeout=120, check=False)
    trace = trap / "trace"
    assert not trace.exists(), trace.read_text(encoding="utf-8")
    return done.returncode


def _installed(name: str) -> str:
    program = Path(sys.executable).parent / (f"{name}.exe" if sys.platform == "win32" else name)
    assert program.exists(), "the package is not installed in this environment"
    return str(program)


def test_the_installed_command_line(trap: Path) -> None:
    assert _run(trap, _installed("reserves"), "formats", "--json") == 0


def test_its_worker_processes(trap: Path) -> None:
    assert _run(trap, _installed("reserves"), "wallets", "--jobs", "2", str(LISTED)) == 0


def test_the_drawing_of_a_pdf(trap: Path) -> None:
    out = trap / "report.pdf"
    assert _run(trap, _installed("reserves"), "report", *example(FIRST).files, "--out", str(out)) == 3
    assert out.read_bytes().startswith(b"%PDF")
