"""Groth16 over BN254 in gnark's encodings: honest proofs hold in both libraries, everything altered does not."""

import random

import pytest

from reserves_gui.zk.bn254 import G1, G2, PointError, read_g1, read_g2
from reserves_gui.zk.gnark import GnarkError, read_key, read_proof
from reserves_gui.zk.groth16 import Judgement, expand_message, verify
from reserves_gui.zk.pairing_mcl import NativePairings, PairingError
from reserves_gui.zk.pairings import pairing_library, pure_pairings
from tests.zk.simulated import P, Setup, g1, g2, raw, squeezed

STATEMENT = [0x1FC5414934B9B5DF9E7769B10F4205B4907A70C31012F037B64CE4228C38FB2A]
SETUPS = {
    "plain": Setup(1),
    "committed": Setup(2, committed=()),
    "committed input": Setup(3, public=2, committed=(2,)),
    "older pedersen": Setup(4, committed=(), old_pedersen=True),
}


def _libraries():
    try:
        return [NativePairings(), pure_pairings()]
    except PairingError:
        return [pure_pairings()]


LIBRARIES = _libraries()


def _judge(key: bytes, proof: bytes, inputs: list[int], library=None) -> Judgement:
    read = read_key(key)
    prepared = (library or pairing_library()).prepare(read)
    assert prepared is not None
    return verify(read, prepared, read_proof(proof), inputs)


def _inputs(name: str) -> list[int]:
    return STATEMENT * SETUPS[name].public


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda one: one.name)
@pytest.mark.parametrize("name", ["plain", "committed"])
def test_both_libraries_agree_on_true_and_false_statements(name, library):
    setup = SETUPS[name]
    key, proof = setup.key(), setup.proof(STATEMENT)
    assert _judge(key, proof, STATEMENT, library) is Judgement.HOLDS
    assert _judge(key, proof, [STATEMENT[0] ^ 1], library) is Judgement.EQUATION


@pytest.mark.parametrize("encode", [raw, squeezed])
@pytest.mark.parametrize("name", sorted(SETUPS))
def test_an_honest_proof_holds_in_raw_and_compressed_form(name, encode):
    setup = SETUPS[name]
    assert _judge(setup.key(encode), setup.proof(_inputs(name), encode), _inputs(name)) is Judgement.HOLDS


def test_the_lengths_are_those_of_gnark():
    plain, committed = SETUPS["plain"], SETUPS["committed"]
    assert (len(plain.key()), len(plain.key(squeezed))) == (708, 356)
    assert (len(committed.key(squeezed, counted=False)), len(committed.key())) == (524, 1040)
    assert (len(plain.proof(STATEMENT)), len(committed.proof(STATEMENT))) == (256, 388)


def test_a_key_of_gnark_0_10_without_the_count_of_pedersen_keys_is_read_alike():
    setup = SETUPS["committed"]
    for encode in (raw, squeezed):
        assert read_key(setup.key(encode, counted=False)) == read_key(setup.key())


def test_a_proof_with_an_empty_commitment_list_holds_and_its_tail_is_bound():
    setup = SETUPS["plain"]
    proof = setup.proof(STATEMENT, tail=True)
    assert _judge(setup.key(), proof, STATEMENT) is Judgement.HOLDS
    assert _judge(setup.key(), proof[:-64] + raw(g1(5)), STATEMENT) is Judgement.SHAPE


@pytest.mark.parametrize("name", ["plain", "committed", "committed input"])
def test_every_byte_of_a_proof_matters(name):
    setup = SETUPS[name]
    key, proof = setup.key(), setup.proof(_inputs(name))
    read, dice = read_key(key), random.Random(7)
    prepared = pairing_library().prepare(read)
    for at in range(len(proof)):
        altered = bytearray(proof)
        altered[at] ^= 1 << dice.randrange(8)
        try:
            judgement = verify(read, prepared, read_proof(bytes(altered)), _inputs(name))
        except GnarkError:
            continue
        assert judgement is not Judgement.HOLDS, at


@pytest.mark.parametrize("name", ["plain", "committed", "committed input"])
def test_every_used_byte_of_a_key_matters(name):
    """beta and delta in G1 (bytes 64 to 127 and 384 to 447) are for the prover; no verifier looks at their value."""
    setup = SETUPS[name]
    key, proof, dice = setup.key(), read_proof(setup.proof(_inputs(name))), random.Random(8)
    unused = {*range(64, 128), *range(384, 448)}
    for at in range(len(key)):
        altered = bytearray(key)
        altered[at] ^= 1 << dice.randrange(8)
        try:
            read = read_key(bytes(altered))
        except GnarkError:
            continue
        prepared = pairing_library().prepare(read)
        judgement = verify(read, prepared, proof, _inputs(name)) if prepared else None
        assert judgement is not Judgement.HOLDS or at in unused, at


