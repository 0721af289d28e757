"""The past of listed wallets from a source that knows it: the one call behind `reserves history fill`.

What watching would have kept, had it run: a round every so many hours, with the transactions between them where a
source tells them. Rounds that are kept already stay as they are and are not asked for again, so that a fill that was
stopped goes on where it was, and a gap between rounds of watching can be closed. No rule is judged: an alert belongs to
the day it wakes somebody.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history.records import StoredList, StoredObservation
from reserves_gui.history.seen import LISTED, is_balance
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.services.agreement import Compared
from reserves_gui.services.keeping import open_store, read_time
from reserves_gui.services.listed import Listed
from reserves_gui.services.lookup import Looking, Run, opened
from reserves_gui.services.probed import OpenDoor, SourceReport
from reserves_gui.services.telling import Heard, Telling, Told
from reserves_gui.services.watch_rows import all_unknown, latest_of, round_rows, told_rows
from reserves_gui.services.watched_list import current_list, listed_rows, wallets_of

if TYPE_CHECKING:
    from reserves_gui.history.store import Store

__all__ = ["FillRequest", "Filled", "fill", "wanted_times"]

_MOST_ROUNDS = 10_000
_HOUR = 3600
_OUT_OF_REQUESTS = "chain.budget_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class FillRequest:
    """From ``start`` to ``end`` (dates, None: now), a round every ``hours``. The rest as in watching."""

    start: str
    end: str | None = None
    hours: int = 24
    files: tuple[str, ...] = ()
    exchange: str | None = None
    sources: tuple[str, ...] = ()
    contracts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    offline: bool = False
    proxy: str | None = None
    cache_folder: Path | None = None
    fresh: bool = False
    requests_per_run: int = limits.REQUESTS_PER_RUN
    told: Callable[[str], None] | None = None
    db: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What came of it: times (seconds UTC) of the rounds that were ``kept`` now, how many were there ``before``.

    ``stopped``: why it ended before the last round was asked for; what was kept until then stays.
    """

    exchange: str
    kept: tuple[int, ...]
    before: int
    sources: tuple[SourceReport, ...]
    alarms: tuple[Message, ...]
    stopped: Message | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing of what was asked for is missing."""
        return self.stopped is None and bool(self.kept or self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A round at ``time`` and its blocks by chain. ``new``: it is still to be kept."""

    time: int
    at: Mapping[str, int]
    wallets: StoredList
    new: bool


def fill(
    request: FillRequest,
    progress: Progress,
    *,
    clock: Callable[[], int] = lambda: int(time.time()),
    door: OpenDoor | None = None,
) -> Filled:
    """Look at the past and keep it. Raises ``usage``, what lists, sources and stores raise, and ``Cancelled``."""
    moments = wanted_times(request, clock())
    if not request.sources:
        raise ReservesError(ErrorCode.USAGE, say("balances.no_sources"))
    exchange = current_list(request.files, request.exchange, progress, now=clock(), db=request.db)
    with open_store(request.db) as store:
        lists = store.lists(exchange)
        kept = [one for asset in store.assets(exchange) for one in store.observations(exchange, asset)]
        looking = Looking(
            sources=request.sources,
            offline=request.offline,
            proxy=request.proxy,
            contracts=request.contracts,
            cache_folder=request.cache_folder,
            fresh=request.fresh,
            requests_per_run=request.requests_per_run,
            told=request.told,
        )
        used = list({one.id: one for one in (_in_force(lists, moment) for moment in moments)}.values())
        wanted = listed_rows({key: wallet for one in used for key, wallet in wallets_of(one).items()})
        with opened(wanted, looking, progress, door=door) as run:
            steps, before = _steps(run, moments, lists, kept, wanted, request.hours * _HOUR)
            filling = _Filling(store, exchange, run, wanted, kept)
            filling.restate(steps)
            stopped = filling.all(steps)
            return Filled(
                exchange=exchange,
                kept=tuple(filling.done),
                before=before,
                sources=run.reports,
                alarms=run.alarms,
                stopped=stopped,
            )


