"""The store: a SQLite file by default, PostgreSQL by URL; append-only, chained, migrated when opened.

No secret of the user goes in: snapshots carry roots and totals, never own balances, ids or nonces.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Self

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, Table, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from reserves_gui.canonical import canonical_bytes
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history import ledger, tables
from reserves_gui.history.alerts import Alert, Level, Rule
from reserves_gui.history.checking import checked, record_of, records_of
from reserves_gui.history.database import migrate, open_engine, shown_url, unusable
from reserves_gui.history.records import (
    StoredKey,
    StoredList,
    StoredObservation,
    StoredParty,
    StoredPrice,
    StoredSnapshot,
    StoredTotal,
    StoredWallet,
)
from reserves_gui.history.seen import LISTED
from reserves_gui.messages import say
from reserves_gui.plain_json import load_plain
from reserves_gui.verdict import State, SumBinding


class Store:
    """An open store. Use as a context manager, or call :meth:`close`."""

    def __init__(self, url: str, *, clock: Callable[[], int]) -> None:
        """Open and migrate the store at ``url``. Raises ``store.unusable``, ``store.newer``."""
        self._clock = clock
        self.url = url
        self._engine = open_engine(url)
        self._readers = self._engine.execution_options(reading=True)
        self._known: dict[tuple[object, ...], tuple[int | None, list[StoredObservation]]] = {}
        try:
            with self._engine.begin() as connection:
                migrate(connection, url)
        except SQLAlchemyError as error:
            self._engine.dispose()
            raise unusable(url, error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    def add_snapshot(self, snapshot: StoredSnapshot) -> int:
        """Keep a snapshot with its totals; its id."""
        with self._batch("snapshot") as (connection, batch):
            values = {
                "batch": batch,
                "exchange": snapshot.exchange,
                "snapshot": snapshot.snapshot,
                "time": snapshot.time,
                "height": snapshot.height,
                "format": snapshot.format,
                "root": snapshot.root,
                "root_source": snapshot.root_source,
                "file_sha256": snapshot.file_sha256,
                "binding": snapshot.binding.value,
                "verdict": snapshot.verdict.value,
            }
            key = connection.execute(insert(tables.SNAPSHOT).values(values)).inserted_primary_key
            number = int(key[0]) if key is not None else 0
            totals = [
                {
                    "batch": batch,
                    "snapshot_id": number,
                    "asset": one.asset,
                    "amount": one.amount,
                    "part": one.part,
                    "recomputed": one.recomputed,
                    "total_verified": one.total_verified,
                }
                for one in snapshot.totals
            ]
            _insert_all(connection, tables.TOTAL, totals)
            keys = [{"batch": batch, "snapshot_id": number, **_plain(one)} for one in snapshot.keys]
            _insert_all(connection, tables.ROUND_KEY, keys)
            return number

    def add_list(self, wallets: StoredList) -> int:
        """Keep a wallet list; its id."""
        with self._batch("wallet_list") as (connection, batch):
            values = {
                "batch": batch,
                "exchange": wallets.exchange,
                "time": wallets.time,
                "source": wallets.source,
                "file_sha256": wallets.file_sha256,
            }
            key = connection.execute(insert(tables.WALLET_LIST).values(values)).inserted_primary_key
            number = int(key[0]) if key is not None else 0
            rows = [{"batch": batch, "list_id": number, **_plain(one)} for one in wallets.wallets]
            _insert_all(connection, tables.WALLET, rows)
            return number

    def add_observations(self, observations: Sequence[StoredObservation], parties: Sequence[StoredParty] = ()) -> None:
        """Keep what sources saw, with who took part in large transactions, as one batch."""
        if observations or parties:
            with self._batch("observation") as (connection, batch):
                _insert_all(connection, tables.OBSERVATION, [{"batch": batch, **_plain(one)} for one in observations])
                _insert_all(connection, tables.PARTY, [{"batch": batch, **_plain(one)} for one in parties])

    def add_prices(self, prices: Sequence[StoredPrice]) -> None:
        """Keep prices, as one batch."""
        if prices:
            with self._batch("price") as (connection, batch):
                _insert_all(connection, tables.PRICE, [{"batch": batch, **_plain(one)} for one in prices])

    def add_alerts(self, exchange: str, alerts: Sequence[Alert]) -> None:
        """Keep alerts with the figures that raised them."""
        if alerts:
            with self._batch("alert") as (connection, batch):
                rows = [
                    {
                        "batch": batch,
                        "exchange": exchange,
                        "rule": one.rule.value,
                        "subject": one.subject,
                        "level": one.level.value,
                        "time": one.time,
                        "value": one.value,
                        "threshold": one.threshold,
                        "figures": canonical_bytes(dict(one.figures)).decode(),
                    }
                    for one in alerts
                ]
                _insert_all(connection, tables.ALERT, rows)

    def exchanges(self) -> list[str]:
        """All exchanges something is kept about, by name."""
        names: set[str] = set()
        with self._reading() as connection:
            for table in (tables.SNAPSHOT, tables.WALLET_LIST, tables.ALERT):
                names |= set(connection.execute(select(table.c.exchange).distinct()).scalars())
            names |= set(_stepwise(connection, tables.OBSERVATION.c.exchange))
        return sorted(names, key=str.casefold)

    def assets(self, exchange: str) -> list[str]:
        """All assets with a total, a listed address or an observation of one exchange, by name."""
        owed = (
            select(tables.TOTAL.c.asset)
            .join(tables.SNAPSHOT, tables.SNAPSHOT.c.id == tables.TOTAL.c.snapshot_id)
            .where(tables.SNAPSHOT.c.exchange == exchange)
        )
        listed = (
            select(tables.WALLET.c.asset)
            .join(tables.WALLET_LIST, tables.WALLET_LIST.c.id == tables.WALLET.c.list_id)
            .where(tables.WALLET_LIST.c.exchange == exchange)
        )
        o = tables.OBSERVATION.c
        with self._reading() as connection:
            names = {name for one in (owed, listed) for name in connection.execute(one.distinct()).scalars()}
            return sorted(names.union(_stepwise(connection, o.asset, o.exchange == exchange)))

    def snapshots(self, exchange: str | None = None) -> list[StoredSnapshot]:
        """Snapshots with their totals, oldest first; those without a time come first."""
        query = select(tables.SNAPSHOT)
        if exchange is not None:
            query = query.where(tables.SNAPSHOT.c.exchange == exchange)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(tables.SNAPSHOT.c.time, tables.SNAPSHOT.c.id)).mappings().all()
            numbers = [row["id"] for row in rows]
            totals, keys = self._totals(connection, numbers), self._keys(connection, numbers)
        return [
            _snapshot(checked(tables.SNAPSHOT, row), totals.get(row["id"], []), keys.get(row["id"], [])) for row in rows
        ]

    def lists(self, exchange: str) -> list[StoredList]:
        """Wallet lists of one exchange, oldest first."""
        query = select(tables.WALLET_LIST).where(tables.WALLET_LIST.c.exchange == exchange)
        with self._reading() as connection:
            found = connection.execute(query.order_by(tables.WALLET_LIST.c.time, tables.WALLET_LIST.c.id)).mappings()
            return [self._list(connection, row) for row in found.all()]

    def observations(
        self, exchange: str, asset: str, *, subject: str | None = None, start: int = 0, end: int = 2**62
    ) -> list[StoredObservation]:
        """What was seen of one asset from ``start`` to ``end``, oldest first; rows that were corrected are left out."""
        o = tables.OBSERVATION.c
        query = select(tables.OBSERVATION).where(
            o.exchange == exchange, o.asset == asset, o.time >= start, o.time <= end
        )
        if subject is not None:
            query = query.where(o.subject == subject)
        with self._reading() as connection:
            last = connection.execute(select(func.max(tables.LEDGER.c.id))).scalar()
            key = (exchange, asset, subject, start, end)
            known = self._known.get(key)
            # Rows are only ever added: what was read stays good until another batch is there.
            if known is None or known[0] != last:
                rows = connection.execute(query.order_by(o.time, o.id)).all()
                replaced = {row.replaces for row in rows if row.replaces is not None}
                found = records_of(StoredObservation, tables.OBSERVATION, rows, leave=replaced)
                known = self._known[key] = (last, found)
        return list(known[1])

    def parties(self, exchange: str, asset: str, *, start: int = 0, end: int = 2**62) -> list[StoredParty]:
        """Who took part in large transactions from ``start`` to ``end``, oldest first."""
        p = tables.PARTY.c
        query = select(tables.PARTY).where(p.exchange == exchange, p.asset == asset, p.time >= start, p.time <= end)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(p.time, p.id)).all()
        return records_of(StoredParty, tables.PARTY, rows)

    def last_look(self, exchange: str, asset: str, end: int = 2**62) -> int | None:
        """When the listed wallets of one asset were looked at last, at ``end`` at the latest; None: never."""
        o = tables.OBSERVATION.c
        query = select(func.max(o.time)).where(
            o.exchange == exchange, o.asset == asset, o.subject == LISTED, o.time <= end
        )
        with self._reading() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else int(found)

    def rounds(self, exchange: str, asset: str) -> int:
        """How many times the listed wallets of one asset were looked at."""
        o = tables.OBSERVATION.c
        query = select(func.count(o.time.distinct())).where(
            o.exchange == exchange, o.asset == asset, o.subject == LISTED
        )
        with self._reading() as connection:
            return int(connection.execute(query).scalar() or 0)

    def prices(self, asset: str) -> list[StoredPrice]:
        """Prices of one asset, oldest first."""
        query = (
            select(tables.PRICE).where(tables.PRICE.c.asset == asset).order_by(tables.PRICE.c.time, tables.PRICE.c.id)
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return records_of(StoredPrice, tables.PRICE, rows)

    def alerts(self, exchange: str | None = None) -> list[tuple[str, Alert]]:
        """Stored alerts with their exchange, oldest first."""
        query = select(tables.ALERT)
        if exchange is not None:
            query = query.where(tables.ALERT.c.exchange == exchange)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(tables.ALERT.c.time, tables.ALERT.c.id)).mappings().all()
        return [
            (
                row["exchange"],
                Alert(
                    rule=Rule(row["rule"]),
                    subject=row["subject"],
                    level=Level(row["level"]),
                    time=row["time"],
                    value=row["value"],
                    threshold=row["threshold"],
                    figures=load_plain(row["figures"]),
                ),
            )
            for row in (checked(tables.ALERT, one) for one in rows)
        ]

    def integrity(self) -> ledger.Break | None:
        """The first place where the chain over all evidence does not hold."""
        with self._reading() as connection:
            return ledger.first_break(connection)

    def head(self) -> str:
        """The newest hash of the chain: print it, and nobody can change the past unseen."""
        with self._reading() as connection:
            return ledger.head(connection)

    def dump(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every row of every table as (table, columns), for a backup."""
        with self._reading() as connection:
            for table in (tables.LEDGER, *tables.EVIDENCE):
                for row in connection.execute(select(table).order_by(table.c.id)).mappings():
                    yield table.name, dict(row)

    def load(self, rows: Iterator[tuple[str, dict[str, Any]]]) -> int:
        """Fill an empty store from :meth:`dump`; how many rows. Raises ``store.unusable``, ``store.newer``."""
        known = {table.name: table for table in (tables.LEDGER, *tables.EVIDENCE)}
        count = 0
        try:
            with self._engine.begin() as connection:
                if connection.execute(select(tables.LEDGER.c.id).limit(1)).first() is not None:
                    raise ReservesError(ErrorCode.STORE_UNUSABLE, say("store.not_empty"), shown_url(self.url))
                for name, values in rows:
                    if name not in known:
                        raise ReservesError(ErrorCode.STORE_NEWER, say("store.newer"), name)
                    connection.execute(insert(known[name]).values(checked(known[name], values)))
                    count += 1
                if ledger.first_break(connection) is not None:
                    raise ReservesError(ErrorCode.STORE_UNUSABLE, say("store.broken_backup"), shown_url(self.url))
                if connection.dialect.name == "postgresql":
                    # Rows that bring their ids do not move the counters that give out the next ones.
                    for table in tables.EVIDENCE:
                        following = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
                        counter = func.pg_get_serial_sequence(table.name, "id")
                        connection.execute(select(func.setval(counter, following, text("false"))))
        except SQLAlchemyError as error:
            raise unusable(self.url, error) from None
        return count

    @contextmanager
    def _batch(self, kind: str) -> Iterator[tuple[Connection, int]]:
        try:
            with self._engine.begin() as connection:
                batch = ledger.open_batch(connection, kind, self._clock())
                yield connection, batch
                ledger.close_batch(connection, batch)
        except SQLAlchemyError as error:
            raise unusable(self.url, error) from None

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._readers.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise unusable(self.url, error) from None
        except (TypeError, ValueError, LookupError):
            # The driver's own conversion met a value that its column cannot hold.
            raise ReservesError(ErrorCode.STORE_UNUSABLE, say("store.bad_row"), shown_url(self.url)) from None

    def _totals(self, connection: Connection, numbers: Sequence[int]) -> dict[int, list[StoredTotal]]:
        found: dict[int, list[StoredTotal]] = {}
        query = select(tables.TOTAL).where(tables.TOTAL.c.snapshot_id.in_(numbers)).order_by(tables.TOTAL.c.id)
        for row in connection.execute(query).mappings():
            found.setdefault(row["snapshot_id"], []).append(record_of(StoredTotal, checked(tables.TOTAL, row)))
        return found

    def _keys(self, connection: Connection, numbers: Sequence[int]) -> dict[int, list[StoredKey]]:
        found: dict[int, list[StoredKey]] = {}
        k = tables.ROUND_KEY.c
        query = select(k.snapshot_id, k.name, k.sha256).where(k.snapshot_id.in_(numbers)).order_by(k.id)
        for number, name, sha256 in connection.execute(query):
            found.setdefault(number, []).append(StoredKey(name=name, sha256=sha256))
        return found

    def _list(self, connection: Connection, row: RowMapping) -> StoredList:
        w = tables.WALLET.c
        checked(tables.WALLET_LIST, row)
        query = select(tables.WALLET).where(w.list_id == row["id"]).order_by(w.id)
        rows = (checked(tables.WALLET, one) for one in connection.execute(query).mappings())
        wallets = tuple(record_of(StoredWallet, one) for one in rows)
        return StoredList(
            exchange=row["exchange"],
            time=row["time"],
            source=row["source"],
            file_sha256=row["file_sha256"],
            wallets=wallets,
            id=row["id"],
        )


def _stepwise(connection: Connection, column: Column[str], *where: ColumnElement[bool]) -> Iterator[str]:
    """Every value of a column once, one step along its index each: what a query for distinct ones reads is all rows."""
    query = select(func.min(column)).where(*where)
    value = connection.execute(query).scalar()
    while value is not None:
        yield value
        value = connection.execute(query.where(column > value)).scalar()


def _insert_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), [dict(row) for row in rows])


def _plain(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _snapshot(row: Mapping[str, Any], totals: Sequence[StoredTotal], keys: Sequence[StoredKey]) -> StoredSnapshot:
    return StoredSnapshot(
        id=row["id"],
        exchange=row["exchange"],
        snapshot=row["snapshot"],
        time=row["time"],
        height=row["height"],
        format=row["format"],
        root=row["root"],
        root_source=row["root_source"],
        file_sha256=row["file_sha256"],
        binding=SumBinding(row["binding"]),
        verdict=State(row["verdict"]),
        totals=tuple(totals),
        keys=tuple(keys),
    )
