"""Writing a case file: members as they are, the manifest over them, the seal over all of it.

Members are stored, not compressed, so that a kept file comes out byte for byte at no cost and an archive never looks
like one made to burst. Nothing in the archive but the content varies: no clock, no owner, no order of a file system.
"""

import hashlib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.case_file import SEAL_MARK
from reserves_gui.intake.case_manifest import MANIFEST_NAME, SIGNATURE_NAME, CaseManifest
from reserves_gui.intake.document import Document
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.services.writing import write_streamed

_DAY = (1980, 1, 1, 0, 0, 0)
_OWNER_ONLY = 0o100600 << 16
_UNIX = 3


@dataclass(frozen=True, slots=True)
class Member:
    """A file to go in at ``path``, whose content must have the hash ``sha256``."""

    path: str
    document: Document
    sha256: str


def write_case_file(
    path: Path, manifest: CaseManifest, members: Iterable[Member], signature: str | None, progress: Progress
) -> None:
    """Write the case at ``path``. Raises ``usage``, and ``input.not_found`` for a member that has changed meanwhile."""

    def fill(stream: BinaryIO) -> None:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            _put(archive, MANIFEST_NAME, manifest.encoded())
            if signature is not None:
                _put(archive, SIGNATURE_NAME, signature.encode("utf-8"))
            for member in members:
                _copy(archive, member, progress)
            archive.comment = SEAL_MARK + b"0" * 64
        _seal(stream, progress)

    write_streamed(path, fill)


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(_info(name), data)


def _copy(archive: zipfile.ZipFile, member: Member, progress: Progress) -> None:
    info = _info(member.path)
    info.file_size = member.document.size
    state = hashlib.sha256()
    with archive.open(info, "w") as target, member.document.open() as source:
        while block := source.read(limits.BLOCK_BYTES):
            state.update(block)
            target.write(block)
            progress.checkpoint()
    if state.hexdigest() != member.sha256:
        raise ReservesError(ErrorCode.INPUT_NOT_FOUND, say("case.input_changed"), member.document.name)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _DAY)
    info.external_attr = _OWNER_ONLY
    info.create_system = _UNIX
    return info


def _seal(stream: BinaryIO, progress: Progress) -> None:
    stream.flush()
    stream.seek(0, 2)
    left = stream.tell() - 64
    stream.seek(0)
    state = hashlib.sha256()
    while left and (block := stream.read(min(limits.BLOCK_BYTES, left))):
        state.update(block)
        left -= len(block)
        progress.checkpoint()
    stream.seek(-64, 2)
    stream.write(state.hexdigest().encode("ascii"))
