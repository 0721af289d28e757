"""Start of the frozen `reserves-gui`: the window, a worker process, or the drawing of one PDF."""

import multiprocessing
import sys


def main() -> int:
    multiprocessing.freeze_support()
    from reserves_gui.services.pdf_process import DRAW_OPTION

    if sys.argv[1:2] == [DRAW_OPTION]:
        from reserves_gui.gui.pdf import main as draw

        return draw(sys.argv[2:])
    from reserves_gui.__main__ import main as window

    return window()


if __name__ == "__main__":
    sys.exit(main())
