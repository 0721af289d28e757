"""Groth16 keys whose secrets are known here, so that proofs of any statement can be made up and must verify.

Written from the equations alone with py_ecc's group operations; encodings are made here too, so that the reader under
test is held against something it did not write.
"""

import hashlib
import random
from dataclasses import dataclass
from functools import cached_property

from py_ecc import optimized_bn128 as curve

R = curve.curve_order
P = curve.field_modulus


def g1(scalar: int) -> tuple[int, int] | None:
    point = curve.multiply(curve.G1, scalar % R)
    if curve.is_inf(point):
        return None
    x, y = curve.normalize(point)
    return int(x), int(y)


def g2(scalar: int) -> tuple[int, int, int, int] | None:
    """X.A1, X.A0, Y.A1, Y.A0."""
    point = curve.multiply(curve.G2, scalar % R)
    if curve.is_inf(point):
        return None
    x, y = curve.normalize(point)
    return tuple(int(v) for v in (x.coeffs[1], x.coeffs[0], y.coeffs[1], y.coeffs[0]))


def raw(point) -> bytes:
    return b"".join(value.to_bytes(32, "big") for value in point)


def squeezed(point) -> bytes:
    """The compressed form: x, and in the top bits which of the two y it is."""
    half = len(point) // 2
    y = next((value for value in point[half:] if value), 0)
    flag = 0b11 if y > (P - 1) // 2 else 0b10
    data = bytearray(raw(point[:half]))
    data[0] |= flag << 6
    return bytes(data)


def hashed(message: bytes) -> int:
    tag = b"bsb22-commitment"
    tail = tag + bytes([len(tag)])
    zero = hashlib.sha256(b"\0" * 64 + message + b"\x00\x30" + b"\x00" + tail).digest()
    one = hashlib.sha256(zero + b"\x01" + tail).digest()
    two = hashlib.sha256(bytes(a ^ b for a, b in zip(zero, one, strict=True)) + b"\x02" + tail).digest()
    return int.from_bytes((one + two)[:48], "big") % R


@dataclass
class Setup:
    """One key with its secrets. ``public`` inputs; ``committed`` None for a key without commitment."""

    seed: int
    public: int = 1
    committed: tuple[int, ...] | None = None
    old_pedersen: bool = False

    def __post_init__(self) -> None:
        dice = random.Random(self.seed)
        draw = lambda: dice.randrange(2, R)  # noqa: E731
        self.dice = dice
        self.alpha, self.beta, self.gamma, self.delta, self.beta1, self.delta1 = (draw() for _ in range(6))
        self.k = [draw() for _ in range(1 + self.public + (self.committed is not None))]
        self.g, self.sigma = draw(), draw()

    def key(self, encode=raw, *, counted: bool = True) -> bytes:
        parts = [g1(self.alpha), g1(self.beta), g2(self.beta), g2(self.gamma), g1(self.delta), g2(self.delta)]
        data = b"".join(encode(part) for part in parts) + len(self.k).to_bytes(4, "big")
        data += b"".join(encode(g1(scalar)) for scalar in self.k)
        if self.committed is not None:
            data += (1).to_bytes(4, "big") + len(self.committed).to_bytes(4, "big")
            data += b"".join(wire.to_bytes(8, "big") for wire in self.committed)
            data += (1).to_bytes(4, "big") if counted else b""
            data += encode(g2(self.g)) + encode(g2(self.g * self.sigma))
        return data

    @cached_property
    def _fixed(self):
        a, b = self.dice.randrange(2, R), self.dice.randrange(2, R)
        return a, b, g1(a), g2(b)

    def proof(self, inputs: list[int], encode=raw, *, tail: bool = False) -> bytes:
        """A proof that ``inputs`` verify under: C is solved for, which only the holder of the secrets can do."""
        a, b, ar, bs = self._fixed
        sum_k = self.k[0] + sum(x * k for x, k in zip(inputs, self.k[1:], strict=False))
        extra = b""
        if self.committed is not None:
            d = self.dice.randrange(2, R)
            commitment = g1(d)
            message = raw(commitment) + b"".join(inputs[wire - 1].to_bytes(32, "big") for wire in self.committed)
            sum_k += hashed(message) * self.k[-1] + d
            # e(D, G') e(Q, G) = 1 with G' = sigma G; the older form has the two keys the other way round.
            factor = pow(self.sigma, -1, R) if self.old_pedersen else self.sigma
            extra = (1).to_bytes(4, "big") + encode(commitment) + encode(g1(-d * factor))
        elif tail:
            extra = (0).to_bytes(4, "big") + bytes(64)
        c = (a * b - self.alpha * self.beta - self.gamma * sum_k) * pow(self.delta, -1, R)
        return encode(ar) + encode(bs) + encode(g1(c)) + extra
