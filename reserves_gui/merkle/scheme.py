"""The declarative description of a published tree: everything in which two publishers differ, as data.

:class:`SumScheme` describes sum trees (every node carries balances), :class:`PlainScheme` trees of hashes. One engine
walks each family. A special case widens the description here; nothing branches on who published a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reserves_gui.merkle.hashing import HashRule
from reserves_gui.merkle.numbers import Balances, BalanceText, CoinOrder, NumberRule


class Merge(StrEnum):
    """Which coins a sum has: those both children share exactly, all of both, the left child's, or a list's."""

    EXACT = "exact"
    UNION = "union"
    LEFT = "left"
    LISTED = "listed"


class SideSource(StrEnum):
    """Whose marker decides: the sibling's own, or the current node's (above the leaf: the opposite of the entry's)."""

    SIBLING = "sibling"
    CURRENT = "current"


class LevelDirection(StrEnum):
    """Levels count up from the leaf, or down to the root."""

    UP = "up"
    DOWN = "down"


class Lookup(StrEnum):
    """How siblings are found: by their order in the file, or by the level they state."""

    ORDER = "order"
    LEVEL = "level"


class RootPlace(StrEnum):
    """Where the root entry stands: the last entry of the path, or a key of its own."""

    LAST = "last"
    KEY = "key"


class Grammar(StrEnum):
    """Which number texts a format allows."""

    PLAIN = "plain"
    EXPONENT = "exponent"


class Absence(StrEnum):
    """How a missing sibling is written: not at all, as ``{}``, as an empty hash, or as ``null`` with a marker."""

    NEVER = "never"
    EMPTY_OBJECT = "empty_object"
    EMPTY_HASH = "empty_hash"
    NULL_HASH = "null_hash"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKeys:
    """The names of the things in a proof file. ``level`` and ``snapshot`` are None where the format has none.

    ``hash_in_self`` is false where a file does not state the leaf's hash. ``precisions`` and ``listed`` name keys that
    hold decimals per coin (inside ``self``) and the coins of the tree (beside it).
    """

    path: str = "path"
    own: str = "self"
    root: str = "root"
    hash: str = "hash"
    balances: str = "balances"
    side: str = "type"
    level: str | None = "height"
    snapshot: str | None = "auditId"
    hash_in_self: bool = True
    side_in_self: bool = True
    precisions: str | None = None
    listed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdRule:
    """One id that goes into the leaf: its key, and what its text must look like so that a node cannot pose as a leaf.

    ``hex_digits``: exactly so many lower-case hex digits. ``longest``: at most so many characters. ``never_hex``: not
    exactly so many hex digits. ``user`` is the name under which the user can state the id.
    """

    key: str
    user: str | None = None
    hex_digits: int | None = None
    longest: int | None = None
    never_hex: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRule:
    """Markers and what they mean. Every marker but ``left`` counts as right; those outside the legal sets fail.

    ``padding`` marks an entry that stands in for a missing node and must carry nothing. ``root`` may hold None where
    the root entry may have no marker.
    """

    source: SideSource = SideSource.SIBLING
    left: str = "1"
    own: frozenset[str] = frozenset({"1", "2"})
    sibling: frozenset[str] = frozenset({"1", "2"})
    root: frozenset[str | None] = frozenset({"3"})
    padding: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRule:
    """The level of the leaf when counting up (``UP``: leaf, +1, ...), or of the root counting down (``DOWN``)."""

    direction: LevelDirection
    base: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SumRules:
    """One set of text rules. ``lone`` is the preimage of a node whose sibling is missing (None: there is no such node).

    Placeholders: ids by their keys and ``{balances}`` in a leaf; ``{l}``, ``{r}``, ``{balances}``, ``{level}`` in a
    node; ``{own}`` for the only child in ``lone``.
    """

    name: str = ""
    leaf: str
    node: str
    lone: str | None = None
    leaf_text: BalanceText
    leaf_numbers: NumberRule
    node_text: BalanceText
    sum_numbers: NumberRule


@dataclass(frozen=True, slots=True, kw_only=True)
class CoinSet:
    """One version of a fixed coin set: the coins in hashing order and the number of decimals sums are cut to."""

    name: str
    order: tuple[str, ...]
    decimals: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SumScheme:
    """A sum tree.

    ``rules`` are tried in order and one of them must hold for the whole file. ``coin_sets``: the file's coins must be
    one of these sets exactly, which then gives order and decimals. ``added`` are coins every node above two children
    names. ``account_separator`` splits a balance key into coin and account: accounts of one coin are added up.
    ``zero_coins_dropped``: coins without an amount are left out of the leaf. ``exact_decimals``: own amounts must be
    written with exactly the coin's decimals, because the leaf joins them without separators. ``sibling_leaf``: the
    first sibling may bring its ids, so that its leaf can be recomputed.
    """

    keys: FileKeys
    hash: HashRule = field(default_factory=HashRule)
    ids: tuple[IdRule, ...]
    rules: tuple[SumRules, ...]
    order: CoinOrder
    merge: Merge
    coin_sets: tuple[CoinSet, ...] = ()
    added: tuple[str, ...] = ()
    grammar: Grammar = Grammar.PLAIN
    account_separator: str | None = None
    zero_coins_dropped: bool = False
    exact_decimals: bool = False
    sibling_leaf: bool = False
    sides: SideRule
    levels: LevelRule | None
    lookup: Lookup = Lookup.ORDER
    root: RootPlace = RootPlace.LAST
    absence: Absence = Absence.NEVER
    absent_marker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SumEntry:
    """One entry of a proof file as read: ``place`` is its key path, ``absent`` marks a sibling that does not exist.

    ``balances`` is None where the file states none. ``level`` and ``side`` are what the file says, unchecked.
    """

    place: str
    hash: str | None
    balances: Balances | None
    side: str | None = None
    level: int | None = None
    snapshot: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    absent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SumProof:
    """One user's sum path as read from a file.

    ``siblings`` is ordered from the leaf up, None where the file has no entry for a level. ``depth`` is the number of
    levels above the leaf. ``strays`` are entries at levels the tree does not have. ``listed`` is the hashing order or
    the list of all coins, ``decimals`` the decimals per coin, where the format has them.
    """

    own: SumEntry
    siblings: tuple[SumEntry | None, ...]
    root: SumEntry | None
    depth: int
    strays: tuple[SumEntry, ...] = ()
    listed: tuple[str, ...] = ()
    decimals: Mapping[str, int] = field(default_factory=dict)


class StepForm(StrEnum):
    """How a step of a plain path is written.

    ``PREFIXED``: marker, colon, hash. ``DIGIT``: one digit before the hash. ``INDEXED``: the sibling's index in the
    tree (root 1, children 2k and 2k+1), colon, hash. ``KEYED``: an object with one key, the side. ``POSITIONED``: an
    object of side and hash. ``BASE64``: the hash alone; the side follows from the leaf's index.
    """

    PREFIXED = "prefixed"
    DIGIT = "digit"
    INDEXED = "indexed"
    KEYED = "keyed"
    POSITIONED = "positioned"
    BASE64 = "base64"


class AssetForm(StrEnum):
    """How a plain format states balances.

    ``PAIRS``: a list of (coin, amount). ``SINGLE``: one amount of the one listed coin. ``TEXT``: ``COIN:amount,...``.
    ``RECORDS``: a list of objects of currency and balance. ``OBJECT``: an object of exactly the listed coins.
    ``NONE``: the format states none.
    """

    PAIRS = "pairs"
    SINGLE = "single"
    TEXT = "text"
    RECORDS = "records"
    OBJECT = "object"
    NONE = "none"


class PlainNumber(StrEnum):
    """How an amount of a plain format is hashed: as shown, or without trailing zeros and zero as ``0.0``."""

    VERBATIM = "verbatim"
    TRIMMED = "trimmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainScheme:
    """A tree of hashes.

    ``leaf`` is the preimage of a leaf: ids by their names, ``{balances}`` and other fields (``numbers``: those that are
    amounts). Balances are pairs ``coin``, ``pair_sign``, amount, joined with ``pair_joint``. ``left`` and ``right`` are
    the markers of a sibling on that side. ``leaf_key`` names a stated leaf hash. ``decimals``: amounts have exactly so
    many. ``negative``: the grammar of amounts has a minus sign. ``typed``: values are copied by hand from a page, so
    hashes may be in upper case or begin with ``0x``.
    """

    hash: HashRule
    leaf: str | None
    steps: StepForm
    left: str = ""
    right: str = ""
    path_key: str = "path"
    root_key: str = "root"
    leaf_key: str | None = None
    leaf_key_required: bool = False
    assets: AssetForm = AssetForm.NONE
    assets_key: str = "assets"
    coins: tuple[str, ...] = ()
    sorted_coins: bool = False
    amounts: tuple[str, ...] = ()
    numbers: PlainNumber = PlainNumber.VERBATIM
    decimals: int | None = None
    negative: bool = True
    pair_sign: str = ":"
    pair_joint: str = ","
    empty_path: bool = False
    index_key: str | None = None
    snapshot_key: str | None = None
    typed: bool = False
