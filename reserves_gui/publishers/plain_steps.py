"""Hashes and steps of one user's path, as the files and forms of plain trees write them."""

import base64
import binascii
import re
from dataclasses import replace
from itertools import pairwise

from reserves_gui import limits
from reserves_gui.amounts import parse_integer
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.evidence import Side
from reserves_gui.intake.shape import Shape, not_hex
from reserves_gui.merkle.plain_path import PlainStep
from reserves_gui.merkle.scheme import PlainScheme, StepForm
from reserves_gui.messages import Message, say

_ANY_HEX = re.compile(r"(?:0[xX])?([0-9a-fA-F]{64})", re.ASCII)
_BLANKS = " \t\r\n"


def read_hash(scheme: PlainScheme, shape: Shape) -> str:
    """A hash: lower-case hex of the full length; in forms (typed by hand) also upper case and ``0x``."""
    if scheme.typed:
        return typed_hash(shape.text(longest=200), shape)
    return shape.hex(scheme.hash.digits)


def typed_hash(text: str, shape: Shape) -> str:
    """A hash typed by hand: 64 hex digits in either case, with blanks around it or ``0x`` before it."""
    match = _ANY_HEX.fullmatch(text.strip(_BLANKS))
    if match is None:
        shape.refuse(not_hex(64))
    return match[1].lower()


def read_steps(scheme: PlainScheme, fields: Shape) -> tuple[tuple[PlainStep, ...], bool, Message | None]:
    """The steps from the leaf up, whether they carry indices, and what is wrong with these."""
    stated = fields[scheme.path_key]
    if scheme.steps is StepForm.INDEXED:
        return _indexed_steps(stated)
    if scheme.steps is StepForm.BASE64:
        return _parity_steps(scheme, fields, stated)
    if scheme.steps in (StepForm.PREFIXED, StepForm.DIGIT):
        steps = tuple(_marked_step(scheme, part, stated) for part in _parts(stated))
    elif stated.is_text:
        typed = replace(scheme, steps=StepForm.PREFIXED)
        steps = tuple(_marked_step(typed, part, stated) for part in _parts(stated))
    else:
        steps = tuple(_object_step(scheme, entry) for entry in stated.entries(limits.PATH_ENTRIES))
    return steps, False, None


def _parts(stated: Shape) -> list[str]:
    text = stated.text(longest=limits.MIB).strip(_BLANKS)
    parts = [part.strip(_BLANKS) for part in text.split(",")] if text else []
    if len(parts) > limits.PATH_ENTRIES:
        raise ReservesError(
            ErrorCode.LIMIT_ENTRIES, say("error.limit_entries", limit=limits.PATH_ENTRIES), stated.where
        )
    return parts


def _marked_step(scheme: PlainScheme, part: str, stated: Shape) -> PlainStep:
    marker, digits = (part[:1], part[1:]) if scheme.steps is StepForm.DIGIT else _split(part)
    return PlainStep(_side(scheme, marker, stated), typed_hash(digits, stated))


def _split(part: str) -> tuple[str, str]:
    marker, _, digits = part.partition(":")
    return marker.strip(_BLANKS), digits


def _side(scheme: PlainScheme, marker: str, stated: Shape) -> Side:
    if marker == scheme.left:
        return Side.LEFT
    if marker != scheme.right:
        stated.refuse(say("paths.side", marker=marker[:20], left=scheme.left, right=scheme.right))
    return Side.RIGHT


def _object_step(scheme: PlainScheme, entry: Shape) -> PlainStep:
    if scheme.steps is StepForm.POSITIONED:
        return PlainStep(_side(scheme, entry["position"].text(longest=20), entry), read_hash(scheme, entry["hash"]))
    keys = entry.keys()
    if len(keys) != 1:
        entry.refuse(say("paths.one_side"))
    return PlainStep(_side(scheme, keys[0], entry), read_hash(scheme, entry[keys[0]]))


def _indexed_steps(stated: Shape) -> tuple[tuple[PlainStep, ...], bool, Message | None]:
    by_index: dict[int, str] = {}
    for part in _parts(stated):
        index_text, digits = _split(part)
        index = parse_integer(index_text, stated.where)
        if index in by_index:
            stated.refuse(say("paths.index_twice", index=str(index)))
        by_index[index] = typed_hash(digits, stated)
    order = sorted(by_index, reverse=True)
    steps = tuple(PlainStep(Side.RIGHT if index % 2 else Side.LEFT, by_index[index]) for index in order)
    problem = None
    for index, above in pairwise(order):
        if above != index // 2 ^ 1 and problem is None:
            problem = say("mpath.index_chain", index=str(index), above=str(above), wanted=str(index // 2 ^ 1))
    if order and order[-1] not in (2, 3) and problem is None:
        problem = say("mpath.index_top", index=str(order[-1]))
    return steps, True, problem


def _parity_steps(
    scheme: PlainScheme, fields: Shape, stated: Shape
) -> tuple[tuple[PlainStep, ...], bool, Message | None]:
    index = fields[scheme.index_key or "leaf_index"].integer()
    rest = index
    steps = []
    for entry in stated.entries(limits.PATH_ENTRIES):
        steps.append(PlainStep(Side.LEFT if rest % 2 else Side.RIGHT, _base64_hash(entry)))
        rest //= 2
    problem = say("mpath.index_range", index=str(index), levels=len(steps)) if rest else None
    return tuple(steps), True, problem


def _base64_hash(entry: Shape) -> str:
    text = entry.text(longest=200)
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if len(data) != 32 or base64.b64encode(data).decode() != text:
        entry.refuse(say("paths.base64"))
    return data.hex()
