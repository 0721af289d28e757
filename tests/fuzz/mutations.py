"""Small ways to spoil a file: what a broken download, a careless editor or an attacker would leave behind."""

import random
import re
from collections.abc import Callable, Iterator

_Mutation = Callable[[bytes, random.Random], bytes]
_NUMBERS = re.compile(rb"\d+")
_VALUES = re.compile(rb'"[^"\\]{1,200}"')
_ODD = (
    b"NaN",
    b"-1",
    b"1e9999999",
    b"0x10",
    b"9" * 5000,
    b"null",
    b"{}",
    b"[]",
    b"true",
    b'"\\ud800"',
    b"-0.0",
    b"1_000",
)


def flipped(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << dice.randrange(8))]) + data[at + 1 :]


def cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data))]


def repeated(data: bytes, dice: random.Random) -> bytes:
    first, last = sorted(dice.randrange(len(data)) for _ in range(2))
    return data[:last] + data[first:last] + data[last:]


def dropped(data: bytes, dice: random.Random) -> bytes:
    first = dice.randrange(len(data))
    return data[:first] + data[first + dice.randrange(1, 200) :]


def odd_number(data: bytes, dice: random.Random) -> bytes:
    return _replaced(_NUMBERS, data, dice)


def odd_value(data: bytes, dice: random.Random) -> bytes:
    return _replaced(_VALUES, data, dice)


def nested(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data))
    return data[:at] + b"[" * dice.choice((70, 2000, 100_000)) + data[at:]


def other_bytes(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data))
    return data[:at] + dice.choice((b"\0", b"\xff\xfe", "١٢".encode(), b"\r\n\r\n", "\u202e".encode())) + data[at:]


ALL: tuple[_Mutation, ...] = (flipped, cut, repeated, dropped, odd_number, odd_value, nested, other_bytes)


def spoiled(data: bytes, count: int, seed: str) -> Iterator[bytes]:
    """``count`` spoiled copies, every way in turn; the same ones for the same seed."""
    dice = random.Random(seed)
    for number in range(count):
        made = data
        for _ in range(dice.choice((1, 1, 1, 2, 4))):
            made = ALL[number % len(ALL)](made, dice) if made else made
        yield made


def _replaced(pattern: re.Pattern[bytes], data: bytes, dice: random.Random) -> bytes:
    found = list(pattern.finditer(data))
    if not found:
        return flipped(data, dice)
    chosen = dice.choice(found)
    return data[: chosen.start()] + dice.choice(_ODD) + data[chosen.end() :]
