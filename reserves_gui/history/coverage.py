"""Reserves against liabilities, per asset: intervals, states, time lag, printed ratios, the clean ratio.

    ratio = [ R_lo / L_hi , R_hi / L_lo ]

A surplus in one coin does not cover a lack in another, so nothing here is summed over assets without being named
information only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from reserves_gui.amounts import ZERO, is_plain
from reserves_gui.history.figures import DAY, HOUR, Interval, percent
from reserves_gui.messages import Message, say
from reserves_gui.verdict import Check, Outcome, State, SumBinding

FINE_LAG = 600
NOTED_LAG = HOUR
LONGEST_LAG = DAY
_UNBOUND = {SumBinding.SUM_ONLY, SumBinding.NONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Liability:
    """What is owed of one asset at one time.

    ``text`` is the figure as printed or recomputed; ``recomputed`` true where every leaf was added up here, so that the
    figure is exact. ``total_verified`` says whether ``total``, ``proof`` or ``tree`` held.
    """

    asset: str
    text: str
    time: int | None
    binding: SumBinding
    recomputed: bool = False
    total_verified: bool = False
    height: int | None = None

    @property
    def interval(self) -> Interval:
        """[L_lo, L_hi]; the upper end is unknown where the format binds only the sum, or nothing."""
        known = Interval.exactly(Decimal(self.text)) if self.recomputed else Interval.printed(self.text)
        return Interval(known.low, None) if self.binding in _UNBOUND else known


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """What is held of one asset at one time: listed by the publisher, seen on chain, and the proven part of that.

    ``seen`` is an interval over sources; None where nothing was looked up. ``balances_verified`` says whether all
    sources agreed at one height.
    """

    asset: str
    listed: Decimal | None = None
    seen: Interval | None = None
    proven: Interval | None = None
    time: int | None = None
    height: int | None = None
    balances_verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetCoverage:
    """The answer for one asset. ``low`` and ``high`` are the ends of the ratio, None where unknown."""

    asset: str
    state: State
    low: Fraction | None
    high: Fraction | None
    lag: int | None
    reserve: Reserve
    liability: Liability
    checks: tuple[Check, ...]
    notes: tuple[Message, ...] = ()

    def shown(self) -> str:
        """The ratio as an interval in percent: ``98.20 – 103.10 %``."""
        low = "?" if self.low is None else percent(self.low)
        high = "?" if self.high is None else percent(self.high)
        return f"{low} %" if low == high else f"{low} – {high} %"


def asset_coverage(
    liability: Liability,
    reserve: Reserve,
    *,
    gross_flow_in_lag: Decimal | None = None,
    median_daily_flow: Decimal | None = None,
) -> AssetCoverage:
    """Coverage of one asset. The two flows (coins) widen the reserves when both sides lie over an hour apart."""
    lag = None if reserve.time is None or liability.time is None else reserve.time - liability.time
    notes: list[Message] = []
    time_check = _time_check(lag, liability.asset)
    if reserve.height is not None and liability.height is not None and reserve.height != liability.height:
        notes.append(
            say("coverage.heights", asset=liability.asset, reserves=reserve.height, liabilities=liability.height)
        )
    owed = liability.interval
    held = reserve.seen
    if held is None:
        check = Check("coverage.ratio", Outcome.NOT_CHECKED, say("coverage.nothing_seen", asset=liability.asset))
        return _answer(liability, reserve, lag, State.UNDECIDED, (None, None), (check, time_check), notes)
    if lag is not None and abs(lag) > NOTED_LAG:
        room = _room(abs(lag), gross_flow_in_lag, median_daily_flow)
        if room is None:
            notes.append(say("coverage.flow_unknown", asset=liability.asset))
        else:
            held = held.widened(room)
            notes.append(say("coverage.widened", amount=format(room, "f"), asset=liability.asset))
    low = None if held.low is None or owed.high is None or owed.high <= 0 else Fraction(held.low) / Fraction(owed.high)
    high = None if held.high is None or owed.low is None or owed.low <= 0 else Fraction(held.high) / Fraction(owed.low)
    if owed.low is not None and held.high is not None and held.high < owed.low:
        # Too far apart to compare is too far apart for a lack as well: the coins may have come or gone in between.
        apart = lag is not None and abs(lag) > LONGEST_LAG
        check = _short(held, owed, liability, Outcome.NOT_CHECKED if apart else Outcome.FAILED)
        state = State.UNDECIDED if apart else State.FAILED
        return _answer(liability, reserve, lag, state, (low, high), (check, time_check), notes)
    check = _ratio_check(held, owed, reserve, liability)
    complete = check.outcome is Outcome.PASSED and time_check.outcome is Outcome.PASSED
    state = State.VERIFIED if complete else State.UNDECIDED
    return _answer(liability, reserve, lag, state, (low, high), (check, time_check), notes)


def _answer(
    liability: Liability,
    reserve: Reserve,
    lag: int | None,
    state: State,
    ratio: tuple[Fraction | None, Fraction | None],
    checks: tuple[Check, ...],
    notes: Sequence[Message],
) -> AssetCoverage:
    return AssetCoverage(
        asset=liability.asset,
        state=state,
        low=ratio[0],
        high=ratio[1],
        lag=lag,
        reserve=reserve,
        liability=liability,
        checks=checks,
        notes=tuple(notes),
    )


def _short(held: Interval, owed: Interval, liability: Liability, outcome: Outcome) -> Check:
    reason = say("coverage.short", asset=liability.asset, held=f"{held.high:f}", owed=f"{owed.low:f}")
    return Check("coverage.ratio", outcome, reason, expected=f"{owed.low:f}", seen=f"{held.high:f}")


def _ratio_check(held: Interval, owed: Interval, reserve: Reserve, liability: Liability) -> Check:
    asset = liability.asset
    if owed.high is None:
        return Check("coverage.ratio", Outcome.NOT_CHECKED, say("coverage.lower_bound", asset=asset))
    if held.low is None or held.low < owed.high:
        return Check("coverage.ratio", Outcome.NOT_CHECKED, say("coverage.overlap", asset=asset))
    if not reserve.balances_verified:
        return Check("coverage.ratio", Outcome.NOT_CHECKED, say("coverage.balances_open", asset=asset))
    if not liability.total_verified:
        return Check("coverage.ratio", Outcome.NOT_CHECKED, say("coverage.total_open", asset=asset))
    return Check("coverage.ratio", Outcome.PASSED, say("coverage.covered", asset=asset))


def _time_check(lag: int | None, asset: str) -> Check:
    if lag is None:
        return Check("coverage.time", Outcome.NOT_CHECKED, say("coverage.lag_unknown", asset=asset))
    hours = f"{abs(lag) / HOUR:.1f}"
    if abs(lag) > LONGEST_LAG:
        return Check("coverage.time", Outcome.NOT_CHECKED, say("coverage.lag_too_long", asset=asset, hours=hours))
    key = "coverage.lag_fine" if abs(lag) <= FINE_LAG else "coverage.lag_noted"
    if abs(lag) > NOTED_LAG:
        key = "coverage.lag_warning"
    return Check("coverage.time", Outcome.PASSED, say(key, asset=asset, hours=hours))


def _room(lag: int, gross: Decimal | None, daily: Decimal | None) -> Decimal | None:
    if gross is not None:
        return gross
    if daily is None:
        return None
    # lag / 24 h x median |daily net flow|, rounded up to whole units of the flow's last digit.
    exact = Fraction(abs(daily)) * lag / DAY
    exponent = int(daily.as_tuple().exponent)
    unit = Fraction(10) ** exponent
    return Decimal(-((-exact) // unit)).scaleb(exponent)


def printed_ratio(printed: str, *, reserves: Decimal, liabilities: Decimal) -> Check:
    """The publisher's printed percentage (``104%``) against the recomputed one, at its own decimals."""
    text = printed.strip().removesuffix("%").strip()
    if not is_plain(text) or liabilities <= 0:
        return Check("coverage.printed", Outcome.NOT_CHECKED, say("coverage.printed_unreadable"))
    decimals = len(text.partition(".")[2])
    ratio = Fraction(reserves) / Fraction(liabilities)
    rounded = percent(ratio, decimals)
    units = int(ratio * 100 * 10**decimals)
    whole, rest = divmod(units, 10**decimals)
    cut = f"{whole}.{rest:0{decimals}d}" if decimals else str(whole)
    seen = percent(ratio, max(decimals, 4))
    agrees = Decimal(text) in {Decimal(rounded), Decimal(cut)}
    outcome = Outcome.PASSED if agrees else Outcome.FAILED
    key = "coverage.printed_agrees" if agrees else "coverage.printed_differs"
    return Check("coverage.printed", outcome, say(key, printed=text, seen=seen), expected=text, seen=seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanRatio:
    """Ratio in money without the exchange's own tokens. Information only. ``missing`` lists assets without a price."""

    ratio: Fraction | None
    own_share: Fraction | None
    missing: tuple[str, ...] = field(default=())


def clean_ratio(
    reserves: Mapping[str, Decimal],
    liabilities: Mapping[str, Decimal],
    prices: Mapping[str, Decimal],
    own_tokens: frozenset[str],
) -> CleanRatio:
    """``sum of R x price / sum of L x price`` without own tokens, and the own tokens' share of reserves."""
    assets = reserves.keys() | liabilities.keys()
    missing = tuple(sorted(asset for asset in assets if asset not in prices))
    if missing:
        return CleanRatio(ratio=None, own_share=None, missing=missing)

    def value(amounts: Mapping[str, Decimal], chosen: frozenset[str] | set[str]) -> Fraction:
        return sum((Fraction(amounts.get(one, ZERO)) * Fraction(prices[one]) for one in chosen), Fraction(0))

    others = {asset for asset in assets if asset not in own_tokens}
    held, owed = value(reserves, others), value(liabilities, others)
    everything = value(reserves, set(assets))
    own = value(reserves, set(assets) & own_tokens)
    return CleanRatio(ratio=held / owed if owed else None, own_share=own / everything if everything else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Both sides in money over the assets ``counted``: information only, a surplus in one covers no lack in another.

    ``missing``: assets without a price or without reserves that were seen. None where nothing was counted.
    """

    reserves: Fraction | None
    liabilities: Fraction | None
    counted: tuple[str, ...]
    missing: tuple[str, ...]


def worth(held: Mapping[str, Decimal], owed: Mapping[str, Decimal], prices: Mapping[str, Decimal]) -> Worth:
    """``sum of R x price`` and ``sum of L x price`` over the same assets: those owed, seen, and with a price."""
    counted = tuple(asset for asset in owed if asset in held and asset in prices)
    sums = [
        sum((Fraction(amounts[one]) * Fraction(prices[one]) for one in counted), Fraction(0))
        for amounts in (held, owed)
    ]
    return Worth(
        reserves=sums[0] if counted else None,
        liabilities=sums[1] if counted else None,
        counted=counted,
        missing=tuple(asset for asset in owed if asset not in counted),
    )
