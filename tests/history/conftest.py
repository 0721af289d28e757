"""Stores to test with: a SQLite file always, PostgreSQL where it is installed (in CI it must be)."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reserves_gui.history.database import sqlite_url
from reserves_gui.history.store import Store

NOW = 1_793_000_000


def _binaries() -> Path | None:
    """Debian keeps the server's programs off the path; elsewhere they are on it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3].split(".")[0]))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named is not None and shutil.which("pg_ctl") is not None else None


def _as_owner(*command: str) -> list[str]:
    # The server refuses to run as root.
    return ["runuser", "-u", "postgres", "--", *command] if os.name == "posix" and os.geteuid() == 0 else list(command)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str | None]:
    """A throw-away server over a Unix socket, None where PostgreSQL is not installed."""
    binaries = _binaries()
    if binaries is None:
        assert os.environ.get("CI") != "true", "PostgreSQL must be installed in CI"
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="rsv", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        initdb = _as_owner(
            str(binaries / "initdb"), "-D", str(folder / "db"), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C"
        )  # fmt: skip
        subprocess.run(initdb, check=True, capture_output=True, cwd=folder)
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        start = _as_owner(
            str(binaries / "pg_ctl"), "-D", str(folder / "db"), "-w", "-l", str(folder / "log"), "-o", settings, "start"
        )
        subprocess.run(start, check=True, capture_output=True, cwd=folder)
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        stop = _as_owner(str(binaries / "pg_ctl"), "-D", str(folder / "db"), "-m", "immediate", "stop")
        subprocess.run(stop, check=False, capture_output=True, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store, once per kind."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "store.sqlite")
    server = request.getfixturevalue("postgres_url")
    if server is None:
        pytest.skip("PostgreSQL is not installed")
    from sqlalchemy import create_engine, text

    name = f"t{time.monotonic_ns()}"
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.replace("@/postgres", f"@/{name}")


@pytest.fixture
def opened(url: str) -> Iterator[Callable[[], Store]]:
    """Opens the same store as often as asked; all are closed at the end."""
    stores: list[Store] = []

    def again() -> Store:
        stores.append(Store(url, clock=lambda: NOW))
        return stores[-1]

    yield again
    for store in stores:
        store.close()
