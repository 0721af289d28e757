"""A user's inclusion proof of the second generation: what stands in it, and the checks of ``leaf`` and ``path``.

Source: okx/proof-of-reserves-v2 crates/zk-por-core/src/merkle_proof.rs @eebb640, which checks none of the shapes.
"""

from dataclasses import dataclass

from reserves_gui import limits
from reserves_gui.evidence import NodeKind, NodeState, PathNode, PathPicture, Side
from reserves_gui.intake.document import Document
from reserves_gui.intake.shape import Shape
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.verdict import Checks
from reserves_gui.zk.goldilocks import P
from reserves_gui.zk.goldilocks_tree import WideLevel, climb_pairs, climb_wide, leaf_hash
from reserves_gui.zk.poseidon_goldilocks import Hash, from_hex, to_hex

# Every amount and both sums stay below this, so nothing wraps around the field.
AMOUNT_LIMIT = 2**62
BATCH_SIZE = 1024
BRANCHING = 64
_ELEMENT_LIMIT = 2**64
_ID_DIGITS = 64
_TOKENS = 10_000
_PADDING_ID = "0" * _ID_DIGITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """The user's file. Amounts in the exchange's value units; ``index`` is the account's position in the round."""

    account_id: str
    equity: tuple[int, ...]
    debt: tuple[int, ...]
    index: int
    siblings: tuple[Hash, ...]
    levels: tuple[WideLevel, ...]

    @property
    def total_equity(self) -> int:
        """E."""
        return sum(self.equity)

    @property
    def total_debt(self) -> int:
        """D."""
        return sum(self.debt)


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeShape:
    """What the round says about its tree; None where nothing says it."""

    batch_size: int = BATCH_SIZE
    branching: int = BRANCHING
    levels: int | None = None
    tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Climbed:
    """The hashes recomputed from a user's file; ``root`` is None where the file's shape forbids computing it."""

    leaf: Hash
    pairs: tuple[Hash, ...]
    wide: tuple[Hash, ...]

    @property
    def root(self) -> Hash | None:
        """The recomputed root."""
        return self.wide[-1] if self.wide else None


def read_inclusion(document: Document) -> Inclusion:
    """The user's file. Raises ``format.shape``, ``number.grammar`` (an amount that is no u64), ``limit.entries``."""
    shape = document.shape()
    account = shape["account"]
    return Inclusion(
        account_id=account["id"].hex(_ID_DIGITS),
        equity=tuple([entry.integer(below=_ELEMENT_LIMIT) for entry in account["equity"].entries(_TOKENS)]),
        debt=tuple([entry.integer(below=_ELEMENT_LIMIT) for entry in account["debt"].entries(_TOKENS)]),
        index=shape["index"].integer(below=_ELEMENT_LIMIT),
        siblings=_hashes(shape["sum_tree_siblings"]),
        levels=tuple(
            [
                WideLevel(_hashes(level["left_hashes"]), _hashes(level["right_hashes"]))
                for level in shape["recursive_tree_siblings"].entries(limits.PATH_ENTRIES)
            ]
        ),
    )


def _hashes(shape: Shape) -> tuple[Hash, ...]:
    return tuple([from_hex(entry.hex(_ID_DIGITS)) for entry in shape.entries(limits.JSON_VALUES)])


def check_leaf(checks: Checks, proof: Inclusion, tree: TreeShape) -> Hash:
    """``leaf.*``: ranges, solvency, identity shape, lengths; the leaf hash itself."""
    leaf = leaf_hash(proof.account_id, proof.total_equity, proof.total_debt)
    checks.passed("leaf.hash", say("okx_stark_v2.leaf.computed"), seen=to_hex(leaf), private=True)
    values = (*proof.equity, *proof.debt, proof.total_equity, proof.total_debt)
    if max(values) < AMOUNT_LIMIT:
        checks.passed("leaf.range", say("okx_stark_v2.range.ok"), private=True)
    else:
        checks.failed("leaf.range", say("okx_stark_v2.range.bad"), private=True)
    if proof.total_equity >= proof.total_debt:
        checks.passed("leaf.solvent", say("okx_stark_v2.solvent.ok"), private=True)
    else:
        checks.failed("leaf.solvent", say("okx_stark_v2.solvent.bad"), private=True)
    if proof.account_id == _PADDING_ID:
        checks.failed("leaf.id_shape", say("okx_stark_v2.id.padding"), private=True)
    else:
        checks.passed("leaf.id_shape", say("okx_stark_v2.id.ok"), private=True)
    _check_lengths(checks, proof, tree)
    return leaf


def _check_lengths(checks: Checks, proof: Inclusion, tree: TreeShape) -> None:
    seen = f"{len(proof.equity)}/{len(proof.debt)}"
    if len(proof.equity) != len(proof.debt) or not proof.equity:
        checks.failed("leaf.config", say("okx_stark_v2.config.unequal"), seen=seen)
    elif tree.tokens is not None and len(proof.equity) != tree.tokens:
        checks.failed("leaf.config", say("okx_stark_v2.config.tokens"), expected=str(tree.tokens), seen=seen)
    else:
        checks.passed("leaf.config", say("okx_stark_v2.config.ok", count=len(proof.equity)))


