"""A user's own series, lists and prices into the store, bundled facts as what they are, and everything out again.

What comes from a CSV file is kept with that file's name as its source and decides nothing by itself. Bundled figures
are third-party or exchange statements; addresses of the bundled book are labels, never ownership.
"""

import csv
import io
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from reserves_gui.amounts import is_plain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history import published
from reserves_gui.history.records import (
    StoredList,
    StoredObservation,
    StoredPrice,
    StoredSnapshot,
    StoredTotal,
    StoredWallet,
)
from reserves_gui.history.seen import LISTED
from reserves_gui.intake.document import Document
from reserves_gui.intake.lines import header_names, read_csv
from reserves_gui.intake.opening import open_path
from reserves_gui.messages import say
from reserves_gui.services.history_add import LABEL, checked_name, keep_list, keep_snapshot
from reserves_gui.services.keeping import existing_store, open_store, read_time, shown_time
from reserves_gui.verdict import State, SumBinding
from reserves_gui.wallets import address_book
from reserves_gui.wallets.chains import chain_of

_SERIES = ("exchange", "asset", "time", "kind", "amount", "chain", "subject", "source", "height", "block_hash")
_KINDS = ("reserves", "liabilities", "price", "address")
_ROWS = 1_000_000
_SOURCE_CHARS = 200
_SHORT = 80
_BOOK_SOURCE = "label: DefiLlama-Adapters 1eb4e81d, 2026-08-22"
_FIGURE_FORMAT = "published-figure"
_OWN_FORMAT = "own-figure"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """A CSV file with the columns ``time,asset,amount`` and, where wanted, ``exchange,kind,chain,subject,source``.

    ``kind``: reserves (the default: what the listed wallets hold), liabilities (what is said to be owed), price (US
    dollars a coin), address (an address of a list; ``subject`` is the address). ``exchange`` fills an absent column.
    """

    path: Path
    exchange: str | None = None
    db: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows of each kind were kept."""

    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    exchange: str
    asset: str
    time: int
    kind: str
    amount: str
    chain: str
    subject: str
    source: str
    height: int | None
    block_hash: str | None


def import_series(request: ImportRequest) -> Imported:
    """Read the whole file first, then keep it: a row that cannot be read keeps everything out.

    Raises ``input.*``, ``csv.header``, ``format.shape``, ``number.grammar``, ``usage``, ``store.*``.
    """
    documents = open_path(request.path)
    if len(documents) != 1:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("history.import_one"), str(request.path))
    rows = list(_rows(documents[0], request.exchange))
    by_kind: dict[str, list[_Row]] = {kind: [one for one in rows if one.kind == kind] for kind in _KINDS}
    sha256 = documents[0].sha256
    counts = dict.fromkeys(_KINDS, 0)
    with open_store(request.db) as store:
        seen = [_observation(one) for one in by_kind["reserves"]]
        seen = _new(seen, [row for one in _pairs(seen) for row in store.observations(*one)])
        store.add_observations(seen)
        counts["reserves"] = len(seen)
        for snapshot in _snapshots(by_kind["liabilities"], _OWN_FORMAT, sha256):
            _, known = keep_snapshot(store, snapshot)
            counts["liabilities"] += not known
        prices = [
            StoredPrice(asset=one.asset, currency="USD", time=one.time, value=one.amount, source=one.source)
            for one in by_kind["price"]
        ]
        prices = _new(prices, [row for asset in {one.asset for one in prices} for row in store.prices(asset)])
        store.add_prices(prices)
        counts["price"] = len(prices)
        for wallets in _lists(by_kind["address"], sha256):
            _, known = keep_list(store, wallets)
            counts["address"] += 0 if known else len(wallets.wallets)
    return Imported({kind: counts[kind] for kind, found in by_kind.items() if found})


def _pairs(rows: Sequence[StoredObservation]) -> set[tuple[str, str]]:
    return {(one.exchange, one.asset) for one in rows}


_Kept = TypeVar("_Kept")


def _new(rows: Sequence[_Kept], kept: Sequence[_Kept]) -> list[_Kept]:
    """The rows that are not kept yet, each once: a file may be imported again after it grew."""
    known = set(kept)
    return [one for one in dict.fromkeys(rows) if one not in known]


def import_bundled(
    exchange: str, db: str | None = None, *, clock: Callable[[], int] = lambda: int(time.time())
) -> Imported:
    """Keep what the program brings about one exchange: published figures and labelled addresses. Raises ``usage``."""
    name = checked_name(exchange)
    figures = [one for one in published.figures() if one.exchange.casefold() == name.casefold()]
    labelled = [
        StoredWallet(chain=chain, asset=_coin(chain), address=address, attribution=LABEL)
        for chain, address in address_book.labelled(name)
    ]
    if not figures and not labelled:
        raise ReservesError(ErrorCode.USAGE, say("history.nothing_bundled", exchange=name[:_SHORT]))
    owed = [one for one in figures if one.liabilities is not None]
    with open_store(db) as store:
        known = {(one.time, one.format, one.totals) for one in store.snapshots(name)}
        added = 0
        for group in _by_date(owed):
            one = group[0]
            snapshot = StoredSnapshot(
                exchange=name,
                snapshot=one.snapshot,
                time=read_time(one.date),
                height=one.height,
                format=_FIGURE_FORMAT,
                root=one.root,
                root_source=f"statement: {one.sources[0]}"[:_SOURCE_CHARS],
                file_sha256=None,
                binding=SumBinding.NONE,
                verdict=State.UNDECIDED,
                totals=tuple(StoredTotal(asset=figure.asset, amount=str(figure.liabilities)) for figure in group),
            )
            if (snapshot.time, snapshot.format, snapshot.totals) not in known:
                store.add_snapshot(snapshot)
                added += 1
        if labelled and all(one.source != _BOOK_SOURCE for one in store.lists(name)):
            store.add_list(
                StoredList(exchange=name, time=clock(), source=_BOOK_SOURCE, file_sha256=None, wallets=tuple(labelled))
            )
        else:
            labelled = []
    return Imported({"liabilities": added, "address": len(labelled)})


def _by_date(figures: Sequence[published.PublishedFigure]) -> list[list[published.PublishedFigure]]:
    """Figures of one date are one snapshot; of one asset stated twice the first counts."""
    grouped: dict[str, dict[str, published.PublishedFigure]] = {}
    for one in figures:
        grouped.setdefault(one.date, {}).setdefault(one.asset, one)
    return [list(group.values()) for _, group in sorted(grouped.items())]


def export_csv(db: str | None = None, exchange: str | None = None) -> str:
    """Every stored figure as CSV that :func:`import_series` reads; what was not retrieved is left out."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_SERIES)
    for row in export_rows(db, exchange):
        writer.writerow([row.get(name, "") if row.get(name) is not None else "" for name in _SERIES])
    return text.getvalue()


