"""Keep what an exchange published: the one call behind `reserves history add` and "Keep" in the window.

Files are verified first. What failed is kept as failed, never as verified; the SHA-256 of the evidence is kept, no file
name, and nothing that only the user knows: no balance, id, nonce or leaf.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history.alerts import Alert, Level, Rule
from reserves_gui.history.records import StoredKey, StoredList, StoredSnapshot, StoredTotal, StoredWallet
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.services.coverage_sides import parts_of, total_proven, totals_of
from reserves_gui.services.inputs import sorted_files
from reserves_gui.services.judging import wallets_request
from reserves_gui.services.keeping import open_store, read_time, shown_time
from reserves_gui.services.root_keeping import evidence_hash, log_entries, remember_roots, root_source
from reserves_gui.services.verify import VerifyRequest, verify
from reserves_gui.services.wallets import RowState, WalletsRequest, check_wallets
from reserves_gui.services.watch_rows import chain_name
from reserves_gui.verdict import Outcome, State, SumBinding, Verdict, worst
from reserves_gui.wallets.row import ListedRow

if TYPE_CHECKING:
    from reserves_gui.history.store import Store

SIGNED = "signed"
PUBLISHED = "exchange-published"
LABEL = "label"
_NAME_CHARS = 200
_ASSET_CHARS = 80
_CHAIN_CHARS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRequest:
    """Files of one exchange at one time (``2026-10-31T00:00:00Z``): proofs, trees and wallet lists in any order.

    ``verifying``: what the verification is given beside the files; its secrets go nowhere else. ``judged``: the verdict
    over these files (or over what ``verifying`` holds as pasted text or form) where it is at hand already.
    """

    exchange: str
    time: str
    files: tuple[str, ...] = ()
    verifying: VerifyRequest = field(default_factory=VerifyRequest, repr=False)
    judged: Verdict | None = field(default=None, repr=False)
    db: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One thing that was kept: ``kind`` is snapshot or list, ``known`` says that it was there already."""

    kind: str
    id: int
    known: bool
    format: str
    state: State
    root: str | None
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What came of adding. ``alerts``: roots that differ from what was kept of the same snapshot before."""

    exchange: str
    time: int
    kept: tuple[Kept, ...]
    alerts: tuple[Alert, ...]
    notes: tuple[Message, ...]

    @property
    def state(self) -> State:
        """The worst state of what was kept."""
        return worst(one.state for one in self.kept)


def proposed(verdict: Verdict, *, clock: Callable[[], int] = lambda: int(time.time())) -> tuple[str, str]:
    """Exchange and time of a result as its files say them; a wallet list without a time is that of today.

    Empty where the files do not say: nothing is guessed about when liabilities were counted.
    """
    for text in (verdict.snapshot.time, verdict.snapshot.id):
        try:
            return verdict.exchange, shown_time(read_time(text or ""))
        except ReservesError:
            continue
    return verdict.exchange, shown_time(clock()) if verdict.guarantees is None else ""


def checked_request(request: AddRequest) -> tuple[str, int]:
    """The name of the exchange and the time (seconds UTC) of a request. Raises ``usage``."""
    return checked_name(request.exchange), read_time(request.time)


def add_to_history(
    request: AddRequest, progress: Progress, *, clock: Callable[[], int] = lambda: int(time.time())
) -> Added:
    """Verify the files and keep what they say. Raises what verifying raises, ``usage``, ``store.*``."""
    exchange, moment = checked_request(request)
    if not request.files and request.judged is None:
        raise ReservesError(ErrorCode.USAGE, say("error.no_input"))
    judged, listed = _judged(request, progress)
    wallets = None if listed is None else read_lists(listed, exchange, moment, progress)
    kept: list[Kept] = []
    alerts: list[Alert] = []
    notes: list[Message] = []
    with open_store(request.db) as store:
        if judged is not None:
            snapshot = snapshot_of(judged, exchange, moment, root_source(request.verifying, judged))
            alerts += _root_conflicts(store, snapshot, moment)
            kept.append(_kept_snapshot(store, snapshot))
            entries = log_entries(
                judged, request.verifying, now=clock(), exchange=exchange, snapshot=shown_time(moment)
            )
            notes += [*judged.notes, *remember_roots(entries)]
        if wallets is not None:
            kept.append(_kept_list(store, *wallets))
        store.add_alerts(exchange, alerts)
    return Added(
        exchange=exchange, time=moment, kept=tuple(kept), alerts=tuple(alerts), notes=tuple(dict.fromkeys(notes))
    )


def _judged(request: AddRequest, progress: Progress) -> tuple[Verdict | None, WalletsRequest | None]:
    """The verdict over the liabilities, and the wallet lists that are still to be read; None where there are none."""
    verifying = request.verifying
    if request.judged is not None and request.judged.guarantees is None:
        return None, wallets_request(verifying)
    if request.judged is not None:
        return (verify(replace(verifying, db=None), progress) if _by_store(request.judged) else request.judged), None
    files = sorted_files(request.files, format_id=verifying.format)
    judged = None
    if files.liabilities:
        # What is kept must not depend on what was kept before: a conflict is looked for when it is kept.
        judged = verify(replace(verifying, files=files.liabilities, db=None), progress)
    return judged, WalletsRequest(files=files.lists) if files.lists else None


def _by_store(verdict: Verdict) -> bool:
    """Whether what was kept before took part in the claim ``root``."""
    return any(
        check.reason.key.startswith("root.match.kept")
        for one in (verdict, *verdict.proofs)
        for claim in one.claims
        for check in claim.checks
    )


def _kept_snapshot(store: "Store", snapshot: StoredSnapshot) -> Kept:
    number, known = keep_snapshot(store, snapshot)
    return Kept(
        kind="snapshot",
        id=number,
        known=known,
        format=snapshot.format,
        state=snapshot.verdict,
        root=snapshot.root,
        entries=len(snapshot.totals),
    )


def _kept_list(store: "Store", state: State, wallets: StoredList) -> Kept:
    number, known = keep_list(store, wallets)
    return Kept(
        kind="list",
        id=number,
        known=known,
        format=wallets.source,
        state=state,
        root=None,
        entries=len(wallets.wallets),
    )


def checked_name(text: str) -> str:
    """The name of an exchange, as it is kept. Raises ``usage``."""
    name = text.strip()
    if not name or len(name) > _NAME_CHARS or not name.isprintable():
        raise ReservesError(ErrorCode.USAGE, say("history.bad_name"))
    return name


def snapshot_of(verdict: Verdict, exchange: str, moment: int, root_source: str) -> StoredSnapshot:
    """What is kept of a verdict: root, totals, hashes; nothing of the user's own."""
    proven = total_proven(verdict)
    recomputed = any(claim.id == "tree" and claim.state is State.VERIFIED for claim in verdict.claims)
    totals = []
    parts = parts_of(verdict.extra)
    for asset, amount in totals_of(verdict).items():
        named = asset[:_ASSET_CHARS]
        totals.append(StoredTotal(asset=named, amount=amount, recomputed=recomputed, total_verified=proven))
        stated = parts.get(asset)
        for part, figure in () if stated is None else (("gross", stated.gross), ("debt", stated.debt)):
            if figure is not None:
                totals.append(StoredTotal(asset=named, amount=figure, part=part, total_verified=proven))
    return StoredSnapshot(
        exchange=exchange,
        snapshot=None if verdict.snapshot.id is None else verdict.snapshot.id[:_NAME_CHARS],
        time=moment,
        height=verdict.snapshot.height,
        format=verdict.format[:_ASSET_CHARS],
        root=verdict.root,
        root_source=root_source,
        file_sha256=evidence_hash(verdict.inputs),
        binding=SumBinding.NONE if verdict.guarantees is None else verdict.guarantees.sum_binding,
        verdict=verdict.state,
        totals=tuple(totals),
        keys=_keys_of(verdict),
    )


