"""Gates of the hash: Poseidon (one whole permutation) and PoseidonMds (one matrix product)."""

from collections.abc import Sequence

from reserves_gui.zk.goldilocks import ONE, Ext, P, add, mul, sub
from reserves_gui.zk.plonky2.gates.rows import Row
from reserves_gui.zk.poseidon_goldilocks import ROUNDS, WIDTH, matrix, round_constants

_SWAP, _DELTA, _FIRST_FULL, _PARTIAL, _LAST_FULL = 24, 25, 29, 65, 87
_PARTIAL_FROM, _PARTIAL_TO = 4, 26


def _times_matrix(state: Sequence[Ext]) -> list[Ext]:
    """M s for elements of K."""
    return [
        (
            sum(m * s[0] for m, s in zip(row, state, strict=True)) % P,
            sum(m * s[1] for m, s in zip(row, state, strict=True)) % P,
        )
        for row in matrix()
    ]


def _seventh(x: Ext) -> Ext:
    square = mul(x, x)
    return mul(mul(square, x), mul(square, square))


def poseidon_mds(row: Row) -> list[Ext]:
    """Inputs I_r = A[2r], outputs O_r = A[24+2r]: O_r - (M I)_r, pair each."""
    low = _times_matrix([row.w[2 * r] for r in range(WIDTH)])
    high = _times_matrix([row.w[2 * r + 1] for r in range(WIDTH)])
    constraints: list[Ext] = []
    for r in range(WIDTH):
        constraints += [sub(row.w[24 + 2 * r], low[r]), sub(row.w[25 + 2 * r], high[r])]
    return constraints


def poseidon(row: Row) -> list[Ext]:
    """Inputs w[0..11], outputs w[12..23], swap w[24], delta w[25..28]; S-box inputs of full rounds 1..3 at
    29 + 12(r-1) + i, of the partial rounds at 65 + k, of the last four full rounds at 87 + 12k + i.

    1. swap (swap - 1);  2. i < 4: swap (w[i+4] - w[i]) - delta_i;  3. the first eight inputs, swapped by delta;
    4. each round: add constants; S-box inputs are constrained to their wires (not in round 0); times M;
    5. i < 12: state_i - w[12+i].
    """
    w = row.w
    constants = round_constants()
    swap = w[_SWAP]
    constraints = [mul(swap, sub(swap, ONE))]
    constraints += [sub(mul(swap, sub(w[i + 4], w[i])), w[_DELTA + i]) for i in range(4)]
    state = [add(w[i], w[_DELTA + i]) for i in range(4)]
    state += [sub(w[i + 4], w[_DELTA + i]) for i in range(4)]
    state += w[8:WIDTH]
    for r in range(ROUNDS):
        state = [add(s, (constants[WIDTH * r + i], 0)) for i, s in enumerate(state)]
        if r == 0:
            state = [_seventh(s) for s in state]
        elif _PARTIAL_FROM <= r < _PARTIAL_TO:
            wire = w[_PARTIAL + r - _PARTIAL_FROM]
            constraints.append(sub(state[0], wire))
            state[0] = _seventh(wire)
        else:
            start = _FIRST_FULL + WIDTH * (r - 1) if r < _PARTIAL_FROM else _LAST_FULL + WIDTH * (r - _PARTIAL_TO)
            wires = w[start : start + WIDTH]
            constraints += [sub(s, wire) for s, wire in zip(state, wires, strict=True)]
            state = [_seventh(wire) for wire in wires]
        state = _times_matrix(state)
    return constraints + [sub(s, w[WIDTH + i]) for i, s in enumerate(state)]
