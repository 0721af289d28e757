"""Cake DeFi (Bake): one nested JSON tree whose nodes list amounts by class and coin.

Source: cakedefi/merkle-proof-tool src/tree.ts (29711b7).

    inner hash = hex SHA1( compact JSON of [assets, left.hash, right.hash] )          keys as in the file

A leaf's hash is only a label: nothing ties it to the leaf's balance or to a person.
"""

import json
import re
from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha1

from reserves_gui import limits
from reserves_gui.amounts import ZERO, add, parse_plain, stripped
from reserves_gui.intake.deep_json import parse_deep
from reserves_gui.intake.document import Document
from reserves_gui.intake.shape import Shape
from reserves_gui.merkle.asked import check_expected
from reserves_gui.merkle.node_failures import Failures
from reserves_gui.merkle.node_places import add_node, listed_nodes, report_nodes
from reserves_gui.merkle.tree_checks import tree_stands
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match, Sample
from reserves_gui.verdict import Checks, Findings, Guarantees, LeafIdentity, NegativeBalances, Snapshot, SumBinding

_ID = "cake-tree"
_TREE = "tree"
_DIGITS = 40
_START = re.compile(rb'\s*\{\s*"(?:hash|assets|left|right|timeOfSnapshot)"\s*:')
_KEYS = (b'"hash"', b'"assets"', b'"left"')
_INDEX = re.compile(r"[0-9]+", re.ASCII)
_NODES_PER_LOOK = 256
# A node is an object with classes of coins; a published one has 4 classes of 8 coins.
_VALUES_PER_NODE = 64
# Objects inside a node: its assets and one class of them.
_LEVELS_INSIDE = 3

_GUARANTEES = Guarantees(
    sum_binding=SumBinding.WHOLE_TREE,
    negative_balances=NegativeBalances.REJECTED,
    leaf_identity=LeafIdentity.OPAQUE,
    # Chosen-prefix collisions of SHA-1 cost about 2^63.
    hash_bits=126,
    domain_separation=False,
    per_asset=True,
)


@dataclass(slots=True)
class _Node:
    """A node: ``amounts`` by (class, coin), ``assets`` as hashed, children by number."""

    hash: str
    assets: str
    amounts: dict[tuple[str, str], Decimal]
    row: int
    position: int
    below: tuple[int, ...] = ()


@dataclass(slots=True)
class _Tree:
    nodes: list[_Node] = field(default_factory=list)
    grammar: Failures = field(default_factory=Failures)
    shape: Failures = field(default_factory=Failures)
    negative: Failures = field(default_factory=Failures)
    hash: Failures = field(default_factory=Failures)
    sum: Failures = field(default_factory=Failures)
    unique: Failures = field(default_factory=Failures)

    @property
    def leaves(self) -> list[_Node]:
        return [node for node in self.nodes if not node.below]


def _recognise(document: Document) -> Match | None:
    """By the beginning alone: a deep tree never passes the common JSON gate."""
    head = document.head.removeprefix(b"\xef\xbb\xbf")
    return Match(_TREE) if _START.match(head) and all(key in head for key in _KEYS) else None


def _read(document: Document, progress: Progress) -> tuple[_Tree, str | None]:
    value = parse_deep(
        document.read(limits.JSON_TREE_BYTES),
        document.name,
        depth=limits.JSON_TREE_DEPTH + _LEVELS_INSIDE,
        values=limits.JSON_TREE_NODES * _VALUES_PER_NODE,
        progress=progress,
    )
    root = Shape(value, document.name)
    tree = _Tree()
    positions: dict[int, int] = {}
    waiting: deque[tuple[Shape, int, int | None]] = deque([(root, 0, None)])
    while waiting:
        shape, row, above = waiting.popleft()
        number = len(tree.nodes)
        if number % _NODES_PER_LOOK == 0:
            progress.checkpoint()
        if number >= limits.JSON_TREE_NODES:
            shape.refuse(say("error.limit_entries", limit=limits.JSON_TREE_NODES))
        position = positions.get(row, 0)
        positions[row] = position + 1
        node = _node(tree, shape, number, row, position)
        tree.nodes.append(node)
        if above is not None:
            tree.nodes[above].below += (number,)
        # Places are named by number: a key path of ten thousand levels would be longer than the file.
        children = [Shape(shape[side].value, f"{document.name}: node {number}.{side}") for side in ("left", "right")]
        waiting.extend((child, row + 1, number) for child in children if not child.is_null)
    time = root.get("timeOfSnapshot")
    return tree, None if time is None else time.digits()[:80]


def _node(tree: _Tree, shape: Shape, number: int, row: int, position: int) -> _Node:
    amounts: dict[tuple[str, str], Decimal] = {}
    texts: dict[str, dict[str, str]] = {}
    for kind, coins in shape["assets"].items():
        texts[kind] = {}
        for coin, stated in coins.items():
            text = stated.text(longest=limits.LINE_BYTES)
            amounts[kind, coin] = value = parse_plain(text, stated.where)
            texts[kind][coin] = text
            if value < 0:
                add_node(tree.negative, number, row, position, seen=f"{text} {coin}")
            # A JavaScript engine moves such keys to the front, so the hash would depend on who computes it.
            if _INDEX.fullmatch(coin):
                add_node(tree.grammar, number, row, position, seen=coin[:40])
        if _INDEX.fullmatch(kind):
            add_node(tree.grammar, number, row, position, seen=kind[:40])
    compact = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    return _Node(shape["hash"].text(), compact, amounts, row, position)


