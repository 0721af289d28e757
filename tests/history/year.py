"""A made-up exchange's year in a store: deposits, withdrawals, internal transfers, a run, snapshots, one dressed up."""

import random
from decimal import Decimal
from functools import cache
from pathlib import Path

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
COLD = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
WARM = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
HOT = "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"
ADDRESSES = (COLD, WARM, HOT)
SOURCES = ("https://one.example", "https://two.example")
EXCHANGE = "Northsea"


def at(day: int) -> int:
    """Midnight of a day of the year, seconds UTC."""
    return START + day * DAY


@cache
def balances() -> list[dict[str, Decimal]]:
    """What each address holds at every midnight, in coins."""
    chance = random.Random(11)
    held = {COLD: 80_000, WARM: 15_000, HOT: 5_000}
    days = []
    for day in range(DAYS):
        # Deposits and withdrawals, and a transfer between the exchange's own wallets that changes no sum.
        held[HOT] += round(chance.gauss(0, 400))
        if not 4_000 <= held[HOT] <= 6_000:
            held[WARM], held[HOT] = held[WARM] + held[HOT] - 5_000, 5_000
        shown = dict(held)
        if DRESSED - 1 <= day <= DRESSED + 1:
            shown[COLD] += 9_000
        if day >= RUN:
            lost = min(day - RUN + 1, 4) * 9_000
            shown[COLD] -= lost
        days.append({address: Decimal(amount) for address, amount in shown.items()})
    return days


def wallets(time: int) -> StoredList:
    """The list of the three addresses."""
    rows = tuple(
        StoredWallet(chain="bitcoin", asset="BTC", address=one, attribution="signed" if one == COLD else "label")
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


def fill(store: Store, *, days: int = DAYS, first: int = 0) -> None:
    """Put the year, or its days from ``first`` on, into a store, as watching every midnight would."""
    store.add_list(wallets(at(first)))
    rows = []
    for day, held in list(enumerate(balances()[:days]))[first:]:
        for source in SOURCES:
            plain = {"exchange": EXCHANGE, "chain": "bitcoin", "asset": "BTC", "time": at(day), "source": source}
            rows.append(StoredObservation(subject=LISTED, amount=str(sum(held.values())), **plain))
            rows += [StoredObservation(subject=one, amount=str(amount), **plain) for one, amount in held.items()]
    store.add_observations(rows)
    for day in (HONEST, DRESSED):
        if first <= day < days:
            store.add_snapshot(snapshot(day, "99000"))


def recorded(day: int, folder: Path) -> list[str]:
    """Two files of observations at one midnight, as sources for watching; the block's height is the day."""
    lines = ["chain,address,height,asset,amount,time"]
    lines += [f"bitcoin,{address},{day},BTC,{amount},{at(day)}" for address, amount in balances()[day].items()]
    found = []
    for name in ("one", "two"):
        path = folder / f"{name}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        found.append(f"file:{path}")
    return found
