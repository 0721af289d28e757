"""The batches of a round: how they link, and the proof of each.

Batches come in any order. Every batch opens at boundary i and closes at boundary i + 1; the first value seen for a
boundary waits for its partner, so memory holds only boundaries still open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from reserves_gui import limits
from reserves_gui.zk.gnark import GnarkError, VerifyingKey, read_key, read_proof
from reserves_gui.zk.groth16 import Judgement, PreparedKey, verify
from reserves_gui.zk.pairings import pairing_library
from reserves_gui.zk.poseidon_bn254 import hash_words
from reserves_gui.zk.solvency.account import INDEX_LIMIT


class Scheme(StrEnum):
    """What a batch commits to. ``LINKED``: roots before and after; ``INDEXED``: one root and a range of accounts."""

    LINKED = "linked"
    INDEXED = "indexed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One row of the table of proofs. ``roots``: (before, after), or the one root; ``lists``: (before, after).

    ``tier``: the assets-count tier that chooses the key, None where there is one key. ``span``: first and last account.
    """

    number: int
    roots: tuple[int, ...]
    lists: tuple[int, int]
    commitment: int
    proof: bytes
    tier: int | None = None
    span: tuple[int, int] | None = None

    @property
    def committed(self) -> tuple[int, ...]:
        """What the batch commitment is the hash of."""
        return (*self.roots, *self.lists, *(self.span or ()))


@dataclass(slots=True)
class Breaks:
    """Where a rule does not hold: how often, and the first places (batch numbers)."""

    count: int = 0
    places: list[int] = field(default_factory=list)

    def add(self, place: int) -> None:
        """One more."""
        self.count += 1
        if len(self.places) < limits.FAILING_NODES_LISTED:
            self.places.append(place)

    def __bool__(self) -> bool:
        return self.count > 0

    def __str__(self) -> str:
        shown = ", ".join(map(str, sorted(self.places)))
        return f"{shown} …" if self.count > len(self.places) else shown


@dataclass(frozen=True, slots=True)
class _End:
    lists: int
    root: int
    account: int
    closes: bool


class Chain:
    """Follows the links of batches as they come."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.rows = 0
        self.highest = -1
        self.repeated = Breaks()
        self.lists = Breaks()
        self.roots = Breaks()
        self.accounts = Breaks()
        self._seen = bytearray()
        self._open: dict[int, _End] = {}
        self._root: int | None = None

    def add(self, batch: Batch) -> bool:
        """Take one batch; False if its number was there before."""
        byte, bit = divmod(batch.number, 8)
        if byte >= len(self._seen):
            self._seen.extend(bytes(byte + 1 - len(self._seen)))
        if self._seen[byte] >> bit & 1:
            self.repeated.add(batch.number)
            return False
        self._seen[byte] |= 1 << bit
        self.rows += 1
        self.highest = max(self.highest, batch.number)
        first, last = batch.span or (0, 0)
        if self.scheme is Scheme.INDEXED:
            if self._root is None:
                self._root = batch.roots[0]
            if batch.roots != (self._root,):
                self.roots.add(batch.number)
            if not first <= last < INDEX_LIMIT:
                self.accounts.add(batch.number)
        self._meet(batch.number, _End(batch.lists[0], batch.roots[0], first, closes=False))
        self._meet(batch.number + 1, _End(batch.lists[1], batch.roots[-1], last + 1, closes=True))
        return True

    def _meet(self, boundary: int, end: _End) -> None:
        other = self._open.pop(boundary, None)
        if other is None:
            self._open[boundary] = end
            return
        if other.lists != end.lists:
            self.lists.add(boundary)
        if self.scheme is Scheme.LINKED and other.root != end.root:
            self.roots.add(boundary)
        if self.scheme is Scheme.INDEXED and other.account != end.account:
            self.accounts.add(boundary)

    @property
    def missing(self) -> int | None:
        """The lowest batch number that is not there, None if there is no gap."""
        if self.rows == self.highest + 1:
            return None
        return next(number for number in range(self.highest + 1) if not self._seen[number // 8] >> number % 8 & 1)

    @property
    def whole(self) -> bool:
        """Whether the numbers run from 0 without gap or repetition, and there is at least one."""
        return self.rows > 0 and self.missing is None and not self.repeated

    @property
    def start(self) -> tuple[int, int, int] | None:
        """List, root and account at the start of batch 0."""
        return self._end(0, closes=False)

    @property
    def end(self) -> tuple[int, int, int] | None:
        """List, root and next account at the end of the highest batch."""
        return self._end(self.highest + 1, closes=True)

    def _end(self, boundary: int, *, closes: bool) -> tuple[int, int, int] | None:
        end = self._open.get(boundary)
        return (end.lists, end.root, end.account) if end is not None and end.closes is closes else None


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one batch: whether its commitment holds, and its proof (None: not looked at, or no key)."""

    number: int
    commitment: bool
    proof: Judgement | None


@lru_cache(maxsize=16)
def _prepared(data: bytes) -> tuple[VerifyingKey, PreparedKey] | None:
    try:
        key = read_key(data)
    except GnarkError:
        return None
    prepared = pairing_library().prepare(key)
    return None if prepared is None else (key, prepared)


def usable_key(data: bytes) -> VerifyingKey | None:
    """The key in these bytes, None if they hold none (or one outside the subgroup)."""
    found = _prepared(data)
    return None if found is None else found[0]


def judge_batches(batches: Sequence[tuple[Batch, bool]], keys: Mapping[int | None, bytes]) -> list[Judged]:
    """Judge batches in one go; the flag says whether the proof is wanted. Runs in a worker process as well as here.

    ``keys``: key bytes by tier.
    """
    result = []
    for batch, wanted in batches:
        holds = hash_words(batch.committed) == batch.commitment
        data = keys.get(batch.tier) if wanted else None
        result.append(Judged(batch.number, holds, None if data is None else _judge_proof(batch, data)))
    return result


def _judge_proof(batch: Batch, data: bytes) -> Judgement | None:
    found = _prepared(data)
    if found is None:
        return None
    try:
        proof = read_proof(batch.proof)
    except GnarkError:
        return Judgement.SHAPE
    # The one public input of the circuit is the batch commitment.
    return verify(found[0], found[1], proof, (batch.commitment,))