def _keys_of(verdict: Verdict) -> tuple[StoredKey, ...]:
    """The verifying keys under which all batch proofs of a round held; a key that only lay beside them is none."""
    checks = [check for claim in verdict.claims for check in claim.checks]
    held = any(check.id == "proof.groth16" and check.outcome is Outcome.PASSED for check in checks)
    named = verdict.extra.get("keys", ())
    if not held or verdict.state is State.FAILED or not isinstance(named, Sequence):
        return ()
    return tuple(
        StoredKey(name=str(one["name"])[:_NAME_CHARS], sha256=str(one["sha256"])) for one in named if one["used"]
    )


def _root_conflicts(store: "Store", snapshot: StoredSnapshot, moment: int) -> list[Alert]:
    """Another root kept for the same snapshot: evidence in itself, raised at once."""
    if snapshot.root is None or snapshot.verdict is State.FAILED:
        return []
    found = []
    for one in store.snapshots(snapshot.exchange):
        same = one.format == snapshot.format and one.time == snapshot.time and one.snapshot == snapshot.snapshot
        if same and one.root is not None and one.root != snapshot.root and one.verdict is not State.FAILED:
            figures = {"kept": one.root, "kept_source": one.root_source, "now": snapshot.root}
            found.append(
                Alert(
                    rule=Rule.ROOT_CONFLICT,
                    subject=(snapshot.snapshot or shown_time(moment))[:_NAME_CHARS],
                    level=Level.CRITICAL,
                    time=moment,
                    value="1",
                    threshold="1",
                    figures=figures,
                )
            )
    return found


def keep_snapshot(store: "Store", snapshot: StoredSnapshot) -> tuple[int, bool]:
    """Keep a snapshot unless the very same one is there; its id, and whether it was."""
    for one in store.snapshots(snapshot.exchange):
        if replace(one, id=None) == snapshot and one.id is not None:
            return one.id, True
    return store.add_snapshot(snapshot), False


def keep_list(store: "Store", wallets: StoredList) -> tuple[int, bool]:
    """Keep a list unless the newest one is the same, but for its time; its id, and whether it was there."""
    for one in store.lists(wallets.exchange)[-1:]:
        if one.id is not None and replace(one, id=None, time=wallets.time) == wallets:
            return one.id, True
    return store.add_list(wallets), False


def read_lists(request: WalletsRequest, exchange: str, moment: int, progress: Progress) -> tuple[State, StoredList]:
    """Wallet lists judged and as they are kept: one list, every address of it once, rows that failed left out."""
    rows: dict[tuple[str, str, str], StoredWallet] = {}

    def keep(row: ListedRow) -> None:
        one = row.row
        if row.state is RowState.FAILED or not one.address:
            return
        wallet = StoredWallet(
            chain=chain_name(one.chain)[:_CHAIN_CHARS],
            asset=one.asset[:_ASSET_CHARS],
            address=one.address,
            amount=None if row.value is None else f"{row.value:f}",
            attribution=SIGNED if row.state is RowState.VERIFIED else PUBLISHED,
        )
        rows.setdefault((wallet.chain, wallet.asset, wallet.address), wallet)

    verdict = check_wallets(replace(request, row_sink=keep), progress)
    return verdict.state, StoredList(
        exchange=exchange or checked_name(verdict.exchange),
        time=moment,
        source=verdict.format[:_NAME_CHARS],
        file_sha256=evidence_hash(verdict.inputs),
        wallets=tuple(rows.values()),
    )
