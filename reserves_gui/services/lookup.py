"""Questions about listed rows put to every source at one block each: shared by balances, coverage and watching."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from reserves_gui import limits
from reserves_gui.amounts import ZERO, add
from reserves_gui.chain.answers import is_unusable
from reserves_gui.chain.cache import Cache
from reserves_gui.chain.chains import Chain
from reserves_gui.chain.heights import heights_at
from reserves_gui.chain.keeping import forget_figure, kept_block, kept_height_at, kept_of
from reserves_gui.chain.port import BalanceSource, Block, Observation, Outpoint, OutputSeen
from reserves_gui.chain.recorded import RecordedFile
from reserves_gui.chain.sources import SourceUrl, parse_source
from reserves_gui.chain.transport import Transport
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.services.agreement import Compared, RowAnswer, compare
from reserves_gui.services.claimed import claimed_by_address
from reserves_gui.services.listed import Listed, NoQuestion, Question, ask_of
from reserves_gui.services.outputs import (
    ComparedOutput,
    compare_output,
    outpoints_of,
    outputs_said,
    unasked_output,
)
from reserves_gui.services.probed import (
    CACHE_FILE,
    OpenDoor,
    Probed,
    Ready,
    SourceReport,
    door_of,
    policy_of,
    probe_all,
)
from reserves_gui.services.said import Said, caught_lying, clash, contradicted, marked, said_by, without
from reserves_gui.services.telling import Heard, Seen, SeenTransaction, Telling, Told, hear
from reserves_gui.services.together import settled_together


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """Where and when to look. Naming a source is the user's consent to contact it in this run, and nothing else.

    ``at`` maps chain names to heights and wins over heights in the list. ``moment`` (seconds UTC): where neither names
    a height, the last block at or before it, in place of the newest. ``telling``: which transactions are asked for,
    where a source can tell; None: none. ``contracts`` maps (chain, asset) to token contracts beyond the shipped table.
    ``cache_folder`` None: nothing is kept; ``fresh``: kept answers are not used but replaced. ``offline``: only files
    are read. ``told`` hears the host of every request as it leaves, from the thread that asks. ``opened``: sources that
    are open already, beside the named ones.
    """

    sources: tuple[str, ...]
    at: Mapping[str, int] = field(default_factory=dict)
    moment: int | None = None
    telling: Telling | None = None
    offline: bool = False
    proxy: str | None = None
    contracts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    cache_folder: Path | None = None
    fresh: bool = False
    requests_per_run: int = limits.REQUESTS_PER_RUN
    told: Callable[[str], None] | None = None
    opened: tuple[BalanceSource, ...] = ()

    def cache(self) -> Cache:
        """What is kept of chains, for one run; to be closed."""
        folder = self.cache_folder
        return Cache(None if folder is None else folder / CACHE_FILE, fresh=self.fresh)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """What came of it: one comparison per row in the order given, and the sources as they were found.

    ``times`` maps (chain, height) to the block's time (seconds UTC) where a source dated it. ``outputs``: the single
    outputs that rows name. ``told`` and ``joined``: what was asked for about single transactions.
    """

    compared: tuple[Compared, ...]
    reports: tuple[SourceReport, ...]
    alarms: tuple[Message, ...]
    requests: int
    times: Mapping[tuple[str, int], int]
    outputs: tuple[ComparedOutput, ...] = ()
    told: tuple[Told, ...] = ()
    joined: tuple[SeenTransaction, ...] = ()


def look_up(rows: Sequence[Listed], looking: Looking, progress: Progress, *, door: OpenDoor | None = None) -> LookUp:
    """Look every row up at one block a chain and compare the sources row by row.

    Raises :class:`ReservesError` for source texts that can never be used, and ``Cancelled``. A source that does not
    answer, or is on another chain, makes its rows undecided instead.
    """
    with opened(rows, looking, progress, door=door) as run:
        compared = run.compare(rows)
        outputs = run.compare_outputs(rows)
        heard = Heard() if looking.telling is None else run.hear(rows, looking.telling, compared)
        return run.made(compared, heard, outputs)


@contextmanager
def opened(
    rows: Sequence[Listed], looking: Looking, progress: Progress, *, door: OpenDoor | None = None
) -> Iterator["Run"]:
    """A run with its sources open and probed, for several looks at ``rows`` or at parts of them. Raises the same."""
    sources = [parse_source(text) for text in looking.sources]
    policy = policy_of(sources, offline=looking.offline, proxy=looking.proxy)
    with (
        closing(looking.cache()) as cache,
        (door or door_of(cache, looking.requests_per_run, looking.told))(policy) as transport,
    ):
        run = Run(looking, transport, cache, progress)
        run.open(sources, rows)
        yield run


class Run:
    """One run: the sources that stood up to their probe, and the questions put to them."""

    def __init__(self, looking: Looking, transport: Transport, cache: Cache, progress: Progress) -> None:
        self._looking = looking
        self._transport = transport
        self._cache = cache
        self._progress = progress
        self._found = Probed()
        self.alarms: tuple[Message, ...] = ()
        self.times: dict[tuple[str, int], int] = {}
        self._clashes: dict[tuple[str, int | None], Message] = {}
        self._asked: set[tuple[str, int]] = set()
        self._said_at: dict[tuple[str, int | None], list[Said]] = {}

    def open(self, sources: Sequence[SourceUrl], rows: Sequence[Listed]) -> None:
        """Open and probe every source."""
        asked = [ask_of(row, contracts=self._looking.contracts) for row in rows]
        wanted = list(dict.fromkeys(one.chain for one in asked if isinstance(one, Question)))
        self._found = probe_all(sources, wanted, self._transport, self._looking.cache_folder, self._progress)
        for one in self._looking.opened:
            self._found.probe(one, wanted, self._progress)

    def made(self, compared: Sequence[Compared], heard: Heard, outputs: Sequence[ComparedOutput] = ()) -> LookUp:
        """What came of the looks so far, with the comparison of the last one."""
        return LookUp(
            compared=tuple(compared),
            reports=self.reports,
            alarms=self.alarms,
            requests=self._transport.budget.spent,
            times=dict(self.times),
            outputs=tuple(outputs),
            told=tuple(heard.told),
            joined=tuple(heard.joined),
        )

    def at(self, heights: Mapping[str, int]) -> None:
        """Look at these blocks from now on, by chain."""
        self._looking = replace(self._looking, at=heights)
        self._asked.clear()

    def blocks_of(self, moments: Sequence[int]) -> list[dict[str, Block]]:
        """For each of the moments (seconds UTC, rising) the last block of every chain at or before it.

        A chain that no source dates, or that had not begun, is not in it.
        """
        found: list[dict[str, Block]] = [{} for _ in moments]
        for chain in dict.fromkeys(ready.standing.chain for ready in self._found.ready):
            usable = [ready for ready in self._found.ready if ready.standing.chain == chain]
            for at, block in zip(found, self._blocks(usable, moments), strict=True):
                if block is not None:
                    at[chain.name] = block
        return found

    def _blocks(self, usable: Sequence[Ready], moments: Sequence[int]) -> list[Block | None]:
        current, lowest = _current(usable)
        for ready in current:
            source = ready.source
            if isinstance(source, RecordedFile):
                heights = [source.height_before(moment) for moment in moments]
                if any(height is not None for height in heights):
                    return [None if one is None else source.block(one, self._progress) for one in heights]
                continue
            kept = kept_of(source, ready.standing, self._cache, self._transport.now)
            try:
                ask = partial(kept_block, source, kept)
                return heights_at(moments, ready.standing.chain, lowest, ask, self._progress)
            except ReservesError as error:
                if not is_unusable(error):
                    raise
        return [None] * len(moments)

    @property
    def reports(self) -> tuple[SourceReport, ...]:
        """The sources as they were found."""
        liars = caught_lying(self._found.ready)
        return tuple(marked(report, liars) for report in self._found.reports)

    def compare(self, rows: Sequence[Listed], stage: Message | None = None) -> list[Compared]:
        """One comparison per row, in the order of the list. ``stage``: its name, where it is one of several."""
        asked = [ask_of(row, contracts=self._looking.contracts) for row in rows]
        groups: dict[tuple[Chain, int | None], list[Question]] = {}
        for one in asked:
            if isinstance(one, Question):
                height = self._height(one)
                groups.setdefault((one.chain, height), []).append(one)
        said: dict[tuple[str, str, bytes, int | None], list[Observation]] = {}
        count = sum(len(group) for group in groups.values())
        usual = say("progress.balances", addresses=count, budget=self._looking.requests_per_run)
        self._progress.stage(stage or usual, count)
        for (chain, height), group in groups.items():
            for question, observations in self._group(chain, height, group):
                said[(*question.identity, height)] = observations
        claimed = claimed_by_address(asked, self._looking.at)
        liars = caught_lying(self._found.ready)
        self.alarms = (*self.alarms, *liars.values())
        results = []
        for one in asked:
            if isinstance(one, NoQuestion):
                results.append(_unasked(one))
                continue
            height = self._height(one)
            key = (*one.identity, height)
            found = compare(
                one.listed,
                [without(each, liars) for each in said.get(key, [])],
                distrusted=self._found.distrusted,
                claimed=claimed[key],
                clash=self._clashes.get((one.chain.name, height)),
            )
            results.append(found if found.observations else self._unanswered(one, found))
        return settled_together(asked, results)

    def compare_outputs(self, rows: Sequence[Listed]) -> list[ComparedOutput]:
        """One comparison per output that a row names, after the block that :meth:`compare` asked about."""
        asked = [ask_of(row, contracts=self._looking.contracts) for row in rows if row.outputs]
        wanted: dict[tuple[str, int | None], dict[Outpoint, None]] = {}
        for one in asked:
            if isinstance(one, Question):
                points = wanted.setdefault((one.chain.name, self._height(one)), {})
                points.update((point, None) for _, point in outpoints_of(one))
        told = {place: self._told(self._said_at.get(place, []), list(points)) for place, points in wanted.items()}
        found = []
        for one in asked:
            if isinstance(one, NoQuestion):
                found += [unasked_output(one, named) for named in one.listed.outputs]
                continue
            place = (one.chain.name, self._height(one))
            for named, outpoint in outpoints_of(one):
                found.append(
                    compare_output(
                        one.listed,
                        named,
                        told[place][outpoint],
                        distrusted=self._found.distrusted,
                        clash=self._clashes.get(place),
                    )
                )
        return found

    def _told(self, said: Sequence[Said], outpoints: Sequence[Outpoint]) -> dict[Outpoint, list[OutputSeen]]:
        """What every source that can tell of outputs says of each."""
        if not said:
            return {one: [] for one in outpoints}
        self._progress.stage(say("progress.outputs", count=len(outpoints)), len(outpoints))
        with ThreadPoolExecutor(len(said), thread_name_prefix="source") as pool:
            answers = list(pool.map(lambda one: self._outputs_said(one, outpoints), said))
        known = [each for each in answers if each is not None]
        return {one: [each[number] for each in known] for number, one in enumerate(outpoints)}

    def _outputs_said(self, said: Said, outpoints: Sequence[Outpoint]) -> list[OutputSeen] | None:
        return outputs_said(said, outpoints, self._transport.now(), self._progress)

    def _height(self, one: Question) -> int | None:
        return self._looking.at.get(one.chain.name, one.listed.height)

    def hear(self, rows: Sequence[Listed], telling: Telling, compared: Sequence[Compared]) -> Heard:
        """What single transactions changed since the last look, as far as a source can tell."""
        asked = [ask_of(row, contracts=self._looking.contracts) for row in rows]
        found: dict[tuple[str, str], Seen] = {}
        for one, row in zip(asked, compared, strict=True):
            known = [each for each in row.observations if each.coins is not None and each.decimals is not None]
            if isinstance(one, Question) and known:
                group = found.setdefault((one.chain.name, one.listed.asset), Seen(known[0].decimals or 0, ZERO))
                group.held = add(group.held, max(each.coins or ZERO for each in known))
        return hear(
            [one for one in asked if isinstance(one, Question)],
            telling,
            self._found.ready,
            asked=self._asked,
            seen=found,
            kept=lambda ready: kept_of(ready.source, ready.standing, self._cache, self._transport.now),
            progress=self._progress,
        )

    def _group(
        self, chain: Chain, height: int | None, group: Sequence[Question]
    ) -> list[tuple[Question, list[Observation]]]:
        """All questions of one chain at one height to every source of that chain, each source in its own thread."""
        usable = [ready for ready in self._found.ready if ready.standing.chain == chain]
        if not usable:
            return [(question, []) for question in group]
        wanted = self._newest(usable) if height is None else height
        self._asked.add((chain.name, wanted))
        unique = list({question.identity: question for question in group}.values())
        with ThreadPoolExecutor(len(usable), thread_name_prefix="source") as pool:
            said = list(pool.map(lambda ready: self._said(ready, wanted, unique), usable))
            said = list(pool.map(lambda one: self._asked_again(one, said, wanted, unique), list(said)))
        for one in said:
            when = None if one.block is None else one.block.time or one.block.median_time
            if when is not None:
                self.times[chain.name, wanted] = when
        differently = clash(said, chain.name, wanted)
        if differently is not None:
            self._clashes[chain.name, height] = differently
            self.alarms = (*self.alarms, differently)
        self._said_at[chain.name, height] = said
        places = {question.identity: index for index, question in enumerate(unique)}
        return [(one, [each.observations[places[one.identity]] for each in said]) for one in group]

    def _asked_again(self, one: Said, said: Sequence[Said], height: int, questions: Sequence[Question]) -> Said:
        """What ``one`` said of old and others contradict is asked once more, before it counts as a difference."""
        block_too, places = contradicted(one, said)
        if not places:
            return one
        ready = one.ready
        if block_too:
            kept_of(ready.source, ready.standing, self._cache, self._transport.now).forget("block", str(height))
        for place in places:
            asked = questions[place]
            if one.block is not None:
                forget_figure(ready.source, ready.standing, asked.asset, asked.account, one.block, self._cache)
        again = self._said(ready, height, [questions[place] for place in places])
        observations = list(one.observations)
        for place, observation in zip(places, again.observations, strict=True):
            observations[place] = observation
        return Said(ready, again.block, tuple(observations))

    def _said(self, ready: Ready, height: int, questions: Sequence[Question]) -> Said:
        return said_by(ready, height, questions, self._cache, self._transport.now(), self._progress)

    def _newest(self, usable: Sequence[Ready]) -> int:
        """The height all can be asked at: the lowest tip or, for a moment in the past, its block."""
        current, lowest = _current(usable)
        if self._looking.moment is None:
            return lowest.height
        for ready in current:
            if isinstance(ready.source, RecordedFile):
                # A file holds some blocks only; there is nothing to search between them.
                recorded = ready.source.height_before(self._looking.moment)
                if recorded is not None:
                    return recorded
                continue
            try:
                kept = kept_of(ready.source, ready.standing, self._cache, self._transport.now)
                found = kept_height_at(self._looking.moment, ready.source, ready.standing, lowest, kept, self._progress)
            except ReservesError as error:
                # A source that dates no blocks leaves the newest one; the time lag is told where it is judged.
                if not is_unusable(error):
                    raise
            else:
                return found.block.height
        return lowest.height

    def _unanswered(self, question: Question, found: Compared) -> Compared:
        """Nobody answered for the chain: say why, by the first source that might have."""
        for chain, error in self._found.failures:
            if chain is None or chain == question.chain:
                return _with_reason(found, error.message, error.code)
        return found


def _current(usable: Sequence[Ready]) -> tuple[Sequence[Ready], Block]:
    """The sources that are up to date, and the newest block that all of them have.

    A stale source drags the others down to no block of its own as long as one of them is up to date.
    """
    current = [ready for ready in usable if ready.standing.problem is None] or usable
    return current, min((ready.standing.tip for ready in current), key=lambda tip: tip.height)


def _unasked(one: NoQuestion) -> Compared:
    found = compare(one.listed, [], distrusted=frozenset(), claimed=None)
    return _with_reason(found, one.reason, None, RowAnswer.UNKNOWN if one.supported else RowAnswer.UNSUPPORTED)


def _with_reason(found: Compared, reason: Message, code: ErrorCode | None, answer: RowAnswer | None = None) -> Compared:
    return replace(found, reason=reason, code=code, answer=answer or found.answer)
