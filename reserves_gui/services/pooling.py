"""Several users' proofs of one snapshot in one run: each judged by itself, then held against one another."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reserves_gui.evidence import NodeState, PathNode, PathPicture
from reserves_gui.merkle.pool import Comparison, compare, pool
from reserves_gui.messages import Message, say
from reserves_gui.verdict import CLAIM_ORDER, Check, Claim, Findings, Outcome, State, Verdict, worst

_SEVERITY = (State.FAILED, State.UNDECIDED, State.VERIFIED)


def pooled(verdicts: Sequence[Verdict], findings: Sequence[Findings]) -> Verdict:
    """The verdict over all proofs of a run: the worst state per claim, and ``total.pooled``; one stands as it is."""
    if len(verdicts) == 1:
        return verdicts[0]
    seen = [(at, one.view) for at, one in enumerate(findings) if one.view is not None]
    comparison = compare([view for _, view in seen])
    check = pool(comparison)
    claims = tuple(
        _with_pooled(claim, check) if claim.id == "total" else claim
        for name in CLAIM_ORDER
        for claim in [_worst_claim(name, verdicts)]
        if claim is not None
    )
    roots = {verdict.root for verdict in verdicts}
    first = verdicts[0]
    notes: tuple[Message, ...] = () if len(roots) == 1 else (say("verify.pooled_roots"),)
    return replace(
        first,
        claims=claims,
        root=first.root if len(roots) == 1 else None,
        balances=_same([verdict.balances for verdict in verdicts]),
        total=first.total if len(roots) == 1 else None,
        leaves=None,
        picture=_conflicting(comparison, [verdicts[at] for at, _ in seen]),
        notes=(*first.notes, *notes),
        proofs=tuple(verdicts),
    )


def _conflicting(comparison: Comparison, verdicts: Sequence[Verdict]) -> PathPicture | None:
    """The path of a user whose proof takes part in the first conflict, the nodes in question marked as failing."""
    for conflict in comparison.conflicts[:1]:
        hashes = frozenset(text.lower() for text in (conflict.subject, conflict.first, conflict.second))
        for view in conflict.views:
            path = verdicts[view].picture
            if path is not None and any(node.hash in hashes for node in path.nodes):
                return replace(path, nodes=tuple(_marked(node, hashes) for node in path.nodes))
    return None


def _marked(node: PathNode, hashes: frozenset[str]) -> PathNode:
    return replace(node, state=NodeState.FAILED) if node.hash in hashes else node


def _with_pooled(claim: Claim, check: Check) -> Claim:
    kept = tuple(one for one in claim.checks if one.id != "total.pooled" or one.outcome is Outcome.FAILED)
    return replace(claim, checks=(*kept, check))


def _worst_claim(name: str, verdicts: Sequence[Verdict]) -> Claim | None:
    claims = [claim for verdict in verdicts if (claim := verdict.claim(name)) is not None]
    if not claims:
        return None
    state = worst(claim.state for claim in claims)
    return next(claim for claim in claims if claim.state is state)


def _same(balances: Sequence[Mapping[str, str]]) -> Mapping[str, str]:
    return balances[0] if all(one == balances[0] for one in balances) else {}