def check_path(checks: Checks, proof: Inclusion, tree: TreeShape, leaf: Hash, progress: Progress) -> Climbed:
    """``path.*``: lengths, positions and ranges against ``tree``, and the hashes up to the root."""
    depth = tree.batch_size.bit_length() - 1
    short = _check_path_lengths(checks, proof, tree, depth)
    _check_position(checks, proof, tree)
    elements = [
        element
        for digest in (*proof.siblings, *(one for level in proof.levels for one in (*level.left, *level.right)))
        for element in digest
    ]
    if all(element < P for element in elements):
        checks.passed("path.range", say("okx_stark_v2.path_range.ok"))
    else:
        checks.failed("path.range", say("okx_stark_v2.path_range.bad"))
    if not short:
        checks.not_checked("path.hash", say("okx_stark_v2.path.too_long"))
        return Climbed(leaf=leaf, pairs=(leaf,), wide=())
    pairs = climb_pairs(leaf, proof.siblings, proof.index, progress)
    wide = climb_wide(pairs[-1], proof.levels, progress)
    checks.passed("path.hash", say("okx_stark_v2.path.computed", levels=len(pairs) + len(wide) - 2))
    return Climbed(leaf=leaf, pairs=tuple(pairs), wide=tuple(wide))


def _check_path_lengths(checks: Checks, proof: Inclusion, tree: TreeShape, depth: int) -> bool:
    """Whether the path is short enough to be hashed at all, right or wrong."""
    wide = [len(level.left) + len(level.right) for level in proof.levels]
    if len(proof.siblings) != depth:
        reason = say("okx_stark_v2.length.pairs")
        checks.failed("path.length", reason, expected=str(depth), seen=str(len(proof.siblings)))
    elif any(count != tree.branching - 1 for count in wide):
        reason = say("okx_stark_v2.length.wide")
        seen = str(next(count for count in wide if count != tree.branching - 1))
        checks.failed("path.length", reason, expected=str(tree.branching - 1), seen=seen)
    elif not wide or (tree.levels is not None and len(wide) != tree.levels):
        reason = say("okx_stark_v2.length.levels")
        checks.failed("path.length", reason, expected=str(tree.levels or 1), seen=str(len(wide)))
    else:
        checks.passed("path.length", say("okx_stark_v2.length.ok", pairs=depth, wide=len(wide)))
    return len(proof.siblings) <= limits.PATH_ENTRIES and sum(wide) <= limits.PATH_ENTRIES * BRANCHING


def _check_position(checks: Checks, proof: Inclusion, tree: TreeShape) -> None:
    """len(left_hashes) = ((index // batch_size) // branching^k) mod branching; nothing of the index left over."""
    rest = proof.index // tree.batch_size
    for number, level in enumerate(proof.levels):
        rest, place = divmod(rest, tree.branching)
        if len(level.left) != place:
            reason = say("okx_stark_v2.position.level", level=number)
            checks.failed("path.position", reason, expected=str(place), seen=str(len(level.left)), private=True)
            return
    if rest:
        checks.failed("path.position", say("okx_stark_v2.position.rest"), private=True)
    else:
        checks.passed("path.position", say("okx_stark_v2.position.ok"), private=True)


def picture(proof: Inclusion, climbed: Climbed) -> PathPicture:
    """The path from the leaf to the root; of wide levels the own node only."""
    sums = {"equity": str(proof.total_equity), "debt": str(proof.total_debt)}
    nodes: list[PathNode] = []
    index = proof.index
    for level, digest in enumerate(climbed.pairs):
        side = Side.RIGHT if index & 1 else Side.LEFT
        is_sibling_there = level < len(proof.siblings) and len(climbed.pairs) > 1
        kind = NodeKind.LEAF if level == 0 else NodeKind.OWN
        own = PathNode(level=level, kind=kind, side=side, hash=to_hex(digest), sums=sums if level == 0 else {})
        nodes.append(own)
        if is_sibling_there:
            other = Side.LEFT if index & 1 else Side.RIGHT
            given = to_hex(proof.siblings[level])
            nodes.append(PathNode(level=level, kind=NodeKind.SIBLING, side=other, hash=given, state=NodeState.GIVEN))
        index >>= 1
    top = len(climbed.wide) - 1
    for height, digest in enumerate(climbed.wide[1:], 1):
        kind = NodeKind.ROOT if height == top else NodeKind.OWN
        nodes.append(PathNode(level=len(climbed.pairs) - 1 + height, kind=kind, side=None, hash=to_hex(digest)))
    return PathPicture(tuple(nodes), ("equity", "debt"))
