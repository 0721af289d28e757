"""Bundled facts: published figures, reported flows, tokens that exchanges issue themselves. Never proof of anything."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigure:
    """What somebody published about one asset at one date. Amounts are coins as printed, ``ratio`` a percentage."""

    exchange: str
    asset: str
    date: str
    sources: tuple[str, ...]
    reserves: str | None = None
    liabilities: str | None = None
    ratio: str | None = None
    height: int | None = None
    root: str | None = None
    snapshot: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFlow:
    """A reported flow in US dollars over a window (ISO times); positive net is money that left."""

    exchange: str
    start: str
    end: str
    scope: str
    source: str
    net_out_usd: str | None = None
    out_usd: str | None = None
    in_usd: str | None = None
    held_usd_from: str | None = None
    held_usd_to: str | None = None


@cache
def figures() -> tuple[PublishedFigure, ...]:
    """All bundled figures, in the order of the file."""
    return tuple(
        PublishedFigure(
            exchange=row["exchange"],
            asset=row["asset"],
            date=row["date"],
            sources=tuple(row["sources"]),
            reserves=row.get("reserves"),
            liabilities=row.get("liabilities"),
            ratio=row.get("ratio"),
            height=row.get("height"),
            root=row.get("root"),
            snapshot=row.get("snapshot"),
        )
        for row in _table("published.toml")["figure"]
    )


@cache
def flows() -> tuple[PublishedFlow, ...]:
    """All bundled reported flows, in the order of the file."""
    amounts = ("net_out_usd", "out_usd", "in_usd", "held_usd_from", "held_usd_to")
    return tuple(
        PublishedFlow(
            exchange=row["exchange"],
            start=row["from"],
            end=row["to"],
            scope=row["scope"],
            source=row["source"],
            **{name: row.get(name) for name in amounts},
        )
        for row in _table("published.toml")["flow"]
    )


def own_tokens(exchange: str) -> frozenset[str]:
    """The tokens that ``exchange`` issues itself; the name is compared without letter case."""
    return _named("own_tokens.toml", exchange)


def stablecoins() -> frozenset[str]:
    """Coins whose issuer promises a fixed value in a state's money, upper case."""
    return frozenset(_table("stablecoins.toml")["stable"])


def own_chains(exchange: str) -> frozenset[str]:
    """The chains on which ``exchange`` itself issues tokens for other chains' coins."""
    return _named("own_chains.toml", exchange)


def example() -> Mapping[str, str]:
    """The headline of the worked example: exchange, asset, amount, from, to, reading."""
    return {name: str(value) for name, value in _table("headline_example.toml").items()}


def _named(table: str, exchange: str) -> frozenset[str]:
    known = {name.casefold(): values for name, values in _table(table).items()}
    return frozenset(known.get(exchange.casefold(), ()))


@cache
def _table(name: str) -> Mapping[str, Any]:
    text = (resources.files("reserves_gui.resources") / "history" / name).read_text(encoding="utf-8")
    return tomllib.loads(text)
