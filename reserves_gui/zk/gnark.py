"""Groth16 proofs and verifying keys as gnark writes them: raw or compressed points, with or without commitment.

Source: consensys/gnark backend/groth16/bn254/marshal.go at v0.7 to v0.12, consensys/gnark-crypto ecc/bn254/marshal.go.
All integers are big endian.
"""

from dataclasses import dataclass

from reserves_gui.zk.bn254 import G1, G2, PointError, g1_length, g2_length, read_g1, read_g2

# A real key has 2 or 3 K points; this bounds what a hostile length field can ask for.
_MOST_ENTRIES = 4096
_POINT_GRANULE = 128


class GnarkError(ValueError):
    """Bytes that are no proof or key of this layout; the text says what was wrong, for developers."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Ar, Bs, Krs; one entry of ``commitments`` per BSB22 commitment, with its proof of knowledge."""

    ar: G1
    bs: G2
    krs: G1
    commitments: tuple[G1, ...] = ()
    knowledge: G1 | None = None


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A Groth16 key. ``committed`` lists, per commitment, the 1-based public wires hashed with it.

    ``pedersen`` holds (G, G') per commitment.
    """

    alpha: G1
    beta: G2
    gamma: G2
    delta: G2
    k: tuple[G1, ...]
    committed: tuple[tuple[int, ...], ...] = ()
    pedersen: tuple[tuple[G2, G2], ...] = ()


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        if count > self.left:
            raise GnarkError("too short")
        self._at += count
        return self._data[self._at - count : self._at]

    def count(self) -> int:
        value = int.from_bytes(self.take(4), "big")
        if value > _MOST_ENTRIES:
            raise GnarkError("count out of range")
        return value

    def g1(self) -> G1:
        return read_g1(self.take(g1_length(self._peek())))

    def g2(self) -> G2:
        return read_g2(self.take(g2_length(self._peek())))

    def end(self) -> None:
        if self.left:
            raise GnarkError("bytes left over")

    def _peek(self) -> int:
        if not self.left:
            raise GnarkError("too short")
        return self._data[self._at]


def read_proof(data: bytes) -> Proof:
    """A proof: 256 bytes raw without commitment, 388 with one (shorter compressed). Raises :class:`GnarkError`."""
    reader = _Reader(data)
    try:
        ar, bs, krs = reader.g1(), reader.g2(), reader.g1()
        if not reader.left:
            return Proof(ar, bs, krs)
        commitments = tuple(reader.g1() for _ in range(reader.count()))
        knowledge = reader.g1()
        reader.end()
    except PointError as error:
        raise GnarkError(str(error)) from None
    return Proof(ar, bs, krs, commitments, knowledge)


def read_key(data: bytes) -> VerifyingKey:
    """A verifying key of any gnark from 0.7 on. Raises :class:`GnarkError`.

    A key whose alpha, beta, gamma, delta or Pedersen points are infinity binds nothing and is refused.
    """
    reader = _Reader(data)
    try:
        alpha, _beta1, beta, gamma, _delta1, delta = (
            reader.g1(),
            reader.g1(),
            reader.g2(),
            reader.g2(),
            reader.g1(),
            reader.g2(),
        )
        k = tuple(reader.g1() for _ in range(reader.count()))
        committed: tuple[tuple[int, ...], ...] = ()
        pedersen: tuple[tuple[G2, G2], ...] = ()
        if reader.left:
            committed = tuple(
                tuple(int.from_bytes(reader.take(8), "big") for _ in range(reader.count()))
                for _ in range(reader.count())
            )
            pedersen = _pedersen_keys(reader)
        reader.end()
    except PointError as error:
        raise GnarkError(str(error)) from None
    anchors = [beta, gamma, delta, *(point for pair in pedersen for point in pair)]
    if alpha.is_infinity or any(point.is_infinity for point in anchors):
        raise GnarkError("a point of the key is infinity")
    if len(pedersen) != len(committed) or len(k) < 1 + len(committed):
        raise GnarkError("counts of the key do not fit")
    if any(not 1 <= wire <= len(k) - 1 - len(committed) for wires in committed for wire in wires):
        raise GnarkError("a committed wire is not public")
    return VerifyingKey(alpha, beta, gamma, delta, k, committed, pedersen)


def _pedersen_keys(reader: _Reader) -> tuple[tuple[G2, G2], ...]:
    # gnark 0.10 writes one Pedersen key, 0.11 on a count and then the keys. Points take multiples of 64 bytes and keys
    # multiples of 128, so four odd bytes are the count.
    if not reader.left:
        return ()
    odd = reader.left % _POINT_GRANULE
    if odd not in (0, 4):
        raise GnarkError("odd length")
    keys = reader.count() if odd else 1
    return tuple((reader.g2(), reader.g2()) for _ in range(keys))
