"""BN254 pairings by the native mcl library (package mclbn256, extra ``zk``): about a millisecond a proof.

Two traps. The package starts on another curve (Fp254BNb), so the library is initialised again with curve 4, which is
alt_bn128, before anything else, in every process. And importing it unpacks 10 MB, so nothing imports it at start.
"""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from reserves_gui.zk.bn254 import BASE_FIELD, G1, G2, SCALAR_FIELD
from reserves_gui.zk.gnark import Proof, VerifyingKey
from reserves_gui.zk.groth16 import Judgement

_ALT_BN128 = 4
_HEX = 16
_WORDS = 4
_G1 = ctypes.c_uint64 * (3 * _WORDS)
_G2 = ctypes.c_uint64 * (6 * _WORDS)
_GT = ctypes.c_uint64 * (12 * _WORDS)
_FR = ctypes.c_uint64 * _WORDS

# Generators of EIP-197: the self-test pairs them.
_GENERATOR1 = G1(1, 2)
_GENERATOR2 = G2(
    (
        10857046999023057135944570762232829481370756359578518086990519993285655852781,
        11559732032986387107991004021392285783925812861821192530917403151452391805634,
    ),
    (
        8495653923123431417604973247489272438418190587263600148770280649306958101930,
        4082367875863433681332203403145435568316851327593401208105741076214120093531,
    ),
)


class PairingError(RuntimeError):
    """The native library is not usable on this machine."""


class NativePairings:
    """The fast backend. Raises :class:`PairingError` where the library cannot be loaded or fails its self-test."""

    name = "mcl"
    fast = True

    def __init__(self) -> None:
        module = _loaded()
        self._lib: Any = module.lib
        if self._lib.mclBn_init(_ALT_BN128, module.MCLBN_COMPILED_TIME_VAR):
            raise PairingError("the curve cannot be selected")
        # G1 has prime order; G2 points of proofs are checked one by one.
        self._lib.mclBn_verifyOrderG1(0)
        self._lib.mclBn_verifyOrderG2(0)
        self._words = int(self._lib.mclBn_getUint64NumToPrecompute())
        self._self_test()

    def prepare(self, key: VerifyingKey) -> "_Prepared | None":
        """The key made ready; None if one of its G2 points is outside the subgroup."""
        lib = self._lib
        fixed = [key.beta, key.gamma, key.delta, *(point for pair in key.pedersen for point in pair)]
        points = [self.g2(point) for point in fixed]
        if not all(lib.mclBnG2_isValidOrder(point) for point in points):
            return None
        target = _GT()
        lib.mclBn_pairing(target, self.g1(key.alpha), points[0])
        lines = [self._precomputed(point) for point in points[1:]]
        return _Prepared(self, target, lines[0], lines[1], tuple(self.g1(point) for point in key.k), tuple(lines[2:]))

    def g1(self, point: G1) -> Any:
        """The point in the library's form."""
        made = _G1()
        if point.x is not None and point.y is not None:
            text = b"1 %x %x" % (point.x, point.y)
            if self._lib.mclBnG1_setStr(made, text, len(text), _HEX):
                raise PairingError("a point on the curve was refused")
        return made

    def g2(self, point: G2) -> Any:
        """The point in the library's form."""
        made = _G2()
        if point.x is not None and point.y is not None:
            text = b"1 %x %x %x %x" % (*point.x, *point.y)
            if self._lib.mclBnG2_setStr(made, text, len(text), _HEX):
                raise PairingError("a point on the twist was refused")
        return made

    def scalar(self, value: int) -> Any:
        """A scalar below r in the library's form."""
        made = _FR()
        text = b"%x" % value
        if self._lib.mclBnFr_setStr(made, text, len(text), _HEX):
            raise PairingError("a scalar was refused")
        return made

    @property
    def lib(self) -> Any:
        """The loaded library."""
        return self._lib

    def _precomputed(self, point: Any) -> Any:
        lines = (ctypes.c_uint64 * self._words)()
        self._lib.mclBn_precomputeG2(lines, point)
        return lines

    def _self_test(self) -> None:
        # e(a P, Q) e(-P, a Q) = 1, e(P, Q) != 1, r P = 0; on another curve the generators are not even on it.
        lib = self._lib
        p, q = self.g1(_GENERATOR1), self.g2(_GENERATOR2)
        factor = self.scalar(0x1234567890ABCDEF1234567890ABCDEF)
        scaled_p, scaled_q, product, other = _G1(), _G2(), _GT(), _GT()
        lib.mclBnG1_mul(scaled_p, p, factor)
        lib.mclBnG2_mul(scaled_q, q, factor)
        lib.mclBn_pairing(product, scaled_p, q)
        lib.mclBn_pairing(other, self.g1(G1(1, BASE_FIELD - 2)), scaled_q)
        lib.mclBnGT_mul(product, product, other)
        almost = _G1()
        lib.mclBnG1_mul(almost, p, self.scalar(SCALAR_FIELD - 1))
        lib.mclBnG1_add(almost, almost, p)
        sound = lib.mclBnGT_isOne(product) and not lib.mclBnGT_isOne(other) and lib.mclBnG1_isZero(almost)
        if not sound or not lib.mclBnG2_isValidOrder(q):
            raise PairingError("the self-test failed")


