"""The identity at zeta: the combined constraints are the quotient times Zh.

Source: 0xPolygonZero/plonky2 plonky2/src/plonk/{vanishing_poly,verifier}.rs.
"""

from reserves_gui.progress import Progress
from reserves_gui.zk.goldilocks import ONE, Ext, add, combine, inverse, mul, power, scale, sub
from reserves_gui.zk.plonky2.circuit import CircuitData
from reserves_gui.zk.plonky2.gates import Row, evaluate
from reserves_gui.zk.plonky2.parameters import SELECTOR_UNUSED
from reserves_gui.zk.plonky2.proof import Openings
from reserves_gui.zk.plonky2.transcript import Challenges
from reserves_gui.zk.poseidon_goldilocks import Hash


def gate_terms(circuit: CircuitData, openings: Openings, inputs_hash: Hash, progress: Progress) -> list[Ext]:
    """combined[j] = sum over gates of filter(g) gate_g.constraints[j].

    filter(g) = product over k in the group of g, k != g, of (k - x), x the opened selector of the group, and times
    (4294967295 - x) if there is more than one group.
    """
    selectors = len(circuit.groups)
    row = Row(openings.wires, openings.constants[selectors:], inputs_hash)
    combined: list[Ext] = [(0, 0)] * circuit.num_gate_constraints
    for number, gate in enumerate(circuit.gates):
        progress.checkpoint()
        column = circuit.selector_indices[number]
        x = openings.constants[column]
        factor = ONE
        for k in range(*circuit.groups[column]):
            if k != number:
                factor = mul(factor, sub((k, 0), x))
        if selectors > 1:
            factor = mul(factor, sub((SELECTOR_UNUSED, 0), x))
        for j, constraint in enumerate(evaluate(gate, row)):
            combined[j] = add(combined[j], mul(factor, constraint))
    return combined


def _chunk_terms(circuit: CircuitData, openings: Openings, challenges: Challenges, number: int) -> list[Ext]:
    """a_c prod(num) - a_{c+1} prod(den) over chunks of routed wires, accumulators Z, partial products, Z'.

    num_j = w_j + beta k_j zeta + gamma, den_j = w_j + beta sigma_j + gamma.
    """
    beta, gamma = challenges.betas[number], challenges.gammas[number]
    count = circuit.num_partial_products
    size = circuit.quotient_degree_factor
    accumulators = [
        openings.plonk_zs[number],
        *openings.partial_products[count * number : count * (number + 1)],
        openings.plonk_zs_next[number],
    ]
    terms: list[Ext] = []
    for chunk in range(count + 1):
        numerator, denominator = accumulators[chunk], accumulators[chunk + 1]
        for j in range(size * chunk, min(size * (chunk + 1), circuit.num_routed_wires)):
            shifted = add(openings.wires[j], (gamma, 0))
            numerator = mul(numerator, add(shifted, scale(challenges.zeta, beta * circuit.k_is[j])))
            denominator = mul(denominator, add(shifted, scale(openings.plonk_sigmas[j], beta)))
        terms.append(sub(numerator, denominator))
    return terms


def identity_holds(
    circuit: CircuitData, openings: Openings, challenges: Challenges, inputs_hash: Hash, progress: Progress
) -> bool:
    """For each challenge: sum_t alpha^t term_t == Zh sum_k zeta^(n k) quotient_polys[factor i + k].

    n = 2^degree_bits, Zh = zeta^n - 1, L0 = Zh / (n (zeta - 1)). A zero denominator does not hold.
    """
    n = 1 << circuit.degree_bits
    zeta_n = power(challenges.zeta, n)
    zh = sub(zeta_n, ONE)
    divisor = inverse(scale(sub(challenges.zeta, ONE), n))
    if divisor is None:
        return False
    first = mul(zh, divisor)
    count = circuit.num_challenges
    terms = [mul(first, sub(z, ONE)) for z in openings.plonk_zs]
    for number in range(count):
        terms += _chunk_terms(circuit, openings, challenges, number)
        progress.checkpoint()
    terms += gate_terms(circuit, openings, inputs_hash, progress)
    factor = circuit.quotient_degree_factor
    holds = []
    for number, alpha in enumerate(challenges.alphas):
        quotient = combine(openings.quotient_polys[factor * number : factor * (number + 1)], zeta_n)
        holds.append(combine(terms, (alpha, 0)) == mul(zh, quotient))
    return all(holds)
