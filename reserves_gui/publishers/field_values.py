"""Values as files of zero-knowledge proofs write them: whole JSON numbers, 32-byte elements in hex and base64."""

import base64
import binascii
import re

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.shape import Shape, wrong_type
from reserves_gui.messages import say
from reserves_gui.zk.bn254 import element

_INTEGER = re.compile(r"0|-?[1-9][0-9]*", re.ASCII)
_HEX = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


def whole_number(shape: Shape) -> int:
    """A JSON number without fraction or exponent; a sign is kept, so that the rule on its range can fail.

    Raises ``format.shape`` (no number) and ``number.grammar``.
    """
    if not shape.is_number:
        shape.refuse(wrong_type("number"))
    return signed_integer(shape.digits(), shape.where)


def signed_integer(text: str, where: str) -> int:
    """The whole number that ``text`` writes, with its sign. Raises ``number.grammar``."""
    if len(text) > limits.INTEGER_DIGITS + 1 or _INTEGER.fullmatch(text) is None:
        shown = text if len(text) <= 40 else f"{text[:20]}…"
        raise ReservesError(ErrorCode.NUMBER_GRAMMAR, say("error.number_grammar", text=shown), where)
    return int(text)


def hex_element(text: str) -> int | None:
    """The element in 64 hex digits of any case, None if it is none or not below r."""
    return element(bytes.fromhex(text)) if _HEX.fullmatch(text) else None


def base64_bytes(text: str) -> bytes | None:
    """The bytes of canonical, padded base64; None if the text is anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode("ascii") == text else None


def base64_element(text: str) -> int | None:
    """The element in base64 of 32 bytes, None if it is none or not below r."""
    data = base64_bytes(text)
    return None if data is None else element(data)
