"""Partially signed transactions (BIP-174, BIP-370): read, and finalised where the signatures are all there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reserves_gui.wallets import bitcoin_address
from reserves_gui.wallets.bitcoin_address import ProgramType
from reserves_gui.wallets.rules.bitcoin import parse_multisig
from reserves_gui.wallets.transaction import (
    BadTransactionError,
    Cursor,
    Input,
    Outpoint,
    Output,
    Transaction,
    parse,
    read_stack,
)

MAGIC = b"psbt\xff"
_UNSIGNED_TX, _TX_VERSION, _LOCK_TIME, _INPUTS, _OUTPUTS = 0x00, 0x02, 0x03, 0x04, 0x05
_PREVIOUS_TX, _WITNESS_UTXO, _PARTIAL_SIGNATURE, _REDEEM, _WITNESS_SCRIPT = 0x00, 0x01, 0x02, 0x04, 0x05
_FINAL_SCRIPT, _FINAL_WITNESS, _COMMITMENT, _PREVIOUS_ID, _OUTPUT_INDEX, _SEQUENCE = 0x07, 0x08, 0x09, 0x0E, 0x0F, 0x10
_TAPROOT_SIGNATURE = 0x13
_OUT_AMOUNT, _OUT_SCRIPT = 0x03, 0x04

Fields = Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True)
class PsbtInput:
    """One input: the output it spends (None if not given), whether that is told wrongly, and the signed text."""

    previous: Output | None
    contradicts: bool
    commitment: bytes | None


@dataclass(frozen=True, slots=True)
class Psbt:
    """``transaction`` carries the final scripts, and the signatures found where none are final."""

    transaction: Transaction
    inputs: tuple[PsbtInput, ...]


def parse_psbt(data: bytes) -> Psbt:
    """A PSBT of version 0 or 2. Raises :class:`BadTransactionError`."""
    cursor = Cursor(data)
    if cursor.take(5) != MAGIC:
        raise BadTransactionError("no psbt")
    general = _map(cursor)
    unsigned = general.get(bytes([_UNSIGNED_TX]))
    if unsigned is not None:
        transaction = parse(unsigned)
        maps = [_map(cursor) for _ in transaction.inputs]
    else:
        counts = [Cursor(_needed(general, key)).count() for key in (_INPUTS, _OUTPUTS)]
        maps = [_map(cursor) for _ in range(counts[0])]
        transaction = _assembled(general, maps, [_map(cursor) for _ in range(counts[1])])
    inputs = tuple(_input(fields, one) for fields, one in zip(maps, transaction.inputs, strict=True))
    signed = tuple(
        _signed(fields, one, found.previous)
        for fields, one, found in zip(maps, transaction.inputs, inputs, strict=True)
    )
    return Psbt(replace(transaction, inputs=signed), inputs)


def _map(cursor: Cursor) -> dict[bytes, bytes]:
    fields: dict[bytes, bytes] = {}
    while key := cursor.sized():
        if key in fields:
            raise BadTransactionError("repeated key")
        fields[key] = cursor.sized()
    return fields


def _needed(fields: Fields, key: int) -> bytes:
    value = fields.get(bytes([key]))
    if value is None:
        raise BadTransactionError("missing field")
    return value


def _assembled(general: Fields, maps: list[dict[bytes, bytes]], outputs: list[dict[bytes, bytes]]) -> Transaction:
    inputs = tuple(
        Input(
            Outpoint(_exact(_needed(fields, _PREVIOUS_ID), 32), _number(_needed(fields, _OUTPUT_INDEX))),
            b"",
            _number(fields.get(bytes([_SEQUENCE]), b"\xff" * 4)),
        )
        for fields in maps
    )
    made = tuple(
        Output(int.from_bytes(_exact(_needed(fields, _OUT_AMOUNT), 8), "little"), _needed(fields, _OUT_SCRIPT))
        for fields in outputs
    )
    lock_time = _number(general.get(bytes([_LOCK_TIME]), bytes(4)))
    return Transaction(_number(_needed(general, _TX_VERSION)), inputs, made, lock_time)


def _exact(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise BadTransactionError("field length")
    return data


def _number(data: bytes) -> int:
    return int.from_bytes(_exact(data, 4), "little")


def _input(fields: Fields, one: Input) -> PsbtInput:
    stated = fields.get(bytes([_WITNESS_UTXO]))
    previous: Output | None = None
    contradicts = False
    if stated is not None:
        cursor = Cursor(stated)
        previous = Output(cursor.number(8), cursor.sized())
        contradicts = not cursor.at_end
    whole = fields.get(bytes([_PREVIOUS_TX]))
    if whole is not None:
        source = parse(whole)
        if source.txid != one.outpoint.txid or one.outpoint.index >= len(source.outputs):
            contradicts = True
        else:
            found = source.outputs[one.outpoint.index]
            contradicts = contradicts or (previous is not None and previous != found)
            previous = found
    return PsbtInput(previous, contradicts, fields.get(bytes([_COMMITMENT])))


def _signed(fields: Fields, one: Input, previous: Output | None) -> Input:
    script, witness = fields.get(bytes([_FINAL_SCRIPT])), fields.get(bytes([_FINAL_WITNESS]))
    if script is not None or witness is not None:
        stack: tuple[bytes, ...] = ()
        if witness is not None:
            cursor = Cursor(witness)
            stack = read_stack(cursor)
            if not cursor.at_end:
                raise BadTransactionError("trailing bytes")
        return replace(one, script=script or b"", witness=stack)
    return one if previous is None else _finalised(fields, one, previous)


def _finalised(fields: Fields, one: Input, previous: Output) -> Input:
    """The input with its partial signatures put in place, unchanged where the kind of script is not a plain one."""
    partial = {key[1:]: value for key, value in fields.items() if key[0] == _PARTIAL_SIGNATURE and len(key) > 1}
    program = bitcoin_address.from_script(previous.script)
    taproot = fields.get(bytes([_TAPROOT_SIGNATURE]))
    if program is None:
        return one
    if program.type is ProgramType.P2TR and taproot is not None:
        return replace(one, witness=(taproot,))
    redeem, inner = fields.get(bytes([_REDEEM])), fields.get(bytes([_WITNESS_SCRIPT]))
    nested = b"" if redeem is None else _push(redeem)
    wrapped = program.type is ProgramType.P2SH and redeem is not None
    kind = bitcoin_address.from_script(redeem or b"") if wrapped else program
    if kind is None or kind.type is ProgramType.P2SH:
        items = _multisig(redeem or b"", partial)
        return replace(one, script=b"\x00" + b"".join(map(_push, items)) + nested) if items else one
    if kind.type is ProgramType.P2WSH and inner is not None:
        items = _multisig(inner, partial)
        return replace(one, script=nested, witness=(b"", *items, inner)) if items else one
    if len(partial) != 1:
        return one
    ((key, signature),) = partial.items()
    if kind.type is ProgramType.P2PKH:
        return replace(one, script=_push(signature) + _push(key))
    return replace(one, script=nested, witness=(signature, key)) if kind.type is ProgramType.P2WPKH else one


def _multisig(script: bytes, partial: Mapping[bytes, bytes]) -> list[bytes]:
    """As many signatures as the script needs, in the order of its keys; none if there are too few."""
    template = parse_multisig(script)
    if template is None:
        return []
    by_key = {_short(key): signature for key, signature in partial.items()}
    found = [by_key[key] for key in template.keys if key in by_key]
    return found[: template.needed] if len(found) >= template.needed else []


def _short(key: bytes) -> bytes:
    return bitcoin_address.compressed(key) if len(key) == 65 else key


def _push(data: bytes) -> bytes:
    if len(data) < 0x4C:
        return bytes([len(data)]) + data
    if len(data) <= 0xFF:
        return b"\x4c" + bytes([len(data)]) + data
    return b"\x4d" + len(data).to_bytes(2, "little") + data
