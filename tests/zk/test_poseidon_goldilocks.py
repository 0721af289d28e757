"""Poseidon over Goldilocks against a naive reading of its definition, and published values."""

import random

import pytest

from reserves_gui.zk import poseidon_goldilocks as poseidon
from reserves_gui.zk.goldilocks import P


def naive_permutation(state: list[int]) -> list[int]:
    """Round by round, as the definition says: constants, S-box, matrix row by row."""
    constants = poseidon.round_constants()
    state = [x % P for x in state]
    for r in range(30):
        state = [(x + constants[12 * r + i]) % P for i, x in enumerate(state)]
        boxed = range(12) if r < 4 or r >= 26 else range(1)
        for i in boxed:
            state[i] = pow(state[i], 7, P)
        state = [
            (sum(poseidon.CIRCULANT[i] * state[(i + row) % 12] for i in range(12)) + (8 * state[0] if row == 0 else 0))
            % P
            for row in range(12)
        ]
    return state


def test_the_permutation_of_zeros_is_the_published_one() -> None:
    out = poseidon.permute([0] * 12)
    assert out[:2] == [0x3C18A9786CB0B359, 0xC4055E3364A246C3]


@pytest.mark.parametrize(
    "state",
    [
        [0] * 12,
        list(range(12)),
        [P - 1] * 12,
        [2**64 - 1] * 12,
        *[[random.Random(seed).randrange(2**64) for _ in range(12)] for seed in range(20)],
    ],
)
def test_the_permutation_is_the_definition_round_by_round(state: list[int]) -> None:
    assert poseidon.permute(state) == naive_permutation(state)


def test_there_are_360_reduced_constants() -> None:
    constants = poseidon.round_constants()
    assert len(constants) == 360
    assert all(0 <= constant < P for constant in constants)


@pytest.mark.parametrize("count", [1, 5, 7, 8, 9, 16, 17, 85])
def test_the_sponge_overwrites_and_pads_nothing(count: int) -> None:
    elements = [random.Random(count).randrange(P) for _ in range(count)]
    state = [0] * 12
    for start in range(0, count, 8):
        chunk = elements[start : start + 8]
        state = naive_permutation([*chunk, *state[len(chunk) :]])
    assert poseidon.hash_elements(elements) == tuple(state[:4])


def test_a_zero_more_is_another_message_once_the_block_is_full() -> None:
    assert poseidon.hash_elements([1] * 8) != poseidon.hash_elements([*[1] * 8, 0])


def test_two_is_the_hash_of_eight() -> None:
    left, right = (1, 2, 3, 4), (5, 6, 7, P - 1)
    assert poseidon.two(left, right) == poseidon.hash_elements([*left, *right])
    assert poseidon.two(left, right) != poseidon.two(right, left)


def test_hex_is_little_endian_per_element() -> None:
    digest = (1, 2**32, P - 1, 0x0102030405060708)
    text = poseidon.to_hex(digest)
    assert text == "0100000000000000" + "0000000001000000" + "00000000ffffffff" + "0807060504030201"
    assert poseidon.from_hex(text) == digest
