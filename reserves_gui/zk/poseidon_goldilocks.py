"""Poseidon over Goldilocks: the permutation of width 12 and the overwriting sponge of rate 8.

Rounds: 4 full, 22 partial, 4 full; S-box x^7; the matrix is circulant plus 8 on the first diagonal entry.
Source: 0xPolygonZero/plonky2 plonky2/src/hash/{poseidon,hashing}.rs.

2026-11-22: a matrix product is one sum of products (S-box output) x (packed column), where a packed column holds
twelve entries in lanes of one big integer. The partial rounds are linear but for 22 S-boxes, so each S-box input and
each final element is a fixed linear form of the twelve elements before them and of the S-box outputs so far: 34 forms,
packed the same way. That is about three times as fast as straight-line code with one reduction per row, and needs none
of the library's "fast" constants, because the forms are derived here from the plain rounds.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from reserves_gui.zk.goldilocks import P

WIDTH = 12
RATE = 8
HASH_ELEMENTS = 4
FULL_ROUNDS = 8
PARTIAL_ROUNDS = 22
ROUNDS = FULL_ROUNDS + PARTIAL_ROUNDS
_HALF = FULL_ROUNDS // 2
# Row r of the matrix: sum_i CIRCULANT[i] s[(i + r) mod 12], and 8 s[0] more if r = 0.
CIRCULANT = (17, 15, 41, 16, 2, 28, 13, 13, 39, 18, 34, 20)
DIAGONAL_FIRST = 8

# An S-box output is below 2^64 and a row of the matrix sums to 264 at most: 73 bits and a round constant.
_LANE = 80
_LANE_MASK = (1 << _LANE) - 1
_LANES = tuple(_LANE * i for i in range(WIDTH))
# 34 products of two 64-bit numbers and a constant: 134 bits.
_WIDE = 144
_WIDE_MASK = (1 << _WIDE) - 1
_WIDES = tuple(_WIDE * i for i in range(WIDTH))

Hash = tuple[int, int, int, int]


@cache
def round_constants() -> tuple[int, ...]:
    """RC[12 r + i]: 360 numbers below p, shipped with their source in ``resources/zk``."""
    entry = resources.files("reserves_gui.resources") / "zk" / "poseidon_goldilocks.toml"
    table = tomllib.loads(entry.read_text(encoding="utf-8"))
    return tuple(int(word, 16) for word in table["round_constants"].split())


@cache
def matrix() -> tuple[tuple[int, ...], ...]:
    """The 12 x 12 matrix M, row by row."""
    return tuple(
        tuple(
            CIRCULANT[(column - row) % WIDTH] + (DIAGONAL_FIRST if row == column == 0 else 0) for column in range(WIDTH)
        )
        for row in range(WIDTH)
    )


@dataclass(frozen=True, slots=True)
class _Tables:
    """Packed columns and constants; the first element stands in the lowest lane."""

    first: tuple[int, ...]
    columns: tuple[int, ...]
    opening: tuple[int, ...]
    partial_start: int
    partial_inputs: tuple[int, ...]
    partial_boxes: tuple[int, ...]
    closing: tuple[int, ...]


def _packed(values: Sequence[int], width: int) -> int:
    return sum(value << (width * index) for index, value in enumerate(values))


def _partial_forms(rows: tuple[tuple[int, ...], ...], constants: tuple[int, ...]) -> list[list[int]]:
    """The 22 S-box inputs, then the twelve inputs of the next full round, as linear forms.

    Variables: the twelve S-box outputs of the last full round before, the 22 partial S-box outputs, the constant 1.
    """
    size = WIDTH + PARTIAL_ROUNDS + 1
    state = [[*row, *[0] * (size - WIDTH)] for row in rows]
    forms: list[list[int]] = []
    for box in range(PARTIAL_ROUNDS):
        for index in range(WIDTH):
            state[index][-1] += constants[WIDTH * (_HALF + box) + index]
        forms.append([value % P for value in state[0]])
        state[0] = [int(index == WIDTH + box) for index in range(size)]
        columns = list(zip(*state, strict=True))
        state = [[sum(map(int.__mul__, row, column)) % P for column in columns] for row in rows]
    for index in range(WIDTH):
        state[index][-1] = (state[index][-1] + constants[WIDTH * (_HALF + PARTIAL_ROUNDS) + index]) % P
    return forms + state


@cache
def _tables() -> _Tables:
    rows = matrix()
    constants = round_constants()
    forms = _partial_forms(rows, constants)
    by_round = [_packed(constants[WIDTH * r : WIDTH * (r + 1)], _LANE) for r in range(ROUNDS)]
    return _Tables(
        first=constants[:WIDTH],
        columns=tuple(_packed([row[j] for row in rows], _LANE) for j in range(WIDTH)),
        opening=tuple(by_round[1:_HALF]),
        partial_start=_packed([form[-1] for form in forms], _WIDE),
        partial_inputs=tuple(_packed([form[j] for form in forms], _WIDE) for j in range(WIDTH)),
        # Box k acts on the forms after its own; the accumulator is shifted by one lane for each box.
        partial_boxes=tuple(
            _packed([form[WIDTH + k] for form in forms[k + 1 :]], _WIDE) for k in range(PARTIAL_ROUNDS)
        ),
        closing=(*by_round[_HALF + PARTIAL_ROUNDS + 1 :], 0),
    )


def permute(state: Sequence[int]) -> list[int]:
    """The permutation of twelve elements; any non-negative integers below 2^64 go in, reduced ones come out."""
    t = _tables()
    columns = t.columns
    s = [x + constant for x, constant in zip(state, t.first, strict=True)]
    for total in t.opening:
        for x, column in zip(s, columns, strict=True):
            cube = x * x * x % P
            total += (cube * cube * x % P) * column  # noqa: PLW2901 - the packed constant is where the sum starts
        s = [total >> lane & _LANE_MASK for lane in _LANES]
    total = t.partial_start
    for x, column in zip(s, t.partial_inputs, strict=True):
        cube = x * x * x % P
        total += (cube * cube * x % P) * column
    for column in t.partial_boxes:
        x = (total & _WIDE_MASK) % P
        total >>= _WIDE
        cube = x * x * x % P
        total += (cube * cube * x % P) * column
    s = [(total >> lane & _WIDE_MASK) % P for lane in _WIDES]
    for total in t.closing:
        for x, column in zip(s, columns, strict=True):
            cube = x * x * x % P
            total += (cube * cube * x % P) * column  # noqa: PLW2901
        s = [total >> lane & _LANE_MASK for lane in _LANES]
    return [x % P for x in s]


def hash_elements(elements: Sequence[int]) -> Hash:
    """H(x_1..x_k): chunks of 8 overwrite the front of the state and are permuted; no padding; k >= 1."""
    state = [0] * WIDTH
    for start in range(0, len(elements), RATE):
        chunk = elements[start : start + RATE]
        state[: len(chunk)] = chunk
        state = permute(state)
    return state[0], state[1], state[2], state[3]


def two(left: Hash, right: Hash) -> Hash:
    """The node over two hashes: H(a | b), one permutation."""
    state = permute((*left, *right, 0, 0, 0, 0))
    return state[0], state[1], state[2], state[3]


def to_hex(digest: Hash) -> str:
    """Four elements as 64 hex digits, each element 8 bytes little endian."""
    return b"".join(element.to_bytes(8, "little") for element in digest).hex()


def from_hex(text: str) -> Hash:
    """The four numbers below 2^64 behind 64 hex digits; the caller has checked the digits."""
    raw = bytes.fromhex(text)
    a, b, c, d = (int.from_bytes(raw[start : start + 8], "little") for start in (0, 8, 16, 24))
    return a, b, c, d
