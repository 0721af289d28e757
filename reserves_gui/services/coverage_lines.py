"""Coverage of single assets as lines, the checks that come of them, and their sums in dollars."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reserves_gui.history import published
from reserves_gui.history.coverage import AssetCoverage, Liability, Reserve, asset_coverage, printed_ratio
from reserves_gui.messages import say
from reserves_gui.services.coverage_sides import HeldSide, Kept, OwedSide, Parts, flows_between, own_prices
from reserves_gui.services.coverage_usd import UsdFigures, usd_figures
from reserves_gui.services.prices import GotPrices, Price, chosen
from reserves_gui.verdict import Check, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLine:
    """One asset: the answer, what is stated apart, and what follows from it.

    ``proven_share``: proven / seen. ``not_seen``: listed less seen (coins). ``age``: seconds since the reserves were
    seen. ``printed``: the check of a printed ratio, if one was given. None where a figure is missing.
    """

    answer: AssetCoverage
    parts: Parts
    printed: Check | None
    proven_share: Fraction | None
    not_seen: Decimal | None
    age: int | None

    @property
    def asset(self) -> str:
        """The asset's name."""
        return self.answer.asset


def covered_line(
    owed: OwedSide,
    held: HeldSide,
    liability: Liability,
    *,
    now: int,
    kept: Kept | None = None,
    printed: str | None = None,
) -> CoverageLine:
    """The answer for one liability. ``now``: seconds UTC; ``printed``: its ratio as the publisher prints it.

    ``kept``: what the store has about the exchange; it tells what can have moved between the times of both sides.
    """
    reserve = held.reserves.get(liability.asset, Reserve(asset=liability.asset))
    flows = flows_between(kept, liability, reserve)
    answer = asset_coverage(liability, reserve, gross_flow_in_lag=flows.gross, median_daily_flow=flows.daily)
    check = None
    figure = reserve.listed if reserve.listed is not None else (reserve.seen.low if reserve.seen else None)
    if printed is not None and figure is not None:
        check = printed_ratio(printed, reserves=figure, liabilities=Decimal(liability.text))
    elif printed is not None:
        check = Check("coverage.printed", Outcome.NOT_CHECKED, say("coverage.nothing_listed", asset=liability.asset))
    seen = reserve.seen
    proven_share = not_seen = None
    if seen is not None and reserve.proven is not None and reserve.proven.low is not None and seen.high:
        proven_share = Fraction(reserve.proven.low) / Fraction(seen.high)
    if seen is not None and seen.low is not None and reserve.listed is not None:
        not_seen = max(Decimal(0), reserve.listed - seen.low)
    return CoverageLine(
        answer=answer,
        parts=owed.parts.get(liability.asset, Parts()),
        printed=check,
        proven_share=proven_share,
        not_seen=not_seen,
        age=None if reserve.time is None else max(0, now - reserve.time),
    )


def coverage_checks(
    lines: Sequence[CoverageLine], missing: Sequence[str] = (), assets: Sequence[str] = ()
) -> tuple[Check, ...]:
    """The checks of the claim ``coverage``. ``missing``: assets not in the report; ``assets``: those asked about."""
    checks = [check for one in lines for check in one.answer.checks]
    checks += [one.printed for one in lines if one.printed is not None]
    return (*checks, _assets_check(lines, missing, assets))


def _assets_check(lines: Sequence[CoverageLine], missing: Sequence[str], assets: Sequence[str]) -> Check:
    if missing:
        return Check(
            "coverage.assets",
            Outcome.NOT_CHECKED,
            say("coverage.not_in_report", assets=", ".join(missing)),
            private=not assets,
        )
    if not lines:
        return Check("coverage.assets", Outcome.NOT_CHECKED, say("coverage.no_totals"))
    unseen = [one.asset for one in lines if one.answer.reserve.seen is None]
    if unseen:
        return Check("coverage.assets", Outcome.NOT_CHECKED, say("coverage.unseen", assets=", ".join(unseen)))
    return Check("coverage.assets", Outcome.PASSED, say("coverage.all_assets", count=len(lines)))


def moment_of(owed: OwedSide) -> int | None:
    """When the liabilities were counted (seconds UTC), the newest time where assets differ."""
    times = {one.time for one in owed.liabilities if one.time is not None}
    return max(times) if times else None


def in_dollars(
    lines: Sequence[CoverageLine],
    owed: OwedSide,
    *,
    given: Sequence[Price],
    kept: Sequence[Price],
    got: GotPrices,
    own_tokens: frozenset[str] = frozenset(),
) -> UsdFigures:
    """Sums over the assets. The publisher's own prices come first, then ``given`` ones, asked for ones, kept ones."""
    moment = moment_of(owed)
    stated = own_prices(owed.base, moment) if owed.base is not None else []
    assets = [one.asset for one in lines]
    prices = chosen(assets, moment, named=[*stated, *given, *got.prices], kept=kept, refused=got.refused)
    own = published.own_tokens(owed.exchange) | own_tokens
    return usd_figures([one.answer for one in lines], prices, own)
