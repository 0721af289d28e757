"""The table of batch proofs, ``proof.csv``: streamed, rows in any order, columns by name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.json_gate import parse_json
from reserves_gui.intake.lines import header_names, read_csv
from reserves_gui.messages import say
from reserves_gui.publishers.field_values import base64_bytes, base64_element
from reserves_gui.publishers.zkmerkle.naming import COMMITMENT, PROOF
from reserves_gui.zk.solvency.batch import Batch, Scheme

_LISTS, _ROOTS, _NUMBER = "cex_asset_list_commitments", "account_tree_roots", "batch_number"
_TIER, _FIRST, _LAST = "assets_count", "min_account_index", "max_account_index"
_REQUIRED = (PROOF, _LISTS, _ROOTS, COMMITMENT, _NUMBER)
_NUMERAL = re.compile(r"0|[1-9][0-9]{0,11}", re.ASCII)
_PAIR = re.compile(r'\["([A-Za-z0-9+/=]*)"(?:, ?"([A-Za-z0-9+/=]*)")?\]', re.ASCII)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that breaks a rule: its line and the column."""

    line: int
    column: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table. ``collateral``: rows carry an assets-count tier (releases 1.1 on)."""

    columns: Mapping[str, int]
    width: int
    scheme: Scheme
    collateral: bool


def read_layout(document: Document) -> Layout:
    """The columns. Raises ``csv.header``, ``input.encoding``, ``format.shape``."""
    record: list[str] = next((row for _, row in read_csv(document)), [])
    names = header_names(record, document.name)
    columns = {name: place for place, name in enumerate(names) if name}
    missing = next((name for name in _REQUIRED if name not in columns), None)
    indexed = {_FIRST, _LAST} & columns.keys()
    if missing is None and indexed:
        missing = next((name for name in (_FIRST, _LAST, _TIER) if name not in columns), None)
    if missing is not None:
        raise ReservesError(ErrorCode.CSV_HEADER, say("zkmerkle.column_missing", column=missing), document.name)
    scheme = Scheme.INDEXED if indexed else Scheme.LINKED
    return Layout(columns, len(names), scheme, _TIER in columns)


def count_rows(document: Document) -> int:
    """About how many rows there are, for the progress display only."""
    lines = 0
    with document.open() as stream:
        while block := stream.read(limits.BLOCK_BYTES):
            lines += block.count(b"\n")
    return max(1, lines - 1)


def read_batches(document: Document, layout: Layout) -> Iterator[Batch | BadRow]:
    """The rows one by one. Raises ``input.encoding``, ``format.shape`` (quotation marks), ``limit.size``."""
    rows = read_csv(document)
    next(rows, None)
    for line, record in rows:
        yield _batch(line, record, layout)


def _batch(line: int, record: list[str], layout: Layout) -> Batch | BadRow:
    if len(record) != layout.width:
        return BadRow(line, "-")

    def cell(name: str) -> str:
        return record[layout.columns[name]]

    def numeral(name: str) -> int | None:
        return int(cell(name)) if _NUMERAL.fullmatch(cell(name)) else None

    number = numeral(_NUMBER)
    if number is None or number >= limits.ZK_BATCHES:
        return BadRow(line, _NUMBER)
    proof, commitment = base64_bytes(cell(PROOF)), base64_element(cell(COMMITMENT))
    lists, roots = _elements(cell(_LISTS)), _elements(cell(_ROOTS))
    if proof is None:
        return BadRow(line, PROOF)
    if commitment is None:
        return BadRow(line, COMMITMENT)
    if lists is None or len(lists) != 2:
        return BadRow(line, _LISTS)
    if roots is None or (layout.scheme is Scheme.LINKED and len(roots) != 2):
        return BadRow(line, _ROOTS)
    tier = span = None
    if layout.collateral:
        tier = numeral(_TIER)
        if tier is None:
            return BadRow(line, _TIER)
    if layout.scheme is Scheme.INDEXED:
        first, last = numeral(_FIRST), numeral(_LAST)
        if first is None or last is None:
            return BadRow(line, _FIRST if first is None else _LAST)
        span = first, last
    return Batch(
        number=number,
        roots=roots,
        lists=(lists[0], lists[1]),
        commitment=commitment,
        proof=proof,
        tier=tier,
        span=span,
    )


def _elements(cell: str) -> tuple[int, ...] | None:
    """One or two elements of a JSON array of base64 texts; None for anything else."""
    match = _PAIR.fullmatch(cell)
    if match is not None:
        texts = [match[1]] if match[2] is None else [match[1], match[2]]
    else:
        # Rare: other white space, or escaped characters.
        try:
            value = parse_json(cell.encode("utf-8"), "cell")
        except ReservesError:
            return None
        if not isinstance(value, list) or not 1 <= len(value) <= 2 or not all(type(one) is str for one in value):
            return None
        texts = [str(one) for one in value]
    found = [base64_element(text) for text in texts]
    values = tuple(one for one in found if one is not None)
    return values if len(values) == len(found) else None
