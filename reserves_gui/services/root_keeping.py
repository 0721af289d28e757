"""Which roots of a verdict count as seen, and the one place where they are written into the root log.

Root, stated totals, source and the hash of the files are kept; no balance, id, nonce or file name.
"""

import hashlib
from collections.abc import Sequence

from reserves_gui.messages import Message, say
from reserves_gui.services.keeping import data_folder, root_log, shown_time
from reserves_gui.services.locking import locked
from reserves_gui.services.verify import VerifyRequest
from reserves_gui.trust.root_log import LogEntry
from reserves_gui.verdict import InputRecord, State, Verdict

LOG_TEXT = 400
# What must hold before a root counts as seen: otherwise anybody could make up another one with a text editor.
_CARRYING = ("leaf", "path", "tree", "proof")


def log_entries(
    verdict: Verdict, request: VerifyRequest, *, now: int, exchange: str | None = None, snapshot: str | None = None
) -> list[LogEntry]:
    """The roots seen in a run, of every proof its own.

    ``exchange`` and ``snapshot``: what the user calls them, where the files say otherwise or nothing.
    """
    found = []
    for one in verdict.proofs or (verdict,):
        states = {claim.id: claim.state for claim in one.claims}
        carried = [states[claim] for claim in _CARRYING if claim in states]
        if one.root is None or State.FAILED in carried or State.VERIFIED not in carried:
            continue
        found.append(
            LogEntry(
                exchange=(exchange or one.exchange)[:LOG_TEXT],
                snapshot=(one.snapshot.id or one.snapshot.time or snapshot or "")[:LOG_TEXT] or None,
                format=one.format,
                root=one.root,
                totals=None if one.total is None else dict(one.total),
                source=root_source(request, one),
                file_sha256=evidence_hash(one.inputs),
                seen_at=shown_time(now),
            )
        )
    return found


def remember_roots(entries: Sequence[LogEntry]) -> list[Message]:
    """Append what is new to the log; a sentence for every other root that the log names for one of the snapshots.

    Raises ``store.unusable`` for a log that was changed or cannot be written.
    """
    if not entries:
        return []
    notes: list[Message] = []
    with locked(data_folder() / "root-log.lock"):
        log = root_log()
        for entry in entries:
            others = log.other_roots(exchange=entry.exchange, snapshot=entry.snapshot, root=entry.root)
            notes += [
                say("log.other_root", root=str(one["root"]), source=str(one["source"]), seen=str(one["seen_at"]))
                for one in others
                if one["format"] == entry.format
            ]
        log.append_all(entries)
    return list(dict.fromkeys(notes))


def root_source(request: VerifyRequest, verdict: Verdict) -> str:
    """Where the root was confirmed: by what was given, by the proofs' own pinned keys, or by nothing but the proof."""
    root = next((claim for claim in verdict.claims if claim.id == "root"), None)
    if root is None or root.state is not State.VERIFIED:
        return "proof"
    if request.roots or request.published:
        return "--root" if request.roots else "--published"
    pinned = any(claim.id == "proof" and claim.state is State.VERIFIED for claim in verdict.claims)
    return "pinned proof" if pinned else "kept root"


def evidence_hash(inputs: Sequence[InputRecord]) -> str | None:
    """The SHA-256 of the file; of several files that over their sorted hashes, one a line."""
    hashes = sorted({one.sha256 for one in inputs})
    if len(hashes) < 2:
        return hashes[0] if hashes else None
    return hashlib.sha256("".join(f"{one}\n" for one in hashes).encode()).hexdigest()
