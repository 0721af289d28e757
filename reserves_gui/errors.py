"""The one exception that leaves the engine, and its stable codes (contract section 4).

A proof that does not verify is never an error: it is a failed check. An error means that nothing can be claimed.
"""

from enum import StrEnum

from reserves_gui.messages import Message, render


class ErrorCode(StrEnum):
    """Reasons for exit code 2, and ``CANCELLED`` for exit code 130. Names are stable: scripts match on them."""

    USAGE = "usage"
    INPUT_NOT_FOUND = "input.not_found"
    INPUT_EMPTY = "input.empty"
    INPUT_ENCODING = "input.encoding"
    INPUT_SPECIAL_FILE = "input.special_file"
    FORMAT_UNRECOGNISED = "format.unrecognised"
    FORMAT_NEWER = "format.newer"
    FORMAT_SHAPE = "format.shape"
    FORMAT_AMBIGUOUS = "format.ambiguous"
    NUMBER_GRAMMAR = "number.grammar"
    JSON_SYNTAX = "json.syntax"
    JSON_DUPLICATE_KEY = "json.duplicate_key"
    JSON_CONSTANT = "json.constant"
    JSON_DEPTH = "json.depth"
    JSON_TRAILING = "json.trailing"
    CSV_HEADER = "csv.header"
    YAML_ALIAS = "yaml.alias"
    ZIP_UNSAFE = "zip.unsafe"
    LIMIT_SIZE = "limit.size"
    LIMIT_ENTRIES = "limit.entries"
    LIMIT_DEPTH = "limit.depth"
    LIMIT_ZIP = "limit.zip"
    LIMIT_TIME = "limit.time"
    SOURCE_UNUSABLE = "source.unusable"
    SOURCE_WRONG_CHAIN = "source.wrong_chain"
    STORE_UNUSABLE = "store.unusable"
    STORE_NEWER = "store.newer"
    REPORT_NO_PDF = "report.no_pdf"
    CANCELLED = "cancelled"


class ReservesError(Exception):
    """Unusable input, an unusable source, or cancellation.

    ``code`` is stable, ``message`` is one plain sentence with what to do, ``where`` names the file and then the line,
    key path or archive member (empty when there is no place to name).
    """

    def __init__(self, code: ErrorCode, message: Message, where: str = "") -> None:
        super().__init__(code, message, where)
        self.code = code
        self.message = message
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{render(self.message)} [{self.code}]"

    def inside(self, outer: str) -> "ReservesError":
        """The same error with ``outer`` (a file name, an archive) put in front of its place."""
        return ReservesError(self.code, self.message, f"{outer}: {self.where}" if self.where else outer)


class Cancelled(ReservesError):  # noqa: N818 - it is no error of the user's or the input's
    """The user stopped the work. Nothing is claimed."""

    def __init__(self) -> None:
        super().__init__(ErrorCode.CANCELLED, Message("error.cancelled"))

    def __reduce__(self) -> tuple[type["Cancelled"], tuple[()]]:
        return (Cancelled, ())
