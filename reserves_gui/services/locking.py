"""One writer at a time for files that several processes of this program write."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file ``path`` (made if needed); waits for its turn. Raises ``store.unusable``."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = path.open("a+b")
    except OSError as error:
        raise ReservesError(
            ErrorCode.STORE_UNUSABLE, say("store.unusable", kind=type(error).__name__), str(path)
        ) from None
    with handle:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
            try:
                yield
            finally:
                handle.seek(0)
                msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            # Let go of when the file is closed, however the process ends.
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
