"""STARK proofs that every user's total of one batch is small and not negative, and that totals add up.

The trace has ``uts`` rows per user slot: row 0 is 0, every next row adds one base-4 digit, so row uts-2 holds a value
in [0, 4^(uts-2)), and row uts-1 accumulates the sums of all slots so far. Coins beyond the first ``main`` ones are
committed but constrained by nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.zk.stark_field import P, root_of_unity, word
from reserves_gui.zk.stark_fri import SPOT_CHECKS, Branches, Round, indices, low_degree, rounds_needed
from reserves_gui.zk.stark_tree import HASH_BYTES, branches_hold, keccak256

EXTENSION = 16
WORK_BITS = 20
SLOT_ROWS = (16, 32)
# Positions are derived from four bytes; beyond this they would be visibly uneven.
DOMAIN_LIMIT = 2**24
CHECKS = ("proof.shape", "proof.work", "proof.fri", "proof.branches", "proof.constraints")

# Entry 4i holds one string of words, the three after it lists: the next row, and the ends of this and the next slot.
Entry = tuple[bytes, ...]
_ROW, _FOLLOWING = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SumProof:
    """One proof as read from its file ``name``; byte strings of any length, lists of any length."""

    name: str
    steps: int
    uts: int
    root: bytes
    combination_root: bytes
    nonce: bytes
    branches: Branches
    entries: tuple[Entry, ...]
    combination_branches: Branches
    rounds: tuple[Round, ...]
    last: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a proof is to show: the sum of each coin, the first ``main`` of them proven, and the sum of the totals."""

    sums: tuple[int, ...]
    main: int
    total: int
    uts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """One opened row with its quotients, and the values one row on and at the ends of this slot and the next."""

    x: int
    t: int
    coins: list[int]
    id: int
    total_quotients: list[int]
    coin_quotients: list[int]
    t_next: int
    t_end: int
    coins_end: list[int]
    t_after: int
    coins_after: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Domain:
    """Points that the constraints name: first = g^((uts-1) 16), last = g^((steps-1) 16), q1, q2."""

    users: int
    steps: int
    first: int
    last: int
    q1: int
    q2: int


def positions(proof: SumProof) -> list[int]:
    """x_0..x_15 = indices(l_mtree_root, 16 steps)."""
    return indices(proof.combination_root, EXTENSION * proof.steps)


def augmented(xs: Sequence[int], proof: SumProof) -> list[int]:
    """For each x: x + 16 d mod N, d = 0, 1, uts-1, uts."""
    domain = EXTENSION * proof.steps
    return [(x + EXTENSION * d) % domain for x in xs for d in (0, 1, proof.uts - 1, proof.uts)]


def verify(proof: SumProof, statement: Statement, progress: Progress) -> Mapping[str, Message | None]:
    """Outcome by check id: None where the check passed, the reason where it failed; absent where it was not made."""
    wrong = next(_misshapen(proof, statement), None)
    if wrong is not None:
        return {"proof.shape": wrong}
    domain = EXTENSION * proof.steps
    generator = root_of_unity(domain)
    progress.checkpoint()
    work = int.from_bytes(keccak256(proof.root + proof.nonce), "big") >> (8 * HASH_BYTES - WORK_BITS) == 0
    folded = low_degree(proof.combination_root, generator, domain, 4 * proof.steps, proof.rounds, proof.last, progress)
    progress.checkpoint()
    xs = positions(proof)
    branches = _branches_hold(proof, xs, len(statement.sums))
    progress.checkpoint()
    constraints = _constraints_wrong(proof, statement, xs, generator, progress)
    return {
        "proof.shape": None,
        "proof.work": None if work else say("stark.work.failed", file=proof.name, bits=WORK_BITS),
        "proof.fri": None if folded else say("stark.fri.failed", file=proof.name),
        "proof.branches": None if branches else say("stark.branches.failed", file=proof.name),
        "proof.constraints": constraints,
    }


def _power_of_two(value: int) -> bool:
    return value > 0 and value & (value - 1) == 0


def _misshapen(proof: SumProof, statement: Statement) -> Iterator[Message]:
    """Why the numbers or lengths are not those of such a proof, the first reason first."""
    if proof.uts != statement.uts:
        yield say("stark.shape.uts", file=proof.name, uts=proof.uts, wanted=statement.uts)
    if not _power_of_two(proof.steps) or proof.steps <= proof.uts or EXTENSION * proof.steps >= DOMAIN_LIMIT:
        yield say("stark.shape.steps", file=proof.name, steps=proof.steps)
        return
    if not all(0 <= value < P for value in (*statement.sums, statement.total)):
        yield say("stark.shape.sums_range", file=proof.name)
    if sum(statement.sums) != statement.total:
        yield say("stark.shape.sums_total", file=proof.name)
    for name, wanted, seen in _lengths(proof, len(statement.sums), statement.main):
        if wanted != seen:
            yield say("stark.shape.length", file=proof.name, name=name, wanted=wanted, seen=seen)


