"""Starts the window: ``reserves-gui [FILES]`` or ``python -m reserves_gui [FILES]``."""

import sys


def main() -> int:
    """Open the window and verify the files named on the command line."""
    from reserves_gui.gui.app import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
