"""All figures that the rules look at, for one exchange at one time: a pure function of what the store holds by then."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from reserves_gui.history.alerts import Level, Reading, Rule, Thresholds, drop_readings
from reserves_gui.history.coverage import AssetCoverage
from reserves_gui.history.daily import fixed_series
from reserves_gui.history.figures import DAY, HOUR, Point, at_or_before, percent
from reserves_gui.history.flows import Movement, drawdown, robust_z
from reserves_gui.history.liquidity import WINDOW, liquidity
from reserves_gui.history.records import StoredList, StoredObservation, StoredSnapshot
from reserves_gui.history.seen import (
    LISTED,
    Address,
    SeenPoint,
    SpeakerOf,
    address_series,
    balances_at,
    is_balance,
    known_points,
    listed_points,
    members,
    payouts,
    transactions,
)
from reserves_gui.verdict import State

# A point this much older than the start of a window still stands for it.
_SLACK = DAY // 2
_PAUSE_FACTOR = 10
# Any shortfall at all: the smallest share that counts.
_ANY = Fraction(1, 10**12)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetKnown:
    """One asset's rows of the whole list, its points, single addresses and transactions.

    ``coverage``: the answer at the newest snapshot, if there is one.
    """

    asset: str
    rows: Sequence[StoredObservation]
    points: Sequence[SeenPoint]
    series: Mapping[Address, Sequence[Point]]
    moves: Sequence[Movement]
    coverage: AssetCoverage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one exchange at ``time`` (seconds UTC); rows after it take no part.

    ``elsewhere``: addresses on other exchanges' newest lists. ``own_share``: the own tokens' share of reserves.
    """

    exchange: str
    time: int
    assets: Sequence[AssetKnown]
    lists: Sequence[StoredList] = ()
    snapshots: Sequence[StoredSnapshot] = ()
    elsewhere: frozenset[str] = field(default=frozenset())
    own_share: Fraction | None = None


def asset_known(asset: str, rows: Sequence[StoredObservation], speaker_of: SpeakerOf) -> AssetKnown:
    """The rows of an asset, put in order once."""
    return AssetKnown(
        asset=asset,
        rows=[one for one in rows if one.subject == LISTED and is_balance(one)],
        points=listed_points(rows, speaker_of),
        series=address_series(rows),
        moves=transactions(rows),
    )


def known_by(asset: AssetKnown, time: int, coverage: AssetCoverage | None) -> AssetKnown:
    """What was known of the asset by ``time``. Single addresses carry their times and are cut where they are read."""
    return replace(
        asset,
        rows=[one for one in asset.rows if one.time <= time],
        points=[one for one in asset.points if one.time <= time],
        moves=[one for one in asset.moves if one.time <= time],
        coverage=coverage,
    )


def readings(known: Known, thresholds: Thresholds) -> list[Reading]:
    """Every figure of the round, in a stable order."""
    found: list[Reading] = []
    for asset in known.assets:
        found += _coverage(asset, known)
        found += _flows(asset, known, thresholds)
        found += _one_transaction(asset, known, thresholds)
        found += _liquidity(asset, known, thresholds)
        found += _sources(asset, known, thresholds)
        found += _addresses(asset, known)
    found += _snapshots(known, thresholds)
    if known.own_share is not None:
        found.append(
            Reading(
                rule=Rule.OWN_TOKEN,
                subject=known.exchange,
                value=known.own_share,
                threshold=thresholds.own_token,
                level=Level.NOTICE,
                time=known.time,
            )
        )
    return found


def _coverage(asset: AssetKnown, known: Known) -> Iterator[Reading]:
    answer = asset.coverage
    if answer is None or answer.high is None:
        return
    yield Reading(
        rule=Rule.COVERAGE,
        subject=asset.asset,
        value=max(Fraction(0), 1 - answer.high),
        threshold=_ANY,
        level=Level.CRITICAL,
        time=known.time,
        agreed=answer.reserve.balances_verified,
        figures={
            "ratio": answer.shown(),
            "owed": answer.liability.text,
            "seen_high": "" if answer.reserve.seen is None else str(answer.reserve.seen.high),
        },
    )


