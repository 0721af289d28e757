"""A wallet list together with what was seen of it on chain: one verdict, and the figures a report keeps of the look."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reserves_gui.amounts import is_plain, stripped
from reserves_gui.chain.answers import Answer, parse_answer
from reserves_gui.chain.port import Seen
from reserves_gui.chain.recorded import Recorded, recorded_file
from reserves_gui.chain.recorded_calls import OwnerAnswers, read_owner_answers
from reserves_gui.chain.recorded_outputs import RecordedOutput, read_output
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import message_data, say
from reserves_gui.progress import Progress
from reserves_gui.services.balance_report import extra_of, output_counts
from reserves_gui.services.balances import BalancesRequest
from reserves_gui.services.inputs import sorted_files
from reserves_gui.services.judging import judge, wallets_request
from reserves_gui.services.keeping import read_time, shown_time
from reserves_gui.services.lookup import Looking, LookUp
from reserves_gui.services.owner_links import OWNER_ANSWERS
from reserves_gui.services.probed import OpenDoor, SourceReport
from reserves_gui.services.two_looks import TwoLooks, look_twice
from reserves_gui.services.verify import VerifyRequest
from reserves_gui.services.writing import write_atomically
from reserves_gui.verdict import Claim, Verdict

if TYPE_CHECKING:
    from reserves_gui.services.coverage import CoverageAnswer
    from reserves_gui.services.list_coverage import ListCoverage

Contracts = Mapping[tuple[str, str], str]
_NO_CONTRACTS: Contracts = {}
OBSERVATIONS = "observations.json"
"""The name under which a case keeps what the sources told."""

LOOKED = "looked"
"""The key of these figures among the additions of a verdict."""


def with_looks(
    ownership: Verdict,
    looks: TwoLooks | None,
    cover: "ListCoverage | None" = None,
    *,
    contracts: Contracts = _NO_CONTRACTS,
) -> Verdict:
    """The verdict over a list with the claims ``balances`` and ``coverage`` that a look-up and liabilities add to it.

    What is seen at a list's own heights is judged; what is seen now stands beside it.
    """
    added: list[Claim] = []
    extra: dict[str, object] = {}
    warnings, notes = ownership.warnings, ownership.notes
    if looks is not None:
        balances = looks.verdict.claim("balances")
        added += [] if balances is None else [balances]
        judged = "now" if looks.snapshot is None or not looks.dated else "snapshot"
        extra[LOOKED] = looked_figures(judged, snapshot=looks.snapshot, now=looks.now, contracts=contracts)
        warnings, notes = (*warnings, *looks.verdict.warnings), (*notes, *looks.verdict.notes)
    if cover is not None:
        added.append(cover.claim)
        extra |= cover.figures
    names = {claim.id for claim in added}
    kept = tuple(claim for claim in ownership.claims if claim.id not in names)
    return replace(
        ownership,
        claims=(*kept, *added),
        warnings=tuple(dict.fromkeys(warnings)),
        notes=tuple(dict.fromkeys(notes)),
        extra={**ownership.extra, **extra},
    )


def looked_figures(
    judged: str, *, snapshot: LookUp | None, now: LookUp | None, contracts: Contracts = _NO_CONTRACTS
) -> dict[str, Any]:
    """Both looks as JSON: ``judged`` names the one that was held against the list, a look that was not made is None.

    ``contracts``: token contracts that were given, (chain, asset) to address.
    """
    return {
        "judged": judged,
        "tokens": {f"{chain}:{asset}": address for (chain, asset), address in contracts.items()},
        "snapshot": None if snapshot is None else _figures(snapshot),
        "now": None if now is None else _figures(now),
    }


def _figures(found: LookUp) -> dict[str, Any]:
    """Row counts, failures, sums per asset, the sources as they were found, and every amount that was seen.

    ``seen``: amounts by address, in coin units, grouped by who said them of which asset at which block; with the time
    of the block where a source dated it, and when it was asked. ``outputs``: counts, and every answer about an output.
    """
    figures = extra_of(found.compared, found.reports, found.outputs, requests=found.requests, budget=found.requests)
    return {
        **{name: figures[name] for name in ("rows", "failures", "assets")},
        "sources": [_source(one) for one in found.reports],
        "seen": _seen(found),
        **({"outputs": _outputs(found)} if found.outputs else {}),
    }


def _source(report: SourceReport) -> dict[str, Any]:
    """One source as it was found. ``problem``: why its answers decided nothing."""
    return {
        "name": report.name,
        "chain": report.chain,
        "tip": report.tip,
        "code": None if report.code is None else report.code.value,
        "notes": [message_data(one) for one in report.notes],
        "problem": None if report.problem is None else message_data(report.problem),
    }


def _seen(found: LookUp) -> list[dict[str, Any]]:
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in found.compared:
        for one in row.observations:
            if one.outcome is not Seen.SEEN or one.coins is None or one.height is None:
                continue
            key = (one.speaker.name, one.chain, one.asset, one.height, one.block_hash)
            time = found.times.get((one.chain, one.height))
            group = groups.setdefault(
                key,
                {
                    "source": one.speaker.name,
                    "chain": one.chain,
                    "asset": one.asset,
                    "height": one.height,
                    "block_hash": one.block_hash,
                    "time": None if time is None else shown_time(time),
                    "asked_from": one.asked_at,
                    "asked_to": one.asked_at,
                    "amounts": {},
                },
            )
            group["asked_from"] = min(group["asked_from"], one.asked_at)
            group["asked_to"] = max(group["asked_to"], one.asked_at)
            group["amounts"][one.address] = stripped(one.coins)
    return list(groups.values())


def _outputs(found: LookUp) -> dict[str, Any]:
    answers = {
        (seen.speaker.name, seen.chain, str(seen.outpoint), seen.height): RecordedOutput(
            chain=seen.chain,
            transaction=seen.outpoint.transaction,
            index=seen.outpoint.index,
            height=seen.height,
            block_hash=seen.block_hash,
            found=seen.found,
            asked_at=seen.asked_at,
            source=seen.speaker.name,
        )
        for one in found.outputs
        for seen in one.observations
        if seen.found is not None
    }
    return {**output_counts(found.outputs), "seen": [one.data for one in answers.values()]}


def look_at_list(
    verifying: VerifyRequest, looking: Looking, progress: Progress, *, door: OpenDoor | None = None
) -> Verdict:
    """The verdict over wallet lists with what their addresses hold: at the list's own heights, and now.

    Raises as ``judge`` and ``look_twice``.
    """
    ownership = judge(verifying, progress)
    asked = BalancesRequest(
        files=verifying.files,
        pasted=verifying.pasted,
        sources=looking.sources,
        at=looking.at,
        format=verifying.format,
        offline=looking.offline,
        proxy=looking.proxy,
        contracts=looking.contracts,
        cache_folder=looking.cache_folder,
        fresh=looking.fresh,
        requests_per_run=looking.requests_per_run,
        told=looking.told,
        owners=wallets_request(verifying),
    )
    looks = look_twice(asked, progress, door=door)
    judged = ownership if looks.ownership is None else looks.ownership.verdict
    return with_looks(judged, looks, contracts=looking.contracts)


def looks_at_lists(files: Sequence[str], sources: Sequence[str], exchange: str | None) -> bool:
    """Whether a report over these files is one on wallet lists that are looked up: nothing else, no exchange named."""
    if not sources or exchange is not None:
        return False
    found = sorted_files(files)
    return bool(found.lists) and not found.liabilities


def with_look(answer: "CoverageAnswer", contracts: Contracts = _NO_CONTRACTS) -> Verdict:
    """The verdict on coverage with what was seen for it, where something was looked up."""
    look = answer.held.look
    if look is None:
        return answer.verdict
    figures = looked_figures("snapshot", snapshot=look, now=None, contracts=contracts)
    return replace(answer.verdict, extra={**answer.verdict.extra, LOOKED: figures})


def record_looks(verdict: Verdict, path: Path) -> None:
    """Write what the sources told as a file of recorded observations. Raises ``usage`` where nothing was seen."""
    observed = recorded_looks(verdict)
    if observed is None:
        raise ReservesError(ErrorCode.USAGE, say("report.look.nothing"), str(path))
    write_atomically(path, observed.encode("utf-8"))


def looks_of(verdict: Verdict) -> dict[str, Mapping[str, Any]]:
    """The looks a verdict carries, by name (``snapshot``, ``now``); empty for one without, or of another shape."""
    looked = verdict.extra.get(LOOKED)
    if not isinstance(looked, Mapping):
        return {}
    return {name: one for name in ("snapshot", "now") if isinstance(one := looked.get(name), Mapping)}


def recorded_looks(verdict: Verdict) -> str | None:
    """Everything that was seen as a file of recorded observations, None where nothing was.

    As a source it gives the same figures again, and a report is checked against it.
    """
    figures: dict[tuple[str, str, int, str, str], Recorded] = {}
    outputs: dict[tuple[str, str, str, int, int], RecordedOutput] = {}
    for look in looks_of(verdict).values():
        for told in outputs_in(look):
            outputs.setdefault((told.source, told.chain, told.transaction, told.index, told.height), told)
        for one in seen_in(look):
            # Two looks at one block are one figure, asked for twice.
            figures.setdefault((one.source, one.chain, one.height, one.asset, one.address), one)
    owners = owner_answers_of(verdict)
    if not figures and not outputs and not owners:
        return None
    return recorded_file((figures[key] for key in sorted(figures)), (outputs[key] for key in sorted(outputs)), owners)


def owner_answers_of(verdict: Verdict) -> OwnerAnswers:
    """What a verdict holds of what nodes said of contracts and validators; nothing for another shape."""
    kept = verdict.extra.get(OWNER_ANSWERS)
    try:
        return read_owner_answers(_as_answer(kept)) if isinstance(kept, Mapping) else OwnerAnswers()
    except (ReservesError, TypeError):
        return OwnerAnswers()


def _as_answer(value: object) -> Answer:
    return parse_answer(json.dumps(value, default=dict).encode())


def outputs_in(look: Mapping[str, Any]) -> Iterator[RecordedOutput]:
    """What one look holds of single outputs. Other shapes are passed over."""
    kept = look.get("outputs")
    told = kept.get("seen") if isinstance(kept, Mapping) else None
    for one in told if isinstance(told, (list, tuple)) else ():
        try:
            yield read_output(_as_answer(one))
        except (ReservesError, TypeError):
            continue


def _seconds(time: object) -> int | None:
    """A time as the report carries it; None for one that no report of ours holds."""
    try:
        return read_time(time) if isinstance(time, str) else None
    except ReservesError:
        return None


def seen_in(look: Mapping[str, Any]) -> Iterator[Recorded]:
    """The amounts of one look that can be recorded: those of a named block. Other shapes are passed over."""
    groups = look.get("seen")
    for group in groups if isinstance(groups, (list, tuple)) else ():
        if not isinstance(group, Mapping) or not isinstance(group.get("amounts"), Mapping):
            continue
        height, block_hash, time = group.get("height"), group.get("block_hash"), group.get("time")
        if not isinstance(height, int):
            continue
        for address, amount in group["amounts"].items():
            if is_plain(str(amount)):
                yield Recorded(
                    chain=str(group.get("chain")),
                    asset=str(group.get("asset")),
                    address=str(address),
                    height=height,
                    block_hash=block_hash if isinstance(block_hash, str) else None,
                    time=_seconds(time),
                    amount=str(amount),
                    asked_at=str(group.get("asked_to")),
                    source=str(group.get("source")),
                )
