"""XRP messages in generic lists: DER over SHA512(msg)[:32], or ed25519 for keys that start with ED."""

import hashlib
from dataclasses import dataclass

from reserves_gui.messages import say
from reserves_gui.wallets import kinds, secp256k1
from reserves_gui.wallets.hashing import hash160
from reserves_gui.wallets.row import Judged, WalletRow, failed
from reserves_gui.wallets.rules import edwards, outcomes
from reserves_gui.wallets.rules.digests import utf8


@dataclass(frozen=True, slots=True)
class XrpMessage:
    """The key is stated; an account may have set another key, so a foreign address is ``signature_only``."""

    def judge(self, row: WalletRow) -> Judged:
        """The signature under the stated key, then 00 ‖ H160(key) against the address."""
        from coincurve import PublicKey

        if lacking := outcomes.missing(row, "xrp", key=True):
            return lacking
        normal = kinds.decode("xrp", row.address)
        if normal is None:
            return failed(outcomes.UNDECODABLE)
        stated = secp256k1.from_hex(row.key)
        if stated is None or len(stated) != 33:
            return failed(outcomes.KEY_FORM, normal)
        if stated[0] == 0xED:
            return judge_edwards(row.signature, stated, utf8(row.message), normal)
        key = secp256k1.public_key(stated)
        der = secp256k1.from_hex(row.signature)
        if key is None:
            return failed(outcomes.KEY_FORM, normal)
        parts = None if der is None else parse_der(der)
        if parts is None:
            return failed(outcomes.SIGNATURE_FORM, normal)
        digest = hashlib.sha512(utf8(row.message)).digest()[:32]
        high = parts[1] > secp256k1.ORDER // 2
        low = write_der(parts[0], secp256k1.ORDER - parts[1] if high else parts[1])
        if not PublicKey(stated).verify(low, digest, hasher=None):
            return failed(outcomes.SIGNATURE_INVALID, normal)
        notes = (outcomes.NOTE_HIGH_S,) if high else ()
        if hash160(stated) == normal:
            return outcomes.verified(normal, notes)
        return outcomes.signature_only(normal, notes, say("wallets.other_signer"))


def judge_edwards(signature_text: str, stated: bytes, message: bytes, normal: bytes) -> Judged:
    """A row whose key is ED ‖ 32 bytes; its address is 00 ‖ H160(ED ‖ key)."""
    signature = secp256k1.from_hex(signature_text)
    if signature is None or len(signature) != 64:
        return failed(outcomes.SIGNATURE_FORM, normal)
    if not edwards.valid(signature, stated[1:], message):
        return failed(outcomes.SIGNATURE_INVALID, normal)
    if hash160(stated) == normal:
        return outcomes.verified(normal)
    return outcomes.signature_only(normal, (), say("wallets.other_signer"))


def parse_der(data: bytes) -> tuple[int, int] | None:
    """(r, s) of a strict DER signature with 0 < r, s < n; None for anything else."""
    if not 8 <= len(data) <= 72 or data[0] != 0x30 or data[1] != len(data) - 2:
        return None
    numbers = []
    place = 2
    for _ in range(2):
        if place + 2 > len(data) or data[place] != 0x02:
            return None
        size = data[place + 1]
        body = data[place + 2 : place + 2 + size]
        if not size or len(body) != size or body[0] & 0x80 or (size > 1 and not body[0] and not body[1] & 0x80):
            return None
        numbers.append(int.from_bytes(body, "big"))
        place += 2 + size
    if place != len(data) or not all(0 < number < secp256k1.ORDER for number in numbers):
        return None
    return numbers[0], numbers[1]


def write_der(r: int, s: int) -> bytes:
    """The DER form of (r, s)."""
    body = b"".join(b"\x02" + bytes([len(part)]) + part for part in (_unsigned(r), _unsigned(s)))
    return b"\x30" + bytes([len(body)]) + body


def _unsigned(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big")
