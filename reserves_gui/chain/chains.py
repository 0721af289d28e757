"""The chains this program can look at, from ``resources/chain/chains.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources


class Kind(StrEnum):
    """Families of chains that are asked in one way."""

    BITCOIN = "bitcoin"
    EVM = "evm"
    TRON = "tron"
    SOLANA = "solana"
    XRP = "xrp"


class Work(StrEnum):
    """The hash a block header's work is counted in; ``NONE`` for chains without such headers.

    ``MERGED``: the work lies in a block of another chain and is not checked here; blocks are named by SHA-256d all the
    same.
    ``X11``: a hash that is not computed here, by which blocks are named, too: of its headers nothing can be checked.
    """

    SHA256D = "sha256d"
    SCRYPT = "scrypt"
    MERGED = "merged"
    X11 = "x11"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One chain. ``identity`` is the genesis hash or, for EVM chains, the chain id as decimal text.

    ``test_identity`` is the one of a local test chain. ``block_seconds`` is the usual time between blocks.
    ``easiest_bits`` is the easiest compact target accepted on the public chain (0: not checked). ``other_coins`` are
    former names of the coin.
    """

    name: str
    kind: Kind
    coin: str
    decimals: int
    identity: str
    test_identity: str
    block_seconds: int
    work: Work
    easiest_bits: int
    aliases: tuple[str, ...]
    other_coins: tuple[str, ...] = ()

    @property
    def names_headers(self) -> bool:
        """Whether the name of a block is the SHA-256d of its header, so that headers can be hashed and linked here."""
        return self.work is not Work.X11

    @property
    def counts_work(self) -> bool:
        """Whether the work of a header can be checked by the header alone."""
        return self.work in (Work.SHA256D, Work.SCRYPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token's contract on one chain. ``mapping``: storage position of its balances, None if it is not a plain one.

    ``decimals`` stand beside a position: a proof of balances does not cover what the contract says of its decimals.
    """

    chain: str
    asset: str
    contract: str
    mapping: int | None
    vyper: bool
    decimals: int | None = None


@cache
def chains() -> Mapping[str, Chain]:
    """All chains by name."""
    table = tomllib.loads((resources.files("reserves_gui.resources") / "chain" / "chains.toml").read_text("utf-8"))
    return {
        row["name"]: Chain(
            name=row["name"],
            kind=Kind(row["kind"]),
            coin=row["coin"],
            decimals=row["decimals"],
            identity=row.get("identity", ""),
            test_identity=row.get("test_identity", ""),
            block_seconds=row["block_seconds"],
            work=Work(row.get("work", "none")),
            easiest_bits=row.get("easiest_bits", 0),
            aliases=tuple(row.get("aliases", ())),
            other_coins=tuple(row.get("other_coins", ())),
        )
        for row in table["chain"]
    }


@cache
def _by_alias() -> Mapping[str, Chain]:
    named = {chain.name: chain for chain in chains().values()}
    for chain in chains().values():
        named.update(dict.fromkeys(chain.aliases, chain))
    return named


def chain_named(text: str) -> Chain | None:
    """The chain of that name or alias, in any letter case."""
    return _by_alias().get(text.strip().lower())


@cache
def tokens() -> Mapping[tuple[str, str], Token]:
    """Known tokens by (chain name, asset)."""
    table = tomllib.loads((resources.files("reserves_gui.resources") / "chain" / "tokens.toml").read_text("utf-8"))
    return {
        (row["chain"], row["asset"]): Token(
            chain=row["chain"],
            asset=row["asset"],
            contract=row["contract"],
            mapping=row.get("mapping"),
            vyper=row.get("vyper", False),
            decimals=row.get("decimals"),
        )
        for row in table["token"]
    }
