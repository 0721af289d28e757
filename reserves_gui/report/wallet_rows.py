"""What a wallet list came to, row by row: read from the additions of its verdict, which any hand may have written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reserves_gui.messages import Message
from reserves_gui.report.stored import stored_message
from reserves_gui.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFailure:
    """A row that failed: physical line or index, coin and address as listed, and why."""

    line: int
    coin: str
    address: str
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletRows:
    """``states``: rows per state (contract section 4); ``assets``: amounts per asset and state, coin units as texts."""

    states: Mapping[str, int]
    assets: Mapping[str, Mapping[str, str]]
    failures: tuple[RowFailure, ...]

    @property
    def total(self) -> int:
        """All address rows."""
        return sum(self.states.values())


def wallet_rows(verdict: Verdict) -> WalletRows:
    """The rows of a verdict over wallet lists; empty for any other verdict and for entries of another shape."""
    if verdict.claim("ownership") is None:
        return WalletRows(states={}, assets={}, failures=())
    states = _mapping(verdict.extra.get("rows"))
    return WalletRows(
        states={state: count for state, count in states.items() if type(count) is int},
        assets={
            asset: {name: amount for name, amount in _mapping(table).items() if isinstance(amount, str)}
            for asset, table in _mapping(verdict.extra.get("assets")).items()
        },
        failures=tuple(_failure(_mapping(one)) for one in _sequence(verdict.extra.get("failures"))),
    )


def _failure(entry: Mapping[str, object]) -> RowFailure:
    line = entry.get("line")
    return RowFailure(
        line=line if type(line) is int else 0,
        coin=str(entry.get("coin", "")),
        address=str(entry.get("address", "")),
        reason=stored_message(entry, "reason"),
    )


def _mapping(value: object) -> Mapping[str, object]:
    return {str(key): item for key, item in value.items()} if isinstance(value, Mapping) else {}


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else ()