@dataclass(frozen=True, slots=True)
class _Prepared:
    native: NativePairings
    target: Any
    gamma: Any
    delta: Any
    k: tuple[Any, ...]
    pedersen: tuple[Any, ...]

    def judge(self, proof: Proof, scalars: Sequence[int]) -> Judgement:
        lib = self.native.lib
        bs = self.native.g2(proof.bs)
        if not lib.mclBnG2_isValidOrder(bs):
            return Judgement.SUBGROUP
        combined, term = _G1(), _G1()
        lib.mclBnG1_add(combined, combined, self.k[0])
        for scalar, point in zip(scalars, self.k[1:], strict=True):
            lib.mclBnG1_mul(term, point, self.native.scalar(scalar))
            lib.mclBnG1_add(combined, combined, term)
        if self.pedersen and proof.knowledge is not None:
            commitment, knowledge = self.native.g1(proof.commitments[0]), self.native.g1(proof.knowledge)
            lib.mclBnG1_add(combined, combined, commitment)
            first, second = self.pedersen
            if not (
                self._cancel(commitment, second, knowledge, first) or self._cancel(commitment, first, knowledge, second)
            ):
                return Judgement.KNOWLEDGE
        # e(A, B) e(-combined, gamma) e(-C, delta) = e(alpha, beta)
        left, right = _GT(), _GT()
        ar, krs = self.native.g1(proof.ar), self.native.g1(proof.krs)
        lib.mclBnG1_normalize(combined, combined)
        lib.mclBnG1_neg(combined, combined)
        lib.mclBnG1_neg(krs, krs)
        lib.mclBn_millerLoop(left, ar, bs)
        lib.mclBn_precomputedMillerLoop2(right, combined, self.gamma, krs, self.delta)
        lib.mclBnGT_mul(left, left, right)
        lib.mclBn_finalExp(left, left)
        return Judgement.HOLDS if lib.mclBnGT_isEqual(left, self.target) else Judgement.EQUATION

    def _cancel(self, first: Any, first_lines: Any, second: Any, second_lines: Any) -> bool:
        lib, product = self.native.lib, _GT()
        lib.mclBn_precomputedMillerLoop2(product, first, first_lines, second, second_lines)
        lib.mclBn_finalExp(product, product)
        return bool(lib.mclBnGT_isOne(product))


def _loaded() -> ModuleType:
    try:
        from mclbn256 import mclbn256 as module
    except (ImportError, OSError) as error:
        raise PairingError("not installed, or not for this machine") from error
    result: ModuleType = module
    return result
