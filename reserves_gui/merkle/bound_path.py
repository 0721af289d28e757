"""Climbing a path whose nodes hash each child's balances: the sum is bound child by child (ePrint 2018/1139).

How two children make a parent is the format's; here are the walk, its picture, and what several users compare.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reserves_gui.amounts import ZERO, add, stripped
from reserves_gui.evidence import NodeKind, NodeState, PathNode, PathPicture, Side, of_every_asset


@dataclass(frozen=True, slots=True)
class BoundNode:
    """A node: its hash as lower-case hex, its amounts by asset in coins."""

    hash: str
    amounts: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class BoundStep:
    """One level: on which side the own node lies, and its sibling."""

    own: Side
    sibling: BoundNode


Parent = Callable[[BoundNode, BoundNode], str]


def summed(left: Mapping[str, Decimal], right: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The exact sums over all assets of both."""
    return {asset: add(left.get(asset, ZERO), right.get(asset, ZERO)) for asset in {**left, **right}}


def climb(leaf: BoundNode, steps: Sequence[BoundStep], parent: Parent) -> tuple[BoundNode, ...]:
    """The own nodes from the leaf to the root; one more than there are steps."""
    nodes = [leaf]
    for step in steps:
        own = nodes[-1]
        left, right = (own, step.sibling) if step.own is Side.LEFT else (step.sibling, own)
        nodes.append(BoundNode(parent(left, right), summed(own.amounts, step.sibling.amounts)))
    return tuple(nodes)


def same_amounts(first: Mapping[str, Decimal], second: Mapping[str, Decimal]) -> bool:
    """Equal as numbers; an asset that is missing holds nothing."""
    return all(first.get(asset, ZERO) == second.get(asset, ZERO) for asset in {**first, **second})


def amounts_text(amounts: Mapping[str, Decimal]) -> str:
    """``1.5 BTC, 2 ETH`` for a sentence; ``0`` for nothing."""
    return ", ".join(f"{stripped(value)} {asset}" for asset, value in sorted(amounts.items())) or "0"


def shown(nodes: Sequence[BoundNode], steps: Sequence[BoundStep]) -> dict[str, dict[str, str]]:
    """Every node seen on the path with its balances, for pooling."""
    seen = (*nodes, *(step.sibling for step in steps))
    return {node.hash: of_every_asset(_texts(node.amounts), nodes[-1].amounts) for node in seen}


def picture(nodes: Sequence[BoundNode], steps: Sequence[BoundStep], *, holds: bool) -> PathPicture:
    """The path from the leaf to the root. ``holds``: whether the root is the stated one."""
    drawn: list[PathNode] = []
    for level, step in enumerate(steps):
        kind = NodeKind.LEAF if level == 0 else NodeKind.OWN
        drawn.append(_node(level, kind, step.own, nodes[level], NodeState.RECOMPUTED))
        other = Side.RIGHT if step.own is Side.LEFT else Side.LEFT
        bad = any(value < 0 for value in step.sibling.amounts.values())
        state = NodeState.FAILED if bad else NodeState.GIVEN
        drawn.append(_node(level, NodeKind.SIBLING, other, step.sibling, state))
    state = NodeState.RECOMPUTED if holds else NodeState.FAILED
    drawn.append(_node(len(steps), NodeKind.ROOT, None, nodes[-1], state))
    return PathPicture(tuple(drawn), tuple(nodes[-1].amounts))


def _node(level: int, kind: NodeKind, side: Side | None, node: BoundNode, state: NodeState) -> PathNode:
    sums = _texts(node.amounts)
    return PathNode(level=level, kind=kind, side=side, hash=node.hash, sums=sums, state=state)


def _texts(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {asset: stripped(value) for asset, value in amounts.items()}
