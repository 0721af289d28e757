"""A sum tree committed with Poseidon over Goldilocks: binary levels inside a batch, wide levels above it.

Leaf and node share one sponge, so nothing in the hashes says which is which: the lengths and positions a caller checks
are what keeps a node from being shown as a leaf.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reserves_gui.progress import Progress
from reserves_gui.zk.goldilocks import P
from reserves_gui.zk.poseidon_goldilocks import Hash, hash_elements, two

# An account id is 64 hex digits, cut into pieces that fit a field element.
_ID_PIECES = ((0, 14), (14, 28), (28, 42), (42, 56), (56, 64))


@dataclass(frozen=True, slots=True)
class WideLevel:
    """The siblings on both sides of the own node."""

    left: tuple[Hash, ...]
    right: tuple[Hash, ...]


def leaf_hash(account_id: str, equity: int, debt: int) -> Hash:
    """H(id_1..id_5, E, D): the id's pieces read as numbers, first digit highest; E and D modulo p."""
    pieces = [int(account_id[start:end], 16) for start, end in _ID_PIECES]
    return hash_elements([*pieces, equity % P, debt % P])


def climb_pairs(leaf: Hash, siblings: Sequence[Hash], index: int, progress: Progress) -> list[Hash]:
    """The own node on each level from the leaf up: node = two(left, right), bit 0 of the index: own node left."""
    nodes = [leaf]
    for sibling in siblings:
        progress.checkpoint()
        nodes.append(two(sibling, nodes[-1]) if index & 1 else two(nodes[-1], sibling))
        index >>= 1
    return nodes


def climb_wide(node: Hash, levels: Sequence[WideLevel], progress: Progress) -> list[Hash]:
    """The own node on each wide level from ``node`` up: H(left | own | right)."""
    nodes = [node]
    for level in levels:
        progress.checkpoint()
        children = (*level.left, nodes[-1], *level.right)
        nodes.append(hash_elements([element for child in children for element in child]))
    return nodes