def wanted_times(request: FillRequest, now: int) -> list[int]:
    """When rounds are wanted (seconds UTC, rising), none after ``now``. Raises ``usage``."""
    start, end = read_time(request.start), now if request.end is None else min(now, read_time(request.end))
    if not 1 <= request.hours <= 7 * 24:
        raise ReservesError(ErrorCode.USAGE, say("fill.hours"))
    if end < start:
        raise ReservesError(ErrorCode.USAGE, say("history.window"))
    moments = range(start, end + 1, request.hours * _HOUR)
    if len(moments) > _MOST_ROUNDS:
        raise ReservesError(ErrorCode.USAGE, say("fill.rounds", limit=_MOST_ROUNDS))
    return list(moments)


def _in_force(lists: Sequence[StoredList], moment: int) -> StoredList:
    """The list at ``moment``; the first one before there was any."""
    return ([one for one in lists if one.time <= moment] or lists[:1])[-1]


def _steps(
    run: Run,
    moments: Sequence[int],
    lists: Sequence[StoredList],
    kept: Iterable[StoredObservation],
    wanted: Sequence[Listed],
    spacing: int,
) -> tuple[list[_Step], int]:
    """Rounds in time order: those that are kept, and new ones where none is kept within half of the spacing.

    With them the number of wanted ones in whose place a kept one stands.
    """
    known: dict[int, dict[str, int]] = {}
    for one in kept:
        if one.subject == LISTED and is_balance(one):
            heights = known.setdefault(one.time, {})
            if one.height is not None:
                heights[one.chain] = max(one.height, heights.get(one.chain, 0))
    steps = {time_: _Step(time=time_, at=at, wallets=_in_force(lists, time_), new=False) for time_, at in known.items()}
    chains = {one.chain for one in wanted}
    before: set[int] = set()
    for wanted_at, found in zip(moments, run.blocks_of(moments), strict=True):
        at = {chain: block for chain, block in found.items() if chain in chains}
        times = [moment for block in at.values() if (moment := block.time or block.median_time) is not None]
        if not times or len(times) < len(at) or wanted_at - min(times) > spacing:
            # Undated, or no block came in all that time: what stands then stood before.
            continue
        time_ = min(times)
        if any(abs(one - time_) * 2 < spacing for one in known):
            before.add(time_)
        elif time_ not in steps:
            heights = {chain: block.height for chain, block in at.items()}
            steps[time_] = _Step(time=time_, at=heights, wallets=_in_force(lists, time_), new=True)
    return [steps[one] for one in sorted(steps)], len(before)


