"""What engines show beside their checks: the path as a picture, leaf sizes, and what users' files are compared by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Grouping(StrEnum):
    """Which files are held against one another.

    ``NAMED``: those that name one snapshot, and beside them those of its root. ``SAID``: all of one exchange and
    format, because their owners say that they are of one snapshot. Only they can know where the files do not say.
    """

    NAMED = "named"
    SAID = "said"


class NodeKind(StrEnum):
    """What a node of a path picture is."""

    LEAF = "leaf"
    OWN = "own"
    SIBLING = "sibling"
    PADDING = "padding"
    ROOT = "root"


class NodeState(StrEnum):
    """How a node of a path picture stands: recomputed here, taken from the file, failing, or not comparable yet."""

    RECOMPUTED = "recomputed"
    GIVEN = "given"
    FAILED = "failed"
    UNDECIDED = "undecided"


class Side(StrEnum):
    """On which side of its parent a node lies; the root has none."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathNode:
    """One node: ``level`` 0 is the leaf's level, ``hash`` lower-case hex, ``sums`` amounts as texts keyed by asset.

    ``stated_hash`` and ``stated_sums`` are what the file says where that differs from what was recomputed.
    """

    level: int
    kind: NodeKind
    side: Side | None
    hash: str
    sums: Mapping[str, str] = field(default_factory=dict)
    state: NodeState = NodeState.RECOMPUTED
    stated_hash: str | None = None
    stated_sums: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PathPicture:
    """A path from the leaf to the root: per level the own node and, where there is one, its sibling.

    ``more`` are the paths of further leaves of the same user, where a format keeps a tree per asset; they have none.
    """

    nodes: tuple[PathNode, ...]
    assets: tuple[str, ...]
    more: tuple["PathPicture", ...] = ()

    @property
    def each(self) -> tuple["PathPicture", ...]:
        """All paths, this one first."""
        return (self, *self.more)


@dataclass(frozen=True, slots=True)
class LeafSizes:
    """How large the leaves of a whole tree are, per asset.

    ``counts[asset][k]`` counts leaves with ``10^(k/2) <= value < 10^((k+1)/2)`` in the smallest unit that the format
    uses (``unit_decimals`` decimals of a coin); ``zeros`` counts leaves of value 0; ``own`` names the classes that
    hold own leaves.
    """

    counts: Mapping[str, Mapping[int, int]]
    zeros: Mapping[str, int]
    own: Mapping[str, frozenset[int]]
    unit_decimals: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotView:
    """What one user was shown of a snapshot: enough to catch two users being shown different things.

    ``usable`` is false where the proof itself does not verify: such a view takes no part in a comparison.
    ``nodes`` maps a node hash to the balances it was shown with: amounts as stripped texts, zeros kept, of every asset
    of the tree (``of_every_asset``), so that two honest views of one node say the same.
    ``sums`` maps a node hash to the joined sum text in formats where one text has two readings.
    ``content`` is the SHA-256 of the file's content: equal files count as one.
    """

    format: str
    snapshot_id: str | None
    usable: bool
    root: str | None
    leaf: str | None
    leaf_position: str | None = None
    nodes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    joined: Mapping[str, str] = field(default_factory=dict)
    positions: Mapping[str, str] = field(default_factory=dict)
    content: str = ""


def of_every_asset(amounts: Mapping[str, str], assets: Iterable[str]) -> dict[str, str]:
    """``amounts`` (stripped texts) of all ``assets`` of the tree, ``0`` where there is none.

    Whether a file writes a zero down beside a node binds nothing; another asset counts only with an amount.
    """
    return dict.fromkeys(assets, "0") | {asset: text for asset, text in amounts.items() if text != "0"}
