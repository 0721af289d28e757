"""The list of assets of a round: totals, prices, collateral tiers, and the commitment that every batch carries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reserves_gui.progress import Progress
from reserves_gui.zk.bn254 import SCALAR_FIELD
from reserves_gui.zk.poseidon_bn254 import DEFAULT_CHUNK, Sponge
from reserves_gui.zk.solvency.account import AMOUNT_LIMIT, COLLATERAL_SLOTS, Account, Shape

TIER_COUNT = 12
RATIO_LIMIT = 1 << 8
BOUNDARY_MAXIMUM = 1 << 118


@dataclass(frozen=True, slots=True)
class Tier:
    """Collateral worth up to ``boundary`` counts with ``ratio`` percent; ``precomputed`` is the value up to there."""

    boundary: int
    ratio: int
    precomputed: int


NO_TIER = Tier(BOUNDARY_MAXIMUM, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAsset:
    """One row of the list. ``collateral`` (loan, margin, portfolio margin) and ``ratios`` are empty in releases 1.0."""

    slot: int
    symbol: str
    equity: int
    debt: int
    price: int
    collateral: tuple[int, ...] = ()
    ratios: tuple[tuple[Tier, ...], ...] = ()

    @property
    def emptied(self) -> "ListedAsset":
        """The same asset before any account was counted: prices and ratios stay."""
        return replace(self, equity=0, debt=0, collateral=(0,) * len(self.collateral))


def haircut(value: int, tiers: Sequence[Tier]) -> int:
    """What collateral of ``value`` counts for.

    lower = pre = 0; per tier: v <= Boundary gives (v - lower) Ratio div 100 + pre, else pre += (Boundary - lower)
    Ratio div 100, lower = Boundary. Above the last boundary: pre.
    """
    lower = counted = 0
    for tier in tiers:
        if value <= tier.boundary:
            return (value - lower) * tier.ratio // 100 + counted
        counted += (tier.boundary - lower) * tier.ratio // 100
        lower = tier.boundary
    return counted


def precomputed(tiers: Sequence[Tier]) -> list[int]:
    """What each tier's precomputed value must be."""
    lower = counted = 0
    values = []
    for tier in tiers:
        counted += (tier.boundary - lower) * tier.ratio // 100
        lower = tier.boundary
        values.append(counted)
    return values


_ABSENT = ListedAsset(
    slot=0, symbol="", equity=0, debt=0, price=0, collateral=(0, 0, 0), ratios=((NO_TIER,) * TIER_COUNT,) * 3
)


@dataclass(frozen=True, slots=True)
class Totals:
    """What an account's amounts come to at the list's prices. ``collateral`` is None for pair leaves."""

    equity: int
    debt: int
    collateral: int | None


def totals(account: Account, assets: Mapping[int, ListedAsset]) -> Totals:
    """Recompute an account's totals. An asset that is not in the list has the price 0."""
    equity = debt = collateral = 0
    for one in account.holdings:
        listed = assets.get(one.index)
        if listed is None:
            continue
        equity += one.equity * listed.price
        debt += one.debt * listed.price
        for amount, tiers in zip((one.loan, one.margin, one.portfolio), listed.ratios, strict=False):
            collateral += haircut(amount * listed.price, tiers)
    return Totals(equity, debt, None if account.collateral is None else collateral)


def list_commitment(assets: Mapping[int, ListedAsset], shape: Shape | None, progress: Progress) -> int:
    """The Poseidon commitment of the list: one word a slot for pair leaves, 20 for collateral (``shape`` None).

    TotalEquity 2^128 + TotalDebt 2^64 + BasePrice; Loan 2^128 + Margin 2^64 + PortfolioMargin; then per ratio list, for
    k = 0..5: Ratio_2k + Boundary_2k 2^8 + Ratio_2k+1 2^126 + Boundary_2k+1 2^134. Absent slots hold zero amounts, and
    tiers with boundary 2^118 and ratio 0.
    """
    sponge = Sponge(DEFAULT_CHUNK if shape is None else shape.chunk)
    for slot in range(COLLATERAL_SLOTS if shape is None else shape.slots):
        progress.checkpoint()
        words = committed_words(assets.get(slot))
        sponge.absorb(words if shape is None else words[:1])
    return sponge.digest()


def committed_words(asset: ListedAsset | None) -> list[int]:
    """The words of one slot; only the first belongs to a round of pair leaves."""
    if asset is None:
        asset = _ABSENT
    words = [(asset.equity << 128) + (asset.debt << 64) + asset.price]
    if asset.collateral:
        loan, margin, portfolio = asset.collateral
        words.append((loan << 128) + (margin << 64) + portfolio)
    for tiers in asset.ratios:
        full = [*tiers, *[NO_TIER] * (TIER_COUNT - len(tiers))]
        words += [
            low.ratio + (low.boundary << 8) + (high.ratio << 126) + (high.boundary << 134)
            for low, high in zip(full[0:TIER_COUNT:2], full[1:TIER_COUNT:2], strict=True)
        ]
    # Values outside their range fail a check of their own; the hash takes elements of the field.
    return [word % SCALAR_FIELD for word in words]


def debt_faults(assets: Mapping[int, ListedAsset]) -> list[tuple[str, str]]:
    """What is wrong with the list's figures: (kind, symbol) pairs, kinds ``range`` ``debt`` ``collateral`` ``tiers``
    ``backing``. Without ranges, another price and debt would give the same commitment.
    """
    faults: list[tuple[str, str]] = []
    owed = backed = 0
    for asset in assets.values():
        figures = (asset.equity, asset.debt, asset.price, *asset.collateral)
        if any(not 0 <= value < AMOUNT_LIMIT for value in figures):
            faults.append(("range", asset.symbol))
        if asset.debt > asset.equity:
            faults.append(("debt", asset.symbol))
        if sum(asset.collateral) > asset.equity:
            faults.append(("collateral", asset.symbol))
        if any(_tiers_wrong(tiers) for tiers in asset.ratios):
            faults.append(("tiers", asset.symbol))
        owed += asset.debt * asset.price
        backed += sum(asset.collateral) * asset.price
    if any(asset.ratios for asset in assets.values()) and owed > backed:
        faults.append(("backing", ""))
    return faults


def _tiers_wrong(tiers: Sequence[Tier]) -> bool:
    boundaries = [tier.boundary for tier in tiers]
    return (
        len(tiers) > TIER_COUNT
        or any(not 0 <= tier.ratio < RATIO_LIMIT for tier in tiers)
        or any(not 0 <= boundary <= BOUNDARY_MAXIMUM for boundary in boundaries)
        or boundaries != sorted(boundaries)
        or precomputed(tiers) != [tier.precomputed for tier in tiers]
    )
