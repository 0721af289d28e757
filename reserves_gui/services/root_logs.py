"""The root log as the user meets it: filled by verifying, handed to a friend, its entries proven.

Roots are remembered only where the user keeps history at all (there is a store). Root, stated totals, source and the
hash of the file are kept; no balance, id, nonce or file name.
"""

import time
from dataclasses import dataclass, replace
from pathlib import Path

from reserves_gui.canonical import canonical_bytes
from reserves_gui.errors import ReservesError
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.services.keeping import has_store, root_log
from reserves_gui.services.log_heads import HeadSignature, Signed, head_signature
from reserves_gui.services.log_reading import read_head, read_proof, single_document
from reserves_gui.services.root_keeping import log_entries, remember_roots
from reserves_gui.services.signing import Signer
from reserves_gui.services.verify import VerifyRequest, verify
from reserves_gui.services.writing import write_atomically
from reserves_gui.trust.log_files import HandedHead, ProvenEntry, log_document, proof_document
from reserves_gui.trust.root_log import Checkpoint
from reserves_gui.verdict import State, Verdict


def verify_and_remember(request: VerifyRequest, progress: Progress, *, db: str | None) -> Verdict:
    """Verify, and append the roots seen to the log where the user keeps history.

    A root that contradicts one seen before is said in the verdict's notes; so is a log that cannot be written.
    """
    return remembered(verify(request, progress), request, db=db, now=int(time.time()))


def remembered(verdict: Verdict, request: VerifyRequest, *, db: str | None, now: int) -> Verdict:
    """``verdict`` with its roots kept in the log and what the log knows about them added to its notes."""
    if not has_store(db):
        return verdict
    try:
        notes = remember_roots(log_entries(verdict, request, now=now))
    except ReservesError as error:
        # What was verified stays verified; that it could not be remembered is said beside it.
        notes = [say("log.not_kept", reason=error.message)]
    return replace(verdict, notes=(*verdict.notes, *notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofCheck:
    """What a proof of one entry shows. ``proven`` None: it does not lead to its head, or that is not the one given.

    ``named``: the head is known from elsewhere, or signed by the key given; else anybody can have made the log.
    """

    proven: ProvenEntry | None
    signature: HeadSignature
    named: bool

    @property
    def state(self) -> State:
        """``verified`` only for a head that is known to be somebody's."""
        if self.proven is None or self.signature.signed is Signed.WRONG:
            return State.FAILED
        return State.VERIFIED if self.named else State.UNDECIDED


def export_log(path: Path, signer: Signer | None = None) -> int:
    """Write the whole log for somebody else, its head signed by ``signer``; how many entries.

    Raises ``usage``, ``store.unusable``.
    """
    log = root_log()
    write_atomically(path, canonical_bytes(log_document(log, signed_head(log.head(), signer))) + b"\n")
    return len(log.entries)


def prove_entry(index: int, path: Path, signer: Signer | None = None) -> None:
    """Write entry ``index`` (from 0) with the proof that it is in the log. Raises ``usage``, ``store.unusable``."""
    log = root_log()
    write_atomically(path, canonical_bytes(proof_document(log, signed_head(log.head(), signer), index)) + b"\n")


def signed_head(head: Checkpoint, signer: Signer | None) -> HandedHead:
    """A head to be handed on, signed where there is a signer."""
    if signer is None:
        return HandedHead(head, head.text(), None)
    line, key = signer.note(head.body(), head.origin)
    return HandedHead(head, head.text(line), key)


def check_proof(path: Path, head: str | None, key: str | None = None) -> ProofCheck:
    """What a proof file shows to be in a log.

    ``head`` is that log's checkpoint from somewhere else, as text or as a file: then it must be the proof's own.
    ``key`` is a public key, in one line, that must have signed it. Raises ``input.*``, ``format.*``.
    """
    handed, proven = read_proof(single_document(path))
    signature = head_signature(handed, given=key, kept=None, own_origin="")
    if head is not None and read_head(head, "--head") != handed.head:
        proven = None
    return ProofCheck(proven=proven, signature=signature, named=head is not None or key is not None)


def head_line() -> str | None:
    """The head of the log on one line, to be printed in a report; None where nothing was logged.

    Raises ``store.unusable`` for a log that was changed.
    """
    head = root_log().head()
    return " ".join(head.text().split()) if head.size else None
