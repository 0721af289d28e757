"""LowDegreeInterpolation: values on a coset and a value elsewhere belong to one polynomial."""

from reserves_gui.zk.goldilocks import ONE, Ext, P, mul, root_of_unity, scale, sub
from reserves_gui.zk.plonky2.gates.rows import Pair, Row, pair_add, pair_mul, pair_scale, pair_sub


def low_degree_interpolation(row: Row, bits: int) -> list[Ext]:
    """N = 2^bits; shift w[0]; values V_i = A[1+2i]; point P = A[1+2N]; result Q = A[3+2N]; C_i = A[5+2N+2i];
    e = 5 + 4N; s_0 = 1, s_1 = w[0], s_i = w[e+i-2]; P_1 = P, P_i = A[e + N - 2 + 2(i-2)].

    1. i = 1..N-2: s_i s_1 - s_{i+1};  2. i < N: V_i - sum_{k<N} g^{ik} s_k C_k, g a primitive N-th root;
    3. i = 1..N-2: P_i P_1 - P_{i+1};  4. Q - (C_0 + sum_{i=1..N-1} P_i C_i).
    """
    w = row.w
    size = 1 << bits
    end = 5 + 4 * size
    shifts = [ONE, w[0], *w[end : end + size - 2]]
    coefficients = [row.pair(5 + 2 * size + 2 * i) for i in range(size)]
    point = row.pair(1 + 2 * size)
    powers = [((0, 0), (0, 0)), point, *[row.pair(end + size - 2 + 2 * (i - 2)) for i in range(2, size)]]

    constraints = [sub(mul(shifts[i], shifts[1]), shifts[i + 1]) for i in range(1, size - 1)]
    shifted = [pair_scale(s, c) for s, c in zip(shifts, coefficients, strict=True)]
    root = root_of_unity(bits)
    for i in range(size):
        total: Pair = ((0, 0), (0, 0))
        for k in range(size):
            factor = pow(root, i * k, P)
            total = pair_add(total, (scale(shifted[k][0], factor), scale(shifted[k][1], factor)))
        constraints.extend(pair_sub(row.pair(1 + 2 * i), total))
    for i in range(1, size - 1):
        constraints.extend(pair_sub(pair_mul(powers[i], point), powers[i + 1]))
    total = coefficients[0]
    for i in range(1, size):
        total = pair_add(total, pair_mul(powers[i], coefficients[i]))
    constraints.extend(pair_sub(row.pair(3 + 2 * size), total))
    return constraints
