"""`dev.py run` without a display: the first worked example in the terminal, and its report as files."""

import sys
import tempfile
from pathlib import Path

from reserves_gui.cli.main import main
from reserves_gui.services.examples import FIRST, example


def demo() -> int:
    """Verify the example, then write its report; the worse of the two exit codes."""
    shown = example(FIRST)
    published = [part for path in shown.published for part in ("--published", path)]
    print(f"reserves verify {' '.join([*shown.files, *published])}\n", flush=True)
    code = main(["verify", *shown.files, *published])
    folder = Path(tempfile.mkdtemp(prefix="reserves-example-"))
    outputs = [part for kind in ("json", "html", "pdf", "txt") for part in ("--out", str(folder / f"report.{kind}"))]
    print(f"\nreserves report … {' '.join(outputs)}\n", flush=True)
    return max(code, main(["report", *shown.files, *published, *outputs]))


if __name__ == "__main__":
    sys.exit(demo())
