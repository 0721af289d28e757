"""MiMC against a plain re-implementation, and its constants against their definition."""

import random

import pytest
from Crypto.Hash import keccak

from reserves_gui.zk.mimc_bn254 import ROUNDS, mimc, round_constants

R = 21888242871839275222246405745257275088548364400416034343698204186575808495617


def _constants() -> list[int]:
    chain = [b"seed"]
    for _ in range(111):
        chain.append(keccak.new(digest_bits=256, data=chain[-1]).digest())
    return [int.from_bytes(one, "big") % R for one in chain[2:]]


def _plain(inputs: list[int]) -> int:
    h = 0
    for m in inputs:
        x = m
        for c in _constants():
            x = pow(x + h + c, 5, R)
        h = (x + h + h + m) % R
    return h


def test_the_constants_are_the_chain_of_hashes() -> None:
    assert list(round_constants()) == _constants()
    assert len(round_constants()) == ROUNDS


@pytest.mark.parametrize("count", [1, 2, 3, 36])
def test_the_hash_agrees_with_a_plain_one(count: int) -> None:
    inputs = [random.Random(count).randrange(R) for _ in range(count)]
    assert mimc(inputs) == _plain(inputs)


def test_nothing_hashes_to_zero() -> None:
    assert mimc([]) == 0
    assert mimc([0]) != 0
