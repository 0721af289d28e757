"""Cashaddr (Bitcoin Cash) and its relative, Conflux base32 (CIP-37): a 40-bit checksum over the prefix."""

from reserves_gui.wallets.bech32 import LETTERS, from_bytes, to_bytes

CONFLUX_LETTERS = "abcdefghjkmnprstuvwxyz0123456789"
_GENERATOR = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)
_LONGEST = 120


def _polymod(values: list[int]) -> int:
    state = 1
    for value in values:
        top = state >> 35
        state = (state & 0x07FFFFFFFF) << 5 ^ value
        for bit in range(5):
            if top >> bit & 1:
                state ^= _GENERATOR[bit]
    return state ^ 1


def _expand(prefix: str) -> list[int]:
    return [ord(letter) & 31 for letter in prefix] + [0]


def decode(body: str, prefix: str, letters: str = LETTERS) -> bytes | None:
    """The bytes (version byte first) of ``body``, which follows ``prefix`` and a colon; None if anything is off."""
    lower = body.lower()
    if len(body) > _LONGEST or len(body) < 9 or body not in (lower, body.upper()):
        return None
    values = [letters.find(letter) for letter in lower]
    if -1 in values or _polymod(_expand(prefix) + values):
        return None
    return to_bytes(values[:-8])


def encode(data: bytes, prefix: str, letters: str = LETTERS) -> str:
    """The text of ``data`` without its prefix."""
    values = from_bytes(data)
    state = _polymod(_expand(prefix) + values + [0] * 8)
    check = [state >> 5 * (7 - place) & 31 for place in range(8)]
    return "".join(letters[value] for value in values + check)