def _flows(asset: AssetKnown, known: Known, thresholds: Thresholds) -> Iterator[Reading]:
    current = asset.points[-1] if asset.points else None
    if current is None or current.time != known.time or current.amount is None:
        return
    series = fixed_series(known_points(asset.points), known.lists, asset.asset, asset.series, known.time)
    if not series or series[-1].time != known.time:
        return
    now = series[-1].amount
    figures = {"now": f"{now:f}", "sources": ", ".join(current.sources)}
    lost = {}
    for name, window in (("day", DAY), ("week", 7 * DAY)):
        before = at_or_before(series, known.time - window)
        usable = before is not None and known.time - window - before.time <= _SLACK and before.amount > 0
        if before is not None and usable:
            lost[name] = Fraction(before.amount - now) / Fraction(before.amount)
            figures[f"{name}_before"] = f"{before.amount:f}"
    for reading in drop_readings(
        asset.asset,
        day=lost.get("day"),
        week=lost.get("week"),
        time=known.time,
        thresholds=thresholds,
        agreed=current.decided,
    ):
        yield replace(reading, figures=figures)
    z = robust_z(series, known.time)
    deep = drawdown(series, known.time)
    for rule, value, threshold in (
        (Rule.OUTFLOW_Z, None if z is None else max(Fraction(0), -z), thresholds.outflow_z),
        (Rule.DRAWDOWN, deep, thresholds.drawdown),
    ):
        if value is not None:
            yield Reading(
                rule=rule,
                subject=asset.asset,
                value=value,
                threshold=threshold,
                level=Level.WARNING,
                time=known.time,
                agreed=current.decided,
                figures=figures,
            )


def _one_transaction(asset: AssetKnown, known: Known, thresholds: Thresholds) -> Iterator[Reading]:
    """The largest transaction out of the set within a day; it stays in view for the rounds of that day."""
    recent = [one for one in asset.moves if known.time - DAY < one.time <= known.time and one.amount < 0]
    before = at_or_before(known_points(asset.points), known.time - DAY) or next(iter(known_points(asset.points)), None)
    if before is None or before.amount <= 0:
        return
    largest = min(recent, key=lambda one: one.amount, default=None)
    yield Reading(
        rule=Rule.ONE_TRANSACTION,
        subject=asset.asset,
        value=Fraction(0) if largest is None else Fraction(-largest.amount) / Fraction(before.amount),
        threshold=thresholds.one_transaction,
        level=Level.NOTICE,
        time=known.time,
        figures={}
        if largest is None
        else {"transaction": largest.transaction, "amount": f"{-largest.amount:f}", "reserve": f"{before.amount:f}"},
    )


def _liquidity(asset: AssetKnown, known: Known, thresholds: Thresholds) -> Iterator[Reading]:
    """Signs of life per chain, once a week of single addresses is known."""
    held = balances_at(asset.series, known.time)
    for chain in sorted({address[0] for address in held}):
        series = {address: points for address, points in asset.series.items() if address[0] == chain}
        first = min(points[0].time for points in series.values())
        if known.time - first < WINDOW:
            continue
        moves = [one for one in asset.moves if one.transaction.startswith(f"{chain}:")] or payouts(series)
        steps = payouts(series)
        balances = {":".join(address): amount for address, amount in held.items() if address[0] == chain}
        view = liquidity(balances, steps, now=known.time)
        subject = f"{asset.asset} ({chain})"
        if view.hours_covered is not None and view.hot > 0:
            yield Reading(
                rule=Rule.HOT_HOURS,
                subject=subject,
                value=thresholds.hot_hours / view.hours_covered if view.hours_covered else thresholds.hot_hours,
                threshold=Fraction(1),
                level=Level.WARNING,
                time=known.time,
                figures={"hot": f"{view.hot:f}", "rate_per_hour": f"{view.rate or Decimal(0):f}"},
                shown=(percent(view.hours_covered / 100, 1), percent(thresholds.hot_hours / 100, 0)),
            )
        life = liquidity(balances, moves, now=known.time)
        if life.since_last is not None and life.usual_gap:
            quiet = Fraction(life.since_last, life.usual_gap) if life.since_last > HOUR else Fraction(0)
            yield Reading(
                rule=Rule.PAUSED,
                subject=subject,
                value=quiet,
                threshold=Fraction(_PAUSE_FACTOR),
                level=Level.NOTICE,
                time=known.time,
                figures={"seconds_since_last": str(life.since_last), "usual_gap_seconds": str(life.usual_gap)},
            )


