"""The field, its extension, and its roots of unity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reserves_gui.zk import goldilocks as gl

elements = st.integers(min_value=0, max_value=gl.P - 1)
pairs = st.tuples(elements, elements)


@given(pairs, pairs, pairs)
def test_the_extension_is_a_ring(a: gl.Ext, b: gl.Ext, c: gl.Ext) -> None:
    assert gl.mul(a, b) == gl.mul(b, a)
    assert gl.mul(gl.mul(a, b), c) == gl.mul(a, gl.mul(b, c))
    assert gl.mul(a, gl.add(b, c)) == gl.add(gl.mul(a, b), gl.mul(a, c))
    assert gl.sub(gl.add(a, b), b) == a


@given(pairs)
def test_everything_but_zero_has_an_inverse(a: gl.Ext) -> None:
    inverse = gl.inverse(a)
    assert (inverse is None) is (a == gl.ZERO)
    assert inverse is None or gl.mul(a, inverse) == gl.ONE


def test_x_squared_is_seven() -> None:
    assert gl.mul((0, 1), (0, 1)) == (7, 0)


@given(pairs, st.integers(min_value=0, max_value=40))
def test_powers_are_repeated_products(a: gl.Ext, exponent: int) -> None:
    product = gl.ONE
    for _ in range(exponent):
        product = gl.mul(product, a)
    assert gl.power(a, exponent) == product


@pytest.mark.parametrize("bits", range(33))
def test_roots_have_their_exact_order(bits: int) -> None:
    root = gl.root_of_unity(bits)
    assert pow(root, 1 << bits, gl.P) == 1
    assert bits == 0 or pow(root, 1 << (bits - 1), gl.P) == gl.P - 1


@given(st.lists(pairs, max_size=9), pairs)
def test_combining_weighs_the_first_value_with_power_zero(values: list[gl.Ext], base: gl.Ext) -> None:
    total = gl.ZERO
    for exponent, value in enumerate(values):
        total = gl.add(total, gl.mul(value, gl.power(base, exponent)))
    assert gl.combine(values, base) == total
    plain = [value[0] for value in values]
    assert gl.combine_base(plain, base) == gl.combine([(value, 0) for value in plain], base)


@pytest.mark.parametrize(("value", "bits", "reversed_value"), [(0, 0, 0), (1, 3, 4), (6, 3, 3), (5, 4, 10)])
def test_bits_are_reversed_within_their_number(value: int, bits: int, reversed_value: int) -> None:
    assert gl.reverse_bits(value, bits) == reversed_value
