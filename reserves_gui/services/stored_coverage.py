"""Coverage of one stored figure: what was owed at a snapshot against what the store saw of the listed wallets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reserves_gui.amounts import add, total
from reserves_gui.history.coverage import NOTED_LAG, AssetCoverage, Liability, Reserve, asset_coverage
from reserves_gui.history.figures import DAY, Interval, Point
from reserves_gui.history.flows import Z_WINDOW, median_daily_flow
from reserves_gui.history.kept_flows import whole_flow
from reserves_gui.history.records import StoredList, StoredObservation, StoredSnapshot, StoredTotal
from reserves_gui.history.seen import Address, SeenPoint, balances_at, known_points, nearest
from reserves_gui.verdict import State

_SIGNED = "signed"
# How far a look at the wallets may lie from a snapshot to be held against it at all; the time check judges further.
_REACH = 8 * 86_400


def owed_of(snapshot: StoredSnapshot, figure: StoredTotal) -> Liability:
    """A stored figure as a liability. What failed when it was stored proves no total."""
    return Liability(
        asset=figure.asset,
        text=figure.amount,
        time=snapshot.time,
        binding=snapshot.binding,
        recomputed=figure.recomputed,
        total_verified=figure.total_verified and snapshot.verdict is not State.FAILED,
        height=snapshot.height,
    )


@dataclass(frozen=True, slots=True)
class LagFlows:
    """What can have moved between the two sides, in coins: ``gross`` in and out of the listed set between both times,
    by transactions that are known to be all; ``daily``: the usual day's net flow. None where the store cannot tell.
    """

    gross: Decimal | None = None
    daily: Decimal | None = None


def lag_flows(
    rows: Sequence[StoredObservation], points: Sequence[SeenPoint], owed_at: int | None, held_at: int | None
) -> LagFlows:
    """From everything that is kept of the asset. Nothing is looked for where both sides lie within an hour."""
    if owed_at is None or held_at is None or abs(owed_at - held_at) <= NOTED_LAG:
        return LagFlows()
    flow = whole_flow(rows, min(owed_at, held_at), max(owed_at, held_at))
    recent = [one for one in points if owed_at - Z_WINDOW - DAY <= one.time <= owed_at]
    return LagFlows(
        gross=None if flow is None else add(flow.inward, flow.outward),
        daily=median_daily_flow(known_points(recent), owed_at),
    )


def covered(
    snapshot: StoredSnapshot,
    figure: StoredTotal,
    rows: Sequence[StoredObservation],
    points: Sequence[SeenPoint],
    lists: Sequence[StoredList],
    series: Mapping[Address, Sequence[Point]],
) -> AssetCoverage:
    """The answer for one asset at one snapshot, from the point seen nearest to it. ``rows``: all that is kept of it."""
    reserve = reserve_of(figure.asset, snapshot.time or 0, points, lists, series)
    flows = lag_flows(rows, points, snapshot.time, reserve.time)
    return asset_coverage(
        owed_of(snapshot, figure), reserve, gross_flow_in_lag=flows.gross, median_daily_flow=flows.daily
    )


def reserve_of(
    asset: str,
    time: int,
    points: Sequence[SeenPoint],
    lists: Sequence[StoredList],
    series: Mapping[Address, Sequence[Point]],
    *,
    elsewhere: Collection[str] = (),
) -> Reserve:
    """What the store knows of one asset's reserves around ``time``. ``elsewhere``: addresses on others' lists."""
    seen = nearest(points, time, within=_REACH)
    current = _current(lists, time)
    reserve = Reserve(asset=asset, listed=_listed(current, asset))
    if seen is None:
        return reserve
    return replace(
        reserve,
        seen=seen.interval,
        proven=_proven(current, asset, series, seen.time, elsewhere),
        time=seen.time,
        height=next(iter(seen.heights.values())) if len(seen.heights) == 1 else None,
        balances_verified=seen.decided,
    )


def _current(lists: Sequence[StoredList], time: int) -> StoredList | None:
    before = [one for one in lists if one.time <= time]
    return before[-1] if before else (lists[0] if lists else None)


def _listed(current: StoredList | None, asset: str) -> Decimal | None:
    if current is None:
        return None
    amounts = {
        (one.chain, one.address): Decimal(one.amount)
        for one in current.wallets
        if one.asset == asset and one.amount is not None
    }
    return total(amounts.values()) if amounts else None


def _proven(
    current: StoredList | None,
    asset: str,
    series: Mapping[Address, Sequence[Point]],
    time: int,
    elsewhere: Collection[str],
) -> Interval | None:
    """The part of what was seen that lies on addresses whose signature verified; None where no address was kept."""
    if current is None:
        return None
    held = balances_at(series, time)
    if not held:
        return None
    signed = {(one.chain, one.address) for one in current.wallets if one.asset == asset and one.attribution == _SIGNED}
    return Interval.exactly(
        total(amount for address, amount in held.items() if address in signed and address[1] not in elsewhere)
    )
