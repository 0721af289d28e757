"""Gates that multiply and add: Arithmetic, ArithmeticExtension, MulExtension."""

from reserves_gui.zk.goldilocks import Ext, add, mul, sub
from reserves_gui.zk.plonky2.gates.rows import Row, pair_add, pair_mul, pair_scale, pair_sub


def arithmetic(row: Row, operations: int) -> list[Ext]:
    """For i < n, b = 4i: w[b+3] - (w[b] w[b+1] c[0] + w[b+2] c[1])."""
    w, c = row.w, row.c
    return [
        sub(w[b + 3], add(mul(mul(w[b], w[b + 1]), c[0]), mul(w[b + 2], c[1]))) for b in range(0, 4 * operations, 4)
    ]


def arithmetic_extension(row: Row, operations: int) -> list[Ext]:
    """For i < n, b = 8i: A[b+6] - (c[0] A[b] A[b+2] + c[1] A[b+4])."""
    constraints: list[Ext] = []
    for b in range(0, 8 * operations, 8):
        product = pair_scale(row.c[0], pair_mul(row.pair(b), row.pair(b + 2)))
        constraints.extend(pair_sub(row.pair(b + 6), pair_add(product, pair_scale(row.c[1], row.pair(b + 4)))))
    return constraints


def mul_extension(row: Row, operations: int) -> list[Ext]:
    """For i < n, b = 6i: A[b+4] - c[0] A[b] A[b+2]."""
    constraints: list[Ext] = []
    for b in range(0, 6 * operations, 6):
        product = pair_scale(row.c[0], pair_mul(row.pair(b), row.pair(b + 2)))
        constraints.extend(pair_sub(row.pair(b + 4), product))
    return constraints
