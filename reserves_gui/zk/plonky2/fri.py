"""The low-degree test: queries into the committed oracles, folded down to the final polynomial.

Source: 0xPolygonZero/plonky2 plonky2/src/fri/verifier.rs. The combined quotient is multiplied by the query point X:
that is this fork's difference from the library.
"""

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass

from reserves_gui import limits
from reserves_gui.messages import say
from reserves_gui.progress import Progress, silent
from reserves_gui.zk.goldilocks import (
    COSET_SHIFT,
    Ext,
    P,
    add,
    combine,
    combine_base,
    inverse,
    mul,
    power,
    reverse_bits,
    root_of_unity,
    scale,
    sub,
)
from reserves_gui.zk.plonky2.circuit import CircuitData
from reserves_gui.zk.plonky2.proof import Proof, Query, oracle_widths
from reserves_gui.zk.plonky2.transcript import Challenges
from reserves_gui.zk.poseidon_goldilocks import HASH_ELEMENTS, Hash, hash_elements, two

# Small enough that the last worker never keeps the others waiting for long.
_QUERIES_A_TASK = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """What every query of one proof shares; travels to worker processes."""

    degree_bits: int
    lde_bits: int
    arities: tuple[int, ...]
    widths: tuple[int, ...]
    num_challenges: int
    caps: tuple[tuple[Hash, ...], ...]
    commit_caps: tuple[tuple[Hash, ...], ...]
    zeta: Ext
    alpha: Ext
    betas: tuple[Ext, ...]
    reduced_zeta: Ext
    reduced_next: Ext
    final_poly: tuple[Ext, ...]


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Whether one query's Merkle paths and its folding hold."""

    branches: bool
    folding: bool


def instance(circuit: CircuitData, proof: Proof, challenges: Challenges) -> Instance:
    """R0 = sum_t alpha^t v_t over the openings at zeta, R1 likewise over the next row's."""
    return Instance(
        degree_bits=circuit.degree_bits,
        lde_bits=circuit.lde_bits,
        arities=circuit.arities,
        widths=oracle_widths(circuit),
        num_challenges=circuit.num_challenges,
        caps=(circuit.cap, proof.wires_cap, proof.zs_cap, proof.quotient_cap),
        commit_caps=proof.commit_caps,
        zeta=challenges.zeta,
        alpha=challenges.fri_alpha,
        betas=challenges.fri_betas,
        reduced_zeta=combine(proof.openings.at_zeta, challenges.fri_alpha),
        reduced_next=combine(proof.openings.plonk_zs_next, challenges.fri_alpha),
        final_poly=proof.final_poly,
    )


def leads_to_cap(leaf: Sequence[int], index: int, siblings: Sequence[Hash], cap: Sequence[Hash]) -> bool:
    """Whether the leaf at ``index`` is under ``cap``.

    Up to four elements are their own hash; then for each sibling: low bit of index 1 -> two(s, d), else two(d, s).
    """
    if len(leaf) <= HASH_ELEMENTS:
        padded = (*leaf, *[0] * (HASH_ELEMENTS - len(leaf)))
        digest: Hash = (padded[0], padded[1], padded[2], padded[3])
    else:
        digest = hash_elements(leaf)
    for sibling in siblings:
        digest = two(sibling, digest) if index & 1 else two(digest, sibling)
        index >>= 1
    return digest == cap[index]


def _combined(fri: Instance, query: Query, x: int) -> Ext | None:
    """X (alpha^c (red0 - R0) / (X - zeta) + (red1 - R1) / (X - root(degree_bits) zeta)), c = num_challenges."""
    values = [v for opening, width in zip(query.initial, fri.widths, strict=True) for v in opening.leaf[:width]]
    at_zeta = inverse(sub((x, 0), fri.zeta))
    at_next = inverse(sub((x, 0), scale(fri.zeta, root_of_unity(fri.degree_bits))))
    if at_zeta is None or at_next is None:
        return None
    red0 = combine_base(values, fri.alpha)
    red1 = combine_base(query.initial[2].leaf[: fri.num_challenges], fri.alpha)
    first = mul(mul(power(fri.alpha, fri.num_challenges), sub(red0, fri.reduced_zeta)), at_zeta)
    return scale(add(first, mul(sub(red1, fri.reduced_next), at_next)), x)


