"""Ristretto255 against the vectors of RFC 9496, and the second base of Pedersen commitments."""

import hashlib

import pytest

from reserves_gui.zk.ristretto import BASE, BLINDING_BASE, IDENTITY, ORDER, commit, decode, from_uniform

MULTIPLES = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76",
    "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919",
    "94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259",
]


@pytest.mark.parametrize("times", range(4))
def test_small_multiples_of_the_base_are_those_of_the_rfc(times: int) -> None:
    assert BASE.times(times).encode().hex() == MULTIPLES[times]
    point = decode(bytes.fromhex(MULTIPLES[times]))
    assert point is not None
    assert point.encode().hex() == MULTIPLES[times]


def test_a_hash_maps_to_the_element_of_the_rfc() -> None:
    digest = hashlib.sha512(b"Ristretto is traditionally a short shot of espresso coffee").digest()
    assert from_uniform(digest).encode().hex() == "3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46"


def test_the_blinding_base_is_the_one_bulletproofs_use() -> None:
    assert BLINDING_BASE.encode().hex() == "8c9240b456a9e6dc65c377a1048d745f94a08cdb7f44cbcd7b46f34048871134"


@pytest.mark.parametrize(
    "text",
    [
        "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
        "00",
    ],
)
def test_what_is_no_encoding_is_refused(text: str) -> None:
    assert decode(bytes.fromhex(text)) is None


def test_commitments_add_up() -> None:
    left, right = commit(7, 11), commit(2**64 - 1, ORDER - 3)
    assert (left + right).encode() == commit(7 + 2**64 - 1, 8).encode()
    assert (left + IDENTITY).encode() == left.encode()
    assert BASE.times(ORDER).encode() == IDENTITY.encode()