def export_rows(db: str | None = None, exchange: str | None = None) -> Iterator[dict[str, Any]]:
    """The same rows as objects, oldest first within each kind. Raises ``usage``, ``store.*``."""
    opened = existing_store(db)
    if opened is None:
        raise ReservesError(ErrorCode.USAGE, say("history.no_store"))
    with opened as store:
        names = [one for one in store.exchanges() if exchange is None or one.casefold() == exchange.casefold()]
        if exchange is not None and not names:
            raise ReservesError(ErrorCode.USAGE, say("history.no_exchange", exchange=exchange[:_SHORT]))
        assets: set[str] = set()
        for name in names:
            for snapshot in store.snapshots(name):
                yield from _owed_rows(snapshot)
            for wallets in store.lists(name):
                for wallet in wallets.wallets:
                    yield {
                        "exchange": name,
                        "asset": wallet.asset,
                        "time": shown_time(wallets.time),
                        "kind": "address",
                        "amount": wallet.amount,
                        "chain": wallet.chain,
                        "subject": wallet.address,
                        "source": wallets.source,
                    }
            for asset in store.assets(name):
                assets.add(asset)
                for one in store.observations(name, asset):
                    if one.amount is not None and one.kind in ("point", "walk"):
                        yield {
                            "exchange": name,
                            "asset": asset,
                            "time": shown_time(one.time),
                            "kind": "reserves",
                            "amount": one.amount,
                            "chain": one.chain,
                            "subject": one.subject,
                            "source": one.source,
                            "height": one.height,
                            "block_hash": one.block_hash,
                        }
        for asset in sorted(assets):
            for price in store.prices(asset):
                yield {
                    "exchange": "",
                    "asset": asset,
                    "time": shown_time(price.time),
                    "kind": "price",
                    "amount": price.value,
                    "source": price.source,
                }


def _owed_rows(snapshot: StoredSnapshot) -> Iterator[dict[str, Any]]:
    for figure in snapshot.totals:
        if figure.part == "net" and snapshot.time is not None:
            yield {
                "exchange": snapshot.exchange,
                "asset": figure.asset,
                "time": shown_time(snapshot.time),
                "kind": "liabilities",
                "amount": figure.amount,
                "subject": snapshot.snapshot,
                "source": f"{snapshot.format}, {snapshot.root_source}",
                "height": snapshot.height,
            }


