"""Which of the publisher's files is which, and what stands in them."""

import re
from dataclasses import dataclass
from decimal import Decimal

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.lines import read_csv
from reserves_gui.merkle.bound_path import BoundStep
from reserves_gui.messages import say
from reserves_gui.publishers.lemon.texts import read_balances, read_proof
from reserves_gui.publishers.port import Given, Match

TREE = "tree"
USER = "user"
PROOFS = "proofs"
ROOT = "root"
_HEADER = ["id", "balances", "proof", "audit_id"]
_TREE_LINE = re.compile(rb"[0-9a-f]{64},(?:[A-Za-z0-9_.$-]{1,32}:[^,]*)?")
_PROOF_LINE = re.compile(rb'[^,"]{1,256},"?\[\s*(?:\{\s*(?:Side\.)?(?:LEFT|RIGHT)\s*,|\])')


@dataclass(frozen=True, slots=True)
class UserProof:
    """One user's row: id, audit, own balances (cleaned) and the steps."""

    uid: str
    audit_id: str
    balances: dict[str, Decimal]
    steps: tuple[BoundStep, ...]


@dataclass(frozen=True, slots=True)
class RootFile:
    """What the root file states."""

    hash: str
    balances: dict[str, Decimal]
    algorithm: str


def recognise(document: Document) -> Match | None:
    """By the first line, the root by its keys."""
    line = document.first_line
    if [cell.strip(' \t"') for cell in line.decode("utf-8", "replace").split(",")] == _HEADER:
        return Match(USER)
    if {"root_hash", "root_balances"} <= document.json_keys():
        return Match(ROOT)
    if _TREE_LINE.fullmatch(line):
        return Match(TREE, 3 if b":" in line else 2)
    return Match(PROOFS, 2) if _PROOF_LINE.match(line) else None


def read_root(document: Document) -> RootFile:
    """The root file. Raises ``format.shape``, ``number.grammar``."""
    shape = document.shape()
    balances = shape["root_balances"]
    if balances.is_object:
        text = "|".join(f"{coin}:{amount.digits()}" for coin, amount in balances.items())
    else:
        text = balances.text(longest=1 << 16)
    return RootFile(
        shape["root_hash"].hex(64), read_balances(text, balances.where), shape["hash_algorithm"].text(longest=64)
    )


def read_user(document: Document, uid: str | None) -> UserProof:
    """The only row of a user's file, or the row of ``uid``. Raises ``usage``, ``format.shape``."""
    rows = []
    for number, record in read_csv(document):
        if number == 1:
            continue
        if len(record) < len(_HEADER):
            raise ReservesError(ErrorCode.FORMAT_SHAPE, say("lemon.row"), f"{document.name}: line {number}")
        # A proof holds commas: written without quotation marks it falls into several cells.
        rows.append((number, record[0], record[1], ",".join(record[2:-1]), record[-1]))
    if len(rows) > 1 and uid is not None:
        rows = [row for row in rows if row[1] == uid]
    if len(rows) != 1:
        raise ReservesError(ErrorCode.USAGE, say("lemon.rows", count=len(rows)), document.name)
    number, own, balances, proof, audit_id = rows[0]
    where = f"{document.name}: line {number}"
    return UserProof(own, audit_id, read_balances(balances, where), read_proof(proof, where))


def read_generated(document: Document, given: Given) -> UserProof:
    """The row of ``uid`` in the generator's file, which names neither audit nor balances. Raises ``usage``."""
    uid, audit_id, balances = (given.secret(name) for name in ("uid", "audit_id", "balances"))
    if balances is None and given.expected:
        balances = ",".join(f"{asset}:{amount}" for asset, amount in given.expected)
    if uid is None or audit_id is None or balances is None:
        raise ReservesError(ErrorCode.USAGE, say("lemon.needs_all"), document.name)
    rows = [(number, record) for number, record in read_csv(document) if record[0] == uid]
    if len(rows) != 1:
        raise ReservesError(ErrorCode.USAGE, say("lemon.rows", count=len(rows)), document.name)
    number, record = rows[0]
    where = f"{document.name}: line {number}"
    own = read_balances(balances.replace(",", "|"), "balances")
    return UserProof(uid, audit_id, own, read_proof(",".join(record[1:]), where))
