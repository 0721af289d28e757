"""The Stark curve y² = x³ + x + β over p = 2^251 + 17·2^192 + 1: Pedersen hash and ECDSA in plain integers.

Constants checked against a published signature; about 40 ms a signature.
"""

from functools import lru_cache

PRIME = 2**251 + 17 * 2**192 + 1
ORDER = 0x800000000000010FFFFFFFFFFFFFFFFB781126DCAE7B2321E66A241ADC64D2F
_BETA = 0x6F21413EFBE40DE150E596D72F7A8C5609AD26C15C915C1F4CDFCB99CEE9E89

Point = tuple[int, int] | None

GENERATOR: Point = (
    0x1EF15C18599971B7BECED415A40F0C7DEACFD9B0D1819E03D723D8BC943CFCA,
    0x5668060AA49730B7BE4801DF46EC62DE53ECD11ABE43A32873000C36E8DC1F,
)
_PEDERSEN: tuple[Point, ...] = (
    (
        0x49EE3EBA8C1600700EE1B87EB599F16716B0B1022947733551FDE4050CA6804,
        0x3CA0CFE4B3BC6DDF346D49D06EA0ED34E621062C0E056C1D0405D266E10268A,
    ),
    (
        0x234287DCBAFFE7F969C748655FCA9E58FA8120B6D56EB0C1080D17957EBE47B,
        0x3B056F100F96FB21E889527D41F4E39940135DD7A6C94CC6ED0268EE89E5615,
    ),
    (
        0x4FA56F376C83DB33F9DAB2656558F3399099EC1DE5E3018B7A6932DBA8AA378,
        0x3FA0984C931C9E38113E0C0E47E4401562761F92A7A23B45168F4E80FF5B54D,
    ),
    (
        0x4BA4CC166BE8DEC764910F75B45F74B40C690C74709E90F3AA372F0BD2D6997,
        0x40301CF5C1751F4B971E46C4EDE85FCAC5C59A5CE5AE7C48151F27B24B219C,
    ),
    (
        0x54302DCB0E6CC1C6E44CCA8F61A63BB2CA65048D53FB325D36FF12C49A58202,
        0x1B77B3E37D13504B348046268D8AE25CE98AD783C25561A879DCC77E99C2426,
    ),
)


def add(left: Point, right: Point) -> Point:
    """The sum of two points; None is the neutral element."""
    if left is None:
        return right
    if right is None:
        return left
    if left[0] == right[0]:
        if (left[1] + right[1]) % PRIME == 0:
            return None
        slope = (3 * left[0] * left[0] + 1) * pow(2 * left[1], -1, PRIME)
    else:
        slope = (right[1] - left[1]) * pow(right[0] - left[0], -1, PRIME)
    x = (slope * slope - left[0] - right[0]) % PRIME
    return x, (slope * (left[0] - x) - left[1]) % PRIME


def multiply(number: int, point: Point) -> Point:
    """``number`` times ``point``."""
    result: Point = None
    while number:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def pedersen(a: int, b: int) -> int:
    """The x coordinate of P0 + (a mod 2^248)·P1 + ⌊a/2^248⌋·P2 + (b mod 2^248)·P3 + ⌊b/2^248⌋·P4."""
    low = (1 << 248) - 1
    total = _PEDERSEN[0]
    for number, point in zip((a & low, a >> 248, b & low, b >> 248), _PEDERSEN[1:], strict=True):
        total = add(total, multiply(number, point))
    # The five points are independent: their sums never meet the neutral element for inputs below the prime.
    return 0 if total is None else total[0]


def chain(values: tuple[int, ...]) -> int:
    """h(list): a Pedersen chain from 0 that ends with the length."""
    state = 0
    for value in (*values, len(values)):
        state = pedersen(state, value)
    return state


@lru_cache(maxsize=64)
def cached_chain(values: tuple[int, ...]) -> int:
    """:func:`chain` for values that every row shares."""
    return chain(values)


def lift(x: int) -> Point:
    """A point with this x coordinate, None if there is none."""
    if not 0 <= x < PRIME:
        return None
    square = (x * x * x + x + _BETA) % PRIME
    root = _square_root(square)
    return None if root is None else (x, root)


def _square_root(square: int) -> int | None:
    # Tonelli-Shanks; p - 1 = 2^192 · odd, and 3 is no square.
    if pow(square, (PRIME - 1) // 2, PRIME) != 1:
        return 0 if square == 0 else None
    odd, twos = PRIME - 1, 0
    while odd % 2 == 0:
        odd //= 2
        twos += 1
    generator = pow(3, odd, PRIME)
    root, rest = pow(square, (odd + 1) // 2, PRIME), pow(square, odd, PRIME)
    while rest != 1:
        order, power = 0, rest
        while power != 1:
            power = power * power % PRIME
            order += 1
        step = pow(generator, 1 << twos - order - 1, PRIME)
        root, generator = root * step % PRIME, step * step % PRIME
        rest, twos = rest * generator % PRIME, order
    return root


def verify(public_x: int, digest: int, r: int, s: int) -> bool:
    """ECDSA with the hash unreduced as scalar, under either point with this x coordinate."""
    if not (0 < r < ORDER and 0 < s < ORDER):
        return False
    key = lift(public_x)
    if key is None:
        return False
    inverse = pow(s, -1, ORDER)
    ours = multiply(digest * inverse % ORDER, GENERATOR)
    theirs = multiply(r * inverse % ORDER, key)
    negated = None if theirs is None else (theirs[0], -theirs[1] % PRIME)
    return any(point is not None and point[0] % ORDER == r for point in (add(ours, theirs), add(ours, negated)))
