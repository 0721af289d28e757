"""Net flow per UTC day of a fixed address set; a day on which the list changed is split, never one number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reserves_gui.amounts import subtract, total
from reserves_gui.history.dressing import Dressing, bumps, corrected, dressing
from reserves_gui.history.figures import DAY, Point
from reserves_gui.history.flows import SetChange, set_change
from reserves_gui.history.records import StoredList
from reserves_gui.history.seen import Address, balances_at, members


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowDay:
    """One day's net flow in coins, positive = came in. ``day`` is its first second (UTC).

    ``net`` is None where the list changed and the single addresses were not seen at both ends. ``change`` is the split
    of a day on which the list changed: flow on the common addresses, added, removed.
    """

    day: int
    net: Decimal | None
    change: SetChange | None = None


def daily_flows(
    points: Sequence[Point], lists: Sequence[StoredList], asset: str, series: Mapping[Address, Sequence[Point]]
) -> list[FlowDay]:
    """The flow between the last known points of neighbouring days; a gap gives no day."""
    closing = {point.time // DAY: point for point in points}
    found = []
    for day in sorted(closing):
        if day - 1 not in closing:
            continue
        before, after = closing[day - 1], closing[day]
        old, new = _list_at(lists, asset, before.time), _list_at(lists, asset, after.time)
        if old == new or old is None or new is None:
            found.append(FlowDay(day=day * DAY, net=subtract(after.amount, before.amount)))
        else:
            found.append(_split(day * DAY, (before.time, after.time), (old, new), series))
    return found


def fixed_series(
    points: Sequence[Point],
    lists: Sequence[StoredList],
    asset: str,
    series: Mapping[Address, Sequence[Point]],
    moment: int,
) -> list[Point]:
    """The series of one fixed address set around ``moment``.

    Without a change of the list these are the points as they are. With one, it is the sum over the addresses of all
    lists, where each of them was seen; else the part of the points between the changes next to ``moment``.
    """
    versions = [members(one, asset) for one in lists]
    if not versions or all(one == versions[0] for one in versions):
        return list(points)
    common = set.intersection(*versions)
    if common and common <= series.keys():
        sums = []
        for point in points:
            held = balances_at({address: series[address] for address in common}, point.time)
            if len(held) == len(common):
                sums.append(Point(point.time, total(held.values())))
        return sums
    changes = [one.time for one, old, new in zip(lists[1:], versions, versions[1:], strict=False) if old != new]
    start = max((time for time in changes if time <= moment), default=None)
    end = min((time for time in changes if time > moment), default=None)
    return [point for point in points if (start is None or point.time >= start) and (end is None or point.time < end)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DressingTest:
    """The window-dressing test of one asset at one snapshot; ``result`` None: the series does not reach around it."""

    asset: str
    snapshot: int
    result: Dressing | None


def dressing_tests(wanted: Sequence[tuple[str, int, Sequence[Point]]], *, known: Sequence[int]) -> list[DressingTest]:
    """All tests of one exchange, (asset, snapshot time, series) each, corrected together. ``known``: all snapshots."""
    sizes: dict[tuple[object, ...], dict[int, Fraction]] = {}
    results = []
    for asset, time, series in wanted:
        # Most snapshots of an asset are tested within the very same series.
        key = (asset, len(series), series[0], series[-1]) if series else (asset,)
        if key not in sizes:
            sizes[key] = bumps(series)
        results.append(dressing(series, time, snapshots=known, sizes=sizes[key]))
    done = iter(corrected([one for one in results if one is not None]))
    return [
        DressingTest(asset=asset, snapshot=time, result=None if result is None else next(done))
        for (asset, time, _), result in zip(wanted, results, strict=True)
    ]


def _list_at(lists: Sequence[StoredList], asset: str, time: int) -> frozenset[Address] | None:
    current = [one for one in lists if one.time <= time]
    return frozenset(members(current[-1], asset)) if current else None


def _split(
    day: int,
    ends: tuple[int, int],
    lists: tuple[frozenset[Address], frozenset[Address]],
    series: Mapping[Address, Sequence[Point]],
) -> FlowDay:
    old, new = lists
    at_start, at_end = (balances_at(series, time) for time in ends)
    if not (old <= at_start.keys() and new <= at_end.keys()):
        return FlowDay(day=day, net=None)
    change = set_change(
        {_name(one): at_start[one] for one in old},
        {_name(one): at_end[one] for one in new},
        now={_name(one): at_end[one] for one in old if one in at_end},
    )
    return FlowDay(day=day, net=change.common, change=change)


def _name(address: Address) -> str:
    return ":".join(address)
