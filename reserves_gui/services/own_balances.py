"""The journal held against a file: what the user had at the time of the file's snapshot, as the balances to expect.

Most files name their snapshot and not its time; then the time is the one the snapshot was kept with in the store.
"""

from collections.abc import Callable
from dataclasses import replace

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say
from reserves_gui.services.journal import JournalBalances, journal_balances, journal_entries
from reserves_gui.services.keeping import existing_store, read_time, shown_time
from reserves_gui.services.verify import VerifyRequest
from reserves_gui.verdict import Verdict


def snapshot_time(verdict: Verdict, db: str | None = None) -> str | None:
    """When the snapshot was taken, as ISO 8601 UTC: as the file states it, or as it was kept. Raises ``store.*``."""
    stated = verdict.snapshot.time
    if stated is not None and _readable(stated):
        return shown_time(read_time(stated))
    if verdict.snapshot.id is None:
        return None
    opened = existing_store(db)
    if opened is None:
        return None
    with opened as store:
        named = verdict.exchange.casefold()
        times = {
            one.time
            for one in store.snapshots()
            if one.snapshot == verdict.snapshot.id and one.exchange.casefold() == named and one.time is not None
        }
    # Kept with two times: nobody can say which of them is meant.
    return shown_time(times.pop()) if len(times) == 1 else None


def balances_at_snapshot(verdict: Verdict, exchange: str | None = None, db: str | None = None) -> JournalBalances:
    """What the user had when the snapshot was taken: at ``exchange``, else at the file's, else wherever it was.

    Raises ``usage`` where no time is known or the journal says nothing of it, ``store.*``.
    """
    moment = snapshot_time(verdict, db)
    if moment is None:
        raise ReservesError(ErrorCode.USAGE, say("journal.no_time"))
    if exchange is None and journal_entries(verdict.exchange):
        exchange = verdict.exchange
    return journal_balances(moment, exchange)


def known_balances(verdict: Verdict, db: str | None = None) -> JournalBalances | None:
    """The same where nobody asked for it: only of entries that name the file's exchange; None where there are none.

    Raises ``store.*`` for a journal or a store that cannot be read.
    """
    if verdict.proofs or not verdict.balances or not journal_entries(verdict.exchange):
        return None
    try:
        return balances_at_snapshot(verdict, verdict.exchange, db)
    except ReservesError as error:
        if error.code is not ErrorCode.USAGE:
            raise
        return None


def verify_with_journal(
    request: VerifyRequest, verdict: Verdict, judge: Callable[[VerifyRequest], Verdict], *, db: str | None = None
) -> tuple[VerifyRequest, Verdict, JournalBalances | None]:
    """``verdict`` of ``request``, judged again with what the journal expects, where it knows and nothing was typed.

    A journal that cannot be read costs no verdict; it is said in the notes.
    """
    if request.expected:
        return request, verdict, None
    try:
        known = known_balances(verdict, db)
    except ReservesError as error:
        return request, replace(verdict, notes=(*verdict.notes, error.message)), None
    if known is None:
        return request, verdict, None
    asked = replace(request, expected=known.pairs)
    return asked, judge(asked), known


def _readable(time: str) -> bool:
    try:
        read_time(time)
    except ReservesError:
        return False
    return True
