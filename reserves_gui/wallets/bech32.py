"""Bech32 and bech32m (BIP-173, BIP-350), and the same letters without a witness version."""

from enum import IntEnum

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUE = {letter: value for value, letter in enumerate(LETTERS)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
# Cardano base addresses have 103 characters; Bitcoin's 90 is asked for where an address is Bitcoin's.
_LONGEST = 120
BITCOIN_LONGEST = 90


class Checksum(IntEnum):
    """The constant of a checksum."""

    BECH32 = 1
    BECH32M = 0x2BC830A3


def polymod(values: list[int]) -> int:
    """The checksum of BIP-173 over 5-bit values."""
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for bit in range(5):
            if top >> bit & 1:
                state ^= _GENERATOR[bit]
    return state


def decode(text: str) -> tuple[str, list[int], Checksum] | None:
    """(lower-case prefix, 5-bit values without checksum, which checksum) or None. Mixed case is refused."""
    if len(text) > _LONGEST or not text.isascii():
        return None
    lower = text.lower()
    if text not in (lower, text.upper()):
        return None
    hrp, separator, data = lower.rpartition("1")
    if not separator or not hrp or len(data) < 6:
        return None
    values = [_VALUE.get(letter, -1) for letter in data]
    if -1 in values or any(not 33 <= ord(letter) <= 126 for letter in hrp):
        return None
    state = polymod(_expand(hrp) + values)
    if state not in (Checksum.BECH32, Checksum.BECH32M):
        return None
    return hrp, values[:-6], Checksum(state)


def encode(hrp: str, values: list[int], checksum: Checksum = Checksum.BECH32) -> str:
    """The text of ``values`` under ``hrp``."""
    state = polymod(_expand(hrp) + values + [0] * 6) ^ checksum
    check = [state >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{hrp}1{''.join(LETTERS[value] for value in values + check)}"


def decode_bytes(text: str, hrp: str) -> bytes | None:
    """The bytes of a bech32 text under exactly this prefix; None if anything is off."""
    decoded = decode(text)
    if decoded is None or decoded[0] != hrp or decoded[2] is not Checksum.BECH32:
        return None
    return to_bytes(decoded[1])


def encode_bytes(hrp: str, data: bytes) -> str:
    """``data`` as bech32 under ``hrp``."""
    return encode(hrp, from_bytes(data))


def decode_witness(text: str, hrp: str) -> tuple[int, bytes] | None:
    """(witness version, program) of a segwit address of this network; None if anything is off.

    Version 0 needs bech32 and 20 or 32 bytes, later versions bech32m and 2 to 40 bytes.
    """
    decoded = decode(text) if len(text) <= BITCOIN_LONGEST else None
    if decoded is None or decoded[0] != hrp or not decoded[1]:
        return None
    version, program = decoded[1][0], to_bytes(decoded[1][1:])
    if version > 16 or program is None or not 2 <= len(program) <= 40:
        return None
    if version == 0 and len(program) not in (20, 32):
        return None
    wanted = Checksum.BECH32 if version == 0 else Checksum.BECH32M
    return (version, program) if decoded[2] is wanted else None


def encode_witness(hrp: str, version: int, program: bytes) -> str:
    """The segwit address of a witness program."""
    checksum = Checksum.BECH32 if version == 0 else Checksum.BECH32M
    return encode(hrp, [version, *from_bytes(program)], checksum)


def to_bytes(values: list[int]) -> bytes | None:
    """5-bit values as bytes; None if the padding is longer than 4 bits or not zero."""
    number = bits = 0
    result = bytearray()
    for value in values:
        number = (number << 5 | value) & 0xFFF
        bits += 5
        if bits >= 8:
            bits -= 8
            result.append(number >> bits & 0xFF)
    if bits >= 5 or number & (1 << bits) - 1:
        return None
    return bytes(result)


def from_bytes(data: bytes) -> list[int]:
    """Bytes as 5-bit values, padded with zero bits."""
    number = bits = 0
    result = []
    for byte in data:
        number = (number << 8 | byte) & 0xFFF
        bits += 8
        while bits >= 5:
            bits -= 5
            result.append(number >> bits & 31)
    if bits:
        result.append(number << 5 - bits & 31)
    return result


def _expand(hrp: str) -> list[int]:
    return [ord(letter) >> 5 for letter in hrp] + [0] + [ord(letter) & 31 for letter in hrp]
