"""Looking at a store from outside: whether it can be used, and how far its schema is. Nothing is made or changed."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, func, inspect, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history import tables
from reserves_gui.history.database import known_revisions, parsed_url, patience, revision, shown_url, unusable
from reserves_gui.messages import Message, say


class StoreState(StrEnum):
    """How far the schema of a store is."""

    NOTHING = "nothing"
    """Nothing was kept there yet; the tables are made when something is."""
    CURRENT = "current"
    OLDER = "older"
    """Brought up to date when it is next used."""


@dataclass(frozen=True, slots=True)
class StoreLook:
    """``revision``: the schema as the store names it, None where there is none; ``batches``: entries of its chain."""

    state: StoreState
    revision: str | None = None
    batches: int = 0

    @property
    def message(self) -> Message:
        """What was found, as a sentence."""
        return say(f"store.look.{self.state.value}", revision=self.revision or "", count=self.batches)


def look_at(url: str) -> StoreLook:
    """The store at ``url`` as it is. Raises ``store.unusable`` with the reason, ``store.newer``."""
    try:
        parsed = parsed_url(url)
        if parsed.get_backend_name() == "sqlite" and not _has_file(parsed, url):
            return StoreLook(StoreState.NOTHING)
        # Without the settings of a store in use: they would be written into a file that may be somebody else's.
        engine = create_engine(parsed, connect_args=patience(parsed))
    except (ArgumentError, NoSuchModuleError, ImportError, OSError, ValueError):
        raise ReservesError(ErrorCode.STORE_UNUSABLE, say("store.bad_url")) from None
    try:
        return _looked(engine, url)
    except SQLAlchemyError as error:
        raise unusable(url, error) from None
    finally:
        engine.dispose()


def _has_file(parsed: URL, url: str) -> bool:
    """Whether the SQLite file exists. Raises ``store.unusable`` where it could not be written."""
    if not parsed.database or parsed.database == ":memory:":
        raise ArgumentError("no file")
    path = Path(parsed.database)
    found = path.is_file()
    lowest = next(one for one in (path if found else path.parent, *path.parents) if one.exists())
    if path.is_dir() or not os.access(lowest, os.W_OK) or not (found or lowest.is_dir()):
        raise _read_only(url)
    return found


def _looked(engine: Engine, url: str) -> StoreLook:
    with engine.connect() as connection:
        present = revision(connection)
        if present is None:
            if set(inspect(connection).get_table_names()) & set(tables.METADATA.tables):
                raise ReservesError(ErrorCode.STORE_UNUSABLE, say("store.foreign"), shown_url(url))
            _writable(connection, url, "has_schema_privilege(current_schema(), 'CREATE')")
            return StoreLook(StoreState.NOTHING)
        if present not in known_revisions():
            raise ReservesError(ErrorCode.STORE_NEWER, say("store.newer"), shown_url(url))
        _writable(connection, url, f"has_table_privilege('{tables.LEDGER.name}', 'INSERT')")
        batches = connection.execute(select(func.count()).select_from(tables.LEDGER)).scalar_one()
        state = StoreState.CURRENT if present == tables.REVISION else StoreState.OLDER
        return StoreLook(state, present, int(batches))


def _writable(connection: Connection, url: str, right: str) -> None:
    if connection.dialect.name == "postgresql" and not connection.execute(text(f"SELECT {right}")).scalar():
        raise _read_only(url)


def _read_only(url: str) -> ReservesError:
    return ReservesError(ErrorCode.STORE_UNUSABLE, say("store.read_only"), shown_url(url))
