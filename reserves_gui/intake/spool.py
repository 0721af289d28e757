"""Bytes that come only once (a pipe, an unpacked stream), put where they can be read as often as needed."""

import tempfile
from collections.abc import Iterable

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import SharedHandle
from reserves_gui.messages import say


def spool(blocks: Iterable[bytes], name: str) -> tuple[SharedHandle, int]:
    """The blocks in one file and its size in bytes; what raises while they come goes on.

    The file is anonymous and private: gone with the process, readable by nobody else. Raises ``limit.size`` where the
    disk has no room for it.
    """
    file = tempfile.SpooledTemporaryFile(max_size=limits.SPOOL_MEMORY_BYTES)  # noqa: SIM115 - closed by its handle
    shared = SharedHandle(file)  # type: ignore[arg-type]
    size = 0
    for block in blocks:
        try:
            file.write(block)
        except OSError as error:
            raise ReservesError(ErrorCode.LIMIT_SIZE, say("error.no_room"), name) from error
        size += len(block)
    return shared, size
