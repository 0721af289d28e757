"""Connecting to a store and bringing its schema up to date."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, String, column, create_engine, event, inspect, select, table
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history import tables
from reserves_gui.messages import say

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = "reserves_gui.history:migrations"
_BUSY_SECONDS = 30
_CONNECT_SECONDS = 10


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite store at ``path``."""
    return f"sqlite:///{path}"


def shown_url(url: str) -> str:
    """``url`` without its password."""
    return make_url(url).render_as_string(hide_password=True)


def open_engine(url: str) -> Engine:
    """The engine of a store. Raises ``store.unusable`` for a URL that cannot be one."""
    try:
        parsed = _known_url(url)
        engine = create_engine(parsed, connect_args=patience(parsed))
    except (ArgumentError, NoSuchModuleError, ImportError, OSError, ValueError):
        raise ReservesError(ErrorCode.STORE_UNUSABLE, say("store.bad_url")) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_settings)
        event.listen(engine, "begin", _sqlite_begin)
    return engine


def _known_url(url: str) -> URL:
    parsed = parsed_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    return parsed


def parsed_url(url: str) -> URL:
    """The URL of a store with the driver it is used with. Raises ``ArgumentError``."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise ArgumentError(backend)
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed


def patience(url: URL) -> dict[str, int]:
    """Arguments of a connection: how long a writer waits for others, or a connection for its server, in seconds."""
    if url.get_backend_name() == "sqlite":
        return {"timeout": _BUSY_SECONDS}
    return {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_SECONDS}


def _sqlite_settings(connection: Any, _record: object) -> None:
    # The driver's own handling begins too late: the writer must hold the lock before it reads the head.
    connection.isolation_level = None
    cursor = connection.cursor()
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON"):
        cursor.execute(statement)
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("reading") else "BEGIN IMMEDIATE")


def migrate(connection: Connection, url: str) -> None:
    """Bring the schema up to date. Raises ``store.newer``, ``store.unusable`` for tables of somebody else."""
    if revision(connection) == tables.REVISION:
        # Nearly always. The library that migrates takes as long to load as everything else together.
        return
    from alembic import command
    from alembic.runtime.migration import MigrationContext

    config = _migrations()
    config.attributes["connection"] = connection
    present = MigrationContext.configure(connection).get_current_revision()
    if present is not None and present not in known_revisions():
        raise ReservesError(
            ErrorCode.STORE_NEWER, say("store.newer"), make_url(url).render_as_string(hide_password=True)
        )
    if present is None and set(inspect(connection).get_table_names()) & set(tables.METADATA.tables):
        raise ReservesError(
            ErrorCode.STORE_UNUSABLE, say("store.foreign"), make_url(url).render_as_string(hide_password=True)
        )
    if present != tables.REVISION:
        command.upgrade(config, "head")


def known_revisions() -> frozenset[str]:
    """The schemas this program can bring up to date, and its own."""
    from alembic.script import ScriptDirectory

    return frozenset(one.revision for one in ScriptDirectory.from_config(_migrations()).walk_revisions())


def _migrations() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    return config


def revision(connection: Connection) -> str | None:
    """What the schema says it is; None for an empty database, or one of somebody else."""
    version = table("alembic_version", column("version_num", String))
    if not inspect(connection).has_table(version.name):
        return None
    return connection.execute(select(version.c.version_num)).scalar()


def unusable(url: str, error: SQLAlchemyError) -> ReservesError:
    """What a database error means to the user."""
    # The driver's own text may quote values; its kind is enough.
    message = say("store.unusable", kind=type(error).__name__)
    return ReservesError(ErrorCode.STORE_UNUSABLE, message, shown_url(url))
