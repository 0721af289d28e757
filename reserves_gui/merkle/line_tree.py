"""Reading a tree written one node a line, root first: counting its lines, and cursors over blocks of whole lines.

Memory stays bounded whatever the file holds: an endless line is cut, blocks are never larger than asked for.
Files with CRLF ends are handed on with LF ends; where the ends are mixed the carriage return is left in its line, so
that the line grammar refuses it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from reserves_gui import limits
from reserves_gui.progress import Progress

# Large enough that counting costs next to nothing, small enough to stay out of the memory budget.
_COUNT_BYTES = 256 * 1024
BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What counting the lines of a file shows.

    ``lines``: lines up to the last one that is not blank; ``bytes``: size; ``crlf``: the first line ends with CRLF;
    ``bom``: the file starts with a byte order mark; ``blank_tail``: blank lines after the last one that is not.
    """

    lines: int
    bytes: int
    crlf: bool
    bom: bool
    blank_tail: int


def measure(opened: Callable[[], BinaryIO], progress: Progress) -> Layout:
    """Count the lines of a file without keeping any of it."""
    size = ends = tail = 0
    crlf = bom = False
    first_seen = False
    previous = b""
    with opened() as stream:
        while block := stream.read(_COUNT_BYTES):
            if size == 0:
                bom = block.startswith(BOM)
            if not first_seen and (at := block.find(b"\n")) >= 0:
                crlf = (block[at - 1 : at] if at else previous) == b"\r"
                first_seen = True
            size += len(block)
            kept = len(block.rstrip(b"\r\n"))
            if kept:
                ends += tail + block.count(b"\n", 0, kept)
                tail = 0
            tail += block.count(b"\n", kept)
            previous = block[-1:]
            progress.advance(size)
    return Layout(lines=ends + 1, bytes=size, crlf=crlf, bom=bom, blank_tail=max(0, tail - 1))


class Lines:
    """A cursor over a line file that hands out blocks of whole lines with LF ends, the byte order mark dropped.

    A line longer than ``longest`` bytes comes out cut to at most ``2 * longest`` bytes and so stays too long for the
    grammar. The last line is given an end if it has none.
    """

    def __init__(self, stream: BinaryIO, layout: Layout, longest: int) -> None:
        self._stream = stream
        self._crlf = layout.crlf
        self._longest = longest
        self._rest = b""
        self._start = True
        self._ended = False
        self.bytes = 0

    def block(self, size: int) -> bytes:
        """The next whole lines, about ``size`` bytes of them; empty at the end of the file."""
        pieces = self._rest
        self._rest = b""
        while True:
            cut = pieces.rfind(b"\n") + 1
            if cut and (len(pieces) >= size or self._ended):
                self._rest = pieces[cut:]
                return pieces[:cut]
            if self._ended:
                return pieces + b"\n" if pieces else b""
            if not cut and len(pieces) > 2 * self._longest:
                pieces = self._skip_long_line(pieces)
                continue
            pieces += self._read(size)

    def line(self) -> bytes:
        """The next line without its end; empty at the end of the file (a blank line is empty too)."""
        block = self.block(self._longest)
        text, _, rest = block.partition(b"\n")
        self._rest = rest + self._rest
        return text

    def _skip_long_line(self, pieces: bytes) -> bytes:
        kept = pieces[: 2 * self._longest]
        while not self._ended:
            more = self._read(limits.BLOCK_BYTES)
            at = more.find(b"\n")
            if at >= 0:
                return kept + more[at:]
        return kept

    def _read(self, size: int) -> bytes:
        data = self._stream.read(max(size, len(BOM)))
        self.bytes += len(data)
        if self._start:
            self._start = False
            if data.startswith(BOM):
                data = data.removeprefix(BOM) or self._stream.read(size)
        if not self._crlf:
            self._ended = not data
            return data
        # A block that ends between the two characters would hide the pair.
        if data.endswith(b"\r"):
            more = self._stream.read(1)
            self.bytes += len(more)
            data += more
        self._ended = not data
        return _lf_only(data)


def _lf_only(data: bytes) -> bytes:
    pairs = data.count(b"\r\n")
    if pairs == data.count(b"\n"):
        return data.replace(b"\r\n", b"\n")
    # A bare LF in a CRLF file breaks the grammar: its line keeps a carriage return, which no grammar allows.
    return _LINE_END.sub(lambda end: b"\n" if len(end[0]) == 2 else b"\r\n", data)


class ParentLines:
    """The parents' cursor: compares whole runs of expected lines at once, and hands out single lines on demand."""

    def __init__(self, lines: Lines, block_bytes: int) -> None:
        self._lines = lines
        self._block_bytes = block_bytes
        self._buffer = b""
        self._at = 0

    def _fill(self, wanted: int) -> None:
        while len(self._buffer) - self._at < wanted:
            block = self._lines.block(self._block_bytes)
            if not block:
                return
            self._buffer = self._buffer[self._at :] + block
            self._at = 0

    def matches(self, expected: bytes) -> bool:
        """Whether the next bytes are ``expected``; if so they are passed over, else nothing moves."""
        self._fill(len(expected))
        if not self._buffer.startswith(expected, self._at):
            return False
        self._at += len(expected)
        return True

    def take(self, count: int) -> list[bytes]:
        """The next ``count`` lines without their ends; fewer at the end of the file."""
        taken: list[bytes] = []
        while len(taken) < count:
            end = self._buffer.find(b"\n", self._at)
            if end < 0:
                before = len(self._buffer) - self._at
                self._fill(before + 1)
                if len(self._buffer) - self._at == before:
                    break
                continue
            taken.append(self._buffer[self._at : end])
            self._at = end + 1
        return taken
