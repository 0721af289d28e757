"""Writing a file so that it is either the old one or the whole new one, and readable by its owner alone."""

import contextlib
import os
import tempfile
from pathlib import Path

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say


def write_atomically(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` by way of a temporary file beside it. Raises ``usage`` where that cannot be."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=".reserves-", dir=path.parent)
    except OSError:
        raise _cannot_write(path) from None
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise _cannot_write(path) from None


def _cannot_write(path: Path) -> ReservesError:
    return ReservesError(ErrorCode.USAGE, say("report.error.write"), str(path))