def _lengths(proof: SumProof, coins: int, main: int) -> Iterator[tuple[str, int, int]]:
    for name, value in (
        ("mtree_root", proof.root),
        ("l_mtree_root", proof.combination_root),
        ("pow_nonce", proof.nonce),
    ):
        yield name, HASH_BYTES, len(value)
    domain = EXTENSION * proof.steps
    yield from _branch_lengths("mtree_branches", proof.branches, 4 * SPOT_CHECKS, domain)
    yield from _branch_lengths("l_mtree_branches", proof.combination_branches, SPOT_CHECKS, domain)
    yield "low_degree_proof", rounds_needed(4 * proof.steps) + 1, len(proof.rounds) + 1
    for number, step in enumerate(proof.rounds):
        yield f"low_degree_proof[{number}][0]", HASH_BYTES, len(step.root)
        yield from _branch_lengths(f"low_degree_proof[{number}][1]", step.column, SPOT_CHECKS, domain // 4)
        yield from _branch_lengths(f"low_degree_proof[{number}][2]", step.polynomials, 4 * SPOT_CHECKS, domain)
        domain //= 4
    yield "low_degree_proof[-1]", domain, len(proof.last)
    for value in proof.last:
        yield "low_degree_proof[-1][]", HASH_BYTES, len(value)
    yield "mtree_entries_data", 4 * SPOT_CHECKS, len(proof.entries)
    row = (HASH_BYTES * (2 + coins + 4 + 2 * main),)
    following = (HASH_BYTES,) * 4
    ends = (HASH_BYTES, HASH_BYTES * coins, HASH_BYTES, HASH_BYTES)
    for number, entry in enumerate(proof.entries):
        expected = (row, following, ends, ends)[number % 4]
        name = f"mtree_entries_data[{number}]"
        yield name, len(expected), len(entry)
        for wanted, value in zip(expected, entry, strict=False):
            yield name, wanted, len(value)


def _branch_lengths(name: str, branches: Branches, count: int, leaves: int) -> Iterator[tuple[str, int, int]]:
    yield name, count, len(branches)
    for number, branch in enumerate(branches):
        yield f"{name}[{number}]", leaves.bit_length(), len(branch)
        for at, node in enumerate(branch):
            if node or not at:
                yield f"{name}[{number}][{at}]", HASH_BYTES, len(node)


def _entry_leaf(entry: Entry, number: int, coins: int) -> bytes:
    """The leaf of entry ``number``: one opened row, the row after it, and the ends of two slots for each sample.

    Row: H(t | H(b...) | id | H(tc.. | cc..)); row after: H of its four words; ends: H(t | H(b bytes) | id | random).
    """
    kind = number % 4
    if kind == _ROW:
        data = entry[0]
        end = HASH_BYTES * (1 + coins)
        t, values, user = data[:HASH_BYTES], data[HASH_BYTES:end], data[end : end + HASH_BYTES]
        return keccak256(t + keccak256(values) + user + keccak256(data[end + HASH_BYTES :]))
    if kind == _FOLLOWING:
        return keccak256(b"".join(entry))
    return keccak256(entry[0] + keccak256(entry[1]) + entry[2] + entry[3])


def _branches_hold(proof: SumProof, xs: Sequence[int], coins: int) -> bool:
    """Entries are the leaves of their branches, and both multi-branches lead to their roots."""
    domain = EXTENSION * proof.steps
    leaves_match = all(
        _entry_leaf(entry, number, coins) == branch[0]
        for number, (entry, branch) in enumerate(zip(proof.entries, proof.branches, strict=True))
    )
    return (
        leaves_match
        and branches_hold(proof.root, domain, augmented(xs, proof), proof.branches)
        and branches_hold(proof.combination_root, domain, xs, proof.combination_branches)
    )


def _words(data: bytes) -> list[int]:
    return [word(data[at : at + HASH_BYTES]) for at in range(0, len(data), HASH_BYTES)]


def _sample(entries: Sequence[Entry], x: int, coins: int) -> _Sample:
    opened, following, end, after = entries
    words = _words(opened[0])
    quotients = 2 + coins
    return _Sample(
        x=x,
        t=words[0],
        coins=words[1 : 1 + coins],
        id=words[1 + coins],
        total_quotients=words[quotients : quotients + 4],
        coin_quotients=words[quotients + 4 :],
        t_next=word(following[0]),
        t_end=word(end[0]),
        coins_end=_words(end[1]),
        t_after=word(after[0]),
        coins_after=_words(after[1]),
    )


def _domain(proof: SumProof, generator: int) -> _Domain:
    users = proof.steps // proof.uts
    return _Domain(
        users=users,
        steps=proof.steps,
        first=pow(generator, (proof.uts - 1) * EXTENSION, P),
        last=pow(generator, (proof.steps - 1) * EXTENSION, P),
        q1=pow(generator, (proof.uts - 2) * EXTENSION * users, P),
        q2=pow(generator, (proof.uts - 1) * EXTENSION * users, P),
    )


def _constraints_wrong(
    proof: SumProof, statement: Statement, xs: Sequence[int], generator: int, progress: Progress
) -> Message | None:
    """The constraints at every sample, and the value of the linear combination; the first reason why one fails."""
    coins, main = len(statement.sums), statement.main
    count = 2 * (5 + coins + 2 * main)
    factors = [word(keccak256(proof.nonce + i.to_bytes(HASH_BYTES, "big"))) for i in range(count)]
    domain = _domain(proof, generator)
    for number, position in enumerate(xs):
        progress.checkpoint()
        sample = _sample(proof.entries[4 * number : 4 * number + 4], pow(generator, position, P), coins)
        wrong = _sample_wrong(sample, domain, statement, proof.name)
        if wrong is not None:
            return wrong
        if word(proof.combination_branches[number][0]) != _combination(sample, domain, factors):
            return say("stark.constraints.combination", file=proof.name)
    return None


def _sample_wrong(s: _Sample, d: _Domain, statement: Statement, name: str) -> Message | None:
    """Which constraint fails at X, None if all hold. A zero denominator fails."""
    x = s.x
    xu = pow(x, d.users, P)
    tc0, tc1, tc2, tc3 = s.total_quotients
    # t = tc0 (XU - 1)
    if (s.t - tc0 * (xu - 1)) % P:
        return say("stark.constraints.start", file=name)
    ends = (xu - d.q1) * (xu - d.q2) % P
    to_last = (x - d.last) % P
    span = (d.last - d.first) % P
    if not ends or not to_last or not span:
        return say("stark.constraints.zero", file=name)
    # with d = t' - 4t: d (d-1)(d-2)(d-3) = tc1 (X^steps - 1) / ((XU - q1)(XU - q2))
    digit = s.t_next - 4 * s.t
    if (digit * (digit - 1) * (digit - 2) * (digit - 3) * ends - tc1 * (pow(x, d.steps, P) - 1)) % P:
        return say("stark.constraints.digits", file=name)
    # t''' - t'' - t = tc2 (XU - q2) / (X - last)
    if ((s.t_after - s.t_end - s.t) * to_last - tc2 * (xu - d.q2)) % P:
        return say("stark.constraints.running", file=name)
    # t - total (X-first)/(last-first) = tc3 (X-first)(X-last)
    share = (x - d.first) * pow(span, -1, P) % P
    edges = (x - d.first) * to_last % P
    if (s.t - statement.total * share - tc3 * edges) % P:
        return say("stark.constraints.total", file=name)
    for coin in range(statement.main):
        running, total = s.coin_quotients[2 * coin : 2 * coin + 2]
        value = s.coins[coin]
        # b''' - b'' - b = cc_{2c-1} (XU - q2) / (X - last)
        if ((s.coins_after[coin] - s.coins_end[coin] - value) * to_last - running * (xu - d.q2)) % P:
            return say("stark.constraints.coin_running", file=name, number=coin + 1)
        # b - S_c (X-first)/(last-first) = cc_{2c} (X-first)(X-last)
        if (value - statement.sums[coin] * share - total * edges) % P:
            return say("stark.constraints.coin_sum", file=name, number=coin + 1)
    return None


def _combination(s: _Sample, d: _Domain, factors: Sequence[int]) -> int:
    """tc1 + sum_j (k_2j + k_2j+1 X^(3 steps)) v_j over v = t, b_1..b_n, id, tc0, tc2, tc3, cc_1..cc_2m."""
    tc0, tc1, tc2, tc3 = s.total_quotients
    values = (s.t, *s.coins, s.id, tc0, tc2, tc3, *s.coin_quotients)
    raised = pow(s.x, 3 * d.steps, P)
    result = tc1
    for j, value in enumerate(values):
        result += (factors[2 * j] + factors[2 * j + 1] * raised) * value
    return result % P
