"""MiMC over the scalar field of BN254, as gnark-crypto has it: exponent 5, 110 rounds, Miyaguchi-Preneel.

    E_k(m)   for each constant c: m = (m + k + c)^5; then m + k
    hash     h = 0; for each input m: h = E_h(m) + h + m
    c_1 = Keccak-256(Keccak-256("seed")), c_i+1 = Keccak-256(c_i), each read as a big-endian number mod r

Source: consensys/gnark-crypto ecc/bn254/fr/mimc.
"""

from collections.abc import Iterable
from functools import cache

from reserves_gui.zk.bn254 import SCALAR_FIELD

ROUNDS = 110
_SEED = b"seed"


@cache
def round_constants() -> tuple[int, ...]:
    """The 110 constants, generated once per process."""
    digest = _keccak(_SEED)
    found = []
    for _ in range(ROUNDS):
        digest = _keccak(digest)
        found.append(int.from_bytes(digest, "big") % SCALAR_FIELD)
    return tuple(found)


def mimc(inputs: Iterable[int]) -> int:
    """The hash of elements (each below r)."""
    state = 0
    for value in inputs:
        state = (_encrypt(value, state) + state + value) % SCALAR_FIELD
    return state


def _encrypt(message: int, key: int) -> int:
    for constant in round_constants():
        base = (message + key + constant) % SCALAR_FIELD
        square = base * base % SCALAR_FIELD
        message = square * square * base % SCALAR_FIELD
    return (message + key) % SCALAR_FIELD


def _keccak(data: bytes) -> bytes:
    from Crypto.Hash import keccak

    return bytes(keccak.new(digest_bits=256, data=data).digest())
