"""A document whose reading is reported as progress, byte by byte as it is consumed."""

import io
from typing import BinaryIO

from reserves_gui.intake.document import Document
from reserves_gui.progress import Progress

# Small enough that a bar moves while workers lag behind the reader.
_BUFFER_BYTES = 64 * 1024


class _Counting(io.RawIOBase):
    def __init__(self, stream: BinaryIO, progress: Progress) -> None:
        self._stream = stream
        self._progress = progress
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._read += len(data)
        self._progress.advance(self._read)
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def counted(document: Document, progress: Progress) -> Document:
    """The same document; every cursor over it advances ``progress`` and looks at cancellation."""

    def opened() -> BinaryIO:
        return io.BufferedReader(_Counting(document.open(), progress), buffer_size=_BUFFER_BYTES)

    return Document(document.name, document.size, opened, path=document.path)
