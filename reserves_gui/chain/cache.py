"""What no longer changes on a chain, kept on disk: deep headers, deep transactions, balances at a deep fixed block.

The newest block is kept for ten seconds. Errors, keys, addresses of sources with keys in them and anything of the
user's proof never enter it.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from reserves_gui import limits

_TABLE = (
    "CREATE TABLE IF NOT EXISTS kept"
    " (key TEXT PRIMARY KEY, value TEXT NOT NULL, source TEXT NOT NULL, asked_at TEXT NOT NULL)"
)

_OLDER_HALF = (
    "DELETE FROM kept WHERE rowid IN (SELECT rowid FROM kept ORDER BY rowid LIMIT (SELECT COUNT(*) / 2 FROM kept))"
)


class Cache:
    """A small SQLite file, or memory when there is no folder for it. A damaged file is treated as an empty cache.

    ``fresh``: what was kept before is not given out, and what is kept now takes its place.
    """

    def __init__(self, path: Path | None = None, *, fresh: bool = False) -> None:
        self._guard = threading.Lock()
        self._own: set[str] | None = set() if fresh else None
        self._connection = self._opened(path)

    @staticmethod
    def _opened(path: Path | None) -> sqlite3.Connection:
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                connection = sqlite3.connect(path, check_same_thread=False, timeout=5)
                # What is lost when the power fails is asked for again.
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute(_TABLE)
                _trim(connection)
            except (OSError, sqlite3.Error):
                pass
            else:
                return connection
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        connection.execute(_TABLE)
        return connection

    def get(self, key: str) -> tuple[str, str, str] | None:
        """(value, source, asked_at) kept under ``key``, if any."""
        if self._own is not None and key not in self._own:
            return None
        with self._guard, contextlib.suppress(sqlite3.Error):
            row = self._connection.execute("SELECT value, source, asked_at FROM kept WHERE key = ?", (key,)).fetchone()
            return None if row is None else (str(row[0]), str(row[1]), str(row[2]))
        return None

    def put(self, key: str, value: str, *, source: str, asked_at: str) -> None:
        """Keep ``value``; whoever reads it knows for how long it is good."""
        with self._guard, contextlib.suppress(sqlite3.Error):
            self._connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", (key, value, source, asked_at))
            self._connection.commit()
            if self._own is not None:
                self._own.add(key)

    def clear(self) -> int:
        """Let go of everything; how many answers that were."""
        with self._guard, contextlib.suppress(sqlite3.Error):
            gone = self._connection.execute("DELETE FROM kept").rowcount
            self._connection.commit()
            self._connection.execute("VACUUM")
            return gone
        return 0

    def drop(self, prefix: str) -> None:
        """Let go of all keys that begin with ``prefix``."""
        with self._guard, contextlib.suppress(sqlite3.Error):
            self._connection.execute("DELETE FROM kept WHERE substr(key, 1, ?) = ?", (len(prefix), prefix))
            self._connection.commit()

    def entries(self) -> Iterator[tuple[str, str]]:
        """All (key, value) pairs, for tests and for the settings page."""
        with self._guard:
            rows = self._connection.execute("SELECT key, value FROM kept ORDER BY key").fetchall()
        yield from ((str(key), str(value)) for key, value in rows)

    def close(self) -> None:
        """Close the file."""
        with self._guard:
            self._connection.close()


def _trim(connection: sqlite3.Connection) -> None:
    """Let go of what was written first, once the file is too large."""
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    if pages * size > limits.CACHE_BYTES:
        connection.execute(_OLDER_HALF)
        connection.commit()
        connection.execute("VACUUM")
