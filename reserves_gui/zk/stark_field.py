"""The prime field of the sum proofs, P = 2^251 + 17 * 2^192 + 1, and polynomials through a few points."""

from collections.abc import Sequence

P = 2**251 + 17 * 2**192 + 1
NON_RESIDUE = 3


def root_of_unity(order: int) -> int:
    """3^((P-1)/order), of exact order ``order`` (a power of two up to 2^192)."""
    return pow(NON_RESIDUE, (P - 1) // order, P)


def word(data: bytes) -> int:
    """A big-endian word modulo P."""
    return int.from_bytes(data, "big") % P


def interpolated(xs: Sequence[int], ys: Sequence[int]) -> list[int] | None:
    """Coefficients, lowest first, of the polynomial of degree below len(xs) through the points.

    None if two points share an x.
    """
    # Newton's divided differences, then expansion: len(xs) is 16 at most.
    count = len(xs)
    table = list(ys)
    for step in range(1, count):
        for at in range(count - 1, step - 1, -1):
            difference = (xs[at] - xs[at - step]) % P
            if not difference:
                return None
            table[at] = (table[at] - table[at - 1]) * pow(difference, -1, P) % P
    coefficients = [0] * count
    for at in range(count - 1, -1, -1):
        # coefficients = coefficients * (X - xs[at]) + table[at]
        shifted = [0, *coefficients[:-1]]
        coefficients = [(high - xs[at] * low) % P for high, low in zip(shifted, coefficients, strict=True)]
        coefficients[0] = (coefficients[0] + table[at]) % P
    return coefficients


def evaluated(coefficients: Sequence[int], x: int) -> int:
    """The polynomial at ``x``, coefficients lowest first."""
    result = 0
    for coefficient in reversed(coefficients):
        result = (result * x + coefficient) % P
    return result
