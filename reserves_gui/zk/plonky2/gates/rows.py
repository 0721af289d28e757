"""What a gate reads: one opened row. The formulas of the other modules are written over it.

w[i] opened wires, c[i] opened gate constants (selector columns removed), h[i] the hash of the public inputs.
A[i] = (w[i], w[i+1]) is an element of the algebra K[Y]/(Y^2 - 7).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reserves_gui.zk.goldilocks import Ext, add, mul, sub
from reserves_gui.zk.poseidon_goldilocks import Hash

Pair = tuple[Ext, Ext]


@dataclass(frozen=True, slots=True)
class Row:
    """The opened wires, the gate constants and the public inputs' hash."""

    w: Sequence[Ext]
    c: Sequence[Ext]
    h: Hash

    def pair(self, index: int) -> Pair:
        """A[index]."""
        return self.w[index], self.w[index + 1]


def pair_add(a: Pair, b: Pair) -> Pair:
    """The sum, component by component."""
    return add(a[0], b[0]), add(a[1], b[1])


def pair_sub(a: Pair, b: Pair) -> Pair:
    """The difference, component by component."""
    return sub(a[0], b[0]), sub(a[1], b[1])


def pair_scale(k: Ext, a: Pair) -> Pair:
    """(k a0, k a1), k in K."""
    return mul(k, a[0]), mul(k, a[1])


def pair_mul(a: Pair, b: Pair) -> Pair:
    """(a0,a1)(b0,b1) = (a0 b0 + 7 a1 b1, a0 b1 + a1 b0) over K."""
    high = mul(a[1], b[1])
    low = mul(a[0], b[0])
    return add(low, (7 * high[0], 7 * high[1])), add(mul(a[0], b[1]), mul(a[1], b[0]))
