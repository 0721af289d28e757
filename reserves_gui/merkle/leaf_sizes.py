"""How large leaves are: half-decade classes, counted exactly with whole numbers."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from itertools import repeat
from math import isqrt

from reserves_gui.evidence import LeafSizes

# The least whole number of class k is the ceiling of 10^(k/2); 10^60 is beyond every unit amount.
_LEAST = tuple(10 ** (k // 2) if k % 2 == 0 else isqrt(10**k) + 1 for k in range(121))
_SMALL = _LEAST[:41]


class SizeClasses:
    """Counts the values of one asset by class, in its smallest unit; class -1 holds the zeros."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._own: set[int] = set()

    def add(self, values: Iterable[int]) -> None:
        """Count values that all lie in 0 … 2^64-1."""
        self._counts.update(map(bisect_right, repeat(_SMALL), values))

    def add_one(self, value: int) -> None:
        """Count one value of any size, not negative."""
        self._counts[bisect_right(_LEAST, value)] += 1

    def mark_own(self, value: int) -> None:
        """Remember the class of an own leaf."""
        if value > 0:
            self._own.add(bisect_right(_LEAST, value) - 1)

    @property
    def zeros(self) -> int:
        """How many values were 0."""
        return self._counts.get(0, 0)

    @property
    def counts(self) -> dict[int, int]:
        """Class -> how many values, empty classes left out."""
        return {found - 1: count for found, count in sorted(self._counts.items()) if found}

    @property
    def own(self) -> frozenset[int]:
        """The classes that hold own leaves."""
        return frozenset(self._own)


def leaf_sizes(classes: dict[str, SizeClasses], decimals: dict[str, int]) -> LeafSizes:
    """The evidence object for several assets."""
    return LeafSizes(
        counts={asset: found.counts for asset, found in classes.items()},
        zeros={asset: found.zeros for asset, found in classes.items()},
        own={asset: found.own for asset, found in classes.items()},
        unit_decimals=decimals,
    )
