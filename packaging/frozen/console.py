"""Start of the frozen `reserves`: the command line, a worker process, or the drawing of one PDF."""

import multiprocessing
import sys


def main() -> int:
    # A worker process is this very program, started with arguments that only the next call understands.
    multiprocessing.freeze_support()
    from reserves_gui.services.pdf_process import DRAW_OPTION

    if sys.argv[1:2] == [DRAW_OPTION]:
        from reserves_gui.gui.pdf import main as draw

        return draw(sys.argv[2:])
    from reserves_gui.cli.main import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
