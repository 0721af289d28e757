"""The line cursors: whole lines whatever the block size, long lines cut, line ends made one."""

import io

import pytest

from reserves_gui.merkle.line_tree import Layout, Lines, ParentLines, measure
from reserves_gui.progress import silent


def layout_of(content: bytes) -> Layout:
    return measure(lambda: io.BytesIO(content), silent())


def lines_of(content: bytes, size: int, longest: int = 96) -> list[bytes]:
    lines = Lines(io.BytesIO(content), layout_of(content), longest)
    read = b""
    while block := lines.block(size):
        assert block.endswith(b"\n")
        read += block
    return read.split(b"\n")[:-1]


@pytest.mark.parametrize(
    ("content", "lines", "blank", "crlf"),
    [
        (b"a\nb\nc", 3, 0, False),
        (b"a\nb\nc\n", 3, 0, False),
        (b"a\n\nc\n\n\n", 3, 2, False),
        (b"a\r\nb\r\n", 2, 0, True),
        (b"a\r\nb\r\n\r\n", 2, 1, True),
        (b"a", 1, 0, False),
        (b"a\n" * 700_000 + b"\n" * 700_000, 700_000, 700_000, False),
    ],
)
def test_lines_are_counted(content: bytes, lines: int, blank: int, crlf: bool) -> None:
    layout = layout_of(content)
    assert (layout.lines, layout.blank_tail, layout.crlf) == (lines, blank, crlf)
    assert layout.bytes == len(content)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 96, 1000])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_blocks_hold_whole_lines_of_every_size(size: int, end: bytes) -> None:
    wanted = [b"x" * length for length in (1, 90, 0, 5, 96, 2)]
    assert lines_of(end.join(wanted) + end, size) == wanted
    assert lines_of(end.join(wanted), size) == wanted
    assert lines_of(b"\xef\xbb\xbf" + end.join(wanted), size) == wanted


@pytest.mark.parametrize("size", [1, 7, 200])
def test_an_endless_line_is_cut_and_stays_too_long(size: int) -> None:
    read = lines_of(b"a\n" + b"y" * 3_000_000 + b"\nb\n", size)
    assert (read[0], read[-1], len(read)) == (b"a", b"b", 3)
    assert 96 < len(read[1]) <= 192 + size
    read = lines_of(b"y" * 3_000_000, size)
    assert len(read) == 1
    assert 96 < len(read[0]) <= 192 + size


@pytest.mark.parametrize("size", [1, 4, 100])
def test_a_bare_line_end_among_crlf_leaves_a_mark(size: int) -> None:
    assert lines_of(b"a\r\nb\nc\r\n", size) == [b"a", b"b\r", b"c"]


def test_parents_are_compared_by_the_run_and_taken_by_the_line() -> None:
    content = b"".join(b"%d\n" % number for number in range(1000))
    parents = ParentLines(Lines(io.BytesIO(content), layout_of(content), 96), 50)
    assert parents.take(2) == [b"0", b"1"]
    assert parents.matches(b"2\n3\n")
    assert not parents.matches(b"4\n6\n")
    assert parents.take(1) == [b"4"]
    assert parents.matches(b"".join(b"%d\n" % number for number in range(5, 900)))
    assert parents.take(200) == [b"%d" % number for number in range(900, 1000)]
    assert not parents.matches(b"1000\n")
