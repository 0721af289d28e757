"""Coverage as JSON-ready figures: amounts as texts, ratios with both ends, every figure with its time and source."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from reserves_gui.amounts import stripped
from reserves_gui.history.coverage import AssetCoverage
from reserves_gui.history.figures import Interval, percent
from reserves_gui.messages import render
from reserves_gui.services.coverage_usd import UsdFigures, usd_json
from reserves_gui.services.keeping import shown_time

if TYPE_CHECKING:
    from reserves_gui.services.coverage_lines import CoverageLine
    from reserves_gui.services.coverage_sides import HeldSide, OwedSide

_DECIMALS = 4


def coverage_figures(
    lines: Sequence["CoverageLine"], owed: "OwedSide", held: "HeldSide", usd: UsdFigures
) -> dict[str, Any]:
    """The additions of coverage to a verdict's JSON object."""
    return {
        "coverage": {one.asset: _line(one) for one in lines},
        **usd_json(usd),
        "figures_from": {"liabilities": owed.source, "reserves": held.source},
    }


def asset_figures(answer: AssetCoverage) -> dict[str, Any]:
    """One asset's answer by itself."""
    owed, held = answer.liability, answer.reserve
    return {
        "state": answer.state.value,
        "ratio": {
            "low_percent": _percent(answer.low),
            "high_percent": _percent(answer.high),
            "low": _exact(answer.low),
            "high": _exact(answer.high),
        },
        "liabilities": {
            "stated": owed.text,
            **_interval(owed.interval),
            "binding": owed.binding.value,
            "proven": owed.total_verified,
            "time": _time(owed.time),
            "height": owed.height,
        },
        "reserves": {
            "listed": None if held.listed is None else stripped(held.listed),
            "seen": None if held.seen is None else _interval(held.seen),
            "proven": None if held.proven is None else _interval(held.proven),
            "agreed": held.balances_verified,
            "time": _time(held.time),
            "height": held.height,
        },
        "lag_seconds": answer.lag,
        "notes": [{"key": one.key, "text": render(one)} for one in answer.notes],
    }


def _line(line: "CoverageLine") -> dict[str, Any]:
    figures = asset_figures(line.answer)
    figures["liabilities"] |= {"gross": line.parts.gross, "debt": line.parts.debt}
    return figures | {
        "proven_share_percent": _percent(line.proven_share),
        "listed_not_seen": None if line.not_seen is None else stripped(line.not_seen),
    }


def _interval(interval: Interval) -> Mapping[str, str | None]:
    ends = {"low": interval.low, "high": interval.high}
    return {name: None if value is None else stripped(value) for name, value in ends.items()}


def _percent(value: Fraction | None) -> str | None:
    return None if value is None else percent(value, _DECIMALS)


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else shown_time(seconds)
