"""The two files as typed content: the audit with its partitions, and one user's liabilities with their witnesses."""

from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from reserves_gui import limits
from reserves_gui.intake.document import Document
from reserves_gui.intake.shape import Shape
from reserves_gui.publishers.port import Match

AUDIT = "audit"
USER = "user"
_MOST_PARTITIONS = 10_000
_MOST_LIABILITIES = 10_000


@dataclass(frozen=True, slots=True)
class Partition:
    """One currency's tree: the total and the root digest that the audit states, the total also as it was written."""

    id: str
    currency: str
    text: str
    liability: Decimal
    digest: str


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit's roots file: ``commitment`` as stated, ``time`` as text where there is one."""

    id: str
    time: str | None
    commitment: str
    partitions: tuple[Partition, ...]

    @property
    def recomputed(self) -> str:
        """The audit commitment, hashed again from the partitions."""
        ordered = sorted(self.partitions, key=lambda one: one.currency.upper())
        return digest_of(
            "SB PoL - Audit commitment hash" + "".join(f",{one.id},{one.text},{one.digest}" for one in ordered)
        )


@dataclass(frozen=True, slots=True)
class Liability:
    """One leaf of the user's: amount as text and value, leaf index, and (digest, amount) of each sibling, lowest first.

    ``nonce``: the leaf's nonce, in the oldest files the leaf itself; None where the file states none.
    """

    partition: str
    text: str
    amount: Decimal
    index: int
    nonce: str | None
    witnesses: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class User:
    """The user's file. ``user_id`` goes into every leaf as it is written."""

    audit_id: str
    user_id: str
    liabilities: tuple[Liability, ...]


def digest_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, lower-case hex."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def recognise(document: Document) -> Match | None:
    """Which of the two files this is."""
    keys = document.json_keys()
    if {"audit_id", "liabilities"} <= keys:
        return Match(USER)
    if "audit" in keys:
        value = document.json()
        audit = value.get("audit") if isinstance(value, dict) else None
        if isinstance(audit, dict) and "partitions" in audit:
            return Match(AUDIT)
    return None


def read_audit(document: Document) -> Audit:
    """The audit's roots. Raises ``format.shape``, ``number.grammar``, ``limit.*``."""
    audit = document.shape()["audit"]
    time = audit.get("time")
    partitions = tuple(
        Partition(
            entry["id"].text(),
            entry["currency"].text(longest=64),
            *entry["commitment"]["liability"].amount(),
            entry["commitment"]["digest"].hex(64),
        )
        for entry in audit["partitions"].entries(_MOST_PARTITIONS)
    )
    return Audit(
        audit["id"].text(),
        time.text(longest=64) if time is not None and time.is_text else None,
        audit["commitment"]["digest"].hex(64),
        partitions,
    )


def read_user(document: Document) -> User:
    """The user's liabilities. Raises ``format.shape``, ``number.grammar``, ``limit.*``."""
    shape = document.shape()
    liabilities = tuple(map(_read_liability, shape["liabilities"].entries(_MOST_LIABILITIES)))
    return User(shape["audit_id"].text(), shape["user_id"].text(), liabilities)


def _read_liability(entry: Shape) -> Liability:
    proof = entry["proof"]
    nonce = proof.get("nonce")
    witnesses = tuple(
        (witness["digest"].hex(64), witness["liability"].amount()[1])
        for witness in proof["witnesses"].entries(limits.PATH_ENTRIES)
    )
    text, amount = entry["liability"].amount()
    return Liability(
        entry["audit_partition_id"].text(),
        text,
        amount,
        proof["leaf_index"].integer(),
        None if nonce is None else nonce.text(),
        witnesses,
    )
