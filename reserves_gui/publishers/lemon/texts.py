"""Balances as this publisher writes them, its hashes, and its proofs, which look like JSON and are none.

balances    = COIN:amount|COIN:amount        sorted by coin, 8 decimals (half-even), nothing of a coin left out
leaf hash   = SHA256( audit_id || id )
parent hash = SHA256( hashL[32] || text(balL) || hashR[32] || text(balR) )
proof       = [{SIDE,hash,balances},…]       leaf to root; SIDE is the sibling's
"""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from hashlib import sha256

from reserves_gui import limits
from reserves_gui.amounts import parse_plain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.evidence import Side
from reserves_gui.merkle.bound_path import BoundNode, BoundStep
from reserves_gui.messages import say

PADDING = "00" * 32
_EIGHT = Decimal(1).scaleb(-8)
_ROUNDING = Context(prec=200, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation])
_COIN = re.compile(r"[A-Za-z0-9_.$-]{1,32}", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LINE = re.compile(rb"([0-9a-f]{64}),([\x21-\x7e]*)")
_AMOUNT = re.compile(r"-?(?:0|[1-9][0-9]{0,60})\.[0-9]{8}", re.ASCII)
_ENTRY = re.compile(r"\{([^{}]*)\}")
_MARKS = {"LEFT": Side.LEFT, "RIGHT": Side.RIGHT, "Side.LEFT": Side.LEFT, "Side.RIGHT": Side.RIGHT}


def text_of(amounts: Mapping[str, Decimal]) -> str:
    """The one text of balances."""
    return "|".join(f"{coin}:{amounts[coin]:.8f}" for coin in sorted(amounts) if amounts[coin])


def read_balances(text: str, where: str) -> dict[str, Decimal]:
    """Balances rounded to 8 decimals, coins of nothing left out. Raises ``format.shape``, ``number.grammar``."""
    amounts: dict[str, Decimal] = {}
    for part in text.split("|") if text else ():
        coin, colon, amount = part.partition(":")
        if not colon or _COIN.fullmatch(coin) is None or coin in amounts:
            raise ReservesError(ErrorCode.FORMAT_SHAPE, say("lemon.balances"), where)
        if len(amounts) >= limits.PATH_COINS:
            raise ReservesError(ErrorCode.LIMIT_ENTRIES, say("error.limit_entries", limit=limits.PATH_COINS), where)
        amounts[coin] = parse_plain(amount, where).quantize(_EIGHT, context=_ROUNDING)
    return {coin: amount for coin, amount in amounts.items() if amount}


def leaf_hash(audit_id: str, uid: str) -> str:
    """The hash of a user's leaf."""
    return sha256((audit_id + uid).encode("utf-8", "surrogatepass")).hexdigest()


def parent_hash(left: BoundNode, right: BoundNode) -> str:
    """The hash of two nodes' parent."""
    parts = (bytes.fromhex(node.hash) + text_of(node.amounts).encode("ascii") for node in (left, right))
    return sha256(b"".join(parts)).hexdigest()


def read_line(line: bytes) -> BoundNode | None:
    """A line of the tree file, None unless it is written in the one way."""
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    text = match[2].decode("ascii")
    amounts: dict[str, Decimal] = {}
    for part in text.split("|") if text else ():
        coin, _, amount = part.partition(":")
        if _COIN.fullmatch(coin) is None or _AMOUNT.fullmatch(amount) is None or coin in amounts:
            return None
        amounts[coin] = Decimal(amount)
    return BoundNode(match[1].decode("ascii"), amounts) if text_of(amounts) == text else None


def read_proof(text: str, where: str) -> tuple[BoundStep, ...]:
    """The steps of a proof. Raises ``format.shape``, ``number.grammar``, ``limit.entries``."""
    inside = text.strip()
    if not (inside.startswith("[") and inside.endswith("]")):
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("lemon.proof"), where)
    inside = inside[1:-1].strip()
    entries = _ENTRY.findall(inside)
    if re.sub(r"\s*,\s*", ",", _ENTRY.sub("*", inside)) != ",".join("*" * len(entries)):
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("lemon.proof"), where)
    if len(entries) > limits.PATH_ENTRIES:
        raise ReservesError(ErrorCode.LIMIT_ENTRIES, say("error.limit_entries", limit=limits.PATH_ENTRIES), where)
    return tuple(_step(entry, f"{where}: step {number}") for number, entry in enumerate(entries, 1))


def _step(entry: str, where: str) -> BoundStep:
    fields = [part.strip() for part in entry.split(",", 2)]
    if len(fields) != 3 or fields[0] not in _MARKS or _HEX.fullmatch(fields[1]) is None:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("lemon.proof"), where)
    own = Side.RIGHT if _MARKS[fields[0]] is Side.LEFT else Side.LEFT
    return BoundStep(own, BoundNode(fields[1], read_balances(fields[2], where)))
