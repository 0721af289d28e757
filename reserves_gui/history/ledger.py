r"""The chain over batches of evidence: a changed, dropped or inserted row breaks it, and the break is named.

hash(n) = SHA-256( hash(n-1) || "\n" || kind || "\n" || written || "\n" || rows_hash )
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from reserves_gui.canonical import canonical_bytes
from reserves_gui.history.tables import EVIDENCE, LEDGER

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold: the ledger entry, and what is wrong with it ("rows" or "chain")."""

    entry: int
    what: str


def open_batch(connection: Connection, kind: str, written: int) -> int:
    """Begin a batch: one writer at a time, until the transaction ends. Returns its ledger id."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE ledger IN EXCLUSIVE MODE"))
    newest = connection.execute(select(func.max(LEDGER.c.id))).scalar()
    entry = (newest or 0) + 1
    # The hash is filled in when the batch is closed; a batch that never closes rolls back with its transaction.
    placeholder = hashlib.sha256(f"open {entry}".encode()).hexdigest()
    connection.execute(insert(LEDGER).values(id=entry, kind=kind, written=written, rows_hash="", hash=placeholder))
    return entry


def close_batch(connection: Connection, entry: int) -> None:
    """Hash the batch's rows and link it to the one before."""
    row = connection.execute(select(LEDGER).where(LEDGER.c.id == entry)).one()
    previous = connection.execute(select(LEDGER.c.hash).where(LEDGER.c.id == entry - 1)).scalar() or START
    rows_hash = _rows_hash(connection, entry)
    linked = _link(previous, row.kind, row.written, rows_hash)
    connection.execute(LEDGER.update().where(LEDGER.c.id == entry).values(rows_hash=rows_hash, hash=linked))


def first_break(connection: Connection) -> Break | None:
    """The first entry that does not hold, None if all do."""
    previous, expected = START, 1
    for row in connection.execute(select(LEDGER).order_by(LEDGER.c.id)):
        if row.id != expected or _link(previous, row.kind, row.written, row.rows_hash) != row.hash:
            return Break(expected, "chain")
        if _rows_hash(connection, row.id) != row.rows_hash:
            return Break(row.id, "rows")
        previous, expected = row.hash, expected + 1
    for table in EVIDENCE:
        stray = connection.execute(select(table.c.batch).where(table.c.batch >= expected).limit(1)).scalar()
        if stray is not None:
            return Break(int(stray), "chain")
    return None


def head(connection: Connection) -> str:
    """The newest hash, the start value for an empty ledger."""
    newest = connection.execute(select(LEDGER.c.hash).order_by(LEDGER.c.id.desc()).limit(1)).scalar()
    return newest or START


def _link(previous: str, kind: str, written: int, rows_hash: str) -> str:
    return hashlib.sha256(f"{previous}\n{kind}\n{written}\n{rows_hash}".encode()).hexdigest()


def _rows_hash(connection: Connection, entry: int) -> str:
    state = hashlib.sha256()
    for table in EVIDENCE:
        for row in _rows(connection, table, entry):
            state.update(canonical_bytes({"table": table.name, **row}) + b"\n")
    return state.hexdigest()


def _rows(connection: Connection, table: Table, entry: int) -> Iterable[Mapping[str, Any]]:
    query = select(table).where(table.c.batch == entry).order_by(table.c.id)
    return (dict(row) for row in connection.execute(query).mappings())