def _look(tree: _Tree, progress: Progress) -> None:
    labels: set[str] = set()
    for number, node in enumerate(tree.nodes):
        if number % _NODES_PER_LOOK == 0:
            progress.checkpoint()
        place = (number, node.row, node.position)
        if not node.below:
            if node.hash in labels:
                add_node(tree.unique, *place, seen=node.hash[:80])
            labels.add(node.hash)
        if len(node.below) == 1 or not (node.below or number):
            add_node(tree.shape, *place, seen=str(len(node.below)))
        if len(node.below) == 2:
            _pair(tree, place, node)


def _pair(tree: _Tree, place: tuple[int, int, int], node: _Node) -> None:
    left, right = (tree.nodes[child] for child in node.below)
    hashes = json.dumps([left.hash, right.hash], ensure_ascii=False, separators=(",", ":"))[1:-1]
    # The hash is the format's own; what it is worth stands among the guarantees.
    message = f"[{node.assets},{hashes}]".encode("utf-8", "surrogatepass")
    digest = sha1(message, usedforsecurity=False).hexdigest()
    if digest != node.hash:
        add_node(tree.hash, *place, digest, node.hash[:80])
    for key in {**node.amounts, **left.amounts, **right.amounts}:
        total = add(left.amounts.get(key, ZERO), right.amounts.get(key, ZERO))
        stated = node.amounts.get(key, ZERO)
        if total != stated:
            name = ".".join(key)
            add_node(tree.sum, *place, f"{stripped(total)} {name}", f"{stripped(stated)} {name}")
            break


def _per_coin(node: _Node) -> dict[str, Decimal]:
    coins: dict[str, Decimal] = {}
    for (_, coin), amount in node.amounts.items():
        coins[coin] = add(coins.get(coin, ZERO), amount)
    return coins


def _verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    (document,) = (evidence.one(_TREE),)
    if document is None:
        raise ValueError("only trees are recognised")
    tree, time = _read(document, progress)
    _look(tree, progress)
    checks = Checks()
    _report(tree, checks)
    own, leaves = _look_up(tree, given.secret("uid"), checks)
    check_expected(checks, given.expected, own)
    root = tree.nodes[0]
    total = {coin: stripped(amount) for coin, amount in _per_coin(root).items()}
    if tree_stands(checks):
        checks.passed("total.bound", say("cake.total", coins=len(total)))
    else:
        checks.not_checked("total.bound", say("trees.total_without_tree"))
    failing = listed_nodes(
        hash=tree.hash, sum=tree.sum, negative=tree.negative, shape=tree.shape, unique=tree.unique, grammar=tree.grammar
    )
    return Findings(
        format=_ID,
        exchange="Cake DeFi",
        decisive=("leaf", "tree", "root"),
        claims=checks.claims("leaf", "tree", "total"),
        guarantees=_GUARANTEES,
        snapshot=Snapshot(time=time),
        root=root.hash,
        root_digits=_DIGITS,
        balances={coin: stripped(amount) for coin, amount in (own or {}).items()},
        total=total,
        leaves=leaves,
        leaf_count=len(tree.leaves),
        notes=(say("trees.weak_hash"), say("paths.note_unbound", fields="timeOfSnapshot")),
        extra={"failing_nodes": failing} if failing else {},
    )


def _report(tree: _Tree, checks: Checks) -> None:
    count, inner = len(tree.nodes), len(tree.nodes) - len(tree.leaves)
    report_nodes(checks, "tree.grammar", tree.grammar, passed=say("nodes.grammar_passed", nodes=count))
    report_nodes(checks, "tree.shape", tree.shape, passed=say("nodes.shape_passed"))
    report_nodes(checks, "tree.negative", tree.negative, passed=say("nodes.negative_passed", nodes=count))
    report_nodes(checks, "tree.hash", tree.hash, passed=say("nodes.hash_passed", nodes=inner))
    report_nodes(checks, "tree.sum", tree.sum, passed=say("nodes.sum_passed", nodes=inner))
    report_nodes(checks, "tree.unique", tree.unique, passed=say("nodes.unique_passed", leaves=len(tree.leaves)))


def _look_up(tree: _Tree, uid: str | None, checks: Checks) -> tuple[dict[str, Decimal] | None, tuple[int, ...] | None]:
    """Only leaves are searched: an inner node is nobody's."""
    if uid is None:
        checks.not_checked("leaf.found", say("cake.no_uid"))
        return None, None
    found = [(number, leaf) for number, leaf in enumerate(tree.leaves) if leaf.hash == uid]
    numbers = tuple(number for number, _ in found)
    if not found:
        checks.failed("leaf.found", say("cake.not_found"), private=True)
        return None, numbers
    checks.passed("leaf.found", say("cake.found", count=len(found)), private=True)
    checks.not_checked("leaf.hash", say("cake.label"))
    # A repeated label fails the tree; whose balance it is then stays open.
    return (_per_coin(found[0][1]) if len(found) == 1 else None), numbers


FORMATS: tuple[Format, ...] = (
    Format(
        id=_ID,
        exchange="Cake DeFi",
        exchanges=("Cake DeFi", "Bake"),
        family=Family.WHOLE_TREE,
        since="2023-01-01",
        guarantees=_GUARANTEES,
        recognise=_recognise,
        verify=_verify,
        guide="cake",
        user_fields=("uid",),
        unbound=("timeOfSnapshot", "hash of a leaf"),
        sample=Sample.OFFICIAL,
    ),
)
