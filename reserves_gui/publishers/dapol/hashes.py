"""Hashes and keys of the tree.

    H        = BLAKE3 with one ";" byte after every field
    leaf     = H( "leaf", id, salt[32] )          parent = H( C_L[32], C_R[32], h_L, h_R )          C_parent = C_L + C_R
    blinding = HKDF-SHA256( salt_b, w, "" )       salt   = HKDF-SHA256( salt_s, w, "" )             32 bytes each

The key w of a user is HKDF-SHA256( no salt, master secret, LE64(x) ) in the code, whatever the text of the
specification says; the user is given w, or the salt made of it.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from blake3 import blake3

from reserves_gui.zk.ristretto import ORDER, Point

_BYTES = 32


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A node's commitment and hash."""

    commitment: Point
    hash: bytes


def fields_hash(*fields: bytes) -> bytes:
    """H over the fields."""
    return blake3(b"".join(field + b";" for field in fields)).digest()


def leaf_hash(uid: str, salt: bytes) -> bytes:
    """The hash of a user's leaf."""
    return fields_hash(b"leaf", uid.encode("utf-8", "surrogatepass"), salt)


def merge(left: TreeNode, right: TreeNode) -> TreeNode:
    """The parent of two nodes."""
    digest = fields_hash(left.commitment.encode(), right.commitment.encode(), left.hash, right.hash)
    return TreeNode(left.commitment + right.commitment, digest)


def derived(salt: bytes, key: bytes) -> bytes:
    """HKDF-SHA256 with empty info, 32 bytes (RFC 5869: extract, then one block of expand)."""
    extracted = hmac.new(salt, key, sha256).digest()
    return hmac.new(extracted, b"\x01", sha256).digest()[:_BYTES]


def scalar(data: bytes) -> int:
    """Little-endian bytes as a scalar of the group."""
    return int.from_bytes(data, "little") % ORDER
