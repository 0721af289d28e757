"""Keccak-256 trees with permuted leaves: where a leaf stands, single branches, and several branches in one proof.

Evaluations at points a quarter of the domain apart are opened together, so they stand side by side:
pidx(x, L) = x // (L/4) + 4 (x mod (L/4)) for logical leaf x of L.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from Crypto.Hash.keccak import Keccak_Hash

HASH_BYTES = 32


def keccak256(data: bytes) -> bytes:
    """H: Ethereum's Keccak-256."""
    return _keccak()(digest_bits=256, data=data).digest()


@cache
def _keccak() -> "Callable[..., Keccak_Hash]":
    """Loaded with the first hash: the library takes longer to load than most files take to be judged."""
    from Crypto.Hash import keccak

    return keccak.new


def permuted(logical: int, leaves: int) -> int:
    """Where logical leaf ``logical`` of ``leaves`` (a power of two, at least 4) stands."""
    quarter = leaves // 4
    return logical // quarter + 4 * (logical % quarter)


def climb(branch: Sequence[bytes], position: int) -> list[bytes]:
    """The own node on each level of a complete branch [leaf, sibling, ...]: odd index -> H(sibling | v).

    ``position`` is the permuted position of the leaf.
    """
    nodes = [branch[0]]
    index = position
    for sibling in branch[1:]:
        nodes.append(keccak256(sibling + nodes[-1] if index & 1 else nodes[-1] + sibling))
        index //= 2
    return nodes


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaves in logical order."""
    level: list[bytes] = [b""] * len(leaves)
    for logical, leaf in enumerate(leaves):
        level[permuted(logical, len(leaves))] = leaf
    while len(level) > 1:
        level = [keccak256(level[at] + level[at + 1]) for at in range(0, len(level), 2)]
    return level[0]


def branches_hold(root: bytes, leaves: int, positions: Sequence[int], branches: Sequence[Sequence[bytes]]) -> bool:
    """Whether branches at logical ``positions`` lead to ``root``; siblings that others supply are empty.

    Every leaf and sibling goes into a table by heap index, parents are filled in level by level; a conflict, a node
    that stays unknown, or another root is a failure.
    """
    depth = leaves.bit_length() - 1
    levels: list[dict[int, bytes]] = [{} for _ in range(depth + 1)]
    starts = [permuted(position, leaves) + leaves for position in positions]
    for start, branch in zip(starts, branches, strict=True):
        index = start
        if levels[0].setdefault(index, branch[0]) != branch[0]:
            return False
        for height, sibling in enumerate(branch[1:]):
            if sibling and levels[height].setdefault(index ^ 1, sibling) != sibling:
                return False
            index //= 2
    for height in range(depth):
        known, above = levels[height], levels[height + 1]
        for index in known:
            if not index & 1 and index + 1 in known:
                parent = keccak256(known[index] + known[index + 1])
                if above.setdefault(index // 2, parent) != parent:
                    return False
    for start in starts:
        index = start
        for height in range(depth):
            if index not in levels[height] or index ^ 1 not in levels[height]:
                return False
            index //= 2
    return levels[depth].get(1) == root
