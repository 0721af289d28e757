"""The fast BLS12-381 binding judges like plain Python: valid, altered and foreign signatures."""

import pytest
from py_ecc.bls.ciphersuites import G2ProofOfPossession

from reserves_gui.wallets.rules.bls import _backend, pure_python

DIGEST = bytes(range(32))
KEY = bytes(G2ProofOfPossession.SkToPk(7))
SIGNATURE = bytes(G2ProofOfPossession.Sign(7, DIGEST))


@pytest.mark.parametrize(
    ("key", "digest", "signature", "good"),
    [
        (KEY, DIGEST, SIGNATURE, True),
        (KEY, DIGEST[::-1], SIGNATURE, False),
        (bytes(G2ProofOfPossession.SkToPk(8)), DIGEST, SIGNATURE, False),
    ],
    ids=["honest", "another message", "another key"],
)
def test_both_backends_agree(key: bytes, digest: bytes, signature: bytes, good: bool) -> None:
    assert pure_python(key, digest, signature) is good
    assert _backend()(key, digest, signature) is good
