"""Ownership shown by a pattern of keys alone: every script holds the same known keys. There is no signature in it."""

from dataclasses import dataclass
from enum import StrEnum

from reserves_gui.messages import say
from reserves_gui.wallets import bitcoin_address, descriptor, secp256k1
from reserves_gui.wallets.bitcoin_address import Program, ProgramType
from reserves_gui.wallets.row import Judged, WalletRow, failed, unsupported
from reserves_gui.wallets.rules import outcomes
from reserves_gui.wallets.rules.bitcoin import pays_to

_KNOWN_KEYS, _FOREIGN_KEYS = 3, 1
_PATTERN = say("wallets.key_pattern")
_EXISTENCE = say("wallets.existence")
_OPEN = say("wallets.open_descriptor")
_CHECKMULTISIG = b"\xae"


class Form(StrEnum):
    """How a row shows its keys."""

    SH = "sh"
    SH_WSH = "sh_wsh"
    WSH = "wsh"
    ONE_KEY = "wpkh"
    MULTISIG = "multisig"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPattern:
    """``kind``: network of the addresses. ``needed`` of ``count`` keys sign; ``known`` are the listed keys, compressed,
    ``extended`` the listed extended keys (chain code and key).
    """

    form: Form
    kind: str
    needed: int
    count: int
    known: frozenset[bytes]
    extended: frozenset[bytes]

    def judge(self, row: WalletRow) -> Judged:
        """The best state is ``unsupported``: keys were shown, nothing was signed."""
        program = bitcoin_address.decode(row.address, self.kind)
        if program is None:
            return failed(outcomes.UNDECODABLE)
        if self.form is Form.NOTHING:
            return unsupported(_EXISTENCE, program.normal)
        if self.form in {Form.ONE_KEY, Form.MULTISIG}:
            return self._judge_descriptor(row.key, program)
        return self._judge_script(row.key, program)

    def _judge_script(self, text: str, program: Program) -> Judged:
        normal = program.normal
        script = secp256k1.from_hex(text) if text else None
        keys = None if script is None else self._keys(script)
        if script is None or keys is None:
            return failed(say("wallets.pattern.script"), normal)
        if len(set(keys)) != len(keys):
            return failed(say("wallets.pattern.repeated"), normal)
        known = sum(key in self.known for key in keys)
        if known != _KNOWN_KEYS or len(keys) - known != _FOREIGN_KEYS:
            return failed(say("wallets.pattern.keys", count=known, needed=_KNOWN_KEYS), normal)
        if self.form is Form.WSH:
            fits = program.type is ProgramType.P2WSH and pays_to(program, script)
        else:
            inner = script if self.form is Form.SH else bitcoin_address.wsh_script(script)
            fits = program == bitcoin_address.p2sh(inner)
        return unsupported(_PATTERN, normal) if fits else failed(say("wallets.script_other"), normal)

    def _keys(self, script: bytes) -> list[bytes] | None:
        """The keys, compressed, of OP_m push{n} OP_n OP_CHECKMULTISIG with keys of the form's length; else None."""
        size = 65 if self.form is Form.SH else 33
        head, tail = bytes([0x50 + self.needed]), bytes([0x50 + self.count]) + _CHECKMULTISIG
        body = script[1:-2]
        if script[:1] != head or script[-2:] != tail or len(body) != self.count * (size + 1):
            return None
        keys = []
        for place in range(0, len(body), size + 1):
            key = body[place + 1 : place + 1 + size]
            if body[place] != size or key[0] not in ((4,) if size == 65 else (2, 3)):
                return None
            keys.append(bitcoin_address.compressed(key) if size == 65 else key)
        return keys

    def _judge_descriptor(self, text: str, program: Program) -> Judged:
        normal = program.normal
        found = descriptor.parse(text)
        if found is None or found.multisig is not (self.form is Form.MULTISIG):
            return failed(say("wallets.pattern.descriptor"), normal)
        if self.form is Form.ONE_KEY and found.wrapper != "wpkh":
            return failed(say("wallets.pattern.descriptor"), normal)
        if not any(key.extended in self.extended for key in found.keys if key.extended):
            return failed(say("wallets.pattern.extended"), normal)
        if found.wildcard:
            return unsupported(_OPEN, normal)
        return unsupported(_PATTERN, normal) if found.program() == program else failed(outcomes.OTHER_KEY, normal)
