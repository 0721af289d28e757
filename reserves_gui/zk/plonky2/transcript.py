"""The duplex sponge that turns what the prover committed to into challenges, and the order of its questions.

Source: 0xPolygonZero/plonky2 plonky2/src/{iop/challenger,plonk/get_challenges}.rs.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reserves_gui.progress import Progress
from reserves_gui.zk.goldilocks import Ext
from reserves_gui.zk.plonky2.circuit import CircuitData
from reserves_gui.zk.plonky2.proof import Proof
from reserves_gui.zk.poseidon_goldilocks import RATE, WIDTH, Hash, permute


class Challenger:
    """State of 12 elements, an input and an output buffer."""

    def __init__(self) -> None:
        self._state = [0] * WIDTH
        self._input: list[int] = []
        self._output: list[int] = []

    def observe(self, element: int) -> None:
        """Take in one element of F: the output buffer is cleared, eight inputs are duplexed."""
        self._output.clear()
        self._input.append(element)
        if len(self._input) == RATE:
            self._duplex()

    def observe_all(self, elements: Iterable[int]) -> None:
        """Take in elements in order."""
        for element in elements:
            self.observe(element)

    def observe_cap(self, cap: Iterable[Hash]) -> None:
        """Take in the hashes of a Merkle cap."""
        for digest in cap:
            self.observe_all(digest)

    def observe_exts(self, elements: Iterable[Ext]) -> None:
        """Take in elements of K, c0 first."""
        for element in elements:
            self.observe_all(element)

    def challenge(self) -> int:
        """One element of F: the last of the output buffer, which is removed."""
        if self._input or not self._output:
            self._duplex()
        return self._output.pop()

    def challenges(self, count: int) -> tuple[int, ...]:
        """``count`` elements of F."""
        return tuple([self.challenge() for _ in range(count)])

    def challenge_ext(self) -> Ext:
        """One element of K, c0 first."""
        return self.challenge(), self.challenge()

    def _duplex(self) -> None:
        self._state[: len(self._input)] = self._input
        self._input.clear()
        self._state = permute(self._state)
        self._output = self._state[:RATE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenges:
    """Everything the verifier asks, in the order in which it is drawn."""

    betas: tuple[int, ...]
    gammas: tuple[int, ...]
    alphas: tuple[int, ...]
    zeta: Ext
    fri_alpha: Ext
    fri_betas: tuple[Ext, ...]
    work_response: int
    query_indices: tuple[int, ...]


def draw(circuit: CircuitData, proof: Proof, inputs_hash: Hash, progress: Progress) -> Challenges:
    """All challenges of a proof of the right shape."""
    c = Challenger()
    c.observe_all(circuit.digest)
    c.observe_all(inputs_hash)
    c.observe_cap(proof.wires_cap)
    betas = c.challenges(circuit.num_challenges)
    gammas = c.challenges(circuit.num_challenges)
    c.observe_cap(proof.zs_cap)
    alphas = c.challenges(circuit.num_challenges)
    c.observe_cap(proof.quotient_cap)
    zeta = c.challenge_ext()
    c.observe_exts(proof.openings.at_zeta)
    c.observe_exts(proof.openings.plonk_zs_next)
    progress.checkpoint()
    fri_alpha = c.challenge_ext()
    fri_betas: list[Ext] = []
    for cap in proof.commit_caps:
        c.observe_cap(cap)
        fri_betas.append(c.challenge_ext())
        progress.checkpoint()
    for coefficient in proof.final_poly:
        c.observe_exts((coefficient,))
        progress.checkpoint()
    c.observe(proof.work_witness)
    work_response = c.challenge()
    mask = (1 << circuit.lde_bits) - 1
    indices = tuple([c.challenge() & mask for _ in range(circuit.fri.queries)])
    return Challenges(
        betas=betas,
        gammas=gammas,
        alphas=alphas,
        zeta=zeta,
        fri_alpha=fri_alpha,
        fri_betas=tuple(fri_betas),
        work_response=work_response,
        query_indices=indices,
    )
