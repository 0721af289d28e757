"""Which kernel a run uses: the vectorised one when its packages are there and agree with hashlib, else the standard."""

from functools import cache
from importlib.util import find_spec

from reserves_gui.merkle.sum_rows import Kernel, StandardKernel

# Importing the packages and the self-test take about 0.2 s, as much as they save on 16 MiB.
_WORTH_BYTES = 16 * 1024 * 1024


@cache
def standard_kernel() -> Kernel:
    """The kernel of the standard library."""
    return StandardKernel()


@cache
def fastest_kernel() -> Kernel:
    """The vectorised kernel if it can be had, else the standard one."""
    if find_spec("polars") is None or find_spec("polars_hash") is None:
        return standard_kernel()
    from reserves_gui.merkle.tree_fast import fast_kernel

    return fast_kernel() or standard_kernel()


def kernel_for(size: int) -> Kernel:
    """The kernel for a file of ``size`` bytes."""
    return fastest_kernel() if size >= _WORTH_BYTES else standard_kernel()
