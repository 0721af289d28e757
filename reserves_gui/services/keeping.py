"""Where the program keeps things: the data folder, the store, the root log."""

import datetime as dt
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path, user_data_path

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say
from reserves_gui.services.ways import db_of_ways
from reserves_gui.trust.root_log import RootLog

if TYPE_CHECKING:
    from reserves_gui.history.store import Store

STORE_VARIABLE = "RESERVES_DB"
"""Names the store for one start; it counts more than settings and less than ``--db``."""
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:Z|\+00:00)?)?)?", re.ASCII)


def data_folder() -> Path:
    """The folder of this user's data, or the one in ``RESERVES_DATA``; made when something is written."""
    named = os.environ.get("RESERVES_DATA")
    return Path(named) if named else user_data_path("reserves", appauthor=False)


def cache_folder() -> Path:
    """Where answers about deep blocks are kept: they can be asked for again, so it may be deleted at any time."""
    named = os.environ.get("RESERVES_DATA")
    return Path(named) / "cache" if named else user_cache_path("reserves", appauthor=False)


def store_url(db: str | None) -> str:
    """The URL of the store: as given, from ``RESERVES_DB``, as settings say, or a SQLite file in the data folder."""
    return _named_store(db) or usual_store()


def usual_store() -> str:
    """The URL of the store where nothing names one: a SQLite file in the data folder."""
    from reserves_gui.history.database import sqlite_url

    return sqlite_url(data_folder() / "history.sqlite")


def _named_store(db: str | None) -> str | None:
    return db or os.environ.get(STORE_VARIABLE) or db_of_ways()


def open_store(db: str | None) -> "Store":
    """The store, made if it does not exist. Raises ``store.unusable``, ``store.newer``."""
    from reserves_gui.history.store import Store

    return Store(store_url(db), clock=lambda: int(time.time()))


def has_store(db: str | None) -> bool:
    """Whether there is a store to look into: one that was named, or the default file if it exists."""
    return bool(_named_store(db)) or (data_folder() / "history.sqlite").exists()


def readable_store(db: str | None) -> str | None:
    """The URL of the store there is to look into, None where nothing was kept yet and none was named."""
    return store_url(db) if has_store(db) else None


def existing_store(db: str | None) -> "Store | None":
    """The store if there is one to look into; None where nothing was kept yet and none was named."""
    return open_store(db) if has_store(db) else None


def root_log() -> RootLog:
    """The log of every root seen. Raises ``store.unusable`` if it was changed."""
    return RootLog(data_folder() / "root-log")


def read_time(text: str) -> int:
    """Seconds UTC of ``2026-10-31``, ``2026-10-31T00:00:00Z``, ``2026-10`` (its first day). Raises ``usage``."""
    match = _DATE.fullmatch(text.strip())
    if match is not None:
        year, month, day, hour, minute, second = (
            int(part or default) for part, default in zip(match.groups(), "011000", strict=True)
        )
        try:
            return int(dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC).timestamp())
        except (ValueError, OverflowError):
            pass
    raise ReservesError(ErrorCode.USAGE, say("error.time_grammar", text=text[:40]))


def shown_time(seconds: int) -> str:
    """ISO 8601 UTC text."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
