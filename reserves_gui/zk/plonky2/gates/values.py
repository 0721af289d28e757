"""Gates about single values: Constant, PublicInput, BaseSum (base 2), Exponentiation."""

from reserves_gui.zk.goldilocks import ONE, Ext, add, mul, scale, sub
from reserves_gui.zk.plonky2.gates.rows import Row


def constant(row: Row, count: int) -> list[Ext]:
    """For i < n: c[i] - w[i]."""
    return [sub(row.c[i], row.w[i]) for i in range(count)]


def public_input(row: Row) -> list[Ext]:
    """For i < 4: w[i] - h[i]."""
    return [sub(row.w[i], (row.h[i], 0)) for i in range(4)]


def base_sum(row: Row, limbs: int) -> list[Ext]:
    """First sum_{i<n} 2^i w[1+i] - w[0]; then for i < n: w[1+i] (w[1+i] - 1)."""
    total = (0, 0)
    for limb in reversed(row.w[1 : 1 + limbs]):
        total = add(scale(total, 2), limb)
    return [sub(total, row.w[0]), *[mul(limb, sub(limb, ONE)) for limb in row.w[1 : 1 + limbs]]]


def exponentiation(row: Row, bits: int) -> list[Ext]:
    """One power by its bits: base = w[0], bit_i = w[1+i], output = w[1+n], mid_i = w[2+n+i], prev = 1.

    For i < n: b = bit_{n-1-i}; constraint prev (b base + 1 - b) - mid_i; then prev = mid_i^2.
    Last: output - mid_{n-1}.
    """
    w = row.w
    base = w[0]
    previous = ONE
    constraints: list[Ext] = []
    for i in range(bits):
        bit = w[bits - i]
        middle = w[2 + bits + i]
        factor = add(sub(mul(bit, base), bit), ONE)
        constraints.append(sub(mul(previous, factor), middle))
        previous = mul(middle, middle)
    return [*constraints, sub(w[1 + bits], w[1 + 2 * bits])]