def _rows(document: Document, exchange: str | None) -> Iterator[_Row]:
    where = f"{document.name}: line 1"
    records = read_csv(document)
    names = header_names([cell.lower() for cell in next(records, (1, [""]))[1]], where)
    for needed in ("time", "asset", "amount"):
        if needed not in names:
            raise ReservesError(ErrorCode.CSV_HEADER, say("error.csv_column", name=needed), where)
    default = None if exchange is None else checked_name(exchange)
    count = 0
    for number, record in records:
        if not any(cell.strip() for cell in record):
            continue
        count += 1
        here = f"{document.name}: line {number}"
        if len(record) != len(names):
            raise ReservesError(ErrorCode.FORMAT_SHAPE, say("history.import_columns", count=len(names)), here)
        if count > _ROWS:
            raise ReservesError(ErrorCode.LIMIT_ENTRIES, say("error.limit_entries", limit=_ROWS), here)
        try:
            yield _row(dict(zip(names, (cell.strip() for cell in record), strict=True)), default, document.name, here)
        except ReservesError as error:
            raise error if error.where == here else ReservesError(error.code, error.message, here) from None


def _row(cells: Mapping[str, str], exchange: str | None, file: str, here: str) -> _Row:
    kind = cells.get("kind") or "reserves"
    amount = cells["amount"]
    stated = amount or kind != "address"
    if stated and (not is_plain(amount) or amount.startswith("-")):
        raise ReservesError(ErrorCode.NUMBER_GRAMMAR, say("error.number_grammar", text=amount[:40]), here)
    named = cells.get("exchange") or exchange
    if kind not in _KINDS:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("history.import_kind", kinds=", ".join(_KINDS)), here)
    if kind != "price" and named is None:
        raise ReservesError(ErrorCode.USAGE, say("history.import_exchange"), here)
    chain = cells.get("chain") or "all"
    known = chain_of(chain)
    subject = cells.get("subject", "")
    if kind == "address" and not subject:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("history.import_address"), here)
    height = cells.get("height", "")
    if height and not (height.isascii() and height.isdigit() and len(height) < 12):
        raise ReservesError(ErrorCode.NUMBER_GRAMMAR, say("error.number_grammar", text=height[:40]), here)
    asset = cells["asset"]
    if not asset or not all(cell.isprintable() for cell in cells.values()):
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("history.import_text"), here)
    return _Row(
        exchange="" if named is None else checked_name(named),
        asset=asset[:_SHORT],
        time=_moment(cells["time"]),
        kind=kind,
        amount=amount,
        chain=(chain.lower() if known is None else known.name)[:40],
        subject=subject[:400],
        source=(cells.get("source") or f"file:{file}")[:_SOURCE_CHARS],
        height=int(height) if height else None,
        block_hash=cells.get("block_hash", "")[:128] or None,
    )


def _moment(text: str) -> int:
    """A date, or seconds UTC."""
    if text.isascii() and text.isdigit() and 9 <= len(text) <= 11:
        return int(text)
    return read_time(text)


def _observation(row: _Row) -> StoredObservation:
    return StoredObservation(
        exchange=row.exchange,
        chain=row.chain,
        subject=row.subject or LISTED,
        asset=row.asset,
        time=row.time,
        amount=row.amount,
        source=row.source,
        height=row.height,
        block_hash=row.block_hash,
    )


def _snapshots(rows: Sequence[_Row], format_id: str, sha256: str) -> Iterator[StoredSnapshot]:
    """Rows of one exchange and time are one snapshot; nothing but the file stands behind them."""
    grouped: dict[tuple[str, int, str], list[_Row]] = {}
    for row in rows:
        grouped.setdefault((row.exchange, row.time, row.source), []).append(row)
    for (exchange, moment, source), group in sorted(grouped.items(), key=lambda item: item[0][:2]):
        yield StoredSnapshot(
            exchange=exchange,
            snapshot=group[0].subject[:_SOURCE_CHARS] or None,
            time=moment,
            height=group[0].height,
            format=format_id,
            root=None,
            root_source=source,
            file_sha256=sha256,
            binding=SumBinding.NONE,
            verdict=State.UNDECIDED,
            totals=tuple(StoredTotal(asset=one.asset, amount=one.amount) for one in group),
        )


def _lists(rows: Sequence[_Row], sha256: str) -> Iterator[StoredList]:
    grouped: dict[tuple[str, int, str], list[_Row]] = {}
    for row in rows:
        grouped.setdefault((row.exchange, row.time, row.source), []).append(row)
    for (exchange, moment, source), group in sorted(grouped.items(), key=lambda item: item[0][:2]):
        wallets = tuple(
            StoredWallet(
                chain=one.chain, asset=one.asset, address=one.subject, amount=one.amount or None, attribution=LABEL
            )
            for one in group
        )
        yield StoredList(exchange=exchange, time=moment, source=source, file_sha256=sha256, wallets=wallets)


def _coin(chain: str) -> str:
    from reserves_gui.chain.chains import chain_named

    named = chain_named(chain)
    return named.coin if named is not None else chain.upper()
