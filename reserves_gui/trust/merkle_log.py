"""Append-only Merkle log hashing, inclusion and consistency proofs (RFC 6962 section 2.1).

    leaf = SHA-256(00 || entry)      node = SHA-256(01 || left || right)      empty = SHA-256()

A range of n > 1 leaves splits at k, the largest power of two below n.
"""

import hashlib
from collections.abc import Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_hash(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, built from the right edge's stack of full subtrees."""
    stack: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, current = 1, leaf
        while stack and stack[-1][0] == size:
            current = node_hash(stack.pop()[1], current)
            size *= 2
        stack.append((size, current))
    if not stack:
        return EMPTY_ROOT
    result = stack.pop()[1]
    while stack:
        result = node_hash(stack.pop()[1], result)
    return result


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that lead from leaf ``index`` to the root, bottom up. Raises ``IndexError``."""
    if not 0 <= index < len(leaves):
        raise IndexError("no such leaf")
    proof: list[bytes] = []
    start, end = 0, len(leaves)
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            proof.append(root_hash(leaves[split:end]))
            end = split
        else:
            proof.append(root_hash(leaves[start:split]))
            start = split
    return proof[::-1]


def verify_inclusion(*, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``leaf`` is entry ``index`` of the log of ``size`` entries with ``root`` (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            current = node_hash(sibling, current)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            current = node_hash(current, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and current == root


def consistency_proof(old_size: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that prove the first ``old_size`` entries to be a prefix of all. Raises ``IndexError``."""
    if not 0 < old_size <= len(leaves):
        raise IndexError("no such size")
    proof: list[bytes] = []
    start, end, size, complete = 0, len(leaves), old_size, True
    while size != end - start:
        split = _split(end - start)
        if size <= split:
            proof.append(root_hash(leaves[start + split : end]))
            end = start + split
        else:
            proof.append(root_hash(leaves[start : start + split]))
            start += split
            size -= split
            complete = False
    if not complete:
        proof.append(root_hash(leaves[start:end]))
    return proof[::-1]


def verify_consistency(
    *, old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the log with ``old_root`` is a prefix of the one with ``new_root`` (RFC 9162 section 2.1.4.2)."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position >>= 1
        last >>= 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and old == old_root and new == new_root


def _split(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)
