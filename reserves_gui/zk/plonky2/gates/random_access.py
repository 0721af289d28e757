"""RandomAccess: a claimed entry of a short list is the one its index bits select."""

from reserves_gui.zk.goldilocks import ONE, Ext, add, mul, scale, sub
from reserves_gui.zk.plonky2.gates.rows import Row


def random_access(row: Row, bits: int, copies: int, extra: int) -> list[Ext]:
    """V = 2^bits, R = (2+V) copies + extra. For each copy k, base b = (2+V) k, bit_i = w[R + k bits + i]:
    bit_i (bit_i - 1) for each i; sum_i 2^i bit_i - w[b];
    L = (w[b+2], ..., w[b+1+V]), folded by L'_j = L_{2j} + bit_i (L_{2j+1} - L_{2j}), then L_0 - w[b+1].
    After all copies, for i < extra: c[i] - w[(2+V) copies + i].
    """
    w = row.w
    size = 1 << bits
    routed = (2 + size) * copies
    constraints: list[Ext] = []
    for copy in range(copies):
        base = (2 + size) * copy
        first_bit = routed + extra + copy * bits
        selected = w[first_bit : first_bit + bits]
        constraints.extend(mul(bit, sub(bit, ONE)) for bit in selected)
        index: Ext = (0, 0)
        for bit in reversed(selected):
            index = add(scale(index, 2), bit)
        constraints.append(sub(index, w[base]))
        entries = list(w[base + 2 : base + 2 + size])
        for bit in selected:
            entries = [
                add(left, mul(bit, sub(right, left))) for left, right in zip(entries[::2], entries[1::2], strict=True)
            ]
        constraints.append(sub(entries[0], w[base + 1]))
    constraints.extend(sub(row.c[i], w[routed + i]) for i in range(extra))
    return constraints
