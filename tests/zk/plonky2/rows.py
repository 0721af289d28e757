"""Valid rows for every gate, made from what the gate is for (not from its constraints), over the base field.

A row is the wires as elements of F and two gate constants.
"""

import random
from collections.abc import Callable

from reserves_gui.zk import goldilocks as gl
from reserves_gui.zk.goldilocks import P
from reserves_gui.zk.plonky2.circuit import Gate, GateKind
from reserves_gui.zk.poseidon_goldilocks import CIRCULANT, round_constants

Row = tuple[list[int], list[int]]


class Draw:
    """Seeded field elements."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def f(self) -> int:
        return self._random.randrange(P)

    def k(self) -> gl.Ext:
        return self.f(), self.f()

    def bit(self) -> int:
        return self._random.randrange(2)

    def below(self, limit: int) -> int:
        return self._random.randrange(limit)


def _put(wires: list[int], at: int, value: gl.Ext) -> None:
    wires[at], wires[at + 1] = value


def arithmetic(d: Draw, w: list[int], c: list[int], n: int) -> None:
    for i in range(n):
        x, y, z = d.f(), d.f(), d.f()
        w[4 * i : 4 * i + 4] = [x, y, z, (x * y * c[0] + z * c[1]) % P]


def arithmetic_extension(d: Draw, w: list[int], c: list[int], n: int) -> None:
    for i in range(n):
        x, y, z = d.k(), d.k(), d.k()
        out = gl.add(gl.scale(gl.mul(x, y), c[0]), gl.scale(z, c[1]))
        for at, value in zip((0, 2, 4, 6), (x, y, z, out), strict=True):
            _put(w, 8 * i + at, value)


def mul_extension(d: Draw, w: list[int], c: list[int], n: int) -> None:
    for i in range(n):
        x, y = d.k(), d.k()
        for at, value in zip((0, 2, 4), (x, y, gl.scale(gl.mul(x, y), c[0])), strict=True):
            _put(w, 6 * i + at, value)


def base_sum(d: Draw, w: list[int], c: list[int], n: int) -> None:
    bits = [d.bit() for _ in range(n)]
    w[0] = sum(bit << i for i, bit in enumerate(bits)) % P
    w[1 : 1 + n] = bits


def constant(d: Draw, w: list[int], c: list[int], n: int) -> None:
    w[:n] = c[:n]


def exponentiation(d: Draw, w: list[int], c: list[int], n: int) -> None:
    base, bits = d.f(), [d.bit() for _ in range(n)]
    w[0] = base
    w[1 : 1 + n] = bits
    power = 1
    for i in range(n):
        power = power * power % P * (base if bits[n - 1 - i] else 1) % P
        w[2 + n + i] = power
    w[1 + n] = power
    assert power == pow(base, sum(bit << i for i, bit in enumerate(bits)), P)


def reducing(d: Draw, w: list[int], c: list[int], n: int) -> None:
    alpha, acc = d.k(), d.k()
    _put(w, 2, alpha)
    _put(w, 4, acc)
    for i in range(n):
        w[6 + i] = d.f()
        acc = gl.add(gl.mul(acc, alpha), (w[6 + i], 0))
        _put(w, 0 if i == n - 1 else 6 + n + 2 * i, acc)


def reducing_extension(d: Draw, w: list[int], c: list[int], n: int) -> None:
    alpha, acc = d.k(), d.k()
    _put(w, 2, alpha)
    _put(w, 4, acc)
    for i in range(n):
        term = d.k()
        _put(w, 6 + 2 * i, term)
        acc = gl.add(gl.mul(acc, alpha), term)
        _put(w, 0 if i == n - 1 else 6 + 2 * n + 2 * i, acc)


def random_access(d: Draw, w: list[int], c: list[int], bits: int, copies: int, extra: int) -> None:
    size = 1 << bits
    routed = (2 + size) * copies + extra
    for k in range(copies):
        base = (2 + size) * k
        index = d.below(size)
        items = [d.f() for _ in range(size)]
        w[base : base + 2 + size] = [index, items[index], *items]
        for i in range(bits):
            w[routed + k * bits + i] = index >> i & 1
    w[(2 + size) * copies : routed] = c[:extra]


def interpolation(d: Draw, w: list[int], c: list[int], bits: int) -> None:
    size = 1 << bits
    shift, point = d.f(), d.k()
    coefficients = [d.k() for _ in range(size)]

    def at(x: gl.Ext) -> gl.Ext:
        return gl.combine(coefficients, x)

    w[0] = shift
    root = gl.root_of_unity(bits)
    for i in range(size):
        _put(w, 1 + 2 * i, at((pow(root, i, P) * shift % P, 0)))
        _put(w, 5 + 2 * size + 2 * i, coefficients[i])
    _put(w, 1 + 2 * size, point)
    _put(w, 3 + 2 * size, at(point))
    end = 5 + 4 * size
    for i in range(2, size):
        w[end + i - 2] = pow(shift, i, P)
        _put(w, end + size - 2 + 2 * (i - 2), gl.power(point, i))


def _mds(state: list[int]) -> list[int]:
    return [
        (sum(CIRCULANT[i] * state[(i + r) % 12] for i in range(12)) + (8 * state[0] if r == 0 else 0)) % P
        for r in range(12)
    ]


def poseidon_mds(d: Draw, w: list[int], c: list[int]) -> None:
    inputs = [d.k() for _ in range(12)]
    outputs = zip(_mds([x[0] for x in inputs]), _mds([x[1] for x in inputs]), strict=True)
    for r, (value, out) in enumerate(zip(inputs, outputs, strict=True)):
        _put(w, 2 * r, value)
        _put(w, 24 + 2 * r, out)


def poseidon(d: Draw, w: list[int], c: list[int]) -> None:
    state = [d.f() for _ in range(12)]
    swap = d.bit()
    w[:12] = state
    w[24] = swap
    for i in range(4):
        w[25 + i] = swap * (state[i + 4] - state[i]) % P
    if swap:
        state = [*state[4:8], *state[:4], *state[8:]]
    constants = round_constants()
    for r in range(30):
        state = [(x + constants[12 * r + i]) % P for i, x in enumerate(state)]
        if 1 <= r < 4:
            w[29 + 12 * (r - 1) : 41 + 12 * (r - 1)] = state
        elif r >= 26:
            w[87 + 12 * (r - 26) : 99 + 12 * (r - 26)] = state
        elif r >= 4:
            w[65 + r - 4] = state[0]
        boxed = 1 if 4 <= r < 26 else 12
        state = _mds([pow(x, 7, P) if i < boxed else x for i, x in enumerate(state)])
    w[12:24] = state


_MAKERS: dict[GateKind, Callable[..., None]] = {
    GateKind.ARITHMETIC: arithmetic,
    GateKind.ARITHMETIC_EXTENSION: arithmetic_extension,
    GateKind.MUL_EXTENSION: mul_extension,
    GateKind.BASE_SUM: base_sum,
    GateKind.CONSTANT: constant,
    GateKind.EXPONENTIATION: exponentiation,
    GateKind.REDUCING: reducing,
    GateKind.REDUCING_EXTENSION: reducing_extension,
    GateKind.RANDOM_ACCESS: random_access,
    GateKind.LOW_DEGREE_INTERPOLATION: interpolation,
    GateKind.POSEIDON_MDS: poseidon_mds,
    GateKind.POSEIDON: poseidon,
    GateKind.NOOP: lambda d, w, c: None,
}

# Every gate with the parameters of a production circuit, and odd ones beside them.
GATES = (
    Gate(GateKind.NOOP, ()),
    Gate(GateKind.CONSTANT, (2,)),
    Gate(GateKind.ARITHMETIC, (20,)),
    Gate(GateKind.ARITHMETIC, (1,)),
    Gate(GateKind.ARITHMETIC_EXTENSION, (10,)),
    Gate(GateKind.MUL_EXTENSION, (13,)),
    Gate(GateKind.BASE_SUM, (63,)),
    Gate(GateKind.BASE_SUM, (1,)),
    Gate(GateKind.EXPONENTIATION, (66,)),
    Gate(GateKind.REDUCING, (43,)),
    Gate(GateKind.REDUCING, (1,)),
    Gate(GateKind.REDUCING_EXTENSION, (32,)),
    Gate(GateKind.RANDOM_ACCESS, (1, 20, 0)),
    Gate(GateKind.RANDOM_ACCESS, (4, 4, 2)),
    Gate(GateKind.LOW_DEGREE_INTERPOLATION, (4,)),
    Gate(GateKind.LOW_DEGREE_INTERPOLATION, (2,)),
    Gate(GateKind.POSEIDON_MDS, ()),
    Gate(GateKind.POSEIDON, ()),
)


def valid_row(gate: Gate, seed: int, inputs_hash: tuple[int, ...] = (0, 0, 0, 0), width: int = 135) -> Row:
    """A row that the gate accepts; what it does not read is random."""
    d = Draw(seed)
    wires = [d.f() for _ in range(width)]
    constants = [d.f(), d.f()]
    if gate.kind is GateKind.PUBLIC_INPUT:
        wires[:4] = inputs_hash
    else:
        _MAKERS[gate.kind](d, wires, constants, *gate.parameters)
    return wires, constants
