"""EOS-style accounts: SIG_K1_ signatures over SHA256 of the framed text, keys with their own check bytes."""

import hashlib
from dataclasses import dataclass

from reserves_gui.plain_json import load_plain
from reserves_gui.wallets import base58, secp256k1
from reserves_gui.wallets.hashing import ripemd160
from reserves_gui.wallets.row import Judged, WalletRow, failed
from reserves_gui.wallets.rules import outcomes
from reserves_gui.wallets.rules.digests import framed_text


@dataclass(frozen=True, slots=True)
class EosAccount:
    """An account name is tied to no key offline: the best state is ``signature_only``."""

    prefix: str

    def judge(self, row: WalletRow) -> Judged:
        """One signature under the key column, or two under the two keys of a JSON object there."""
        if lacking := outcomes.missing(row, "", key=True):
            return lacking
        pairs = _pairs(row)
        if pairs is None:
            return failed(outcomes.KEY_FORM)
        digest = hashlib.sha256(framed_text(self.prefix, row.message)).digest()
        notes: tuple[bool, ...] = ()
        for text, key_text in pairs:
            if not text:
                return failed(outcomes.SIGNATURE_MISSING)
            key = parse_key(key_text)
            if key is None:
                return failed(outcomes.KEY_FORM)
            signature = parse_signature(text)
            if signature is None:
                return failed(outcomes.SIGNATURE_FORM)
            if secp256k1.recover(signature, digest) != key:
                return failed(outcomes.SIGNATURE_INVALID)
            notes += (signature.high_s,)
        return outcomes.signature_only(b"", (outcomes.NOTE_HIGH_S,) if any(notes) else ())


def parse_signature(text: str) -> secp256k1.Signature | None:
    """SIG_K1_ ‖ base58( 65 bytes header first ‖ RIPEMD160(sig ‖ "K1")[:4] ); None if the check bytes do not fit."""
    data = base58.decode(text[7:]) if text.startswith("SIG_K1_") else None
    if data is None or len(data) != 69 or ripemd160(data[:65] + b"K1")[:4] != data[65:]:
        return None
    return secp256k1.Signature(data[1:65], (data[0] - 27) % 4) if 27 <= data[0] <= 34 else None


def parse_key(text: str) -> bytes | None:
    """EOS ‖ base58( c ‖ RIPEMD160(c)[:4] ) as 65 bytes uncompressed; None if the check bytes do not fit."""
    data = base58.decode(text[3:]) if text.startswith("EOS") else None
    if data is None or len(data) != 37 or ripemd160(data[:33])[:4] != data[33:]:
        return None
    return secp256k1.public_key(data[:33])


def _pairs(row: WalletRow) -> tuple[tuple[str, str], ...] | None:
    if not row.key.startswith("{"):
        second = ((row.signature2, row.key),) if row.signature2 else ()
        return ((row.signature, row.key), *second)
    try:
        keys = load_plain(row.key)
    except ValueError:
        return None
    first, other = keys.get("publicKey1"), keys.get("publicKey2")
    if not isinstance(first, str) or not isinstance(other, str):
        return None
    return ((row.signature, first), (row.signature2, other))
