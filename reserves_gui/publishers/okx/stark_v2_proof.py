"""The checks of ``proof`` and ``total`` for one global proof file of the second generation."""

from dataclasses import dataclass

from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.okx.stark_v2_circuits import check_pin, fingerprint, shipped_for
from reserves_gui.publishers.okx.stark_v2_global import GlobalProof
from reserves_gui.publishers.okx.stark_v2_inclusion import BRANCHING, TreeShape
from reserves_gui.publishers.port import Given
from reserves_gui.verdict import Checks, Outcome
from reserves_gui.zk.plonky2.circuit import CircuitData, CircuitUndecodable, CircuitUnknown, decode
from reserves_gui.zk.plonky2.verifier import check_argument, check_digest, check_parameters, check_shape

PUBLIC_INPUTS = 6
# Beyond this an account index would not fit a u64.
_LARGEST_BATCH = 2**48
LINKS_ONLY = "chain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of one global proof: ``bound`` if it verifies under a pin, ``sha256`` of its circuit data."""

    bound: bool
    sha256: str | None


def tree_shape(proof: GlobalProof) -> TreeShape:
    """What the round says about its tree; a batch size that cannot be one counts as not stated."""
    if not _is_power_of_two(proof.batch_size) or proof.batch_size > _LARGEST_BATCH:
        return TreeShape(levels=proof.levels, tokens=proof.tokens)
    levels = proof.levels
    if levels is None:
        pin = shipped_for(proof.round_number)
        levels = None if pin is None else pin.levels
    return TreeShape(batch_size=proof.batch_size, levels=levels, tokens=proof.tokens)


def check_global(checks: Checks, proof: GlobalProof, given: Given, progress: Progress) -> Judged:
    """All checks of section 3 of the format, in its order of work."""
    made = Checks()
    sha256 = _check_proof(made, proof, given, progress)
    for check in made:
        checks.add(check)
    bound = sha256 is not None and all(check.outcome is Outcome.PASSED for check in made)
    _check_total(checks, proof, bound=bound)
    return Judged(bound=bound, sha256=sha256)


def _check_proof(checks: Checks, proof: GlobalProof, given: Given, progress: Progress) -> str | None:
    """The checks of ``proof``; the fingerprint of the circuit, if there is one."""
    _check_general(checks, proof)
    pin = shipped_for(proof.round_number) if proof.circuit is None else None
    data = proof.circuit if pin is None else pin.data
    if data is None:
        checks.not_checked("proof.circuit", say("okx_stark_v2.circuit.absent", round=proof.round_number))
        if proof.fault is not None:
            checks.failed("proof.shape", proof.fault)
        return None
    circuit = _decoded(checks, data)
    if proof.fault is not None:
        checks.failed("proof.shape", proof.fault)
    if circuit is None:
        return fingerprint(data)
    check_pin(checks, data, proof, given.pins)
    parameters = check_parameters(circuit, public_inputs=PUBLIC_INPUTS)
    for check in parameters:
        checks.add(check)
    checks.add(check_digest(circuit, proof.digest))
    if proof.fault is not None or any(check.outcome is not Outcome.PASSED for check in parameters):
        return fingerprint(data)
    shape = check_shape(circuit, proof.proof)
    checks.add(shape)
    if shape.outcome is not Outcome.PASSED:
        return fingerprint(data)
    if given.proofs == LINKS_ONLY:
        checks.not_checked("proof.constraints", say("okx_stark.proofs.links_only"))
        return fingerprint(data)
    for check in check_argument(circuit, proof.proof, progress, given.executor):
        checks.add(check)
    return fingerprint(data)


def _decoded(checks: Checks, data: bytes) -> CircuitData | None:
    try:
        return decode(data)
    except CircuitUndecodable:
        checks.failed("proof.shape", say("okx_stark_v2.circuit.undecodable"))
    except CircuitUnknown as unknown:
        if unknown.what == "gate":
            checks.not_checked("proof.circuit", say("okx_stark_v2.circuit.gate", tag=unknown.tag))
        else:
            checks.failed("proof.parameters", say("okx_stark_v2.circuit.strategy", tag=unknown.tag))
    return None


def _check_general(checks: Checks, proof: GlobalProof) -> None:
    for name, value, holds in (
        ("recursion_branchout_num", proof.branching, proof.branching == BRANCHING),
        ("batch_size", proof.batch_size, _is_power_of_two(proof.batch_size) and proof.batch_size <= _LARGEST_BATCH),
        ("token_num", proof.tokens, proof.tokens >= 1),
        ("recursive_circuit_configs", proof.levels or 0, proof.levels is None or proof.levels >= 1),
    ):
        if not holds:
            checks.failed("proof.parameters", say("okx_stark_v2.general.bad", name=name, value=value))


def _check_total(checks: Checks, proof: GlobalProof, *, bound: bool) -> None:
    """``total``: what the figures rest on. It stays undecided: see ``total.recursion_limits``."""
    if len(proof.proof.public_inputs) != PUBLIC_INPUTS:
        return
    equity, debt = proof.proof.public_inputs[:2]
    if equity < debt:
        checks.failed("total.negative", say("okx_stark_v2.total.negative"), expected=f">= {debt}", seen=str(equity))
    else:
        checks.passed("total.negative", say("okx_stark_v2.total.not_negative"), seen=str(equity - debt))
    if bound:
        checks.passed("total.bound", say("okx_stark_v2.total.bound", net=str(equity - debt)))
    else:
        checks.not_checked("total.bound", say("okx_stark_v2.total.stated", net=str(equity - debt)))
    checks.not_checked("total.recursion_limits", say("okx_stark_v2.total.limits"))


def _is_power_of_two(value: int) -> bool:
    return value > 0 and value & (value - 1) == 0
