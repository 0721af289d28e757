"""Case files ``*.reserves``: an archive of reports and their evidence that shows every changed byte.

The archive's comment is its seal: a mark, then the SHA-256 of every byte of the file before the hash itself. Inside,
``manifest.json`` carries the hash of every other member. The seal shows damage; the manifest, and a signature over it
where there is one, show what belongs together.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.archive import archive_documents
from reserves_gui.intake.case_manifest import (
    MANIFEST_NAME,
    SIGNATURE_NAME,
    CaseManifest,
    Use,
    read_manifest,
)
from reserves_gui.intake.document import Document, SharedHandle
from reserves_gui.intake.member_names import ZIP_MAGIC
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress

CASE_SUFFIX = ".reserves"
SEAL_MARK = b"reserves case, SHA-256 of all before: "
SEAL_BYTES = len(SEAL_MARK) + 64
_SIGNATURE_BYTES = 16 * 1024
_HASH = re.compile(rb"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A case file as read.

    ``changes`` are the differences between what it is and what was written; with any of them, nothing else of it
    counts. ``members`` are its documents by path; ``signature`` is the signature over the manifest.
    """

    name: str
    changes: tuple[Message, ...]
    manifest: CaseManifest | None = None
    manifest_bytes: bytes = b""
    signature: str | None = None
    members: dict[str, Document]

    def documents(self, use: Use) -> list[Document]:
        """The kept files of one use, under the names they had. Raises ``zip.unsafe`` if the case was changed."""
        if self.manifest is None or self.changes:
            reason = self.changes[0] if self.changes else say("case.damaged")
            raise ReservesError(ErrorCode.ZIP_UNSAFE, reason, self.name)
        return [
            _renamed(self.members[one.path], one.name, None if one.origin is None else f"{self.name}/{one.origin}")
            for one in self.manifest.entries
            if one.use is use and one.path is not None
        ]


def is_case(shared: SharedHandle, name: str) -> bool:
    """Whether a file is meant as a case: it carries the mark of the seal, or it is an archive by that suffix."""
    start = shared.end() - SEAL_BYTES
    sealed = start > 0 and shared.read_at(start, len(SEAL_MARK)) == SEAL_MARK
    named = Path(name).suffix.lower() == CASE_SUFFIX
    return sealed or (named and shared.read_at(0, len(ZIP_MAGIC)) == ZIP_MAGIC)


def read_case(name: str, shared: SharedHandle, progress: Progress) -> CaseFile:
    """Read a case and look at every byte of it. Raises ``zip.unsafe``, ``limit.*``, ``format.*`` and ``Cancelled``.

    A file whose seal does not hold is reported as changed and not looked into. One that was sealed again after a
    change is looked into, and what the manifest does not say of it is reported.
    """
    if not _seal_holds(shared, progress):
        return CaseFile(name=name, changes=(say("case.changed.seal"),), members={})
    members = {one.name: one for one in archive_documents(name, shared)}
    if MANIFEST_NAME not in members:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("case.manifest"), name)
    data = members[MANIFEST_NAME].read(limits.JSON_USER_BYTES)
    manifest = read_manifest(data, f"{name}: {MANIFEST_NAME}")
    signature = members[SIGNATURE_NAME].text(_SIGNATURE_BYTES) if SIGNATURE_NAME in members else None
    changes = [] if manifest.encoded() == data else [say("case.changed.manifest")]
    changes += _member_changes(manifest, members, progress)
    return CaseFile(
        name=name,
        changes=tuple(changes),
        manifest=manifest,
        manifest_bytes=data,
        signature=signature,
        members=members,
    )


def _seal_holds(shared: SharedHandle, progress: Progress) -> bool:
    stated = shared.read_at(shared.end() - 64, 64)
    left = shared.end() - 64
    state, position = hashlib.sha256(), 0
    while position < left and (block := shared.read_at(position, min(limits.BLOCK_BYTES, left - position))):
        state.update(block)
        position += len(block)
        progress.checkpoint()
    return _HASH.fullmatch(stated) is not None and state.hexdigest().encode("ascii") == stated


def _member_changes(manifest: CaseManifest, members: dict[str, Document], progress: Progress) -> Iterable[Message]:
    wanted = manifest.sizes()
    for path in sorted(members.keys() - wanted.keys() - {MANIFEST_NAME, SIGNATURE_NAME}):
        yield say("case.changed.extra", name=path[: limits.LABEL_CHARS])
    for path, (sha256, size) in wanted.items():
        member = members.get(path)
        if member is None:
            yield say("case.changed.missing", name=path)
        elif member.digest(progress) != sha256 or member.size != size:
            yield say("case.changed.member", name=path)


def _renamed(member: Document, name: str, origin: str | None) -> Document:
    return Document(name, member.size, member.open, origin=origin)
