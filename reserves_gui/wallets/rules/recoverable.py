"""Rows whose signature recovers the key: the EVM chains, TRON, and the chains that sign a framed text with Keccak."""

from dataclasses import dataclass

from reserves_gui.messages import Message, say
from reserves_gui.wallets import kinds, secp256k1
from reserves_gui.wallets.row import Judged, RowState, WalletRow, failed, unsupported
from reserves_gui.wallets.rules import outcomes
from reserves_gui.wallets.rules.digests import Text, digests, framed_text

_HASHED_FORM = say("wallets.hashed_form")
_TRON_FORM = {"v1": say("wallets.tron_v1"), "v2": say("wallets.tron_v2")}
_LOW_S_ONLY = (Text.EVM_HASH, Text.PERSONAL_SIGN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recoverable:
    """``kind``: address kind. ``text``: how the message is hashed, with ``prefix`` for the framed form."""

    kind: str
    text: Text
    prefix: str = ""
    confirmed: bool = True

    def judge(self, row: WalletRow) -> Judged:
        """The recovered key must derive the address."""
        if lacking := outcomes.missing(row, self.kind):
            return lacking
        kind = kinds.KINDS[self.kind]
        normal = kind.decode(row.address)
        if normal is None:
            return outcomes.mismatch(self.confirmed, outcomes.UNDECODABLE)
        signature = secp256k1.from_rsv(row.signature)
        if signature is None:
            return failed(outcomes.SIGNATURE_FORM, normal)
        notes: tuple[Message, ...] = ()
        if signature.high_s:
            if self.text in _LOW_S_ONLY:
                return failed(outcomes.HIGH_S, normal)
            notes = (outcomes.NOTE_HIGH_S,)
        recovered = False
        for label, digest in digests(self.text, self.prefix, row.message):
            key = secp256k1.recover(signature, digest)
            recovered = recovered or key is not None
            if key is not None and normal in kind.derive(key):
                return outcomes.verified(normal, notes, self._reason(label))
        if not recovered:
            return failed(outcomes.NO_KEY, normal)
        return outcomes.mismatch(self.confirmed, outcomes.OTHER_KEY, normal)

    def _reason(self, label: str) -> Message:
        if self.text is Text.EVM_HASH:
            return _HASHED_FORM
        return _TRON_FORM.get(label, outcomes.KEY_DERIVES)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedKey:
    """A signature over the framed text by the key that the row states.

    ``kind`` empty: no derivation, best state ``signature_only``. ``strict``: the address must come from that key, and
    the key must be there; else an account may be signed for by another key of its own.
    """

    prefix: str
    kind: str = ""
    strict: bool = False
    confirmed: bool = True

    def judge(self, row: WalletRow) -> Judged:
        """The recovered key must be the stated one; then the address is compared where it can be."""
        if lacking := outcomes.missing(row, self.kind, key=self.strict):
            return lacking
        normal = kinds.decode(self.kind, row.address) if self.kind else b""
        if normal is None:
            return outcomes.mismatch(self.confirmed, outcomes.UNDECODABLE)
        if not row.key:
            return unsupported(outcomes.KEY_MISSING, normal)
        stated = secp256k1.from_hex(row.key) or b""
        if len(stated) == 33 and stated[0] == 0xED:
            return self._judge_edwards(row, stated, normal)
        key = secp256k1.public_key(stated)
        if key is None:
            return failed(outcomes.KEY_FORM, normal)
        signature = secp256k1.from_rsv(row.signature)
        if signature is None:
            return failed(outcomes.SIGNATURE_FORM, normal)
        ((_, digest),) = digests(Text.FRAMED, self.prefix, row.message)
        if secp256k1.recover(signature, digest) != key:
            return failed(outcomes.SIGNATURE_INVALID, normal)
        notes = (outcomes.NOTE_HIGH_S,) if signature.high_s else ()
        if not self.kind:
            return outcomes.signature_only(normal, notes)
        if normal in kinds.KINDS[self.kind].derive(key):
            return outcomes.verified(normal, notes)
        if self.strict:
            return outcomes.mismatch(self.confirmed, outcomes.OTHER_KEY, normal)
        return Judged(RowState.SIGNATURE_ONLY, say("wallets.other_signer"), normal, notes)

    def _judge_edwards(self, row: WalletRow, stated: bytes, normal: bytes) -> Judged:
        from reserves_gui.wallets.rules import xrp

        if self.kind != "xrp":
            return failed(outcomes.KEY_FORM, normal)
        return xrp.judge_edwards(row.signature, stated, framed_text(self.prefix, row.message), normal)
