"""A small prover for the fork's proofs, written from the verifier's rules: traces, copies, quotient, folding.

Sizes are those of a toy (8 to 32 rows), the rules are those of production. Not meant to be fast or to hide anything.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain, count

from reserves_gui.zk import goldilocks as gl
from reserves_gui.zk.goldilocks import COSET_SHIFT, P
from reserves_gui.zk.plonky2.circuit import CircuitData, FriConfig, Gate, GateKind
from reserves_gui.zk.plonky2.gates import Row, evaluate, needs
from reserves_gui.zk.plonky2.proof import FoldingStep, InitialOpening, Openings, Proof, Query
from reserves_gui.zk.plonky2.transcript import Challenger
from reserves_gui.zk.plonky2.verifier import circuit_digest
from reserves_gui.zk.poseidon_goldilocks import Hash, hash_elements, two
from tests.zk.plonky2.rows import Draw, valid_row

UNUSED = 4294967295


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to build. ``groups`` are the selector groups, each a tuple of gates."""

    groups: tuple[tuple[Gate, ...], ...]
    degree_bits: int = 3
    rate_bits: int = 3
    cap_height: int = 1
    arity_bits: int = 1
    final_bits: int = 1
    queries: int = 28
    work_bits: int = 0
    challenges: int = 2
    factor: int = 8
    hiding: bool = True
    wires: int = 135
    routed: int = 80
    public_inputs: tuple[int, ...] = (1000, 10, 21, 22, 23, 24)
    seed: int = 1
    witnesses: tuple[int, ...] = ()

    @property
    def gates(self) -> tuple[Gate, ...]:
        return tuple(gate for group in self.groups for gate in group)