def test_a_point_of_the_twist_outside_the_subgroup_is_refused_by_every_library():
    # Only one in about 2^254 points of the twist lies in the subgroup: the first x that has a y will do.
    x, stray = 1, None
    while stray is None:
        data = bytearray(raw((x, 0)))
        data[0] |= 0b10 << 6
        try:
            stray = read_g2(bytes(data))
        except PointError:
            x += 1
    setup = SETUPS["plain"]
    key, proof = setup.key(), setup.proof(STATEMENT)
    outside = raw((stray.x[1], stray.x[0], stray.y[1], stray.y[0]))
    for library in LIBRARIES:
        assert _judge(key, proof[:64] + outside + proof[192:], STATEMENT, library) is Judgement.SUBGROUP
        assert library.prepare(read_key(key[:256] + outside + key[384:])) is None


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (bytes([0x40]) + bytes(30) + b"\x01", "infinity with coordinates"),
        (P.to_bytes(32, "big") + (2).to_bytes(32, "big"), "a coordinate of p"),
        (raw((1, 3)), "off the curve"),
        (bytes([0x80]) + (0).to_bytes(31, "big"), "no y for this x"),
    ],
)
def test_bytes_that_are_no_point_of_g1_are_refused(data, why):
    if why == "no y for this x":
        data = next(
            candidate
            for x in range(1, 50)
            if pow(x**3 + 3, (P - 1) // 2, P) != 1
            for candidate in [bytes([0x80]) + x.to_bytes(31, "big")]
        )
    with pytest.raises(PointError):
        read_g1(data)


def test_infinity_is_read_in_both_forms():
    assert read_g1(bytes([0x40]) + bytes(31)) == read_g1(bytes(64)) == G1(None, None)
    assert read_g2(bytes([0x40]) + bytes(63)) == read_g2(bytes(128)) == G2(None, None)


@pytest.mark.parametrize("scalar", [1, 2, 3, 7, 2**200 + 5, -1, -2])
def test_compressed_points_come_back_as_the_raw_ones(scalar):
    assert read_g1(squeezed(g1(scalar))) == read_g1(raw(g1(scalar)))
    assert read_g2(squeezed(g2(scalar))) == read_g2(raw(g2(scalar)))


@pytest.mark.parametrize("at", [0, 128, 256, 448])
def test_a_key_with_infinity_in_it_is_refused(at):
    key = SETUPS["plain"].key()
    size = 64 if at == 0 else 128
    with pytest.raises(GnarkError, match="infinity"):
        read_key(key[:at] + bytes(size) + key[at + size :])


def test_counts_that_do_not_fit_are_refused():
    plain, committed = SETUPS["plain"], SETUPS["committed"]
    with pytest.raises(GnarkError):
        read_proof(plain.proof(STATEMENT) + b"\x00")
    with pytest.raises(GnarkError):
        read_key(plain.key() + b"\x00")
    with pytest.raises(GnarkError):
        read_key(plain.key()[:576] + b"\xff\xff\xff\xff" + plain.key()[580:])
    for data in (b"", plain.key()[:-1], plain.key()[:100]):
        with pytest.raises(GnarkError):
            read_key(data)
    assert _judge(plain.key(), committed.proof(STATEMENT), STATEMENT) is Judgement.SHAPE
    assert _judge(committed.key(), plain.proof(STATEMENT), STATEMENT) is Judgement.SHAPE
    assert _judge(plain.key(), plain.proof(STATEMENT), STATEMENT * 2) is Judgement.SHAPE


def test_more_than_one_commitment_is_unsupported():
    setup = SETUPS["committed"]
    proof = setup.proof(STATEMENT)
    two = proof[:256] + (2).to_bytes(4, "big") + proof[260:324] * 2 + proof[324:]
    assert _judge(setup.key(), two, STATEMENT) is Judgement.UNSUPPORTED


def test_a_statement_outside_the_field_is_no_statement():
    setup = SETUPS["plain"]
    assert _judge(setup.key(), setup.proof(STATEMENT), [STATEMENT[0] + 2**255]) is Judgement.SHAPE


def test_expand_message_as_rfc_9380_gives_it():
    made = expand_message(b"abc", b"QUUX-V01-CS02-with-expander-SHA256-128", 0x20)
    assert made.hex() == "d8ccab23b5985ccea865c6c97b6e5b8350e794e603b4b97902f53a8a0d605615"
