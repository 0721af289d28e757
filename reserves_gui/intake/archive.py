"""Zip archives as downloaded: members are read as streams, never extracted, and the directory is not believed."""

import io
import stat
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO, TypeVar

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document, SharedHandle
from reserves_gui.intake.member_names import is_litter, refuse_name, refuse_nested
from reserves_gui.messages import say

_Result = TypeVar("_Result")


class _Member(io.RawIOBase):
    """A member stream that counts what really comes out of it."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> None:
        self._where = where
        self._allowed = max(limits.ZIP_RATIO_FREE_BYTES, info.compress_size * limits.ZIP_RATIO)
        self._seen = 0
        self._stream = _guarded(lambda: archive.open(info), where)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = _guarded(lambda: self._stream.read(len(buffer)), self._where)
        self._seen += len(data)
        if self._seen > self._allowed or self._seen > limits.ZIP_UNPACKED_BYTES:
            raise ReservesError(ErrorCode.LIMIT_ZIP, say("error.zip_bomb", ratio=limits.ZIP_RATIO), self._where)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def archive_documents(name: str, shared: SharedHandle) -> list[Document]:
    """The members of an archive as documents.

    Raises ``zip.unsafe`` (damaged, encrypted, linked, badly named, repeated or nested members) and ``limit.zip``.
    """
    archive = _guarded(lambda: zipfile.ZipFile(shared.opened()), name)
    infos = archive.infolist()
    if len(infos) > limits.ZIP_MEMBERS:
        raise ReservesError(ErrorCode.LIMIT_ZIP, say("error.zip_members", limit=limits.ZIP_MEMBERS), name)
    documents: list[Document] = []
    seen: set[str] = set()
    claimed = 0
    for info in infos:
        where = f"{name}: {info.filename[: limits.LABEL_CHARS]}"
        _refuse_kind(info, where)
        refuse_name(info.orig_filename, seen, where)
        if info.is_dir() or is_litter(info.filename):
            continue
        claimed += info.file_size
        if claimed > limits.ZIP_UNPACKED_BYTES or info.file_size > max(
            limits.ZIP_RATIO_FREE_BYTES, info.compress_size * limits.ZIP_RATIO
        ):
            raise ReservesError(ErrorCode.LIMIT_ZIP, say("error.zip_bomb", ratio=limits.ZIP_RATIO), where)
        document = Document(info.filename, info.file_size, _opener(archive, info, where))
        refuse_nested(document.head, where)
        documents.append(document)
    if not documents:
        raise ReservesError(ErrorCode.INPUT_EMPTY, say("error.empty"), name)
    return documents


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> Callable[[], BinaryIO]:
    return lambda: io.BufferedReader(_Member(archive, info, where), buffer_size=limits.BLOCK_BYTES)


def _refuse_kind(info: zipfile.ZipInfo, where: str) -> None:
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ReservesError(ErrorCode.ZIP_UNSAFE, say("error.zip_link"), where)
    if info.flag_bits & 0x1:
        raise ReservesError(ErrorCode.ZIP_UNSAFE, say("error.zip_encrypted"), where)


def _guarded(action: Callable[[], _Result], where: str) -> _Result:
    """What ``action`` returns, with everything the zip library raises for a damaged archive as ``zip.unsafe``."""
    try:
        return action()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise ReservesError(ErrorCode.ZIP_UNSAFE, say("error.zip_damaged"), where) from error