def fold(evals: Sequence[Ext], bits: int, start: int, beta: Ext) -> Ext | None:
    """The polynomial through (start g^k, evals[bitrev(k)]) at beta, g = root(bits), a = 2^bits:
    (beta^a - start^a) sum_k y_k x_k / (a start^a (beta - x_k)). None if beta is one of the points.
    """
    arity = 1 << bits
    g = root_of_unity(bits)
    start_a = pow(start, arity, P)
    total: Ext = (0, 0)
    x = start
    for k in range(arity):
        denominator = inverse(((beta[0] - x) % P, beta[1]))
        if denominator is None:
            return None
        total = add(total, mul(scale(evals[reverse_bits(k, bits)], x), denominator))
        x = x * g % P
    vanishing = sub(power(beta, arity), (start_a, 0))
    return mul(scale(vanishing, pow(arity * start_a, -1, P)), total)


def check_query(fri: Instance, query: Query, index: int, progress: Progress) -> QueryResult:
    """One query at ``index``: all its Merkle paths, and its values folded to the final polynomial."""
    branches = True
    for opening, cap in zip(query.initial, fri.caps, strict=True):
        branches &= leads_to_cap(opening.leaf, index, opening.siblings, cap)
        progress.checkpoint()
    x = COSET_SHIFT * pow(root_of_unity(fri.lde_bits), reverse_bits(index, fri.lde_bits), P) % P
    value = _combined(fri, query, x)
    folding = value is not None
    for step, bits, beta, cap in zip(query.steps, fri.arities, fri.betas, fri.commit_caps, strict=True):
        arity = 1 << bits
        within, index = index % arity, index >> bits
        folding = folding and step.evals[within] == value
        leaf = [part for pair in step.evals for part in pair]
        branches &= leads_to_cap(leaf, index, step.siblings, cap)
        start = x * pow(root_of_unity(bits), arity - reverse_bits(within, bits), P) % P
        value = fold(step.evals, bits, start, beta)
        folding = folding and value is not None
        x = pow(x, arity, P)
        progress.checkpoint()
    return QueryResult(branches, folding and combine(fri.final_poly, (x, 0)) == value)


def _check_some(fri: Instance, queries: tuple[Query, ...], indices: tuple[int, ...]) -> list[QueryResult]:
    quiet = silent()
    return [check_query(fri, query, index, quiet) for query, index in zip(queries, indices, strict=True)]


def check_queries(
    fri: Instance,
    queries: tuple[Query, ...],
    indices: tuple[int, ...],
    progress: Progress,
    executor: Executor | None,
) -> list[QueryResult]:
    """Every query, in order; spread over ``executor`` in small tasks when there is one."""
    progress.stage(say("plonky2.stage.queries"), len(queries))
    results: list[QueryResult] = []
    if executor is None:
        for query, index in zip(queries, indices, strict=True):
            results.append(check_query(fri, query, index, progress))
            progress.advance(len(results))
        return results
    tasks = [
        (queries[at : at + _QUERIES_A_TASK], indices[at : at + _QUERIES_A_TASK])
        for at in range(0, len(queries), _QUERIES_A_TASK)
    ]
    futures = [executor.submit(_check_some, fri, *task) for task in tasks]
    _await_all(futures, progress)
    for future, task in zip(futures, tasks, strict=True):
        try:
            results += future.result()
        except BrokenExecutor:
            # A lost worker is no reason to claim less: the work is done here.
            for query, index in zip(*task, strict=True):
                results.append(check_query(fri, query, index, progress))
    progress.advance(len(results))
    return results


def _await_all(futures: Sequence[Future[list[QueryResult]]], progress: Progress) -> None:
    """Wait for all, looking at cancellation; what has not started is taken back when the wait ends early."""
    waiting = set(futures)
    done = 0
    try:
        while waiting:
            finished, waiting = wait(waiting, timeout=limits.CHECKPOINT_SECONDS, return_when=FIRST_COMPLETED)
            done += sum(len(future.result()) for future in finished if future.exception() is None)
            progress.advance(done)
    finally:
        for future in waiting:
            future.cancel()
