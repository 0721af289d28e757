"""What never changes on a chain, kept on disk: deep headers, deep transactions, balances at a deep fixed block.

Answers about the tip, errors, keys and anything of the user's proof never enter it.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

_TABLE = (
    "CREATE TABLE IF NOT EXISTS kept"
    " (key TEXT PRIMARY KEY, value TEXT NOT NULL, source TEXT NOT NULL, asked_at TEXT NOT NULL)"
)


class Cache:
    """A small SQLite file, or memory when there is no folder for it. A damaged file is treated as an empty cache."""

    def __init__(self, path: Path | None = None) -> None:
        self._guard = threading.Lock()
        self._connection = self._opened(path)

    @staticmethod
    def _opened(path: Path | None) -> sqlite3.Connection:
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                connection = sqlite3.connect(path, check_same_thread=False, timeout=5)
                connection.execute(_TABLE)
            except (OSError, sqlite3.Error):
                pass
            else:
                return connection
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        connection.execute(_TABLE)
        return connection

    def get(self, key: str) -> tuple[str, str, str] | None:
        """(value, source, asked_at) kept under ``key``, if any."""
        with self._guard, contextlib.suppress(sqlite3.Error):
            row = self._connection.execute("SELECT value, source, asked_at FROM kept WHERE key = ?", (key,)).fetchone()
            return None if row is None else (str(row[0]), str(row[1]), str(row[2]))
        return None

    def put(self, key: str, value: str, *, source: str, asked_at: str) -> None:
        """Keep ``value`` for ever."""
        with self._guard, contextlib.suppress(sqlite3.Error):
            self._connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", (key, value, source, asked_at))
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
