"""What all entries of one file must have in common (check ``path.snapshot``)."""

from collections.abc import Sequence

from reserves_gui.messages import say
from reserves_gui.verdict import Checks


def check_snapshot(checks: Checks, entries: Sequence[tuple[str, str | None]]) -> None:
    """``path.snapshot``: every (place, snapshot id) that names a snapshot names the same; one alone says nothing."""
    named = [(place, value) for place, value in entries if value is not None]
    if len(named) < 2:
        return
    first_place, first = named[0]
    other = next(((place, value) for place, value in named if value != first), None)
    if other is None:
        checks.passed("path.snapshot", say("mpath.snapshot_ok", count=len(named)))
        return
    reason = say("mpath.snapshot_bad", place=other[0], first=first_place)
    checks.failed("path.snapshot", reason, expected=first, seen=other[1])
