"""How much of all reserves in money lies in the exchange's own tokens, and in stablecoins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reserves_gui.history.figures import Point, at_or_before
from reserves_gui.history.seen import ROUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Shares of all reserves in money at ``time`` (seconds UTC); None where ``missing`` names any asset.

    ``missing``: assets whose listed wallets were not seen with one figure near that time, or that have no price then.
    """

    time: int
    own: Fraction | None
    stable: Fraction | None
    missing: tuple[str, ...]


def shares(
    points: Mapping[str, Sequence[Point]],
    prices: Mapping[str, Sequence[tuple[int, Decimal]]],
    *,
    time: int,
    near: int,
    own: frozenset[str],
    stable: frozenset[str],
) -> Shares:
    """From the series of every asset and its prices (seconds UTC, money a coin). ``near``: how old a price may be.

    An asset of which nothing was ever seen is no part of the reserves; one whose price is missing leaves both unknown,
    because any sum without it would say too much of the others.
    """
    worth: dict[str, Fraction] = {}
    missing: list[str] = []
    for asset, series in points.items():
        if not series or series[0].time > time:
            continue
        held = at_or_before(series, time)
        known = [(abs(moment - time), value) for moment, value in prices.get(asset, ()) if abs(moment - time) <= near]
        if held is None or time - held.time > ROUND or not known:
            missing.append(asset)
        else:
            worth[asset] = Fraction(held.amount) * Fraction(min(known)[1])
    whole = sum(worth.values(), Fraction(0))
    if missing or not whole:
        return Shares(time=time, own=None, stable=None, missing=tuple(sorted(missing)))
    return Shares(time=time, own=_part(worth, own) / whole, stable=_part(worth, stable) / whole, missing=())


def _part(worth: Mapping[str, Fraction], chosen: frozenset[str]) -> Fraction:
    return sum((value for asset, value in worth.items() if asset.upper() in chosen), Fraction(0))
