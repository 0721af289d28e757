"""Rows without a signature of their own: unsigned lists, coins without a rule, owner accounts, settled findings."""

from dataclasses import dataclass

from reserves_gui.messages import Message, say
from reserves_gui.wallets import kinds
from reserves_gui.wallets.row import Judged, RowState, Rule, WalletRow, failed, unsupported
from reserves_gui.wallets.rules import outcomes


@dataclass(frozen=True, slots=True)
class Unsigned:
    """No signature was published: the address is decoded and that is all."""

    kind: str

    def judge(self, row: WalletRow) -> Judged:
        """Failed if this cannot be an address of its chain."""
        if not row.address:
            return failed(outcomes.ADDRESS_MISSING)
        normal = kinds.decode(self.kind, row.address)
        return failed(outcomes.UNDECODABLE) if normal is None else unsupported(outcomes.NO_SIGNATURE, normal)


@dataclass(frozen=True, slots=True)
class NoRule:
    """A coin or chain this program does not know."""

    reason: Message = outcomes.NO_RULE

    def judge(self, row: WalletRow) -> Judged:
        """Never passed, always counted."""
        return unsupported(self.reason) if row.address else failed(outcomes.ADDRESS_MISSING)


@dataclass(frozen=True, slots=True)
class Settled:
    """A row judged where it was read, because a whole transaction or document had to be looked at for it."""

    judged: Judged

    def judge(self, row: WalletRow) -> Judged:  # noqa: ARG002
        """What was found."""
        return self.judged


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that fails for its form, whatever its cells hold. Its address is read: another row may list it again."""

    inner: Rule
    reason: Message

    def judge(self, row: WalletRow) -> Judged:
        """Failed, with the address that the inner rule reads."""
        return failed(self.reason, self.inner.judge(row).normal)


@dataclass(frozen=True, slots=True)
class Noted:
    """A rule with a remark on every row it judges."""

    inner: Rule
    note: Message

    def judge(self, row: WalletRow) -> Judged:
        """What the inner rule finds."""
        found = self.inner.judge(row)
        return found._replace(notes=(*found.notes, self.note))


@dataclass(frozen=True, slots=True)
class OwnerAccounts:
    """Owner accounts sign in place of the address: signature1 by the first, signature2 by the second if there is one.

    ``inner`` is the rule of an owner account, ``kind`` that of the listed address (empty: no codec).
    """

    inner: Rule
    kind: str
    confirmed: bool = True

    def judge(self, row: WalletRow) -> Judged:
        """Good owners give ``owner_unlinked``: that they control the address needs the chain."""
        if not row.address:
            return failed(outcomes.ADDRESS_MISSING)
        normal = kinds.decode(self.kind, row.address) if self.kind else b""
        if normal is None:
            return outcomes.mismatch(self.confirmed, outcomes.UNDECODABLE)
        signed = [
            (owner, text) for owner, text in zip(row.owners, (row.signature, row.signature2), strict=True) if owner
        ]
        notes: tuple[Message, ...] = ()
        for number, (owner, text) in enumerate(signed, 1):
            found = self.inner.judge(row._replace(address=owner, signature=text, signature2="", owners=("", "")))
            if found.state is RowState.FAILED:
                return failed(say("wallets.owner_failed", number=number), normal, (found.reason,))
            if found.state is not RowState.VERIFIED:
                return Judged(found.state, found.reason, normal, found.notes)
            notes += tuple(note for note in found.notes if note not in notes)
        return Judged(RowState.OWNER_UNLINKED, say("wallets.owners_signed", count=len(signed)), normal, notes)
