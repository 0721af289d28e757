"""Circuits to prove over: tiny ones for mutations, and every gate in one."""

from reserves_gui.zk.plonky2.circuit import Gate, GateKind
from tests.zk.plonky2.prover import Plan

NOOP, INPUTS = Gate(GateKind.NOOP, ()), Gate(GateKind.PUBLIC_INPUT, ())


def _gate(kind: GateKind, *parameters: int) -> Gate:
    return Gate(kind, parameters)


TINY = Plan(groups=((NOOP, INPUTS, _gate(GateKind.ARITHMETIC, 2)),), wires=12, routed=10, factor=4, queries=3)

VARIED = {
    "one group, one chunk": Plan(groups=((NOOP, INPUTS, _gate(GateKind.ARITHMETIC, 2)),), wires=12, routed=8),
    "not hiding, cap of one, three challenges": Plan(
        groups=((NOOP, INPUTS), (_gate(GateKind.ARITHMETIC, 2), _gate(GateKind.BASE_SUM, 5))),
        wires=12,
        routed=10,
        factor=4,
        hiding=False,
        cap_height=0,
        challenges=3,
        degree_bits=4,
        arity_bits=2,
        final_bits=2,
    ),
    "no folding at all, high cap": Plan(
        groups=((NOOP, INPUTS),), wires=5, routed=3, factor=2, final_bits=5, cap_height=4, queries=5
    ),
    "leaves of four elements": Plan(
        groups=((NOOP, INPUTS),), wires=4, routed=1, factor=2, hiding=False, challenges=2, queries=5
    ),
    "wide rate": Plan(groups=((NOOP, INPUTS),), wires=5, routed=3, factor=2, rate_bits=5, arity_bits=3, queries=5),
}

EVERY_GATE = Plan(
    groups=(
        (
            NOOP,
            _gate(GateKind.POSEIDON_MDS),
            INPUTS,
            _gate(GateKind.BASE_SUM, 63),
            _gate(GateKind.LOW_DEGREE_INTERPOLATION, 4),
            _gate(GateKind.REDUCING, 43),
        ),
        (
            _gate(GateKind.CONSTANT, 2),
            _gate(GateKind.REDUCING_EXTENSION, 32),
            _gate(GateKind.ARITHMETIC_EXTENSION, 10),
            _gate(GateKind.ARITHMETIC, 20),
            _gate(GateKind.MUL_EXTENSION, 13),
        ),
        (_gate(GateKind.RANDOM_ACCESS, 1, 20, 0), _gate(GateKind.EXPONENTIATION, 66)),
        (_gate(GateKind.RANDOM_ACCESS, 4, 4, 2),),
        (_gate(GateKind.POSEIDON),),
    ),
    degree_bits=4,
)
