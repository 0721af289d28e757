"""BIP-127: a transaction that spends an output nobody has, and beside it everything its maker wants to show.

Sources: bitcoin/bips bip-0127@7fe0b034; bitcoindevkit/bdk-reserves src/reserves.rs@db6c4285; ElementsProject/reserves.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.verdict import Check, Outcome
from reserves_gui.wallets.hashing import sha256d
from reserves_gui.wallets.psbt import Psbt, PsbtInput
from reserves_gui.wallets.row import Judged, NamedOutput, RowState, WalletRow, failed, unsupported
from reserves_gui.wallets.rules.plain import Settled
from reserves_gui.wallets.transaction import Outpoint, Output, Transaction

_PREFIX = b"Proof-of-Reserves: "
_SIGHASH_DEFAULT, _SIGHASH_ALL = 0x00, 0x01
_BURN = bytes.fromhex("76a9149f7fd096d37ed2c0e3f7f0cfc924beef4ffceb6888ac")
_TAPROOT = b"\x51\x20"
_DECIMALS = 8


@dataclass(frozen=True, slots=True)
class ReserveProof:
    """A proof as read; ``given`` is the message from the command line."""

    proof: Psbt
    given: str | None

    @property
    def transaction(self) -> Transaction:
        """The signed transaction."""
        return self.proof.transaction

    @property
    def message(self) -> bytes | None:
        """The signed text: the file's own, else the one given."""
        stated = self._stated
        if stated:
            return stated[0]
        return None if self.given is None else self.given.encode("utf-8", "surrogatepass")

    @property
    def _stated(self) -> list[bytes]:
        return [one.commitment for one in self.proof.inputs if one.commitment is not None]

    def commitment(self) -> Check:
        """The first input must commit to the message, in one of three forms and either byte order."""
        check_id = "ownership.commitment"
        message = self.message
        if message is None:
            return Check(check_id, Outcome.NOT_CHECKED, say("wallets.bip127.no_message"))
        given = message if self.given is None else self.given.encode("utf-8", "surrogatepass")
        if given != message or len(set(self._stated)) > 1:
            return Check(check_id, Outcome.FAILED, say("wallets.bip127.other_message"))
        if not self.transaction.inputs:
            return Check(check_id, Outcome.FAILED, say("wallets.bip127.no_commitment"))
        outpoint = self.transaction.inputs[0].outpoint
        for name, value in commitments(message).items():
            if outpoint.index == 0 and outpoint.txid in (value, value[::-1]):
                return Check(check_id, Outcome.PASSED, say("wallets.bip127.commitment", form=name))
        return Check(check_id, Outcome.FAILED, say("wallets.bip127.no_commitment"), seen=str(outpoint))

    def structure(self) -> Check:
        """Inputs, outputs and amounts."""
        check_id = "ownership.structure"
        inputs, outputs = self.transaction.inputs, self.transaction.outputs
        if len(inputs) < 2:
            return Check(check_id, Outcome.FAILED, say("wallets.bip127.inputs"))
        if len(outputs) != 1:
            return Check(check_id, Outcome.FAILED, say("wallets.bip127.outputs", count=len(outputs)))
        outpoints = [one.outpoint for one in inputs]
        if len(set(outpoints)) != len(outpoints):
            return Check(check_id, Outcome.FAILED, say("wallets.bip127.twice"))
        previous = [one.previous for one in self.proof.inputs[1:]]
        known = [one.value for one in previous if one is not None]
        if len(known) != len(previous):
            return Check(check_id, Outcome.NOT_CHECKED, say("wallets.bip127.no_previous"))
        if sum(known) != outputs[0].value:
            reason = say("wallets.bip127.sum")
            return Check(check_id, Outcome.FAILED, reason, str(sum(known)), str(outputs[0].value))
        return Check(check_id, Outcome.PASSED, say("wallets.bip127.structure", count=len(previous)))

    def burns(self) -> bool:
        """Whether the output pays to the customary script that nobody can spend from."""
        return any(output.script == _BURN for output in self.transaction.outputs)

    def rows(self, progress: Progress) -> Iterator[WalletRow]:
        """One judged row for every input but the first. ``address``: the script that is paid to, in hex."""
        structure = self.structure()
        scripts = _Scripts(self.proof)
        message = self.message
        text = "" if message is None else message.decode("utf-8", "replace")
        for index, one in enumerate(self.transaction.inputs[1:], 1):
            progress.checkpoint()
            previous = self.proof.inputs[index].previous
            normal = b"outpoint" + one.outpoint.txid + one.outpoint.index.to_bytes(4, "little")
            found = scripts.judge(index)
            if structure.outcome is Outcome.FAILED:
                found = failed(structure.reason)
            yield WalletRow(
                line=index,
                coin="BTC",
                asset="BTC",
                chain="bitcoin",
                address=str(one.outpoint) if previous is None else previous.script.hex(),
                rule=Settled(found._replace(normal=normal)),
                amount="" if previous is None else str(previous.value),
                decimals=_DECIMALS,
                message=text,
                signature="" if message is None else str(one.outpoint),
                outputs=(_named(one.outpoint, previous),),
            )


