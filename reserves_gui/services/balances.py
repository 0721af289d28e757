"""What listed wallets hold: the one call behind `reserves balances` and the look-up on the Wallets page."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from reserves_gui import limits
from reserves_gui.amounts import total
from reserves_gui.chain.answers import is_unusable
from reserves_gui.chain.cache import Cache
from reserves_gui.chain.chains import Chain
from reserves_gui.chain.keeping import observed
from reserves_gui.chain.policy import Policy
from reserves_gui.chain.port import BalanceSource, Block, Observation, Standing
from reserves_gui.chain.providers import service_maker
from reserves_gui.chain.sources import SourceUrl, open_source, parse_source
from reserves_gui.chain.transport import Budget, Transport
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Format, Given
from reserves_gui.services.agreement import Compared, RowAnswer, compare
from reserves_gui.services.balance_report import claim_of, extra_of
from reserves_gui.services.listed import Listed, NoQuestion, Question, ask_of, listed_rows
from reserves_gui.services.wallets import recognised_lists
from reserves_gui.verdict import InputRecord, Snapshot, Verdict
from reserves_gui.wallets.row import WalletRow

OpenDoor = Callable[[Policy], Transport]


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancesRequest:
    """One look-up. Naming a source here is the user's consent to contact it in this run, and nothing else.

    ``at`` maps chain names to heights and wins over heights in the list. ``contracts`` maps (chain, asset) to token
    contracts beyond the shipped table. ``cache_folder`` None: nothing is kept. ``offline``: only files are read.
    """

    files: tuple[str, ...]
    sources: tuple[str, ...]
    at: Mapping[str, int] = field(default_factory=dict)
    format: str | None = None
    offline: bool = False
    proxy: str | None = None
    contracts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    cache_folder: Path | None = None
    requests_per_run: int = limits.REQUESTS_PER_RUN


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source as it was found: its name, the chain it is on, what is to be said about it, why it was not used."""

    name: str
    chain: str | None
    tip: int | None
    notes: tuple[Message, ...] = ()
    problem: Message | None = None
    code: ErrorCode | None = None


@dataclass(frozen=True, slots=True)
class _Ready:
    source: BalanceSource
    standing: Standing


def observe_balances(request: BalancesRequest, progress: Progress, *, door: OpenDoor | None = None) -> Verdict:
    """Look every listed address up at one block and compare the sources address by address.

    Raises :class:`ReservesError` for lists or source texts that can never be used, and ``Cancelled``. A source that
    does not answer, or is on another chain, makes its rows undecided instead.
    """
    sources = [parse_source(text) for text in request.sources]
    progress.stage(say("progress.recognise"))
    lists = recognised_lists(request.files, format_id=request.format)
    rows = listed_rows(_rows(lists, progress), progress)
    inputs = tuple(InputRecord(one.name, one.digest(progress), one.size) for one, _, _ in lists)
    consented = frozenset(source.authority for source in sources if source.authority is not None)
    policy = Policy(offline=request.offline, consented=consented, proxy=request.proxy)
    cache = Cache(None if request.cache_folder is None else request.cache_folder / "chain.sqlite")
    with (door or _door(cache, request))(policy) as transport:
        lookup = _Lookup(request, transport, cache, progress)
        lookup.open(sources, rows)
        compared = lookup.compare(rows)
        requests = transport.budget.spent
    cache.close()
    heights = {one.height for row in compared for one in row.observations if one.height is not None}
    return Verdict(
        format=lists[0][1].id,
        exchange=lists[0][1].exchange,
        decisive=("balances",),
        claims=(claim_of(compared, lookup.reports),),
        guarantees=None,
        inputs=inputs,
        snapshot=Snapshot(height=heights.pop() if len(heights) == 1 else None),
        warnings=lookup.alarms,
        notes=tuple(note for report in lookup.reports for note in report.notes),
        extra=extra_of(compared, lookup.reports, requests=requests, budget=request.requests_per_run),
    )


def _door(cache: Cache, request: BalancesRequest) -> OpenDoor:
    return lambda policy: Transport(policy, cache=cache, budget=Budget(request.requests_per_run))


def _rows(found: Sequence[tuple[Document, Format, str]], progress: Progress) -> Iterator[WalletRow]:
    for document, declared, role in found:
        if declared.rows is None:
            raise ReservesError(ErrorCode.USAGE, say("balances.no_rows", format=declared.id), document.name)
        yield from declared.rows(Evidence({role: (document,)}), Given(), progress)


