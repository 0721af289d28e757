"""The files of one list: the leaves, a root and totals beside them, read as they are written.

    Level<TAB>Hash
    <levels>,<index><TAB><16 hex>

``levels`` is ceil(log2 n) + 1 on every line, ``index`` runs from 0; lines that start with # and empty lines are
skipped.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from reserves_gui import limits
from reserves_gui.amounts import stripped
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.lines import read_lines
from reserves_gui.merkle.node_failures import Failures
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Match
from reserves_gui.verdict import Check, Outcome

LIST = "list"
ROOT = "root"
TOTALS = "totals"
FORM = "form"
LEAF_BYTES = 8

_FORM_SCHEMA = "reserves/form/1"
_HEADER = b"Level\tHash"
_LINE = re.compile(rb"([1-9][0-9]?),(0|[1-9][0-9]{0,9})\t([0-9a-f]{16})")
_ROOT_FILE = re.compile(rb"[0-9a-f]{64}\s*", re.ASCII)
_TOTAL = re.compile(rb"([A-Za-z0-9$._-]{1,20}):(-?(?:0|[1-9][0-9]{0,60})(?:\.[0-9]{1,40})?)")
_LINES_PER_LOOK = 4096


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Recognises the files of the format of that id; ``strength`` is that of its list."""

    format: str
    strength: int

    def __call__(self, document: Document) -> Match | None:
        """The list by its header; a root file, a totals file or a form beside it."""
        if document.json_keys() >= {"schema", "format", "fields"}:
            value = document.json()
            fits = (
                isinstance(value, dict) and value.get("schema") == _FORM_SCHEMA and value.get("format") == self.format
            )
            return Match(FORM) if fits else None
        first = _first_line(document)
        if first == _HEADER:
            return Match(LIST, self.strength)
        if document.size <= 80 and _ROOT_FILE.fullmatch(document.head):
            return Match(ROOT, 1)
        if document.size <= 64 * 1024 and _TOTAL.fullmatch(first):
            return Match(TOTALS, 1)
        return None


def _first_line(document: Document) -> bytes:
    """The first line that is neither empty nor a comment."""
    for line in document.head[: 64 * 1024].removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        text = line.rstrip(b"\r")
        if text and not text.startswith(b"#"):
            return text
    return b""


@dataclass(slots=True)
class LeafList:
    """The leaves read from a file, and what was wrong with its lines."""

    leaves: bytearray = field(default_factory=bytearray)
    lines: int = 0
    grammar: Failures = field(default_factory=Failures)
    gap: tuple[int, int, int] | None = None
    levels: set[int] = field(default_factory=set)

    @property
    def count(self) -> int:
        """How many leaves were read."""
        return len(self.leaves) // LEAF_BYTES


def read_list(document: Document, progress: Progress) -> LeafList:
    """The leaves of a list. Raises ``limit.size``."""
    found = LeafList()
    leaves = found.leaves
    expected = 0
    header = False
    position = 0
    progress.stage(say("trees.stage_reading"), document.size)
    with document.open() as stream:
        for number, line in read_lines(stream, limits.LINE_BYTES):
            position += len(line) + 1
            if number % _LINES_PER_LOOK == 0:
                progress.advance(min(position, document.size))
            if not line or line.startswith(b"#"):
                continue
            if not header:
                header = True
                continue
            found.lines += 1
            if found.lines > limits.MEMORY_LEAVES:
                message = say("error.limit_entries", limit=limits.MEMORY_LEAVES)
                raise ReservesError(ErrorCode.LIMIT_SIZE, message, document.name)
            match = _LINE.fullmatch(line)
            if match is None:
                found.grammar.add_line(number)
                # The bad line stood at a position of its own: what follows is no gap.
                expected += 1
                continue
            index = int(match[2])
            if index != expected and found.gap is None:
                found.gap = (number, expected, index)
            expected = index + 1
            if len(found.levels) < 8:
                found.levels.add(int(match[1]))
            leaves += bytes.fromhex(match[3].decode("ascii"))
    progress.advance(document.size)
    return found


def leaf_index(leaves: bytearray, leaf: bytes, progress: Progress) -> int | None:
    """Where ``leaf`` stands as a whole: a match astride two leaves is none."""
    at = leaves.find(leaf)
    while at >= 0 and at % LEAF_BYTES:
        progress.checkpoint()
        at = leaves.find(leaf, at + 1)
    return None if at < 0 else at // LEAF_BYTES


def root_file(document: Document | None, root: bytes | None) -> tuple[Check, ...]:
    """A root file beside the list must agree with it, but comes from the same place."""
    if document is None or root is None:
        return ()
    stated = document.head.split()[0].decode("ascii")
    if stated == root.hex():
        reason = say("short_leaves.root_file")
        return (Check("root.commitment", Outcome.PASSED, reason, expected=root.hex(), seen=stated, required=False),)
    reason = say("short_leaves.root_file_differs")
    return (Check("root.commitment", Outcome.FAILED, reason, expected=root.hex(), seen=stated),)


def read_totals(document: Document | None) -> dict[str, str] | None:
    """The auditor's totals, as stated. Raises ``format.shape``."""
    if document is None:
        return None
    totals: dict[str, str] = {}
    with document.open() as stream:
        for number, line in read_lines(stream, limits.LINE_BYTES):
            if not line:
                continue
            match = _TOTAL.fullmatch(line)
            asset = match[1].decode("ascii") if match else ""
            if match is None or asset in totals:
                where = f"{document.name}: line {number}"
                raise ReservesError(ErrorCode.FORMAT_SHAPE, say("short_leaves.total_line"), where)
            totals[asset] = stripped(Decimal(match[2].decode("ascii")))
    return totals