def _named(outpoint: Outpoint, previous: Output | None) -> NamedOutput:
    transaction = outpoint.txid[::-1].hex()
    if previous is None:
        return NamedOutput(transaction, outpoint.index)
    return NamedOutput(transaction, outpoint.index, previous.value, previous.script)


def commitments(message: bytes) -> dict[str, bytes]:
    """The three values in use. BIP text: SHA256(prefix ‖ m); bdk-reserves: SHA256d(prefix ‖ m); Elements: SHA256(m)."""
    return {
        "BIP text": hashlib.sha256(_PREFIX + message).digest(),
        "bdk-reserves": sha256d(_PREFIX + message),
        "Elements": hashlib.sha256(message).digest(),
    }


class _Scripts:
    """Runs the scripts of a proof, input by input."""

    def __init__(self, proof: Psbt) -> None:
        self._proof = proof
        self._problem: Message | None = None
        self._engine: _Engine | None = None

    def judge(self, index: int) -> Judged:
        found, one = self._proof.inputs[index], self._proof.transaction.inputs[index]
        if found.contradicts:
            return failed(say("wallets.bip127.contradicts"))
        if found.previous is None:
            return self._without_previous(index)
        if not one.script and not one.witness:
            return failed(say("wallets.bip127.unsigned"))
        taproot = found.previous.script.startswith(_TAPROOT) and len(found.previous.script) == 34
        if taproot and not self._all_known():
            return unsupported(say("wallets.bip127.taproot"))
        types = self._run(index)
        if types is None:
            return failed(say("wallets.bip127.script"))
        if not types:
            return failed(say("wallets.no_signature_needed"))
        allowed = {_SIGHASH_DEFAULT, _SIGHASH_ALL} if taproot else {_SIGHASH_ALL}
        if foreign := set(types) - allowed:
            return failed(say("wallets.bip127.sighash", type=f"0x{min(foreign):02x}"))
        return Judged(RowState.VERIFIED, say("wallets.bip127.signed"))

    def _all_known(self) -> bool:
        return all(one.previous is not None for one in self._proof.inputs)

    def _without_previous(self, index: int) -> Judged:
        one = self._proof.transaction.inputs[index]
        for item in (*one.witness, *pushes(one.script)):
            if _looks_like_der(item) and item[-1] != _SIGHASH_ALL:
                return failed(say("wallets.bip127.sighash", type=f"0x{item[-1]:02x}"))
        return unsupported(say("wallets.bip127.no_previous"))

    def _run(self, index: int) -> list[int] | None:
        if self._engine is None:
            previous = [one.previous or Output(0, b"") for one in self._proof.inputs]
            self._engine = _Engine(self._proof.transaction, previous)
        return self._engine.run(index)


class _Engine:
    """The full script engine over one transaction."""

    def __init__(self, transaction: Transaction, previous: list[Output]) -> None:
        from btclib.exceptions import BTClibRuntimeError, BTClibValueError
        from btclib.tx import Tx, TxOut

        self._errors = (BTClibValueError, BTClibRuntimeError, ValueError, RuntimeError, IndexError, OverflowError)
        self._tx: Tx | None = None
        self._previous: list[TxOut] = []
        try:
            self._tx = Tx.parse(transaction.serialize())
            self._previous = [TxOut(output.value, output.script) for output in previous]
        except self._errors:
            # Such a transaction could never be mined; every input of it fails.
            return

    def run(self, index: int) -> list[int] | None:
        """The signature hash types consumed by input ``index``, None if its script does not hold."""
        from btclib.script.engine import verify_input

        types: list[int] = []
        if self._tx is None:
            return None
        try:
            verify_input(self._previous, self._tx, index, hash_types=types)
        except self._errors:
            return None
        return types


def pushes(script: bytes) -> Iterator[bytes]:
    """The data pushed by a script of pushes; stops at the first other opcode."""
    place = 0
    while place < len(script):
        opcode = script[place]
        width = {0x4C: 1, 0x4D: 2, 0x4E: 4}.get(opcode, 0)
        if opcode > 0x4E:
            return
        size = int.from_bytes(script[place + 1 : place + 1 + width], "little") if width else opcode
        start = place + 1 + width
        yield script[start : start + size]
        place = start + size


def _looks_like_der(item: bytes) -> bool:
    return 9 <= len(item) <= 73 and item[0] == 0x30 and item[1] == len(item) - 3


def raw(transaction: Transaction) -> Psbt:
    """A signed transaction without anything beside it."""
    return Psbt(transaction, tuple(PsbtInput(None, False, None) for _ in transaction.inputs))
