"""Line files and CSV, read in blocks with bounded lines."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.messages import say

_BLANKS = " \t"


def read_lines(stream: BinaryIO, longest: int) -> Iterator[tuple[int, bytes]]:
    """Lines with their 1-based numbers, without line ends (LF or CRLF) and without a leading UTF-8 BOM.

    A line longer than ``longest`` bytes comes back cut to ``longest + 1`` bytes, so that the caller sees it is too long
    while memory stays bounded. A last line without end counts; nothing comes after a final line end.
    """
    number = 0
    while True:
        line = stream.readline(longest + 3)
        if not line:
            return
        number += 1
        complete = line.endswith(b"\n")
        text = line.rstrip(b"\n").removesuffix(b"\r") if complete else line
        if number == 1:
            text = text.removeprefix(b"\xef\xbb\xbf")
        while not complete:
            rest = stream.readline(limits.BLOCK_BYTES)
            complete = not rest or rest.endswith(b"\n")
        yield number, text[: longest + 1]


def read_csv(document: Document, *, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """CSV records with the 1-based number of their first physical line; blank records are left out.

    Quoted fields follow RFC 4180. Raises ``input.encoding`` (not UTF-8, or NUL), ``format.shape`` (quotation marks)
    and ``limit.size`` (a field over 4 MiB).
    """
    csv.field_size_limit(limits.CSV_FIELD_BYTES)
    with document.open() as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(_without_nul(text, document.name), delimiter=delimiter, strict=True)
        first = 1
        while True:
            try:
                record = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError as error:
                message = say("error.encoding", offset=error.start)
                raise ReservesError(ErrorCode.INPUT_ENCODING, message, f"{document.name}: line {first}") from None
            except csv.Error as error:
                too_long = "field larger than field limit" in str(error)
                code = ErrorCode.LIMIT_SIZE if too_long else ErrorCode.FORMAT_SHAPE
                message = say("error.csv_field", limit=limits.CSV_FIELD_BYTES) if too_long else say("error.csv_quotes")
                raise ReservesError(code, message, f"{document.name}: line {first}") from None
            if record:
                yield first, record
            first = reader.line_num + 1


def header_names(record: list[str], where: str) -> list[str]:
    """Header cells without surrounding blanks. Raises ``csv.header`` if a name stands twice."""
    names = [cell.strip(_BLANKS) for cell in record]
    named = [name for name in names if name]
    repeated = next((name for name in named if named.count(name) > 1), None)
    if repeated is not None:
        raise ReservesError(ErrorCode.CSV_HEADER, say("error.csv_header_twice", name=repeated[:80]), where)
    return names


def _without_nul(text: io.TextIOWrapper, name: str) -> Iterator[str]:
    # An endless line would otherwise be collected whole before the field limit is looked at.
    number = 0
    while line := text.readline(limits.CSV_FIELD_BYTES + 1):
        number += 1
        if len(line) > limits.CSV_FIELD_BYTES:
            message = say("error.csv_field", limit=limits.CSV_FIELD_BYTES)
            raise ReservesError(ErrorCode.LIMIT_SIZE, message, f"{name}: line {number}")
        if "\x00" in line:
            raise ReservesError(ErrorCode.INPUT_ENCODING, say("error.nul"), f"{name}: line {number}")
        yield line
