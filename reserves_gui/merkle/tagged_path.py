"""A sum tree whose hashes carry a domain byte and whose shape follows from index and count of the leaves.

h(d, fields) = SHA-256 of the byte d and the compact JSON array of the fields as strings; P is the protocol's name:

    config   h(3, [P, coin1, decimals1, coin2, decimals2, ...])
    leaf     h(0, [P, snapshotId, config, accountId, nonce, amount1, ...])
    padding  h(2, [P, snapshotId, config]),  all balances 0
    node     h(1, [P, config, l, r, sum1, ...])
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reserves_gui.amounts import ZERO, add, stripped
from reserves_gui.evidence import NodeKind, NodeState, PathNode, PathPicture, Side, SnapshotView, of_every_asset
from reserves_gui.merkle.hashing import tagged
from reserves_gui.merkle.numbers import Amount, Balances
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.verdict import Check, Checks, Outcome

LEAF, NODE, PADDING, CONFIG = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class TaggedEntry:
    """One sibling as the file states it."""

    place: str
    side: Side
    hash: str
    balances: Balances


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedProof:
    """One user's path. ``assets`` are (coin, decimals) in hashing order; ``index`` and ``count`` of the leaves."""

    protocol: str
    assets: tuple[tuple[str, int], ...]
    snapshot_id: str
    account_id: str
    nonce: str
    balances: Balances
    leaf_hash: str
    index: int
    count: int
    path: tuple[TaggedEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What was published for everyone: the root, the leaf count and the totals. ``name`` is the file's."""

    name: str
    assets: tuple[tuple[str, int], ...]
    snapshot_id: str
    root: str
    count: int
    totals: Balances


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedStep:
    """One level: the own node, its side by the index, its sums, and whether only padding may stand beside it."""

    node: str
    side: Side
    sums: Mapping[str, Amount]
    sibling: TaggedEntry
    must_pad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedWalk:
    """What was recomputed. ``depth`` is the number of levels that the leaf count makes."""

    leaf: str
    padding: str
    steps: tuple[TaggedStep, ...]
    root: str
    totals: Mapping[str, Amount]
    depth: int


def digest(tag: int, fields: Iterable[str]) -> str:
    """h(tag, fields)."""
    return tagged(tag, json.dumps(list(fields), ensure_ascii=False, separators=(",", ":")))


def walk(proof: TaggedProof, progress: Progress) -> TaggedWalk:
    """Recompute leaf, padding node and every node; sides follow from the index, never from the file."""
    coins = [coin for coin, _ in proof.assets]
    described = [text for coin, decimals in proof.assets for text in (coin, str(decimals))]
    config = digest(CONFIG, [proof.protocol, *described])
    own = [proof.balances[coin].text for coin in coins]
    leaf = digest(LEAF, [proof.protocol, proof.snapshot_id, config, proof.account_id, proof.nonce, *own])
    padding = digest(PADDING, [proof.protocol, proof.snapshot_id, config])
    node, sums, index, width = leaf, dict(proof.balances), proof.index, proof.count
    steps: list[TaggedStep] = []
    for sibling in proof.path:
        progress.checkpoint()
        side = Side.RIGHT if index % 2 else Side.LEFT
        must_pad = (index ^ 1) >= width
        steps.append(TaggedStep(node=node, side=side, sums=sums, sibling=sibling, must_pad=must_pad))
        added = {coin: add(sums[coin].value, sibling.balances[coin].value) for coin in coins}
        sums = {coin: Amount(stripped(value), value) for coin, value in added.items()}
        pair = [node, sibling.hash] if side is Side.LEFT else [sibling.hash, node]
        node = digest(NODE, [proof.protocol, config, *pair, *(sums[coin].text for coin in coins)])
        index, width = index // 2, (width + 1) // 2
    depth = max(proof.count - 1, 0).bit_length()
    return TaggedWalk(leaf=leaf, padding=padding, steps=tuple(steps), root=node, totals=sums, depth=depth)


def judge(proof: TaggedProof, walked: TaggedWalk, anchors: Sequence[Anchor], checks: Checks) -> None:
    """Every check of leaf, path and total; ``anchors`` say which root and totals were published."""
    values = {"expected": proof.leaf_hash, "seen": walked.leaf}
    if proof.leaf_hash == walked.leaf:
        reason = say("mpath.leaf_hash_ok", count=len(proof.assets))
        checks.passed("leaf.hash", reason, private=True, **values)
    else:
        checks.failed("leaf.hash", say("mpath.leaf_hash_bad"), private=True, **values)
    if len(proof.path) == walked.depth:
        checks.passed("path.length", say("mpath.length_ok", levels=walked.depth))
    else:
        reason = say("mpath.length_count", levels=len(proof.path), wanted=walked.depth)
        checks.failed("path.length", reason, expected=str(walked.depth), seen=str(len(proof.path)))
    if proof.index < proof.count:
        checks.passed("path.index", say("mpath.index_ok"))
    else:
        checks.failed("path.index", say("mpath.index_count", index=str(proof.index), count=str(proof.count)))
    _each(checks, "path.side", _side_problems(walked), say("mpath.side_ok"))
    _each(checks, "path.position", _padding_problems(walked), say("mpath.padding_ok"))
    if not anchors:
        checks.add(Check("path.hash", Outcome.NOT_CHECKED, say("mpath.no_anchor"), seen=walked.root, required=False))
        checks.not_checked("total.bound", say("mpath.no_anchor"))
    for anchor in anchors:
        values = {"expected": anchor.root, "seen": walked.root}
        if anchor.root == walked.root:
            checks.passed("path.hash", say("mpath.plain_hash_ok", levels=len(walked.steps)), **values)
        else:
            checks.failed("path.hash", say("mpath.anchor_root_bad", name=anchor.name), **values)
        _check_totals(checks, walked, anchor)
    _check_negative(checks, proof, anchors)
    checks.add(Check("total.pooled", Outcome.NOT_CHECKED, say("mpath.pooled_one"), required=False))


def _each(checks: Checks, check_id: str, problems: Iterable[Message], fine: Message) -> None:
    made = list(problems)
    if not made:
        checks.passed(check_id, fine)
    for problem in made[:20]:
        checks.failed(check_id, problem)


def _side_problems(walked: TaggedWalk) -> Iterable[Message]:
    for step in walked.steps:
        if step.sibling.side is step.side:
            yield say("mpath.side_index", place=step.sibling.place)


def _padding_problems(walked: TaggedWalk) -> Iterable[Message]:
    for step in walked.steps:
        is_padding = step.sibling.hash == walked.padding
        holds = any(amount.value != 0 for amount in step.sibling.balances.values())
        if step.must_pad and (not is_padding or holds):
            yield say("mpath.padding_missing", place=step.sibling.place)
        elif is_padding and not step.must_pad:
            yield say("mpath.padding_inside", place=step.sibling.place)


def _check_totals(checks: Checks, walked: TaggedWalk, anchor: Anchor) -> None:
    stated = {coin: amount.value for coin, amount in anchor.totals.items()}
    seen = {coin: amount.value for coin, amount in walked.totals.items()}
    differing = [coin for coin in sorted({*stated, *seen}) if stated.get(coin, ZERO) != seen.get(coin, ZERO)]
    if not differing:
        checks.passed("total.bound", say("mpath.bound_ok", count=len(stated)))
        return
    coin = differing[0]
    checks.failed(
        "total.bound",
        say("mpath.bound_bad", coin=coin, count=len(differing)),
        expected=stripped(stated.get(coin, ZERO)),
        seen=stripped(seen.get(coin, ZERO)),
    )


def _check_negative(checks: Checks, proof: TaggedProof, anchors: Sequence[Anchor]) -> None:
    held: list[tuple[str, Balances, bool]] = [("self", proof.balances, True)]
    held += [(entry.place, entry.balances, number == 0) for number, entry in enumerate(proof.path)]
    held += [(anchor.name, anchor.totals, False) for anchor in anchors]
    found = False
    for place, balances, near in held:
        for coin, amount in balances.items():
            if amount.value < 0:
                found = True
                reason = say("mpath.negative", place=place, coin=coin)
                checks.failed("total.negative", reason, seen=amount.text, private=near)
    if not found:
        checks.passed("total.negative", say("mpath.negative_none", count=len(held)))


def commitment(proof: TaggedProof, anchor: Anchor) -> Check:
    """``root.commitment``: whether leaf count, assets and snapshot of the proof are those published with the root."""
    pairs = (
        ("count", str(anchor.count), str(proof.count)),
        ("snapshot", anchor.snapshot_id, proof.snapshot_id),
        ("assets", _listed(anchor.assets), _listed(proof.assets)),
    )
    for name, published, stated in pairs:
        if published != stated:
            reason = say("mpath.commitment_bad", field=Message(f"mpath.commitment.{name}"), name=anchor.name)
            return Check("root.commitment", Outcome.FAILED, reason, expected=published, seen=stated)
    return Check("root.commitment", Outcome.PASSED, say("mpath.commitment_ok", name=anchor.name))


def _listed(assets: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{coin} {decimals}" for coin, decimals in assets)


def picture(proof: TaggedProof, walked: TaggedWalk) -> PathPicture:
    """Own nodes and siblings from the leaf up to the recomputed root."""
    nodes: list[PathNode] = []
    for level, step in enumerate(walked.steps):
        failed = level == 0 and proof.leaf_hash != walked.leaf
        nodes.append(
            PathNode(
                level=level,
                kind=NodeKind.OWN if level else NodeKind.LEAF,
                side=step.side,
                hash=step.node,
                sums=_texts(step.sums),
                state=NodeState.FAILED if failed else NodeState.RECOMPUTED,
                stated_hash=proof.leaf_hash if failed else None,
            )
        )
        other, kind = step.sibling, NodeKind.PADDING if step.sibling.hash == walked.padding else NodeKind.SIBLING
        negative = any(amount.value < 0 for amount in other.balances.values())
        wrong = negative or other.side is step.side or (step.must_pad != (kind is NodeKind.PADDING))
        nodes.append(
            PathNode(
                level=level,
                kind=kind,
                side=Side.LEFT if step.side is Side.RIGHT else Side.RIGHT,
                hash=other.hash,
                sums=_texts(other.balances),
                state=NodeState.FAILED if wrong else NodeState.GIVEN,
            )
        )
    nodes.append(
        PathNode(level=len(walked.steps), kind=NodeKind.ROOT, side=None, hash=walked.root, sums=_texts(walked.totals))
    )
    return PathPicture(tuple(nodes), tuple(coin for coin, _ in proof.assets))


def snapshot_view(format_id: str, proof: TaggedProof, walked: TaggedWalk, checks: Checks, content: str) -> SnapshotView:
    """Own leaf and its place, siblings and computed nodes; the padding node is left out."""
    seen = [(walked.leaf, proof.balances), (walked.root, walked.totals)]
    seen += [(step.node, step.sums) for step in walked.steps]
    seen += [(one.hash, one.balances) for one in (step.sibling for step in walked.steps) if one.hash != walked.padding]
    assets = [coin for coin, _ in proof.assets]
    failed = any(check.outcome is Outcome.FAILED and check.claim in ("leaf", "path") for check in checks)
    return SnapshotView(
        format=format_id,
        snapshot_id=proof.snapshot_id,
        usable=not failed,
        root=walked.root,
        leaf=walked.leaf,
        leaf_position=str(proof.index),
        nodes={node: of_every_asset(_texts(amounts), assets) for node, amounts in seen},
        content=content,
    )


def _texts(amounts: Balances) -> dict[str, str]:
    return {coin: stripped(amount.value) for coin, amount in amounts.items()}
