"""Who stood on the other side of large transactions: taken apart, held against the net change, and never guessed."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reserves_gui.history.database import sqlite_url
from reserves_gui.history.records import StoredList, StoredParty
from reserves_gui.history.seen import TOLD, TRANSACTION
from reserves_gui.history.store import Store
from reserves_gui.progress import Progress
from reserves_gui.services.keeping import open_store
from reserves_gui.services.telling import DETAILED
from reserves_gui.services.watch import WatchRequest, watch_round
from tests.chain.ledger import Facade, MemoryLedger, script_of
from tests.chain.servers import Reply, json_reply, serving
from tests.history import year

NEW = "1PWo3JeB9jrGwfHDNpdGK54CRas7fsVzXU"
COIN = 100_000_000


class Chain(MemoryLedger):
    """A ledger with transactions between several addresses."""

    def move(self, **amounts: int) -> str:
        """Mine one transaction with the given net changes, and four empty blocks; its id."""
        height = len(self.hashes)
        self.mine(count=5)
        identifier = f"{height:064x}"
        outputs = [_output(name, amount) for name, amount in amounts.items() if amount > 0]
        inputs = [
            {"txid": "00" * 32, "vout": at, "is_coinbase": False, "prevout": _output(name, -amount)}
            for at, (name, amount) in enumerate(amounts.items())
            if amount < 0
        ]
        moment = self.start + height * self.spacing
        status = {
            "confirmed": True,
            "block_height": height,
            "block_hash": self.hashes[height],
            "block_time": moment,
        }
        for name in amounts:
            entry = {"txid": identifier, "vin": inputs, "vout": outputs, "status": status}
            self.by_address.setdefault(name, []).append(entry)
        return identifier


def _output(name: str, amount: int) -> dict[str, object]:
    return {"scriptpubkey": script_of(name).hex(), "scriptpubkey_address": name, "value": amount}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(tmp_path / "told.sqlite")


@pytest.fixture
def chain() -> Chain:
    made = Chain()
    made.mine((year.COLD, 900 * COIN), (year.HOT, 100 * COIN), count=20)
    return made


@pytest.fixture
def look(url: str, chain: Chain) -> Callable[..., None]:
    """One round over the chain."""

    def looked(answer: Callable[[str, str, bytes], Reply] | None = None) -> None:
        with serving(answer or Facade(chain)) as one:
            request = WatchRequest(exchange="Northsea", sources=(f"esplora+{one.url}",), db=url)
            watch_round(request, Progress(), clock=lambda: chain.start + len(chain.hashes) * chain.spacing)

    return looked


def _list(url: str, time: int, *addresses: str) -> None:
    wallets = year.wallets(time)
    known = {one.address: one for one in wallets.wallets}
    rows = tuple(known.get(one, replace(wallets.wallets[0], address=one)) for one in addresses)
    made: StoredList = replace(wallets, wallets=rows)
    with Store(url, clock=lambda: 1) as store:
        store.add_list(made)


def _parties(url: str) -> list[StoredParty]:
    with open_store(url) as store:
        return store.parties("Northsea", "BTC")


def test_both_sides_of_a_large_transaction_are_kept_and_of_a_small_one_none(
    url: str, chain: Chain, look: Callable[..., None]
) -> None:
    _list(url, 1, year.COLD, year.HOT)
    look()
    large = chain.move(**{year.HOT: -5 * COIN, year.COLD: 2 * COIN, "customer": 3 * COIN})
    chain.move(**{year.HOT: -COIN // 2, "somebody": COIN // 2})
    look()
    found = [(one.transaction_id, one.address, one.amount) for one in _parties(url)]
    assert found == [(large, year.HOT, "-5"), (large, "customer", "3"), (large, year.COLD, "2")]


def test_of_many_transactions_only_the_largest_of_each_direction_are_taken_apart(
    url: str, chain: Chain, look: Callable[..., None]
) -> None:
    _list(url, 1, year.COLD, year.HOT)
    look()
    for number in range(2, 12):
        chain.move(**{year.COLD: -number * COIN, f"out{number}": number * COIN})
        chain.move(**{year.COLD: number * COIN, f"in{number}": -number * COIN})
    look()
    kept = {one.address for one in _parties(url)} - {year.COLD}
    assert kept == {f"{side}{number}" for side in ("in", "out") for number in range(12 - DETAILED, 12)}
    with open_store(url) as store:
        rows = store.observations("Northsea", "BTC")
    assert len([one for one in rows if one.kind == TRANSACTION]) == 20
    assert [one.amount for one in rows if one.kind == TOLD] == ["0"]


@pytest.mark.parametrize(
    "change",
    [
        lambda found: {**found, "txid": "ab" * 32},
        lambda found: {**found, "status": {**found["status"], "block_height": 1}},
        lambda found: {**found, "vout": found["vout"] * 2},
        lambda found: {**found, "vin": []},
        lambda found: {"error": "none"},
    ],
    ids=["another", "another block", "more paid", "nothing spent", "no transaction"],
)
def test_a_source_that_contradicts_itself_is_not_believed_about_parties(
    url: str, chain: Chain, look: Callable[..., None], change: Callable[[dict], dict]
) -> None:
    _list(url, 1, year.COLD, year.HOT)
    look()
    chain.move(**{year.HOT: -5 * COIN, year.COLD: 2 * COIN, "customer": 3 * COIN})
    honest = Facade(chain)

    def lying(method: str, path: str, body: bytes) -> Reply:
        reply = honest(method, path, body)
        return json_reply(change(json.loads(reply.body))) if path.startswith("/tx/") else reply

    look(lying)
    assert _parties(url) == []
    with open_store(url) as store:
        assert [one.amount for one in store.observations("Northsea", "BTC") if one.kind == TRANSACTION] == ["-3"]


def test_what_paid_an_address_that_joined_the_list_is_kept_though_it_is_no_flow(
    url: str, chain: Chain, look: Callable[..., None]
) -> None:
    _list(url, 1, year.COLD, year.HOT)
    look()
    funding = chain.move(**{year.COLD: -300 * COIN, NEW: 300 * COIN})
    _list(url, chain.start + (len(chain.hashes) - 1) * chain.spacing, year.COLD, year.HOT, NEW)
    look()
    with open_store(url) as store:
        rows = store.observations("Northsea", "BTC")
    assert [one for one in rows if one.kind == TRANSACTION] == []
    found = [(one.transaction_id, one.address, one.amount) for one in _parties(url)]
    assert found == [(funding, year.COLD, "-300"), (funding, NEW, "300")]


def test_a_wallet_that_left_the_list_moves_no_flow_of_it_later_but_is_looked_after_while_it_holds(
    url: str, chain: Chain, look: Callable[..., None]
) -> None:
    _list(url, 1, year.COLD, year.HOT)
    look()
    chain.mine(count=5)
    for step in range(2):
        _list(url, chain.start + (len(chain.hashes) - 1) * chain.spacing + step, year.COLD)
        look()
        chain.mine(count=5)
    chain.move(**{year.HOT: -40 * COIN, "somebody": 40 * COIN})
    look()
    with open_store(url) as store:
        rows = store.observations("Northsea", "BTC")
    assert [one for one in rows if one.kind == TRANSACTION] == []
    assert list(dict.fromkeys(one.amount for one in rows if one.subject == year.HOT)) == ["100", "60"]