def fft(values: Sequence[int], root: int) -> list[int]:
    """values as coefficients -> evaluations at root^0, root^1, ..."""
    n = len(values)
    if n == 1:
        return list(values)
    even, odd = fft(values[::2], root * root % P), fft(values[1::2], root * root % P)
    out, power = [0] * n, 1
    for i in range(n // 2):
        step = power * odd[i] % P
        out[i], out[i + n // 2] = (even[i] + step) % P, (even[i] - step) % P
        power = power * root % P
    return out


def interpolate(values: Sequence[int], bits: int, shift: int = 1) -> list[int]:
    """Coefficients of the polynomial with these values on shift * <root(bits)>."""
    n = 1 << bits
    raw = fft(values, pow(gl.root_of_unity(bits), -1, P))
    scale = pow(n, -1, P)
    back = pow(shift, -1, P)
    return [value * scale % P * pow(back, i, P) % P for i, value in enumerate(raw)]


def extend(coefficients: Sequence[int], bits: int, shift: int) -> list[int]:
    """Values on shift * <root(bits)>, in natural order."""
    padded = [c * pow(shift, i, P) % P for i, c in enumerate(coefficients)]
    return fft([*padded, *[0] * ((1 << bits) - len(padded))], gl.root_of_unity(bits))


def evaluate_at(coefficients: Sequence[int], x: gl.Ext) -> gl.Ext:
    return gl.combine([(c, 0) for c in coefficients], x)


class Tree:
    """A Merkle tree with a cap over leaves in their final order."""

    def __init__(self, leaves: Sequence[Sequence[int]], cap_height: int) -> None:
        self.leaves = [tuple(leaf) for leaf in leaves]
        level: list[Hash] = [
            hash_elements(leaf) if len(leaf) > 4 else (*leaf, *[0] * (4 - len(leaf)))[:4] for leaf in self.leaves
        ]
        self._levels = [level]
        while len(level) > 1 << cap_height:
            level = [two(level[i], level[i + 1]) for i in range(0, len(level), 2)]
            self._levels.append(level)
        self.cap = tuple(level)

    def siblings(self, index: int) -> tuple[Hash, ...]:
        return tuple(level[(index >> height) ^ 1] for height, level in enumerate(self._levels[:-1]))


class Oracle:
    """Polynomials committed together, salted or not, leaves in bit-reversed order."""

    def __init__(self, polynomials: Sequence[Sequence[int]], plan: Plan, salt: Draw | None) -> None:
        self.polynomials = [list(p) for p in polynomials]
        bits = plan.degree_bits + plan.rate_bits
        self.columns = [extend(p, bits, COSET_SHIFT) for p in polynomials]
        leaves = []
        for index in range(1 << bits):
            at = gl.reverse_bits(index, bits)
            leaf = [column[at] for column in self.columns]
            leaves.append([*leaf, *[salt.f() for _ in range(4)]] if salt else leaf)
        self.tree = Tree(leaves, plan.cap_height)

    def at(self, x: gl.Ext) -> tuple[gl.Ext, ...]:
        return tuple(evaluate_at(p, x) for p in self.polynomials)


@dataclass
class _Trace:
    wires: list[list[int]]
    constants: list[list[int]]
    sigmas: list[list[int]]


def _trace(plan: Plan, inputs_hash: Hash) -> _Trace:
    n = 1 << plan.degree_bits
    gates = plan.gates
    rows = [valid_row(gates[r % len(gates)], plan.seed * 1000 + r, inputs_hash, plan.wires) for r in range(n)]
    wires = [row[0] for row in rows]
    constants = []
    for r, row in enumerate(rows):
        number, start, selectors = r % len(gates), 0, []
        for group in plan.groups:
            inside = start <= number < start + len(group)
            selectors.append(number if inside else UNUSED)
            start += len(group)
        constants.append([*selectors, *row[1]])
    # Cells of Noop rows are free: make one value of their first wires, in one cycle.
    g = gl.root_of_unity(plan.degree_bits)
    idle = [r for r in range(n) if gates[r % len(gates)].kind is GateKind.NOOP]
    cells = [(r, j) for r in idle for j in range(min(3, plan.routed))]
    sigmas = [[pow(7, j, P) * pow(g, r, P) % P for j in range(plan.routed)] for r in range(n)]
    for (r, j), (to_r, to_j) in zip(cells, [*cells[1:], *cells[:1]], strict=True):
        wires[r][j] = 4711
        sigmas[r][j] = pow(7, to_j, P) * pow(g, to_r, P) % P
    return _Trace(wires, constants, sigmas)


def _columns(rows: Sequence[Sequence[int]], bits: int) -> list[list[int]]:
    return [interpolate(column, bits) for column in zip(*rows, strict=True)]


def _chunks(plan: Plan) -> list[range]:
    return [range(at, min(at + plan.factor, plan.routed)) for at in range(0, plan.routed, plan.factor)]


def _sides(wires: Sequence[int], sigmas: Sequence[int], x: int, beta: int, gamma: int, chunk: range) -> tuple[int, int]:
    num = reduce(lambda a, j: a * (wires[j] + beta * pow(7, j, P) * x + gamma) % P, chunk, 1)
    den = reduce(lambda a, j: a * (wires[j] + beta * sigmas[j] + gamma) % P, chunk, 1)
    return num, den


def _running_products(plan: Plan, trace: _Trace, beta: int, gamma: int) -> list[list[int]]:
    """Per row: Z, then the partial products."""
    g = gl.root_of_unity(plan.degree_bits)
    z, rows = 1, []
    for r, (wires, sigmas) in enumerate(zip(trace.wires, trace.sigmas, strict=True)):
        row = [z]
        for chunk in _chunks(plan):
            num, den = _sides(wires, sigmas, pow(g, r, P), beta, gamma, chunk)
            row.append(row[-1] * num % P * pow(den, -1, P) % P)
        z = row.pop()
        rows.append(row)
    assert z == 1, "the copies do not hold"
    return rows


def _gate_terms(plan: Plan, constants: Sequence[int], wires: Sequence[int], inputs_hash: Hash, count: int) -> list[int]:
    row = Row([(x, 0) for x in wires], [(x, 0) for x in constants[len(plan.groups) :]], inputs_hash)
    combined, number = [0] * count, 0
    for column, group in enumerate(plan.groups):
        x, first = constants[column], number
        for gate in group:
            factor = reduce(
                lambda a, k: a * (k - x) % P, [k for k in range(first, first + len(group)) if k != number], 1
            )
            if len(plan.groups) > 1:
                factor = factor * (UNUSED - x) % P
            for j, value in enumerate(evaluate(gate, row)):
                assert value[1] == 0
                combined[j] = (combined[j] + factor * value[0]) % P
            number += 1
    return combined


def build(plan: Plan) -> tuple[CircuitData, Proof]:
    """A circuit and an honest proof over it."""
    n = 1 << plan.degree_bits
    draw = Draw(plan.seed)
    salt = draw if plan.hiding else None
    inputs_hash = hash_elements(plan.public_inputs)
    trace = _trace(plan, inputs_hash)
    fixed = Oracle(
        _columns([[*c, *s] for c, s in zip(trace.constants, trace.sigmas, strict=True)], plan.degree_bits), plan, None
    )
    circuit = _circuit(plan, fixed.tree.cap)
    challenger = Challenger()
    challenger.observe_all(circuit.digest)
    challenger.observe_all(inputs_hash)
    wires = Oracle(_columns(trace.wires, plan.degree_bits), plan, salt)
    challenger.observe_cap(wires.tree.cap)
    betas, gammas = challenger.challenges(plan.challenges), challenger.challenges(plan.challenges)
    products = [_running_products(plan, trace, beta, gamma) for beta, gamma in zip(betas, gammas, strict=True)]
    ordered = [
        [*(product[r][0] for product in products), *(value for product in products for value in product[r][1:])]
        for r in range(n)
    ]
    zs = Oracle(_columns(ordered, plan.degree_bits), plan, salt)
    challenger.observe_cap(zs.tree.cap)
    alphas = challenger.challenges(plan.challenges)
    quotient = Oracle(_quotient(plan, circuit, (fixed, wires, zs), (betas, gammas, alphas), inputs_hash), plan, salt)
    challenger.observe_cap(quotient.tree.cap)
    zeta = challenger.challenge_ext()
    openings = _openings(plan, (fixed, wires, zs, quotient), zeta)
    challenger.observe_exts(openings.at_zeta)
    challenger.observe_exts(openings.plonk_zs_next)
    return circuit, _open(plan, circuit, (fixed, wires, zs, quotient), openings, zeta, challenger)


def _circuit(plan: Plan, cap: tuple[Hash, ...]) -> CircuitData:
    fri = FriConfig(
        rate_bits=plan.rate_bits,
        cap_height=plan.cap_height,
        queries=plan.queries,
        work_bits=plan.work_bits,
        arity_bits=plan.arity_bits,
        final_bits=plan.final_bits,
    )
    degree, arities = plan.degree_bits, []
    while degree > plan.final_bits and degree + plan.rate_bits - plan.arity_bits >= plan.cap_height:
        arities.append(plan.arity_bits)
        degree -= plan.arity_bits
    bounds, start, indices = [], 0, []
    for number, group in enumerate(plan.groups):
        bounds.append((start, start + len(group)))
        indices += [number] * len(group)
        start += len(group)
    wanted = [needs(gate) for gate in plan.gates]
    draft = CircuitData(
        cap_height=plan.cap_height,
        cap=cap,
        digest=(0, 0, 0, 0),
        num_wires=plan.wires,
        num_routed_wires=plan.routed,
        num_config_constants=2,
        security_bits=100,
        num_challenges=plan.challenges,
        max_quotient_degree_factor=plan.factor,
        flags=(1, int(plan.hiding), int(plan.hiding)),
        config_fri=fri,
        fri=fri,
        arities=tuple(arities),
        degree_bits=plan.degree_bits,
        selector_indices=tuple(indices),
        groups=tuple(bounds),
        quotient_degree_factor=plan.factor,
        num_gate_constraints=max(need.constraints for need in wanted if need),
        num_constants=len(plan.groups) + 2,
        num_public_inputs=len(plan.public_inputs),
        k_is=tuple(pow(7, j, P) for j in range(plan.routed)),
        num_partial_products=len(_chunks(plan)) - 1,
        gates=plan.gates,
    )
    return replace(draft, digest=circuit_digest(draft))


def _quotient(
    plan: Plan,
    circuit: CircuitData,
    oracles: tuple[Oracle, Oracle, Oracle],
    drawn: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]],
    inputs_hash: Hash,
) -> list[list[int]]:
    fixed, wires, zs = oracles
    n, bits = 1 << plan.degree_bits, plan.degree_bits + plan.rate_bits
    size, step = 1 << bits, 1 << plan.rate_bits
    columns: list[list[int]] = [[] for _ in range(plan.challenges)]
    for at in range(size):
        x = COSET_SHIFT * pow(gl.root_of_unity(bits), at, P) % P
        opened = [[column[at] for column in oracle.columns] for oracle in (fixed, wires, zs)]
        following = [column[(at + step) % size] for column in zs.columns]
        vanishing = (pow(x, n, P) - 1) % P
        first = vanishing * pow(n * (x - 1), -1, P) % P
        terms = [first * (opened[2][i] - 1) % P for i in range(plan.challenges)]
        for i in range(plan.challenges):
            beta, gamma = drawn[0][i], drawn[1][i]
            partial = circuit.num_partial_products
            start = plan.challenges + i * partial
            links = [opened[2][i], *opened[2][start : start + partial], following[i]]
            sigmas = opened[0][circuit.num_constants :]
            for c, chunk in enumerate(_chunks(plan)):
                num, den = _sides(opened[1], sigmas, x, beta, gamma, chunk)
                terms.append((links[c] * num - links[c + 1] * den) % P)
        terms += _gate_terms(
            plan, opened[0][: circuit.num_constants], opened[1], inputs_hash, circuit.num_gate_constraints
        )
        for i, alpha in enumerate(drawn[2]):
            total = reduce(lambda a, term: (a * alpha + term) % P, reversed(terms), 0)
            columns[i].append(total * pow(vanishing, -1, P) % P)
    polynomials = []
    for column in columns:
        coefficients = interpolate(column, bits, COSET_SHIFT)
        assert not any(coefficients[plan.factor * n :]), "the constraints do not hold, or the groups are too large"
        polynomials += [coefficients[k * n : (k + 1) * n] for k in range(plan.factor)]
    return polynomials


