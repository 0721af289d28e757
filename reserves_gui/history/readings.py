"""All figures that the rules look at, for one exchange at one time: a pure function of what the store holds by then."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from reserves_gui.history.alerts import Level, Reading, Rule, Thresholds, drop_readings
from reserves_gui.history.daily import fixed_series
from reserves_gui.history.figures import DAY, HOUR, at_or_before, percent
from reserves_gui.history.flows import drawdown, robust_z
from reserves_gui.history.known import AssetKnown, Known
from reserves_gui.history.liquidity import Liquidity, Payments, liquidity_by_chain
from reserves_gui.history.records import StoredObservation
from reserves_gui.history.seen import NOBODY, balances_at, known_points, members
from reserves_gui.verdict import State

# A point this much older than the start of a window still stands for it.
_SLACK = DAY // 2
_PAUSE_FACTOR = 10
# Hours that hot wallets cover are compared from here on.
_SHORTEST = Fraction(1, 1000)
# Any shortfall at all: the smallest share that counts.
_ANY = Fraction(1, 10**12)


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
    if known.shares is not None and known.shares.own is not None:
        found.append(
            Reading(
                rule=Rule.OWN_TOKEN,
                subject=known.exchange,
                value=known.shares.own,
                threshold=thresholds.own_token,
                level=Level.NOTICE,
                time=known.time,
                agreed=all(one.agreed(known.time) for one in known.assets if one.points),
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
            **_source_names(asset, known),
        },
    )


def _flows(asset: AssetKnown, known: Known, thresholds: Thresholds) -> Iterator[Reading]:
    current = asset.current(known.time)
    if current is None or current.amount is None:
        return
    series = fixed_series(known_points(asset.points), known.lists, asset.asset, asset.series, known.time)
    if not series or series[-1].time != known.time:
        return
    now = series[-1].amount
    figures = {"now": f"{now:f}", **_source_names(asset, known)}
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
    """The largest transaction out of the set within a day; it stays in view for two rounds at least."""
    rounds = sorted({one.time for one in asset.points})
    begin = min((known.time - DAY, *rounds[-3:-2]))
    recent = [one for one in asset.moves if begin < one.time <= known.time and one.amount < 0]
    points = known_points(asset.points)
    before = at_or_before(points, begin) or next(iter(points), None)
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
        agreed=asset.agreed(known.time),
        figures={}
        if largest is None
        else {
            "transaction": largest.transaction,
            "amount": f"{-largest.amount:f}",
            "reserve": f"{before.amount:f}",
            **_source_names(asset, known),
        },
    )


def _liquidity(asset: AssetKnown, known: Known, thresholds: Thresholds) -> Iterator[Reading]:
    """Signs of life of the wallets listed now, per chain, once a week of single addresses is known."""
    listed = members(known.lists[-1], asset.asset) if known.lists else asset.series.keys()
    own = {
        address: cut
        for address, points in asset.series.items()
        if address in listed and (cut := [one for one in points if one.time <= known.time])
    }
    payments = Payments(
        asset=asset.asset,
        moves=asset.moves,
        rows=[*asset.rows, *asset.told],
        parties=asset.parties,
        lists=known.lists,
    )
    for chain, view in liquidity_by_chain(own, payments, known.time).items():
        subject = f"{asset.asset} ({chain})"
        if view.hours_covered is not None:
            yield _hot_hours(subject, view, view.hours_covered, asset, known, thresholds)
        if view.since_last is not None and view.usual_gap:
            quiet = Fraction(view.since_last, view.usual_gap) if view.since_last > HOUR else Fraction(0)
            yield Reading(
                rule=Rule.PAUSED,
                subject=subject,
                value=quiet,
                threshold=Fraction(_PAUSE_FACTOR),
                level=Level.NOTICE,
                time=known.time,
                agreed=asset.agreed(known.time),
                figures={
                    "seconds_since_last": str(view.since_last),
                    "usual_gap_seconds": str(view.usual_gap),
                    "measured_by": view.measured.value,
                    **_source_names(asset, known),
                },
            )


def _hot_hours(
    subject: str, view: Liquidity, hours: Fraction, asset: AssetKnown, known: Known, thresholds: Thresholds
) -> Reading:
    return Reading(
        rule=Rule.HOT_HOURS,
        subject=subject,
        # An empty wallet covers nothing at all, which no quotient says.
        value=thresholds.hot_hours / max(hours, _SHORTEST),
        threshold=Fraction(1),
        level=Level.WARNING,
        time=known.time,
        agreed=asset.agreed(known.time),
        figures={
            "hot": f"{view.hot:f}",
            "rate_per_hour": f"{view.rate or Decimal(0):f}",
            "recognised_by": view.recognised.value,
            "measured_by": view.measured.value,
            **_source_names(asset, known),
        },
        shown=(percent(hours / 100, 1), percent(thresholds.hot_hours / 100, 0)),
    )


def _source_names(asset: AssetKnown, known: Known) -> dict[str, str]:
    current = asset.current(known.time)
    return {"sources": ", ".join(current.sources)} if current is not None and current.sources else {}


def _sources(asset: AssetKnown, known: Known, thresholds: Thresholds) -> Iterator[Reading]:
    """How many rounds in a row sources differed, and how many each source did not answer: about data alone."""
    rounds = sorted({one.time for one in asset.rows})[-50:]
    by_round: dict[int, list[StoredObservation]] = {time: [] for time in rounds}
    for one in asset.rows:
        if one.time in by_round:
            by_round[one.time].append(one)
    apart = {one.time for one in asset.points if one.interval is not None and one.interval.low != one.interval.high}
    counts = {f"{asset.asset}: sources differ": _in_a_row(rounds, apart)}
    for source in sorted({one.source for one in by_round.get(known.time, [])} - {NOBODY}):
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
    versions = [members(one, asset.asset) for one in past]
    # One that came back is told again when it leaves a second time.
    left = {address for old, new in pairwise(versions) for address in old - new}
    held = balances_at(asset.series, known.time)
    for chain, address in sorted(left):
        amount = Decimal(0) if (chain, address) in current else held.get((chain, address), Decimal(0))
        figures = {"chain": chain, "amount": f"{amount:f}", **_source_names(asset, known)}
        agreed = asset.agreed(known.time)
        yield _flag(Rule.UNLISTED_HOLDING, address, amount > 0, known, figures, agreed=agreed)
    for chain, address in sorted(current):
        if address in known.once_elsewhere:
            yield _flag(Rule.SHARED_ADDRESS, address, address in known.elsewhere, known, {"chain": chain})


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
    agreed: bool = True,
) -> Reading:
    return Reading(
        rule=rule,
        subject=subject[:200],
        value=Fraction(int(present)),
        threshold=Fraction(1),
        level=level,
        time=known.time,
        agreed=agreed,
        figures=figures,
    )
