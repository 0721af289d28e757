"""Were balances raised for the day of a snapshot? The tests of one exchange, and who its wallets dealt with then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from reserves_gui.history.counterparties import counterparties
from reserves_gui.history.daily import dressing_tests, fixed_series
from reserves_gui.history.dressing import REACH, Dressing
from reserves_gui.history.records import StoredList, StoredObservation, StoredSnapshot
from reserves_gui.history.seen import address_series, known_points, listed_points
from reserves_gui.services.speakers import speaker_of
from reserves_gui.wallets import address_book

if TYPE_CHECKING:
    from reserves_gui.history.store import Store

__all__ = ["LabelledParty", "SnapshotTest", "snapshot_tests"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledParty:
    """An address on the other side: ``amount`` in coins, positive came from it, negative went to it, at most.

    ``labels``: exchanges the address book names for it; ``listed_by``: exchanges whose stored lists have it. Neither
    says whose it is.
    """

    chain: str
    address: str
    amount: Decimal
    transactions: int
    labels: tuple[str, ...]
    listed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotTest:
    """The test at one snapshot (seconds UTC); ``result`` None: the series does not reach around it.

    ``before`` and ``after``: the largest counterparties in the 48 hours on each side; None where no transaction of
    these hours was kept.
    """

    asset: str
    snapshot: int
    result: Dressing | None
    before: tuple[LabelledParty, ...] | None
    after: tuple[LabelledParty, ...] | None


def snapshot_tests(
    store: "Store", exchange: str, snapshots: Sequence[StoredSnapshot], lists: Sequence[StoredList], asset: str
) -> list[SnapshotTest]:
    """The tests of ``asset`` at every snapshot; those of all assets are corrected together."""
    wanted = []
    own_rows: Sequence[StoredObservation] = ()
    for name in store.assets(exchange):
        times = {
            one.time for one in snapshots for figure in one.totals if figure.asset == name and one.time is not None
        }
        rows = store.observations(exchange, name) if times else []
        points, series = known_points(listed_points(rows, speaker_of)), address_series(rows)
        wanted += [(name, time, fixed_series(points, lists, name, series, time)) for time in sorted(times)]
        own_rows = rows if name == asset else own_rows
    known = sorted({one.time for one in snapshots if one.time is not None})
    own = [one for one in dressing_tests(wanted, known=known) if one.asset == asset]
    parties = store.parties(exchange, asset)
    elsewhere = _elsewhere(store, exchange)
    named = address_book.names_of(exchange)

    def sides(start: int, end: int) -> tuple[LabelledParty, ...] | None:
        found = counterparties(parties, own_rows, lists, asset, (start, end))
        if found is None:
            return None
        return tuple(
            LabelledParty(
                chain=one.chain,
                address=one.address,
                amount=one.amount,
                transactions=one.transactions,
                labels=address_book.others(one.address, named),
                listed_by=elsewhere.get(one.address, ()),
            )
            for one in found
        )

    return [
        SnapshotTest(
            asset=one.asset,
            snapshot=one.snapshot,
            result=one.result,
            before=sides(one.snapshot - REACH, one.snapshot),
            after=sides(one.snapshot, one.snapshot + REACH),
        )
        for one in own
    ]


def _elsewhere(store: "Store", exchange: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for other in store.exchanges():
        if other != exchange:
            for address in {wallet.address for one in store.lists(other) for wallet in one.wallets}:
                found[address] = (*found.get(address, ()), other)
    return found
