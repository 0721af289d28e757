"""The look-up on the Wallets page: what the listed addresses held at the list's own heights, and what they hold now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reserves_gui.chain.policy import offline_by_environment
from reserves_gui.chain.sources import parse_source
from reserves_gui.messages import Message
from reserves_gui.progress import Progress
from reserves_gui.services.agreement import RowAnswer
from reserves_gui.services.balance_report import assets_of
from reserves_gui.services.balances import BalancesRequest, look_verdict, opened_lists, rows_of
from reserves_gui.services.claimed import Against
from reserves_gui.services.listed import Listed
from reserves_gui.services.lookup import LookUp, look_up
from reserves_gui.services.owner_links import OWNER_SOURCES, evm_chain
from reserves_gui.services.probed import OpenDoor
from reserves_gui.services.wallet_table import WalletTable
from reserves_gui.services.wallets import check_wallets
from reserves_gui.services.ways import split_password
from reserves_gui.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAmounts:
    """The sums of one asset as each source gave them, coin units as texts; ``missing``: addresses it had no answer for.

    Two sources that differ stand side by side: they are never averaged. ``heights`` are by chain, ``times`` those of
    the blocks (seconds UTC) where a source dated them.
    """

    by_source: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
    heights: Mapping[str, int] = field(default_factory=dict)
    times: Mapping[str, int] = field(default_factory=dict)
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


@dataclass(frozen=True, slots=True)
class Contested:
    """A row on which the sources differ or which does not hold, as a whole or in one of its outputs, and why."""

    listed: Listed
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoLooks:
    """``verdict`` judges listed against seen at the list's heights, or now where the list states none.

    ``snapshot``: the look at the list's heights or at the moment asked about, None where there was none. ``dated``: the
    list or the request names heights. ``now``: the look at the newest block. ``ownership`` is None where no source can
    show owners, or no row needs it.
    """

    verdict: Verdict
    assets: tuple[AssetLook, ...]
    snapshot: LookUp | None
    now: LookUp
    dated: bool = False
    ownership: Ownership | None = None

    @property
    def contested(self) -> tuple[Contested, ...]:
        """What the look that is judged leaves open between sources, or shows otherwise than the list has it."""
        judged = self.snapshot if self.dated and self.snapshot is not None else self.now
        rows = [one for one in judged.compared if one.answer is RowAnswer.DIFFER or one.against is Against.LESS]
        outputs = [one for one in judged.outputs if one.answer is RowAnswer.DIFFER or one.holds is False]
        return (
            *(Contested(one.listed, one.reason) for one in rows),
            *(Contested(one.listed, one.reason) for one in outputs),
        )


def look_twice(request: BalancesRequest, progress: Progress, *, door: OpenDoor | None = None) -> TwoLooks:
    """Look at the list's own heights and at the newest block. Raises as ``observe_balances``.

    Amounts move after a snapshot: what is seen now is shown beside it and never judged against the list, unless the
    list names no height at all. Such a list may have been made at any time: what is seen at a moment asked about is
    not judged against it either.
    """
    asked = replace(request, offline=request.offline or offline_by_environment())
    lists = opened_lists(asked, progress)
    rows = rows_of(lists, progress)
    dated = bool(request.at) or any(row.height is not None for row in rows)
    snapshot = look_up(rows, asked.looking, progress, door=door) if dated or request.moment is not None else None
    undated = [replace(row, height=None) for row in rows]
    now = look_up(undated, replace(asked.looking, at={}, moment=None), progress, door=door)
    judged = look_verdict(lists, snapshot if dated and snapshot is not None else now, asked, progress)
    before = {} if snapshot is None else assets_of(snapshot.compared)
    return TwoLooks(
        verdict=judged,
        assets=tuple(
            AssetLook(
                asset=asset,
                listed=one["listed"],
                at_snapshot=None if snapshot is None else _seen(before.get(asset, {}), snapshot),
                now=_seen(one, now),
            )
            for asset, one in assets_of(now.compared).items()
        ),
        snapshot=snapshot,
        now=now,
        dated=dated,
        ownership=_ownership(asked, rows, progress, door),
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


def without_password(text: str) -> str:
    """A source text as it may be remembered: a password in it is left out. Raises ``source.unusable``."""
    parse_source(text, {})
    return split_password(text)[0]


def _seen(one: Mapping[str, Any], found: LookUp) -> SeenAmounts:
    heights: Mapping[str, int] = one.get("heights", {})
    return SeenAmounts(
        by_source=one.get("seen", {}),
        missing=one.get("missing", {}),
        heights=heights,
        times={chain: found.times[chain, at] for chain, at in heights.items() if (chain, at) in found.times},
        agree=one.get("agree", False),
    )
