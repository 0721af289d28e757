"""Answers and files made wrong: spoiled as bytes or, where they are JSON, with one value replaced. Seeded."""

import json
from random import Random
from typing import Any

from tests.fuzz import mutations


def _nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


_VALUES: tuple[Any, ...] = (
    None,
    True,
    [],
    {},
    [[]],
    [{}],
    {"": ""},
    "",
    "0x",
    "0x" + "f" * 64,
    "zz",
    "9" * 100,
    "-1",
    "\ud800",
    "\u0663",
    "a" * 70_000,
    0,
    -1,
    2**31,
    2**63,
    2**64,
    2**256,
    10**400,
    1.5,
    1e-30,
    _nested(40),
    _nested(80),
)


_DEEPEST = 500


def mutated(data: bytes, draw: Random) -> bytes:
    """``data`` with one or two things wrong."""
    for _ in range(draw.randrange(1, 3)):
        data = _value_changed(data, draw) if draw.random() < 0.5 else _bytes_changed(data, draw)
    return data


def _bytes_changed(data: bytes, draw: Random) -> bytes:
    return draw.choice(mutations.ALL)(data, draw) if data else draw.choice((b"[]", b"{}", b"\x00"))


def _value_changed(data: bytes, draw: Random) -> bytes:
    # Libraries raise the interpreter's limit of recursion so far that the plain reader would overflow its stack.
    if data.count(b"[") + data.count(b"{") > _DEEPEST:
        return _bytes_changed(data, draw)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return _bytes_changed(data, draw)
    return json.dumps(changed(document, draw)).encode()


def changed(value: Any, draw: Random) -> Any:
    """A JSON value with one value in it replaced, left out or doubled. ``value`` itself is left as it is."""
    if isinstance(value, dict) and value and draw.random() < 0.85:
        key = draw.choice(sorted(value))
        kept = {name: each for name, each in value.items() if name != key}
        return kept if draw.random() < 0.15 else {**kept, key: changed(value[key], draw)}
    if isinstance(value, list) and value and draw.random() < 0.85:
        place = draw.randrange(len(value))
        how = draw.random()
        middle = [] if how < 0.1 else [value[place]] * 2 if how < 0.2 else [changed(value[place], draw)]
        return value[:place] + middle + value[place + 1 :]
    return draw.choice(_VALUES)
