"""One listed address: what a list says about it, and what was found."""

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol

from reserves_gui.messages import Message


class RowState(StrEnum):
    """What one row amounts to (contract section 4). Only ``VERIFIED`` counts towards proven reserves."""

    VERIFIED = "verified"
    SIGNATURE_ONLY = "signature_only"
    OWNER_UNLINKED = "owner_unlinked"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"


class Judged(NamedTuple):
    """What a rule found for a row.

    ``normal`` is the address kind and the bytes the address decodes to, empty where it does not decode or no codec is
    known. ``notes`` are remarks that change no state ("not canonical"). ``linked``: the chain showed that the owner
    accounts which signed control the address.
    """

    state: RowState
    reason: Message
    normal: bytes = b""
    notes: tuple[Message, ...] = ()
    linked: bool = False


class Rule(Protocol):
    """How the signature of a row is checked. Never raises for a row that does not hold."""

    def judge(self, row: "WalletRow") -> Judged:
        """The state of ``row`` with its reason."""
        ...


class NamedOutput(NamedTuple):
    """A single output that a proof of funds names; ``transaction`` as shown (reversed hex), ``amount`` in satoshi.

    ``script``: what it pays to; None: the proof does not say. ``height``: the block that the proof says made it.
    """

    transaction: str
    place: int
    amount: int | None = None
    script: bytes | None = None
    height: int | None = None


class WalletRow(NamedTuple):
    """One address as listed.

    ``line``: physical line of the file, or the index of the entry. ``coin``: the name the list uses; ``asset``: what it
    is added up as; ``chain``: our lower-case name of the chain, or the list's own word. ``network``: the label beside
    it. ``amount``: text as listed, empty for none; ``decimals``: places of its unit (0: coin units, 8: satoshi),
    None where the unit is unknown. ``owners``: accounts that sign in place of the address; ``contract``: one between
    them and the address, which signs nothing. ``together``: the amount as listed of all addresses of this line, where
    they have none of their own. ``outputs``: the single outputs a proof of funds names; ``block``: the hash it gives
    for the block at ``height``. Cells that a list leaves empty are empty texts. It is a named tuple because rows go to
    worker processes by the hundred thousand.
    """

    line: int
    coin: str
    asset: str
    chain: str
    address: str
    rule: Rule
    network: str = ""
    amount: str = ""
    decimals: int | None = 0
    height: str = ""
    message: str = ""
    signature: str = ""
    signature2: str = ""
    key: str = ""
    owners: tuple[str, str] = ("", "")
    contract: str = ""
    together: str = ""
    has_amount: bool = True
    outputs: tuple[NamedOutput, ...] = ()
    block: str = ""


class ListedRow(NamedTuple):
    """A row with its judgement. ``value``: the amount in coin units, None if none was stated or it cannot be read."""

    row: WalletRow
    state: RowState
    reason: Message
    notes: tuple[Message, ...]
    value: Decimal | None
    file: str


RowSink = Callable[[ListedRow], None]


def failed(reason: Message, normal: bytes = b"", notes: tuple[Message, ...] = ()) -> Judged:
    """A row that does not hold."""
    return Judged(RowState.FAILED, reason, normal, notes)


def unsupported(reason: Message, normal: bytes = b"", notes: tuple[Message, ...] = ()) -> Judged:
    """A row that cannot be checked; it is counted, never passed."""
    return Judged(RowState.UNSUPPORTED, reason, normal, notes)