class _Filling:
    """Rounds written one by one: whoever stops in between leaves whole rounds."""

    def __init__(
        self, store: "Store", exchange: str, run: Run, wanted: Sequence[Listed], kept: Iterable[StoredObservation]
    ) -> None:
        self._store = store
        self._exchange = exchange
        self._run = run
        self._wanted = wanted
        self._rows = sorted((one for one in kept if is_balance(one)), key=lambda one: one.time)
        self._round = self._rounds = 0
        self.done: list[int] = []

    def all(self, steps: Sequence[_Step]) -> Message | None:
        """Look at every new round and keep it; why it ended early, if it did."""
        self._rounds = sum(one.new for one in steps)
        latest: dict[tuple[str, str, str, str], str | None] = {}
        earlier = iter(self._rows)
        waiting = next(earlier, None)
        for _, same in groupby(steps, key=lambda one: one.wallets.id):
            part = list(same)
            told = self._told(part)
            for step in part:
                while waiting is not None and waiting.time <= step.time:
                    latest |= latest_of([waiting])
                    waiting = next(earlier, None)
                if not step.new:
                    # What it told itself began at a round further back.
                    again = told_rows(told.get(step.time, ()), self._exchange, step.time)
                    self._store.add_observations(again.observations, again.parties)
                    continue
                self._round += 1
                compared = self._look(step)
                stopped = _stopped(compared)
                if stopped is not None:
                    return stopped
                found = replace(self._run.made(compared, Heard()), told=tuple(told.get(step.time, ())))
                made = round_rows(found, wallets_of(step.wallets).keys(), self._exchange, step.time, latest)
                self._store.add_observations(made.observations, made.parties)
                latest |= latest_of(made.observations)
                self.done.append(step.time)
        return None

    def restate(self, steps: Sequence[_Step]) -> None:
        """Of rounds that will follow new ones: what they left out because nothing had changed since the one before.

        Otherwise the figure of an address in the gap would be carried beyond it.
        """
        for before, after in pairwise(steps):
            if before.new and not after.new:
                self._store.add_observations(list(self._unwritten(after)))

    def _unwritten(self, step: _Step) -> Iterator[StoredObservation]:
        sums: dict[tuple[str, str, str], StoredObservation] = {}
        newest: dict[tuple[str, str, str, str], StoredObservation] = {}
        for one in self._rows:
            if one.subject != LISTED and one.time <= step.time:
                newest[one.chain, one.asset, one.subject, one.source] = one
            elif one.subject == LISTED and one.time == step.time and one.amount is not None:
                sums[one.chain, one.asset, one.source] = one
        listed = wallets_of(step.wallets)
        for (chain, asset, address, source), one in newest.items():
            seen = sums.get((chain, asset, source))
            if seen is not None and one.time < step.time and (chain, asset, address) in listed:
                yield replace(one, time=step.time, height=seen.height, block_hash=seen.block_hash)

    def _look(self, step: _Step) -> list[Compared]:
        self._run.at(step.at)
        return self._run.compare(self._rows_at(step), say("progress.filling", round=self._round, rounds=self._rounds))

    def _rows_at(self, step: _Step) -> list[Listed]:
        return [one for one in self._wanted if one.chain in step.at]

    def _told(self, part: Sequence[_Step]) -> dict[int, list[Told]]:
        """By the time of the round: all transactions since the round before, of rounds with one and the same list.

        Only what begins or ends at a new round is asked for; the rest was told when it was kept.
        """
        found: dict[int, list[Told]] = {}
        for chunk in _chunks(part):
            sample = next(one for one in reversed(chunk) if one.new)
            chains = [chain for chain in sample.at if all(chain in one.at for one in chunk)]
            telling = Telling(
                above={chain: chunk[0].at[chain] for chain in chains},
                members=frozenset(wallets_of(chunk[0].wallets)),
                steps={chain: [one.at[chain] for one in chunk[1:]] for chain in chains},
            )
            heard = self._run.hear(self._rows_at(sample), telling, self._look(sample))
            groups: dict[tuple[str, str], list[Told]] = {}
            for one in heard.told:
                groups.setdefault((one.chain, one.asset), []).append(one)
            for told in groups.values():
                for step, one in zip(chunk[1:], told, strict=True):
                    found.setdefault(step.time, []).append(one)
        return found


def _chunks(part: Sequence[_Step]) -> Iterator[list[_Step]]:
    """Runs of neighbouring rounds, of every two of which one at least is new."""
    chunk = list(part[:1])
    for before, after in pairwise(part):
        if before.new or after.new:
            chunk.append(after)
            continue
        if len(chunk) > 1:
            yield chunk
        chunk = [after]
    if len(chunk) > 1:
        yield chunk


def _stopped(compared: Sequence[Compared]) -> Message | None:
    """Why there is no use in going on: nothing more may be asked, or nobody knows anything of that block."""
    reasons = [one.reason for row in compared for one in row.observations if one.reason is not None]
    spent = next((one for one in reasons if one.key == _OUT_OF_REQUESTS), None)
    if spent is not None or not all_unknown(compared):
        return spent
    return next(iter(reasons), say("fill.nothing"))
