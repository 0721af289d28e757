"""Writing a file so that it is either the old one or the whole new one, and readable by its owner alone."""

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say


def write_atomically(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` by way of a temporary file beside it. Raises ``usage`` where that cannot be."""
    write_streamed(path, lambda stream: _all(stream, data))


def write_streamed(path: Path, fill: Callable[[BinaryIO], None]) -> None:
    """The same for what ``fill`` writes into the stream, which can also be read and sought in.

    Raises ``usage`` and whatever ``fill`` raises; then nothing is left behind and an old file stays as it was.
    """
    try:
        descriptor, name = tempfile.mkstemp(prefix=".reserves-", dir=path.parent)
    except OSError:
        raise _cannot_write(path) from None
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            fill(stream)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(path)
    except OSError:
        raise _cannot_write(path) from None
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


def _all(stream: BinaryIO, data: bytes) -> None:
    stream.write(data)


def _cannot_write(path: Path) -> ReservesError:
    return ReservesError(ErrorCode.USAGE, say("report.error.write"), str(path))
