"""Poseidon over BN254 against the values of the exchanges' own code, and against the plain rounds of the paper."""

import hashlib
import random

import pytest

from reserves_gui.zk.bn254 import SCALAR_FIELD
from reserves_gui.zk.poseidon_bn254 import Sponge, constants, hash_pair, hash_words, permute

# SHA-256 over all round constants, then the matrix, 32 bytes big endian each.
FINGERPRINTS = {
    2: "3e9ac7a21b079388665a19f61c96f0fd615e3827a280c092c29fda11fa56612e",
    3: "d580f0ebf5aec8825a0212c9db8fd20135155e1352e68809e2d7f2bc5440b86f",
    4: "d952ffa224da14b3b4371989f1eb102935b4ab0462225ab84143c90d74b78872",
    5: "7b6c63d84ef4f2aa7766fe56bdd5874dfc34fd26ada5427de75bcb89af8cd09e",
    6: "ae7315565817fecf26c90ea3e5c69d8a5dedd9c37d2ac0e157e5c700ef20f1d3",
    7: "b7a09ec5091aca8cdcfb76f7daefe15fe7bf2c9e5fc4f66ab6b0e06b79aa17a9",
    8: "456edbb1cd45856b3639fd72d3cba7fd67bf186464670910aacd92623efc25ed",
    9: "2339e81bec30df5e41c5bfad22d36d4dd123c2c5e885a915eccf9d597e4766e5",
    10: "9d71419103b73977bdde121699901685e90d174ad6229ae1c5328357ed5cbc48",
    11: "987240e650b503e3f23e9fbd24a8aebb06cc9488efe03ce60aa3f78341310ced",
    12: "e5198fc9e9d009cd24ac1861d665234b5832fb95913ae830c8a2f75166c55b18",
    13: "2b391537b4e7c8965568d362bcd63863c1b287a69b3a48fddf719c7485c689f2",
    14: "75df997c46f382699a218d3a6edff012aa22c1a67b0e9d7c7e5a3b01b5646a26",
    15: "f5c3cb5b90bdf747c6977449856d0965ee3e70db7df42a8b6b6586914617cfd9",
    16: "3a2b50c38811186645a5f44519fb683b99c44ea6478b4c98b563c060b5e9cef4",
    17: "3a4345ef7579ca6fe2c94bd670680e1b0789914ef612cf75c98a15f4dc62a422",
}
ONE_TO_N = {
    (1, 12): "112a4f9241e384b0ede4655e6d2bbf7ebd9595775de9e7536df87cd487852fc4",
    (2, 12): "0fca49b798923ab0239de1c9e7a4a9a2210312b6a2f616d18b5a87f9b628ae29",
    (5, 12): "05cf88c465d1f87a273fed9f778b64367d3b32e45f274c03b4f441940f6d2db9",
    (12, 12): "15ebbcb5a7b5633fc41e44ad68f6ff71db704f90e90475d0323f7f31ae372a8a",
    (13, 12): "04ea9108a1551c780a7408570bdeaa3a0294b01f21198b72ff01545a60da677f",
    (24, 12): "06c7676e83ef8cb9ef6c25746a5f6b2d39fba4548b4c29b3d41490bbf3c1108d",
    (256, 12): "182af1c3ffd14fa66cdf5fe5d5199473678f221ca3bab09b44758ef80641c1e0",
    (16, 16): "1264d5c8601e941fea856bfc791659f69d3bf4be2290220c1d94b93375706e96",
    (17, 16): "032ddc1a485614244280bc27c21925c8ba40c760a2ba6e6f2b67b8157fe53e69",
    (256, 16): "08993a5417e8bdf7b8a9039707fe147b006ab336c7f66617dc0963dc8bc09747",
}


@pytest.mark.parametrize("width", sorted(FINGERPRINTS))
def test_the_generated_constants_have_the_known_fingerprint(width):
    made = constants(width)
    rows = [value for row in (*made.rounds, *made.matrix) for value in row]
    assert hashlib.sha256(b"".join(value.to_bytes(32, "big") for value in rows)).hexdigest() == FINGERPRINTS[width]


@pytest.mark.parametrize("width", [2, 3, 5, 6, 13, 17])
def test_the_sparse_rounds_compute_what_the_plain_rounds_compute(width):
    dice = random.Random(width)
    state = [dice.randrange(SCALAR_FIELD) for _ in range(width)]
    made = constants(width)
    plain = list(state)
    partial = range(4, len(made.rounds) - 4)
    for index, added in enumerate(made.rounds):
        plain = [(word + value) % SCALAR_FIELD for word, value in zip(plain, added, strict=True)]
        boxed = 1 if index in partial else width
        plain = [pow(word, 5, SCALAR_FIELD) if at < boxed else word for at, word in enumerate(plain)]
        plain = [sum(a * b for a, b in zip(row, plain, strict=True)) % SCALAR_FIELD for row in made.matrix]
    assert permute(state) == plain


@pytest.mark.parametrize(("count", "chunk"), sorted(ONE_TO_N))
def test_hashes_of_one_to_n(count, chunk):
    assert f"{hash_words(range(1, count + 1), chunk):064x}" == ONE_TO_N[count, chunk]


def test_the_nil_leaf_of_five_zeros():
    assert f"{hash_words([0] * 5):064x}" == "0f870d7404597dad9eca7c50a6f0af812ab7cd6a11d5c464d4031a3272377b95"


@pytest.mark.parametrize("chunk", [12, 16])
def test_a_digest_in_between_does_not_disturb_the_sponge(chunk):
    sponge = Sponge(chunk)
    for count in range(1, 40):
        sponge.absorb([count])
        assert sponge.digest() == hash_words(range(1, count + 1), chunk)


def test_a_pair_is_the_hash_of_two_words():
    assert hash_pair(1, 2) == hash_words([1, 2]) == hash_words([1, 2], 16)
