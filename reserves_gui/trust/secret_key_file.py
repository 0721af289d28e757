"""The secret half of a signing key as text, in minisign's format: plain, or locked with a passphrase.

    base64( "Ed" || kdf || "B2" || salt (32) || opslimit || memlimit || key id, secret key, checksum (104) )

``kdf`` is ``Sc`` (scrypt; the last 104 bytes are XORed with its output) or two zero bytes (plain). The checksum is
BLAKE2b-256 of ("Ed" || key id || secret key). Source: minisign's published description of its format
(jedisct1/minisign), so the stock tool can sign with the same key.
"""

import base64
import binascii
import hashlib
import secrets
import struct

from nacl.exceptions import CryptoError
from nacl.pwhash import scrypt

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say
from reserves_gui.trust.minisign import SecretKey

_COMMENT = "untrusted comment: "
_HEAD = struct.Struct("<2s2s2s32sQQ")
_LOCKED = b"Sc"
_PLAIN = bytes(2)
_KEY_BYTES = 104
# N = 2^17, r = 8, p = 1: 128 MiB and under a second, the OWASP advice for scrypt (2024).
_OPERATIONS = 1 << 22
_MEMORY = 1 << 27
# What minisign itself writes; more would be a file made to stall the program.
_MOST_OPERATIONS = 1 << 26
_MOST_MEMORY = 1 << 30


def new_secret_key() -> SecretKey:
    """A fresh random key."""
    return SecretKey(secrets.token_bytes(8), secrets.token_bytes(32))


def secret_key_text(key: SecretKey, passphrase: str | None) -> str:
    """The content of a secret key file; ``passphrase`` None leaves it plain."""
    material = key.key_id + _secret(key) + _checksum(key)
    salt = secrets.token_bytes(32)
    if passphrase is None:
        head = _HEAD.pack(b"Ed", _PLAIN, b"B2", bytes(32), 0, 0)
    else:
        head = _HEAD.pack(b"Ed", _LOCKED, b"B2", salt, _OPERATIONS, _MEMORY)
        material = _xor(material, _stream(passphrase, salt, _OPERATIONS, _MEMORY))
    return f"{_COMMENT}Reserves report key, secret\n{base64.b64encode(head + material).decode()}\n"


def is_locked(text: str) -> bool:
    """Whether the key in ``text`` needs a passphrase. Raises ``format.shape``."""
    return _unpacked(text)[1] == _LOCKED


def read_secret_key(text: str, passphrase: str | None) -> SecretKey:
    """The key in ``text``. Raises ``format.shape``, and ``usage`` for a missing or wrong passphrase."""
    algorithm, kdf, checksum, salt, operations, memory, material = _unpacked(text)
    if algorithm != b"Ed" or checksum != b"B2" or kdf not in (_LOCKED, _PLAIN):
        raise _bad()
    if kdf == _LOCKED:
        if passphrase is None:
            raise ReservesError(ErrorCode.USAGE, say("key.needs_passphrase"))
        if operations > _MOST_OPERATIONS or memory > _MOST_MEMORY:
            raise _bad()
        material = _xor(material, _stream(passphrase, salt, operations, memory))
    key = SecretKey(material[:8], material[8:40])
    if not secrets.compare_digest(material[8:], _secret(key) + _checksum(key)):
        if kdf == _LOCKED:
            raise ReservesError(ErrorCode.USAGE, say("key.wrong_passphrase"))
        raise _bad()
    return key


def _unpacked(text: str) -> tuple[bytes, bytes, bytes, bytes, int, int, bytes]:
    lines = [line for line in text.strip().splitlines() if not line.startswith(_COMMENT)]
    try:
        data = base64.b64decode(lines[0] if len(lines) == 1 else "", validate=True)
    except (binascii.Error, ValueError):
        raise _bad() from None
    if len(data) != _HEAD.size + _KEY_BYTES:
        raise _bad()
    algorithm, kdf, checksum, salt, operations, memory = _HEAD.unpack_from(data)
    return algorithm, kdf, checksum, salt, operations, memory, data[_HEAD.size :]


def _secret(key: SecretKey) -> bytes:
    return key.seed + key.public.key


def _checksum(key: SecretKey) -> bytes:
    return hashlib.blake2b(b"Ed" + key.key_id + _secret(key), digest_size=32).digest()


def _stream(passphrase: str, salt: bytes, operations: int, memory: int) -> bytes:
    try:
        found: bytes = scrypt.kdf(
            _KEY_BYTES, passphrase.encode("utf-8", "surrogatepass"), salt, opslimit=operations, memlimit=memory
        )
    except (CryptoError, ValueError, MemoryError):
        raise _bad() from None
    return found


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _bad() -> ReservesError:
    return ReservesError(ErrorCode.FORMAT_SHAPE, say("key.bad_secret"))
