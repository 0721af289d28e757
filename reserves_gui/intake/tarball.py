"""Tar archives and gzip streams as downloaded (``.tar.gz``, ``.tar``, ``proof.csv.gz``): read, never extracted."""

import gzip
import io
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import BinaryIO

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document, SharedHandle
from reserves_gui.intake.member_names import is_litter, refuse_name, refuse_nested
from reserves_gui.intake.spool import spool
from reserves_gui.messages import say
from reserves_gui.progress import Progress

_BLOCK = 512
# Where every tar written since 1988 says what it is.
_MAGIC_AT, _MAGIC = 257, b"ustar"
_ENDINGS = {".tgz": ".tar", ".gz": ""}


class _Headers(io.RawIOBase):
    """What the tar library reads of an archive: headers only, and not more of them for one member than is honest."""

    def __init__(self, shared: SharedHandle, where: str) -> None:
        self._stream = shared.opened()
        self._where = where
        self._left = 0
        self.next_member()

    def next_member(self) -> None:
        """Begin to count anew."""
        self._left = limits.TAR_HEADER_BYTES

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def read(self, size: int = -1) -> bytes:
        self._left -= size
        if size < 0 or self._left < 0:
            raise ReservesError(
                ErrorCode.LIMIT_ZIP, say("error.tar_header", limit=limits.TAR_HEADER_BYTES), self._where
            )
        return self._stream.read(size)


def is_tar(shared: SharedHandle) -> bool:
    """Whether the file is a tar archive."""
    return shared.read_at(_MAGIC_AT, len(_MAGIC)) == _MAGIC


def gzip_documents(name: str, shared: SharedHandle, progress: Progress) -> list[Document]:
    """What a gzip stream holds: the members of a tar archive, or one file.

    It is unpacked once, into a private file that is gone with the process. Raises ``zip.unsafe`` (damaged, an archive
    within an archive), ``limit.zip`` and what :func:`tar_documents` raises.
    """
    unpacked, size = spool(_unpacked(name, shared, progress), name)
    inner = _inner_name(name)
    if is_tar(unpacked):
        return tar_documents(inner, unpacked)
    if not size:
        raise ReservesError(ErrorCode.INPUT_EMPTY, say("error.empty"), name)
    document = Document(inner, size, unpacked.opened)
    refuse_nested(document.head, name)
    return [document]


def tar_documents(name: str, shared: SharedHandle) -> list[Document]:
    """The members of a tar archive as documents.

    Raises ``zip.unsafe`` (damaged, cut short, links, devices, sparse files, bad or repeated names, nested archives),
    ``limit.zip`` and ``input.empty``.
    """
    documents: list[Document] = []
    seen: set[str] = set()
    for info in _members(name, shared):
        where = f"{name}: {info.name[: limits.LABEL_CHARS]}"
        _refuse_kind(info, where)
        refuse_name(info.name, seen, where)
        if info.isdir() or is_litter(info.name):
            continue
        # A size beyond the end is refused by the library, a negative one by nobody else.
        if info.size < 0:
            raise _damaged(where)
        document = Document(info.name, info.size, _part(shared, info.offset_data, info.size))
        refuse_nested(document.head, where)
        documents.append(document)
    if not documents:
        raise ReservesError(ErrorCode.INPUT_EMPTY, say("error.empty"), name)
    return documents


def _part(shared: SharedHandle, start: int, size: int) -> Callable[[], BinaryIO]:
    return lambda: shared.opened(start, size)


def _members(name: str, shared: SharedHandle) -> Iterator[tarfile.TarInfo]:
    headers = _Headers(shared, name)
    try:
        archive = tarfile.TarFile(fileobj=headers, mode="r", encoding="utf-8", errors="replace")
        behind = 0
        for count in range(limits.ZIP_MEMBERS + 1):
            headers.next_member()
            info = archive.next()
            if info is None:
                break
            if count == limits.ZIP_MEMBERS:
                raise ReservesError(ErrorCode.LIMIT_ZIP, say("error.zip_members", limit=limits.ZIP_MEMBERS), name)
            yield info
            behind = info.offset_data + -(-info.size // _BLOCK) * _BLOCK if info.isreg() else info.offset_data
    # The library lets several of these through for headers that make no sense.
    except (tarfile.TarError, EOFError, OSError, ValueError, OverflowError, RuntimeError) as error:
        raise _damaged(name) from error
    # The library takes a header that it cannot read for the end; what an archive ends with is zeros, or nothing.
    if shared.read_at(behind, _BLOCK).strip(b"\0"):
        raise _damaged(name)


def _refuse_kind(info: tarfile.TarInfo, where: str) -> None:
    if info.issym() or info.islnk():
        raise ReservesError(ErrorCode.ZIP_UNSAFE, say("error.zip_link"), where)
    if not (info.isreg() or info.isdir()):
        raise ReservesError(ErrorCode.ZIP_UNSAFE, say("error.tar_special"), where)
    if info.issparse():
        raise _damaged(where)


def _unpacked(name: str, shared: SharedHandle, progress: Progress) -> Iterator[bytes]:
    allowed = min(limits.ZIP_UNPACKED_BYTES, max(limits.ZIP_RATIO_FREE_BYTES, shared.end() * limits.ZIP_RATIO))
    size = 0
    with gzip.GzipFile(fileobj=shared.opened(), mode="rb") as stream:
        while block := _block(stream, name):
            progress.checkpoint()
            size += len(block)
            if size > allowed:
                raise ReservesError(ErrorCode.LIMIT_ZIP, say("error.zip_bomb", ratio=limits.ZIP_RATIO), name)
            yield block


def _block(stream: gzip.GzipFile, name: str) -> bytes:
    try:
        return stream.read(limits.BLOCK_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(name) from error


def _inner_name(name: str) -> str:
    ending = PurePath(name).suffix
    return name.removesuffix(ending) + _ENDINGS[ending.lower()] if ending.lower() in _ENDINGS else name


def _damaged(where: str) -> ReservesError:
    return ReservesError(ErrorCode.ZIP_UNSAFE, say("error.zip_damaged"), where)
