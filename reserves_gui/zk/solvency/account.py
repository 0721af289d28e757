"""One account: its leaf in both released forms, its path, and how many asset slots its round had.

Pair leaf (releases 1.0):        Poseidon(id, equity, debt, Poseidon(packed slots)), every slot of the round packed.
Collateral leaf (1.1 and 1.2):   Poseidon(id, equity, debt, collateral, Poseidon(rows)), rows padded to 50 or 500.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reserves_gui.progress import Progress
from reserves_gui.zk.poseidon_bn254 import DEFAULT_CHUNK, Sponge, hash_pair, hash_words

DEPTH = 28
INDEX_LIMIT = 1 << DEPTH
AMOUNT_LIMIT = 1 << 64
TIERS = (50, 500)
COLLATERAL_SLOTS = 500
# The search for an unknown number of slots ends here: 1200 slots are 800 packed words.
MOST_SLOTS = 1200
CHUNKS = (DEFAULT_CHUNK, 16)
# (slots, chunk) of published rounds, tried first.
KNOWN_SHAPES = ((350, 12), (350, 16), (500, 12), (800, 12), (64, 12))


@dataclass(frozen=True, slots=True)
class Holding:
    """What one account has of one asset, in the round's integer units. The last three are 0 in pair leaves."""

    index: int
    equity: int
    debt: int
    loan: int = 0
    margin: int = 0
    portfolio: int = 0

    @property
    def amounts(self) -> tuple[int, int, int, int, int]:
        """All five amounts."""
        return self.equity, self.debt, self.loan, self.margin, self.portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account. ``collateral`` is None for a pair leaf. Totals are values (amount times price)."""

    identity: int
    equity: int
    debt: int
    collateral: int | None
    holdings: tuple[Holding, ...]

    @property
    def least_slots(self) -> int:
        """The slots a round must have to hold this account's highest asset."""
        return max((one.index for one in self.holdings), default=-1) + 1


@dataclass(frozen=True, slots=True)
class Shape:
    """How many asset slots a round of pair leaves has, and how many words its Poseidon takes at a time."""

    slots: int
    chunk: int

    @property
    def words(self) -> int:
        """Packed words of a leaf: ceil(2 n / 3)."""
        return packed_words(self.slots)


