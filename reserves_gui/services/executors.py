"""Where work that can be spread goes: this thread, a local process pool, or a cluster's executor."""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say

_POLITE = 5
"""How many steps a worker lowers its priority."""


@contextmanager
def spread(*, jobs: int, cluster: str | None = None) -> Iterator[Executor | None]:
    """The executor for ``jobs`` worker processes (None for one), or that of a Dask cluster. Raises ``usage``.

    Leaving the block cancels what has not started and waits for the workers to be gone.
    """
    if cluster is not None:
        with _cluster(cluster) as executor:
            yield executor
        return
    if jobs <= 1:
        yield None
        return
    # A worker is started as `python -c …`, which would look for modules in the folder the user stands in first.
    os.environ["PYTHONSAFEPATH"] = "1"
    # Workers start afresh: a forked copy of a process with threads (hashing, a window) may hang on a copied lock.
    executor = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_give_way)
    try:
        yield executor
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _give_way() -> None:
    """In a worker: take processors only where nobody else wants them, so that a window stays quick beside the work."""
    if hasattr(os, "nice"):
        os.nice(_POLITE)


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise ReservesError(ErrorCode.USAGE, say("error.cluster"), address) from None
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError, TimeoutError):
        raise ReservesError(ErrorCode.USAGE, say("error.cluster"), address) from None
    with client:
        yield client.get_executor()
