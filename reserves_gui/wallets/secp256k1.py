"""ECDSA over secp256k1: signatures in their written forms, and the public key they recover to."""

import base64
import binascii
import re
from typing import NamedTuple

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_HALF = ORDER // 2
_HEX_65 = re.compile(r"(?:0[xX])?([0-9a-fA-F]{130})", re.ASCII)
_RECOVERY = {**{value: value for value in range(4)}, **{value: value - 27 for value in range(27, 31)}}


class Signature(NamedTuple):
    """R ‖ S and the recovery number. ``header``: the first byte where the form has one, else None."""

    rs: bytes
    recovery: int
    header: int | None = None

    @property
    def high_s(self) -> bool:
        """Whether S > n/2: valid to the curve, refused by many verifiers."""
        return int.from_bytes(self.rs[32:], "big") > _HALF


def from_rsv(text: str) -> Signature | None:
    """R(32) S(32) V(1) in hex, V in 0..3 or 27..30, ``0x`` optional; None for anything else."""
    match = _HEX_65.fullmatch(text)
    if match is None:
        return None
    data = bytes.fromhex(match[1])
    recovery = _RECOVERY.get(data[64])
    return None if recovery is None else Signature(data[:64], recovery)


def from_base64(text: str) -> Signature | None:
    """Header(1) R(32) S(32) in base64, recid = (header - 27) mod 4; None unless it decodes to 65 bytes."""
    data = strict_base64(text)
    if data is None or len(data) != 65:
        return None
    return Signature(data[1:], (data[0] - 27) % 4, data[0])


def strict_base64(text: str) -> bytes | None:
    """The bytes of padded base64 without foreign characters or spare bits, None for anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data) == text.encode("ascii", "replace") else None


def recover(signature: Signature, digest: bytes) -> bytes | None:
    """The public key, 65 bytes uncompressed, that made ``signature`` over the 32-byte ``digest``.

    From nearly every signature *some* key comes out: on its own this proves nothing.
    """
    from coincurve import PublicKey

    try:
        key = PublicKey.from_signature_and_message(signature.rs + bytes([signature.recovery]), digest, hasher=None)
    except ValueError:
        return None
    return key.format(compressed=False)


def public_key(data: bytes) -> bytes | None:
    """A public key of 33, 65 or 64 bytes (without its first) as 65 bytes uncompressed; None if not on the curve."""
    from coincurve import PublicKey

    try:
        return PublicKey(b"\x04" + data if len(data) == 64 else data).format(compressed=False)
    except ValueError:
        return None


def from_hex(text: str) -> bytes | None:
    """The bytes of a hex text with optional ``0x``; None for odd length, blanks or foreign characters."""
    body = text[2:] if text[:2] in ("0x", "0X") else text
    if len(body) % 2 or not body.isalnum() or not body.isascii():
        return None
    try:
        return bytes.fromhex(body)
    except ValueError:
        return None
