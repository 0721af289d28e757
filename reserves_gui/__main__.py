"""Starts the window: ``reserves-gui [FILES]`` or ``python -m reserves_gui [FILES]``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from reserves_gui import __version__


def main() -> int:
    """Open the window and verify the files named on the command line."""
    words = arguments(sys.argv[1:])
    from reserves_gui.gui.app import run

    return run(words)


def arguments(words: Sequence[str]) -> list[str]:
    """What the window is started with. ``SystemExit`` for ``--help``, ``--version`` and unknown options."""
    parser = argparse.ArgumentParser(
        prog="reserves-gui",
        description="Opens the window and verifies the files. If it is open already, they are handed to it.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"reserves {__version__}")
    parser.add_argument("--example", action="store_true", help="open the first bundled example")
    parser.add_argument("files", nargs="*", metavar="FILE", help="file, folder, zip or tar.gz as downloaded")
    options = parser.parse_args(words)
    # Behind "--" a name may look like an option: as a whole path it does not.
    files = [str(Path(name).absolute()) if name.startswith("-") else name for name in options.files]
    return ["--example", *files] if options.example else files


if __name__ == "__main__":
    sys.exit(main())
