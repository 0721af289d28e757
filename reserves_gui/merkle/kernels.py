"""Which kernel a run uses: the vectorised one when its packages are there and agree with hashlib, else the standard."""

from functools import cache
from importlib.util import find_spec

from reserves_gui.merkle.sum_rows import Kernel, StandardKernel

# 2026-11-26: where the processor hashes by itself, hashlib is as fast on a tree of 2^20 leaves (151 MB: 4.3 to 5.3 s
# against 4.6 to 5.1 s) and takes 40 MB in place of 105. The packages pay off above.
_WORTH_BYTES = 256 * 1024 * 1024


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
