"""Circuit data written as a prover would write it, and proofs as the JSON objects of a file."""

import struct
from typing import Any

from reserves_gui.zk.plonky2.circuit import CircuitData, FriConfig
from reserves_gui.zk.plonky2.proof import Proof
from reserves_gui.zk.poseidon_goldilocks import Hash


def _u64s(*values: int) -> bytes:
    return b"".join(struct.pack("<Q", value) for value in values)


def _vector(values: tuple[int, ...]) -> bytes:
    return _u64s(len(values), *values)


def _fri(fri: FriConfig) -> bytes:
    return (
        _u64s(fri.rate_bits, fri.cap_height, fri.queries)
        + struct.pack("<IB", fri.work_bits, 1)
        + _u64s(fri.arity_bits, fri.final_bits)
    )


def circuit_bytes(c: CircuitData) -> bytes:
    """The serialised verifier data."""
    return b"".join(
        [
            _u64s(c.cap_height, *(element for digest in c.cap for element in digest), *c.digest),
            _u64s(c.num_wires, c.num_routed_wires, c.num_config_constants, c.security_bits),
            _u64s(c.num_challenges, c.max_quotient_degree_factor),
            bytes(c.flags[:2]),
            _fri(c.config_fri),
            _fri(c.fri),
            _vector(c.arities),
            _u64s(c.degree_bits),
            bytes(c.flags[2:]),
            _vector(c.selector_indices),
            _u64s(len(c.groups), *(bound for group in c.groups for bound in group)),
            _u64s(c.quotient_degree_factor, c.num_gate_constraints, c.num_constants, c.num_public_inputs),
            _vector(c.k_is),
            _u64s(c.num_partial_products, len(c.gates)),
            *[struct.pack("<I", gate.kind) + _u64s(*gate.parameters) for gate in c.gates],
        ]
    )


def _hash(digest: Hash) -> dict[str, Any]:
    return {"elements": list(digest)}


def proof_json(proof: Proof) -> dict[str, Any]:
    """The object under ``proof`` of a file."""
    o = proof.openings
    return {
        "proof": {
            "wires_cap": [_hash(one) for one in proof.wires_cap],
            "plonk_zs_partial_products_cap": [_hash(one) for one in proof.zs_cap],
            "quotient_polys_cap": [_hash(one) for one in proof.quotient_cap],
            "openings": {
                name: [list(pair) for pair in getattr(o, name)]
                for name in (
                    "constants",
                    "plonk_sigmas",
                    "wires",
                    "plonk_zs",
                    "plonk_zs_next",
                    "partial_products",
                    "quotient_polys",
                )
            },
            "opening_proof": {
                "commit_phase_merkle_caps": [[_hash(one) for one in cap] for cap in proof.commit_caps],
                "query_round_proofs": [
                    {
                        "initial_trees_proof": {
                            "evals_proofs": [
                                [list(one.leaf), {"siblings": [_hash(s) for s in one.siblings]}]
                                for one in query.initial
                            ]
                        },
                        "steps": [
                            {
                                "evals": [list(pair) for pair in step.evals],
                                "merkle_proof": {"siblings": [_hash(s) for s in step.siblings]},
                            }
                            for step in query.steps
                        ],
                    }
                    for query in proof.queries
                ],
                "final_poly": {"coeffs": [list(pair) for pair in proof.final_poly]},
                "pow_witness": proof.work_witness,
            },
        },
        "public_inputs": list(proof.public_inputs),
    }


def file_json(circuit: CircuitData, proof: Proof, **general: int) -> dict[str, Any]:
    """A whole global proof file."""
    sizes = {"round_num": 7, "recursion_branchout_num": 64, "batch_size": 4, "token_num": 3, **general}
    levels = sizes.pop("levels", 1)
    return {
        "general": sizes,
        "root_vd_digest": _hash(circuit.digest),
        "circuits_info": {
            "batch_circuit_config": {},
            "recursive_circuit_configs": [{} for _ in range(levels)],
            "root_verifier_data_hex": circuit_bytes(circuit).hex(),
        },
        "proof": proof_json(proof),
    }
