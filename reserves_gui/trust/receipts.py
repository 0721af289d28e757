"""Receipts: what one user was shown of a snapshot, in a form that can be given away.

    key   = SHA-256( "por-node"  || H )              H = raw node hash (its bytes as published)
    claim = SHA-256( "por-claim" || H || B )         B = canonical balances of that node

Outsiders learn nothing from a receipt without H; whoever knows H (the sibling, the exchange) can test guesses of B.
Two receipts of one snapshot conflict when one key has two claims, when roots or totals differ, or when two users hold
one leaf.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import Any

from reserves_gui.amounts import stripped
from reserves_gui.canonical import canonical_bytes
from reserves_gui.evidence import SnapshotView
from reserves_gui.messages import Message

SCHEMA = "reserves/receipt/1"


class Difference(StrEnum):
    """What two receipts disagree about."""

    BALANCE = "balance"
    ROOT = "root"
    TOTAL = "total"
    LEAF = "leaf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One user's view, blinded. ``nodes`` maps key to claim (none in the short form); ``leaf``: own leaf's key."""

    exchange: str
    format: str
    snapshot: str | None
    root: str | None
    total: Mapping[str, str] | None = None
    root_source: str | None = None
    seen: str | None = None
    leaf: str | None = None
    nodes: Mapping[str, str]

    def document(self) -> dict[str, Any]:
        """The JSON object of a receipt file."""
        return {
            "schema": SCHEMA,
            "exchange": self.exchange,
            "format": self.format,
            "snapshot": self.snapshot,
            "root": self.root,
            "total": None if self.total is None else dict(self.total),
            "root_source": self.root_source,
            "seen": self.seen,
            "leaf": self.leaf,
            "nodes": [[key, claim] for key, claim in sorted(self.nodes.items())],
        }

    def encoded(self) -> bytes:
        """The canonical bytes of a receipt file."""
        return canonical_bytes(self.document())

    def short(self) -> "Receipt":
        """The header alone: small enough for a QR code, enough to compare roots."""
        return Receipt(
            exchange=self.exchange,
            format=self.format,
            snapshot=self.snapshot,
            root=self.root,
            total=self.total,
            root_source=self.root_source,
            seen=self.seen,
            nodes={},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptConflict:
    """One disagreement between the receipts ``pair`` (indexes among those compared)."""

    kind: Difference
    subject: str
    first: str
    second: str
    pair: tuple[int, int]
    reason: Message


def canonical_balances(balances: Mapping[str, str]) -> bytes:
    """``{"ASSET":"decimal",…}`` sorted by asset, shortest decimals, zero balances kept."""
    return canonical_bytes({asset: stripped(Decimal(amount)) for asset, amount in balances.items()})


def node_key(node: bytes) -> str:
    """What a node is called in a receipt."""
    return hashlib.sha256(b"por-node" + node).hexdigest()


def node_claim(node: bytes, balances: Mapping[str, str]) -> str:
    """What a receipt says of a node, without saying it."""
    return hashlib.sha256(b"por-claim" + node + canonical_balances(balances)).hexdigest()


def receipt_of(
    view: SnapshotView,
    *,
    exchange: str,
    total: Mapping[str, str] | None,
    root_source: str | None,
    seen: str | None,
) -> Receipt:
    """The receipt of a verified proof. ``seen`` is an ISO date."""
    nodes = {
        node_key(bytes.fromhex(node)): node_claim(bytes.fromhex(node), balances)
        for node, balances in view.nodes.items()
    }
    return Receipt(
        exchange=exchange,
        format=view.format,
        snapshot=view.snapshot_id,
        root=view.root,
        total=None if total is None else {asset: stripped(Decimal(amount)) for asset, amount in total.items()},
        root_source=root_source,
        seen=seen,
        leaf=None if view.leaf is None else node_key(bytes.fromhex(view.leaf)),
        nodes=nodes,
    )


def compare_receipts(receipts: Sequence[Receipt]) -> tuple[tuple[ReceiptConflict, ...], int]:
    """All conflicts, and how many receipts share a snapshot with another one. Equal receipts count as one."""
    distinct = {receipt.encoded(): index for index, receipt in reversed(list(enumerate(receipts)))}
    compared: set[int] = set()
    conflicts: list[ReceiptConflict] = []
    for first, second in combinations(sorted(distinct.values()), 2):
        if _one_snapshot(receipts[first], receipts[second]):
            compared |= {first, second}
            conflicts.extend(_conflicts(receipts[first], receipts[second], (first, second)))
    return tuple(conflicts), len(compared)


def _one_snapshot(first: Receipt, second: Receipt) -> bool:
    if first.exchange != second.exchange or first.format != second.format:
        return False
    if first.snapshot is None or second.snapshot is None:
        return first.root is not None and first.root == second.root
    return first.snapshot == second.snapshot


def _conflicts(first: Receipt, second: Receipt, pair: tuple[int, int]) -> Iterator[ReceiptConflict]:
    for key in sorted(first.nodes.keys() & second.nodes.keys()):
        if first.nodes[key] != second.nodes[key]:
            yield _conflict(Difference.BALANCE, key, first.nodes[key], second.nodes[key], pair)
    if first.leaf is not None and first.leaf == second.leaf:
        yield _conflict(Difference.LEAF, first.leaf, first.leaf, first.leaf, pair)
    subject = first.snapshot or ""
    if first.root is not None and second.root is not None and first.root != second.root:
        yield _conflict(Difference.ROOT, subject, first.root, second.root, pair)
    elif first.total is not None and second.total is not None and _numbers(first.total) != _numbers(second.total):
        yield _conflict(Difference.TOTAL, subject, _shown(first.total), _shown(second.total), pair)


def _conflict(kind: Difference, subject: str, first: str, second: str, pair: tuple[int, int]) -> ReceiptConflict:
    reason = Message(f"receipt.conflict.{kind}", {"subject": subject})
    return ReceiptConflict(kind=kind, subject=subject, first=first, second=second, pair=pair, reason=reason)


def _numbers(amounts: Mapping[str, str]) -> dict[str, Decimal]:
    return {asset: Decimal(amount) for asset, amount in amounts.items() if Decimal(amount)}


def _shown(amounts: Mapping[str, str]) -> str:
    return ", ".join(f"{asset} {amount}" for asset, amount in sorted(amounts.items()))
