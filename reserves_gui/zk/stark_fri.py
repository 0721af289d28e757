"""The low-degree test of the sum proofs: folding by four, and the spot checks derived from a hash.

Source: the published prover (revision in the publisher), after ethereum/research mimc_stark/fri.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reserves_gui.progress import Progress
from reserves_gui.zk.stark_field import P, evaluated, interpolated, word
from reserves_gui.zk.stark_tree import branches_hold, keccak256, merkle_root

SPOT_CHECKS = 16
EXCLUDED = 16
FINAL_DEGREE = 16
_INDEX_BYTES = 4

Branches = tuple[tuple[bytes, ...], ...]


@dataclass(frozen=True, slots=True)
class Round:
    """One folding: the root of the next column, branches into it, and four branches each into the current one."""

    root: bytes
    column: Branches
    polynomials: Branches


def indices(seed: bytes, modulus: int) -> list[int]:
    """Sixteen positions below ``modulus``, none of them divisible by sixteen; ``modulus`` below 2^24.

    The seed is lengthened by hashing its last 32 bytes; each four bytes, big endian, are reduced modulo
    modulus 15 // 16 and spread by v -> v + 1 + v // 15.
    """
    data = seed
    while len(data) < _INDEX_BYTES * SPOT_CHECKS:
        data += keccak256(data[-32:])
    real = modulus * (EXCLUDED - 1) // EXCLUDED
    found = []
    for at in range(0, _INDEX_BYTES * SPOT_CHECKS, _INDEX_BYTES):
        value = int.from_bytes(data[at : at + _INDEX_BYTES], "big") % real
        found.append(value + 1 + value // (EXCLUDED - 1))
    return found


def rounds_needed(degree: int) -> int:
    """How many foldings bring ``degree`` to sixteen or less."""
    count = 0
    while degree > FINAL_DEGREE:
        degree //= 4
        count += 1
    return count


def low_degree(
    root: bytes,
    generator: int,
    domain: int,
    degree: int,
    rounds: Sequence[Round],
    last: Sequence[bytes],
    progress: Progress,
) -> bool:
    """Whether the column under ``root`` is close to a polynomial of degree below ``degree``.

    ``generator`` has order ``domain``. The lengths of all lists have been checked.
    """
    w, n = generator, domain
    positions: list[int] = []
    for number, step in enumerate(rounds):
        progress.checkpoint()
        challenge = word(root)
        quarter = n // 4
        positions = indices(step.root, quarter) if number == 0 else [y % quarter for y in positions]
        opened = [y + j * quarter for y in positions for j in range(4)]
        if not branches_hold(step.root, quarter, positions, step.column):
            return False
        progress.checkpoint()
        if not branches_hold(root, n, opened, step.polynomials):
            return False
        values = [word(branch[0]) for branch in step.polynomials]
        for sample, y in enumerate(positions):
            four = values[4 * sample : 4 * sample + 4]
            if _folded(pow(w, y, P), pow(w, quarter, P), four, challenge) != word(step.column[sample][0]):
                return False
        root, w, n, degree = step.root, pow(w, 4, P), quarter, degree // 4
    progress.checkpoint()
    return degree <= FINAL_DEGREE and merkle_root(last) == root and _on_one_polynomial(last, w, degree)


def _folded(x: int, fourth_root: int, values: Sequence[int], challenge: int) -> int:
    """The cubic through (x i^j, values_j), i a fourth root of unity, at the challenge.

    Coefficient k is x^-k / 4 sum_j values_j i^(-jk).
    """
    inverse = pow(fourth_root, 3, P)
    ratio = challenge * pow(x, -1, P) % P
    result = 0
    for k in (3, 2, 1, 0):
        step = pow(inverse, k, P)
        result = (result * ratio + evaluated(values, step)) % P
    return result * pow(4, -1, P) % P


def _on_one_polynomial(last: Sequence[bytes], w: int, degree: int) -> bool:
    """Whether the values at positions not divisible by sixteen lie on one polynomial of degree below ``degree``."""
    positions = [position for position in range(len(last)) if position % EXCLUDED]
    xs = [pow(w, position, P) for position in positions]
    ys = [word(last[position]) for position in positions]
    if len(xs) < degree or degree < 1:
        return False
    coefficients = interpolated(xs[:degree], ys[:degree])
    if coefficients is None:
        return False
    return all(evaluated(coefficients, x) == y for x, y in zip(xs[degree:], ys[degree:], strict=True))
