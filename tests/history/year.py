"""A made-up exchange's year in a store: deposits, withdrawals, internal transfers, a run, snapshots, one dressed up."""

import random
from decimal import Decimal

from reserves_gui.history.figures import DAY
from reserves_gui.history.records import StoredList, StoredObservation, StoredSnapshot, StoredTotal, StoredWallet
from reserves_gui.history.seen import LISTED
from reserves_gui.history.store import Store
from reserves_gui.verdict import State, SumBinding

START = 1_735_689_600  # 2025-01-01
DAYS = 365
HONEST = 120
DRESSED = 240
RUN = 330
ADDRESSES = ("cold", "warm", "hot")
SOURCES = ("https://one.example", "https://two.example")
EXCHANGE = "Northsea"


def at(day: int) -> int:
    """Midnight of a day of the year, seconds UTC."""
    return START + day * DAY


def balances() -> list[dict[str, Decimal]]:
    """What each address holds at every midnight, in coins."""
    chance = random.Random(11)
    held = {"cold": 80_000, "warm": 15_000, "hot": 5_000}
    days = []
    for day in range(DAYS):
        # Deposits and withdrawals, and a transfer between the exchange's own wallets that changes no sum.
        held["hot"] += round(chance.gauss(0, 400))
        if not 4_000 <= held["hot"] <= 6_000:
            held["warm"], held["hot"] = held["warm"] + held["hot"] - 5_000, 5_000
        shown = dict(held)
        if DRESSED - 1 <= day <= DRESSED + 1:
            shown["cold"] += 9_000
        if day >= RUN:
            lost = min(day - RUN + 1, 4) * 9_000
            shown["cold"] -= lost
        days.append({address: Decimal(amount) for address, amount in shown.items()})
    return days


def wallets(time: int) -> StoredList:
    """The list of the three addresses."""
    rows = tuple(
        StoredWallet(chain="bitcoin", asset="BTC", address=one, attribution="signed" if one == "cold" else "label")
        for one in ADDRESSES
    )
    return StoredList(exchange=EXCHANGE, time=time, source="address-list", file_sha256=None, wallets=rows)


def snapshot(day: int, amount: str) -> StoredSnapshot:
    """A whole tree's total at a day."""
    return StoredSnapshot(
        exchange=EXCHANGE,
        snapshot=f"day-{day}",
        time=at(day),
        height=None,
        format="northsea-tree",
        root=f"{day:064x}",
        root_source="--published",
        file_sha256=None,
        binding=SumBinding.WHOLE_TREE,
        verdict=State.VERIFIED,
        totals=(StoredTotal(asset="BTC", amount=amount, recomputed=True, total_verified=True),),
    )


def fill(store: Store, *, days: int = DAYS) -> None:
    """Put the year into a store, as watching every midnight would."""
    store.add_list(wallets(at(0)))
    rows = []
    for day, held in enumerate(balances()[:days]):
        for source in SOURCES:
            plain = {"exchange": EXCHANGE, "chain": "bitcoin", "asset": "BTC", "time": at(day), "source": source}
            rows.append(StoredObservation(subject=LISTED, amount=str(sum(held.values())), **plain))
            rows += [StoredObservation(subject=one, amount=str(amount), **plain) for one, amount in held.items()]
    store.add_observations(rows)
    for day in (HONEST, DRESSED):
        if day < days:
            store.add_snapshot(snapshot(day, "99000"))
