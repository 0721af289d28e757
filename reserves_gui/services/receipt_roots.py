"""What users were shown, held against the roots of the store: another root of a known snapshot is kept as an alert.

A receipt holds nothing of its owner's, so that a root out of one may be written down: both roots, and where the kept
one came from. No file name, node or balance goes in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reserves_gui.history.alerts import Alert, Level, Rule
from reserves_gui.messages import say
from reserves_gui.services.keeping import existing_store
from reserves_gui.trust.comparing import Difference, ReceiptConflict
from reserves_gui.trust.receipts import Receipt
from reserves_gui.verdict import State

_SUBJECT_CHARS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRoot:
    """A snapshot of the store as a header to compare with; ``exchange`` as the store spells it."""

    exchange: str
    header: Receipt


def kept_roots(receipts: Sequence[Receipt], db: str | None) -> list[KeptRoot]:
    """The roots that the store has of the snapshots that ``receipts`` name; none where there is no store."""
    wanted = {_of(one) for one in receipts if one.snapshot is not None}
    opened = existing_store(db) if wanted else None
    if opened is None:
        return []
    found = []
    with opened as store:
        for one in store.snapshots():
            if one.snapshot is None or one.root is None or one.verdict is State.FAILED:
                continue
            header = Receipt(
                exchange=one.exchange,
                format=one.format,
                snapshot=one.snapshot,
                root=one.root,
                root_source=one.root_source,
                nodes={},
            )
            if _of(header) in wanted:
                found.append(KeptRoot(exchange=one.exchange, header=header))
    return found


def root_conflicts(kept: Sequence[KeptRoot], receipts: Sequence[Receipt], *, after: int) -> list[ReceiptConflict]:
    """Receipts with another root than the kept one of their snapshot; in ``pair`` kept ones count from ``after`` on."""
    found = []
    for number, known in enumerate(kept, after):
        for index, one in enumerate(receipts):
            if _of(one) == _of(known.header) and one.root not in (None, known.header.root):
                subject, root = known.header.snapshot or "", known.header.root or ""
                reason = say("receipt.conflict.kept", subject=subject, source=known.header.root_source or "")
                found.append(
                    ReceiptConflict(
                        kind=Difference.ROOT,
                        subject=subject,
                        first=root,
                        second=one.root or "",
                        pair=(number, index),
                        reason=reason,
                    )
                )
    return found


def keep_alerts(
    kept: Sequence[KeptRoot], conflicts: Sequence[ReceiptConflict], *, after: int, now: int, db: str | None
) -> tuple[Alert, ...]:
    """The alerts of these conflicts, each of them once, those that are new written into the store.

    ``after``: as in :func:`root_conflicts`. ``now``: seconds UTC.
    """
    alerts: dict[tuple[str, str, str], tuple[str, Alert]] = {}
    for one in conflicts:
        known = kept[one.pair[0] - after]
        figures = {"kept": one.first, "kept_source": known.header.root_source or "", "shown": one.second}
        alert = Alert(
            rule=Rule.ROOT_CONFLICT,
            subject=one.subject[:_SUBJECT_CHARS],
            level=Level.CRITICAL,
            time=now,
            value="1",
            threshold="1",
            figures=figures,
        )
        alerts[known.exchange, one.first, one.second] = (known.exchange, alert)
    opened = existing_store(db) if alerts else None
    if opened is not None:
        with opened as store:
            for exchange, alert in alerts.values():
                told = [one.figures for _, one in store.alerts(exchange) if one.rule is Rule.ROOT_CONFLICT]
                if alert.figures not in told:
                    store.add_alerts(exchange, [alert])
    return tuple(alert for _, alert in alerts.values())


def _of(receipt: Receipt) -> tuple[str, str, str]:
    return receipt.exchange.casefold(), receipt.format, (receipt.snapshot or "")[:_SUBJECT_CHARS]