class _Lookup:
    """One run: the sources that stood up to their probe, and the questions put to them."""

    def __init__(self, request: BalancesRequest, transport: Transport, cache: Cache, progress: Progress) -> None:
        self._request = request
        self._transport = transport
        self._cache = cache
        self._progress = progress
        self._ready: list[_Ready] = []
        self._failures: list[tuple[Chain | None, ReservesError]] = []
        self.reports: list[SourceReport] = []
        self.alarms: tuple[Message, ...] = ()

    def open(self, sources: Sequence[SourceUrl], rows: Sequence[Listed]) -> None:
        """Open and probe every source; one that fails is reported and left out."""
        asked = [ask_of(row, contracts=self._request.contracts) for row in rows]
        wanted = list(dict.fromkeys(one.chain for one in asked if isinstance(one, Question)))
        folder = self._request.cache_folder or Path(os.devnull).parent
        self._progress.stage(say("progress.sources"), len(sources))
        for number, source in enumerate(sources):
            name = source.url if source.kind != "file" else f"file:{Path(source.url).name}"
            try:
                opened = open_source(source, self._transport, service_maker(folder / "bitcoinlib"), self._progress)
                for one in opened:
                    name = one.speaker.name
                    standing = one.probe(wanted, self._progress)
                    self._ready.append(_Ready(one, standing))
                    self.reports.append(
                        SourceReport(name, standing.chain.name, standing.tip.height, standing.notes, standing.problem)
                    )
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                self._failures.append((source.chain, error))
                self.reports.append(SourceReport(name, None, None, (), error.message, error.code))
            self._progress.advance(number + 1)

    def compare(self, rows: Sequence[Listed]) -> list[Compared]:
        """One comparison per row, in the order of the list."""
        asked = [ask_of(row, contracts=self._request.contracts) for row in rows]
        groups: dict[tuple[Chain, int | None], list[Question]] = {}
        for one in asked:
            if isinstance(one, Question):
                height = self._request.at.get(one.chain.name, one.listed.height)
                groups.setdefault((one.chain, height), []).append(one)
        said: dict[tuple[str, str, bytes, int | None], list[Observation]] = {}
        count = sum(len(group) for group in groups.values())
        stage = say("progress.balances", addresses=count, budget=self._request.requests_per_run)
        self._progress.stage(stage, count)
        for (chain, height), group in groups.items():
            for question, observations in self._group(chain, height, group):
                said[(*question.identity, height)] = observations
        claimed = _claimed(asked, self._request.at)
        distrusted = frozenset(ready.source.speaker.name for ready in self._ready if ready.standing.problem is not None)
        results = []
        for one in asked:
            if isinstance(one, NoQuestion):
                results.append(_unasked(one))
                continue
            height = self._request.at.get(one.chain.name, one.listed.height)
            key = (*one.identity, height)
            found = compare(one.listed, said.get(key, []), distrusted=distrusted, claimed=claimed[key])
            results.append(found if found.observations else self._unanswered(one, found))
        return results

    def _group(
        self, chain: Chain, height: int | None, group: Sequence[Question]
    ) -> list[tuple[Question, list[Observation]]]:
        """All questions of one chain at one height to every source of that chain, each source in its own thread."""
        usable = [ready for ready in self._ready if ready.standing.chain == chain]
        if not usable:
            return [(question, []) for question in group]
        wanted = min(ready.standing.tip.height for ready in usable) if height is None else height
        unique = list({question.identity: question for question in group}.values())
        with ThreadPoolExecutor(len(usable), thread_name_prefix="source") as pool:
            answers = list(pool.map(lambda ready: self._ask(ready, wanted, unique), usable))
        hashes = {answer.block.hash for answer in answers if answer.block is not None and answer.block.hash is not None}
        if len(hashes) > 1:
            alarm = say("balances.alarm_chains", chain=chain.name, height=wanted)
            self.alarms = (*self.alarms, alarm)
        by_identity = {
            question.identity: [answer.observations[index] for answer in answers if answer.observations]
            for index, question in enumerate(unique)
        }
        return [(question, by_identity[question.identity]) for question in group]

    def _ask(self, ready: _Ready, height: int, questions: Sequence[Question]) -> "_Said":
        try:
            block = ready.source.block(height, self._progress)
        except ReservesError as error:
            if not is_unusable(error):
                raise
            self._failures.append((ready.standing.chain, error))
            return _Said(None, [])
        found: dict[tuple[str, str, bytes], Observation] = {}
        by_asset: dict[Any, list[Question]] = {}
        for question in questions:
            by_asset.setdefault(question.asset, []).append(question)
        for asset, group in by_asset.items():
            accounts = [question.account for question in group]
            seen = observed(ready.source, ready.standing, asset, accounts, block, self._cache, self._progress)
            for number, (question, observation) in enumerate(zip(group, seen, strict=True)):
                found[question.identity] = observation
                self._progress.advance(number + 1)
        return _Said(block, [found[question.identity] for question in questions])

    def _unanswered(self, question: Question, found: Compared) -> Compared:
        """Nobody answered for the chain: say why, by the first source that might have."""
        for chain, error in self._failures:
            if chain is None or chain == question.chain:
                return _with_reason(found, error.message, error.code)
        return found


@dataclass(frozen=True, slots=True)
class _Said:
    block: Block | None
    observations: list[Observation]


def _claimed(
    asked: Sequence[Question | NoQuestion], at: Mapping[str, int]
) -> dict[tuple[str, str, bytes, int | None], Decimal | None]:
    """What all rows of one address and asset list together: different figures add up, a repeated row counts once."""
    figures: dict[tuple[str, str, bytes, int | None], set[Decimal]] = {}
    for one in asked:
        if isinstance(one, Question):
            kept = figures.setdefault((*one.identity, at.get(one.chain.name, one.listed.height)), set())
            if one.listed.amount is not None:
                kept.add(one.listed.amount)
    return {key: total(found) if found else None for key, found in figures.items()}


def _unasked(one: NoQuestion) -> Compared:
    found = compare(one.listed, [], distrusted=frozenset(), claimed=None)
    return _with_reason(found, one.reason, None, RowAnswer.UNKNOWN if one.supported else RowAnswer.UNSUPPORTED)


def _with_reason(found: Compared, reason: Message, code: ErrorCode | None, answer: RowAnswer | None = None) -> Compared:
    return replace(found, reason=reason, code=code, answer=answer or found.answer)
