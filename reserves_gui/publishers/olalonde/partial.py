"""One user's partial tree: path nodes without data, siblings with sum and hash, the own leaf."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reserves_gui.amounts import add, stripped
from reserves_gui.evidence import Side
from reserves_gui.intake.shape import Shape
from reserves_gui.merkle.bound_path import BoundNode, BoundStep
from reserves_gui.messages import say
from reserves_gui.publishers.olalonde.nodes import Data, inner_hash, read_data
from reserves_gui.verdict import Checks

_SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class _Place:
    """A node in the order of the walk, parents before children; ``above`` is its parent's number."""

    data: Data | None
    above: int
    side: str


@dataclass(frozen=True, slots=True)
class Partial:
    """A partial tree recomputed: hash and sum of every node, in walking order; the root is the first."""

    places: tuple[_Place, ...]
    nodes: tuple[tuple[str, Decimal], ...]

    @property
    def root(self) -> tuple[str, Decimal]:
        """Hash and sum of the root."""
        return self.nodes[0]

    @property
    def own(self) -> tuple[int, ...]:
        """The numbers of the own leaves: exactly one in an honest file."""
        return tuple(
            at for at, place in enumerate(self.places) if place.data is not None and place.data.user is not None
        )

    @property
    def own_data(self) -> Data | None:
        """The own leaf, if there is exactly one."""
        return self.places[self.own[0]].data if len(self.own) == 1 else None

    def path(self, asset: str) -> tuple[tuple[BoundNode, ...], tuple[BoundStep, ...]]:
        """Own nodes and siblings from the only own leaf to the root."""
        at = self.own[0]
        nodes, steps = [self._node(at, asset)], []
        while at:
            place = self.places[at]
            sibling = next(
                number for number, one in enumerate(self.places) if number != at and one.above == place.above and number
            )
            steps.append(BoundStep(Side(place.side), self._node(sibling, asset)))
            at = place.above
            nodes.append(self._node(at, asset))
        return tuple(nodes), tuple(steps)

    def shown(self) -> dict[str, dict[str, str]]:
        """Every node with its balance, for pooling; the asset has no name of its own there."""
        return {digest: {"sum": stripped(value)} for digest, value in self.nodes}

    def _node(self, at: int, asset: str) -> BoundNode:
        return BoundNode(self.nodes[at][0], {asset: self.nodes[at][1]})


def read_partial(shape: Shape) -> Partial:
    """A partial tree. Raises ``format.shape``, ``number.grammar``; never recurses."""
    places: list[_Place] = []
    children: list[list[int]] = []
    waiting = [(shape, 0, "")]
    while waiting:
        node, above, side = waiting.pop()
        number = len(places)
        data, below = node.get("data"), [node.get(name) for name in _SIDES]
        if data is None and any(one is None for one in below):
            node.refuse(say("olalonde.path_node"))
        if data is not None and any(one is not None for one in below):
            node.refuse(say("olalonde.both"))
        places.append(_Place(None if data is None else read_data(data), above, side))
        children.append([])
        if number:
            children[above].append(number)
        # The left child is taken first.
        waiting += [(one, number, name) for one, name in reversed(list(zip(below, _SIDES, strict=True))) if one]
    nodes: list[tuple[str, Decimal]] = [("", Decimal(0))] * len(places)
    for number in reversed(range(len(places))):
        nodes[number] = _recomputed(places[number].data, [nodes[child] for child in children[number]])
    return Partial(tuple(places), tuple(nodes))


def _recomputed(data: Data | None, below: Sequence[tuple[str, Decimal]]) -> tuple[str, Decimal]:
    if data is not None:
        return (data.leaf_hash if data.user is not None else data.hash or ""), data.value
    (left, one), (right, other) = below
    total = add(one, other)
    return inner_hash(total, left, right), total


def check_partial(partial: Partial, uid: str | None, checks: Checks) -> None:
    """The checks that the user's file allows by itself."""
    stated = [place.data for place in partial.places if place.data is not None]
    long = next((data for data in stated if not data.is_shortest), None)
    below_zero = next((data for data in stated if data.value < 0), None)
    if long is None:
        checks.passed("path.range", say("olalonde.range_ok"))
    else:
        checks.failed("path.range", say("olalonde.range_bad", text=long.text[:40]))
    if below_zero is None:
        checks.passed("path.negative", say("olalonde.negative_ok"))
    else:
        checks.failed("path.negative", say("olalonde.negative_bad"), seen=below_zero.text)
    if len(partial.places) > 1:
        checks.passed("path.length", say("mpath.length_ok", levels=_depth(partial)))
    else:
        checks.failed("path.length", say("mpath.length_bad"))
    own = partial.own_data
    if own is None:
        checks.failed("leaf.found", say("olalonde.own_count", count=len(partial.own)))
        return
    checks.passed("leaf.found", say("olalonde.own_one"), private=True)
    check_own(own, uid, checks)


def check_own(own: Data, uid: str | None, checks: Checks) -> None:
    """The own leaf's user field: its shape, and the user's word for it."""
    if "|" in (own.user or ""):
        checks.failed("leaf.id_shape", say("olalonde.bar"), private=True)
    else:
        checks.passed("leaf.id_shape", say("olalonde.no_bar"), private=True)
    if own.hash is not None and own.hash != own.leaf_hash:
        checks.failed("leaf.hash", say("mpath.leaf_hash_bad"), expected=own.hash, seen=own.leaf_hash, private=True)
    if uid is None:
        checks.not_checked("leaf.identity", say("mpath.identity_none"), required=False, private=True)
    elif uid == own.user:
        checks.passed("leaf.identity", say("mpath.identity_ok", names="uid"), private=True)
    else:
        checks.failed("leaf.identity", say("mpath.identity_bad", name="uid"), private=True)


def _depth(partial: Partial) -> int:
    at, depth = (partial.own or (len(partial.places) - 1,))[0], 0
    while at:
        at, depth = partial.places[at].above, depth + 1
    return depth
