"""Proofs of reserves after BIP-127: a PSBT (binary, base64, hex) or a raw signed transaction (hex)."""

import base64
import binascii
from collections.abc import Iterator

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.messages import say
from reserves_gui.progress import silent
from reserves_gui.publishers.port import Given, ListTraits, Match, Sample, Signed
from reserves_gui.publishers.wallet_list import ROLE, list_format
from reserves_gui.wallets.items import Item
from reserves_gui.wallets.psbt import MAGIC, parse_psbt
from reserves_gui.wallets.reserve_proof import ReserveProof, raw
from reserves_gui.wallets.tally import Policy
from reserves_gui.wallets.transaction import BadTransactionError, parse

_BASE64_HEAD = base64.b64encode(MAGIC)[:6]
_HEX_HEAD = MAGIC.hex().encode()
_HEX_DIGITS = frozenset(b"0123456789abcdefABCDEF \t\r\n")
_SHORTEST = 60
_VERSIONS = (b"01000000", b"02000000", b"00000000", b"03000000")


def recognise(document: Document) -> Match | None:
    """A PSBT by its magic in any of three spellings; a transaction by its version in a text of hex digits alone."""
    head = document.head
    text = head.strip()
    if head.startswith(MAGIC) or text.startswith(_BASE64_HEAD) or text[:10].lower() == _HEX_HEAD:
        return Match(ROLE)
    raw_hex = len(text) >= 2 * _SHORTEST and text[:8] in _VERSIONS and not set(head) - _HEX_DIGITS
    return Match(ROLE, 1) if raw_hex else None


def read(document: Document, given: Given) -> tuple[Iterator[Item], Policy]:
    """The commitment, the structure, and one row for every further input."""
    proof = _proof(document, given.message)
    return _items(proof), Policy(several_lists=given.several_lists)


def _items(proof: ReserveProof) -> Iterator[Item]:
    yield proof.commitment()
    yield proof.structure()
    if proof.burns():
        yield say("wallets.bip127.burn")
    yield from proof.rows(silent())


def _proof(document: Document, message: str | None) -> ReserveProof:
    data = document.read(limits.JSON_USER_BYTES)
    try:
        decoded = data if data.startswith(MAGIC) else _decoded(data.strip())
        if decoded.startswith(MAGIC):
            return ReserveProof(parse_psbt(decoded), message)
        return ReserveProof(raw(parse(decoded)), message)
    except (BadTransactionError, binascii.Error, ValueError):
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("error.not_a_transaction"), document.name) from None


def _decoded(text: bytes) -> bytes:
    joined = b"".join(text.split())
    if text[:6] == _BASE64_HEAD:
        return base64.b64decode(joined, validate=True)
    return bytes.fromhex(joined.decode("ascii"))


FORMATS = (
    list_format(
        id="bip127",
        exchange="Generic",
        since="2019-01-28",
        traits=ListTraits(signed=Signed.YES, dated=Signed.OPTIONAL, amounts=True, height=False),
        recognise=recognise,
        read=read,
        sample=Sample.OFFICIAL,
    ),
)
