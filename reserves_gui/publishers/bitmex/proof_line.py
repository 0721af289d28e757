"""Lines printed by the publisher's tool for one user: one path each, from a leaf to the root.

``leaf_index,height,sats,sib0_hash,sib0_sats,sib1_hash,…`` (BitMEX/proof-of-reserves-liabilities
validate_liabilities.py c0c9c71, --print-proof-csv). The own leaf's digest is not in the line: it needs the user's key.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.lines import read_lines
from reserves_gui.merkle.sum_rows import VALUE_LIMIT, pair_digest
from reserves_gui.messages import say
from reserves_gui.publishers.bitmex.keys import SnapshotKey
from reserves_gui.verdict import Checks

_NUMBER = rb"(?:0|-?[1-9][0-9]{0,19})"
LINE = re.compile(
    rb"(0|[1-9][0-9]{0,18}),(0|[1-9][0-9]{0,18}),(" + _NUMBER + rb")((?:,[0-9a-f]{64}," + _NUMBER + rb"){0,64})"
)
_LONGEST = 64 * 86 + 64
# A user's leaves in one snapshot; a balance is split into a handful.
_LINES = 10_000


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    index: int
    height: int
    value: int
    siblings: tuple[tuple[bytes, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the lines of one user gave; amounts in satoshis."""

    height: int
    keys: tuple[SnapshotKey, ...]
    root: str | None
    total: int | None
    balance: int | None
    leaves: tuple[int, ...] | None


def judge_proof_lines(
    document: Document,
    keys_at: Callable[[int], tuple[SnapshotKey, ...]],
    published: Sequence[str],
    checks: Checks,
) -> Judged:
    """Check all lines and walk each to a root; adds checks of ``leaf`` and ``path``.

    Raises ``format.shape`` for a line of another shape and what ``keys_at`` raises.
    """
    lines = _read(document)
    heights = {line.height for line in lines}
    height = lines[0].height
    keys = keys_at(height)
    if len(heights) > 1:
        checks.failed("path.snapshot", say("bitmex.lines_heights"))
    sound = _lengths_and_values(lines, checks)
    indexes = [line.index for line in lines]
    if len(set(indexes)) != len(indexes):
        checks.failed("leaf.duplicate", say("bitmex.line_twice"))
    else:
        checks.passed("leaf.duplicate", say("bitmex.lines_distinct", count=len(lines)))
    balance = sum(line.value for line in lines) if sound else None
    if not keys:
        checks.not_checked("leaf.hash", say("bitmex.line_needs_key"))
        checks.not_checked("path.hash", say("bitmex.line_needs_key"))
        return Judged(height=height, keys=keys, root=None, total=None, balance=balance, leaves=tuple(sorted(indexes)))
    if not sound:
        checks.not_checked("leaf.hash", say("bitmex.line_unsound"))
        checks.not_checked("path.hash", say("bitmex.line_unsound"))
        return Judged(height=height, keys=keys, root=None, total=None, balance=None, leaves=None)
    root, total = _roots(lines, keys, published, checks)
    return Judged(height=height, keys=keys, root=root, total=total, balance=balance, leaves=tuple(sorted(indexes)))


def _read(document: Document) -> list[_Line]:
    lines: list[_Line] = []
    with document.open() as stream:
        for number, text in read_lines(stream, _LONGEST):
            match = LINE.fullmatch(text)
            if match is None or number > _LINES:
                where = f"{document.name}: line {number}"
                raise ReservesError(ErrorCode.FORMAT_SHAPE, say("bitmex.line_shape"), where)
            fields = match[4].split(b",")[1:]
            siblings = tuple(
                (bytes.fromhex(fields[at].decode("ascii")), int(fields[at + 1])) for at in range(0, len(fields), 2)
            )
            lines.append(_Line(number, int(match[1]), int(match[2]), int(match[3]), siblings))
    return lines


def _lengths_and_values(lines: list[_Line], checks: Checks) -> bool:
    """``path.length``, ``path.negative``, ``path.range`` and ``path.sum``; whether the lines can be hashed."""
    lengths = {len(line.siblings) for line in lines}
    short = [line.number for line in lines if not line.siblings or line.index >> len(line.siblings)]
    if short or len(lengths) > 1:
        checks.failed("path.length", say("bitmex.line_length", line=short[0] if short else lines[0].number))
    else:
        checks.passed("path.length", say("bitmex.line_length_passed", levels=lengths.pop()))
    negative = [line.number for line in lines if min([line.value, *(value for _, value in line.siblings)]) < 0]
    if negative:
        checks.failed("path.negative", say("bitmex.line_negative", line=negative[0]))
    else:
        checks.passed("path.negative", say("bitmex.line_negative_passed"))
    sums = [line.value + sum(value for _, value in line.siblings) for line in lines]
    large = [
        line.number
        for line, total in zip(lines, sums, strict=True)
        if max([line.value, total, *(value for _, value in line.siblings)]) >= VALUE_LIMIT
    ]
    if large:
        checks.failed("path.range", say("bitmex.line_range", line=large[0]))
    else:
        checks.passed("path.range", say("bitmex.line_range_passed"))
    if len(set(sums)) > 1:
        checks.failed("path.sum", say("bitmex.lines_sums"), expected=str(sums[0]), seen=str(min(sums)))
    elif not negative and not large:
        checks.passed("path.sum", say("bitmex.line_sum_passed", total=sums[0]))
    return not short and not negative and not large


def _roots(
    lines: list[_Line], keys: tuple[SnapshotKey, ...], published: Sequence[str], checks: Checks
) -> tuple[str | None, int | None]:
    """Walk every line with every key: one key a line must lead all of them to one root.

    Nothing in a line says what its leaf's digest is, so a wrong key shows as lines that lead to different roots, or as
    a root that is not the published one.
    """
    found: list[dict[str, int]] = []
    for line in lines:
        roots: dict[str, int] = {}
        for key in keys:
            digest, value = key.leaf_key.leaf(line.value, line.index), line.value
            for level, sibling in enumerate(line.siblings):
                pair = (sibling, (digest, value)) if line.index >> level & 1 else ((digest, value), sibling)
                digest, value = pair_digest(*pair), value + sibling[1]
            roots[digest.hex()] = value
        found.append(roots)
    shared = set(found[0]).intersection(*found[1:])
    if not shared:
        checks.failed("path.hash", say("bitmex.lines_roots"))
        checks.not_checked("leaf.hash", say("bitmex.line_leaf_unknown"))
        return None, None
    if len(shared) > 1:
        checks.not_checked("path.hash", say("bitmex.line_one_account"))
        checks.not_checked("leaf.hash", say("bitmex.line_one_account"))
        return None, None
    root = shared.pop()
    if published and root not in published:
        # Any key leads somewhere: only the published root tells a right one from a wrong one.
        checks.not_checked("leaf.hash", say("bitmex.line_leaf_unknown"))
        checks.failed("path.hash", say("bitmex.line_other_root"), expected=published[0], seen=root)
        return root, None
    checks.passed("leaf.hash", say("bitmex.line_leaf", count=len(lines)))
    checks.passed("path.hash", say("bitmex.line_path", levels=len(lines[0].siblings)))
    return root, found[0][root]
