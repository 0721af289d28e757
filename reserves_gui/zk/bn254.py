"""BN254 (alt_bn128): the two fields, field elements in files, and the point encodings of gnark.

Curve: y^2 = x^3 + 3 over F_p; twist: y^2 = x^3 + 3/(9+i) over F_p[i]. Sources: EIP-197, consensys/gnark-crypto
ecc/bn254/marshal.go. Everything is big endian. A point of G2 is ``X.A1 | X.A0 | Y.A1 | Y.A0``.
"""

from dataclasses import dataclass

SCALAR_FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617
BASE_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583
ELEMENT_BYTES = 32

_FLAGS = 0b11 << 6
_RAW, _INFINITY, _SMALLER, _LARGER = 0b00 << 6, 0b01 << 6, 0b10 << 6, 0b11 << 6
_HALF = (BASE_FIELD - 1) // 2

Fp2 = tuple[int, int]

# 3/(9+i) = 3 (9-i)/82
_OVER_82 = pow(82, -1, BASE_FIELD)
_TWIST_B: Fp2 = (27 * _OVER_82 % BASE_FIELD, -3 * _OVER_82 % BASE_FIELD)


class PointError(ValueError):
    """Bytes that are no point: wrong flag, a coordinate outside the field, or not on the curve."""


@dataclass(frozen=True, slots=True)
class G1:
    """A point of the curve in affine coordinates; ``None`` coordinates are the point at infinity."""

    x: int | None
    y: int | None

    @property
    def is_infinity(self) -> bool:
        """Whether this is the neutral element."""
        return self.x is None

    def raw(self) -> bytes:
        """64 bytes ``X | Y``; infinity is all zeros, as gnark writes it."""
        return (self.x or 0).to_bytes(32, "big") + (self.y or 0).to_bytes(32, "big")


@dataclass(frozen=True, slots=True)
class G2:
    """A point of the twist in affine coordinates ``(a0, a1)`` = a0 + a1 i; ``None`` is the point at infinity."""

    x: Fp2 | None
    y: Fp2 | None

    @property
    def is_infinity(self) -> bool:
        """Whether this is the neutral element."""
        return self.x is None


def element(data: bytes) -> int | None:
    """The scalar in 32 big-endian bytes; None if the length is wrong or the value is not below r."""
    if len(data) != ELEMENT_BYTES:
        return None
    value = int.from_bytes(data, "big")
    return value if value < SCALAR_FIELD else None


def element_hex(value: int) -> str:
    """A scalar as 64 lower-case hex digits."""
    return f"{value:064x}"


def g1_length(first: int) -> int:
    """How many bytes a G1 point takes whose first byte is ``first``."""
    return 64 if first & _FLAGS == _RAW else 32


def g2_length(first: int) -> int:
    """How many bytes a G2 point takes whose first byte is ``first``."""
    return 128 if first & _FLAGS == _RAW else 64


def read_g1(data: bytes) -> G1:
    """A G1 point, raw (64 bytes) or compressed (32). Raises :class:`PointError`. G1 has no other subgroup."""
    flag = data[0] & _FLAGS
    if flag == _INFINITY:
        _only_flag(data)
        return G1(None, None)
    x = _coordinate(data[:32], flag)
    if flag == _RAW:
        y = _coordinate(data[32:], 0)
        if x == 0 and y == 0:
            return G1(None, None)
        if (y * y - x * x * x - 3) % BASE_FIELD:
            raise PointError("not on the curve")
        return G1(x, y)
    root = _square_root((x * x * x + 3) % BASE_FIELD)
    if root is None:
        raise PointError("not on the curve")
    if (root > _HALF) != (flag == _LARGER):
        root = BASE_FIELD - root
    return G1(x, root)


def read_g2(data: bytes) -> G2:
    """A G2 point, raw (128 bytes) or compressed (64), on the twist. Raises :class:`PointError`.

    Whether it lies in the subgroup of order r is for the pairing library to check.
    """
    flag = data[0] & _FLAGS
    if flag == _INFINITY:
        _only_flag(data)
        return G2(None, None)
    x1 = _coordinate(data[:32], flag)
    x = (_coordinate(data[32:64], 0), x1)
    square = _add2(_mul2(_mul2(x, x), x), _TWIST_B)
    if flag == _RAW:
        y1 = _coordinate(data[64:96], 0)
        y = (_coordinate(data[96:], 0), y1)
        if x == (0, 0) and y == (0, 0):
            return G2(None, None)
        if _mul2(y, y) != square:
            raise PointError("not on the twist")
        return G2(x, y)
    root = _square_root2(square)
    if root is None:
        raise PointError("not on the twist")
    if _is_larger2(root) != (flag == _LARGER):
        root = (-root[0] % BASE_FIELD, -root[1] % BASE_FIELD)
    return G2(x, root)


def _only_flag(data: bytes) -> None:
    if data[0] != _INFINITY or any(data[1:]):
        raise PointError("infinity with coordinates")


def _coordinate(data: bytes, flag: int) -> int:
    value = int.from_bytes(data, "big") - (flag << 248)
    if not 0 <= value < BASE_FIELD:
        raise PointError("coordinate outside the field")
    return value


def _square_root(value: int) -> int | None:
    root = pow(value, (BASE_FIELD + 1) // 4, BASE_FIELD)
    return root if root * root % BASE_FIELD == value else None


def _add2(left: Fp2, right: Fp2) -> Fp2:
    return (left[0] + right[0]) % BASE_FIELD, (left[1] + right[1]) % BASE_FIELD


def _mul2(left: Fp2, right: Fp2) -> Fp2:
    (a, b), (c, d) = left, right
    return (a * c - b * d) % BASE_FIELD, (a * d + b * c) % BASE_FIELD


def _square_root2(value: Fp2) -> Fp2 | None:
    # (x + y i)^2 = a + b i: x^2 = (a + n)/2 or (a - n)/2 with n^2 = a^2 + b^2; exactly one of the two is a square.
    a, b = value
    if b == 0:
        root = _square_root(a)
        if root is not None:
            return root, 0
        root = _square_root(-a % BASE_FIELD)
        return (0, root) if root is not None else None
    norm = _square_root((a * a + b * b) % BASE_FIELD)
    if norm is None:
        return None
    half = (BASE_FIELD + 1) // 2
    x = _square_root((a + norm) * half % BASE_FIELD)
    if x is None:
        x = _square_root((a - norm) * half % BASE_FIELD)
    if not x:
        return None
    root2 = (x, b * pow(2 * x, -1, BASE_FIELD) % BASE_FIELD)
    return root2 if _mul2(root2, root2) == value else None


def _is_larger2(value: Fp2) -> bool:
    # A1 decides; A0 only where A1 is zero.
    return value[1] > _HALF if value[1] else value[0] > _HALF
