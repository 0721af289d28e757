"""BIP-322 through bip322-core, with the three things added that it lets pass.

The address is decoded by our own codec for the stated chain before it gets here; a proof that needs no signature
fails; a result that a later soft fork may change is unsupported. Source: bitcoin/bips bip-0322@7fe0b034.
"""

from dataclasses import dataclass

from reserves_gui.messages import Message, say
from reserves_gui.wallets import bitcoin_address, secp256k1
from reserves_gui.wallets.bitcoin_address import Program
from reserves_gui.wallets.hashing import compact_size, framed_prefix, sha256d
from reserves_gui.wallets.row import Judged, WalletRow, failed, unsupported
from reserves_gui.wallets.rules import outcomes

PREFIXES = ("smp", "ful", "pof")
_HEADERS = range(27, 43)
_LONGEST = 100_000
_MOST_INPUTS = 100
_NO_PREFIX = say("wallets.note.no_prefix")


def judge(address: str, signature: str, message: bytes, program: Program, *, old_forms: bool = False) -> Judged:
    """The state of a row with a BIP-322 signature over ``message``.

    ``old_forms``: also read what files from before version 1.0.0 of the BIP hold, a raw transaction without prefix.
    """
    normal = program.normal
    if len(signature) > _LONGEST:
        return failed(say("wallets.bip322_size", limit=_LONGEST), normal)
    found = _verify(address, signature, message, normal)
    if found.state != "failed" or signature.startswith(PREFIXES) or not old_forms:
        return _noted(found, signature)
    for prefix in ("ful", "pof"):
        older = _verify(address, prefix + signature, message, normal)
        if older.state != "failed":
            return _noted(older, signature)
    return _noted(found, signature)


def _verify(address: str, signature: str, message: bytes, normal: bytes) -> Judged:
    from bip322core import State, verify_message

    result = verify_message(address, signature, message, max_signature_bytes=_LONGEST, max_inputs=_MOST_INPUTS)
    if result.state is State.INVALID:
        return failed(say("wallets.bip322_invalid", detail=_short(result.reason)), normal)
    if result.state is State.INCONCLUSIVE:
        return unsupported(say("wallets.bip322_inconclusive", detail=_short(result.reason)), normal)
    if not result.sighash_types and result.variant != "legacy":
        return failed(say("wallets.no_signature_needed"), normal)
    notes: tuple[Message, ...] = ()
    if result.locktime or result.sequence:
        notes += (say("wallets.note.timed", time=result.locktime or 0, age=result.sequence or 0),)
    if result.extra_inputs:
        notes += (say("wallets.note.extra_inputs", count=result.extra_inputs),)
    return outcomes.verified(normal, notes, say("wallets.bip322_valid"))


def _noted(found: Judged, signature: str) -> Judged:
    if signature.startswith(PREFIXES) or found.state == "failed":
        return found
    return found._replace(notes=(*found.notes, _NO_PREFIX))


def _short(reason: str) -> str:
    # Its reasons quote the address; 200 characters hold every one of them.
    return reason[:200]


@dataclass(frozen=True, slots=True)
class SignedProof:
    """One address of a proofs file. ``kind``: network of the address, ``message``: the bytes that were signed."""

    kind: str
    message: bytes

    def judge(self, row: WalletRow) -> Judged:
        """BIP-322 in any of its forms, or a 65-byte signed message, which the library takes for P2PKH only."""
        if lacking := outcomes.missing(row, self.kind):
            return lacking
        program = bitcoin_address.decode(row.address, self.kind)
        if program is None:
            return failed(outcomes.UNDECODABLE)
        signature = secp256k1.from_base64(row.signature)
        if signature is None or signature.header not in _HEADERS:
            return judge(row.address, row.signature, self.message, program, old_forms=True)
        digest = sha256d(framed_prefix("Bitcoin Signed Message:\n") + compact_size(len(self.message)) + self.message)
        key = secp256k1.recover(signature, digest)
        if key is None:
            return failed(outcomes.NO_KEY, program.normal)
        if not bitcoin_address.controls(key, program):
            return failed(outcomes.OTHER_KEY, program.normal)
        notes = (say("wallets.note.legacy"), *((outcomes.NOTE_HIGH_S,) if signature.high_s else ()))
        return outcomes.verified(program.normal, notes)
