"""What is known of the released tools: which one made a round, the unit of an amount, weaknesses by date."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

from reserves_gui.amounts import scaled
from reserves_gui.messages import Message, say
from reserves_gui.zk.solvency.account import Shape
from reserves_gui.zk.solvency.batch import Scheme

# amount * price is always * 10^16.
VALUE_DECIMALS = 16
_USUAL_DECIMALS, _FEW_DECIMALS = 8, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release. ``two_digits`` is None where its list is not known; ``doubtful``: whether its members are unsure."""

    publisher: str
    name: str
    collateral: bool
    scheme: Scheme
    shape: Shape
    since: str
    until: str
    two_digits: frozenset[str] | None
    doubtful: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """Decimals of an asset's amounts; ``certain`` false where the round's release could mean another unit."""

    decimals: int
    certain: bool

    def amount(self, units: int) -> Decimal:
        """Coins."""
        return scaled(units, self.decimals)

    def price(self, units: int) -> Decimal:
        """Quote currency per coin."""
        return scaled(units, VALUE_DECIMALS - self.decimals)


@cache
def releases() -> tuple[Release, ...]:
    """Every release, oldest first per publisher."""
    text = (resources.files("reserves_gui.resources") / "zkmerkle" / "releases.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    lists = {name: frozenset(symbols) for name, symbols in table["two_digits"].items()}
    return tuple(
        Release(
            publisher=one["publisher"],
            name=one["name"],
            collateral=one["leaf"] == "collateral",
            scheme=Scheme(one["scheme"]),
            shape=Shape(one["slots"], one["chunk"]),
            since=one["since"],
            until=one["until"],
            two_digits=lists.get(one["two_digits"]),
            doubtful=one["doubtful"],
            notes=tuple(one["notes"]),
        )
        for one in table["release"]
    )


def candidates(
    publishers: Iterable[str], *, collateral: bool | None, shape: Shape | None, scheme: Scheme | None
) -> tuple[Release, ...]:
    """The releases that could have made a round; what is None is not known."""
    allowed = frozenset(publishers)
    return tuple(
        one
        for one in releases()
        if one.publisher in allowed
        and (collateral is None or one.collateral is collateral)
        and (scheme is None or one.scheme is scheme)
        and (shape is None or one.collateral or one.shape == shape)
    )


def unit_of(symbol: str, made_by: Sequence[Release]) -> Unit:
    """The unit of an asset in a round of one of these releases. It never changes a verdict: hashes take integers."""
    name = symbol.upper()
    few = [one.two_digits is not None and name in one.two_digits for one in made_by]
    certain = bool(made_by) and all(one.two_digits is not None for one in made_by) and len(set(few)) == 1
    if any(held and one.doubtful for held, one in zip(few, made_by, strict=True)):
        certain = False
    return Unit(_FEW_DECIMALS if few and few[-1] else _USUAL_DECIMALS, certain)


def dated_notes(made_by: Sequence[Release]) -> tuple[Message, ...]:
    """The known weaknesses of these releases, each once, with the months of the snapshots they concern."""
    spans: dict[str, list[Release]] = {}
    for one in made_by:
        for key in one.notes:
            spans.setdefault(key, []).append(one)
    return tuple(
        say(
            key,
            since=min((one.since for one in made if one.since), default="?"),
            until="…" if any(not one.until for one in made) else max(one.until for one in made),
            releases=", ".join(one.name for one in made),
        )
        for key, made in spans.items()
    )


@cache
def shipped_pins() -> Mapping[str, str]:
    """Names of pinned verifying keys by SHA-256."""
    text = (resources.files("reserves_gui.resources") / "pins" / "zkmerkle.toml").read_text(encoding="utf-8")
    return {one["sha256"]: one["name"] for one in tomllib.loads(text)["key"]}
