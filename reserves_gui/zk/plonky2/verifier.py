"""The steps of a verification in their order, as checks of the claim ``proof``.

Everything is reported: a failed check does not end the run, except where nothing sensible can be computed any more
(wrong shape, refused parameters).
"""

from concurrent.futures import Executor

from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.verdict import Check, Outcome
from reserves_gui.zk.plonky2 import fri, parameters, proof, transcript, vanishing
from reserves_gui.zk.plonky2.circuit import CircuitData
from reserves_gui.zk.poseidon_goldilocks import Hash, hash_elements, to_hex

# H(1,0,0,0,0,0,0,1): what an empty domain separator hashes to.
_SEPARATOR = (1, 0, 0, 0, 0, 0, 0, 1)


def circuit_digest(circuit: CircuitData) -> Hash:
    """H(cap elements | H(1,0,0,0,0,0,0,1) | degree_bits): covers the preprocessed commitment, and nothing else."""
    elements = [element for digest in circuit.cap for element in digest]
    return hash_elements([*elements, *hash_elements(_SEPARATOR), circuit.degree_bits])


def _judged(holds: bool, check_id: str, kind: str, **args: str | int) -> Check:  # noqa: FBT001
    outcome = Outcome.PASSED if holds else Outcome.FAILED
    return Check(check_id, outcome, say(f"plonky2.{kind}.{outcome}", **args))


def check_digest(circuit: CircuitData, stated: Hash) -> Check:
    """The digest recomputed, equal to the one in the circuit data and to the one stated beside it."""
    recomputed = circuit_digest(circuit)
    seen = circuit.digest if circuit.digest != recomputed else stated
    holds = circuit.digest == recomputed == stated
    outcome = Outcome.PASSED if holds else Outcome.FAILED
    reason = say(f"plonky2.digest.{outcome}")
    return Check("proof.digest", outcome, reason, expected=to_hex(recomputed), seen=to_hex(seen))


def check_parameters(circuit: CircuitData, *, public_inputs: int) -> tuple[Check, ...]:
    """Floors, ceilings and agreements; one failed check for each thing refused."""
    refused = parameters.refused(circuit, public_inputs=public_inputs)
    if refused:
        return tuple(Check("proof.parameters", Outcome.FAILED, reason) for reason in refused)
    fri_config = circuit.fri
    return (
        _judged(
            True,
            "proof.parameters",
            "parameters",
            queries=fri_config.queries,
            rate=fri_config.rate_bits,
            work=fri_config.work_bits,
            challenges=circuit.num_challenges,
        ),
    )


def check_shape(circuit: CircuitData, candidate: proof.Proof) -> Check:
    """Every list has the length the circuit asks for. The circuit's parameters are sound."""
    wrong = proof.misshapen(circuit, candidate)
    if wrong is None:
        return _judged(True, "proof.shape", "shape")
    name, wanted, seen = wrong
    reason = say("plonky2.shape.failed", name=name)
    return Check("proof.shape", Outcome.FAILED, reason, expected=str(wanted), seen=str(seen))


def check_argument(
    circuit: CircuitData, candidate: proof.Proof, progress: Progress, executor: Executor | None
) -> tuple[Check, ...]:
    """Work, constraints, branches and folding of a proof of the right shape under sound parameters."""
    progress.stage(say("plonky2.stage.constraints"))
    inputs_hash = hash_elements(candidate.public_inputs)
    challenges = transcript.draw(circuit, candidate, inputs_hash, progress)
    work = challenges.work_response < 1 << (64 - circuit.fri.work_bits)
    constraints = vanishing.identity_holds(circuit, candidate.openings, challenges, inputs_hash, progress)
    shared = fri.instance(circuit, candidate, challenges)
    results = fri.check_queries(shared, candidate.queries, challenges.query_indices, progress, executor)
    count = len(results)
    bad_branches = [number for number, result in enumerate(results) if not result.branches]
    bad_folding = [number for number, result in enumerate(results) if not result.folding]
    return (
        _judged(work, "proof.work", "work", bits=circuit.fri.work_bits),
        _judged(constraints, "proof.constraints", "constraints", gates=len(circuit.gates)),
        _judged(not bad_branches, "proof.branches", "branches", count=count, bad=len(bad_branches)),
        _judged(not bad_folding, "proof.fri", "fri", count=count, bad=len(bad_folding)),
    )
