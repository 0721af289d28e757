"""Looking at a store from outside tells what is there and changes nothing, on SQLite and on PostgreSQL."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history import tables
from reserves_gui.history.database import open_engine, sqlite_url
from reserves_gui.history.looking import StoreLook, StoreState, look_at
from reserves_gui.history.store import Store
from tests.history.test_store import _seen

Opened = Callable[[], Store]


def _refusal(url: str) -> tuple[ErrorCode, str]:
    with pytest.raises(ReservesError) as caught:
        look_at(url)
    return caught.value.code, caught.value.message.key


def test_where_nothing_was_kept_nothing_is_made(url: str, tmp_path: Path) -> None:
    assert look_at(url) == StoreLook(StoreState.NOTHING)
    if url.startswith("sqlite"):
        assert list(tmp_path.iterdir()) == []
    else:
        engine = open_engine(url)
        assert inspect(engine).get_table_names() == []
        engine.dispose()


def test_a_store_in_use_is_named_with_its_schema_and_entries(opened: Opened, url: str) -> None:
    opened().add_observations([_seen(10, "1.5")])
    found = look_at(url)
    assert found == StoreLook(StoreState.CURRENT, tables.REVISION, 1)
    assert found.message.args == {"revision": tables.REVISION, "count": 1}


def test_an_older_schema_is_said_to_be_one_and_stays(opened: Opened, url: str) -> None:
    with opened()._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    assert [look_at(url).state for _ in range(2)] == [StoreState.OLDER] * 2


def test_newer_and_foreign_stores_are_told_apart(opened: Opened, url: str) -> None:
    with opened()._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert _refusal(url) == (ErrorCode.STORE_NEWER, "store.newer")
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    engine.dispose()
    assert _refusal(url) == (ErrorCode.STORE_UNUSABLE, "store.foreign")


@pytest.mark.parametrize(
    ("bad", "key"),
    [
        ("", "store.bad_url"),
        ("mysql://x/y", "store.bad_url"),
        ("sqlite://", "store.bad_url"),
        ("postgresql://u:s3cret@127.0.0.1:1/x", "store.unusable"),
    ],
)
def test_what_can_be_no_store_says_why(bad: str, key: str) -> None:
    assert _refusal(bad) == (ErrorCode.STORE_UNUSABLE, key)


def test_a_file_of_another_program_is_left_as_it_was(tmp_path: Path) -> None:
    other, words = tmp_path / "other.sqlite", tmp_path / "words.sqlite"
    engine = create_engine(sqlite_url(other))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE diary (page TEXT)"))
    engine.dispose()
    words.write_text("not a database, " * 100)
    before = [hashlib.sha256(path.read_bytes()).digest() for path in (other, words)]
    assert look_at(sqlite_url(other)).state is StoreState.NOTHING
    assert _refusal(sqlite_url(words)) == (ErrorCode.STORE_UNUSABLE, "store.unusable")
    assert [hashlib.sha256(path.read_bytes()).digest() for path in (other, words)] == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.sqlite", "words.sqlite"]


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    assert _refusal(sqlite_url(tmp_path)) == (ErrorCode.STORE_UNUSABLE, "store.read_only")


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_database_that_may_only_be_read_is_no_place_to_keep_things(opened: Opened, url: str) -> None:
    role = f"reader{time.monotonic_ns()}"
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text(f"CREATE ROLE {role} LOGIN"))
            connection.execute(text("REVOKE CREATE ON SCHEMA public FROM public"))
        reader = url.replace("postgres@", f"{role}@")
        assert _refusal(reader) == (ErrorCode.STORE_UNUSABLE, "store.read_only")
        opened()
        with engine.begin() as connection:
            connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"))
        assert _refusal(reader) == (ErrorCode.STORE_UNUSABLE, "store.read_only")
        with engine.begin() as connection:
            connection.execute(text(f"GRANT INSERT ON ledger TO {role}"))
        assert look_at(reader).state is StoreState.CURRENT
    finally:
        engine.dispose()
