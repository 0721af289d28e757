"""Bitcoin-style addresses: a network's version bytes, the program an address stands for, and the script it pays to."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from reserves_gui.wallets import base58, bech32, cashaddr
from reserves_gui.wallets.hashing import hash160

_CASH_PREFIXES = ("bitcoincash", "ecash")


class ProgramType(StrEnum):
    """What an address pays to."""

    P2PKH = "P2PKH"
    P2SH = "P2SH"
    P2WPKH = "P2WPKH"
    P2WSH = "P2WSH"
    P2TR = "P2TR"
    WITNESS = "WITNESS"


@dataclass(frozen=True, slots=True)
class Program:
    """The type and the hash (or key) an address carries; ``version`` is the witness version, -1 for base58 forms.

    ``foreign_prefix``: a cashaddr whose checksum was made under the other chain's prefix.
    """

    type: ProgramType
    data: bytes
    version: int = -1
    foreign_prefix: bool = False

    @property
    def normal(self) -> bytes:
        """The same for every spelling of one address."""
        return self.type.encode() + bytes([self.version & 0xFF]) + self.data

    @property
    def script(self) -> bytes:
        """The output script."""
        if self.type is ProgramType.P2PKH:
            return b"\x76\xa9\x14" + self.data + b"\x88\xac"
        if self.type is ProgramType.P2SH:
            return b"\xa9\x14" + self.data + b"\x87"
        opcode = self.version + 0x50 if self.version else 0
        return bytes([opcode, len(self.data)]) + self.data


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Version bytes of a chain. The first of ``p2pkh`` and ``p2sh`` is the one written today."""

    p2pkh: tuple[bytes, ...]
    p2sh: tuple[bytes, ...]
    hrp: str = ""
    cashaddr: bool = False


def _network(p2pkh: str, p2sh: str, hrp: str = "", *, cash: bool = False) -> Network:
    versions = [tuple(bytes.fromhex(version) for version in group.split()) for group in (p2pkh, p2sh)]
    return Network(p2pkh=versions[0], p2sh=versions[1], hrp=hrp, cashaddr=cash)


NETWORKS = {
    "btc": _network("00", "05", "bc"),
    "btc-test": _network("6f", "c4", "tb"),
    "btc-regtest": _network("6f", "c4", "bcrt"),
    "bch": _network("00", "05", cash=True),
    "bcha": _network("00", "05", cash=True),
    "ltc": _network("30", "32 05", "ltc"),
    "doge": _network("1e", "16"),
    "dash": _network("4c", "10"),
    "btg": _network("26", "17", "btg"),
    "dgb": _network("1e", "3f 05", "dgb"),
    "qtum": _network("3a", "32", "qc"),
    "rvn": _network("3c", "7a"),
    "zec": _network("1cb8", "1cbd"),
}


def decode(text: str, kind: str) -> Program | None:
    """The program of an address on the network ``kind``; None if it is none of that network's."""
    network = NETWORKS[kind]
    if network.hrp and text[: len(network.hrp) + 1].lower() == f"{network.hrp}1":
        return _witness(text, network.hrp)
    payload = base58.decode_check(text)
    if payload is not None:
        for versions, type_ in ((network.p2pkh, ProgramType.P2PKH), (network.p2sh, ProgramType.P2SH)):
            for version in versions:
                if payload.startswith(version) and len(payload) == len(version) + 20:
                    return Program(type_, payload[len(version) :])
        return None
    return _cash(text) if network.cashaddr else None


def encode(program: Program, kind: str) -> str:
    """The address of a program on the network ``kind`` in today's form."""
    network = NETWORKS[kind]
    if program.version >= 0:
        return bech32.encode_witness(network.hrp, program.version, program.data)
    versions = network.p2pkh if program.type is ProgramType.P2PKH else network.p2sh
    return base58.encode_check(versions[0] + program.data)


def from_script(script: bytes) -> Program | None:
    """The program of an output script of a standard form, None for any other."""
    if len(script) == 25 and script.startswith(b"\x76\xa9\x14") and script.endswith(b"\x88\xac"):
        return Program(ProgramType.P2PKH, script[3:23])
    if len(script) == 23 and script.startswith(b"\xa9\x14") and script.endswith(b"\x87"):
        return Program(ProgramType.P2SH, script[2:22])
    if 4 <= len(script) <= 42 and script[1] == len(script) - 2 and (script[0] == 0 or 0x51 <= script[0] <= 0x60):
        return witness_program(script[0] - 0x50 if script[0] else 0, script[2:])
    return None


def witness_program(version: int, data: bytes) -> Program | None:
    """A witness program; None for a version 0 program that is neither 20 nor 32 bytes long."""
    if version == 0:
        type_ = {20: ProgramType.P2WPKH, 32: ProgramType.P2WSH}.get(len(data))
        return None if type_ is None else Program(type_, data, 0)
    if version == 1 and len(data) == 32:
        return Program(ProgramType.P2TR, data, 1)
    return Program(ProgramType.WITNESS, data, version)


def p2sh(script: bytes) -> Program:
    """The program of an address that pays to the hash of a script."""
    return Program(ProgramType.P2SH, hash160(script))


def wsh_script(script: bytes) -> bytes:
    """The output script 00 20 SHA256(script)."""
    return b"\x00\x20" + hashlib.sha256(script).digest()


def of_key(uncompressed: bytes) -> tuple[Program, ...]:
    """Every program that one public key alone controls: H160(u), H160(c), P2SH(00 14 H160(c)), P2WPKH(H160(c))."""
    short = hash160(compressed(uncompressed))
    return (
        Program(ProgramType.P2PKH, short),
        Program(ProgramType.P2PKH, hash160(uncompressed)),
        Program(ProgramType.P2SH, hash160(b"\x00\x14" + short)),
        Program(ProgramType.P2WPKH, short, 0),
    )


def controls(key: bytes, program: Program) -> bool:
    """Whether a program is one that this key (65 bytes) alone controls: H160(u), H160(c), P2SH(00 14 H160(c)) or
    P2WPKH(H160(c)).
    """
    short = hash160(compressed(key))
    if program.type is ProgramType.P2PKH:
        return program.data in (short, hash160(key))
    if program.type is ProgramType.P2WPKH:
        return program.data == short
    return program.type is ProgramType.P2SH and program.data == hash160(b"\x00\x14" + short)


def compressed(uncompressed: bytes) -> bytes:
    """The 33-byte form of a 65-byte public key."""
    return bytes([2 + (uncompressed[64] & 1)]) + uncompressed[1:33]


def _witness(text: str, hrp: str) -> Program | None:
    decoded = bech32.decode_witness(text, hrp)
    return None if decoded is None else witness_program(*decoded)


def _cash(text: str) -> Program | None:
    prefix, separator, body = text.rpartition(":")
    stated = prefix.lower()
    if separator and (stated not in _CASH_PREFIXES or (prefix.isupper() != body.isupper())):
        return None
    for tried in _CASH_PREFIXES:
        payload = cashaddr.decode(body, tried)
        if payload is not None and len(payload) == 21 and payload[0] in (0, 8):
            type_ = ProgramType.P2PKH if payload[0] == 0 else ProgramType.P2SH
            return Program(type_, payload[1:], foreign_prefix=bool(separator) and tried != stated)
    return None
