"""Canonical JSON: one spelling for one content, so that a hash of it is a reference to the content.

Keys sorted by code point, no blanks, UTF-8, no floats: amounts are texts.
"""

import hashlib
import json
from typing import Any


def canonical_bytes(value: Any) -> bytes:
    """``value`` as canonical JSON: objects, arrays, texts, whole numbers, booleans and null.

    Raises ``TypeError`` for anything else, floats above all.
    """
    _only_exact(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def reference(value: Any) -> str:
    """The SHA-256 of the canonical JSON of ``value``, lower-case hex."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def _only_exact(value: Any) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if not all(isinstance(key, str) for key in item):
                raise TypeError("canonical JSON has text keys only")
            waiting.extend(item.values())
        elif isinstance(item, (list, tuple)):
            waiting.extend(item)
        elif not (item is None or isinstance(item, (str, int))):
            raise TypeError(f"canonical JSON holds no {type(item).__name__}")
