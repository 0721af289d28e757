"""Signatures in the minisign format: Ed25519, checked by this program and by the stock ``minisign`` tool alike.

A signature file has four lines: an untrusted comment, base64 of (algorithm, key id, signature), a trusted comment, and
base64 of a second signature over (signature || trusted comment). ``ED`` signs the BLAKE2b-512 of the file, the older
``Ed`` the file itself. Source: minisign's published description of its format (jedisct1/minisign).

A signature by the user's own key says only that the file is unchanged since that key signed it.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say

_PLAIN = b"Ed"
_PREHASHED = b"ED"
_UNTRUSTED = "untrusted comment: "
_TRUSTED = "trusted comment: "


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: 8 bytes of key id, 32 bytes of Ed25519 key."""

    key_id: bytes
    key: bytes

    def text(self) -> str:
        """The content of a ``.pub`` file."""
        return f"{_UNTRUSTED}minisign public key {self.shown_id}\n{self.encoded()}\n"

    def encoded(self) -> str:
        """The one-line form that ``minisign -P`` takes."""
        return base64.b64encode(_PLAIN + self.key_id + self.key).decode()

    @property
    def shown_id(self) -> str:
        """The key id as minisign shows it: upper-case hex of the little-endian number."""
        return self.key_id[::-1].hex().upper()


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A signing key: 8 bytes of key id, 32 bytes of seed. Its repr shows nothing."""

    key_id: bytes
    seed: bytes

    def __repr__(self) -> str:
        return "SecretKey(…)"

    @property
    def public(self) -> PublicKey:
        """The key that others check with."""
        return PublicKey(self.key_id, bytes(SigningKey(self.seed).verify_key))

    def sign(self, data: bytes, *, trusted_comment: str) -> str:
        """The content of a ``.minisig`` file over ``data``."""
        key = SigningKey(self.seed)
        signature = key.sign(hashlib.blake2b(data).digest()).signature
        overall = key.sign(signature + trusted_comment.encode()).signature
        lines = (
            f"{_UNTRUSTED}signature of a Reserves report",
            base64.b64encode(_PREHASHED + self.key_id + signature).decode(),
            _TRUSTED + trusted_comment,
            base64.b64encode(overall).decode(),
        )
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature file says once it has been verified."""

    key_id: bytes
    trusted_comment: str


def parse_public_key(text: str, where: str = "") -> PublicKey:
    """A ``.pub`` file or its one-line form. Raises ``format.shape``."""
    lines = [line for line in text.strip().splitlines() if not line.startswith(_UNTRUSTED)]
    data = _decoded(lines[0] if len(lines) == 1 else "", where)
    if len(data) != 42 or data[:2] != _PLAIN:
        raise _bad(where)
    return PublicKey(data[2:10], data[10:])


def verify_signature(data: bytes, signature_file: str, key: PublicKey, where: str = "") -> Signed | None:
    """What was signed, or None if ``key`` did not sign exactly ``data``. Raises ``format.shape``."""
    # Only these line ends: what else Python takes for one would let bytes change unseen.
    lines = signature_file.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if len(lines) != 4 or not lines[0].startswith(_UNTRUSTED) or not lines[2].startswith(_TRUSTED):
        raise _bad(where)
    packed, overall = _decoded(lines[1], where), _decoded(lines[3], where)
    algorithm, key_id, signature = packed[:2], packed[2:10], packed[10:]
    if len(signature) != 64 or len(overall) != 64 or algorithm not in (_PLAIN, _PREHASHED):
        raise _bad(where)
    message = hashlib.blake2b(data).digest() if algorithm == _PREHASHED else data
    comment = lines[2].removeprefix(_TRUSTED)
    try:
        checker = VerifyKey(key.key)
        checker.verify(message, signature)
        checker.verify(signature + comment.encode(), overall)
    except (BadSignatureError, ValueError):
        return None
    return Signed(key_id, comment) if key_id == key.key_id else None


def _decoded(text: str, where: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _bad(where) from None
    # One spelling only: the bits behind the last byte are zero.
    if base64.b64encode(data).decode() != text:
        raise _bad(where)
    return data


def _bad(where: str) -> ReservesError:
    return ReservesError(ErrorCode.FORMAT_SHAPE, say("signature.bad_file"), where)