def _openings(plan: Plan, oracles: tuple[Oracle, ...], zeta: gl.Ext) -> Openings:
    fixed, wires, zs, quotient = (oracle.at(zeta) for oracle in oracles)
    split = len(plan.groups) + 2
    zs_count = plan.challenges
    return Openings(
        constants=fixed[:split],
        plonk_sigmas=fixed[split:],
        wires=wires,
        plonk_zs=zs[:zs_count],
        plonk_zs_next=oracles[2].at(gl.scale(zeta, gl.root_of_unity(plan.degree_bits)))[:zs_count],
        partial_products=zs[zs_count:],
        quotient_polys=quotient,
    )


def _open(
    plan: Plan,
    circuit: CircuitData,
    oracles: tuple[Oracle, ...],
    openings: Openings,
    zeta: gl.Ext,
    challenger: Challenger,
) -> Proof:
    bits = plan.degree_bits + plan.rate_bits
    alpha = challenger.challenge_ext()
    r0 = gl.combine(openings.at_zeta, alpha)
    r1 = gl.combine(openings.plonk_zs_next, alpha)
    next_point = gl.scale(zeta, gl.root_of_unity(plan.degree_bits))
    values = []
    for at in range(1 << bits):
        x = COSET_SHIFT * pow(gl.root_of_unity(bits), at, P) % P
        everything = [(column[at], 0) for oracle in oracles for column in oracle.columns]
        red0 = gl.combine(everything, alpha)
        red1 = gl.combine([(column[at], 0) for column in oracles[2].columns[: plan.challenges]], alpha)
        first = gl.mul(gl.sub(red0, r0), gl.inverse(gl.sub((x, 0), zeta)) or gl.ZERO)
        second = gl.mul(gl.sub(red1, r1), gl.inverse(gl.sub((x, 0), next_point)) or gl.ZERO)
        values.append(gl.scale(gl.add(gl.mul(gl.power(alpha, plan.challenges), first), second), x))
    parts = [interpolate([value[i] for value in values], bits, COSET_SHIFT) for i in (0, 1)]
    coefficients: list[gl.Ext] = list(zip(*parts, strict=True))
    assert not any(any(c) for c in coefficients[1 << plan.degree_bits :])
    shift, trees, rest = COSET_SHIFT, [], bits
    for arity_bits in circuit.arities:
        arity = 1 << arity_bits
        columns = [extend([c[i] for c in coefficients], rest, shift) for i in (0, 1)]
        order = [gl.reverse_bits(i, rest) for i in range(1 << rest)]
        flat = [(columns[0][at], columns[1][at]) for at in order]
        tree = Tree(
            [[e for pair in flat[i : i + arity] for e in pair] for i in range(0, len(flat), arity)], plan.cap_height
        )
        challenger.observe_cap(tree.cap)
        beta = challenger.challenge_ext()
        coefficients = [gl.combine(coefficients[j : j + arity], beta) for j in range(0, len(coefficients), arity)]
        shift, rest = pow(shift, arity, P), rest - arity_bits
        trees.append(tree)
    final = tuple(coefficients[: 1 << (plan.degree_bits - sum(circuit.arities))])
    challenger.observe_exts(final)
    witness = _grind(plan, challenger)
    challenger.observe(witness)
    challenger.challenge()
    indices = [challenger.challenge() % (1 << bits) for _ in range(plan.queries)]
    return Proof(
        public_inputs=plan.public_inputs,
        wires_cap=oracles[1].tree.cap,
        zs_cap=oracles[2].tree.cap,
        quotient_cap=oracles[3].tree.cap,
        openings=openings,
        commit_caps=tuple(tree.cap for tree in trees),
        queries=tuple(_query(index, oracles, trees, circuit.arities) for index in indices),
        final_poly=final,
        work_witness=witness,
    )


def _grind(plan: Plan, challenger: Challenger) -> int:
    """A witness whose response is small enough; known ones are tried first, so that suites need not search."""
    for candidate in chain(plan.witnesses, count()):
        copy = deepcopy(challenger)
        copy.observe(candidate)
        if copy.challenge() < 1 << (64 - plan.work_bits):
            return candidate
    raise AssertionError


def _query(index: int, oracles: tuple[Oracle, ...], trees: list[Tree], arities: tuple[int, ...]) -> Query:
    initial = tuple(InitialOpening(oracle.tree.leaves[index], oracle.tree.siblings(index)) for oracle in oracles)
    steps = []
    for tree, bits in zip(trees, arities, strict=True):
        index >>= bits
        leaf = tree.leaves[index]
        evals = tuple((leaf[i], leaf[i + 1]) for i in range(0, len(leaf), 2))
        steps.append(FoldingStep(evals, tree.siblings(index)))
    return Query(initial, tuple(steps))
