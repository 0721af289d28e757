"""The complete tree: an array of nodes in heap order (children of i are 2i+1 and 2i+2), n leaves not padded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from reserves_gui import limits
from reserves_gui.amounts import add, stripped
from reserves_gui.intake.deep_json import parse_deep
from reserves_gui.intake.document import Document
from reserves_gui.intake.shape import Shape
from reserves_gui.merkle.node_failures import Failures
from reserves_gui.merkle.node_places import add_heap_node, report_nodes
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.olalonde.nodes import Data, inner_hash, read_data
from reserves_gui.verdict import Checks

# An entry is an object with an index and an object of at most four texts.
_VALUES_PER_NODE = 8
_NODES_PER_LOOK = 1024


@dataclass(slots=True)
class Complete:
    """Every node as stated, and what fails. ``total``: the sum of all leaves, None while the tree is not whole."""

    nodes: Sequence[Data]
    gap: int | None
    hash: Failures = field(default_factory=Failures)
    sum: Failures = field(default_factory=Failures)
    negative: Failures = field(default_factory=Failures)
    grammar: Failures = field(default_factory=Failures)
    shape: Failures = field(default_factory=Failures)
    unique: Failures = field(default_factory=Failures)

    @property
    def whole(self) -> bool:
        """Whether the nodes are 0 to 2n-2 without a gap."""
        return self.gap is None and len(self.nodes) % 2 == 1

    @property
    def leaf_count(self) -> int:
        """The number of leaves of a whole tree."""
        return (len(self.nodes) + 1) // 2

    @property
    def root(self) -> str | None:
        """The hash that the first node states (of a single leaf: has)."""
        if not self.nodes:
            return None
        first = self.nodes[0]
        return first.leaf_hash if first.user is not None else first.hash

    @property
    def total(self) -> Decimal | None:
        """The sum below the root as its two children state it."""
        if not self.whole:
            return None
        return add(self.nodes[1].value, self.nodes[2].value) if len(self.nodes) > 1 else self.nodes[0].value

    def own(self, uid: str) -> tuple[int, ...]:
        """The leaf indexes whose user is ``uid``."""
        first = self.leaf_count - 1
        return tuple(at for at, node in enumerate(self.nodes[first:]) if node.user == uid) if self.whole else ()


def read_complete(document: Document, progress: Progress) -> Complete:
    """The tree, every node recomputed. Raises ``json.*``, ``format.shape``, ``number.grammar``, ``limit.*``."""
    value = parse_deep(
        document.read(limits.JSON_TREE_BYTES),
        document.name,
        depth=limits.JSON_DEPTH,
        values=limits.JSON_TREE_NODES * _VALUES_PER_NODE,
        progress=progress,
    )
    nodes: list[Data] = []
    gap: int | None = None
    for number, entry in enumerate(Shape(value, document.name).entries(limits.JSON_TREE_NODES)):
        if number % _NODES_PER_LOOK == 0:
            progress.checkpoint()
        if entry["index"].integer() != number and gap is None:
            gap = number
        nodes.append(read_data(entry["data"]))
    tree = Complete(nodes, gap)
    _look(tree, progress)
    return tree


def _look(tree: Complete, progress: Progress) -> None:
    inner = tree.leaf_count - 1 if tree.whole else 0
    users: set[str] = set()
    hashes: set[str] = set()
    for number, node in enumerate(tree.nodes):
        if number % _NODES_PER_LOOK == 0:
            progress.checkpoint()
        if not node.is_shortest:
            add_heap_node(tree.grammar, number, seen=node.text[:40])
        if node.value < 0:
            add_heap_node(tree.negative, number, seen=node.text)
        if not tree.whole:
            continue
        if (node.user is None) != (number < inner):
            add_heap_node(tree.shape, number, seen="leaf" if node.user is not None else "inner node")
        elif number < inner:
            _pair(tree, number)
        else:
            _leaf(tree, number, users, hashes)


def _pair(tree: Complete, number: int) -> None:
    node, left, right = tree.nodes[number], tree.nodes[2 * number + 1], tree.nodes[2 * number + 2]
    total = add(left.value, right.value)
    if total != node.value:
        add_heap_node(tree.sum, number, stripped(total), node.text)
    # A leaf's hash is made of what it states, so that an altered leaf shows at its parent too.
    below = [child.leaf_hash if child.user is not None else child.hash or "" for child in (left, right)]
    digest = inner_hash(total, *below)
    if digest != node.hash:
        add_heap_node(tree.hash, number, digest, node.hash or "")


def _leaf(tree: Complete, number: int, users: set[str], hashes: set[str]) -> None:
    node = tree.nodes[number]
    digest, user = node.leaf_hash, node.user or ""
    if node.hash is not None and digest != node.hash:
        add_heap_node(tree.hash, number, digest, node.hash)
    if user in users or digest in hashes:
        add_heap_node(tree.unique, number, seen=digest)
    users.add(user)
    hashes.add(digest)


def report(tree: Complete, checks: Checks) -> None:
    """Add the checks of the claim ``tree``."""
    count = len(tree.nodes)
    missing = None if tree.whole else say("nodes.not_whole")
    report_nodes(checks, "tree.grammar", tree.grammar, passed=say("nodes.grammar_passed", nodes=count))
    if tree.whole:
        checks.passed("tree.complete", say("nodes.complete_passed", nodes=count, leaves=tree.leaf_count))
    else:
        checks.failed(
            "tree.complete", say("olalonde.not_whole", nodes=count, at=count if tree.gap is None else tree.gap)
        )
    report_nodes(checks, "tree.shape", tree.shape, passed=say("nodes.shape_passed"), missing=missing)
    report_nodes(checks, "tree.negative", tree.negative, passed=say("nodes.negative_passed", nodes=count))
    report_nodes(checks, "tree.hash", tree.hash, passed=say("nodes.hash_passed", nodes=count), missing=missing)
    sum_passed = say("nodes.sum_passed", nodes=tree.leaf_count - 1)
    report_nodes(checks, "tree.sum", tree.sum, passed=sum_passed, missing=missing)
    unique = say("nodes.unique_passed", leaves=tree.leaf_count)
    report_nodes(checks, "tree.unique", tree.unique, passed=unique, missing=missing)
