"""What the user drops, as documents: files, folders, archives as downloaded, pasted text, standard input."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.archive import archive_documents
from reserves_gui.intake.case_file import CaseFile, is_case, read_case
from reserves_gui.intake.case_manifest import Use
from reserves_gui.intake.document import Document, SharedHandle
from reserves_gui.intake.member_names import GZIP_MAGIC, ZIP_MAGIC
from reserves_gui.intake.spool import spool
from reserves_gui.intake.tarball import gzip_documents, is_tar, tar_documents
from reserves_gui.messages import say
from reserves_gui.progress import Progress, silent

STANDARD_INPUT = "-"
# Left behind by file managers beside what the user meant.
_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}


def open_all(
    names: list[str],
    standard_input: BinaryIO | None = None,
    *,
    use: Use = Use.INPUT,
    progress: Progress | None = None,
) -> list[Document]:
    """All documents behind ``names`` (paths, or ``-``), folders and archives opened, in a stable order.

    Of a case file, those that are kept in it for ``use``. Raises ``input.*``, ``zip.unsafe``, ``limit.*`` and
    ``usage`` (standard input asked for where there is none).
    """
    documents: list[Document] = []
    for name in names:
        if name == STANDARD_INPUT:
            if standard_input is None:
                raise ReservesError(ErrorCode.USAGE, say("error.no_standard_input"))
            documents.append(spooled("pasted text", standard_input))
        else:
            documents.extend(open_path(Path(name), use=use, progress=progress))
    return documents


def open_path(path: Path, *, use: Use = Use.INPUT, progress: Progress | None = None) -> list[Document]:
    """The documents behind one path; of a case file, those that are kept in it for ``use``."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        raise ReservesError(ErrorCode.INPUT_NOT_FOUND, say("error.not_found"), str(path)) from None
    if stat.S_ISDIR(mode):
        return _together(
            path,
            [
                document
                for entry in _walk(path)
                for document in _documents(entry, str(entry.relative_to(path)), use, progress)
            ],
        )
    return _documents(path, path.name, use, progress)


def _together(path: Path, documents: list[Document]) -> list[Document]:
    """``documents`` marked as found in one folder or archive."""
    for document in documents:
        document.origin = str(path)
    return documents


def open_case(path: Path, progress: Progress) -> CaseFile | None:
    """The case file at ``path``, or None if it is none. Raises ``input.*`` and what :func:`read_case` raises."""
    if not path.is_file():
        return None
    shared, _ = _opened(path, path.name)
    return read_case(path.name, shared, progress) if is_case(shared, path.name) else None


def spooled(name: str, stream: BinaryIO) -> Document:
    """The rest of a stream that can be read only once, as a document. Raises ``input.empty``, ``limit.size``."""
    shared, size = spool(_limited(name, stream), name)
    if not size:
        raise ReservesError(ErrorCode.INPUT_EMPTY, say("error.empty"), name)
    return Document(name, size, shared.opened)


def _limited(name: str, stream: BinaryIO) -> Iterator[bytes]:
    size = 0
    while block := stream.read(limits.BLOCK_BYTES):
        size += len(block)
        if size > limits.STREAM_BYTES:
            raise ReservesError(ErrorCode.LIMIT_SIZE, say("error.limit_size", limit=limits.STREAM_BYTES), name)
        yield block


def _documents(path: Path, name: str, use: Use, progress: Progress | None) -> list[Document]:
    shared, size = _opened(path, name)
    if is_case(shared, name):
        documents = read_case(name, shared, progress or silent()).documents(use)
        if not documents:
            raise ReservesError(ErrorCode.INPUT_EMPTY, say("case.nothing_kept"), name)
        return documents
    head = shared.read_at(0, len(ZIP_MAGIC))
    if head == ZIP_MAGIC:
        return _together(path, archive_documents(name, shared))
    if head.startswith(GZIP_MAGIC):
        return _together(path, gzip_documents(name, shared, progress or silent()))
    if is_tar(shared):
        return _together(path, tar_documents(name, shared))
    return [Document(name, size, shared.opened, path=path)]


def _opened(path: Path, name: str) -> tuple[SharedHandle, int]:
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        # Looked at before opening: opening some devices has effects, and a pipe would wait for its writer.
        if not stat.S_ISREG(path.stat().st_mode):
            raise ReservesError(ErrorCode.INPUT_SPECIAL_FILE, say("error.special_file"), name)
        descriptor = os.open(path, flags)
    except OSError:
        raise ReservesError(ErrorCode.INPUT_NOT_FOUND, say("error.not_found"), name) from None
    shared = SharedHandle(os.fdopen(descriptor, "rb"))
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        raise ReservesError(ErrorCode.INPUT_SPECIAL_FILE, say("error.special_file"), name)
    if not facts.st_size:
        raise ReservesError(ErrorCode.INPUT_EMPTY, say("error.empty"), name)
    if facts.st_size > limits.STREAM_BYTES:
        raise ReservesError(ErrorCode.LIMIT_SIZE, say("error.limit_size", limit=limits.STREAM_BYTES), name)
    return shared, facts.st_size


def _walk(folder: Path) -> Iterator[Path]:
    root = folder.resolve()
    count = 0
    for current, folders, files in os.walk(folder, followlinks=False):
        depth = len(Path(current).relative_to(folder).parts)
        if depth >= limits.FOLDER_DEPTH:
            raise ReservesError(ErrorCode.LIMIT_DEPTH, say("error.folder_depth", limit=limits.FOLDER_DEPTH), current)
        folders.sort()
        for name in sorted(files):
            if name in _LITTER:
                continue
            path = Path(current) / name
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                raise ReservesError(ErrorCode.INPUT_SPECIAL_FILE, say("error.link_outside"), str(path))
            count += 1
            if count > limits.FOLDER_FILES:
                raise ReservesError(ErrorCode.LIMIT_ENTRIES, say("error.limit_entries", limit=limits.FOLDER_FILES))
            yield path
