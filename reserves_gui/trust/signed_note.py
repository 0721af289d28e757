r"""Signatures over a log's head: C2SP signed notes, Ed25519.

    note      = body || empty line || signature lines        body: lines, each with its line end
    signature = "— " || name || " " || base64( hash (4) || Ed25519 over body (64) )
    hash      = first 4 bytes of SHA-256( name || "\n" || 01 || key (32) )
    key text  = name || "+" || hex(hash) || "+" || base64( 01 || key )

Source: the published specifications signed-note and tlog-checkpoint (C2SP/C2SP). The name is the log's origin line, so
one key signs several logs under several names. A signature shows that the key's owner stated this head, no more.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from enum import StrEnum

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say

_DASH = "— "
_ED25519 = b"\x01"
_LINES = 100


class NoteSignature(StrEnum):
    """How a note stands to one key: not signed by it, signed, or with a signature of its that does not hold."""

    NONE = "none"
    HOLDS = "holds"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A key under the name it signs with. ``key``: 32 bytes of Ed25519."""

    name: str
    key: bytes

    @property
    def hash(self) -> bytes:
        """The 4 bytes that stand before its signatures."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    def text(self) -> str:
        """The key as other tools take it."""
        return f"{self.name}+{self.hash.hex()}+{base64.b64encode(_ED25519 + self.key).decode()}"


def parse_note_key(text: str, where: str = "") -> NoteKey:
    """A key in its text form. Raises ``format.shape``."""
    # Base64 may hold plus signs, a name and a hash may not.
    parts = text.split("+", 2)
    try:
        data = base64.b64decode(parts[2] if len(parts) == 3 else "", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if len(data) != 33 or data[:1] != _ED25519 or not is_note_name(parts[0]):
        raise _bad(where)
    found = NoteKey(parts[0], data[1:])
    if found.text() != text:
        raise _bad(where)
    return found


def is_note_name(name: str) -> bool:
    """Whether ``name`` may stand before a signature: something, with no blank and no plus sign."""
    return bool(name) and "+" not in name and not any(char.isspace() or not char.isprintable() for char in name)


def sign_note(body: str, name: str, seed: bytes) -> str:
    """The signature line over ``body`` (which ends with a line end) by the key with ``seed``, under ``name``."""
    signing = SigningKey(seed)
    key = NoteKey(name, bytes(signing.verify_key))
    packed = key.hash + signing.sign(body.encode()).signature
    return f"{_DASH}{name} {base64.b64encode(packed).decode()}\n"


def is_signed(note: str) -> bool:
    """Whether there is any signature line. Raises ``format.shape`` for lines that are none."""
    return bool(_signatures(note, ""))


def check_note(note: str, key: NoteKey, where: str = "") -> NoteSignature:
    """How ``note`` stands to ``key``; signatures of others are passed over. Raises ``format.shape``."""
    body = note.partition("\n\n")[0] + "\n"
    mine = [packed for name, packed in _signatures(note, where) if name == key.name and packed[:4] == key.hash]
    if not mine:
        return NoteSignature.NONE
    try:
        for packed in mine:
            VerifyKey(key.key).verify(body.encode(), packed[4:])
    except (BadSignatureError, ValueError):
        return NoteSignature.WRONG
    return NoteSignature.HOLDS


def _signatures(note: str, where: str) -> list[tuple[str, bytes]]:
    _body, separator, rest = note.partition("\n\n")
    lines = rest.removesuffix("\n").split("\n") if rest else []
    if not separator or len(lines) > _LINES:
        raise _bad(where)
    found = []
    for line in lines:
        name, blank, text = line.removeprefix(_DASH).partition(" ")
        try:
            packed = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            packed = b""
        # One spelling only: the bits behind the last byte are zero.
        spelled = base64.b64encode(packed).decode() == text
        if not line.startswith(_DASH) or not blank or not is_note_name(name) or len(packed) < 5 or not spelled:
            raise _bad(where)
        found.append((name, packed))
    return found


def _bad(where: str) -> ReservesError:
    return ReservesError(ErrorCode.FORMAT_SHAPE, say("log.bad_signature"), where)
