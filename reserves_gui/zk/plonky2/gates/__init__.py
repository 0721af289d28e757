"""The constraints of every known gate at one opened row, and what a gate's parameters make it need.

Source of the formulas: 0xPolygonZero/plonky2 plonky2/src/gates. The order of a gate's constraints is part of the rule.
"""

from collections.abc import Callable
from dataclasses import dataclass

from reserves_gui.zk.goldilocks import Ext
from reserves_gui.zk.plonky2.circuit import Gate, GateKind
from reserves_gui.zk.plonky2.gates import arithmetic, interpolation, poseidon, random_access, reducing, values
from reserves_gui.zk.plonky2.gates.rows import Row

__all__ = ["Needs", "Row", "evaluate", "needs"]

# A parameter above this asks for more wires than any circuit has; tested before 2^bits is formed.
_LARGEST_PARAMETER = 4096
_LARGEST_BITS = 8


@dataclass(frozen=True, slots=True)
class Needs:
    """How many wires and gate constants a gate reads, and how many constraints it has."""

    wires: int
    constants: int
    constraints: int


def needs(gate: Gate) -> Needs | None:
    """What ``gate`` needs, or None when its parameters make no sense (a count of 0, or one beyond all reason)."""
    p = gate.parameters
    counted = p[:2] if gate.kind is GateKind.RANDOM_ACCESS else p
    if any(value < 1 for value in counted) or any(value > _LARGEST_PARAMETER for value in p):
        return None
    match gate.kind:
        case GateKind.NOOP:
            return Needs(0, 0, 0)
        case GateKind.CONSTANT:
            return Needs(p[0], p[0], p[0])
        case GateKind.PUBLIC_INPUT:
            return Needs(4, 0, 4)
        case GateKind.ARITHMETIC:
            return Needs(4 * p[0], 2, p[0])
        case GateKind.ARITHMETIC_EXTENSION:
            return Needs(8 * p[0], 2, 2 * p[0])
        case GateKind.MUL_EXTENSION:
            return Needs(6 * p[0], 1, 2 * p[0])
        case GateKind.BASE_SUM:
            return Needs(1 + p[0], 0, 1 + p[0])
        case GateKind.EXPONENTIATION:
            return Needs(2 + 2 * p[0], 0, 1 + p[0])
        case GateKind.REDUCING:
            return Needs(6 + p[0] + 2 * (p[0] - 1), 0, 2 * p[0])
        case GateKind.REDUCING_EXTENSION:
            return Needs(6 + 2 * p[0] + 2 * (p[0] - 1), 0, 2 * p[0])
        case GateKind.POSEIDON_MDS:
            return Needs(48, 0, 24)
        case GateKind.POSEIDON:
            return Needs(135, 0, 123)
        case GateKind.RANDOM_ACCESS:
            bits, copies, extra = p
            if bits > _LARGEST_BITS:
                return None
            wires = (2 + (1 << bits)) * copies + extra + bits * copies
            return Needs(wires, extra, (bits + 2) * copies + extra)
        case GateKind.LOW_DEGREE_INTERPOLATION:
            if p[0] > _LARGEST_BITS:
                return None
            size = 1 << p[0]
            return Needs(5 + 4 * size + 3 * (size - 2), 0, 3 * (size - 2) + 2 * size + 2)


_EVALUATORS: dict[GateKind, Callable[..., list[Ext]]] = {
    GateKind.ARITHMETIC: arithmetic.arithmetic,
    GateKind.ARITHMETIC_EXTENSION: arithmetic.arithmetic_extension,
    GateKind.BASE_SUM: values.base_sum,
    GateKind.LOW_DEGREE_INTERPOLATION: interpolation.low_degree_interpolation,
    GateKind.EXPONENTIATION: values.exponentiation,
    GateKind.MUL_EXTENSION: arithmetic.mul_extension,
    GateKind.NOOP: lambda _row: [],
    GateKind.CONSTANT: values.constant,
    GateKind.POSEIDON_MDS: poseidon.poseidon_mds,
    GateKind.PUBLIC_INPUT: values.public_input,
    GateKind.POSEIDON: poseidon.poseidon,
    GateKind.RANDOM_ACCESS: random_access.random_access,
    GateKind.REDUCING_EXTENSION: reducing.reducing_extension,
    GateKind.REDUCING: reducing.reducing,
}


def evaluate(gate: Gate, row: Row) -> list[Ext]:
    """The constraints of ``gate`` at ``row``, zero on valid rows; the caller has checked :func:`needs`."""
    return _EVALUATORS[gate.kind](row, *gate.parameters)
