"""Text that may be shown to others: ids, balances, hashes, mail addresses, keys and folders are masked."""

import re

MASK = "***"
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_MAIL = re.compile(r"[^\s@/]+@[^\s@]+")
_FOLDER = re.compile(r"(?:[A-Za-z]:)?(?:[\\/][^\\/\s:]+)+[\\/](?=[^\\/\s]*)")
_HEX = re.compile(r"\b(?:0[xX])?[0-9A-Fa-f]{8,}\b")
_WORD = re.compile(r"\b(?=[A-Za-z0-9+/=_-]*[0-9])(?=[A-Za-z0-9+/=_-]*[A-Za-z])[A-Za-z0-9+/=_-]{20,}")
_NUMBER = re.compile(r"-?\d+\.\d+|\d{4,}")


def masked(text: str) -> str:
    """``text`` with everything that could identify a user or her money left out."""
    for pattern in (_QUOTED, _CREDENTIALS, _MAIL, _FOLDER, _HEX, _WORD, _NUMBER):
        text = pattern.sub(MASK, text)
    return text
