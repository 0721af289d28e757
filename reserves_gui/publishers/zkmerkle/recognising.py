"""Which file of a round a document is, and in which dialect."""

import re
from dataclasses import dataclass

from reserves_gui import limits
from reserves_gui.intake.document import Document
from reserves_gui.publishers.zkmerkle.naming import (
    ASSETS,
    COLLATERAL,
    FORK,
    ORIGINAL,
    dialect,
    has_tiers,
    is_fork_list,
    is_table,
)
from reserves_gui.zk.gnark import GnarkError, read_key

_KEY_NAME = re.compile(r"\.vk(\.save)?$", re.ASCII | re.IGNORECASE)
_SHORTEST_KEY, _LONGEST_KEY = 356, 8192


@dataclass(frozen=True, slots=True)
class Seen:
    """What a document is: ``role``, whether its keys are the forks', and whether it has collateral."""

    role: str
    fork: bool = False
    collateral: bool = False


def look(document: Document) -> Seen | None:
    """What ``document`` is to a round; None for anything else. Never raises."""
    if document.looks_like_json:
        return _look_at_json(document)
    if is_table(document):
        return Seen("table")
    if _KEY_NAME.search(document.name) or _holds_key(document):
        return Seen("key")
    return None


def _look_at_json(document: Document) -> Seen | None:
    head = document.head
    if f'"{ASSETS}"'.encode() in head:
        keys = document.json_keys(limits.JSON_GLOBAL_BYTES)
        if ASSETS in keys:
            return Seen("list", fork=is_fork_list(keys), collateral=has_tiers(keys))
    if any(f'"{names.root}"'.encode() in head or f'"{names.proof}"'.encode() in head for names in (ORIGINAL, FORK)):
        keys = document.json_keys()
        names = dialect(keys)
        if names is not None:
            return Seen("user", fork=names is FORK, collateral=COLLATERAL in keys)
    return None


def _holds_key(document: Document) -> bool:
    if not _SHORTEST_KEY <= document.size <= _LONGEST_KEY:
        return False
    try:
        read_key(document.head)
    except GnarkError:
        return False
    return True
