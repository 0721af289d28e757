"""The look-up on the Wallets page: what the listed addresses held at the list's own heights, and what they hold now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reserves_gui.chain.policy import offline_by_environment
from reserves_gui.chain.sources import parse_source
from reserves_gui.progress import Progress
from reserves_gui.services.balances import BalancesRequest, observe_rows, opened_lists, rows_of
from reserves_gui.services.listed import Listed, listed_rows
from reserves_gui.services.owner_links import OWNER_SOURCES, evm_chain
from reserves_gui.services.probed import OpenDoor
from reserves_gui.services.wallet_table import WalletTable
from reserves_gui.services.wallets import check_wallets
from reserves_gui.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAmounts:
    """The sums of one asset as each source gave them, coin units as texts; ``missing``: addresses it had no answer for.

    Two sources that differ stand side by side: they are never averaged. ``heights`` are by chain.
    """

    by_source: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
    heights: Mapping[str, int] = field(default_factory=dict)
    agree: bool = False

    @property
    def differ(self) -> bool:
        """Whether two sources that answered for every address gave different sums."""
        return len(set(self.by_source.values())) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetLook:
    """One asset: listed (None: no amounts), seen at the list's heights (None: it states none), seen now."""

    asset: str
    listed: str | None
    at_snapshot: SeenAmounts | None
    now: SeenAmounts


@dataclass(frozen=True, slots=True)
class Ownership:
    """The list judged again with what the chain shows of owner accounts: verdict and rows."""

    verdict: Verdict
    rows: WalletTable


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoLooks:
    """``verdict`` judges listed against seen at the list's heights, or now where the list states none.

    ``ownership`` is None where no source can show owners, or no row needs it.
    """

    verdict: Verdict
    assets: tuple[AssetLook, ...]
    ownership: Ownership | None = None


def look_twice(request: BalancesRequest, progress: Progress, *, door: OpenDoor | None = None) -> TwoLooks:
    """Look at the list's own heights and at the newest block. Raises as ``observe_balances``.

    Amounts move after a snapshot: what is seen now is shown beside it and never judged against the list, unless the
    list names no height at all.
    """
    asked = replace(request, offline=request.offline or offline_by_environment())
    lists = opened_lists(asked, progress)
    rows = listed_rows(rows_of(lists, progress), progress)
    verdict = observe_rows(lists, rows, asked, progress, door=door)
    ownership = _ownership(asked, rows, progress, door)
    first = _figures(verdict)
    if not request.at and all(row.height is None for row in rows):
        return TwoLooks(
            verdict=verdict,
            assets=tuple(
                AssetLook(asset=asset, listed=one["listed"], at_snapshot=None, now=_seen(one))
                for asset, one in first.items()
            ),
            ownership=ownership,
        )
    undated = [replace(row, height=None) for row in rows]
    second = _figures(observe_rows(lists, undated, replace(asked, at={}), progress, door=door))
    return TwoLooks(
        verdict=verdict,
        assets=tuple(
            AssetLook(asset=asset, listed=one["listed"], at_snapshot=_seen(one), now=_seen(second.get(asset, {})))
            for asset, one in first.items()
        ),
        ownership=ownership,
    )


def _ownership(
    request: BalancesRequest, rows: Sequence[Listed], progress: Progress, door: OpenDoor | None
) -> Ownership | None:
    kinds = {parse_source(text).kind for text in request.sources}
    if request.owners is None or not kinds & OWNER_SOURCES or all(evm_chain(row.chain) is None for row in rows):
        return None
    table = WalletTable()
    asked = replace(request.owners, row_sink=table.add, looking=replace(request.looking, at={}))
    return Ownership(check_wallets(asked, progress, door=door), table)


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A source text and the ``host:port`` that consent is asked for; None for a recorded file."""

    text: str
    host: str | None


def named_sources(texts: Sequence[str]) -> tuple[NamedSource, ...]:
    """The sources with their hosts. Raises ``source.unusable`` for a text that can never be used."""
    return tuple(NamedSource(text, parse_source(text).authority) for text in texts)


def without_password(text: str) -> str:
    """A source text as it may be remembered: a password in it is left out. Raises ``source.unusable``."""
    parse_source(text, {})
    scheme, mark, rest = text.strip().partition("://")
    place, slash, path = rest.partition("/")
    before, at, host = place.rpartition("@")
    user = before.partition(":")[0]
    return f"{scheme}{mark}{user}{at if user else ''}{host}{slash}{path}" if at else text.strip()


def _figures(verdict: Verdict) -> Mapping[str, Any]:
    found = verdict.extra["assets"]
    assert isinstance(found, Mapping)
    return found


def _seen(one: Mapping[str, Any]) -> SeenAmounts:
    return SeenAmounts(
        by_source=one.get("seen", {}),
        missing=one.get("missing", {}),
        heights=one.get("heights", {}),
        agree=one.get("agree", False),
    )
