"""What is kept, as lists: behind `reserves history list`, `show`, `backup` and `restore`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history.alerts import Alert
from reserves_gui.history.records import StoredList, StoredSnapshot
from reserves_gui.intake.document import Document
from reserves_gui.intake.lines import read_lines
from reserves_gui.intake.opening import open_path
from reserves_gui.messages import say
from reserves_gui.plain_json import load_plain
from reserves_gui.services.keeping import existing_store, open_store, root_log
from reserves_gui.services.log_reading import read_head
from reserves_gui.services.root_logs import signed_head
from reserves_gui.services.signing import ready_signer
from reserves_gui.services.writing import write_atomically
from reserves_gui.trust.merkle_log import consistency_proof, verify_consistency

__all__ = [
    "Alert",
    "Book",
    "KeptOf",
    "LogHead",
    "StoredList",
    "StoredSnapshot",
    "backup",
    "book",
    "log_head",
    "restore",
]

_BACKUP = "reserves/backup/1"
_LINE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOf:
    """What is kept about one exchange, oldest first. ``points``: rounds seen per asset."""

    exchange: str
    assets: tuple[str, ...]
    snapshots: tuple[StoredSnapshot, ...]
    lists: tuple[StoredList, ...]
    alerts: tuple[Alert, ...]
    points: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The store as a whole. ``url`` has no password; ``head`` is the newest hash of the chain over all evidence.

    ``broken``: the first ledger entry that does not hold and what is wrong with it, None if all do. A store that does
    not exist yet has no ``url``.
    """

    url: str | None
    head: str | None
    broken: tuple[int, str] | None
    exchanges: tuple[KeptOf, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogHead:
    """The head of the root log as a checkpoint text, its size, and where an older head stands against it.

    ``key``: the key that signed the checkpoint, as text; None where it is unsigned.
    ``extends`` None: no older head was given. ``proof``: the hashes (hex) that prove the older head to be a prefix.
    """

    checkpoint: str
    size: int
    key: str | None = None
    extends: bool | None = None
    proof: tuple[str, ...] = ()
    entries: tuple[dict[str, Any], ...] = ()


def book(db: str | None = None, exchange: str | None = None) -> Book:
    """Everything that is kept, or what is kept about one exchange. Raises ``usage``, ``store.*``."""
    from reserves_gui.history.database import shown_url

    opened = existing_store(db)
    if opened is None:
        return Book(url=None, head=None, broken=None, exchanges=())
    with opened as store:
        names = store.exchanges()
        if exchange is not None:
            names = [one for one in names if one.casefold() == exchange.casefold()]
            if not names:
                raise ReservesError(ErrorCode.USAGE, say("history.no_exchange", exchange=exchange[:80]))
        found = []
        for name in names:
            assets = tuple(store.assets(name))
            found.append(
                KeptOf(
                    exchange=name,
                    assets=assets,
                    snapshots=tuple(store.snapshots(name)),
                    lists=tuple(store.lists(name)),
                    alerts=tuple(alert for _, alert in store.alerts(name)),
                    points={asset: store.rounds(name, asset) for asset in assets},
                )
            )
        broken = store.integrity()
        return Book(
            url=shown_url(store.url),
            head=store.head(),
            broken=None if broken is None else (broken.entry, broken.what),
            exchanges=tuple(found),
        )


def log_head(since: str | None = None) -> LogHead:
    """The root log's head; ``since``: an older head, as text or as the path of a file that holds it.

    Raises ``store.unusable`` for a log that was changed, ``format.shape`` for a head that is none.
    """
    log = root_log()
    head = log.head()
    handed = signed_head(head, ready_signer())
    key = None if handed.key is None else handed.key.text()
    if since is None:
        return LogHead(checkpoint=handed.note, key=key, size=head.size, entries=log.entries)
    older = read_head(since, "--since")
    extends = log.extends(older)
    proof = consistency_proof(older.size, log.leaves) if extends and older.size else []
    if extends and older.size:
        # The proof that is handed out is checked like anybody who receives it would check it.
        extends = verify_consistency(
            old_size=older.size, old_root=older.root, new_size=head.size, new_root=head.root, proof=proof
        )
    return LogHead(
        checkpoint=handed.note,
        key=key,
        size=head.size,
        extends=extends,
        proof=tuple(one.hex() for one in proof),
        entries=log.entries,
    )


def backup(path: Path, db: str | None = None) -> int:
    """Write every row of the store, one JSON object a line; how many. Raises ``usage``, ``store.*``."""
    opened = existing_store(db)
    if opened is None:
        raise ReservesError(ErrorCode.USAGE, say("history.no_store"))
    with opened as store:
        lines = [json.dumps({"schema": _BACKUP, "head": store.head()})]
        lines += [json.dumps({"table": table, "row": row}, ensure_ascii=False) for table, row in store.dump()]
    write_atomically(path, ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass"))
    return len(lines) - 1


def restore(path: Path, db: str | None = None) -> int:
    """Fill an empty store from a backup; how many rows. Raises ``input.*``, ``format.*``, ``store.*``."""
    documents = open_path(path)
    if len(documents) != 1:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("history.bad_backup"), str(path))
    document = documents[0]
    _check_backup_head(document)
    with open_store(db) as store:
        return store.load(_backup_rows(document))


def _check_backup_head(document: Document) -> None:
    try:
        head = load_plain(document.first_line)
    except ValueError:
        head = None
    if not isinstance(head, dict) or not str(head.get("schema", "")).startswith("reserves/backup/"):
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("history.bad_backup"), document.name)
    if head["schema"] != _BACKUP:
        raise ReservesError(ErrorCode.FORMAT_NEWER, say("store.newer"), document.name)


def _backup_rows(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    with document.open() as stream:
        for number, line in read_lines(stream, min(_LINE, limits.JSON_USER_BYTES)):
            if number == 1 or not line:
                continue
            try:
                entry = load_plain(line)
                table, row = entry["table"], entry["row"]
                usable = isinstance(table, str) and _plain_row(row)
            except (ValueError, KeyError, TypeError):
                usable = False
            if not usable:
                where = f"{document.name}: line {number}"
                raise ReservesError(ErrorCode.FORMAT_SHAPE, say("history.bad_backup"), where)
            yield table, row


def _plain_row(row: object) -> bool:
    """Columns with texts, whole numbers within 64 bits, truth values or nothing."""
    if not isinstance(row, dict) or "id" not in row:
        return False
    return all(
        value is None
        or isinstance(value, bool)
        or (isinstance(value, str) and value.isascii())
        or (isinstance(value, str) and not any("\ud800" <= char <= "\udfff" for char in value))
        or (isinstance(value, int) and -(2**63) <= value < 2**63)
        for value in row.values()
    )
