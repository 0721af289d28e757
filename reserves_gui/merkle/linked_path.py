"""A plain path that holds both nodes of every level, each naming its parent; the leaf's formula is not known.

node = H( raw l || raw r ); a single node at a level is doubled. Levels count down to the root at 0.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reserves_gui.evidence import NodeKind, NodeState, PathNode, PathPicture, Side
from reserves_gui.merkle.hashing import ChildEncoding, HashRule
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.verdict import Check, Checks, Outcome

_RULE = HashRule(children=ChildEncoding.RAW)
LEFT, RIGHT, ROOT = "1", "2", "3"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedEntry:
    """One node as the file states it; ``parent`` is empty where the file names none."""

    place: str
    level: int
    role: str
    hash: str
    parent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedLevel:
    """The nodes of one level by role, what stands there twice, and the parent recomputed from them."""

    level: int
    nodes: Mapping[str, LinkedEntry]
    twice: tuple[LinkedEntry, ...]
    parent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedWalk:
    """The levels from the deepest up to level 1, and the root entries of the file."""

    own: LinkedEntry
    levels: tuple[LinkedLevel, ...]
    roots: tuple[LinkedEntry, ...]
    misplaced: LinkedEntry | None

    @property
    def root(self) -> str:
        """The root recomputed from the highest level of the path; the own hash if there is no level."""
        return self.levels[-1].parent if self.levels else self.own.hash


def walk(own: LinkedEntry, path: Iterable[LinkedEntry], progress: Progress) -> LinkedWalk:
    """Sort the nodes into levels; ``own`` stands in at its place if the path leaves it out."""
    by_level: dict[int, list[LinkedEntry]] = defaultdict(list)
    roots: list[LinkedEntry] = []
    for entry in path:
        if entry.level == 0 or entry.role == ROOT:
            roots.append(entry)
        else:
            by_level[entry.level].append(entry)
    at_own = [entry for entry in by_level[own.level] if entry.role == own.role]
    misplaced = next((entry for entry in at_own if entry.hash != own.hash), None)
    if not at_own:
        by_level[own.level].append(own)
    levels = []
    for level in sorted(by_level, reverse=True):
        progress.checkpoint()
        nodes: dict[str, LinkedEntry] = {}
        twice = [entry for entry in by_level[level] if nodes.setdefault(entry.role, entry) is not entry]
        left = nodes.get(LEFT) or next(iter(nodes.values()))
        right = nodes.get(RIGHT) or left
        parent = _RULE.node(left.hash, right.hash)
        levels.append(LinkedLevel(level=level, nodes=nodes, twice=tuple(twice), parent=parent))
    return LinkedWalk(own=own, levels=tuple(levels), roots=tuple(roots), misplaced=misplaced)


def judge(walked: LinkedWalk, checks: Checks) -> None:
    """Every check of ``leaf``, ``path`` and ``total``. The leaf cannot be recomputed, so ``leaf`` stays undecided."""
    checks.not_checked("leaf.hash", say("mpath.leaf_formula_unknown"), expected=walked.own.hash, private=True)
    _collect(checks, "path.length", _length_problems(walked), say("mpath.length_ok", levels=len(walked.levels)))
    if walked.misplaced is not None:
        reason = say("mpath.own_misplaced", place=walked.misplaced.place)
        checks.failed("path.position", reason, expected=walked.misplaced.hash, seen=walked.own.hash, private=True)
    else:
        checks.passed("path.position", say("mpath.own_in_place"), private=True)
    _collect(checks, "path.side", _side_problems(walked), say("mpath.side_ok"))
    _collect(checks, "path.level", _level_problems(walked), say("mpath.level_ok"))
    _collect(checks, "path.link", _link_problems(walked), say("mpath.link_ok"))
    root = walked.roots[0] if walked.roots else None
    if root is None:
        checks.not_checked("path.hash", say("mpath.no_root_entry"), seen=walked.root)
    elif root.hash == walked.root:
        reason = say("mpath.plain_hash_ok", levels=len(walked.levels))
        checks.passed("path.hash", reason, expected=root.hash, seen=walked.root)
    else:
        reason = say("mpath.plain_hash_bad", levels=len(walked.levels))
        checks.failed("path.hash", reason, expected=root.hash, seen=walked.root)
    checks.not_checked("total.bound", say("mpath.no_totals"))
    checks.add(Check("total.pooled", Outcome.NOT_CHECKED, say("mpath.pooled_one"), required=False))


def _collect(checks: Checks, check_id: str, problems: Iterable[Message], fine: Message) -> None:
    made = list(problems)
    if not made:
        checks.passed(check_id, fine)
    for problem in made[:20]:
        checks.failed(check_id, problem)


def _length_problems(walked: LinkedWalk) -> Iterable[Message]:
    if len(walked.roots) != 1:
        yield say("mpath.root_entries", count=len(walked.roots))
    if not any(entry is not walked.own for level in walked.levels for entry in level.nodes.values()):
        yield say("mpath.length_bad")


def _side_problems(walked: LinkedWalk) -> Iterable[Message]:
    for root in walked.roots:
        if root.role != ROOT:
            yield say("mpath.side_value", place=root.place, value=root.role)
    if walked.own.role not in (LEFT, RIGHT):
        yield say("mpath.side_value", place=walked.own.place, value=walked.own.role)
    for level in walked.levels:
        for entry in level.twice:
            yield say("mpath.side_twice", place=entry.place, level=level.level)
        for entry in level.nodes.values():
            if entry.role not in (LEFT, RIGHT) and entry is not walked.own:
                yield say("mpath.side_value", place=entry.place, value=entry.role)


def _level_problems(walked: LinkedWalk) -> Iterable[Message]:
    deepest = walked.levels[0].level if walked.levels else 0
    if walked.own.level != deepest:
        yield say("mpath.level_bad", place=walked.own.place, stated=walked.own.level, level=deepest)
    for root in walked.roots:
        if root.level != 0:
            yield say("mpath.level_bad", place=root.place, stated=root.level, level=0)
    present = {level.level for level in walked.levels}
    missing = [level for level in range(1, deepest) if level not in present]
    if missing:
        yield say("mpath.level_gap", level=missing[-1])


def _link_problems(walked: LinkedWalk) -> Iterable[Message]:
    current = walked.own.hash
    for level in walked.levels:
        if current not in {entry.hash for entry in level.nodes.values()}:
            yield say("mpath.link_missing", level=level.level)
        for entry in (*level.nodes.values(), *level.twice):
            if entry.parent != level.parent:
                yield say("mpath.link_parent", place=entry.place, level=level.level)
        current = level.parent
    deepest = walked.levels[0]
    stands_in = any(entry is walked.own for entry in deepest.nodes.values())
    if not stands_in and walked.own.level == deepest.level and walked.own.parent != deepest.parent:
        yield say("mpath.link_parent", place=walked.own.place, level=walked.own.level)
    if walked.roots and walked.roots[0].hash != current:
        yield say("mpath.link_missing", level=0)


def picture(walked: LinkedWalk) -> PathPicture:
    """Own nodes and siblings from the leaf's level up to the recomputed root."""
    nodes: list[PathNode] = []
    current = walked.own.hash
    for height, level in enumerate(walked.levels):
        own_role = next((role for role, entry in level.nodes.items() if entry.hash == current), None)
        for role, entry in level.nodes.items():
            own = NodeKind.OWN if height else NodeKind.LEAF
            kind = own if role == own_role else NodeKind.SIBLING
            bad = entry.parent != level.parent
            given = NodeState.RECOMPUTED if kind is NodeKind.OWN and height else NodeState.GIVEN
            nodes.append(
                PathNode(
                    level=height,
                    kind=kind,
                    side=Side.LEFT if role == LEFT else Side.RIGHT,
                    hash=entry.hash,
                    state=NodeState.FAILED if bad or own_role is None else given,
                )
            )
        current = level.parent
    stated = walked.roots[0].hash if walked.roots else None
    differs = stated is not None and stated != walked.root
    nodes.append(
        PathNode(
            level=len(walked.levels),
            kind=NodeKind.ROOT,
            side=None,
            hash=walked.root,
            state=NodeState.FAILED if differs else NodeState.RECOMPUTED,
            stated_hash=stated if differs else None,
        )
    )
    return PathPicture(tuple(nodes), ())
