"""Groth16 over BN254, with gnark's BSB22 commitment extension.

Without commitment:  e(A, B) = e(alpha, beta) e(K0 + sum x_i K_i, gamma) e(C, delta).
With commitment D and proof of knowledge Q:
    h = hash_to_field(D raw 64 bytes | committed public inputs 32 bytes each; DST "bsb22-commitment")
    e(A, B) = e(alpha, beta) e(K0 + sum x_i K_i + h K_last + D, gamma) e(C, delta)
    e(D, G') e(Q, G) = 1 (gnark-crypto 0.14 on) or e(D, G) e(Q, G') = 1 (0.13), for the Pedersen key (G, G').
Sources: consensys/gnark backend/groth16/bn254/verify.go, consensys/gnark-crypto ecc/bn254/fr/pedersen.
"""

import hashlib
from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from reserves_gui.zk.bn254 import SCALAR_FIELD
from reserves_gui.zk.gnark import Proof, VerifyingKey

COMMITMENT_DST = b"bsb22-commitment"
_HASH_BYTES = 48
_SHA256_BLOCK = 64
_SHA256_BYTES = 32


class Judgement(StrEnum):
    """What came of one proof. ``UNSUPPORTED``: more than one commitment."""

    HOLDS = "holds"
    EQUATION = "equation"
    KNOWLEDGE = "knowledge"
    SHAPE = "shape"
    SUBGROUP = "subgroup"
    UNSUPPORTED = "unsupported"


class PreparedKey(Protocol):
    """A verifying key made ready by a pairing library."""

    def judge(self, proof: Proof, scalars: Sequence[int]) -> Judgement:
        """Check one proof whose shape fits. ``scalars``: public inputs and, last, the commitment hash if any."""
        ...


class PairingLibrary(Protocol):
    """A backend. ``fast`` backends may be asked for thousands of proofs."""

    @property
    def name(self) -> str: ...

    @property
    def fast(self) -> bool: ...

    def prepare(self, key: VerifyingKey) -> PreparedKey | None:
        """The key made ready; None if one of its G2 points is outside the subgroup."""
        ...


def expand_message(message: bytes, tag: bytes, length: int) -> bytes:
    """``expand_message_xmd`` of RFC 9380 with SHA-256."""
    blocks = -(-length // _SHA256_BYTES)
    tail = tag + bytes([len(tag)])
    first = hashlib.sha256(bytes(_SHA256_BLOCK) + message + length.to_bytes(2, "big") + b"\x00" + tail).digest()
    block = hashlib.sha256(first + b"\x01" + tail).digest()
    made = [block]
    for index in range(2, blocks + 1):
        mixed = bytes(a ^ b for a, b in zip(first, block, strict=True))
        block = hashlib.sha256(mixed + bytes([index]) + tail).digest()
        made.append(block)
    return b"".join(made)[:length]


def commitment_hash(message: bytes) -> int:
    """48 bytes of the expanded message, big endian, modulo r."""
    return int.from_bytes(expand_message(message, COMMITMENT_DST, _HASH_BYTES), "big") % SCALAR_FIELD


def verify(key: VerifyingKey, prepared: PreparedKey, proof: Proof, public: Sequence[int]) -> Judgement:
    """Judge one proof against its public inputs (each below r)."""
    commitments = len(key.committed)
    if commitments > 1 or len(proof.commitments) > 1:
        return Judgement.UNSUPPORTED
    if len(key.k) != 1 + len(public) + commitments or len(proof.commitments) != commitments:
        return Judgement.SHAPE
    if any(not 0 <= value < SCALAR_FIELD for value in public):
        return Judgement.SHAPE
    scalars = list(public)
    if commitments:
        committed = b"".join(public[wire - 1].to_bytes(32, "big") for wire in key.committed[0])
        scalars.append(commitment_hash(proof.commitments[0].raw() + committed))
    elif proof.knowledge is not None and not proof.knowledge.is_infinity:
        return Judgement.SHAPE
    return prepared.judge(proof, scalars)
