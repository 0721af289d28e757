"""Signed messages of the Bitcoin family: one key, or a multisig script with enough distinct keys.

Source of the header bytes: BIP-137.
"""

import hashlib
from dataclasses import dataclass

from reserves_gui.messages import Message, say
from reserves_gui.wallets import bitcoin_address, secp256k1
from reserves_gui.wallets.bitcoin_address import Program, ProgramType
from reserves_gui.wallets.hashing import hash160
from reserves_gui.wallets.row import Judged, WalletRow, failed, unsupported
from reserves_gui.wallets.rules import bip322, outcomes
from reserves_gui.wallets.rules.digests import bitcoin_digest, framed_digest

_HEADERS = range(27, 43)
_PLAIN_HEADERS = range(27, 35)
_TAPROOT_OR_LATER = (ProgramType.P2TR, ProgramType.WITNESS)
_CHECKMULTISIG = 0xAE
_OP_1, _OP_16 = 0x51, 0x60
_FOREIGN_PREFIX = say("wallets.note.foreign_prefix")
_PLAIN_HEADER = say("wallets.note.plain_header")


@dataclass(frozen=True, slots=True)
class Script:
    """A script OP_m (push key){n} OP_n OP_CHECKMULTISIG; ``keys`` are compressed."""

    needed: int
    keys: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class _Signer:
    """A recovered key with what there is to remark about its signature."""

    key: bytes
    notes: tuple[Message, ...]
    header: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BitcoinMessage:
    """``kind``: the network of the address. ``magic``: first words of the signed text. ``prefix``: frame of the hex
    form R S V over Keccak, empty where that form is not used. ``bip322``: longer signatures are BIP-322.
    """

    kind: str
    magic: str
    prefix: str = ""
    confirmed: bool = True
    bip322: bool = False

    def judge(self, row: WalletRow) -> Judged:
        """The state of a row (specification section 3.1)."""
        if lacking := outcomes.missing(row, self.kind):
            return lacking
        program = bitcoin_address.decode(row.address, self.kind)
        if program is None:
            return outcomes.mismatch(self.confirmed, outcomes.UNDECODABLE)
        if self.bip322 and not _is_message_signature(row.signature):
            return bip322.judge(row.address, row.signature, row.message.encode("utf-8", "surrogatepass"), program)
        if program.type in _TAPROOT_OR_LATER:
            return unsupported(say("wallets.taproot"), program.normal)
        script = secp256k1.from_hex(row.key) if row.key else None
        if program.type is ProgramType.P2WSH or (program.type is ProgramType.P2SH and _is_script(row.key, script)):
            return self._judge_script(row, program, script)
        signer = self._signer(row.signature, row.message)
        if isinstance(signer, Message):
            return failed(signer, program.normal)
        return self._judge_key(row, program, signer)

    def _judge_key(self, row: WalletRow, program: Program, signer: _Signer) -> Judged:
        if not bitcoin_address.controls(signer.key, program):
            without_script = program.type is ProgramType.P2SH and not row.key
            reason = say("wallets.script_missing") if without_script else outcomes.OTHER_KEY
            return outcomes.mismatch(self.confirmed, reason, program.normal)
        notes = signer.notes
        if program.type is not ProgramType.P2PKH and signer.header in _PLAIN_HEADERS:
            notes += (_PLAIN_HEADER,)
        if program.foreign_prefix:
            notes += (_FOREIGN_PREFIX,)
        return outcomes.verified(program.normal, notes)

    def _judge_script(self, row: WalletRow, program: Program, script: bytes | None) -> Judged:
        normal = program.normal
        if not row.key:
            return failed(say("wallets.script_missing"), normal)
        if script is None:
            return failed(say("wallets.script_form"), normal)
        if not pays_to(program, script):
            return outcomes.mismatch(self.confirmed, say("wallets.script_other"), normal)
        if len(script) == 22 and script.startswith(b"\x00\x14"):
            signer = self._signer(row.signature, row.message)
            return failed(signer, normal) if isinstance(signer, Message) else self._judge_key(row, program, signer)
        multisig = parse_multisig(script)
        if multisig is None:
            return unsupported(say("wallets.script_template"), normal)
        signed: set[bytes] = set()
        notes: tuple[Message, ...] = (_FOREIGN_PREFIX,) if program.foreign_prefix else ()
        for text in (row.signature, row.signature2):
            if not text:
                continue
            signer = self._signer(text, row.message)
            if isinstance(signer, Message):
                return failed(signer, normal)
            key = bitcoin_address.compressed(signer.key)
            if key not in multisig.keys:
                return outcomes.mismatch(self.confirmed, say("wallets.not_in_script"), normal)
            signed.add(key)
            notes += tuple(note for note in signer.notes if note not in notes)
        if len(signed) < multisig.needed:
            return failed(say("wallets.threshold", count=len(signed), needed=multisig.needed), normal)
        reason = say("wallets.multisig", count=len(signed), needed=multisig.needed, keys=len(multisig.keys))
        return outcomes.verified(normal, notes, reason)

    def _signer(self, text: str, message: str) -> _Signer | Message:
        signature = secp256k1.from_base64(text)
        if signature is not None:
            if signature.header not in _HEADERS:
                return say("wallets.header", header=int(signature.header or 0))
            digest = bitcoin_digest(self.magic, message)
        else:
            signature = secp256k1.from_rsv(text) if self.prefix else None
            if signature is None:
                return outcomes.SIGNATURE_FORM
            digest = framed_digest(self.prefix, message)
        key = secp256k1.recover(signature, digest)
        if key is None:
            return outcomes.NO_KEY
        return _Signer(key, (outcomes.NOTE_HIGH_S,) if signature.high_s else (), signature.header)


def pays_to(program: Program, script: bytes) -> bool:
    """P2SH: H160(script) or H160(00 20 SHA256(script)); P2WSH: SHA256(script)."""
    inner = hashlib.sha256(script).digest()
    if program.type is ProgramType.P2WSH:
        return program.data == inner
    return program.type is ProgramType.P2SH and program.data in (hash160(script), hash160(b"\x00\x20" + inner))


def parse_multisig(script: bytes) -> Script | None:
    """A script of exactly this template with 1 <= m <= n <= 16; None for any other."""
    if len(script) < 3 or script[-1] != _CHECKMULTISIG:
        return None
    needed, count = script[0] - _OP_1 + 1, script[-2] - _OP_1 + 1
    if not (_OP_1 <= script[0] <= _OP_16 and _OP_1 <= script[-2] <= _OP_16 and needed <= count):
        return None
    keys: list[bytes] = []
    place, end = 1, len(script) - 2
    while place < end:
        size = script[place]
        key = script[place + 1 : min(place + 1 + size, end)]
        if len(key) != size:
            return None
        if size == 33 and key[0] in (2, 3):
            keys.append(key)
        elif size == 65 and key[0] == 4:
            keys.append(bitcoin_address.compressed(key))
        else:
            return None
        place += 1 + size
    return Script(needed, tuple(keys)) if len(keys) == count else None


def _is_message_signature(text: str) -> bool:
    signature = secp256k1.from_base64(text)
    # A witness stack may have 65 bytes too; its first byte is a count far below 27.
    return signature is not None and (signature.header or 0) >= _HEADERS.start


def _is_script(text: str, script: bytes | None) -> bool:
    """Whether the column holds a script and not the public key of a single signer."""
    if not text:
        return False
    public_key = script is not None and (len(script), script[0] & 0xFE) in {(33, 2), (65, 4)}
    return not public_key
