"""The Goldilocks field F, p = 2^64 - 2^32 + 1, and its quadratic extension K = F[X]/(X^2 - 7).

Elements of F are integers below p; elements of K are pairs ``(c0, c1)`` for c0 + c1 X. Plain functions over tuples,
because a verifier does some hundred thousand of these operations and an object each would double its time.
Source: 0xPolygonZero/plonky2 field/src/goldilocks_field.rs, field/src/extension/quadratic.rs.
"""

from collections.abc import Iterable, Sequence

P = 2**64 - 2**32 + 1
# X^2 = 7 in K.
NON_RESIDUE = 7
# Shift of the coset over which traces are extended; also generates F*.
COSET_SHIFT = 7
TWO_ADICITY = 32
_ROOT_OF_LARGEST = 1753635133440165772

Ext = tuple[int, int]
ZERO: Ext = (0, 0)
ONE: Ext = (1, 0)


def root_of_unity(bits: int) -> int:
    """root(k) = 1753635133440165772^(2^(32-k)), a primitive 2^k-th root of unity; ``0 <= bits <= 32``."""
    return pow(_ROOT_OF_LARGEST, 1 << (TWO_ADICITY - bits), P)


def reverse_bits(value: int, bits: int) -> int:
    """The lowest ``bits`` bits of ``value`` in reverse order."""
    return int(f"{value:0{bits}b}"[::-1], 2) if bits else 0


def add(a: Ext, b: Ext) -> Ext:
    """A + b."""
    return (a[0] + b[0]) % P, (a[1] + b[1]) % P


def sub(a: Ext, b: Ext) -> Ext:
    """A - b."""
    return (a[0] - b[0]) % P, (a[1] - b[1]) % P


def mul(a: Ext, b: Ext) -> Ext:
    """(a0,a1)(b0,b1) = (a0 b0 + 7 a1 b1, a0 b1 + a1 b0)."""
    a0, a1 = a
    b0, b1 = b
    return (a0 * b0 + 7 * a1 * b1) % P, (a0 * b1 + a1 * b0) % P


def scale(a: Ext, k: int) -> Ext:
    """K a, k in F."""
    return a[0] * k % P, a[1] * k % P


def power(a: Ext, exponent: int) -> Ext:
    """a^exponent for ``exponent >= 0``."""
    result = ONE
    while exponent:
        if exponent & 1:
            result = mul(result, a)
        a = mul(a, a)
        exponent >>= 1
    return result


def inverse(a: Ext) -> Ext | None:
    """conj(a) / (a0^2 - 7 a1^2), or None for zero."""
    norm = (a[0] * a[0] - 7 * a[1] * a[1]) % P
    if not norm:
        return None
    factor = pow(norm, -1, P)
    return a[0] * factor % P, -a[1] * factor % P


def combine(values: Iterable[Ext], base: Ext) -> Ext:
    """sum_t base^t values_t, the first value with power 0."""
    ordered = list(values)
    r0 = r1 = 0
    b0, b1 = base
    for c0, c1 in reversed(ordered):
        r0, r1 = (r0 * b0 + 7 * r1 * b1 + c0) % P, (r0 * b1 + r1 * b0 + c1) % P
    return r0, r1


def combine_base(values: Sequence[int], base: Ext) -> Ext:
    """sum_t base^t values_t for values in F."""
    r0 = r1 = 0
    b0, b1 = base
    for value in reversed(values):
        r0, r1 = (r0 * b0 + 7 * r1 * b1 + value) % P, (r0 * b1 + r1 * b0) % P
    return r0, r1
