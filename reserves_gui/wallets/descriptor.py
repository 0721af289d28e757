"""Output descriptors (BIP-380 to BIP-383) as far as wallet lists use them: one key, or a plain multisig.

Sources: bitcoin/bips bip-0380, bip-0382, bip-0383; BIP-32 for the keys.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

from reserves_gui.wallets import base58
from reserves_gui.wallets.bitcoin_address import Program, ProgramType
from reserves_gui.wallets.hashing import hash160

_INPUT = "0123456789()[],'/*abcdefgh@:$%{}IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~ijklmnopqrstuvwxyzABCDEFGH`#\"\\ "
_CHECKSUM = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0xF5DEE51989, 0xA9FDCA3312, 0x1BAB10E32D, 0x3706B1677A, 0x644D626FFD)
_KEY = re.compile(
    r"(?:\[[0-9a-fA-F]{8}(?:/[0-9]{1,10}['hH]?){0,20}\])?"
    r"(?:([xt]pub[1-9A-HJ-NP-Za-km-z]{100,112})((?:/[0-9]{1,10}){0,20})(/\*)?|(0[23][0-9a-fA-F]{64}))",
    re.ASCII,
)
_ONE_KEY = re.compile(r"(sh\(wpkh|wpkh|pkh)\(([^()]*)\)\)?", re.ASCII)
_MULTI = re.compile(r"(sh\(wsh|wsh|sh)\((multi|sortedmulti)\(([0-9]{1,2}),([^()]*)\)\)\)?", re.ASCII)
_HARDENED = 1 << 31
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class KeyExpression:
    """One key of a descriptor. ``extended``: chain code and key (65 bytes) of an extended key, empty for a plain one.

    ``path`` are the steps below it; ``wildcard``: one more step is left open.
    """

    extended: bytes
    plain: bytes
    path: tuple[int, ...]
    wildcard: bool

    def public_key(self) -> bytes | None:
        """The 33-byte key, None if a step is left open or leads nowhere."""
        if self.plain:
            return self.plain
        if self.wildcard:
            return None
        chain, key = self.extended[:32], self.extended[32:]
        for step in self.path:
            child = derive(chain, key, step)
            if child is None:
                return None
            chain, key = child
        return key


@dataclass(frozen=True, slots=True)
class Descriptor:
    """``needed`` of ``keys``, wrapped as the name says; ``ordered``: the keys are sorted in the script."""

    wrapper: str
    needed: int
    keys: tuple[KeyExpression, ...]
    multisig: bool
    ordered: bool

    @property
    def wildcard(self) -> bool:
        """Whether it stands for many addresses."""
        return any(key.wildcard for key in self.keys)

    def program(self) -> Program | None:
        """What its address pays to; None if it stands for many."""
        keys = [key.public_key() for key in self.keys]
        found = [key for key in keys if key is not None]
        if len(found) != len(keys):
            return None
        if not self.multisig:
            return _one_key(self.wrapper, found[0])
        script = _script(self.needed, sorted(found) if self.ordered else found)
        inner = hashlib.sha256(script).digest()
        if self.wrapper == "wsh":
            return Program(ProgramType.P2WSH, inner, 0)
        return Program(ProgramType.P2SH, hash160(script if self.wrapper == "sh" else b"\x00\x20" + inner))


def parse(text: str) -> Descriptor | None:
    """The descriptor of a text, its checksum checked where there is one; None for any other form."""
    if len(text) > _LONGEST:
        return None
    body, hash_sign, check = text.partition("#")
    if hash_sign and checksum(body) != check:
        return None
    if body.count("(") != body.count(")"):
        return None
    if one := _ONE_KEY.fullmatch(body):
        key = _key(one[2])
        return None if key is None else Descriptor(one[1], 1, (key,), multisig=False, ordered=False)
    many = _MULTI.fullmatch(body)
    if many is None:
        return None
    keys = [_key(part) for part in many[4].split(",")]
    found = tuple(key for key in keys if key is not None)
    needed = int(many[3])
    if len(found) != len(keys) or not 1 <= needed <= len(keys) <= 16:
        return None
    return Descriptor(many[1], needed, found, multisig=True, ordered=many[2] == "sortedmulti")


def extended_key(text: str) -> bytes | None:
    """Chain code and key (65 bytes) of an extended public key, None if it is none."""
    payload = base58.decode_check(text)
    if payload is None or len(payload) != 78 or payload[45] not in (2, 3):
        return None
    return payload[13:]


def derive(chain: bytes, key: bytes, step: int) -> tuple[bytes, bytes] | None:
    """CKDpub of BIP-32: I = HMAC-SHA512(c, K ‖ i); child = point(I_L) + K, chain code I_R; None if no child."""
    from coincurve import PublicKey

    if step >= _HARDENED:
        return None
    mixed = hmac.digest(chain, key + step.to_bytes(4, "big"), "sha512")
    try:
        child = PublicKey(key).add(mixed[:32])
    except ValueError:
        return None
    return mixed[32:], child.format(compressed=True)


def checksum(body: str) -> str:
    """The eight characters of BIP-380, empty if the text holds a character that descriptors do not have."""
    state, group, count = 1, 0, 0
    for letter in body:
        position = _INPUT.find(letter)
        if position < 0:
            return ""
        state = _step(state, position & 31)
        group = group * 3 + (position >> 5)
        count += 1
        if count == 3:
            state, group, count = _step(state, group), 0, 0
    if count:
        state = _step(state, group)
    for _ in range(8):
        state = _step(state, 0)
    state ^= 1
    return "".join(_CHECKSUM[state >> 5 * (7 - place) & 31] for place in range(8))


def _step(state: int, value: int) -> int:
    top = state >> 35
    state = (state & 0x7FFFFFFFF) << 5 ^ value
    for bit in range(5):
        if top >> bit & 1:
            state ^= _GENERATOR[bit]
    return state


def _key(text: str) -> KeyExpression | None:
    match = _KEY.fullmatch(text.strip())
    if match is None:
        return None
    if match[4]:
        return KeyExpression(b"", bytes.fromhex(match[4]), (), wildcard=False)
    extended = extended_key(match[1])
    if extended is None:
        return None
    path = tuple(int(step) for step in match[2].split("/") if step)
    return KeyExpression(extended, b"", path, wildcard=match[3] is not None)


def _one_key(wrapper: str, key: bytes) -> Program:
    short = hash160(key)
    if wrapper == "pkh":
        return Program(ProgramType.P2PKH, short)
    if wrapper == "wpkh":
        return Program(ProgramType.P2WPKH, short, 0)
    return Program(ProgramType.P2SH, hash160(b"\x00\x14" + short))


def _script(needed: int, keys: list[bytes]) -> bytes:
    pushed = b"".join(bytes([len(key)]) + key for key in keys)
    return bytes([0x50 + needed]) + pushed + bytes([0x50 + len(keys), 0xAE])
