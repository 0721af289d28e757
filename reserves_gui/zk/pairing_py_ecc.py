"""BN254 pairings in pure Python (py_ecc): always there, 1.5 seconds a proof, so for samples only."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from reserves_gui.zk.bn254 import G1, G2, SCALAR_FIELD
from reserves_gui.zk.gnark import Proof, VerifyingKey
from reserves_gui.zk.groth16 import Judgement

# The package says nothing about what it exports, so it is taken as it is.
curve: Any = import_module("py_ecc.optimized_bn128")


def _g1(point: G1) -> Any:
    if point.x is None or point.y is None:
        return curve.Z1
    return (curve.FQ(point.x), curve.FQ(point.y), curve.FQ(1))


def _g2(point: G2) -> Any:
    if point.x is None or point.y is None:
        return curve.Z2
    return (curve.FQ2(point.x), curve.FQ2(point.y), curve.FQ2.one())


def _in_subgroup(point: Any) -> bool:
    return bool(curve.is_inf(curve.multiply(point, SCALAR_FIELD)))


def _product_is_one(pairs: Sequence[tuple[Any, Any]]) -> bool:
    product = curve.FQ12.one()
    for first, second in pairs:
        product *= curve.pairing(second, first, final_exponentiate=False)
    return bool(curve.final_exponentiate(product) == curve.FQ12.one())


@dataclass(frozen=True, slots=True)
class _Prepared:
    alpha: Any
    beta: Any
    gamma: Any
    delta: Any
    k: tuple[Any, ...]
    pedersen: tuple[Any, Any] | None

    def judge(self, proof: Proof, scalars: Sequence[int]) -> Judgement:
        bs = _g2(proof.bs)
        if not _in_subgroup(bs):
            return Judgement.SUBGROUP
        combined = self.k[0]
        for scalar, point in zip(scalars, self.k[1:], strict=True):
            combined = curve.add(combined, curve.multiply(point, scalar))
        if self.pedersen is not None and proof.knowledge is not None:
            commitment, knowledge = _g1(proof.commitments[0]), _g1(proof.knowledge)
            combined = curve.add(combined, commitment)
            first, second = self.pedersen
            if not (
                _product_is_one([(commitment, second), (knowledge, first)])
                or _product_is_one([(commitment, first), (knowledge, second)])
            ):
                return Judgement.KNOWLEDGE
        holds = _product_is_one(
            [
                (curve.neg(_g1(proof.ar)), bs),
                (self.alpha, self.beta),
                (combined, self.gamma),
                (_g1(proof.krs), self.delta),
            ]
        )
        return Judgement.HOLDS if holds else Judgement.EQUATION


class PurePairings:
    """The fallback backend."""

    name = "py_ecc"
    fast = False

    def prepare(self, key: VerifyingKey) -> _Prepared | None:
        """The key made ready; None if one of its G2 points is outside the subgroup."""
        beta, gamma, delta = _g2(key.beta), _g2(key.gamma), _g2(key.delta)
        pair = (_g2(key.pedersen[0][0]), _g2(key.pedersen[0][1])) if key.pedersen else None
        if not all(_in_subgroup(point) for point in (beta, gamma, delta, *(pair or ()))):
            return None
        return _Prepared(_g1(key.alpha), beta, gamma, delta, tuple(_g1(point) for point in key.k), pair)
