"""Gates that fold a list by powers: Reducing, ReducingExtension."""

from reserves_gui.zk.goldilocks import Ext
from reserves_gui.zk.plonky2.gates.rows import Row, pair_add, pair_mul, pair_sub


def reducing(row: Row, coefficients: int) -> list[Ext]:
    """With alpha = A[2], acc = A[4]. For i < n: next = A[0] if i = n-1 else A[6 + n + 2i];
    constraint pair acc alpha + (w[6+i], 0) - next; then acc = next.
    """
    alpha, accumulator = row.pair(2), row.pair(4)
    constraints: list[Ext] = []
    for i in range(coefficients):
        following = row.pair(0 if i == coefficients - 1 else 6 + coefficients + 2 * i)
        step = pair_add(pair_mul(accumulator, alpha), (row.w[6 + i], (0, 0)))
        constraints.extend(pair_sub(step, following))
        accumulator = following
    return constraints


def reducing_extension(row: Row, coefficients: int) -> list[Ext]:
    """With alpha = A[2], acc = A[4]. For i < n: next = A[0] if i = n-1 else A[6 + 2n + 2i];
    constraint pair acc alpha + A[6+2i] - next; then acc = next.
    """
    alpha, accumulator = row.pair(2), row.pair(4)
    constraints: list[Ext] = []
    for i in range(coefficients):
        following = row.pair(0 if i == coefficients - 1 else 6 + 2 * coefficients + 2 * i)
        step = pair_add(pair_mul(accumulator, alpha), row.pair(6 + 2 * i))
        constraints.extend(pair_sub(step, following))
        accumulator = following
    return constraints
