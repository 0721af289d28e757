"""Poseidon over the scalar field of BN254, as the solvency tools use it (output is the second word of the state).

Constants come from the Grain LFSR procedure of the Poseidon paper (ePrint 2019/458, section F): they are generated
here, once per width and process, and held against fingerprints in the tests. Hash rule: bnb-chain/gnark@4b526106
std/hash/poseidon, whose chunk is 12 inputs (16 in @bf492677).

2026-11-22: partial rounds use the equivalent sparse matrices (ePrint 2019/458, appendix B), 4 times as fast as the
plain rounds in Python.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress
from operator import mul

from reserves_gui.zk.bn254 import SCALAR_FIELD

FULL_ROUNDS = 8
# Index: state width - 2.
PARTIAL_ROUNDS = (56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68)
DEFAULT_CHUNK = 12

_R = SCALAR_FIELD
_FIELD_BITS = 254
_STATE_BITS = 80
_TAPS = (62, 51, 38, 23, 13, 0)
_DISCARDED = 160
_HALF_FULL = FULL_ROUNDS // 2

Row = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Constants:
    """Round constants (one row per round) and the mixing matrix of one state width."""

    rounds: tuple[Row, ...]
    matrix: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Schedule:
    """The same permutation with sparse partial rounds: per partial round (constant, first row, first column)."""

    opening: tuple[Row, ...]
    before_partial: tuple[Row, ...]
    corner: int
    partial: tuple[tuple[int, Row, Row], ...]
    closing: tuple[Row, ...]
    matrix: tuple[Row, ...]


def _grain_bits(seed: int, wanted: int) -> str:
    """At least ``wanted`` bits of the LFSR, oldest first.

    Squaring the feedback polynomial over GF(2) doubles every tap, so s[n + 80*2^k] = XOR s[n + tap*2^k] and blocks of
    18 * 2^k bits come out at a time.
    """
    bits, length, step = seed, _STATE_BITS, 1
    while length < wanted:
        while _STATE_BITS * step * 2 <= length:
            step *= 2
        start, block = length - _STATE_BITS * step, (_STATE_BITS - _TAPS[0]) * step
        new = 0
        for tap in _TAPS:
            new ^= bits >> (start + tap * step)
        bits |= (new & ((1 << block) - 1)) << length
        length += block
    return format(bits, f"0{length}b")[::-1]


@cache
def constants(width: int) -> Constants:
    """The constants of state width ``width`` (2 to 17)."""
    partial = PARTIAL_ROUNDS[width - 2]
    fields = ((1, 2), (0, 4), (_FIELD_BITS, 12), (width, 12), (FULL_ROUNDS, 10), (partial, 10), (2**30 - 1, 30))
    seed = int("".join(format(value, f"0{size}b") for value, size in fields)[::-1], 2)
    needed = width * (FULL_ROUNDS + partial)
    raw = (needed + 2 * width) * _FIELD_BITS * 6
    while True:
        stream = _grain_bits(seed, _STATE_BITS + _DISCARDED + raw)[_STATE_BITS + _DISCARDED :]
        # Pairs (a, b): b is taken where a = 1.
        chosen = "".join(compress(stream[1::2], map(int, stream[0::2])))
        numbers = [int(chosen[i : i + _FIELD_BITS], 2) for i in range(0, len(chosen) - _FIELD_BITS + 1, _FIELD_BITS)]
        used = 0
        kept: list[int] = []
        for number in numbers:
            if len(kept) == needed:
                break
            used += 1
            if number < _R:
                kept.append(number)
        rest = [number % _R for number in numbers[used:]]
        matrix = _mixing_matrix(rest, width) if len(kept) == needed else None
        if matrix is not None:
            rows = tuple(tuple(kept[i : i + width]) for i in range(0, needed, width))
            return Constants(rows, matrix)
        raw *= 2


def _mixing_matrix(numbers: list[int], width: int) -> tuple[Row, ...] | None:
    # M[i][j] = 1/(x_i + y_j) from the first 2t distinct numbers; None asks for more numbers.
    for start in range(0, len(numbers) - 2 * width + 1, 2 * width):
        drawn = numbers[start : start + 2 * width]
        if len(set(drawn)) == 2 * width:
            xs, ys = drawn[:width], drawn[width:]
            return tuple(tuple(pow(x + y, -1, _R) for y in ys) for x in xs)
    return None


@cache
def _schedule(width: int) -> _Schedule:
    plain = constants(width)
    matrix, last = plain.matrix, width - 1
    first_partial, end = _HALF_FULL, len(plain.rounds) - _HALF_FULL
    rounds = [list(row) for row in plain.rounds]
    # A constant on the words that skip the S-box may be added after it, so it moves on through M.
    for index in range(first_partial, end):
        moved = rounds[index][1:]
        following = rounds[index + 1]
        for word in range(width):
            following[word] = (following[word] + sum(map(mul, matrix[word][1:], moved))) % _R
    inner = [list(row[1:]) for row in matrix[1:]]
    inverse = _inverted(inner)
    # With D = diag(1, inner): D^(k-1) M = [[m00, v inner^-k], [inner^(k-1) w, 1]] D^k for the k-th round from the end.
    row = list(matrix[0][1:])
    column = [line[0] for line in matrix[1:]]
    partial: list[tuple[int, Row, Row]] = []
    for index in range(end - 1, first_partial - 1, -1):
        row = [sum(row[i] * inverse[i][j] for i in range(last)) % _R for j in range(last)]
        partial.append((rounds[index][0], tuple(row), tuple(column)))
        column = [sum(map(mul, line, column)) % _R for line in inner]
    power = _power(inner, end - first_partial)
    turned = [matrix[0]] + [
        tuple(sum(line[i] * matrix[i + 1][j] for i in range(last)) % _R for j in range(width)) for line in power
    ]
    return _Schedule(
        opening=tuple(tuple(item) for item in rounds[:first_partial]),
        before_partial=tuple(turned),
        corner=matrix[0][0],
        partial=tuple(reversed(partial)),
        closing=tuple(tuple(item) for item in rounds[end:]),
        matrix=matrix,
    )


def _multiplied(left: list[list[int]], right: list[list[int]]) -> list[list[int]]:
    columns = list(zip(*right, strict=True))
    return [[sum(map(mul, line, column)) % _R for column in columns] for line in left]


def _power(matrix: list[list[int]], exponent: int) -> list[list[int]]:
    size = len(matrix)
    result = [[int(i == j) for j in range(size)] for i in range(size)]
    while exponent:
        if exponent & 1:
            result = _multiplied(result, matrix)
        matrix = _multiplied(matrix, matrix)
        exponent >>= 1
    return result


def _inverted(matrix: list[list[int]]) -> list[list[int]]:
    size = len(matrix)
    work = [[*line, *(int(i == j) for j in range(size))] for i, line in enumerate(matrix)]
    for index in range(size):
        pivot = next(i for i in range(index, size) if work[i][index])
        work[index], work[pivot] = work[pivot], work[index]
        scale = pow(work[index][index], -1, _R)
        work[index] = [value * scale % _R for value in work[index]]
        for other in range(size):
            factor = work[other][index]
            if other != index and factor:
                work[other] = [(a - factor * b) % _R for a, b in zip(work[other], work[index], strict=True)]
    return [line[size:] for line in work]


def permute(state: Sequence[int]) -> list[int]:
    """The permutation of a state of 2 to 17 words, each below r."""
    schedule = _schedule(len(state))
    words = list(state)
    for index, added in enumerate(schedule.opening):
        matrix = schedule.before_partial if index == _HALF_FULL - 1 else schedule.matrix
        words = _full_round(words, added, matrix)
    first, rest, corner = words[0], words[1:], schedule.corner
    for constant, row, column in schedule.partial:
        first += constant
        square = first * first % _R
        first = square * square % _R * first % _R
        following = (corner * first + sum(map(mul, row, rest))) % _R
        rest = [(word + factor * first) % _R for word, factor in zip(rest, column)]  # noqa: B905 - hot loop
        first = following
    words = [first, *rest]
    for added in schedule.closing:
        words = _full_round(words, added, schedule.matrix)
    return words


def _full_round(words: list[int], added: Row, matrix: tuple[Row, ...]) -> list[int]:
    boxed = []
    for word, constant in zip(words, added):  # noqa: B905 - hot loop
        value = word + constant
        square = value * value % _R
        boxed.append(square * square % _R * value % _R)
    return [sum(map(mul, row, boxed)) % _R for row in matrix]


class Sponge:
    """A running hash: absorb words, ask for the digest at any point without disturbing it.

    ``state = [0] * (chunk + 1)``; every full chunk overwrites ``state[1:]`` and is permuted; what is left (k' words) is
    hashed as ``permute([state[0], rest...])`` of width k' + 1. No padding, no length.
    """

    __slots__ = ("_chunk", "_pending", "_state")

    def __init__(self, chunk: int = DEFAULT_CHUNK) -> None:
        self._chunk = chunk
        self._state = [0] * (chunk + 1)
        self._pending: list[int] = []

    def absorb(self, words: Iterable[int]) -> None:
        """Add words, each below r."""
        self._pending.extend(words)
        start = 0
        while len(self._pending) - start >= self._chunk:
            block = self._pending[start : start + self._chunk]
            self._state = permute([self._state[0], *block])
            start += self._chunk
        del self._pending[:start]

    def digest(self) -> int:
        """The hash of everything absorbed so far."""
        if not self._pending:
            return self._state[1]
        return permute([self._state[0], *self._pending])[1]


def hash_words(words: Sequence[int], chunk: int = DEFAULT_CHUNK) -> int:
    """The hash of any number of words, each below r."""
    sponge = Sponge(chunk)
    sponge.absorb(words)
    return sponge.digest()


def hash_pair(left: int, right: int) -> int:
    """An inner node: ``Poseidon(left, right)``, the same for every chunk.

    The permutation of width 3 written out: paths and searches spend nearly all their time here.
    """
    schedule, words = _schedule(3), [0, left, right]
    for index, added in enumerate(schedule.opening):
        words = _full_round(words, added, schedule.before_partial if index == _HALF_FULL - 1 else schedule.matrix)
    first, second, third = words
    corner = schedule.corner
    for constant, (row2, row3), (column2, column3) in schedule.partial:
        first += constant
        square = first * first % _R
        first = square * square % _R * first % _R
        second_next = (second + column2 * first) % _R
        third_next = (third + column3 * first) % _R
        first = (corner * first + row2 * second + row3 * third) % _R
        second, third = second_next, third_next
    words = [first, second, third]
    for added in schedule.closing:
        words = _full_round(words, added, schedule.matrix)
    return words[1]
