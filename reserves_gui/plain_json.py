"""How much a JSON text holds, told before a recursive reader looks at it; and files of our own, read with that bound.

2026-11-27: libraries for elliptic curves raise the interpreter's limit of recursion to 100,000. From then on a text of
nested brackets does not end in ``RecursionError``: the reader's own stack overflows, and the process is gone. So
nothing is parsed whose nesting was not looked at before.
"""

import json
import re
from enum import StrEnum
from typing import Any

from reserves_gui import limits

# A whole string literal, or one structural character. No nested repetition: every character is looked at once.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},]', re.DOTALL)


class Excess(StrEnum):
    """What of a JSON text is too much."""

    DEPTH = "depth"
    VALUES = "values"


def excess(text: str, *, depth: int, values: int) -> Excess | None:
    """Whether ``text`` nests more than ``depth`` levels or holds more than ``values`` values; None if neither.

    Up to the first error of its grammar this is exact, and behind that no reader goes.
    """
    if text.count("[") + text.count("{") <= depth and text.count(",") <= values - depth:
        return None
    level = seen = 0
    for match in _TOKEN.finditer(text):
        mark = match[0]
        if mark in ("{", "["):
            level += 1
            seen += 1
            if level > depth:
                return Excess.DEPTH
        elif mark in ("}", "]"):
            level -= 1
        elif mark == ",":
            seen += 1
        if seen > values:
            return Excess.VALUES
    return None


def load_plain(data: str | bytes) -> Any:
    """A JSON document that the program wrote for itself, UTF-8; anybody may have changed it since.

    Raises ``ValueError``, also for what nests deeper or holds more than ``limits.JSON_DEPTH`` and ``JSON_VALUES``.
    What it says is for the caller to check; files that people hand over pass the gate of ``intake`` instead.
    """
    text = data.decode("utf-8") if isinstance(data, bytes) else data
    found = excess(text, depth=limits.JSON_DEPTH, values=limits.JSON_VALUES)
    if found is not None:
        raise ValueError(f"too much: {found}")
    return json.loads(text)
