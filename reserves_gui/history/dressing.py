"""Was a balance raised for the day of the snapshot? A test with placebo dates instead of assumptions.

    J_in(t)  = B(t) - min B over [t - 48 h, t]
    J_out(t) = B(t) - min B over [t, t + 48 h]
    S(t)     = min(J_in, J_out) / B(t)
    p        = (1 + #{S(tau) >= S(t0)}) / (1 + M)

over all M times tau of the series more than 7 days from every known snapshot. A small p says how rare such a move is on
ordinary dates, and never why it happened.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from reserves_gui.amounts import subtract
from reserves_gui.history.figures import DAY, HOUR, Point, median

REACH = 48 * HOUR
APART = 7 * DAY
FEWEST_PLACEBOS = 60
UNUSUAL_SIZE = Fraction(5, 100)
UNUSUAL_P = Fraction(5, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dressing:
    """The test of one asset at one snapshot. ``p`` and ``corrected`` are None without enough history.

    ``bump`` is S(t0), ``placebos`` M, ``excess`` the balance at t0 above the median of the days around it (coins).
    """

    bump: Fraction
    placebos: int
    p: Fraction | None
    corrected: Fraction | None
    tests: int
    excess: Decimal | None

    @property
    def unusual(self) -> bool:
        """S at least 5 % and corrected p at most 5 %."""
        return self.corrected is not None and self.bump >= UNUSUAL_SIZE and self.corrected <= UNUSUAL_P


def bumps(series: Sequence[Point]) -> dict[int, Fraction]:
    """S(t) at every time of the series that has 48 hours of it to both sides."""
    times = [point.time for point in series]
    found = ((times[at], _bump(series, times, at)) for at in range(len(series)))
    return {time: size for time, size in found if size is not None}


def dressing(
    series: Sequence[Point],
    snapshot: int,
    *,
    snapshots: Sequence[int] = (),
    sizes: Mapping[int, Fraction] | None = None,
) -> Dressing | None:
    """Test the balance at ``snapshot`` (seconds UTC) of a series of one fixed address set, sorted by time.

    ``sizes``: :func:`bumps` of the series, where they are known already. None where the series does not reach 48 hours
    to both sides of the snapshot.
    """
    sizes = bumps(series) if sizes is None else sizes
    nearest = min(sizes, key=lambda time: abs(time - snapshot), default=None)
    if nearest is None or abs(nearest - snapshot) > DAY:
        return None
    known = sorted({snapshot, *snapshots})
    placebos = [size for time, size in sizes.items() if _is_apart(time, known)]
    bump = sizes[nearest]
    p = None
    if len(placebos) >= FEWEST_PLACEBOS:
        p = Fraction(1 + sum(size >= bump for size in placebos), 1 + len(placebos))
    times = [point.time for point in series]
    reach = series[bisect_left(times, snapshot - 14 * DAY) : bisect_right(times, snapshot + 14 * DAY)]
    around = [point.amount for point in reach if abs(point.time - snapshot) >= 3 * DAY]
    amount = series[bisect_left(times, nearest)].amount
    excess = subtract(amount, median(around)) if around else None
    return Dressing(bump=bump, placebos=len(placebos), p=p, corrected=p, tests=1, excess=excess)


def _is_apart(time: int, known: Sequence[int]) -> bool:
    """Whether ``time`` lies more than 7 days from every known snapshot (sorted)."""
    return bisect_left(known, time - APART) == bisect_right(known, time + APART)


def corrected(tests: Sequence[Dressing]) -> list[Dressing]:
    """Holm's correction over all tests made together, in the order given; one without enough history was not made."""
    judged = sorted((one.p, index) for index, one in enumerate(tests) if one.p is not None)
    result = [replace(one, tests=len(judged)) for one in tests]
    running = Fraction(0)
    for rank, (p, index) in enumerate(judged):
        running = max(running, min(Fraction(1), (len(judged) - rank) * p))
        result[index] = replace(result[index], corrected=running)
    return result


def _bump(series: Sequence[Point], times: Sequence[int], at: int) -> Fraction | None:
    point = series[at]
    if point.amount <= 0 or times[0] > point.time - REACH or times[-1] < point.time + REACH:
        return None
    before = min(one.amount for one in series[bisect_left(times, point.time - REACH) : at + 1])
    after = min(one.amount for one in series[at : bisect_right(times, point.time + REACH)])
    return Fraction(point.amount - max(before, after)) / Fraction(point.amount)
