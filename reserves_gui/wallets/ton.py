"""TON: user-friendly addresses, and the contract address of a wallet of one public key.

h = SHA256( 02 01 34 ‖ BE16(depth of code) ‖ 00 00 ‖ codeHash ‖ SHA256(dataCell) )
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from reserves_gui.wallets.hashing import crc16_xmodem

_BOUNCEABLE, _PLAIN = 0x11, 0x51
_BASECHAIN = 0


@dataclass(frozen=True, slots=True)
class _Code:
    """The code of a wallet contract: representation hash and depth of its cell tree."""

    hash: bytes
    depth: int


_V3R2 = _Code(bytes.fromhex("84dafa449f98a6987789ba232358072bc0f76dc4524002a5d0918b9a75d2d599"), 0)
_HIGHLOAD_V3 = _Code(bytes.fromhex("11acad7955844090f283bf238bc1449871f783e7cc0979408d3f4859483e8525"), 6)
_V3_SUBWALLET = 698983191
_HIGHLOAD_SUBWALLET = 4269
_HIGHLOAD_TIMEOUT = 43200


def decode(text: str) -> bytes | None:
    """Workchain byte and the 32-byte hash; the two tags (bounceable or not) give the same. None if anything is off."""
    if len(text) != 48:
        return None
    try:
        data = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        return None
    if data[0] not in (_BOUNCEABLE, _PLAIN) or data[1] not in (0, 0xFF):
        return None
    return data[1:34] if crc16_xmodem(data[:34]).to_bytes(2, "big") == data[34:] else None


def wallets_of_key(key: bytes) -> tuple[bytes, ...]:
    """The canonical addresses of the known wallet contracts of a 32-byte public key, on the base chain."""
    # dataCell = 00 50 ‖ seqno 00000000 ‖ BE32(subwallet) ‖ pub
    v3 = b"\x00\x50" + bytes(4) + _V3_SUBWALLET.to_bytes(4, "big") + key
    # dataCell = 00 5e ‖ bits pub(256) ‖ BE32(subwallet) ‖ two zero bits ‖ 64 zero bits ‖ 22 bits of the timeout
    bits = int.from_bytes(key, "big") << 32 | _HIGHLOAD_SUBWALLET
    highload = b"\x00\x5e" + (bits << 2 + 64 + 22 | _HIGHLOAD_TIMEOUT).to_bytes(47, "big")
    return (_address(_V3R2, v3), _address(_HIGHLOAD_V3, highload))


def _address(code: _Code, data_cell: bytes) -> bytes:
    head = b"\x02\x01\x34" + code.depth.to_bytes(2, "big") + b"\x00\x00"
    state = hashlib.sha256(head + code.hash + hashlib.sha256(data_cell).digest()).digest()
    return bytes([_BASECHAIN]) + state
