"""A store or a backup that somebody hands over may hold anything: nothing but the errors of the contract comes out."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history.alerts import Alert, Level, Rule
from reserves_gui.history.database import sqlite_url
from reserves_gui.history.records import StoredPrice
from reserves_gui.history.store import Store
from reserves_gui.services.history_book import backup, book, restore
from reserves_gui.services.history_import import export_csv
from reserves_gui.services.over_time import SeriesRequest, over_time
from tests.history import year

NONSENSE = (None, True, -(2**70), "x", "1e9", [], "\ud800", 10**18)


@pytest.fixture
def kept(tmp_path: Path) -> list[dict]:
    """The lines of a backup with a row in every table."""
    url = sqlite_url(tmp_path / "good.sqlite")
    with Store(url, clock=lambda: 1) as store:
        store.add_list(year.wallets(year.at(0)))
        year.fill(store, days=1)
        store.add_snapshot(year.snapshot(0, "5"))
        store.add_prices([StoredPrice(asset="BTC", currency="USD", time=year.at(0), value="1", source="s")])
        alert = Alert(
            rule=Rule.DROP_DAY, subject="BTC", level=Level.NOTICE, time=1, value="1", threshold="1", figures={"a": "1"}
        )
        store.add_alerts(year.EXCHANGE, [alert])
    backup(tmp_path / "kept.jsonl", url)
    return [json.loads(line) for line in (tmp_path / "kept.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_column_of_a_backup_is_looked_at(kept: list[dict], tmp_path: Path) -> None:
    path, tables = tmp_path / "changed.jsonl", {}
    for number, line in enumerate(kept[1:], 1):
        tables.setdefault(line["table"], number)
    assert len(tables) == 8
    url = sqlite_url(tmp_path / "target.sqlite")
    restored, codes = 0, set()
    for number in tables.values():
        for column in kept[number]["row"]:
            for value in NONSENSE:
                lines = [dict(line) for line in kept]
                lines[number] = {**lines[number], "row": {**lines[number]["row"], column: value}}
                path.write_text("\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
                same = lines[number] == kept[number]
                try:
                    restore(path, url)
                except ReservesError as error:
                    codes.add(error.code)
                    continue
                restored += 1
                assert same, (lines[number]["table"], column, value)
                url = sqlite_url(tmp_path / f"target{restored}.sqlite")
    assert codes == {ErrorCode.STORE_UNUSABLE, ErrorCode.FORMAT_SHAPE}


def _read_everything(url: str) -> None:
    book(url)
    over_time(SeriesRequest(exchange=year.EXCHANGE, asset="BTC", db=url))
    export_csv(url)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("observation", "amount"),
        ("total", "amount"),
        ("snapshot", "binding"),
        ("snapshot", "verdict"),
        ("snapshot", "time"),
        ("wallet", "amount"),
        ("wallet_list", "time"),
        ("price", "value"),
        ("alert", "rule"),
        ("alert", "figures"),
        ("alert", "time"),
    ],
)
def test_a_store_with_foreign_rows_is_unusable_and_nothing_else(
    table: str, column: str, kept: list[dict], tmp_path: Path
) -> None:
    url = _changed(table, column, tmp_path)
    with pytest.raises(ReservesError) as caught:
        _read_everything(url)
    assert caught.value.code is ErrorCode.STORE_UNUSABLE


def test_what_no_query_finds_any_more_breaks_the_chain(kept: list[dict], tmp_path: Path) -> None:
    url = _changed("observation", "time", tmp_path)
    _read_everything(url)
    assert book(url).broken is not None


def _changed(table: str, column: str, folder: Path) -> str:
    url = sqlite_url(folder / "good.sqlite")
    _read_everything(url)
    engine: Engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {table} SET {column} = 'x1'"))
    engine.dispose()
    return url
