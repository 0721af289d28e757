"""Kinds of addresses: for each, how its text is decoded and how a public key derives it.

Both give the same canonical bytes, so a match is one comparison. Names are those of the coin table.
Sources of the derivations: the chains' own documentation, held against published signatures of each kind.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from reserves_gui.wallets import base32, base58, bech32, bitcoin_address, cashaddr, ton
from reserves_gui.wallets.hashing import blake2b, crc16_xmodem, hash160, keccak256, sha256d

Decode = Callable[[str], bytes | None]
Derive = Callable[[bytes], tuple[bytes, ...]]


class KeyType(StrEnum):
    """Which public key an address comes from."""

    SECP256K1 = "secp256k1"
    ED25519 = "ed25519"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Kind:
    """``decode``: text to canonical bytes, None if it is no such address. ``derive``: public key (65 bytes
    uncompressed secp256k1, or 32 bytes ed25519) to every canonical form it can have.
    """

    name: str
    key: KeyType
    decode: Decode
    derive: Derive = lambda _key: ()


_HEX_40 = re.compile(r"0[xX][0-9a-fA-F]{40}", re.ASCII)
_HEX_64 = re.compile(r"0[xX][0-9a-fA-F]{64}", re.ASCII)
_HEX_1_64 = re.compile(r"0[xX][0-9a-fA-F]{1,64}", re.ASCII)
_BARE_64 = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_NEAR_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", re.ASCII)
_ICON = re.compile(r"hx[0-9a-fA-F]{40}", re.ASCII)
_ENTITY = re.compile(r"(?:0|[1-9][0-9]{0,18})(?:\.(?:0|[1-9][0-9]{0,18})){2}", re.ASCII)
_VALIDATOR = re.compile(r"(?:0[xX])?(?:[0-9a-fA-F]{96}|[0-9a-fA-F]{40})", re.ASCII)
STARK_PRIME = 2**251 + 17 * 2**192 + 1


def evm_of_key(key: bytes) -> bytes:
    """E = K(u[1:])[12:]."""
    return keccak256(key[1:])[12:]


def _evm(text: str) -> bytes | None:
    return bytes.fromhex(text[2:]) if _HEX_40.fullmatch(text) else None


def _evm_derive(key: bytes) -> tuple[bytes, ...]:
    return (evm_of_key(key),)


def _short(key: bytes) -> tuple[bytes, ...]:
    return (hash160(bitcoin_address.compressed(key)),)


def _sized(data: bytes | None, size: int) -> bytes | None:
    return data if data is not None and len(data) == size else None


def _bech32(hrp: str, size: int = 20) -> Decode:
    return lambda text: _sized(bech32.decode_bytes(text, hrp), size)


def _evm_or_ex(text: str) -> bytes | None:
    return _evm(text) or _sized(bech32.decode_bytes(text, "ex"), 20)


def _filecoin_delegated(text: str) -> bytes | None:
    if plain := _evm(text):
        return plain
    body = text.removeprefix("f410f")
    data = base32.decode(body.upper()) if body != text and body.islower() else None
    if data is None or len(data) != 24:
        return None
    return data[:20] if blake2b(b"\x04\x0a" + data[:20], 4) == data[20:] else None


def _filecoin(text: str) -> bytes | None:
    data = base32.decode(text[2:].upper()) if text.startswith("f1") and text.islower() else None
    if data is None or len(data) != 24:
        return None
    return data[:20] if blake2b(b"\x01" + data[:20], 4) == data[20:] else None


def _conflux(text: str) -> bytes | None:
    prefix, _, body = text.rpartition(":")
    # The long form names the type in between: CFX:TYPE.USER:…
    head, *middle = prefix.split(":")
    if head.lower() != "cfx" or len(middle) > 1:
        return None
    data = cashaddr.decode(body, "cfx", cashaddr.CONFLUX_LETTERS)
    return data[1:] if data is not None and len(data) == 21 and data[0] == 0 else None


def _conflux_derive(key: bytes) -> tuple[bytes, ...]:
    account = evm_of_key(key)
    return (bytes([account[0] & 0x0F | 0x10]) + account[1:],)


def _aelf(text: str) -> bytes | None:
    bare = re.sub(r"^ELF_|_[A-Za-z]{4}$", "", text)
    return _sized(base58.decode_check(bare), 32)


def _icon(text: str) -> bytes | None:
    return bytes.fromhex(text[2:]) if _ICON.fullmatch(text) else None


def _stacks(text: str) -> bytes | None:
    data = base32.decode_crockford(text[2:]) if text.startswith("SP") else None
    if data is None or len(data) != 24:
        return None
    return data[:20] if sha256d(b"\x16" + data[:20])[:4] == data[20:] else None


def _avalanche_x(text: str) -> bytes | None:
    return _sized(bech32.decode_bytes(text[2:], "avax"), 20) if text.startswith("X-") else None


def _ripple(text: str) -> bytes | None:
    data = base58.decode_check(text, base58.RIPPLE)
    return data[1:] if data is not None and len(data) == 21 and data[0] == 0 else None


def _tron(text: str) -> bytes | None:
    data = base58.decode_check(text)
    return data[1:] if data is not None and len(data) == 21 and data[0] == 0x41 else None


def _solana(text: str) -> bytes | None:
    return _sized(base58.decode(text), 32)


def _move(text: str) -> bytes | None:
    return bytes.fromhex(text[2:].rjust(64, "0")) if _HEX_1_64.fullmatch(text) else None


def _hex_32(text: str) -> bytes | None:
    return bytes.fromhex(text[2:]) if _HEX_64.fullmatch(text) else None


def ss58_prefix(network: int) -> bytes:
    """The prefix bytes of an SS58 network number: one byte below 64, else
    ((n & 0xfc) >> 2) + 0x40, (n >> 8) + ((n & 3) << 6).
    """
    if network < 64:
        return bytes([network])
    return bytes([((network & 0xFC) >> 2) + 0x40, (network >> 8) + ((network & 3) << 6)])


def _ss58(network: int) -> Decode:
    prefix = ss58_prefix(network)

    def decode(text: str) -> bytes | None:
        data = base58.decode(text)
        if data is None or len(data) != len(prefix) + 34 or not data.startswith(prefix):
            return None
        return data[len(prefix) : -2] if blake2b(b"SS58PRE" + data[:-2], 64)[:2] == data[-2:] else None

    return decode


def _stellar(text: str) -> bytes | None:
    data = base32.decode(text) if len(text) == 56 else None
    if data is None or data[0] != 0x30:
        return None
    return data[1:33] if crc16_xmodem(data[:33]).to_bytes(2, "little") == data[33:] else None


def _cardano(text: str) -> bytes | None:
    data = bech32.decode_bytes(text, "addr")
    # Enterprise addresses hold one key hash, base addresses two; the last four bits of the header are the main network.
    if data is None or not data or data[0] & 0x0F != 1:
        return None
    return data if len(data) in (29, 57) else None


def _near(text: str) -> bytes | None:
    if _BARE_64.fullmatch(text):
        return bytes.fromhex(text)
    return text.encode("ascii") if 2 <= len(text) <= 64 and _NEAR_NAME.fullmatch(text) else None


def is_near_name(text: str) -> bool:
    """Whether an account is a name that no key derives."""
    return _BARE_64.fullmatch(text) is None


def _algorand(text: str) -> bytes | None:
    data = base32.decode(text) if len(text) == 58 else None
    if data is None:
        return None
    return data[:32] if hashlib.new("sha512_256", data[:32]).digest()[28:] == data[32:] else None


def _hedera(text: str) -> bytes | None:
    return text.encode("ascii") if _ENTITY.fullmatch(text) else None


def _starknet(text: str) -> bytes | None:
    data = _move(text)
    return data if data is not None and 0 < int.from_bytes(data, "big") < STARK_PRIME else None


def _validator(text: str) -> bytes | None:
    return bytes.fromhex(text[2:] if text[:2] in ("0x", "0X") else text) if _VALIDATOR.fullmatch(text) else None


def _beacon(text: str) -> bytes | None:
    return _sized(_validator(text), 48)


def _bitcoin(network: str) -> Decode:
    def decode(text: str) -> bytes | None:
        program = bitcoin_address.decode(text, network)
        return None if program is None else program.normal

    return decode


def _bitcoin_derive(key: bytes) -> tuple[bytes, ...]:
    return tuple(program.normal for program in bitcoin_address.of_key(key))


def _ton_text(text: str) -> bytes | None:
    return ton.decode(text)


def _icon_derive(key: bytes) -> tuple[bytes, ...]:
    return (hashlib.sha3_256(key[1:]).digest()[-20:],)


def _same(key: bytes) -> tuple[bytes, ...]:
    return (key,)


def _secp(name: str, decode: Decode, derive: Derive) -> Kind:
    return Kind(name, KeyType.SECP256K1, decode, derive)


def _edwards(name: str, decode: Decode, derive: Derive = _same) -> Kind:
    return Kind(name, KeyType.ED25519, decode, derive)


_SS58 = {
    "dot": 0, "asset-hub": 0, "ksm": 2, "sdn": 5, "karu": 8, "pha": 30, "cfg": 36, "clv": 42, "avail": 42,
    "efi": 1110, "enjin": 2135,
}  # fmt: skip
_COSMOS = {
    "lunc": "terra", "terra": "terra", "tia": "celestia", "atom": "cosmos", "cro": "cro", "dora": "dora",
    "dydx": "dydx",
}  # fmt: skip

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        *(_secp(network, _bitcoin(network), _bitcoin_derive) for network in bitcoin_address.NETWORKS),
        _secp("evm", _evm, _evm_derive),
        _secp("fil-evm", _filecoin_delegated, _evm_derive),
        _secp("okc", _evm_or_ex, _evm_derive),
        _secp("lat", _bech32("lat"), _evm_derive),
        _secp("inj", _bech32("inj"), _evm_derive),
        _secp("one", _bech32("one"), _evm_derive),
        *(_secp(name, _bech32(hrp), _short) for name, hrp in _COSMOS.items()),
        _secp("avax-x", _avalanche_x, _short),
        _secp("stx", _stacks, _short),
        _secp("xrp", _ripple, _short),
        _secp("fil", _filecoin, lambda key: (blake2b(key, 20),)),
        _secp("cfx", _conflux, _conflux_derive),
        _secp("elf", _aelf, lambda key: (sha256d(key),)),
        _secp("icx", _icon, _icon_derive),
        _secp("trx", _tron, _evm_derive),
        _edwards("sol", _solana),
        _edwards("aptos", _move, lambda key: (hashlib.sha3_256(key + b"\x00").digest(),)),
        _edwards("sui", _hex_32, lambda key: (blake2b(b"\x00" + key, 32),)),
        _edwards("ton", _ton_text, ton.wallets_of_key),
        *(_edwards(name, _ss58(network)) for name, network in _SS58.items()),
        *(_edwards(name, _stellar) for name in ("xlm", "pi", "stellar")),
        _edwards("ada", _cardano, lambda key: (b"\x61" + blake2b(key, 28),)),
        _edwards("near", _near),
        Kind("beth", KeyType.NONE, _beacon),
        Kind("validator", KeyType.NONE, _validator),
        Kind("algo", KeyType.NONE, _algorand),
        Kind("hbar", KeyType.NONE, _hedera),
        Kind("starknet", KeyType.NONE, _starknet),
    )
}


def decode(kind: str, text: str) -> bytes | None:
    """The canonical bytes of an address of that kind, None if the text is no such address."""
    return KINDS[kind].decode(text)
