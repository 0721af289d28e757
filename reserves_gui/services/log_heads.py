"""Heads of other people's logs: how their signatures stand, and those that were seen, so that a fork is found.

Of every log that was imported the newest head is kept, with the key that signed it. A later copy of that log must
extend that head and be signed by that key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from reserves_gui.canonical import canonical_bytes
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.json_gate import parse_json
from reserves_gui.intake.shape import Shape
from reserves_gui.messages import Message, say
from reserves_gui.services.keeping import data_folder
from reserves_gui.services.signing import note_key_of, own_note_key
from reserves_gui.services.writing import write_atomically
from reserves_gui.trust.log_files import HandedHead, handed_head
from reserves_gui.trust.signed_note import NoteKey, NoteSignature, check_note, is_signed

_SCHEMA = "reserves/log-heads/1"
_LOGS = 10_000
_BYTES = 16 * 1024 * 1024


class Signed(StrEnum):
    """Whose signature a head carries.

    ``UNKNOWN``: of keys that nobody named. ``STATED``: of the key the file itself names. ``KEPT``: of the key that
    signed the copy imported before. ``OWN``: of this machine's key. ``GIVEN``: of the key the user gave. ``WRONG``:
    not of the key that must have signed, or changed.
    """

    UNSIGNED = "unsigned"
    UNKNOWN = "unknown"
    STATED = "stated"
    KEPT = "kept"
    OWN = "own"
    GIVEN = "given"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class HeadSignature:
    """How a head is signed; ``key`` is the key it was checked with, as text (C2SP verifier key)."""

    signed: Signed
    key: str | None = None

    @property
    def reason(self) -> Message:
        """One sentence."""
        return say(f"log.signed.{self.signed}")


@dataclass(frozen=True, slots=True)
class KeptHead:
    """The newest head of a log that was imported, and the key that signed it, where one did."""

    handed: HandedHead
    signer: NoteKey | None
    seen_at: str


def head_signature(handed: HandedHead, *, given: str | None, kept: KeptHead | None, own_origin: str) -> HeadSignature:
    """How ``handed`` is signed. ``given``: a public key in one line that must have signed. Raises ``format.shape``."""
    origin = handed.head.origin
    if given is not None:
        return _must(handed, note_key_of(given, origin), Signed.GIVEN)
    if kept is not None and kept.signer is not None:
        return _must(handed, kept.signer, Signed.KEPT)
    own = own_note_key(origin) if origin == own_origin else None
    if own is not None and (found := check_note(handed.note, own)) is not NoteSignature.NONE:
        return HeadSignature(Signed.OWN if found is NoteSignature.HOLDS else Signed.WRONG, own.text())
    if handed.key is not None:
        return _must(handed, handed.key, Signed.STATED)
    return HeadSignature(Signed.UNKNOWN if is_signed(handed.note) else Signed.UNSIGNED)


def kept_heads() -> dict[str, KeptHead]:
    """The newest head of every log imported, by the log's origin. Raises ``store.unusable``, ``store.newer``."""
    path = _path()
    try:
        with path.open("rb") as stream:
            data = stream.read(_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError:
        raise _unusable(path) from None
    if len(data) > _BYTES:
        raise _unusable(path)
    try:
        shape = Shape(parse_json(data, path.name), path.name)
        newer = shape["schema"].text() != _SCHEMA
        found = {} if newer else {origin: _kept(one) for origin, one in shape["heads"].items()}
    except ReservesError:
        raise _unusable(path) from None
    if newer:
        raise ReservesError(ErrorCode.STORE_NEWER, say("store.newer"), str(path))
    return found


def keep_head(handed: HandedHead, signature: HeadSignature, seen_at: str) -> None:
    """Keep the head of a log that was imported, unless a longer one is kept. Call it under the log's lock.

    Raises ``store.*``, ``usage`` where it cannot be written, ``limit.entries``.
    """
    kept = kept_heads()
    origin = handed.head.origin
    before = kept.get(origin)
    if before is not None and before.handed.head.size > handed.head.size:
        return
    signer = signature.key if signature.signed in {Signed.STATED, Signed.KEPT, Signed.GIVEN} else None
    note = {"note": handed.note, "key": signer, "seen_at": seen_at}
    heads = {**{name: _written(one) for name, one in kept.items()}, origin: note}
    if len(heads) > _LOGS:
        raise ReservesError(ErrorCode.LIMIT_ENTRIES, say("error.limit_entries", limit=_LOGS), str(_path()))
    write_atomically(_path(), canonical_bytes({"schema": _SCHEMA, "heads": heads}) + b"\n")


def _must(handed: HandedHead, key: NoteKey, held: Signed) -> HeadSignature:
    holds = check_note(handed.note, key) is NoteSignature.HOLDS
    return HeadSignature(held if holds else Signed.WRONG, key.text())


def _kept(shape: Shape) -> KeptHead:
    key = shape.get("key")
    handed = handed_head(shape["note"].text(), None if key is None else key.text(), shape.where)
    return KeptHead(handed, handed.key, shape["seen_at"].text())


def _written(kept: KeptHead) -> Mapping[str, object]:
    return {
        "note": kept.handed.note,
        "key": None if kept.signer is None else kept.signer.text(),
        "seen_at": kept.seen_at,
    }


def _path() -> Path:
    return data_folder() / "root-log" / "heads.json"


def _unusable(path: Path) -> ReservesError:
    return ReservesError(ErrorCode.STORE_UNUSABLE, say("log.bad_heads"), str(path))
