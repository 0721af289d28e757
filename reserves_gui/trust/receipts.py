"""Receipts: what one user was shown of a snapshot, in a form that can be given away.

    key   = SHA-256( "por-node"  || H )              H = raw node hash (its bytes as published)
    claim = SHA-256( "por-claim" || H || B )         B = canonical balances of that node
    text  = SHA-256( "por-text"  || H || T )         T = joined sums, where one text has two readings
    file  = SHA-256( "por-file"  || F )              F = SHA-256 of the proof file's content

Outsiders learn nothing from a receipt without H; whoever knows H (the sibling, the exchange) can test guesses of B.
``file`` tells two exports of one proof from two users' proofs. A whole tree is public, and so is every H of it: its
receipt is the header alone, because the key of the own leaf would show its owner's balance to everybody.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from reserves_gui.amounts import stripped
from reserves_gui.canonical import canonical_bytes
from reserves_gui.evidence import SnapshotView

SCHEMA = "reserves/receipt/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One user's view, blinded.

    ``nodes`` maps key to claim and ``texts`` key to text; ``places`` maps a place in the tree to the key of what is
    there; ``leaf`` is the own leaf's key. All of these are empty in the short form. ``leaves`` is the most leaves the
    tree can have, ``seen`` an ISO date.
    """

    exchange: str
    format: str
    snapshot: str | None
    root: str | None
    total: Mapping[str, str] | None = None
    root_source: str | None = None
    seen: str | None = None
    leaves: int | None = None
    leaf: str | None = None
    file: str | None = None
    nodes: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The JSON object of a receipt file; what a receipt does not have is left out, but for the header."""
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "exchange": self.exchange,
            "format": self.format,
            "snapshot": self.snapshot,
            "root": self.root,
            "total": None if self.total is None else dict(self.total),
            "root_source": self.root_source,
            "seen": self.seen,
            "nodes": [[key, claim] for key, claim in sorted(self.nodes.items())],
        }
        optional = {
            "leaves": self.leaves,
            "leaf": self.leaf,
            "file": self.file,
            "texts": [[key, text] for key, text in sorted(self.texts.items())] or None,
            "places": [[place, key] for place, key in sorted(self.places.items())] or None,
        }
        return document | {key: value for key, value in optional.items() if value is not None}

    def encoded(self) -> bytes:
        """The canonical bytes of a receipt file."""
        return canonical_bytes(self.document())

    def short(self) -> "Receipt":
        """The header alone: small enough for a QR code, enough to compare roots."""
        return replace(self, leaf=None, nodes={}, texts={}, places={})

    @property
    def content(self) -> str:
        """What two exports of one proof have in common: receipts of equal content count as one."""
        return self.file or hashlib.sha256(self.encoded()).hexdigest()


def canonical_balances(balances: Mapping[str, str]) -> bytes:
    """``{"ASSET":"decimal",…}`` sorted by asset, shortest decimals, zero balances kept."""
    return canonical_bytes({asset: stripped(Decimal(amount)) for asset, amount in balances.items()})


def node_key(node: bytes) -> str:
    """What a node is called in a receipt."""
    return hashlib.sha256(b"por-node" + node).hexdigest()


def node_claim(node: bytes, balances: Mapping[str, str]) -> str:
    """What a receipt says of a node, without saying it."""
    return hashlib.sha256(b"por-claim" + node + canonical_balances(balances)).hexdigest()


def receipt_of(view: SnapshotView, header: Receipt) -> Receipt:
    """The receipt of a verified path: ``header`` with the blinded nodes of ``view``."""
    places = dict(view.positions)
    if view.leaf_position is not None and view.leaf is not None:
        places[view.leaf_position] = view.leaf
    return replace(
        header,
        leaf=None if view.leaf is None else node_key(bytes.fromhex(view.leaf)),
        file=hashlib.sha256(b"por-file" + view.content.encode()).hexdigest() if view.content else None,
        nodes={
            node_key(bytes.fromhex(node)): node_claim(bytes.fromhex(node), balances)
            for node, balances in view.nodes.items()
        },
        texts={
            node_key(bytes.fromhex(node)): hashlib.sha256(b"por-text" + bytes.fromhex(node) + text.encode()).hexdigest()
            for node, text in view.joined.items()
        },
        places={place: node_key(bytes.fromhex(node)) for place, node in places.items()},
    )
