"""Drawing a PDF in a child process, so that neither the command line nor the engine ever loads Qt."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import reserves_gui
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say

DRAW_OPTION = "--draw-pdf"
"""First argument by which a frozen program is asked to draw instead of to start."""

# A report of a few pages takes a second; loading fonts on a cold disk may take many.
_SECONDS = 120.0


def drawn_pdf(document: bytes, language: str) -> bytes:
    """The PDF of a report given as JSON. Raises ``report.no_pdf``."""
    with tempfile.TemporaryDirectory(prefix="reserves-") as folder:
        target = Path(folder) / "report.pdf"
        try:
            done = subprocess.run(
                [*_program(), str(target), language],
                input=document,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                timeout=_SECONDS,
                check=False,
            )
            if done.returncode == 0:
                return target.read_bytes()
        except (OSError, ValueError, subprocess.TimeoutExpired):
            pass
    raise ReservesError(ErrorCode.REPORT_NO_PDF, say("report.error.no_pdf"))


def _program() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, DRAW_OPTION]
    # -P: no module is loaded from the folder the user happens to stand in.
    return [sys.executable, "-P", "-m", "reserves_gui.gui.pdf"]


def _environment() -> dict[str, str]:
    home = str(Path(reserves_gui.__file__).resolve().parent.parent)
    known = os.environ.get("PYTHONPATH")
    path = home if not known else os.pathsep.join((home, known))
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": path}
