"""Single outputs that proofs of funds name: asked of every source after one block, and held against the proof."""

from collections.abc import Sequence
from dataclasses import dataclass

from reserves_gui.amounts import scaled, stripped
from reserves_gui.chain.asking import OutputStamp
from reserves_gui.chain.port import Block, Fate, Outpoint, OutputFound, OutputSeen, OutputSource
from reserves_gui.errors import ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.services.agreement import RowAnswer, weighed
from reserves_gui.services.listed import Listed, NoQuestion, Question
from reserves_gui.services.said import Said
from reserves_gui.wallets.row import NamedOutput

_DECIMALS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedOutput:
    """One output that row ``listed`` names, with all that was said about it.

    ``holds``: it was there, unspent, as the proof has it; None where the sources do not decide (``answer`` as of rows).
    """

    listed: Listed
    named: NamedOutput
    answer: RowAnswer
    holds: bool | None
    observations: tuple[OutputSeen, ...]
    reason: Message


def outpoints_of(asked: Question) -> list[tuple[NamedOutput, Outpoint]]:
    """The outputs that a row names, each with what is asked about it: it shall pay to the row's own script."""
    return [
        (one, Outpoint(one.transaction, one.place, one.script if one.script is not None else asked.account.key))
        for one in asked.listed.outputs
    ]


def outputs_said(
    said: Said, outpoints: Sequence[Outpoint], asked_at: str, progress: Progress
) -> list[OutputSeen] | None:
    """What one source says of the outputs after the block it named; None where it cannot tell of outputs at all."""
    source = said.ready.source
    if not isinstance(source, OutputSource):
        return None
    if said.block is None:
        first = next((one for one in said.observations if one.reason is not None and one.code is not None), None)
        if first is None or first.code is None or first.reason is None:
            return None
        nowhere = OutputStamp(said.ready.standing.chain, source.speaker, Block(first.height or 0, None), asked_at)
        return [nowhere.failed(one, ReservesError(first.code, first.reason)) for one in outpoints]
    return list(source.outputs(outpoints, said.block, progress))


def compare_output(
    listed: Listed,
    named: NamedOutput,
    observations: Sequence[OutputSeen],
    *,
    distrusted: frozenset[str],
    clash: Message | None,
) -> ComparedOutput:
    """Judge one output. ``distrusted`` and ``clash`` as for rows: what speaks of another block decides nothing."""
    told = [(one, one.found) for one in observations if one.found is not None]

    def result(answer: RowAnswer, reason: Message, *, holds: bool | None = None) -> ComparedOutput:
        return ComparedOutput(
            listed=listed, named=named, answer=answer, holds=holds, observations=tuple(observations), reason=reason
        )

    if not told:
        reason = next((one.reason for one in observations if one.reason is not None), None)
        return result(RowAnswer.UNKNOWN, reason or say("balances.unspent.nobody", outpoint=_text(named)))
    if clash is not None:
        return result(RowAnswer.DIFFER if len(told) > 1 else RowAnswer.SINGLE_SOURCE, clash)
    facts = {(found.fate, found.amount) for _, found in told}
    made = {found.created for _, found in told if found.created is not None}
    if len(facts) > 1 or len(made) > 1:
        figures = tuple(_figure(one, found) for one, found in told)
        return result(RowAnswer.DIFFER, say("balances.unspent.differ", outpoint=_text(named), figures=figures))
    seen = [one.speaker for one, _ in told]
    answer, reason, decided = weighed(seen, [one for one in seen if one.name not in distrusted])
    if not decided:
        return result(answer, reason)
    one, found = max(told, key=lambda each: (each[1].created is not None, each[1].spent is not None))
    problem = _problem(listed, named, one, found)
    holds = say("balances.unspent.holds", outpoint=_text(named), height=one.height)
    return result(answer, problem or holds, holds=problem is None)


def unasked_output(one: NoQuestion, named: NamedOutput) -> ComparedOutput:
    """An output of a row that no chain can be asked about."""
    return ComparedOutput(
        listed=one.listed, named=named, answer=RowAnswer.UNSUPPORTED, holds=None, observations=(), reason=one.reason
    )


def _text(named: NamedOutput) -> str:
    return f"{named.transaction}:{named.place}"


def _figure(one: OutputSeen, found: OutputFound) -> Message:
    """What one source says, with what sets it apart."""
    if found.fate is Fate.UNSPENT:
        amount = stripped(scaled(found.amount or 0, _DECIMALS))
        if found.created is None:
            return say("balances.unspent.said.held", source=one.speaker.name, amount=amount)
        return say("balances.unspent.said.unspent", source=one.speaker.name, amount=amount, height=found.created)
    if found.spent is not None:
        return say("balances.unspent.said.spent", source=one.speaker.name, height=found.spent)
    return say(f"balances.unspent.said.{found.fate.value}", source=one.speaker.name)


def _problem(listed: Listed, named: NamedOutput, one: OutputSeen, found: OutputFound) -> Message | None:
    """Why the output is not what the proof says, if so."""
    outpoint = _text(named)
    if listed.block and one.block_hash is not None and one.block_hash != listed.block.lower():
        return say("balances.unspent.other_block", height=one.height, seen=one.block_hash)
    if found.fate is Fate.OTHER:
        return say("balances.unspent.other_script", outpoint=outpoint)
    if found.fate is Fate.GONE:
        if found.created is not None and found.created > one.height:
            return say("balances.unspent.later", outpoint=outpoint, height=one.height, first=found.created)
        if found.spent is not None:
            return say("balances.unspent.spent", outpoint=outpoint, height=found.spent)
        return say("balances.unspent.gone", outpoint=outpoint, height=one.height)
    if named.amount is not None and found.amount is not None and found.amount != named.amount:
        figures = {"seen": found.amount, "listed": named.amount}
        texts = {name: stripped(scaled(units, _DECIMALS)) for name, units in figures.items()}
        return say("balances.unspent.amount", outpoint=outpoint, **texts)
    if named.height is not None and found.created is not None and named.height != found.created:
        return say("balances.unspent.other_height", outpoint=outpoint, height=found.created, first=named.height)
    return None
