"""Ed25519 rows: a 64-byte signature under a 32-byte public key, and the address that key derives."""

from collections.abc import Callable
from dataclasses import dataclass

from reserves_gui.messages import say
from reserves_gui.wallets import base58, kinds, secp256k1
from reserves_gui.wallets.row import Judged, WalletRow, failed
from reserves_gui.wallets.rules import outcomes
from reserves_gui.wallets.rules.digests import framed_text, utf8


def valid(signature: bytes, key: bytes, message: bytes) -> bool:
    """Whether ``signature`` (64 bytes) is one of ``key`` (32 bytes) over exactly these bytes, no pre-hash."""
    if len(signature) != 64 or len(key) != 32:
        return False
    from nacl.bindings import crypto_sign_open
    from nacl.exceptions import BadSignatureError

    try:
        crypto_sign_open(signature + message, key)
    except (BadSignatureError, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ed25519Text:
    """A signature over the framed text under the key of the key column.

    ``kind`` empty: no derivation, best state ``signature_only``.
    """

    prefix: str
    kind: str = ""
    confirmed: bool = True

    def judge(self, row: WalletRow) -> Judged:
        """The signature first, then the address."""
        if lacking := outcomes.missing(row, self.kind, key=True):
            return lacking
        normal = kinds.decode(self.kind, row.address) if self.kind else b""
        key = secp256k1.from_hex(row.key)
        if key is None or len(key) != 32:
            return failed(outcomes.KEY_FORM, normal or b"")
        signature = secp256k1.from_hex(row.signature)
        if signature is None or len(signature) != 64:
            return failed(outcomes.SIGNATURE_FORM, normal or b"")
        if not valid(signature, key, framed_text(self.prefix, row.message)):
            return failed(outcomes.SIGNATURE_INVALID, normal or b"")
        if not self.kind:
            return outcomes.signature_only(b"")
        if normal is None:
            return outcomes.mismatch(self.confirmed, outcomes.UNDECODABLE)
        if normal in kinds.KINDS[self.kind].derive(key):
            return outcomes.verified(normal)
        if self.kind == "near" and kinds.is_near_name(row.address):
            return outcomes.signature_only(normal)
        reason = say("wallets.ton_wallet") if self.kind == "ton" else outcomes.OTHER_KEY
        return outcomes.mismatch(self.confirmed, reason, normal)


@dataclass(frozen=True, slots=True)
class SolanaMessage:
    """A signature over the message itself by the key that the address is: hex, base58 or base64."""

    def judge(self, row: WalletRow) -> Judged:
        """The address is the public key."""
        if lacking := outcomes.missing(row, "sol"):
            return lacking
        key = kinds.decode("sol", row.address)
        if key is None:
            return failed(outcomes.UNDECODABLE)
        signatures = _readings(row.signature)
        if not signatures:
            return failed(outcomes.SIGNATURE_FORM, key)
        if any(valid(signature, key, utf8(row.message)) for signature in signatures):
            return outcomes.verified(key)
        return failed(outcomes.SIGNATURE_INVALID, key)


def _readings(text: str) -> list[bytes]:
    """Every way to read a signature text that gives 64 bytes."""
    ways: tuple[Callable[[str], bytes | None], ...] = (secp256k1.from_hex, base58.decode, secp256k1.strict_base64)
    return [data for way in ways if (data := way(text)) is not None and len(data) == 64]
