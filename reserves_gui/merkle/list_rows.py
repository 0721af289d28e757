"""Flat lists whose rows show amounts: failing rows by line, and the root of a list whose odd levels repeat a hash."""

from hashlib import sha256

from reserves_gui.merkle.node_failures import Failures
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.verdict import Checks

_WIDTH = 32
_PAIRS_PER_LOOK = 4096


def report_rows(checks: Checks, check_id: str, failures: Failures, *, passed: Message) -> None:
    """One check over all rows: failed with the first failing line and the number of such lines, or passed."""
    if not failures:
        checks.passed(check_id, passed)
        return
    more = ", …" if failures.count > len(failures.first) else ""
    lines = ", ".join(str(one.line) for one in failures.first) + more
    kind = check_id.partition(".")[2]
    reason = say(f"lists.{kind}_failed", line=failures.first[0].line, count=failures.count, lines=lines)
    checks.failed(check_id, reason)


def rebuild_repeating(leaves: bytes | bytearray, progress: Progress) -> str | None:
    """The root over leaves of 32 bytes as lower-case hex; None for an empty list.

    parent = SHA256( hexL || hexR )      text; an odd level repeats its last hash; a single leaf is the root
    """
    level = bytes(leaves)
    while len(level) > _WIDTH:
        if len(level) // _WIDTH % 2:
            level += level[-_WIDTH:]
        parents = bytearray()
        for start in range(0, len(level), 2 * _WIDTH):
            if start // (2 * _WIDTH) % _PAIRS_PER_LOOK == 0:
                progress.checkpoint()
            parents += sha256(level[start : start + 2 * _WIDTH].hex().encode("ascii")).digest()
        level = bytes(parents)
    return level.hex() or None
