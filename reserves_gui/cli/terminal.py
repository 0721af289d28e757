"""Standard output carries the result, standard error progress and diagnostics; hostile text is made visible first."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from reserves_gui.cli.spoken import render
from reserves_gui.errors import ReservesError
from reserves_gui.messages import Message, say, visible
from reserves_gui.messages import render as in_english
from reserves_gui.progress import Progress, Step

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

_PIPE_WIDTH = 160


class Terminal:
    """Where one command writes. ``machine`` is true when the result is JSON: errors then are JSON too."""

    def __init__(self, *, quiet: bool, machine: bool) -> None:
        self.machine = machine
        self.owns_interrupts = False
        self._live = not quiet and sys.stderr is not None and sys.stderr.isatty()
        self._shown = False
        self.progress = Progress(self._show if self._live else None)

    def line(self, text: str = "", style: str | None = None) -> None:
        """One line of the result."""
        self._print(_plain(text, style))

    def item(self, glyph: str, text: str, style: str | None = None, *, indent: int = 0) -> None:
        """A glyph and a sentence; lines that wrap keep to the right of the glyph."""
        from rich.padding import Padding
        from rich.table import Table

        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=1)
        grid.add_column(overflow="fold")
        grid.add_row(_plain(glyph, style), _plain(text, style))
        self._print(Padding(grid, (0, 0, 0, indent)))

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Labels and their values, one pair a line."""
        from rich.table import Table

        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim")
        grid.add_column(overflow="fold")
        for label, value in rows:
            grid.add_row(_plain(label, None), _plain(value, None))
        self._print(grid)

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[str]], *, mono: Sequence[int] = ()) -> None:
        """A table of the result. Columns in ``mono`` hold hashes or amounts and fold instead of wrapping at words."""
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="bold")
        for index, heading in enumerate(headings):
            table.add_column(heading, overflow="fold", no_wrap=False, style="cyan" if index in mono else None)
        for row in rows:
            table.add_row(*[_plain(cell, None) for cell in row])
        self._print(table)

    def json(self, value: object) -> None:
        """One JSON object on one line of standard output."""
        self._settle()
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def raw(self, text: str) -> None:
        """Text as it is on standard output: CSV and the like."""
        self._settle()
        sys.stdout.write(text)
        sys.stdout.flush()

    def note(self, message: Message) -> None:
        """A remark on standard error."""
        self._settle()
        sys.stderr.write(visible(render(message)) + "\n")

    def complain(self, error: ReservesError) -> None:
        """An error in words on standard error."""
        self._settle()
        place = f"{visible(error.where)}: " if error.where else ""
        sys.stderr.write(f"{place}{visible(render(error.message))} [{error.code}]\n")

    def fail(self, error: ReservesError) -> None:
        """An error that ends the command: words on standard error and, for machines, JSON on standard output."""
        self.complain(error)
        if self.machine:
            from reserves_gui.services.results import error_json

            self.json(error_json(error))

    def defect(self, error: BaseException) -> None:
        """A defect of this program: only the kind of error and its place, because texts may hold the user's values."""
        place = ""
        trace = error.__traceback__
        while trace is not None:
            place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
            trace = trace.tb_next
        message = say("terminal.defect", kind=type(error).__name__, place=place)
        self._settle()
        sys.stderr.write(visible(render(message)) + "\n")
        if self.machine:
            body = {"code": "internal", "message": in_english(message), "where": place}
            self.json({"schema": "reserves/error/1", "error": body})

    def _print(self, shown: "RenderableType") -> None:
        from rich.console import Console

        self._settle()
        if sys.stdout.isatty():
            Console(file=sys.stdout, highlight=False).print(shown)
            return
        # A file or a pipe has no width: long lines there are easier to search than wrapped ones, and nothing stands
        # behind the last word of a line.
        console = Console(file=sys.stdout, highlight=False, width=_PIPE_WIDTH)
        with console.capture() as caught:
            console.print(shown)
        sys.stdout.write("".join(f"{line.rstrip()}\n" for line in caught.get().removesuffix("\n").split("\n")))

    def _show(self, step: Step) -> None:
        share = f" {step.done * 100 // step.total} %" if step.total else ""
        rest = ""
        if step.total and step.done and step.seconds > 1:
            left = say("terminal.left", count=int(step.seconds * (step.total - step.done) / step.done))
            rest = f", {render(left)}"
        sys.stderr.write(f"\r\x1b[2K{visible(render(step.stage))}{share}{rest}")
        sys.stderr.flush()
        self._shown = True

    def _settle(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
            self._shown = False


def _plain(text: str, style: str | None) -> "Text":
    from rich.text import Text

    return Text(visible(text), style=style or "")
