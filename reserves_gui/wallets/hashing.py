"""Hashes that address formats and signed messages are made of."""

import hashlib
from functools import cache


def keccak256(data: bytes) -> bytes:
    """Keccak-256 with the original padding (Ethereum), not SHA3-256. 32 bytes."""
    # Imported late, like every library of this room: a command that reads no wallet list should not load it.
    from Crypto.Hash import keccak

    return keccak.new(digest_bits=256, data=data).digest()


def sha256d(data: bytes) -> bytes:
    """SHA-256 twice. 32 bytes."""
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def ripemd160(data: bytes) -> bytes:
    """RIPEMD-160. 20 bytes. ``hashlib`` lacks it where OpenSSL was built without legacy algorithms."""
    from Crypto.Hash import RIPEMD160

    return RIPEMD160.new(data).digest()


def hash160(data: bytes) -> bytes:
    """RIPEMD160(SHA256(data)). 20 bytes."""
    return ripemd160(hashlib.sha256(data).digest())


def blake2b(data: bytes, size: int) -> bytes:
    """BLAKE2b with ``size`` bytes of output."""
    return hashlib.blake2b(data, digest_size=size).digest()


def compact_size(number: int) -> bytes:
    """A Bitcoin CompactSize length."""
    if number < 0xFD:
        return bytes([number])
    if number <= 0xFFFF:
        return b"\xfd" + number.to_bytes(2, "little")
    if number <= 0xFFFFFFFF:
        return b"\xfe" + number.to_bytes(4, "little")
    return b"\xff" + number.to_bytes(8, "little")


def framed(text: str) -> bytes:
    """vs(text) = CompactSize length, then the UTF-8 bytes."""
    data = text.encode("utf-8", "surrogatepass")
    return compact_size(len(data)) + data


@cache
def framed_prefix(prefix: str) -> bytes:
    """The frame of a message prefix; there are about twenty of them."""
    return framed(prefix)


def crc16_xmodem(data: bytes) -> int:
    """CRC-16/XMODEM: polynomial 0x1021, start value 0."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x1021) & 0xFFFF if crc & 0x8000 else (crc << 1) & 0xFFFF
    return crc
