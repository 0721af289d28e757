"""What is hashed before an ECDSA signature, per family. Message digests repeat over a list, hence the small cache."""

import re
from enum import StrEnum
from functools import lru_cache

from reserves_gui.wallets.hashing import framed, framed_prefix, keccak256, sha256d

_TRON_HASH = re.compile(r"0x[0-9a-fA-F]{64}", re.ASCII)


class Text(StrEnum):
    """How a text becomes a digest."""

    EVM_HASH = "evm_hash"
    PERSONAL_SIGN = "personal_sign"
    TRON = "tron"
    FRAMED = "framed"


@lru_cache(maxsize=256)
def bitcoin_digest(magic: str, message: str) -> bytes:
    r"""SHA256d( vs(magic " Signed Message:\\n") ‖ vs(msg) )."""
    return sha256d(framed_prefix(f"{magic} Signed Message:\n") + framed(message))


@lru_cache(maxsize=256)
def framed_digest(prefix: str, message: str) -> bytes:
    """K( vs(prefix) ‖ vs(msg) )."""
    return keccak256(framed_text(prefix, message))


def framed_text(prefix: str, message: str) -> bytes:
    """vs(prefix) ‖ vs(msg); without a prefix the bytes of the message alone."""
    return framed_prefix(prefix) + framed(message) if prefix else utf8(message)


@lru_cache(maxsize=256)
def evm_hash_digest(message: str) -> bytes:
    r"""K( "\x19Ethereum Signed Message:\n32" ‖ K(msg) )."""
    return keccak256(b"\x19Ethereum Signed Message:\n32" + keccak256(utf8(message)))


@lru_cache(maxsize=256)
def personal_sign_digest(message: str) -> bytes:
    r"""K( "\x19Ethereum Signed Message:\n" ‖ ascii(byte length) ‖ msg )."""
    data = utf8(message)
    return keccak256(b"\x19Ethereum Signed Message:\n" + str(len(data)).encode() + data)


@lru_cache(maxsize=256)
def tron_digests(message: str) -> tuple[tuple[str, bytes], ...]:
    """(version, digest) of both TRON forms.

    v2: K( prefix ‖ ascii(byte length) ‖ msg ). v1: K( prefix "32" ‖ h ), h = K(msg), or the 32 bytes themselves if the
    message is ``0x`` and 64 hex digits.
    """
    data = utf8(message)
    inner = bytes.fromhex(message[2:]) if _TRON_HASH.fullmatch(message) else keccak256(data)
    prefix = b"\x19TRON Signed Message:\n"
    return (
        ("v2", keccak256(prefix + str(len(data)).encode() + data)),
        ("v1", keccak256(prefix + b"32" + inner)),
    )


def digests(text: Text, prefix: str, message: str) -> tuple[tuple[str, bytes], ...]:
    """(label, digest) of every form that this family's signers use."""
    if text is Text.EVM_HASH:
        return (("", evm_hash_digest(message)),)
    if text is Text.PERSONAL_SIGN:
        return (("", personal_sign_digest(message)),)
    if text is Text.TRON:
        return tron_digests(message)
    return (("", framed_digest(prefix, message)),)


def utf8(message: str) -> bytes:
    """The bytes of a message."""
    return message.encode("utf-8", "surrogatepass")
