"""The format ``lemon-tree``: one user's proof, the whole tree, or both."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from reserves_gui import limits
from reserves_gui.amounts import stripped
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.evidence import PathPicture, SnapshotView
from reserves_gui.intake.document import Document
from reserves_gui.intake.lines import read_lines
from reserves_gui.merkle.asked import check_expected
from reserves_gui.merkle.bound_path import (
    BoundNode,
    amounts_text,
    climb,
    picture,
    same_amounts,
    shown,
)
from reserves_gui.merkle.heap_lines import HeapReport, HeapRules, NumberedLine, verify_heap
from reserves_gui.merkle.tree_checks import each_node, failing_nodes, report_grammar, tree_stands
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.lemon.files import (
    PROOFS,
    ROOT,
    TREE,
    USER,
    RootFile,
    UserProof,
    read_generated,
    read_root,
    read_user,
    recognise,
)
from reserves_gui.publishers.lemon.texts import PADDING, leaf_hash, parent_hash, read_line
from reserves_gui.publishers.port import Evidence, Family, Format, Given
from reserves_gui.verdict import (
    Check,
    Checks,
    Findings,
    Guarantees,
    LeafIdentity,
    NegativeBalances,
    Outcome,
    Snapshot,
    SumBinding,
)

_ID = "lemon-tree"
_ALGORITHM = "sha256"
_RULES = HeapRules(read=read_line, parent=parent_hash, padding=PADDING)


def _guarantees(binding: SumBinding, negative: NegativeBalances) -> Guarantees:
    return Guarantees(
        sum_binding=binding,
        negative_balances=negative,
        leaf_identity=LeafIdentity.RECOMPUTED,
        hash_bits=256,
        domain_separation=False,
        per_asset=True,
    )


_PROOF = _guarantees(SumBinding.CHILDREN, NegativeBalances.VISIBLE)
_WHOLE = _guarantees(SumBinding.WHOLE_TREE, NegativeBalances.REJECTED)


@dataclass(frozen=True, slots=True)
class _Walk:
    proof: UserProof
    nodes: tuple[BoundNode, ...]


def _root_of(evidence: Evidence, given: Given) -> RootFile | None:
    """The root file beside the others, else one saved from the publisher."""
    beside = evidence.one(ROOT)
    if beside is not None:
        return read_root(beside)
    published = [each for each in given.published if (found := recognise(each)) is not None and found.role == ROOT]
    return read_root(published[0]) if len(published) == 1 else None


def _verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    root = _root_of(evidence, given)
    tree, user, proofs = evidence.one(TREE), evidence.one(USER), evidence.one(PROOFS)
    if tree is None and user is None and proofs is None:
        raise ReservesError(ErrorCode.USAGE, say("lemon.only_root"))
    uid, audit_id = given.secret("uid"), given.secret("audit_id")
    proof = None
    if user is not None:
        proof = read_user(user, uid)
    elif proofs is not None and (tree is None or uid is not None):
        proof = read_generated(proofs, given)
    if proof is not None:
        uid, audit_id = proof.uid, proof.audit_id
    wanted = None if uid is None or audit_id is None else leaf_hash(audit_id, uid)
    report = (
        None if tree is None else verify_heap(partial(_lines, tree), wanted, _RULES, progress=progress, size=tree.size)
    )
    checks = Checks()
    if report is not None:
        _tree(report, checks)
    walk = None if proof is None else _walk(proof)
    if walk is not None:
        _path(walk, root, report, given, checks)
    own = None if walk is None else dict(walk.proof.balances)
    if report is not None:
        found = _look_up(report, wanted, checks)
        own = found if own is None else own
    check_expected(checks, given.expected, own)
    _total(walk, report, root, checks)
    _algorithm(root, checks, path=walk is not None)
    document = user if user is not None else proofs
    return _findings(walk, report, root, checks, own, document, audit_id)


def _lines(tree: Document) -> Iterator[NumberedLine]:
    with tree.open() as stream:
        yield from read_lines(stream, limits.LINE_BYTES)


def _walk(proof: UserProof) -> _Walk:
    leaf = BoundNode(leaf_hash(proof.audit_id, proof.uid), proof.balances)
    return _Walk(proof, climb(leaf, proof.steps, parent_hash))


def _algorithm(root: RootFile | None, checks: Checks, *, path: bool) -> None:
    """The file names its own hash: only one is accepted."""
    if root is None or not (path or root.algorithm != _ALGORITHM):
        return
    if root.algorithm == _ALGORITHM:
        checks.passed("path.algorithm", say("lemon.algorithm_ok"))
    else:
        checks.failed("path.algorithm", say("lemon.algorithm_bad"), expected=_ALGORITHM, seen=root.algorithm)


def _path(walk: _Walk, root: RootFile | None, report: HeapReport | None, given: Given, checks: Checks) -> None:
    steps, top = walk.proof.steps, walk.nodes[-1]
    if steps:
        checks.passed("path.length", say("mpath.length_ok", levels=len(steps)))
    else:
        checks.failed("path.length", say("lemon.length_bad"))
    amounts = [walk.proof.balances, *(step.sibling.amounts for step in steps), {} if root is None else root.balances]
    if any(value < 0 for each in amounts for value in each.values()):
        checks.failed("path.negative", say("lemon.negative_bad"))
    else:
        checks.passed("path.negative", say("lemon.negative_ok"))
    stated = _stated_root(top.hash, root, report, given)
    if stated is None:
        checks.not_checked("path.hash", say("lemon.no_root"), seen=top.hash)
    elif stated == top.hash:
        checks.passed("path.hash", say("lemon.hash_ok"), expected=stated, seen=top.hash)
    else:
        checks.failed("path.hash", say("lemon.hash_bad"), expected=stated, seen=top.hash)
    if root is not None:
        expected, seen = amounts_text(top.amounts), amounts_text(root.balances)
        if same_amounts(top.amounts, root.balances):
            checks.passed("path.sum", say("lemon.sum_ok"), expected=expected, seen=seen)
        else:
            checks.failed("path.sum", say("lemon.sum_bad"), expected=expected, seen=seen)
    if checks.outcome("path.hash") is Outcome.PASSED and steps:
        checks.passed("leaf.hash", say("mpath.leaf_through_root"), seen=walk.nodes[0].hash, private=True)
    else:
        checks.not_checked("leaf.hash", say("mpath.leaf_not_reached"), seen=walk.nodes[0].hash, private=True)


def _stated_root(computed: str, root: RootFile | None, report: HeapReport | None, given: Given) -> str | None:
    if root is not None:
        return root.hash
    if report is not None and report.root is not None:
        return report.root.hash
    return computed if computed in given.roots else next(iter(given.roots), None)


def _tree(report: HeapReport, checks: Checks) -> None:
    passed = say("trees.grammar_passed", lines=report.nodes)
    report_grammar(checks, report.grammar, passed=passed, rule=say("lemon.grammar_failed"))
    count = report.leaf_count
    below, above = report.nearest
    if count is None:
        reason = say("trees.complete_failed", nodes=report.nodes, below=below, above=above)
        checks.failed("tree.complete", reason, expected=f"{below} / {above}", seen=str(report.nodes))
    else:
        checks.passed("tree.complete", say("trees.complete_passed", nodes=report.nodes, leaves=count))
    unread = say("trees.unread_values", count=report.grammar.count) if report.grammar else None
    missing = say("trees.stopped_at_grammar") if not report.hashed else None
    if missing is None and count is None:
        missing = say("nodes.not_whole")
    negative = say("trees.negative_passed", nodes=report.nodes)
    each_node(checks, "tree.negative", report.negative, passed=negative, missing=unread)
    inner = max(0, report.nodes // 2)
    each_node(checks, "tree.hash", report.hash, passed=say("trees.hash_passed", nodes=inner), missing=missing)
    each_node(checks, "tree.sum", report.sum, passed=say("trees.sum_passed", nodes=inner), missing=missing)
    padded = report.padding_leaves
    padding = say("trees.padding_passed", count=padded) if padded else say("trees.padding_none")
    each_node(checks, "tree.padding", report.padding, passed=padding, missing=None if count else say("nodes.not_whole"))
    if report.twice:
        reason = say("lemon.leaf_twice", count=len(report.twice))
        checks.failed("tree.unique", reason, seen=report.twice[0])
    elif count is None:
        checks.not_checked("tree.unique", say("nodes.not_whole"))
    else:
        checks.passed("tree.unique", say("nodes.unique_passed", leaves=count))


def _look_up(report: HeapReport, wanted: str | None, checks: Checks) -> dict[str, Decimal] | None:
    if wanted is None:
        checks.not_checked("leaf.found", say("lemon.no_uid"))
        return None
    if report.leaf_count is None:
        checks.not_checked("leaf.found", say("trees.leaves_unknown"))
        return None
    if len(report.own) != 1:
        if not report.own and report.grammar:
            checks.not_checked("leaf.found", say("coinfloor.among_bad_lines"))
        else:
            checks.failed("leaf.found", say("lemon.not_found", count=len(report.own)), private=True)
        return None
    checks.passed("leaf.found", say("lemon.found"), private=True)
    if checks.outcome("leaf.hash") is None:
        if tree_stands(checks) and report.nodes > 1:
            checks.passed("leaf.hash", say("lemon.leaf_ok"), private=True)
        else:
            checks.not_checked("leaf.hash", say("lemon.leaf_unbound"), private=True)
    return dict(report.own[0][1])


def _total(walk: _Walk | None, report: HeapReport | None, root: RootFile | None, checks: Checks) -> None:
    """What is recomputed against what the root row and the root file state."""
    if report is not None and report.root is not None and report.total is not None:
        if not same_amounts(report.total, report.root.amounts):
            expected, seen = amounts_text(report.total), amounts_text(report.root.amounts)
            checks.failed("total.bound", say("lemon.sum_bad"), expected=expected, seen=seen)
        elif root is not None and not same_amounts(report.total, root.balances):
            expected, seen = amounts_text(report.total), amounts_text(root.balances)
            checks.failed("total.bound", say("lemon.sum_bad"), expected=expected, seen=seen)
        elif tree_stands(checks) and report.nodes > 1:
            checks.passed("total.bound", say("lemon.total_tree"))
        else:
            checks.not_checked("total.bound", say("trees.total_without_tree"))
    elif walk is None or root is None:
        checks.not_checked("total.bound", say("trees.no_total"))
    elif checks.outcome("path.sum") is Outcome.FAILED:
        checks.failed("total.bound", say("lemon.sum_bad"))
    elif any(check.claim == "path" and check.outcome is not Outcome.PASSED for check in checks):
        checks.not_checked("total.bound", say("trees.total_without_path"))
    else:
        checks.passed("total.bound", say("lemon.total_path"))


def _root_checks(report: HeapReport | None, root: RootFile | None) -> tuple[Check, ...]:
    """A root file beside the tree must agree with it, but comes from the same place."""
    if report is None or report.root is None or root is None:
        return ()
    same = report.root.hash == root.hash
    outcome = Outcome.PASSED if same else Outcome.FAILED
    reason = say("olalonde.root_file" if same else "olalonde.root_file_differs")
    return (Check("root.commitment", outcome, reason, expected=root.hash, seen=report.root.hash, required=False),)


def _findings(
    walk: _Walk | None,
    report: HeapReport | None,
    root: RootFile | None,
    checks: Checks,
    own: dict[str, Decimal] | None,
    document: Document | None,
    audit_id: str | None,
) -> Findings:
    claims = ("leaf", *(("path",) if walk is not None else ()), *(("tree",) if report is not None else ()), "total")
    total = report.total if report is not None else None
    if total is None and walk is not None:
        total = walk.nodes[-1].amounts
    algorithm = any(check.id == "path.algorithm" for check in checks)
    failing = (
        {}
        if report is None
        else failing_nodes(hash=report.hash, sum=report.sum, negative=report.negative, padding=report.padding)
    )
    return Findings(
        format=_ID,
        exchange="Lemon",
        decisive=("leaf", "tree" if walk is None else "path", "root"),
        claims=checks.claims(*claims, *(("path",) if algorithm and walk is None else ())),
        guarantees=_WHOLE if report is not None else _PROOF,
        snapshot=Snapshot(id=audit_id),
        root=_stated(walk, report, root),
        root_checks=_root_checks(report, root),
        balances={coin: stripped(amount) for coin, amount in (own or {}).items()},
        total=None if total is None else {coin: stripped(amount) for coin, amount in total.items()},
        leaves=None if report is None or report.leaf_count is None else tuple(at for at, _ in report.own),
        leaf_count=None if report is None else report.leaf_count,
        padding_leaves=None if report is None or report.leaf_count is None else report.padding_leaves,
        picture=_picture(walk, checks),
        view=None if walk is None or document is None else _view(walk, checks, document, audit_id),
        extra={"failing_nodes": failing} if failing else {},
    )


def _stated(walk: _Walk | None, report: HeapReport | None, root: RootFile | None) -> str | None:
    """The root that is held against one from elsewhere: the root file's, else the tree's, else the recomputed one."""
    if root is not None:
        return root.hash
    if report is not None and report.root is not None:
        return report.root.hash
    return None if walk is None else walk.nodes[-1].hash


def _picture(walk: _Walk | None, checks: Checks) -> PathPicture | None:
    if walk is None:
        return None
    return picture(walk.nodes, walk.proof.steps, holds=checks.outcome("path.hash") is not Outcome.FAILED)


def _view(walk: _Walk, checks: Checks, document: Document, audit_id: str | None) -> SnapshotView:
    bad = any(check.claim in ("leaf", "path") and check.outcome is Outcome.FAILED for check in checks)
    return SnapshotView(
        format=_ID,
        snapshot_id=audit_id,
        usable=not bad,
        root=walk.nodes[-1].hash,
        leaf=walk.nodes[0].hash,
        nodes=shown(walk.nodes, walk.proof.steps),
        content=document.sha256,
    )


FORMATS: tuple[Format, ...] = (
    Format(
        id=_ID,
        exchange="Lemon",
        family=Family.WHOLE_TREE,
        since="2023-01-01",
        guarantees=_PROOF,
        recognise=recognise,
        verify=_verify,
        per_user=USER,
        anchors=(ROOT,),
        guide="lemon",
        user_fields=("uid", "audit_id", "balances"),
    ),
)
