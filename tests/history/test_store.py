"""The store: append-only and chained, the same on SQLite and PostgreSQL, crash-safe, with backup and restore."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history import tables
from reserves_gui.history.alerts import Alert, Level, Rule
from reserves_gui.history.database import MIGRATIONS, sqlite_url
from reserves_gui.history.records import (
    StoredList,
    StoredObservation,
    StoredParty,
    StoredPrice,
    StoredSnapshot,
    StoredTotal,
    StoredWallet,
)
from reserves_gui.history.store import Store
from reserves_gui.verdict import State, SumBinding

Opened = Callable[[], Store]
SNAPSHOT = StoredSnapshot(
    exchange="Northsea",
    snapshot="2026-10-31",
    time=1_793_404_800,
    height=None,
    format="f",
    root="ab" * 32,
    root_source="page",
    file_sha256="cd" * 32,
    binding=SumBinding.SUM_ONLY,
    verdict=State.UNDECIDED,
    totals=(
        StoredTotal(asset="BTC", amount="123456789.123456789012345678"),
        StoredTotal(asset="ETH", amount="0", part="gross"),
    ),
)


def _seen(time: int, amount: str | None, **changes: object) -> StoredObservation:
    plain = {"exchange": "Northsea", "chain": "bitcoin", "subject": "listed", "asset": "BTC", "source": "a"}
    return StoredObservation(time=time, amount=amount, **{**plain, **changes})


def test_everything_comes_back_exactly(opened: Opened) -> None:
    store = opened()
    store.add_snapshot(SNAPSHOT)
    wallets = (StoredWallet(chain="bitcoin", asset="BTC", address="bc1q", amount="1.50", attribution="signed"),)
    store.add_list(StoredList(exchange="Northsea", time=5, source="list.csv", file_sha256=None, wallets=wallets))
    party = StoredParty(
        exchange="Northsea",
        chain="bitcoin",
        asset="BTC",
        transaction_id="ef" * 32,
        time=30,
        height=7,
        address="bc1p",
        amount="-0.5",
        source="a",
    )
    store.add_observations([_seen(10, "1.5"), _seen(20, None), _seen(30, "2")], [party])
    store.add_prices([StoredPrice(asset="BTC", currency="USD", time=10, value="17000.01", source="s")])
    alert = Alert(
        rule=Rule.DROP_DAY, subject="BTC", level=Level.WARNING, time=9, value="7 %", threshold="5 %", figures={"a": "1"}
    )
    store.add_alerts("Northsea", [alert])
    again = opened()
    (snapshot,) = again.snapshots("Northsea")
    assert (snapshot.totals, snapshot.root, snapshot.binding) == (SNAPSHOT.totals, SNAPSHOT.root, SumBinding.SUM_ONLY)
    assert again.lists("Northsea")[0].wallets == wallets
    assert [one.amount for one in again.observations("Northsea", "BTC")] == ["1.5", None, "2"]
    assert again.parties("Northsea", "BTC") == again.parties("Northsea", "BTC", start=30, end=30) == [party]
    assert again.parties("Northsea", "BTC", end=29) == []
    assert again.prices("BTC")[0].value == "17000.01"
    assert again.alerts() == [("Northsea", alert)]
    assert again.exchanges() == ["Northsea"]
    assert again.assets("Northsea") == ["BTC", "ETH"]
    assert again.integrity() is None


def test_a_correction_is_a_new_row_and_the_old_one_stays(opened: Opened) -> None:
    store = opened()
    store.add_observations([_seen(10, "1.5")])
    store.add_observations([_seen(10, "1.6", replaces=1)])
    assert [one.amount for one in store.observations("Northsea", "BTC")] == ["1.6"]
    assert len([1 for name, _ in store.dump() if name == "observation"]) == 2


def test_what_was_read_once_is_read_again_as_soon_as_somebody_added_to_it(opened: Opened) -> None:
    one, other = opened(), opened()
    one.add_observations([_seen(1, "5")])
    first = one.observations("Northsea", "BTC")
    # A reader may do with its list what it likes.
    one.observations("Northsea", "BTC").clear()
    assert one.observations("Northsea", "BTC") == first
    other.add_observations([_seen(2, "6")])
    assert [row.amount for row in one.observations("Northsea", "BTC")] == ["5", "6"]
    assert [row.amount for row in one.observations("Northsea", "BTC", start=2)] == ["6"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE observation SET amount = '9' WHERE id = 1",
        "DELETE FROM observation WHERE id = 2",
        "INSERT INTO observation (batch, exchange, chain, subject, asset, time, source, kind) VALUES (1,'x','x','x','x',1,'x','x')",
        "UPDATE ledger SET written = 1 WHERE id = 2",
        "UPDATE total SET amount = '1' WHERE id = 1",
    ],
)
def test_a_changed_past_breaks_the_chain(change: str, opened: Opened) -> None:
    store = opened()
    store.add_observations([_seen(10, "1.5"), _seen(20, "1.6")])
    store.add_snapshot(SNAPSHOT)
    assert store.integrity() is None
    with store._engine.begin() as connection:
        connection.execute(text(change))
    assert store.integrity() is not None


def test_a_removed_end_changes_the_head(opened: Opened) -> None:
    store = opened()
    store.add_observations([_seen(10, "1.5")])
    before = store.head()
    store.add_observations([_seen(20, "1.5")])
    assert store.head() != before


def test_concurrent_writers_wait_for_one_another_and_nothing_is_lost(url: str, opened: Opened) -> None:
    opened()
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            with Store(url, clock=lambda: number) as store:
                for step in range(10):
                    store.add_observations([_seen(number * 1000 + step, str(step))])
        except ReservesError as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    store = opened()
    assert len(store.observations("Northsea", "BTC")) == 40
    assert store.integrity() is None


def test_a_backup_restores_into_an_empty_store_only(opened: Opened, tmp_path: Path) -> None:
    store = opened()
    store.add_snapshot(SNAPSHOT)
    store.add_observations([_seen(10, "1.5")])
    rows = list(store.dump())
    with Store(sqlite_url(tmp_path / "other.sqlite"), clock=lambda: 1) as other:
        assert other.load(iter(rows)) == len(rows)
        assert other.head() == store.head()
        other.add_observations([_seen(20, "1.5")])
        assert other.integrity() is None
        with pytest.raises(ReservesError) as caught:
            other.load(iter(rows))
        assert caught.value.message.key == "store.not_empty"
    changed = [(name, {**row, "amount": "2"} if name == "observation" else row) for name, row in rows]
    with Store(sqlite_url(tmp_path / "third.sqlite"), clock=lambda: 1) as third:
        with pytest.raises(ReservesError) as caught:
            third.load(iter(changed))
        assert caught.value.message.key == "store.broken_backup"
        assert third.exchanges() == []


def test_a_process_killed_in_the_middle_of_a_write_leaves_nothing_half_done(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    code = (
        "import os, sys\n"
        "from reserves_gui.history import store as room\n"
        "from tests.history.test_store import _seen\n"
        "opened = room.Store(sys.argv[1], clock=lambda: 1)\n"
        "opened.add_observations([_seen(10, '1')])\n"
        "room.ledger.close_batch = lambda *_: os._exit(9)\n"
        "opened.add_observations([_seen(20, '2')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, sqlite_url(path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert done.returncode == 9
    with Store(sqlite_url(path), clock=lambda: 2) as store:
        assert [one.amount for one in store.observations("Northsea", "BTC")] == ["1"]
        assert store.integrity() is None
        store.add_observations([_seen(30, "3")])
        assert store.integrity() is None


def test_a_store_of_the_version_before_is_brought_up_to_date_and_keeps_its_chain(opened: Opened) -> None:
    store = opened()
    store.add_observations([_seen(10, "1.5")])
    before = store.head()
    with store._engine.begin() as connection:
        connection.execute(text("DROP TABLE party"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    again = opened()
    assert again.integrity() is None
    assert again.head() == before
    assert again.parties("Northsea", "BTC") == []
    again.add_observations([_seen(20, "1.5")])
    assert again.integrity() is None


@pytest.mark.parametrize(
    "bad",
    ["", "no url", "mysql://x/y", "oracle://", "sqlite:////proc/no/such/folder/x.sqlite", "postgresql://127.0.0.1:1/x"],
)
def test_a_store_that_cannot_be_used_says_so(bad: str) -> None:
    with pytest.raises(ReservesError) as caught:
        Store(bad, clock=lambda: 1)
    assert caught.value.code is ErrorCode.STORE_UNUSABLE


def test_a_password_never_shows_in_an_error() -> None:
    with pytest.raises(ReservesError) as caught:
        Store("postgresql://u:s3cret@127.0.0.1:1/x", clock=lambda: 1)
    assert "s3cret" not in str(caught.value)


def test_a_newer_store_a_foreign_one_and_no_database_are_refused(tmp_path: Path) -> None:
    newer = tmp_path / "newer.sqlite"
    with Store(sqlite_url(newer), clock=lambda: 1) as store, store._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    (tmp_path / "text.sqlite").write_text("not a database, " * 100)
    for path, code in ((newer, ErrorCode.STORE_NEWER), (tmp_path / "text.sqlite", ErrorCode.STORE_UNUSABLE)):
        with pytest.raises(ReservesError) as caught:
            Store(sqlite_url(path), clock=lambda: 1)
        assert caught.value.code is code


def test_the_tables_are_those_of_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    assert ScriptDirectory.from_config(config).get_current_head() == tables.REVISION


def test_a_store_that_is_up_to_date_is_opened_without_what_migrates_it(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "store.sqlite")
    Store(url, clock=lambda: 1).close()
    code = (
        "import sys; from reserves_gui.history.store import Store\n"
        f"with Store({url!r}, clock=lambda: 1) as store: print(store.head(), 'alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split()[-1] == "False"


def test_names_are_found_by_steps_and_all_of_them(opened: Opened) -> None:
    store = opened()
    assert (store.exchanges(), store.assets("Northsea"), store.last_look("Northsea", "BTC")) == ([], [], None)
    names = ("BTC", "btc", "B", "USDT (tron)", "Ω", "ETH")
    store.add_observations([_seen(time, "1", asset=asset) for time in (1, 2, 3) for asset in names])
    store.add_observations([_seen(9, "1", exchange="Südsee", asset="XRP"), _seen(9, "1", exchange="eastsea")])
    assert store.exchanges() == ["eastsea", "Northsea", "Südsee"]
    assert store.assets("Northsea") == sorted(names)
    assert (store.assets("Südsee"), store.assets("nobody")) == (["XRP"], [])


def test_the_last_look_is_the_newest_of_the_list(opened: Opened) -> None:
    store = opened()
    store.add_observations([_seen(5, "1"), _seen(7, None), _seen(8, "1", subject="bc1q"), _seen(9, "1", asset="ETH")])
    assert [store.last_look("Northsea", "BTC", end) for end in (2**62, 7, 6, 4)] == [7, 7, 5, None]
