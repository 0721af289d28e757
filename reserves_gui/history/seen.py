"""What was seen of an exchange's listed wallets over time, from the rows of the store.

A round of observations is kept as one row per chain and source under the subject ``listed`` (the sum over the list, or
"not retrieved"), and a row per address whenever its figure changed. Several chains of one asset add up; a chain that
was not reached leaves a gap, never a smaller sum.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from reserves_gui.amounts import ZERO, subtract
from reserves_gui.chain.port import Speaker
from reserves_gui.history.figures import DAY, HOUR, Interval, Point
from reserves_gui.history.flows import Movement
from reserves_gui.history.records import StoredList, StoredObservation

LISTED = "listed"
TRANSACTION = "tx"
TOLD = "told"
NOBODY = ""
"""In place of a source: none was asked of the chain, so that the asset has no sum."""
_BALANCES = ("point", "walk")
# A point of another chain this much older still stands for the same round.
ROUND = 36 * HOUR
SpeakerOf = Callable[[str], Speaker]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPoint:
    """The listed wallets at one time. ``interval`` spans the sources (coins), None where it was not retrieved.

    ``decided``: every chain was seen alike by two independent sources, by the user's own node, or with a proof.
    ``missing``: chains that were not reached, where there is no sum for that.
    """

    time: int
    interval: Interval | None
    decided: bool
    sources: tuple[str, ...]
    heights: Mapping[str, int]
    missing: tuple[str, ...] = ()

    @property
    def amount(self) -> Decimal | None:
        """The one figure all sources agree on, None where they differ or nothing was retrieved."""
        if self.interval is None or self.interval.low != self.interval.high:
            return None
        return self.interval.low


def is_balance(one: StoredObservation) -> bool:
    """Whether the row says what was held; others say what transactions changed."""
    return one.kind in _BALANCES


def listed_points(observations: Iterable[StoredObservation], speaker_of: SpeakerOf) -> list[SeenPoint]:
    """One point a time, oldest first, from the rows with the subject ``listed``."""
    rounds: dict[str, dict[int, list[StoredObservation]]] = {}
    for one in observations:
        if one.subject == LISTED and is_balance(one):
            rounds.setdefault(one.chain, {}).setdefault(one.time, []).append(one)
    per_chain = {
        chain: [_chain_point(time, rows[time], speaker_of) for time in sorted(rows)] for chain, rows in rounds.items()
    }
    if len(per_chain) == 1:
        ((chain, own),) = per_chain.items()
        return [one if one.interval is not None else replace(one, missing=(chain,)) for one in own]
    times = sorted({point.time for points in per_chain.values() for point in points})
    starts = {chain: [point.time for point in points] for chain, points in per_chain.items()}
    return [_together(time, per_chain, starts) for time in times]


def known_points(points: Iterable[SeenPoint]) -> list[Point]:
    """The points with one agreed figure, as a plain series."""
    return [Point(one.time, amount) for one in points if (amount := one.amount) is not None]


def nearest(points: Sequence[SeenPoint], time: int, *, within: int = DAY) -> SeenPoint | None:
    """The retrieved point nearest to ``time``; None where all are further away than ``within`` seconds."""
    near = [one for one in points if one.interval is not None and abs(one.time - time) <= within]
    return min(near, key=lambda one: abs(one.time - time), default=None)


def _chain_point(time: int, rows: Sequence[StoredObservation], speaker_of: SpeakerOf) -> SeenPoint:
    seen = [one for one in rows if one.amount is not None]
    heights = {one.chain: one.height for one in seen if one.height is not None}
    if not seen:
        return SeenPoint(time=time, interval=None, decided=False, sources=(), heights={})
    amounts = [Decimal(one.amount or 0) for one in seen]
    speakers = [speaker_of(one.source) for one in seen]
    independent = len({one.operator for one in speakers}) > 1
    strong = any(one.own or one.proves for one in speakers)
    return SeenPoint(
        time=time,
        interval=Interval(min(amounts), max(amounts)),
        decided=min(amounts) == max(amounts) and (independent or strong),
        sources=tuple(sorted({one.source for one in seen})),
        heights=heights,
    )


def _together(
    time: int, per_chain: Mapping[str, Sequence[SeenPoint]], starts: Mapping[str, Sequence[int]]
) -> SeenPoint:
    total: Interval | None = Interval.exactly(ZERO)
    decided, sources, heights, missing = True, set[str](), dict[str, int](), list[str]()
    for chain, points in per_chain.items():
        at = bisect_right(starts[chain], time) - 1
        if at < 0 or (at == len(points) - 1 and time - points[at].time > ROUND):
            # Not listed on this chain yet, or no longer.
            continue
        point = points[at]
        if point.interval is None or time - point.time > ROUND:
            total = None
            missing.append(chain)
        elif total is not None:
            total = total + point.interval
        decided = decided and point.decided
        sources |= set(point.sources)
        heights |= point.heights
    return SeenPoint(
        time=time,
        interval=total,
        decided=decided and total is not None,
        sources=tuple(sorted(sources)),
        heights=heights,
        missing=tuple(sorted(missing)),
    )


Address = tuple[str, str]


def address_series(observations: Iterable[StoredObservation]) -> dict[Address, list[Point]]:
    """(chain, address) to its known figures, oldest first; of several sources at one time the lower figure."""
    found: dict[Address, dict[int, Decimal]] = {}
    for one in observations:
        if one.subject != LISTED and is_balance(one) and one.amount is not None:
            kept = found.setdefault((one.chain, one.subject), {})
            amount = Decimal(one.amount)
            kept[one.time] = min(amount, kept.get(one.time, amount))
    return {address: [Point(time, kept[time]) for time in sorted(kept)] for address, kept in found.items()}


def balances_at(series: Mapping[Address, Sequence[Point]], time: int) -> dict[Address, Decimal]:
    """What each address held at ``time`` by its newest known figure not after it; unknown ones are left out."""
    found: dict[Address, Decimal] = {}
    for address, points in series.items():
        at = bisect_right([one.time for one in points], time) - 1
        if at >= 0:
            found[address] = points[at].amount
    return found


def payouts(series: Mapping[Address, Sequence[Point]]) -> list[Movement]:
    """Every change of an address's figure as a movement; its transaction is not known, so each stands by itself."""
    return [
        Movement(
            transaction=f"{chain}:{address}@{after.time}",
            time=after.time,
            address=f"{chain}:{address}",
            amount=subtract(after.amount, before.amount),
        )
        for (chain, address), points in series.items()
        for before, after in pairwise(points)
        if after.amount != before.amount
    ]


def transactions(observations: Iterable[StoredObservation]) -> list[Movement]:
    """The stored transactions of the listed group: one movement each, what moved inside the group cancelled."""
    found: dict[tuple[str, str], Movement] = {}
    for one in observations:
        if one.kind == TRANSACTION and one.amount is not None:
            amount = Decimal(one.amount)
            found.setdefault(
                (one.chain, one.subject),
                Movement(transaction=f"{one.chain}:{one.subject}", time=one.time, address=LISTED, amount=amount),
            )
    return sorted(found.values(), key=lambda one: (one.time, one.transaction))


def members(wallets: StoredList, asset: str) -> set[Address]:
    """The addresses a list names for one asset."""
    return {(one.chain, one.address) for one in wallets.wallets if one.asset == asset}
