"""Lines that state one amount for several addresses: the addresses added up and held against it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reserves_gui.amounts import stripped, total
from reserves_gui.messages import say
from reserves_gui.services.agreement import Compared
from reserves_gui.services.claimed import Against, Claimed
from reserves_gui.services.listed import NoQuestion, Question, Together


def settled_together(asked: Sequence[Question | NoQuestion], rows: Sequence[Compared]) -> list[Compared]:
    """The rows with what their line's amount came to; rows with an amount of their own stay as they are.

    A line is compared once every one of its addresses is decided. An address that stands twice on it counts once.
    """
    lines: dict[Together, list[int]] = {}
    for number, one in enumerate(asked):
        if one.listed.together is not None:
            lines.setdefault(one.listed.together, []).append(number)
    result = list(rows)
    for line, numbers in lines.items():
        settled = _settled(line, [(asked[number], rows[number]) for number in numbers])
        for number, row in zip(numbers, settled, strict=True):
            result[number] = row
    return result


def _settled(line: Together, members: Sequence[tuple[Question | NoQuestion, Compared]]) -> list[Compared]:
    held: dict[tuple[str, str, bytes], Decimal] = {}
    decimals = 0
    for one, row in members:
        if isinstance(one, Question) and row.decided and row.seen is not None:
            held[one.identity] = row.seen
            decimals = next((seen.decimals for seen in row.observations if seen.decimals is not None), 0)
    rows = [row for _, row in members]
    listed = stripped(line.figure.amount)
    if not all(row.decided and row.seen is not None for row in rows):
        reason = say("balances.row.together_open", line=line.line, listed=listed, count=len(rows))
        return [replace(row, reason=reason) if row.decided else row for row in rows]
    seen = total(held.values())
    claimed = Claimed((line.figure,))
    against = claimed.against(seen, decimals)
    key = "balances.row.together_less" if against is Against.LESS else "balances.row.together"
    reason = say(key, line=line.line, seen=stripped(seen), listed=listed, count=len(held))
    settled = [replace(row, against=against, reason=reason, together=seen) for row in rows]
    if against is Against.LESS:
        # A line that holds too little is one failure, whichever of its addresses lacks something.
        settled[1:] = [replace(row, against=Against.NOT_COMPARED) for row in settled[1:]]
    return settled
