"""One file as it was given: its name, its bytes by cursor, its hash, and its parsed content on demand."""

import hashlib
import io
import threading
import weakref
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.json_gate import JsonValue, decode_utf8, parse_json
from reserves_gui.intake.shape import Shape
from reserves_gui.messages import say
from reserves_gui.progress import Progress, silent


class SharedHandle:
    """An open file that several cursors share; closed when the last of them, and every document over it, is gone."""

    def __init__(self, handle: BinaryIO) -> None:
        self.handle = handle
        self._lock = threading.Lock()
        weakref.finalize(self, handle.close)

    def read_at(self, position: int, size: int) -> bytes:
        """At most ``size`` bytes from ``position``."""
        with self._lock:
            self.handle.seek(position)
            return self.handle.read(size)

    def end(self) -> int:
        """The position behind the last byte."""
        with self._lock:
            return self.handle.seek(0, io.SEEK_END)

    def opened(self, start: int = 0, size: int | None = None) -> BinaryIO:
        """A cursor of its own, at the start of everything or of the ``size`` bytes from ``start``."""
        return io.BufferedReader(_Cursor(self, start, size), buffer_size=limits.CURSOR_BYTES)


class _Cursor(io.RawIOBase):
    """A position of its own over a shared handle, or over a part of it."""

    def __init__(self, shared: SharedHandle, start: int, size: int | None) -> None:
        self._shared = shared
        self._start = start
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position}.get(whence)
        self._position = (self._end() if base is None else base) + offset
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        wanted = len(buffer) if self._size is None else max(0, min(len(buffer), self._size - self._position))
        data = self._shared.read_at(self._start + self._position, wanted)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def _end(self) -> int:
        return self._shared.end() - self._start if self._size is None else self._size


class Document:
    """A named sequence of bytes that can be read from the start as often as needed.

    ``name`` is what the user is shown; ``path`` is the file on disk when there is one (never a zip member or pasted
    text); ``size`` is in bytes and may be what an archive directory claims until the content has been read. ``origin``
    tells what was given as one thing, a folder or an archive, from the other things given; None: a file by itself.
    """

    def __init__(
        self,
        name: str,
        size: int,
        opener: Callable[[], BinaryIO],
        *,
        path: Path | None = None,
        origin: str | None = None,
    ) -> None:
        self.name = name
        self.size = size
        self.path = path
        self.origin = origin
        self._opener = opener
        self._json: JsonValue | ReservesError | None = None
        self._parsed = False
        self._guard = threading.Lock()

    def open(self) -> BinaryIO:
        """A fresh cursor at the start; the caller closes it."""
        return self._opener()

    @cached_property
    def head(self) -> bytes:
        """The first MiB at most, for recognition."""
        with self.open() as stream:
            return stream.read(limits.SNIFF_BYTES)

    @property
    def first_line(self) -> bytes:
        """The first line without its end and without a UTF-8 byte order mark, cut at 4 KiB."""
        start = self.head[: limits.LINE_BYTES].removeprefix(b"\xef\xbb\xbf")
        return start.split(b"\n", 1)[0].rstrip(b"\r")

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of all bytes, lower-case hex."""
        return self.digest(silent())

    def digest(self, progress: Progress) -> str:
        """SHA-256 of all bytes, lower-case hex; looks at cancellation once a block."""
        state = hashlib.sha256()
        with self.open() as stream:
            while block := stream.read(limits.BLOCK_BYTES):
                state.update(block)
                progress.checkpoint()
        return state.hexdigest()

    def read(self, limit: int) -> bytes:
        """All bytes, at most ``limit`` of them. Raises ``limit.size``."""
        with self.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise ReservesError(ErrorCode.LIMIT_SIZE, say("error.limit_size", limit=limit), self.name)
        return data

    def text(self, limit: int) -> str:
        """All content as UTF-8 text, a byte order mark dropped. Raises ``limit.size``, ``input.encoding``."""
        return decode_utf8(self.read(limit), self.name)

    @property
    def looks_like_json(self) -> bool:
        """Whether the first character that is not blank opens a JSON object or array."""
        start = self.head[:4096].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
        return start[:1] in (b"{", b"[")

    def json(self, limit: int = limits.JSON_USER_BYTES) -> JsonValue:
        """The content through the JSON gate, parsed once. Raises what the gate raises, each time the same."""
        with self._guard:
            if not self._parsed:
                try:
                    self._json = parse_json(self.read(limit), self.name)
                except ReservesError as error:
                    if error.code is ErrorCode.LIMIT_SIZE:
                        raise
                    self._json = error
                self._parsed = True
        if isinstance(self._json, ReservesError):
            raise self._json
        return self._json

    def shape(self, limit: int = limits.JSON_USER_BYTES) -> Shape:
        """The JSON content as a strict reader that names the place of whatever is missing or wrong."""
        return Shape(self.json(limit), self.name)

    def json_keys(self, limit: int = limits.JSON_USER_BYTES) -> frozenset[str]:
        """The top-level keys if the content is a JSON object that passes the gate, else none. Never raises."""
        if not self.looks_like_json or self.size > limit:
            return frozenset()
        try:
            value = self.json(limit)
        except ReservesError:
            return frozenset()
        return frozenset(value) if isinstance(value, dict) else frozenset()


def from_bytes(name: str, data: bytes) -> Document:
    """A document held in memory (pasted text, a form, a test)."""
    return Document(name, len(data), lambda: io.BytesIO(data))
