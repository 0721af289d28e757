"""Circuit data of a verifier: what the prover and the verifier agreed on, decoded from its serialised form.

All numbers are little endian. Source: 0xPolygonZero/plonky2 plonky2/src/util/serialization.
"""

from dataclasses import dataclass
from enum import IntEnum

from reserves_gui.zk.goldilocks import P
from reserves_gui.zk.poseidon_goldilocks import Hash

# Bounds before anything is read or formed: honest data holds 2 hashes, 15 gates, 80 wire factors, 4 reductions.
CAP_HEIGHT_LIMIT = 8
VECTOR_LIMIT = 4096
GATES_LIMIT = 64


class GateKind(IntEnum):
    """Tags of the gates whose constraints are known. Other tags of the library end the decoding."""

    ARITHMETIC = 0
    ARITHMETIC_EXTENSION = 1
    BASE_SUM = 2
    LOW_DEGREE_INTERPOLATION = 4
    EXPONENTIATION = 5
    MUL_EXTENSION = 8
    NOOP = 9
    CONSTANT = 10
    POSEIDON_MDS = 11
    PUBLIC_INPUT = 12
    POSEIDON = 13
    RANDOM_ACCESS = 14
    REDUCING_EXTENSION = 15
    REDUCING = 16


# Number of u64 parameters behind each tag.
PARAMETER_COUNTS = {
    GateKind.ARITHMETIC: 1,
    GateKind.ARITHMETIC_EXTENSION: 1,
    GateKind.BASE_SUM: 1,
    GateKind.LOW_DEGREE_INTERPOLATION: 1,
    GateKind.EXPONENTIATION: 1,
    GateKind.MUL_EXTENSION: 1,
    GateKind.NOOP: 0,
    GateKind.CONSTANT: 1,
    GateKind.POSEIDON_MDS: 0,
    GateKind.PUBLIC_INPUT: 0,
    GateKind.POSEIDON: 0,
    GateKind.RANDOM_ACCESS: 3,
    GateKind.REDUCING_EXTENSION: 1,
    GateKind.REDUCING: 1,
}


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate of the list, with its parameters in the order of its serialisation."""

    kind: GateKind
    parameters: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FriConfig:
    """``final_bits``: the degree (binary logarithm) at which folding by ``arity_bits`` stops."""

    rate_bits: int
    cap_height: int
    queries: int
    work_bits: int
    arity_bits: int
    final_bits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitData:
    """Everything a verifier needs to know of a circuit. Field names follow the library's."""

    cap_height: int
    cap: tuple[Hash, ...]
    digest: Hash
    num_wires: int
    num_routed_wires: int
    num_config_constants: int
    security_bits: int
    num_challenges: int
    max_quotient_degree_factor: int
    flags: tuple[int, int, int]
    config_fri: FriConfig
    fri: FriConfig
    arities: tuple[int, ...]
    degree_bits: int
    selector_indices: tuple[int, ...]
    groups: tuple[tuple[int, int], ...]
    quotient_degree_factor: int
    num_gate_constraints: int
    num_constants: int
    num_public_inputs: int
    k_is: tuple[int, ...]
    num_partial_products: int
    gates: tuple[Gate, ...]

    @property
    def hiding(self) -> bool:
        """Whether leaves of the oracles behind the constants end in salts."""
        return bool(self.flags[2])

    @property
    def lde_bits(self) -> int:
        """Binary logarithm of the evaluation domain."""
        return self.degree_bits + self.fri.rate_bits


class CircuitUndecodable(Exception):  # noqa: N818 - says what the data is, and never leaves the room
    """The bytes end early, leave a rest, or hold a count beyond all reason."""


class CircuitUnknown(Exception):  # noqa: N818
    """The data names a gate or a folding strategy that this verifier does not know; ``tag`` is its number."""

    def __init__(self, what: str, tag: int) -> None:
        super().__init__(what, tag)
        self.what = what
        self.tag = tag


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, size: int) -> int:
        end = self._at + size
        if end > len(self._data):
            raise CircuitUndecodable
        value = int.from_bytes(self._data[self._at : end], "little")
        self._at = end
        return value

    def u64(self) -> int:
        return self.number(8)

    def count(self, limit: int) -> int:
        value = self.u64()
        if value > limit:
            raise CircuitUndecodable
        return value

    def vector(self) -> tuple[int, ...]:
        return tuple([self.u64() for _ in range(self.count(VECTOR_LIMIT))])

    def hash(self) -> Hash:
        return self.u64() % P, self.u64() % P, self.u64() % P, self.u64() % P

    def fri(self) -> FriConfig:
        rate_bits, cap_height, queries = self.u64(), self.u64(), self.u64()
        work_bits = self.number(4)
        strategy = self.number(1)
        if strategy != 1:
            raise CircuitUnknown("strategy", strategy)
        arity_bits, final_bits = self.u64(), self.u64()
        return FriConfig(
            rate_bits=rate_bits,
            cap_height=cap_height,
            queries=queries,
            work_bits=work_bits,
            arity_bits=arity_bits,
            final_bits=final_bits,
        )

    def gate(self) -> Gate:
        tag = self.number(4)
        if tag not in PARAMETER_COUNTS:
            raise CircuitUnknown("gate", tag)
        kind = GateKind(tag)
        return Gate(kind, tuple([self.u64() for _ in range(PARAMETER_COUNTS[kind])]))

    @property
    def at_end(self) -> bool:
        return self._at == len(self._data)


def decode(data: bytes) -> CircuitData:
    """The circuit behind serialised verifier data. Raises :class:`CircuitUndecodable` and :class:`CircuitUnknown`."""
    r = _Reader(data)
    cap_height = r.count(CAP_HEIGHT_LIMIT)
    cap = tuple([r.hash() for _ in range(1 << cap_height)])
    digest = r.hash()
    wires, routed, constants, security, challenges, max_factor = (r.u64() for _ in range(6))
    base_gate, zero_knowledge = r.number(1), r.number(1)
    config_fri = r.fri()
    fri = r.fri()
    arities = r.vector()
    degree_bits = r.u64()
    hiding = r.number(1)
    selectors = r.vector()
    groups = tuple([(r.u64(), r.u64()) for _ in range(r.count(GATES_LIMIT))])
    factor, gate_constraints, opened_constants, public_inputs = (r.u64() for _ in range(4))
    k_is = r.vector()
    partial_products = r.u64()
    gates = tuple([r.gate() for _ in range(r.count(GATES_LIMIT))])
    if not r.at_end:
        raise CircuitUndecodable
    return CircuitData(
        cap_height=cap_height,
        cap=cap,
        digest=digest,
        num_wires=wires,
        num_routed_wires=routed,
        num_config_constants=constants,
        security_bits=security,
        num_challenges=challenges,
        max_quotient_degree_factor=max_factor,
        flags=(base_gate, zero_knowledge, hiding),
        config_fri=config_fri,
        fri=fri,
        arities=arities,
        degree_bits=degree_bits,
        selector_indices=selectors,
        groups=groups,
        quotient_degree_factor=factor,
        num_gate_constraints=gate_constraints,
        num_constants=opened_constants,
        num_public_inputs=public_inputs,
        k_is=k_is,
        num_partial_products=partial_products,
        gates=gates,
    )
