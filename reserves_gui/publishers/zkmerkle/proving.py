"""Running over the table once: links, commitments, and the proofs that were asked for, spread over workers."""

from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field
from random import Random

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.zkmerkle.table_file import BadRow, Layout, count_rows, read_batches
from reserves_gui.zk.groth16 import Judgement
from reserves_gui.zk.pairings import pairing_library
from reserves_gui.zk.solvency.batch import Batch, Breaks, Chain, Judged, judge_batches

_WAIT_SECONDS = 1 / 50


@dataclass(frozen=True, slots=True)
class Selection:
    """Which proofs to check. ``sample`` None: all of them; a number: that many random ones, first and last besides.

    ``slow``: the sample was not asked for, but only the slow pairing library is there.
    """

    sample: int | None
    slow: bool = False


def selection(text: str) -> Selection | None:
    """The option ``--proofs``: ``all``, ``chain`` (None) or a number. Raises ``usage``."""
    if text == "chain":
        return None
    if text == "all":
        return Selection(None) if pairing_library().fast else Selection(limits.ZK_SLOW_PROOFS, slow=True)
    if text.isascii() and text.isdigit() and len(text) < 10:
        return Selection(int(text))
    raise ReservesError(ErrorCode.USAGE, say("zkmerkle.proofs_option", text=text[:40]))


@dataclass(slots=True)
class Tally:
    """What the run over the table found. Places are batch numbers; bad rows are (line, column)."""

    chain: Chain
    bad_rows: list[BadRow] = field(default_factory=list)
    bad_count: int = 0
    strange_tiers: Breaks = field(default_factory=Breaks)
    tiers: set[int | None] = field(default_factory=set)
    commitments: Breaks = field(default_factory=Breaks)
    proofs: Breaks = field(default_factory=Breaks)
    unsupported: Breaks = field(default_factory=Breaks)
    held: int = 0

    def take(self, judged: Judged) -> None:
        """Count one judged batch."""
        if not judged.commitment:
            self.commitments.add(judged.number)
        if judged.proof is Judgement.HOLDS:
            self.held += 1
        elif judged.proof is Judgement.UNSUPPORTED:
            self.unsupported.add(judged.number)
        elif judged.proof is not None:
            self.proofs.add(judged.number)


class _Spread:
    """Hands work to an executor in jobs of a few rows, or does it here row by row."""

    def __init__(
        self, tally: Tally, keys: Mapping[int | None, bytes], executor: Executor | None, jobs: int, progress: Progress
    ) -> None:
        self._tally = tally
        self._keys = keys
        self._executor = executor
        self._most = 2 * max(1, jobs) + 2
        self._progress = progress
        self._waiting: list[tuple[Batch, bool]] = []
        self._running: dict[Future[list[Judged]], list[tuple[Batch, bool]]] = {}

    def put(self, batch: Batch, *, wanted: bool) -> None:
        if self._executor is None:
            self._here([(batch, wanted)])
            return
        self._waiting.append((batch, wanted))
        if len(self._waiting) >= limits.ZK_JOB_ROWS:
            self._submit()
        while len(self._running) >= self._most:
            self._collect()

    def finish(self) -> None:
        if self._waiting:
            self._submit()
        while self._running:
            self._collect()

    def drop(self) -> None:
        for future in self._running:
            future.cancel()

    def _submit(self) -> None:
        rows, self._waiting = self._waiting, []
        if self._executor is None:
            self._here(rows)
            return
        try:
            self._running[self._executor.submit(judge_batches, rows, self._keys)] = rows
        except (BrokenExecutor, RuntimeError):
            # The workers are gone (out of memory, killed): the work is done here instead.
            self._executor = None
            self._here(rows)

    def _collect(self) -> None:
        done, _ = wait(self._running, timeout=_WAIT_SECONDS, return_when=FIRST_COMPLETED)
        self._progress.checkpoint()
        for future in done:
            rows = self._running.pop(future)
            try:
                results = future.result()
            except BrokenExecutor:
                self._executor = None
                self._here(rows)
                continue
            for one in results:
                self._tally.take(one)

    def _here(self, rows: list[tuple[Batch, bool]]) -> None:
        for row in rows:
            self._progress.checkpoint()
            for one in judge_batches([row], self._keys):
                self._tally.take(one)


class _Sample:
    """Which proofs to keep while the number of rows is unknown: batch 0, the highest, and k random ones between them.

    Which row is the highest shows at the end only, so the reservoir holds two more than are wanted.
    """

    def __init__(self, size: int, dice: Random) -> None:
        self._size = size
        self._room = size + 2
        self._dice = dice
        self._seen = 0
        self._kept: list[Batch] = []
        self._first: Batch | None = None
        self._last: Batch | None = None

    def offer(self, batch: Batch) -> None:
        if batch.number == 0:
            self._first = batch
        if self._last is None or batch.number > self._last.number:
            self._last = batch
        self._seen += 1
        if len(self._kept) < self._room:
            self._kept.append(batch)
            return
        at = self._dice.randrange(self._seen)
        if at < self._room:
            self._kept[at] = batch

    def chosen(self) -> Iterator[Batch]:
        ends = {one.number: one for one in (self._first, self._last) if one is not None}
        between = [one for one in self._kept if one.number not in ends]
        yield from ends.values()
        yield from self._dice.sample(between, min(self._size, len(between)))


def run_table(
    document: Document,
    layout: Layout,
    *,
    keys: Mapping[int | None, bytes],
    tiers: tuple[int, ...],
    chosen: Selection | None,
    executor: Executor | None,
    jobs: int,
    dice: Random,
    progress: Progress,
) -> Tally:
    """Read every row once. ``tiers`` are those the list allows (empty: not known). Memory stays constant."""
    tally = Tally(Chain(layout.scheme))
    progress.stage(say("zkmerkle.progress.rows"), count_rows(document))
    spread = _Spread(tally, keys, executor, jobs, progress)
    sample = _Sample(chosen.sample, dice) if chosen is not None and chosen.sample is not None else None
    try:
        for count, row in enumerate(read_batches(document, layout), 1):
            progress.advance(count)
            if isinstance(row, BadRow):
                tally.bad_count += 1
                if len(tally.bad_rows) < limits.FAILING_NODES_LISTED:
                    tally.bad_rows.append(row)
                continue
            if not tally.chain.add(row):
                continue
            tally.tiers.add(row.tier)
            if row.tier is not None and tiers and row.tier not in tiers:
                tally.strange_tiers.add(row.number)
            spread.put(row, wanted=chosen is not None and sample is None)
            if sample is not None:
                sample.offer(row)
        spread.finish()
        if sample is not None:
            _judge_sample(sample, tally, keys, progress)
    finally:
        spread.drop()
    return tally


def _judge_sample(sample: _Sample, tally: Tally, keys: Mapping[int | None, bytes], progress: Progress) -> None:
    rows = list(sample.chosen())
    progress.stage(say("zkmerkle.progress.sample"), len(rows))
    for count, batch in enumerate(rows, 1):
        progress.advance(count)
        for one in judge_batches([(batch, True)], keys):
            # The commitment of this row was counted when it came by.
            tally.take(Judged(one.number, True, one.proof))
