"""The user's own balances over time: behind `reserves journal`, `verify --journal` and the journal in the window.

2026-11-26: the journal is a file of its own in the data folder, readable by its owner alone, and never part of the
store: the store holds evidence about exchanges that may be backed up, exported or shared through a server, and nobody
should find a person's balances there. Only a verification that asks for it reads the journal, and only as the balances
to expect, which redacted reports leave out.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from reserves_gui.amounts import is_plain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.lines import header_names, read_csv
from reserves_gui.intake.opening import open_path
from reserves_gui.messages import say
from reserves_gui.plain_json import load_plain
from reserves_gui.services.keeping import data_folder, read_time
from reserves_gui.services.locking import locked
from reserves_gui.services.writing import write_atomically

SCHEMA = "reserves/journal/1"
_COLUMNS = ("time", "asset", "amount")
_ENTRIES = 100_000
_BYTES = 64 * 1024 * 1024
_NAME_CHARS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """What the user says she had of one asset at one time (seconds UTC). ``exchange`` empty: not said."""

    exchange: str
    asset: str
    time: int
    amount: str


@dataclass(frozen=True, slots=True)
class JournalImport:
    """How many entries of a file were new, changed an older one, or were there already."""

    added: int
    changed: int
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalBalances:
    """What the user had at ``time`` (seconds UTC), by the newest entry of every asset that is not after it.

    ``pairs`` are (asset, amount text); ``newest`` is the time of the latest of these entries.
    """

    time: int
    pairs: tuple[tuple[str, str], ...]
    newest: int


def journal_path() -> Path:
    """Where the journal lies."""
    return data_folder() / "journal.json"


def import_journal(path: Path, exchange: str | None = None) -> JournalImport:
    """Take the entries of a CSV file ``time,asset,amount[,exchange]`` over, all of them or none.

    A later figure for the same exchange, asset and time replaces the earlier one. Raises ``input.*``, ``csv.header``,
    ``format.shape``, ``number.grammar``, ``usage`` (dates), ``limit.entries``, ``store.unusable``.
    """
    documents = open_path(path)
    if len(documents) != 1:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("history.import_one"), str(path))
    return _take(list(_read_csv(documents[0], exchange or "")), str(path))


def add_entry(*, asset: str, amount: str, time: str, exchange: str = "") -> JournalImport:
    """Take one entry over as it was typed. Raises what :func:`import_journal` raises."""
    cells = {"asset": asset.strip(), "amount": amount.strip(), "time": time.strip()}
    return _take([_entry(cells, exchange.strip(), "")], "")


def remove_entries(entries: Iterable[JournalEntry]) -> int:
    """Take ``entries`` out, by exchange, asset and time; how many there were. Raises ``store.*``."""
    gone = {_key(one) for one in entries}
    with locked(_lock_path()):
        before = journal_entries()
        kept = [one for one in before if _key(one) not in gone]
        if len(kept) != len(before):
            _write(kept)
    return len(before) - len(kept)


def _take(new: Sequence[JournalEntry], where: str) -> JournalImport:
    with locked(_lock_path()):
        kept = {_key(one): one for one in journal_entries()}
        added = changed = 0
        for one in new:
            before = kept.get(_key(one))
            added += before is None
            changed += before is not None and before != one
            kept[_key(one)] = one
        if len(kept) > _ENTRIES:
            raise ReservesError(ErrorCode.LIMIT_ENTRIES, say("error.limit_entries", limit=_ENTRIES), where)
        if added or changed:
            _write(kept.values())
    return JournalImport(added, changed, len(new) - added - changed)


def journal_entries(exchange: str | None = None) -> tuple[JournalEntry, ...]:
    """All entries, or those of one exchange, oldest first. Raises ``store.unusable``, ``store.newer``."""
    path = journal_path()
    if not path.exists():
        return ()
    try:
        with path.open("rb") as stream:
            text = stream.read(_BYTES + 1)
        loaded = load_plain(text) if len(text) <= _BYTES else None
        document = loaded if isinstance(loaded, dict) else {}
        schema = document.get("schema", "")
        if schema != SCHEMA and str(schema).startswith("reserves/journal/"):
            raise ReservesError(ErrorCode.STORE_NEWER, say("store.newer"), str(path))
        entries = [JournalEntry(**one) for one in document["entries"]] if schema == SCHEMA else None
    except (OSError, ValueError, KeyError, TypeError):
        entries = None
    if entries is None or not all(_is_entry(one) for one in entries):
        raise ReservesError(ErrorCode.STORE_UNUSABLE, say("journal.unusable"), str(path))
    wanted = None if exchange is None else exchange.casefold()
    return tuple(
        sorted(
            (one for one in entries if wanted is None or one.exchange.casefold() == wanted),
            key=lambda one: (one.time, one.exchange, one.asset),
        )
    )


def journal_balances(moment: str, exchange: str | None = None) -> JournalBalances:
    """What the user had at ``moment``, at ``exchange`` where one is named.

    Raises ``usage`` where the journal says nothing about that time, or speaks of several exchanges and none is named.
    """
    time = read_time(moment)
    past = [one for one in journal_entries(exchange) if one.time <= time]
    if not past:
        raise ReservesError(ErrorCode.USAGE, say("journal.nothing"))
    names = sorted({one.exchange.casefold(): one.exchange for one in past}.values())
    if len(names) > 1:
        raise ReservesError(ErrorCode.USAGE, say("journal.several", names=", ".join(name or "–" for name in names)))
    newest = {one.asset: one for one in past}
    pairs = tuple((asset, one.amount) for asset, one in sorted(newest.items()))
    return JournalBalances(time=time, pairs=pairs, newest=max(one.time for one in newest.values()))


def _read_csv(document: Document, exchange: str) -> Iterable[JournalEntry]:
    where = f"{document.name}: line 1"
    records = read_csv(document)
    names = header_names([cell.lower() for cell in next(records, (1, [""]))[1]], where)
    for needed in _COLUMNS:
        if needed not in names:
            raise ReservesError(ErrorCode.CSV_HEADER, say("error.csv_column", name=needed), where)
    for number, record in records:
        if not any(cell.strip() for cell in record):
            continue
        here = f"{document.name}: line {number}"
        if len(record) != len(names):
            raise ReservesError(ErrorCode.FORMAT_SHAPE, say("history.import_columns", count=len(names)), here)
        yield _entry(dict(zip(names, (cell.strip() for cell in record), strict=True)), exchange, here)


def _entry(cells: Mapping[str, str], exchange: str, here: str) -> JournalEntry:
    if not is_plain(cells["amount"]):
        # The text itself is the user's own and stays out of the message.
        raise ReservesError(ErrorCode.NUMBER_GRAMMAR, say("journal.amount"), here)
    try:
        time = read_time(cells["time"])
    except ReservesError as error:
        raise ReservesError(error.code, error.message, here) from None
    entry = JournalEntry(
        exchange=cells.get("exchange") or exchange, asset=cells["asset"], time=time, amount=cells["amount"]
    )
    if not _is_entry(entry):
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("history.import_text"), here)
    return entry


def _is_entry(one: JournalEntry) -> bool:
    texts = (one.exchange, one.asset, one.amount)
    return (
        all(isinstance(text, str) and text.isprintable() and len(text) <= _NAME_CHARS for text in texts)
        and bool(one.asset)
        and is_plain(one.amount)
        and isinstance(one.time, int)
        and not isinstance(one.time, bool)
    )


def _lock_path() -> Path:
    return journal_path().with_suffix(".lock")


def _key(one: JournalEntry) -> tuple[str, str, int]:
    return one.exchange.casefold(), one.asset, one.time


def _write(entries: Iterable[JournalEntry]) -> None:
    ordered = sorted(entries, key=lambda one: (one.time, one.exchange, one.asset))
    document = {"schema": SCHEMA, "entries": [asdict(one) for one in ordered]}
    write_atomically(journal_path(), (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
