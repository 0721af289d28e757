"""The group Ristretto255 (RFC 9496) and Pedersen commitments over it, as far as openings are checked.

    C = value B + blinding B'        B the standard base point, B' = map of SHA3-512( encoding of B )

Source of B': dalek-cryptography/bulletproofs PedersenGens. Nothing here is secret to the program's user towards others,
so nothing runs in constant time.
"""

from dataclasses import dataclass
from hashlib import sha3_512

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, P) % P
_SQRT_M1 = pow(2, (P - 1) // 4, P)
# Of the two roots each, the ones that RFC 9496 section 4.1 fixes.
_SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
_INVSQRT_A_MINUS_D = 54469307008909316920995813868745141605393597292927456921205312896311721017578
_ONE_MINUS_D_SQ = (1 - _D * _D) % P
_D_MINUS_ONE_SQ = (_D - 1) * (_D - 1) % P
_BYTES = 32
_BASE = bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76")


@dataclass(frozen=True, slots=True)
class Point:
    """An element in extended coordinates: x = X/Z, y = Y/Z, x y = T/Z. Compare by :meth:`encode`."""

    x: int
    y: int
    z: int
    t: int

    def __add__(self, other: "Point") -> "Point":
        a = (self.y - self.x) * (other.y - other.x) % P
        b = (self.y + self.x) * (other.y + other.x) % P
        c = 2 * self.t * other.t * _D % P
        d = 2 * self.z * other.z % P
        e, f, g, h = b - a, d - c, d + c, b + a
        return Point(e * f % P, g * h % P, f * g % P, e * h % P)

    def times(self, scalar: int) -> "Point":
        """``scalar`` times this element."""
        made, step = IDENTITY, self
        scalar %= ORDER
        while scalar:
            if scalar & 1:
                made += step
            step += step
            scalar >>= 1
        return made

    def encode(self) -> bytes:
        """The one encoding, 32 bytes."""
        u1 = (self.z + self.y) * (self.z - self.y) % P
        u2 = self.x * self.y % P
        _, root = _sqrt_ratio(1, u1 * u2 * u2)
        den1, den2 = root * u1 % P, root * u2 % P
        inverse = den1 * den2 * self.t % P
        x, y, denominator = self.x, self.y, den2
        if _negative(self.t * inverse % P):
            x, y = self.y * _SQRT_M1 % P, self.x * _SQRT_M1 % P
            denominator = den1 * _INVSQRT_A_MINUS_D % P
        if _negative(x * inverse % P):
            y = -y % P
        return _absolute(denominator * (self.z - y) % P).to_bytes(_BYTES, "little")


IDENTITY = Point(0, 1, 1, 0)


def _negative(value: int) -> bool:
    return value % P & 1 == 1


def _absolute(value: int) -> int:
    return -value % P if _negative(value) else value % P


def _sqrt_ratio(u: int, v: int) -> tuple[bool, int]:
    """Whether u/v is a square, and the non-negative root of u/v or of i u/v."""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    correct, flipped, flipped_i = check == u % P, check == -u % P, check == -u * _SQRT_M1 % P
    if flipped or flipped_i:
        r = r * _SQRT_M1 % P
    return correct or flipped, _absolute(r)


def decode(data: bytes) -> Point | None:
    """The element of an encoding, None for bytes that are none."""
    if len(data) != _BYTES:
        return None
    s = int.from_bytes(data, "little")
    if s >= P or _negative(s):
        return None
    ss = s * s % P
    u1, u2 = (1 - ss) % P, (1 + ss) % P
    v = (-(_D * u1 * u1) - u2 * u2) % P
    square, root = _sqrt_ratio(1, v * u2 * u2)
    den_x = root * u2 % P
    den_y = root * den_x * v % P
    x = _absolute(2 * s * den_x)
    y = u1 * den_y % P
    t = x * y % P
    return None if not square or _negative(t) or y == 0 else Point(x, y, 1, t)


def from_uniform(data: bytes) -> Point:
    """The element of 64 uniform bytes (RFC 9496 section 4.3.4)."""
    mask = 2**255 - 1
    return _map(int.from_bytes(data[:_BYTES], "little") & mask) + _map(int.from_bytes(data[_BYTES:], "little") & mask)


def _map(t: int) -> Point:
    r = _SQRT_M1 * t * t % P
    u = (r + 1) * _ONE_MINUS_D_SQ % P
    v = (-1 - r * _D) * (r + _D) % P
    square, s = _sqrt_ratio(u, v)
    if not square:
        s = -_absolute(s * t) % P
    c = P - 1 if square else r
    n = (c * (r - 1) * _D_MINUS_ONE_SQ - v) % P
    w0, w1, w2, w3 = 2 * s * v, n * _SQRT_AD_MINUS_ONE, 1 - s * s, 1 + s * s
    return Point(w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P)


def _base() -> Point:
    point = decode(_BASE)
    if point is None:
        raise ValueError("the base point does not decode")
    return point


BASE = _base()
BLINDING_BASE = from_uniform(sha3_512(_BASE).digest())


def commit(value: int, blinding: int) -> Point:
    """The Pedersen commitment to ``value``."""
    return BASE.times(value) + BLINDING_BASE.times(blinding)