def packed_words(slots: int) -> int:
    """Words that ``slots`` slots of two amounts pack into, three amounts a word."""
    return -(-2 * slots // 3)


def pack(first: int, second: int, third: int) -> int:
    """``first * 2^128 + second * 2^64 + third``."""
    return (first << 128) + (second << 64) + third


def pair_words(holdings: Iterable[Holding], words: int) -> list[int]:
    """The packed words of a pair leaf; holdings beyond them are left out (the caller has checked the slots)."""
    flat = [0] * (3 * words)
    for one in holdings:
        if 2 * one.index + 1 < len(flat):
            flat[2 * one.index], flat[2 * one.index + 1] = one.equity, one.debt
    return [pack(*flat[at : at + 3]) for at in range(0, len(flat), 3)]


def pair_leaf(account: Account, shape: Shape) -> int:
    """The leaf of an account in a round of that shape."""
    words = hash_words(pair_words(account.holdings, shape.words), shape.chunk)
    return _pair_leaf(account, words)


def _pair_leaf(account: Account, words: int) -> int:
    return hash_words((account.identity, account.equity, account.debt, words))


def collateral_rows(holdings: Sequence[Holding]) -> list[Holding]:
    """The rows of a collateral leaf: the assets in order, zero rows put in until the tier is full.

    Before each asset come zero rows for the indexes missing below it, as long as padding is left; the rest follows the
    last asset.
    """
    tier = next(size for size in TIERS if size >= len(holdings))
    left, expected = tier - len(holdings), 0
    rows: list[Holding] = []
    for one in holdings:
        while left and expected < one.index:
            rows.append(Holding(expected, 0, 0))
            expected, left = expected + 1, left - 1
        rows.append(one)
        expected = one.index + 1
    rows.extend(Holding(expected + more, 0, 0) for more in range(left))
    return rows


def collateral_leaf(account: Account, collateral: int) -> int:
    """The leaf of an account with collateral; at most 500 assets in strictly ascending order."""
    words: list[int] = []
    for row in collateral_rows(account.holdings):
        words += (pack(row.index, row.equity, row.debt), pack(row.loan, row.margin, row.portfolio))
    return hash_words((account.identity, account.equity, account.debt, collateral, hash_words(words)))


def path_nodes(leaf: int, index: int, siblings: Sequence[int]) -> list[int]:
    """The nodes from the leaf's parent to the root: level i has the sibling on the right where bit i is 0."""
    nodes, node = [], leaf
    for level, sibling in enumerate(siblings):
        node = hash_pair(sibling, node) if index >> level & 1 else hash_pair(node, sibling)
        nodes.append(node)
    return nodes


def find_shape(
    account: Account, index: int, siblings: Sequence[int], root: int, *, hint: Shape | None, progress: Progress
) -> Shape | None:
    """The shape under which the account's path ends in ``root``: the hint, published ones, then every word count.

    Shapes with equal word counts give equal leaves, so the smallest slot count is reported for a shape found by search.
    """
    known = [Shape(slots, chunk) for slots, chunk in KNOWN_SHAPES]
    for shape in [hint, *known] if hint is not None else known:
        progress.checkpoint()
        if shape.slots >= account.least_slots and path_nodes(pair_leaf(account, shape), index, siblings)[-1] == root:
            return shape
    most = packed_words(MOST_SLOTS)
    words = pair_words(account.holdings, most)
    least = packed_words(account.least_slots)
    sponges = [(chunk, Sponge(chunk)) for chunk in CHUNKS]
    for count, word in enumerate(words, 1):
        for chunk, sponge in sponges:
            progress.checkpoint()
            sponge.absorb((word,))
            if count >= least:
                leaf = _pair_leaf(account, sponge.digest())
                if path_nodes(leaf, index, siblings)[-1] == root:
                    return Shape(max(slots_of(count)[0], account.least_slots), chunk)
    return None


def slots_of(words: int) -> tuple[int, ...]:
    """The slot counts that pack into exactly ``words`` words."""
    guess = 3 * words // 2
    return tuple(slots for slots in range(max(1, guess - 2), guess + 1) if packed_words(slots) == words)


def empty_root(nil: int) -> int:
    """The root of a tree whose 2^28 leaves are all ``nil``."""
    node = nil
    for _ in range(DEPTH):
        node = hash_pair(node, node)
    return node


def find_empty_root(root: int, progress: Progress) -> tuple[Shape, ...]:
    """The shapes of pair leaves whose empty tree has this root (several slot counts share one); none if there is none.

    An empty leaf is Poseidon(0, 0, 0, Poseidon(zeros)).
    """
    most = packed_words(MOST_SLOTS)
    preferred = sorted({packed_words(slots) for slots, _ in KNOWN_SHAPES})
    for chunk in CHUNKS:
        for words in preferred:
            progress.checkpoint()
            if _empty_pair_root(hash_words([0] * words, chunk)) == root:
                return _shapes(words, chunk)
    sponges = [(chunk, Sponge(chunk)) for chunk in CHUNKS]
    for count in range(1, most + 1):
        for chunk, sponge in sponges:
            progress.checkpoint()
            sponge.absorb((0,))
            if _empty_pair_root(sponge.digest()) == root:
                return _shapes(count, chunk)
    return ()


def _empty_pair_root(words: int) -> int:
    return empty_root(hash_words((0, 0, 0, words)))


def _shapes(words: int, chunk: int) -> tuple[Shape, ...]:
    # Up to the smaller chunk every chunk hashes alike, so the leaf cannot tell them apart; the list can.
    chunks = CHUNKS if words <= min(CHUNKS) else (chunk,)
    found = [Shape(slots, size) for size in chunks for slots in slots_of(words)]
    return tuple(sorted(found, key=lambda shape: (shape.slots, shape.chunk) not in KNOWN_SHAPES))


def empty_collateral_root() -> int:
    """The root of the empty tree of releases 1.1: nil leaf Poseidon(0, 0, 0, 0, 0)."""
    return empty_root(hash_words([0] * 5))
