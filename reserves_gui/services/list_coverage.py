"""Coverage of an opened wallet list: what its addresses hold against what the exchange states to owe, for a face."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from reserves_gui.amounts import is_plain
from reserves_gui.errors import ReservesError
from reserves_gui.history.coverage import AssetCoverage, Reserve
from reserves_gui.services.coverage_json import coverage_figures
from reserves_gui.services.coverage_lines import CoverageLine, coverage_checks, covered_line, in_dollars, moment_of
from reserves_gui.services.coverage_sides import (
    HeldSide,
    Kept,
    OwedSide,
    owed_by_store,
    owed_by_verdict,
    stated_in_store,
)
from reserves_gui.services.coverage_usd import UsdFigures
from reserves_gui.services.keeping import read_time
from reserves_gui.services.lookup import LookUp
from reserves_gui.services.prices import GotPrices, known_prices
from reserves_gui.services.reserve_sums import RowKey, summed
from reserves_gui.verdict import Claim, Verdict

__all__ = [
    "AssetCoverage",
    "CoverageLine",
    "ListCoverage",
    "ListQuestion",
    "list_coverage",
    "listed_sums",
    "may_belong",
    "owed_time",
]


_NOBODY = frozenset({"", "generic"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuestion:
    """An opened list of ``exchange``, and what stands beside it.

    ``liabilities``: the verdict over liabilities that are open, else the newest snapshot of the store counts.
    ``listed``: the listed sums by asset, coin units as texts. ``proven``: rows whose owner is proven. ``found``: the
    look-up, None before there was one. ``got``: prices that were just asked for.
    """

    exchange: str
    liabilities: Verdict | None = None
    listed: Mapping[str, str] = field(default_factory=dict)
    proven: frozenset[RowKey] = frozenset()
    found: LookUp | None = None
    got: GotPrices | None = None
    db: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCoverage:
    """Per asset of the list what it covers, in the list's order; ``unlisted``: owed assets that the list does not name.

    ``source``: where the liabilities come from. ``moment``: when they were counted (seconds UTC), None if nobody knows.
    ``figures`` are the additions to a verdict's JSON object.
    """

    source: str
    moment: int | None
    lines: tuple[CoverageLine, ...]
    unlisted: tuple[str, ...]
    claim: Claim
    usd: UsdFigures
    figures: Mapping[str, Any]


def listed_sums(ownership: Verdict) -> dict[str, str]:
    """The listed sum of every asset, as the verdict over a list states it; coin units as texts."""
    assets = ownership.extra.get("assets")
    tables = assets if isinstance(assets, Mapping) else {}
    return {str(asset): str(table.get("listed", "")) for asset, table in tables.items() if isinstance(table, Mapping)}


def may_belong(list_exchange: str, owed_exchange: str) -> bool:
    """Whether a list and liabilities can be one exchange's: the same name, or a list that names none."""
    return list_exchange.casefold() in _NOBODY or list_exchange.casefold() == owed_exchange.casefold()


def owed_time(liabilities: Verdict) -> int | None:
    """When open liabilities were counted (seconds UTC), as far as their files say it in a way that can be read."""
    try:
        return None if liabilities.snapshot.time is None else read_time(liabilities.snapshot.time)
    except ReservesError:
        return None


def list_coverage(
    question: ListQuestion, *, clock: Callable[[], int] = lambda: int(time.time())
) -> ListCoverage | None:
    """The answer, None where nothing is known to be owed. Raises ``store.*``."""
    exchange = question.exchange
    if exchange.casefold() in _NOBODY:
        exchange = "" if question.liabilities is None else question.liabilities.exchange
    kept = stated_in_store(question.db, exchange) if exchange else None
    owed = _owed(question, exchange, kept)
    if owed is None or not owed.liabilities:
        return None
    held = _held(question, kept, owed)
    owed = owed.dated(held.times)
    names = [*held.reserves, *(one.asset for one in owed.liabilities if one.asset not in held.reserves)]
    by_name = {one.asset: one for one in owed.liabilities}
    now = clock()
    lines = [covered_line(owed, held, by_name[asset], now=now, kept=kept) for asset in names if asset in by_name]
    stored = known_prices(question.db, [one.asset for one in lines])
    usd = in_dollars(lines, owed, given=(), kept=stored, got=question.got or GotPrices())
    return ListCoverage(
        source=owed.source,
        moment=moment_of(owed),
        lines=tuple(one for one in lines if one.asset in held.reserves),
        unlisted=tuple(one.asset for one in lines if one.asset not in held.reserves),
        claim=Claim("coverage", coverage_checks(lines)),
        usd=usd,
        figures=coverage_figures(lines, owed, held, usd),
    )


def _owed(question: ListQuestion, exchange: str, kept: Kept | None) -> OwedSide | None:
    """Open liabilities before stored ones: they are what the user looks at."""
    if question.liabilities is not None:
        return owed_by_verdict(question.liabilities, exchange, owed_time(question.liabilities))
    if kept is None or not any(one.totals for one in kept.snapshots):
        return None
    return owed_by_store(kept, kept.exchange, None, None)


def _held(question: ListQuestion, kept: Kept | None, owed: OwedSide) -> HeldSide:
    """What the look-up saw; before it, what is listed."""
    if question.found is None:
        listed = {asset: Decimal(text) for asset, text in question.listed.items() if is_plain(text)}
        reserves = {asset: Reserve(asset=asset, listed=listed.get(asset)) for asset in question.listed}
        return HeldSide(reserves=reserves, source="")
    elsewhere = frozenset() if kept is None else kept.elsewhere
    return HeldSide(
        reserves=summed(question.found, question.proven, owed.exchange, elsewhere),
        source=", ".join(report.name for report in question.found.reports),
        times=question.found.times,
    )
