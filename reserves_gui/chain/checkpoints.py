"""Known blocks of public chains, from ``resources/chain/checkpoints.toml``, and sources held to them."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from reserves_gui.chain.port import Speaker
from reserves_gui.chain.standing import Identified
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The block at ``height``, by its hash as shown. ``header``: its 80 bytes where they are known."""

    chain: str
    genesis: str
    height: int
    hash: str
    header: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderRoot:
    """The Merkle root (shown hex) over the hashes of all headers up to ``height``."""

    chain: str
    genesis: str
    height: int
    root: str


@cache
def checkpoints() -> tuple[Checkpoint, ...]:
    """All checkpoints, lowest first."""
    found = [
        Checkpoint(
            chain=row["chain"],
            genesis=row["genesis"],
            height=row["height"],
            hash=row["hash"],
            header=bytes.fromhex(row["header"]) if "header" in row else None,
        )
        for row in _table()["checkpoint"]
    ]
    return tuple(sorted(found, key=lambda one: one.height))


@cache
def header_roots() -> tuple[HeaderRoot, ...]:
    """All roots over headers."""
    return tuple(
        HeaderRoot(chain=row["chain"], genesis=row["genesis"], height=row["height"], root=row["root"])
        for row in _table()["root"]
    )


def _table() -> dict[str, Any]:
    return tomllib.loads((resources.files("reserves_gui.resources") / "chain" / "checkpoints.toml").read_text("utf-8"))


def newest_checkpoint(found: Identified, tip: int) -> Checkpoint | None:
    """The highest one on the identified chain at or below ``tip``; none on test chains."""
    fitting = [one for one in checkpoints() if _is_of(found, one) and one.height <= tip]
    return fitting[-1] if fitting else None


def header_root(found: Identified, height: int) -> HeaderRoot | None:
    """The root that covers the block at ``height`` of the identified chain, if one is known."""
    return next((one for one in header_roots() if _is_of(found, one) and height <= one.height), None)


def _is_of(found: Identified, one: Checkpoint | HeaderRoot) -> bool:
    return not found.test and (one.chain, one.genesis) == (found.chain.name, found.chain.identity)


def hold_to_checkpoint(found: Identified, tip: int, hash_at: Callable[[int], str], speaker: Speaker) -> None:
    """Raise ``source.wrong_chain`` where a source has another block than the one known at that height.

    The user's own node is not asked: it has validated its chain itself.
    """
    known = None if speaker.own else newest_checkpoint(found, tip)
    if known is not None and hash_at(known.height) != known.hash:
        message = say("chain.checkpoint", source=speaker.name, height=known.height, chain=known.chain)
        raise ReservesError(ErrorCode.SOURCE_WRONG_CHAIN, message)
