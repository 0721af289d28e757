"""Walking and judging one user's path in a plain tree: hashes only, no sums (checks ``leaf`` and ``path``)."""

from collections.abc import Sequence
from dataclasses import dataclass

from reserves_gui.evidence import NodeKind, NodeState, PathNode, PathPicture, Side, SnapshotView
from reserves_gui.merkle.hashing import HashRule
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.verdict import Check, Checks, Outcome


@dataclass(frozen=True, slots=True)
class PlainStep:
    """One sibling: on which side of its parent it lies, and its hash."""

    side: Side
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainProof:
    """A plain path as read.

    ``leaf_text`` is the rebuilt preimage of the leaf (None: the format or the file does not give it), ``stated_leaf``
    the leaf hash of the file, ``shown_text`` a preimage that the file shows. ``index_problem`` is what is wrong with
    the indices of the path; ``indexed`` says whether it has any. ``empty_path``: a tree of one leaf has no steps.
    """

    leaf_text: str | None
    stated_leaf: str | None
    steps: tuple[PlainStep, ...]
    root: str
    shown_text: str | None = None
    indexed: bool = False
    index_problem: Message | None = None
    empty_path: bool = False


@dataclass(frozen=True, slots=True)
class PlainWalk:
    """The recomputed hashes: ``nodes[0]`` is the leaf, ``nodes[-1]`` the root."""

    nodes: tuple[str, ...]

    @property
    def root(self) -> str:
        """The recomputed root."""
        return self.nodes[-1]


def walk(rule: HashRule, leaf: str, steps: Sequence[PlainStep], progress: Progress) -> PlainWalk:
    """Every node from ``leaf`` up: node = H(l || r)."""
    nodes = [leaf]
    for step in steps:
        progress.checkpoint()
        left_first = step.side is Side.LEFT
        nodes.append(rule.node(step.hash, nodes[-1]) if left_first else rule.node(nodes[-1], step.hash))
    return PlainWalk(tuple(nodes))


def judge(rule: HashRule, proof: PlainProof, checks: Checks, progress: Progress) -> PlainWalk:
    """Record the checks of ``leaf`` and ``path`` and give the recomputed nodes. A leaf text or hash must be there."""
    made = None if proof.leaf_text is None else rule.text(proof.leaf_text)
    start = made or proof.stated_leaf or ""
    walked = walk(rule, start, proof.steps, progress)
    reached = walked.root == proof.root
    _check_leaf(checks, proof, made, reaches_root=reached and bool(proof.steps))
    if proof.steps or proof.empty_path:
        checks.passed("path.length", say("mpath.length_ok", levels=len(proof.steps)))
    else:
        checks.failed("path.length", say("mpath.length_bad"))
    if reached:
        reason = say("mpath.plain_hash_ok", levels=len(proof.steps))
        checks.passed("path.hash", reason, expected=proof.root, seen=walked.root)
    else:
        reason = say("mpath.plain_hash_bad", levels=len(proof.steps))
        checks.failed("path.hash", reason, expected=proof.root, seen=walked.root)
    if proof.index_problem is not None:
        checks.failed("path.index", proof.index_problem)
    elif proof.indexed:
        checks.passed("path.index", say("mpath.index_ok"))
    checks.not_checked("total.bound", say("mpath.no_totals"))
    checks.add(Check("total.pooled", Outcome.NOT_CHECKED, say("mpath.pooled_one"), required=False))
    return walked


def _check_leaf(checks: Checks, proof: PlainProof, made: str | None, *, reaches_root: bool) -> None:
    stated = proof.stated_leaf
    if made is None:
        checks.not_checked("leaf.hash", say("mpath.leaf_not_rebuilt"), expected=stated, private=True)
    elif proof.shown_text is not None and proof.shown_text != proof.leaf_text:
        checks.failed("leaf.hash", say("mpath.leaf_text_differs"), expected=stated, seen=made, private=True)
    elif stated is None and reaches_root:
        checks.passed("leaf.hash", say("mpath.leaf_through_root"), seen=made, private=True)
    elif stated is None:
        checks.not_checked("leaf.hash", say("mpath.leaf_not_reached"), seen=made, private=True)
    elif stated == made:
        checks.passed("leaf.hash", say("mpath.leaf_text_ok"), expected=stated, seen=made, private=True)
    else:
        checks.failed("leaf.hash", say("mpath.leaf_hash_bad"), expected=stated, seen=made, private=True)


def usable(checks: Checks) -> bool:
    """Whether a proof may take part in a comparison: its path reaches the root and no check of it failed."""
    bad = any(check.outcome is Outcome.FAILED and check.claim in ("leaf", "path") for check in checks)
    return not bad and checks.outcome("path.hash") is Outcome.PASSED


def picture(proof: PlainProof, walked: PlainWalk, checks: Checks) -> PathPicture:
    """Own nodes and siblings from the leaf up to the root, without sums."""
    nodes: list[PathNode] = []
    leaf_fails = checks.outcome("leaf.hash") is Outcome.FAILED
    for level, step in enumerate(proof.steps):
        own = Side.RIGHT if step.side is Side.LEFT else Side.LEFT
        failed = level == 0 and leaf_fails
        nodes.append(
            PathNode(
                level=level,
                kind=NodeKind.OWN if level else NodeKind.LEAF,
                side=own,
                hash=walked.nodes[level],
                state=NodeState.FAILED if failed else NodeState.RECOMPUTED,
                stated_hash=proof.stated_leaf if failed else None,
            )
        )
        nodes.append(
            PathNode(level=level, kind=NodeKind.SIBLING, side=step.side, hash=step.hash, state=NodeState.GIVEN)
        )
    differs = walked.root != proof.root
    nodes.append(
        PathNode(
            level=len(proof.steps),
            kind=NodeKind.ROOT,
            side=None,
            hash=walked.root,
            state=NodeState.FAILED if differs else NodeState.RECOMPUTED,
            stated_hash=proof.root if differs else None,
        )
    )
    return PathPicture(tuple(nodes), ())


def snapshot_view(
    format_id: str, snapshot_id: str | None, walked: PlainWalk, checks: Checks, content: str
) -> SnapshotView:
    """Leaf and root: all that users of a plain tree can compare."""
    return SnapshotView(
        format=format_id,
        snapshot_id=snapshot_id,
        usable=usable(checks),
        root=walked.root,
        leaf=walked.nodes[0],
        content=content,
    )
