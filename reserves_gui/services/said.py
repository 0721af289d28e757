"""What one source said of a group of rows at one block, and whether the sources speak of one block at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reserves_gui.chain.answers import is_unusable
from reserves_gui.chain.asking import Stamp
from reserves_gui.chain.cache import Cache
from reserves_gui.chain.keeping import kept_block, kept_of, observed
from reserves_gui.chain.port import Asset, Block, Observation, Seen
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.services.listed import Question
from reserves_gui.services.probed import Ready, SourceReport


@dataclass(frozen=True, slots=True)
class Said:
    """One observation per question, in their order, and the block as the source told it; None if it told none.

    ``block_kept``: it told it in an earlier run.
    """

    ready: Ready
    block: Block | None
    observations: tuple[Observation, ...]
    block_kept: bool = False


def said_by(
    ready: Ready, height: int, questions: Sequence[Question], cache: Cache, asked_at: str, progress: Progress
) -> Said:
    """Put the questions to one source at one block. A source that cannot name the block leaves all of them unknown."""
    source = ready.source
    try:
        kept = kept_of(source, ready.standing, cache, lambda: asked_at)
        known = kept.get("block", str(height)) is not None
        block = kept_block(source, kept, height, progress)
        if block.height != height:
            raise ReservesError(  # noqa: TRY301 - told like any other failure to name the block
                ErrorCode.SOURCE_UNUSABLE, say("chain.no_block", source=source.speaker.name, height=height)
            )
    except ReservesError as error:
        if not is_unusable(error):
            raise
        nowhere = Block(height, None)
        stamps = [Stamp(ready.standing.chain, one.asset, source.speaker, nowhere, asked_at) for one in questions]
        failed = [stamp.failed(one.account, error) for stamp, one in zip(stamps, questions, strict=True)]
        return Said(ready, None, tuple(failed))
    found: dict[int, Observation] = {}
    by_asset: dict[Asset, list[int]] = {}
    for index, question in enumerate(questions):
        by_asset.setdefault(question.asset, []).append(index)
    for asset, places in by_asset.items():
        accounts = [questions[index].account for index in places]
        seen = observed(source, ready.standing, asset, accounts, block, cache, progress)
        for number, (index, observation) in enumerate(zip(places, seen, strict=True)):
            found[index] = observation
            progress.advance(number + 1)
    return Said(ready, block, tuple(found[index] for index in range(len(questions))), known)


def contradicted(one: Said, said: Sequence[Said]) -> tuple[bool, list[int]]:
    """What ``one`` said in an earlier run and others contradict: whether its block, and the places of its figures."""
    names = {each.block.hash for each in said if each.block is not None and each.block.hash is not None}
    if one.block_kept and len(names) > 1:
        return True, list(range(len(one.observations)))
    places = []
    for place, own in enumerate(one.observations):
        others = {each.observations[place].coins for each in said if each.observations[place].outcome is Seen.SEEN}
        if own.kept and len(others) > 1:
            places.append(place)
    return False, places


def clash(said: Sequence[Said], chain: str, height: int) -> Message | None:
    """Why the sources cannot be held against each other at ``height``: they name or date its block differently.

    A source that names a block as its newest has dated it, too, whether or not it could be asked about it.
    """
    blocks = [one.block for one in said if one.block is not None]
    # A file of one's own may carry the time of a snapshot.
    live = [one for one in said if not one.ready.source.speaker.name.startswith("file:")]
    dated = [one.block for one in live if one.block is not None]
    dated += [one.ready.standing.tip for one in live if one.ready.standing.tip.height == height]
    if len({block.hash for block in blocks if block.hash is not None}) > 1:
        return say("balances.alarm_chains", chain=chain, height=height)
    if len({block.time for block in dated if block.time is not None}) > 1:
        return say("balances.alarm_times", chain=chain, height=height)
    return None


def caught_lying(ready: Iterable[Ready]) -> dict[str, Message]:
    """The sources whose proofs proved false in this run, by name, with the sentence that says so."""
    found = {one.source.speaker.name: getattr(one.source, "lying", None) for one in ready}
    return {name: lying for name, lying in found.items() if lying is not None}


def without(observation: Observation, liars: dict[str, Message]) -> Observation:
    """The observation, emptied if its source was caught lying: also what it said before that is dropped."""
    reason = liars.get(observation.speaker.name)
    if reason is None:
        return observation
    return replace(
        observation, outcome=Seen.UNKNOWN, amount=None, decimals=None, reason=reason, code=ErrorCode.SOURCE_UNUSABLE
    )


def marked(report: SourceReport, liars: dict[str, Message]) -> SourceReport:
    """The report, with the lie as its problem."""
    reason = liars.get(report.name)
    return report if reason is None else replace(report, problem=reason, code=ErrorCode.SOURCE_UNUSABLE)
