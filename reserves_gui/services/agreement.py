"""What several sources say of one address, compared: never averaged, never a majority."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reserves_gui.amounts import stripped
from reserves_gui.chain.port import Observation, Seen, Speaker
from reserves_gui.errors import ErrorCode
from reserves_gui.messages import Message, say
from reserves_gui.services.claimed import Against, Claimed
from reserves_gui.services.listed import Listed


class RowAnswer(StrEnum):
    """What one row amounts to (contract section 4)."""

    AGREE = "agree"
    DIFFER = "differ"
    SINGLE_SOURCE = "single_source"
    UNKNOWN = "unknown"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One row with all that was said about it.

    ``decided``: the answers count (two independent sources agree, or one own node, or one with proof). ``seen`` is the
    common amount in coin units where there is one; ``together`` what all addresses of its line hold, where the line
    states one amount for all. ``code`` is the stable reason of an unknown row.
    """

    listed: Listed
    answer: RowAnswer
    decided: bool
    against: Against
    seen: Decimal | None
    observations: tuple[Observation, ...]
    reason: Message
    code: ErrorCode | None = None
    together: Decimal | None = None


def compare(
    listed: Listed,
    observations: Sequence[Observation],
    *,
    distrusted: frozenset[str],
    claimed: Claimed | None,
    clash: Message | None = None,
) -> Compared:
    """Judge one row. ``distrusted`` are names of stale sources; ``claimed`` is what all rows of the address list.

    ``clash``: why the sources do not speak of one block at this height; then nothing is decided.

    Answers are comparable at one height only; block hashes are compared where both sides name one.
    """
    seen = [one for one in observations if one.outcome is Seen.SEEN]
    counted = [one for one in seen if one.speaker.name not in distrusted]
    if not seen:
        return _nothing(listed, observations)
    amounts = {one.coins for one in seen}
    hashes = {one.block_hash for one in seen if one.block_hash is not None}
    common = amounts.pop() if len(amounts) == 1 else None

    def result(answer: RowAnswer, reason: Message, *, decided: bool = False) -> Compared:
        against = _against(seen[0], claimed) if decided else Against.NOT_COMPARED
        return Compared(
            listed=listed,
            answer=answer,
            decided=decided,
            against=against,
            seen=common,
            observations=tuple(observations),
            reason=_amount_reason(against, common, claimed) or reason,
        )

    if clash is not None and len(hashes) < 2:
        return result(RowAnswer.DIFFER if len(seen) > 1 else RowAnswer.SINGLE_SOURCE, clash)
    if len(hashes) > 1:
        return result(RowAnswer.DIFFER, say("balances.row.chains_differ", sources=_names(seen)))
    if common is None:
        figures = "; ".join(f"{one.speaker.name}: {stripped(one.coins or Decimal(0))}" for one in seen)
        return result(RowAnswer.DIFFER, say("balances.row.differ", figures=figures))
    answer, reason, decided = weighed([one.speaker for one in seen], [one.speaker for one in counted])
    return result(answer, reason, decided=decided)


def weighed(seen: Sequence[Speaker], counted: Sequence[Speaker]) -> tuple[RowAnswer, Message, bool]:
    """What it is worth that all of ``seen`` say the same, of whom ``counted`` are up to date; last: it decides.

    Two operators decide, and so does one own node, or one that proves what it says.
    """
    if len({one.operator for one in counted}) > 1:
        return RowAnswer.AGREE, say("balances.row.agree", sources=_named(counted)), True
    strong = next((one for one in counted if one.own or one.proves), None)
    if strong is not None:
        key = "balances.row.proven" if strong.proves else "balances.row.own_node"
        return RowAnswer.SINGLE_SOURCE, say(key, source=strong.name), True
    key = "balances.row.single" if counted else "balances.row.stale"
    return RowAnswer.SINGLE_SOURCE, say(key, sources=_named(seen)), False


def _nothing(listed: Listed, observations: Sequence[Observation]) -> Compared:
    failed = next((one for one in observations if one.outcome is Seen.UNKNOWN), None)
    unsupported = failed is None and bool(observations)
    named = failed or next(iter(observations), None)
    reason = named.reason if named is not None and named.reason is not None else say("balances.row.no_source")
    return Compared(
        listed=listed,
        answer=RowAnswer.UNSUPPORTED if unsupported else RowAnswer.UNKNOWN,
        decided=False,
        against=Against.NOT_COMPARED,
        seen=None,
        observations=tuple(observations),
        reason=reason,
        code=failed.code if failed is not None else None,
    )


def _against(seen: Observation, claimed: Claimed | None) -> Against:
    if seen.coins is None or seen.decimals is None or claimed is None:
        return Against.NOT_COMPARED
    return claimed.against(seen.coins, seen.decimals)


def _amount_reason(against: Against, seen: Decimal | None, claimed: Claimed | None) -> Message | None:
    if seen is None or claimed is None or against in (Against.HOLDS, Against.NOT_COMPARED):
        return None
    figures = {"seen": stripped(seen), "listed": stripped(claimed.amount)}
    if against is Against.ROUNDED:
        return say("balances.row.rounded", **figures, places=claimed.places)
    return say(f"balances.row.{against.value}", **figures)


def _names(observations: Sequence[Observation]) -> str:
    return _named([one.speaker for one in observations])


def _named(speakers: Sequence[Speaker]) -> str:
    return ", ".join(dict.fromkeys(one.name for one in speakers))
