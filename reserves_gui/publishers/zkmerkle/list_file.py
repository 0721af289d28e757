"""The list of assets, ``config.json`` or ``cex_config.json``, and which key file belongs to which batches."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reserves_gui import limits
from reserves_gui.intake.document import Document
from reserves_gui.intake.shape import Shape
from reserves_gui.messages import say
from reserves_gui.publishers.field_values import whole_number
from reserves_gui.publishers.zkmerkle.naming import (
    ASSETS,
    FORK_KEY,
    FORK_TABLE,
    ORIGINAL_KEY,
    ORIGINAL_TABLE,
    TIERS,
    is_fork_list,
)
from reserves_gui.zk.solvency.asset_list import ListedAsset, Tier

_COLLATERAL = ("LoanCollateral", "MarginCollateral", "PortfolioMarginCollateral")
_RATIOS = ("LoanRatios", "MarginRatios", "PortfolioMarginRatios")
_MOST_ROWS = 20_000
_MOST_KEYS = 64
# More than any list has; what is above TIER_COUNT fails a check.
_MOST_TIERS = 64
_SEPARATOR = re.compile(r"[/\\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFile:
    """The list. ``repeated``: slots that stand twice. ``keys``: base name of the key file by tier (None: one key)."""

    assets: Mapping[int, ListedAsset]
    repeated: tuple[int, ...]
    collateral: bool
    tiers: tuple[int, ...]
    keys: Mapping[int | None, str]
    unknown: tuple[str, ...]


def read_list_file(document: Document) -> ListFile:
    """Read a list. Raises ``json.*``, ``format.shape``, ``number.grammar``, ``limit.*``."""
    shape = document.shape(limits.JSON_GLOBAL_BYTES)
    keys = frozenset(shape.keys())
    table, key = (FORK_TABLE, FORK_KEY) if is_fork_list(keys) else (ORIGINAL_TABLE, ORIGINAL_KEY)
    shape[table].text()
    rows = shape[ASSETS].entries(_MOST_ROWS)
    collateral = bool(rows) and rows[0].is_object and _COLLATERAL[0] in rows[0].keys()  # noqa: SIM118
    tiers: tuple[int, ...] = ()
    names: Mapping[int | None, str]
    if collateral or TIERS in keys:
        tiers = tuple(whole_number(one) for one in shape[TIERS].entries(_MOST_KEYS))
        stems = [_stem(one.text()) for one in shape[key].entries(_MOST_KEYS)]
        names = dict(zip(tiers, stems, strict=False))
    else:
        names = {None: _stem(shape[key].text())}
    assets: dict[int, ListedAsset] = {}
    repeated: list[int] = []
    for row in rows:
        asset = _asset(row, collateral=collateral)
        if asset.slot in assets:
            repeated.append(asset.slot)
        assets[asset.slot] = asset
    return ListFile(
        assets=assets,
        repeated=tuple(repeated),
        collateral=collateral,
        tiers=tiers,
        keys=names,
        unknown=tuple(sorted(keys - {table, key, ASSETS, TIERS})),
    )


def key_stem(file_name: str) -> str:
    """The base name of a key file without ``.vk`` or ``.vk.save``."""
    base = _SEPARATOR.split(file_name)[-1]
    return base.removesuffix(".save").removesuffix(".vk")


def _stem(path: str) -> str:
    return key_stem(path)


def _asset(row: Shape, *, collateral: bool) -> ListedAsset:
    return ListedAsset(
        slot=whole_number(row["Index"]),
        symbol=row["Symbol"].text(longest=limits.LABEL_CHARS),
        equity=whole_number(row["TotalEquity"]),
        debt=whole_number(row["TotalDebt"]),
        price=whole_number(row["BasePrice"]),
        collateral=tuple(whole_number(row[name]) for name in _COLLATERAL) if collateral else (),
        ratios=tuple(_tiers(row[name]) for name in _RATIOS) if collateral else (),
    )


def _tiers(shape: Shape) -> tuple[Tier, ...]:
    entries = shape.entries()
    if len(entries) > _MOST_TIERS:
        shape.refuse(say("error.limit_entries", limit=_MOST_TIERS))
    names = ("BoundaryValue", "Ratio", "PrecomputedValue")
    return tuple(Tier(*(whole_number(entry[name]) for name in names)) for entry in entries)
