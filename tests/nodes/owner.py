"""One made-up key and its addresses on three chains, with the signatures an exchange would publish."""

import base64
import hashlib

from bip_utils import Base58Encoder
from coincurve import PrivateKey
from Crypto.Hash import RIPEMD160, keccak

# No comma: lists of some exchanges know no quoting.
MESSAGE = "Northsea controls this address on 2026-10-31"
_KEY = PrivateKey(hashlib.sha256(b"northsea, made up for tests").digest())


def _hash160() -> bytes:
    inner = hashlib.sha256(_KEY.public_key.format()).digest()
    return RIPEMD160.new(inner).digest()


def _base58(version: int, key_hash: bytes) -> str:
    return Base58Encoder.CheckEncode(bytes([version]) + key_hash)


BITCOIN = _base58(0x00, _hash160())
LITECOIN = _base58(0x30, _hash160())
# The same key hash in the letters of the regression test chain.
LITECOIN_TEST = _base58(0x6F, _hash160())
# Somebody else on the same chain.
OTHER_LITECOIN = _base58(0x30, bytes(range(20)))
OTHER_LITECOIN_TEST = _base58(0x6F, bytes(range(20)))
ETHEREUM = "0x" + keccak.new(digest_bits=256, data=_KEY.public_key.format(compressed=False)[1:]).digest()[-20:].hex()


def bitcoin_signature(magic: str) -> str:
    """A compact message signature under ``magic`` ("Bitcoin", "Litecoin"), compressed key."""
    parts = [f"{magic} Signed Message:\n".encode(), MESSAGE.encode()]
    data = b"".join(bytes([len(part)]) + part for part in parts)
    digest = hashlib.sha256(hashlib.sha256(data).digest()).digest()
    signed = _KEY.sign_recoverable(digest, hasher=None)
    return base64.b64encode(bytes([31 + signed[64]]) + signed[:64]).decode()


def ethereum_signature() -> str:
    """A personal message signature."""
    return _signed(f"\x19Ethereum Signed Message:\n{len(MESSAGE)}{MESSAGE}".encode())


def exchange_signature() -> str:
    """The same over the hash of the text, as some exchanges sign."""
    hashed = keccak.new(digest_bits=256, data=MESSAGE.encode()).digest()
    return _signed(b"\x19Ethereum Signed Message:\n32" + hashed)


def _signed(data: bytes) -> str:
    digest = keccak.new(digest_bits=256, data=data).digest()
    signed = _KEY.sign_recoverable(digest, hasher=None)
    return "0x" + (signed[:64] + bytes([27 + signed[64]])).hex()
