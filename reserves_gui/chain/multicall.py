"""Many reads in one call: Multicall3 (mds1/multicall src/Multicall3.sol), encoded and read here."""

from collections.abc import Sequence

from reserves_gui.chain.port import unusable

ADDRESS = "0xca11bde05977b3631167028862be2a173976ca11"
# keccak256 of the code the contract has on every chain where it is genuine.
CODE_HASH = "d5c15df687b16f2ff992fc8d767b4216323184a2bbc6ee2f9c398c318e770891"
CHUNK = 500

AGGREGATE3 = bytes.fromhex("82ad56cb")
GET_ETH_BALANCE = bytes.fromhex("4d2301cc")
GET_BLOCK_NUMBER = bytes.fromhex("42cbb15c")
BALANCE_OF = bytes.fromhex("70a08231")
DECIMALS = bytes.fromhex("313ce567")


def word(value: int) -> bytes:
    """A 32-byte big-endian word."""
    return value.to_bytes(32, "big")


def with_address(selector: bytes, address: bytes) -> bytes:
    """A call of one address argument."""
    return selector + address.rjust(32, b"\x00")


def aggregate3(calls: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Call data of ``aggregate3`` (target, may fail, data) with every call allowed to fail."""
    parts = []
    for target, data in calls:
        padded = data + bytes(-len(data) % 32)
        parts.append(target.rjust(32, b"\x00") + word(1) + word(96) + word(len(data)) + padded)
    offsets, at = [], 32 * len(parts)
    for part in parts:
        offsets.append(word(at))
        at += len(part)
    return AGGREGATE3 + word(32) + word(len(parts)) + b"".join(offsets) + b"".join(parts)


def results(data: bytes, count: int) -> list[bytes | None]:
    """The ``count`` results of (bool, bytes)[]: a 32-byte word, or None where a call failed or gave another length."""
    base = _number(data, 0, 2**20)
    if _number(data, base, 2**20) != count:
        raise unusable("chain.multicall")
    start = base + 32
    found: list[bytes | None] = []
    for index in range(count):
        entry = start + _number(data, start + 32 * index, len(data))
        succeeded = _number(data, entry, 1)
        body = entry + _number(data, entry + 32, len(data))
        size = _number(data, body, len(data))
        value = data[body + 32 : body + 32 + size]
        if len(value) != size:
            raise unusable("chain.multicall")
        found.append(value if succeeded and size == 32 else None)
    return found


def _number(data: bytes, at: int, most: int) -> int:
    part = data[at : at + 32]
    value = int.from_bytes(part, "big")
    if len(part) != 32 or value > most:
        raise unusable("chain.multicall")
    return value
