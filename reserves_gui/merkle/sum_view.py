"""A judged sum path as a picture for people, and as the view by which several users' files are compared."""

from reserves_gui.amounts import stripped
from reserves_gui.evidence import NodeKind, NodeState, PathNode, PathPicture, Side, SnapshotView, of_every_asset
from reserves_gui.merkle.numbers import Balances, BalanceText, NumberRule
from reserves_gui.merkle.path import SumJudgement
from reserves_gui.merkle.plain_path import usable
from reserves_gui.merkle.scheme import SumProof, SumScheme
from reserves_gui.merkle.sum_walk import per_coin, stripped_amounts, sums_text
from reserves_gui.verdict import Outcome


def texts(amounts: Balances) -> dict[str, str]:
    """Amounts as stripped texts, zeros kept."""
    return {coin: stripped(amount.value) for coin, amount in amounts.items()}


def picture(scheme: SumScheme, proof: SumProof, judgement: SumJudgement) -> PathPicture:
    """Own nodes and siblings from the leaf up to the root; a node that is not what the file says is marked failed."""
    walked = judgement.walk
    nodes: list[PathNode] = []
    leaf_holds = proof.own.hash in (None, walked.leaf)
    for step in walked.steps:
        own_leaf = step.index == 0
        nodes.append(
            PathNode(
                level=step.index,
                kind=NodeKind.LEAF if own_leaf else NodeKind.OWN,
                side=step.side,
                hash=step.node,
                sums=texts(step.amounts),
                state=NodeState.FAILED if own_leaf and not leaf_holds else NodeState.RECOMPUTED,
                stated_hash=proof.own.hash if own_leaf and not leaf_holds else None,
            )
        )
        if step.sibling is not None and not step.missing:
            negative = any(amount.value < 0 for amount in step.sibling_amounts.values())
            wrong_leaf = own_leaf and walked.sibling_leaf not in (None, step.sibling.hash)
            nodes.append(
                PathNode(
                    level=step.index,
                    kind=NodeKind.PADDING if step.padding else NodeKind.SIBLING,
                    side=Side.RIGHT if step.side is Side.LEFT else Side.LEFT,
                    hash=step.sibling.hash or "",
                    sums=texts(step.sibling_amounts),
                    state=NodeState.FAILED if negative or wrong_leaf or step.problem else NodeState.GIVEN,
                )
            )
    nodes.append(_root_node(scheme, proof, judgement))
    return PathPicture(tuple(nodes), tuple(walked.totals))


def _root_node(scheme: SumScheme, proof: SumProof, judgement: SumJudgement) -> PathNode:
    walked, stated = judgement.walk, proof.root
    hash_differs = stated is not None and stated.hash is not None and stated.hash != walked.root
    sums_differ = judgement.checks.outcome("total.bound") is Outcome.FAILED
    sums = None
    if stated is not None and stated.balances is not None and sums_differ:
        sums = texts(per_coin(scheme, stated.balances))
    return PathNode(
        level=len(walked.steps),
        kind=NodeKind.ROOT,
        side=None,
        hash=walked.root,
        sums=texts(walked.totals),
        state=NodeState.FAILED if hash_differs or sums_differ else NodeState.RECOMPUTED,
        stated_hash=stated.hash if hash_differs and stated is not None else None,
        stated_sums=sums,
    )


def snapshot_view(
    format_id: str, scheme: SumScheme, proof: SumProof, judgement: SumJudgement, content: str
) -> SnapshotView:
    """Own leaf, siblings and computed nodes with their balances after the format's cut; padding is left out."""
    walked = judgement.walk
    rules = walked.rules
    nodes: dict[str, dict[str, str]] = {}
    joined: dict[str, str] = {}
    readings = rules.node_text is BalanceText.JOINED and rules.sum_numbers is not NumberRule.CUT_FIXED

    def keep(node: str, amounts: Balances) -> None:
        nodes[node] = of_every_asset(stripped_amounts(rules, amounts, proof.decimals), walked.totals)
        if readings:
            joined[node] = sums_text(scheme, rules, proof, amounts)

    for step in reversed(walked.steps):
        keep(step.parent, step.parent_amounts)
        if step.sibling is not None and step.sibling.hash and not step.missing and not step.padding:
            keep(step.sibling.hash, step.sibling_amounts)
    keep(walked.leaf, walked.amounts)
    return SnapshotView(
        format=format_id,
        snapshot_id=proof.own.snapshot,
        usable=usable(judgement.checks),
        root=walked.root,
        leaf=walked.leaf,
        nodes=nodes,
        joined=joined,
        content=content,
    )
