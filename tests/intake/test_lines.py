"""Line files and CSV with bounded lines (attacks.md section 5.3)."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import from_bytes
from reserves_gui.intake.lines import header_names, read_csv, read_lines


def _lines(data: bytes, longest: int = 20) -> list[tuple[int, bytes]]:
    return list(read_lines(io.BytesIO(data), longest))


def test_line_ends_and_the_byte_order_mark_are_dropped() -> None:
    assert _lines(b"\xef\xbb\xbfa\r\nb\n\nc") == [(1, b"a"), (2, b"b"), (3, b""), (4, b"c")]
    assert _lines(b"a\n") == [(1, b"a")]


@given(st.lists(st.binary(max_size=19).filter(lambda one: b"\n" not in one and not one.endswith(b"\r")), max_size=8))
def test_honest_lines_come_back(lines: list[bytes]) -> None:
    data = b"".join(line + b"\n" for line in lines)
    if not data.startswith(b"\xef\xbb\xbf"):
        assert [line for _, line in _lines(data)] == lines


def test_an_endless_line_is_cut_and_the_next_one_keeps_its_number() -> None:
    rows = _lines(b"a\n" + b"x" * (3 * limits.MIB) + b"\nb\n")
    assert [number for number, _ in rows] == [1, 2, 3]
    assert len(rows[1][1]) == 21
    assert rows[2][1] == b"b"


def test_csv_keeps_quoted_line_breaks_and_numbers_by_physical_line() -> None:
    document = from_bytes("list.csv", b'\xef\xbb\xbfa,b\r\n"x\ny",2\n\n3,4\n')
    assert list(read_csv(document)) == [(1, ["a", "b"]), (2, ["x\ny", "2"]), (5, ["3", "4"])]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a,b\n\xff,1\n", ErrorCode.INPUT_ENCODING),
        (b"a,b\n\x00,1\n", ErrorCode.INPUT_ENCODING),
        (b'a,b\n"x"y,1\n', ErrorCode.FORMAT_SHAPE),
        (b"a," + b"x" * (limits.CSV_FIELD_BYTES + 10) + b"\n", ErrorCode.LIMIT_SIZE),
    ],
)
def test_bad_csv_ends_with_its_code(data: bytes, code: ErrorCode) -> None:
    with pytest.raises(ReservesError) as caught:
        list(read_csv(from_bytes("list.csv", data)))
    assert caught.value.code is code


def test_a_header_with_one_name_twice_is_refused() -> None:
    assert header_names([" coin ", "\tamount", ""], "f") == ["coin", "amount", ""]
    with pytest.raises(ReservesError) as caught:
        header_names(["coin", "coin "], "f")
    assert caught.value.code is ErrorCode.CSV_HEADER
