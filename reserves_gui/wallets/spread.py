"""Judging rows in order: in this thread, or by the chunk in worker processes.

Rows come back in file order, and never more than a few chunks are under way: memory does not grow with the list.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from concurrent.futures import TimeoutError as NotYet
from itertools import islice

from reserves_gui import limits
from reserves_gui.progress import Progress
from reserves_gui.wallets.row import Judged, WalletRow

# 256 rows are 20 to 40 ms of one core: short enough that a cancelled run is gone within 100 ms.
CHUNK_ROWS = 256
# Below this, starting worker processes takes longer than the rows.
_INLINE_ROWS = 1500


def judge_chunk(rows: list[WalletRow]) -> list[Judged]:
    """The judgements of some rows; runs in a worker."""
    return [row.rule.judge(row) for row in rows]


def judge_in_order(
    rows: Iterable[WalletRow], *, executor: Executor | None, jobs: int, progress: Progress
) -> Iterator[tuple[WalletRow, Judged]]:
    """Every row with its judgement, in the order given."""
    source = iter(rows)
    first = list(islice(source, _INLINE_ROWS)) if executor is not None else []
    if executor is None or len(first) < _INLINE_ROWS:
        for group in (first, source):
            for row in group:
                progress.checkpoint()
                yield row, row.rule.judge(row)
        return
    waiting: deque[tuple[list[WalletRow], Future[list[Judged]] | None]] = deque()
    try:
        for chunk in _chunks(first, source):
            waiting.append((chunk, _submit(executor, chunk)))
            if len(waiting) >= 3 * max(jobs, 1):
                yield from _finished(*waiting.popleft(), progress)
        while waiting:
            yield from _finished(*waiting.popleft(), progress)
    finally:
        for _, future in waiting:
            if future is not None:
                future.cancel()


def _chunks(first: list[WalletRow], rest: Iterator[WalletRow]) -> Iterator[list[WalletRow]]:
    for start in range(0, len(first), CHUNK_ROWS):
        yield first[start : start + CHUNK_ROWS]
    while chunk := list(islice(rest, CHUNK_ROWS)):
        yield chunk


def _submit(executor: Executor, chunk: list[WalletRow]) -> Future[list[Judged]] | None:
    try:
        return executor.submit(judge_chunk, chunk)
    except BrokenExecutor:
        return None


def _finished(
    chunk: list[WalletRow], future: Future[list[Judged]] | None, progress: Progress
) -> Iterator[tuple[WalletRow, Judged]]:
    results: list[Judged] | None = None
    while future is not None and results is None:
        progress.checkpoint()
        try:
            results = future.result(timeout=limits.CHECKPOINT_SECONDS)
        except NotYet:
            continue
        except BrokenExecutor:
            # A worker was killed (memory, a user): the rows are judged here, no result is lost.
            break
    progress.checkpoint()
    if results is None:
        results = judge_chunk(chunk)
    yield from zip(chunk, results, strict=True)
