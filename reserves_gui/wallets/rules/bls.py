"""Ethereum validators: a BLS12-381 signature by the key that is the address.

Suite BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_, message = the 32-byte digest of the EVM rule.
"""

import warnings
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from reserves_gui.wallets import kinds, secp256k1
from reserves_gui.wallets.row import Judged, WalletRow, failed
from reserves_gui.wallets.rules import outcomes
from reserves_gui.wallets.rules.digests import evm_hash_digest


class _Verify(Protocol):
    def __call__(self, key: bytes, message: bytes, signature: bytes, /) -> bool: ...


@cache
def _backend() -> _Verify:
    """The fast binding where there is a wheel for it (5 ms a row), else plain Python (450 ms)."""
    try:
        with warnings.catch_warnings():
            # It calls itself unmaintained on every import. Its rule is fixed, and a test holds it against plain Python.
            warnings.simplefilter("ignore", DeprecationWarning)
            from milagro_bls_binding import Verify
    except ImportError:
        return pure_python
    return lambda key, message, signature: bool(Verify(key, message, signature))


def pure_python(key: bytes, message: bytes, signature: bytes, /) -> bool:
    """The same in plain Python, for systems without the binding."""
    from eth_typing import BLSPubkey, BLSSignature
    from py_ecc.bls.ciphersuites import G2ProofOfPossession

    return bool(G2ProofOfPossession.Verify(BLSPubkey(key), message, BLSSignature(signature)))


@dataclass(frozen=True, slots=True)
class BlsKey:
    """48-byte key as address, 96-byte signature."""

    def judge(self, row: WalletRow) -> Judged:
        """The address is the key."""
        if lacking := outcomes.missing(row, "beth"):
            return lacking
        key = kinds.decode("beth", row.address)
        if key is None:
            return failed(outcomes.UNDECODABLE)
        signature = secp256k1.from_hex(row.signature)
        if signature is None or len(signature) != 96:
            return failed(outcomes.SIGNATURE_FORM, key)
        try:
            good = _backend()(key, evm_hash_digest(row.message), signature)
        except ValueError:
            good = False
        return outcomes.verified(key) if good else failed(outcomes.SIGNATURE_INVALID, key)
