"""Whether a circuit's numbers are bounded, agree with one another, and are strong enough.

Everything later trusts these numbers, so nothing is computed from them before: circuit data of a thousand bytes could
otherwise ask for endless loops.
"""

from collections.abc import Iterator

from reserves_gui.messages import Message, say
from reserves_gui.zk.goldilocks import P
from reserves_gui.zk.plonky2.circuit import CAP_HEIGHT_LIMIT, CircuitData
from reserves_gui.zk.plonky2.gates import needs

# Weaker parameters than these are refused whatever the circuit says.
FLOOR_CHALLENGES = 2
FLOOR_RATE_BITS = 3
FLOOR_QUERIES = 28
FLOOR_WORK_BITS = 16
# The multiplicative group has 2^32 as its largest power of two.
DOMAIN_BITS = 32
WORK_BITS_LIMIT = 64
ARITY_BITS_LIMIT = 8
# Bounds on work that no published circuit comes near (135 wires, 28 queries, 8 coefficients).
WIRES_LIMIT = 1024
CHALLENGES_LIMIT = 16
QUERIES_LIMIT = 512
FINAL_BITS_LIMIT = 12
FACTOR_LIMIT = 64
SELECTOR_UNUSED = 4294967295
# Constants a gate may read beside its selectors.
GATE_CONSTANTS = 2


def _between(name: str, value: int, low: int, high: int) -> Iterator[Message]:
    if not low <= value <= high:
        yield say("plonky2.parameters.range", name=name, value=value, low=low, high=high)


def _bounds(c: CircuitData) -> Iterator[Message]:
    """Ceilings: with them kept, every later loop is short."""
    yield from _between("num_wires", c.num_wires, 1, WIRES_LIMIT)
    yield from _between("num_routed_wires", c.num_routed_wires, 1, min(c.num_wires, WIRES_LIMIT))
    yield from _between("num_challenges", c.num_challenges, 1, CHALLENGES_LIMIT)
    yield from _between("quotient_degree_factor", c.quotient_degree_factor, 1, FACTOR_LIMIT)
    for flag in c.flags:
        yield from _between("flag", flag, 0, 1)
    for fri in (c.fri, c.config_fri):
        yield from _between("rate_bits", fri.rate_bits, 1, DOMAIN_BITS)
        yield from _between("cap_height", fri.cap_height, 0, CAP_HEIGHT_LIMIT)
        yield from _between("num_query_rounds", fri.queries, 1, QUERIES_LIMIT)
        yield from _between("pow_bits", fri.work_bits, 0, WORK_BITS_LIMIT)
        yield from _between("arity_bits", fri.arity_bits, 1, ARITY_BITS_LIMIT)
        yield from _between("final_poly_bits", fri.final_bits, 0, DOMAIN_BITS)
    yield from _between("degree_bits", c.degree_bits, 0, DOMAIN_BITS)
    yield from _between("degree_bits + rate_bits", c.degree_bits + c.fri.rate_bits, 1, DOMAIN_BITS)
    for bits in c.arities:
        yield from _between("reduction_arity_bits", bits, 1, ARITY_BITS_LIMIT)
    yield from _between("final polynomial", c.degree_bits - sum(c.arities), 0, FINAL_BITS_LIMIT)


def _floors(c: CircuitData) -> Iterator[Message]:
    for name, value, floor in (
        ("num_challenges", c.num_challenges, FLOOR_CHALLENGES),
        ("rate_bits", c.fri.rate_bits, FLOOR_RATE_BITS),
        ("num_query_rounds", c.fri.queries, FLOOR_QUERIES),
        ("pow_bits", c.fri.work_bits, FLOOR_WORK_BITS),
    ):
        if value < floor:
            yield say("plonky2.parameters.floor", name=name, value=value, floor=floor)


def _expected_arities(c: CircuitData) -> tuple[int, ...]:
    """Append arity a while degree > final bits and degree + rate - a >= cap height."""
    fri = c.fri
    degree = c.degree_bits
    arities: list[int] = []
    while degree > fri.final_bits and degree + fri.rate_bits - fri.arity_bits >= fri.cap_height:
        arities.append(fri.arity_bits)
        degree -= fri.arity_bits
    return tuple(arities)


def _selectors_agree(c: CircuitData) -> bool:
    """Groups partition 0..gates-1 in order, and selector_indices name the group of each gate."""
    following = 0
    expected: list[int] = []
    for number, (start, end) in enumerate(c.groups):
        if start != following or end <= start or end > len(c.gates):
            return False
        expected += [number] * (end - start)
        following = end
    return following == len(c.gates) and tuple(expected) == c.selector_indices


def _agreements(c: CircuitData) -> Iterator[Message]:
    """What must follow from what. The caller has kept the bounds."""
    required = [needs(gate) for gate in c.gates]
    for gate, need in zip(c.gates, required, strict=True):
        if need is None or need.wires > c.num_wires or need.constants > GATE_CONSTANTS:
            listed = ", ".join(map(str, gate.parameters))
            yield say("plonky2.parameters.gate", gate=gate.kind.name, parameters=listed)
    constraints = max((need.constraints for need in required if need is not None), default=0)
    partial_products = -(-c.num_routed_wires // c.quotient_degree_factor) - 1
    factors, power = [], 1
    for _ in range(c.num_routed_wires):
        factors.append(power)
        power = power * 7 % P
    for name, holds in (
        ("FRI configuration", c.fri == c.config_fri),
        ("cap height", c.cap_height == c.fri.cap_height),
        ("reduction_arity_bits", c.arities == _expected_arities(c)),
        ("selectors", _selectors_agree(c)),
        ("num_constants", c.num_constants == len(c.groups) + GATE_CONSTANTS),
        ("num_gate_constraints", c.num_gate_constraints == constraints),
        ("num_partial_products", c.num_partial_products == partial_products),
        ("k_is", c.k_is == tuple(factors)),
    ):
        if not holds:
            yield say("plonky2.parameters.disagree", name=name)


def refused(circuit: CircuitData, *, public_inputs: int) -> tuple[Message, ...]:
    """Why the circuit's parameters are refused, nothing if they are sound.

    ``public_inputs``: how many there must be.
    """
    unbounded = tuple(_bounds(circuit))
    if unbounded:
        return unbounded
    found = [*_floors(circuit), *_agreements(circuit)]
    if circuit.num_public_inputs != public_inputs:
        seen = circuit.num_public_inputs
        found.append(say("plonky2.parameters.inputs", value=seen, wanted=public_inputs))
    return tuple(found)
