"""What the store remembers of other runs: roots that came from elsewhere, and verifying keys of other rounds.

A root counts as "from elsewhere" (contract, claim ``root``) when it was kept with a source that was no proof file.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reserves_gui.publishers.port import KeptKey
from reserves_gui.services.keeping import open_store, shown_time
from reserves_gui.verdict import Findings, State

_FROM_PROOF = "proof"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRoot:
    """A root kept from elsewhere: whose it is, of which snapshot, and where and for when it was kept."""

    exchange: str
    snapshot: str | None
    root: str
    source: str
    time: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """What one store holds about one format."""

    roots: tuple[KeptRoot, ...] = ()
    keys: tuple[KeptKey, ...] = ()

    def equal(self, root: str | None) -> KeptRoot | None:
        """The kept root that is ``root``, if any."""
        return next((one for one in self.roots if one.root == root), None)

    def contradicting(self, findings: Findings, exchange: str) -> KeptRoot | None:
        """Another root kept for the same snapshot of the same exchange; a snapshot without a name has none."""
        if findings.root is None or findings.snapshot.id is None:
            return None
        same: Sequence[KeptRoot] = [
            one
            for one in self.roots
            if one.snapshot == findings.snapshot.id and one.exchange.casefold() == exchange.casefold()
        ]
        return next((one for one in same if one.root != findings.root), None)


def remembered(format_id: str, db: str | None) -> Remembered:
    """What the store at ``db`` holds about ``format_id``; nothing where no store is named. Raises ``store.*``."""
    if db is None:
        return Remembered()
    with open_store(db) as store:
        kept = [one for one in store.snapshots() if one.format == format_id and one.verdict is not State.FAILED]
    return Remembered(
        roots=tuple(
            KeptRoot(
                exchange=one.exchange,
                snapshot=one.snapshot,
                root=one.root,
                source=one.root_source,
                time="" if one.time is None else shown_time(one.time),
            )
            for one in kept
            if one.root is not None and one.root_source != _FROM_PROOF
        ),
        keys=tuple(KeptKey(key.name, key.sha256, one.root) for one in kept if one.root is not None for key in one.keys),
    )
