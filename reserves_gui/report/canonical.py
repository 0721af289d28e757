"""Canonical JSON and the reference of a report.

``reference = SHA-256(UTF-8(JSON with keys sorted by code point, no blanks, no floats))``, so that the same content has
the same reference however a file spells it, and any change of content has another.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from reserves_gui.messages import visible


def canonical_bytes(value: Any) -> bytes:
    """``value`` as canonical JSON: objects, arrays, texts, whole numbers, booleans and null.

    Raises ``TypeError`` for anything else, floats above all: amounts are texts.
    """
    _only_exact(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def reference(value: Any) -> str:
    """The SHA-256 of the canonical JSON of ``value``, lower-case hex."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def readable_json(value: Any) -> str:
    """The same value for people: sorted, indented, with invisible and re-ordering characters as escapes."""
    _only_exact(value)
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False)
    if text.isascii():
        return text + "\n"
    # Outside its texts JSON is ASCII, so every such character stands in a text, where an escape means the same.
    return "".join(_escaped(char) if not char.isascii() and visible(char) != char else char for char in text) + "\n"


def without_surrogates(value: Any) -> Any:
    """``value`` with lone surrogates of its texts written out: a file name may hold bytes that are no UTF-8."""
    if isinstance(value, str):
        return _encodable(value)
    if isinstance(value, Mapping):
        return {_encodable(str(key)): without_surrogates(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [without_surrogates(item) for item in value]
    return value


def _encodable(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join(visible(char) if 0xD800 <= ord(char) < 0xE000 else char for char in text)
    return text


def _escaped(char: str) -> str:
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _only_exact(value: Any) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if not all(isinstance(key, str) for key in item):
                raise TypeError("canonical JSON has text keys only")
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif not (item is None or isinstance(item, (str, int))):
            raise TypeError(f"canonical JSON holds no {type(item).__name__}")