def _sources(asset: AssetKnown, known: Known, thresholds: Thresholds) -> Iterator[Reading]:
    """How many rounds in a row sources differed, and how many each source did not answer: about data alone."""
    rounds = sorted({one.time for one in asset.rows})[-50:]
    by_round: dict[int, list[StoredObservation]] = {time: [] for time in rounds}
    for one in asset.rows:
        if one.time in by_round:
            by_round[one.time].append(one)
    apart = {one.time for one in asset.points if one.interval is not None and one.interval.low != one.interval.high}
    counts = {f"{asset.asset}: sources differ": _in_a_row(rounds, apart)}
    for source in sorted({one.source for one in by_round.get(known.time, [])}):
        missing = {time for time, rows in by_round.items() if _silent(rows, source)}
        counts[source] = _in_a_row(rounds, missing)
    for subject, count in counts.items():
        yield Reading(
            rule=Rule.SOURCES,
            subject=subject[:200],
            value=Fraction(count),
            threshold=Fraction(thresholds.source_rounds),
            level=Level.WARNING,
            time=known.time,
            figures={"asset": asset.asset, "rounds": str(count)},
        )


def _silent(rows: Sequence[StoredObservation], source: str) -> bool:
    own = [one for one in rows if one.source == source]
    return bool(own) and all(one.amount is None for one in own)


def _in_a_row(rounds: Sequence[int], marked: set[int]) -> int:
    count = 0
    for time in reversed(rounds):
        if time not in marked:
            break
        count += 1
    return count


def _addresses(asset: AssetKnown, known: Known) -> Iterator[Reading]:
    """Addresses that left the list and still hold, and addresses that stand on another exchange's list, too."""
    past = [one for one in known.lists if one.time <= known.time]
    if not past:
        return
    current = members(past[-1], asset.asset)
    gone = {address for one in past[:-1] for address in members(one, asset.asset)} - current
    held = balances_at(asset.series, known.time)
    for chain, address in sorted(gone):
        amount = held.get((chain, address), Decimal(0))
        yield _flag(Rule.UNLISTED_HOLDING, address, amount > 0, known, {"chain": chain, "amount": f"{amount:f}"})
    for chain, address in sorted(current):
        if address in known.elsewhere:
            yield _flag(Rule.SHARED_ADDRESS, address, True, known, {"chain": chain})


def _snapshots(known: Known, thresholds: Thresholds) -> Iterator[Reading]:
    dated = [one for one in known.snapshots if one.time is not None and one.time <= known.time]
    if dated:
        newest = max(one.time or 0 for one in dated)
        yield Reading(
            rule=Rule.SNAPSHOT_AGE,
            subject=known.exchange,
            value=Fraction(known.time - newest, DAY),
            threshold=thresholds.snapshot_days,
            level=Level.NOTICE,
            time=known.time,
        )
    roots: dict[tuple[str, int, str | None], dict[str, str]] = {}
    for one in dated:
        if one.root is not None and one.verdict is not State.FAILED:
            roots.setdefault((one.format, one.time or 0, one.snapshot), {}).setdefault(one.root, one.root_source)
    for (_, _, snapshot), seen in roots.items():
        if len(seen) > 1:
            yield _flag(
                Rule.ROOT_CONFLICT,
                snapshot or known.exchange,
                True,
                known,
                dict(sorted(seen.items())),
                level=Level.CRITICAL,
            )


def _flag(
    rule: Rule,
    subject: str,
    present: bool,  # noqa: FBT001 - the reading's own value
    known: Known,
    figures: Mapping[str, str],
    *,
    level: Level = Level.WARNING,
) -> Reading:
    return Reading(
        rule=rule,
        subject=subject[:200],
        value=Fraction(int(present)),
        threshold=Fraction(1),
        level=level,
        time=known.time,
        figures=figures,
    )
