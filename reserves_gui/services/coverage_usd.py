"""Coverage over all assets in US dollars: information only, a surplus in one coin covers no lack in another."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reserves_gui.history.coverage import AssetCoverage, CleanRatio, Worth, clean_ratio, worth
from reserves_gui.history.figures import percent, rounded
from reserves_gui.services.prices import ChosenPrices, prices_json

_DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class UsdFigures:
    """Sums over assets at ``prices``: both sides, and the ratio without the exchange's own tokens."""

    prices: ChosenPrices
    worth: Worth
    clean: CleanRatio
    own_tokens: tuple[str, ...]


def usd_figures(answers: Sequence[AssetCoverage], prices: ChosenPrices, own: frozenset[str]) -> UsdFigures:
    """The sums over ``answers``. Reserves count with the lower end of what was seen; ``own``: the exchange's tokens."""
    held = {
        one.asset: one.reserve.seen.low
        for one in answers
        if one.reserve.seen is not None and one.reserve.seen.low is not None
    }
    owed = {one.asset: Decimal(one.liability.text) for one in answers}
    values = prices.values
    clean = clean_ratio(held, owed, values, own)
    unseen = tuple(asset for asset in owed if asset not in held)
    if unseen:
        clean = CleanRatio(ratio=None, own_share=None, missing=unseen)
    return UsdFigures(prices=prices, worth=worth(held, owed, values), clean=clean, own_tokens=tuple(sorted(own)))


def usd_json(usd: UsdFigures) -> dict[str, Any]:
    """The parts ``clean`` and ``usd`` of coverage as JSON: sums in dollars as texts, with every price behind them."""
    return {
        "clean": {
            "ratio_percent": _percent(usd.clean.ratio),
            "own_share_percent": _percent(usd.clean.own_share),
            "own_tokens": list(usd.own_tokens),
            "missing": list(usd.clean.missing),
        },
        "usd": {
            "reserves": _money(usd.worth.reserves),
            "liabilities": _money(usd.worth.liabilities),
            "assets": list(usd.worth.counted),
            "missing": list(usd.worth.missing),
            **prices_json(usd.prices),
        },
    }


def _percent(value: Fraction | None) -> str | None:
    return None if value is None else percent(value, _DECIMALS)


def _money(value: Fraction | None) -> str | None:
    return None if value is None else rounded(value)
