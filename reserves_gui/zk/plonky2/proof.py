"""A proof as typed values, and whether its lists have the lengths that the circuit asks for.

Elements of F are integers below p, elements of K pairs, hashes four elements: whoever reads a file reduces them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from reserves_gui.zk.goldilocks import Ext
from reserves_gui.zk.plonky2.circuit import CircuitData
from reserves_gui.zk.poseidon_goldilocks import Hash

SALTS = 4
ORACLES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Openings:
    """All polynomials at zeta, and the Z polynomials at the next row as well."""

    constants: tuple[Ext, ...]
    plonk_sigmas: tuple[Ext, ...]
    wires: tuple[Ext, ...]
    plonk_zs: tuple[Ext, ...]
    plonk_zs_next: tuple[Ext, ...]
    partial_products: tuple[Ext, ...]
    quotient_polys: tuple[Ext, ...]

    @property
    def at_zeta(self) -> tuple[Ext, ...]:
        """The openings at zeta in the order of the transcript and of the oracles."""
        return (
            *self.constants,
            *self.plonk_sigmas,
            *self.wires,
            *self.plonk_zs,
            *self.partial_products,
            *self.quotient_polys,
        )


@dataclass(frozen=True, slots=True)
class InitialOpening:
    """The leaf of one oracle at a query, and its Merkle path."""

    leaf: tuple[int, ...]
    siblings: tuple[Hash, ...]


@dataclass(frozen=True, slots=True)
class FoldingStep:
    """The values of one coset of a folded polynomial, and the Merkle path of their leaf."""

    evals: tuple[Ext, ...]
    siblings: tuple[Hash, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """One query round."""

    initial: tuple[InitialOpening, ...]
    steps: tuple[FoldingStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A proof with its public inputs."""

    public_inputs: tuple[int, ...]
    wires_cap: tuple[Hash, ...]
    zs_cap: tuple[Hash, ...]
    quotient_cap: tuple[Hash, ...]
    openings: Openings
    commit_caps: tuple[tuple[Hash, ...], ...]
    queries: tuple[Query, ...]
    final_poly: tuple[Ext, ...]
    work_witness: int


def oracle_widths(circuit: CircuitData) -> tuple[int, int, int, int]:
    """Polynomials in oracles 0..3: constants and sigmas, wires, Z and partial products, quotient."""
    zs = circuit.num_challenges * (1 + circuit.num_partial_products)
    return (
        circuit.num_constants + circuit.num_routed_wires,
        circuit.num_wires,
        zs,
        circuit.num_challenges * circuit.quotient_degree_factor,
    )


def leaf_lengths(circuit: CircuitData) -> tuple[int, ...]:
    """Elements in a leaf of each oracle: all but the first end in four salts when the circuit hides."""
    salts = SALTS if circuit.hiding else 0
    return tuple(width + (salts if oracle else 0) for oracle, width in enumerate(oracle_widths(circuit)))


def _lists(circuit: CircuitData, proof: Proof) -> Iterator[tuple[str, int, int]]:
    """(name, length wanted, length seen) of every list outside the queries."""
    cap = 1 << circuit.cap_height
    o = proof.openings
    challenges = circuit.num_challenges
    yield "public_inputs", circuit.num_public_inputs, len(proof.public_inputs)
    yield "wires_cap", cap, len(proof.wires_cap)
    yield "plonk_zs_partial_products_cap", cap, len(proof.zs_cap)
    yield "quotient_polys_cap", cap, len(proof.quotient_cap)
    yield "openings.constants", circuit.num_constants, len(o.constants)
    yield "openings.plonk_sigmas", circuit.num_routed_wires, len(o.plonk_sigmas)
    yield "openings.wires", circuit.num_wires, len(o.wires)
    yield "openings.plonk_zs", challenges, len(o.plonk_zs)
    yield "openings.plonk_zs_next", challenges, len(o.plonk_zs_next)
    yield "openings.partial_products", challenges * circuit.num_partial_products, len(o.partial_products)
    yield "openings.quotient_polys", challenges * circuit.quotient_degree_factor, len(o.quotient_polys)
    yield "commit_phase_merkle_caps", len(circuit.arities), len(proof.commit_caps)
    for step, commit_cap in enumerate(proof.commit_caps):
        yield f"commit_phase_merkle_caps[{step}]", cap, len(commit_cap)
    yield "query_round_proofs", circuit.fri.queries, len(proof.queries)
    yield "final_poly.coeffs", 1 << (circuit.degree_bits - sum(circuit.arities)), len(proof.final_poly)


def _query_lists(circuit: CircuitData, query: Query, place: str) -> Iterator[tuple[str, int, int]]:
    yield f"{place}.evals_proofs", ORACLES, len(query.initial)
    path = circuit.lde_bits - circuit.cap_height
    for oracle, (opening, length) in enumerate(zip(query.initial, leaf_lengths(circuit), strict=False)):
        yield f"{place}.evals_proofs[{oracle}]", length, len(opening.leaf)
        yield f"{place}.evals_proofs[{oracle}].siblings", path, len(opening.siblings)
    yield f"{place}.steps", len(circuit.arities), len(query.steps)
    for number, (step, bits) in enumerate(zip(query.steps, circuit.arities, strict=False)):
        path -= bits
        yield f"{place}.steps[{number}].evals", 1 << bits, len(step.evals)
        yield f"{place}.steps[{number}].siblings", path, len(step.siblings)


def misshapen(circuit: CircuitData, proof: Proof) -> tuple[str, int, int] | None:
    """The first list whose length is not the one the circuit asks for: its name, wanted and seen length."""
    for name, wanted, seen in _lists(circuit, proof):
        if wanted != seen:
            return name, wanted, seen
    for index, query in enumerate(proof.queries):
        for name, wanted, seen in _query_lists(circuit, query, f"query_round_proofs[{index}]"):
            if wanted != seen:
                return name, wanted, seen
    return None
