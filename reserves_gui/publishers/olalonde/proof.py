"""The format ``olalonde-merkle``: which file is which, and the claims over one user's proof or the complete tree."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reserves_gui import limits
from reserves_gui.amounts import stripped
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.evidence import SnapshotView
from reserves_gui.intake.document import Document
from reserves_gui.merkle.asked import check_expected
from reserves_gui.merkle.bound_path import picture
from reserves_gui.merkle.node_places import listed_nodes
from reserves_gui.merkle.tree_checks import tree_stands
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.olalonde.complete import Complete, read_complete, report
from reserves_gui.publishers.olalonde.nodes import Data
from reserves_gui.publishers.olalonde.partial import Partial, check_own, check_partial, read_partial
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match, Sample
from reserves_gui.publishers.sum_file import content_digest
from reserves_gui.verdict import (
    Check,
    Checks,
    Findings,
    Guarantees,
    LeafIdentity,
    NegativeBalances,
    Outcome,
    Snapshot,
    State,
    SumBinding,
)

_ID = "olalonde-merkle"
_ROOT = "root"
_USER = "user"
_TREE = "tree"
_ARRAY = re.compile(rb'\s*\[\s*\{\s*"(?:index|data)"\s*:')
# Files of the format name the currency in the root file only.
_UNNAMED = "COIN"


def _guarantees(binding: SumBinding, negative: NegativeBalances) -> Guarantees:
    return Guarantees(
        sum_binding=binding,
        negative_balances=negative,
        leaf_identity=LeafIdentity.RECOMPUTED,
        hash_bits=256,
        domain_separation=False,
        per_asset=True,
    )


_PROOF = _guarantees(SumBinding.SUM_ONLY, NegativeBalances.VISIBLE)
_COMPLETE = _guarantees(SumBinding.WHOLE_TREE, NegativeBalances.REJECTED)


@dataclass(frozen=True, slots=True)
class _Root:
    """The root file: hash, total, and the currency it names."""

    hash: str
    total: Decimal
    currency: str | None
    time: str | None


def _recognise(document: Document) -> Match | None:
    if _ARRAY.match(document.head[:4096].removeprefix(b"\xef\xbb\xbf")):
        return Match(_TREE)
    keys = document.json_keys()
    if "partial_tree" in keys:
        return Match(_USER)
    if "root" in keys:
        value = document.json()
        root = value.get("root") if isinstance(value, dict) else None
        if isinstance(root, dict) and root.keys() == {"sum", "hash"}:
            return Match(_ROOT)
    return None


def _read_root(document: Document) -> _Root:
    shape = document.shape()
    currency, time = shape.get("currency"), shape.get("timestamp")
    return _Root(
        shape["root"]["hash"].hex(64),
        shape["root"]["sum"].amount()[1],
        None if currency is None else currency.text(longest=32),
        None if time is None else time.digits()[:40],
    )


def _root_of(evidence: Evidence, given: Given) -> _Root | None:
    """The root file beside the others, else one saved from the publisher."""
    beside = evidence.one(_ROOT)
    published = [each for each in given.published if _recognise(each) == Match(_ROOT)]
    if beside is not None:
        return _read_root(beside)
    return _read_root(published[0]) if len(published) == 1 else None


def _verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    root = _root_of(evidence, given)
    document, tree_file = evidence.one(_USER), evidence.one(_TREE)
    asset = given.secret("asset") or (root.currency if root is not None else None) or _UNNAMED
    tree = None if tree_file is None else read_complete(tree_file, progress)
    if document is not None:
        return _one_user(document, root, tree, asset, given)
    if tree is None:
        raise ReservesError(ErrorCode.USAGE, say("olalonde.only_root"))
    return _whole(tree, root, asset, given)


def _one_user(document: Document, root: _Root | None, tree: Complete | None, asset: str, given: Given) -> Findings:
    shape = document.shape()
    partial = read_partial(shape["partial_tree"])
    checks = Checks()
    uid = given.secret("uid")
    check_partial(partial, uid, checks)
    reached = _reached(partial.root[0], root, given)
    _path_hash(partial, root, checks, reached=reached)
    own = partial.own_data
    if own is not None and checks.outcome("leaf.hash") is None:
        if reached:
            checks.passed("leaf.hash", say("mpath.leaf_through_root"), seen=own.leaf_hash, private=True)
        else:
            checks.not_checked("leaf.hash", say("mpath.leaf_not_reached"), seen=own.leaf_hash, private=True)
    claims: tuple[str, ...] = ("leaf", "path", "total")
    if tree is not None:
        report(tree, checks)
        _same_tree(tree, partial, checks)
        claims = ("leaf", "path", "tree", "total")
    amounts = {} if own is None else {asset: own.value}
    check_expected(checks, given.expected, amounts if own is not None else None)
    _stated_total(root, partial.root[1], checks)
    nodes, steps = partial.path(asset) if own is not None else ((), ())
    snapshot = shape.get("id")
    return Findings(
        format=_ID,
        exchange="Olalonde",
        decisive=("leaf", "path", "root"),
        claims=checks.claims(*claims, ceilings={"total": State.UNDECIDED}),
        guarantees=_PROOF,
        snapshot=_snapshot(None if snapshot is None else snapshot.digits()[:200], root),
        root=partial.root[0],
        balances={name: stripped(value) for name, value in amounts.items()},
        total={asset: stripped(partial.root[1])},
        notes=(say("paths.note_unbound", fields="id, currency, timestamp"),),
        picture=picture(nodes, steps, holds=reached is not False) if nodes else None,
        view=SnapshotView(
            format=_ID,
            snapshot_id=None,
            usable=own is not None and not _failed(checks),
            root=partial.root[0],
            leaf=None if own is None else own.leaf_hash,
            nodes=partial.shown(),
            content=content_digest(document),
        ),
    )


def _failed(checks: Checks) -> bool:
    return any(check.claim in ("leaf", "path") and check.outcome is Outcome.FAILED for check in checks)


def _snapshot(name: str | None, root: _Root | None) -> Snapshot:
    return Snapshot(id=name, time=None if root is None else root.time)


def _reached(computed: str, root: _Root | None, given: Given) -> bool | None:
    """Whether the recomputed root is the one stated beside or elsewhere; None where none is stated."""
    if root is not None:
        return computed == root.hash
    if given.roots:
        return computed in given.roots
    pages: Sequence[Document] = given.published
    return any(computed.encode() in page.read(limits.PUBLISHED_TEXT_BYTES).lower() for page in pages) or None


def _path_hash(partial: Partial, root: _Root | None, checks: Checks, *, reached: bool | None) -> None:
    computed = partial.root[0]
    if reached is None:
        checks.not_checked("path.hash", say("olalonde.no_root"), seen=computed)
    elif reached:
        checks.passed("path.hash", say("olalonde.path_ok"), seen=computed)
    else:
        checks.failed("path.hash", say("olalonde.path_bad"), expected=root.hash if root else None, seen=computed)


def _same_tree(tree: Complete, partial: Partial, checks: Checks) -> None:
    if tree.root == partial.root[0]:
        checks.passed("path.link", say("mpath.same_tree"))
    else:
        checks.failed("path.link", say("mpath.other_tree"), expected=tree.root, seen=partial.root[0])


def _stated_total(root: _Root | None, computed: Decimal, checks: Checks) -> None:
    if root is None:
        checks.not_checked("total.bound", say("olalonde.total_unstated"))
    elif root.total == computed:
        checks.passed("total.bound", say("olalonde.total_ok", total=stripped(computed)))
    else:
        values = {"expected": stripped(computed), "seen": stripped(root.total)}
        checks.failed("total.bound", say("olalonde.total_bad", **values), **values)


def _whole(tree: Complete, root: _Root | None, asset: str, given: Given) -> Findings:
    checks = Checks()
    report(tree, checks)
    own = _look_up(tree, given.secret("uid"), checks)
    amounts = None if own is None else {asset: own.value}
    check_expected(checks, given.expected, amounts)
    total = tree.total
    if total is None:
        checks.not_checked("total.bound", say("trees.no_total"))
    elif root is not None and root.total != total:
        _stated_total(root, total, checks)
    elif tree_stands(checks):
        checks.passed("total.bound", say("olalonde.whole_total", total=stripped(total), asset=asset))
    else:
        checks.not_checked("total.bound", say("trees.total_without_tree"))
    failing = listed_nodes(hash=tree.hash, sum=tree.sum, negative=tree.negative, unique=tree.unique)
    uid = given.secret("uid")
    return Findings(
        format=_ID,
        exchange="Olalonde",
        decisive=("leaf", "tree", "root"),
        claims=checks.claims("leaf", "tree", "total"),
        guarantees=_COMPLETE,
        snapshot=_snapshot(None, root),
        root=tree.root,
        root_checks=_beside(tree, root),
        balances={} if amounts is None else {name: stripped(value) for name, value in amounts.items()},
        total=None if total is None else {asset: stripped(total)},
        leaves=None if uid is None else tree.own(uid),
        leaf_count=tree.leaf_count if tree.whole else None,
        notes=(say("trees.subset_sums"),),
        extra={"failing_nodes": failing} if failing else {},
    )


def _look_up(tree: Complete, uid: str | None, checks: Checks) -> Data | None:
    if uid is None:
        checks.not_checked("leaf.found", say("olalonde.no_uid"))
        return None
    found = tree.own(uid)
    if not tree.whole:
        checks.not_checked("leaf.found", say("trees.leaves_unknown"))
        return None
    if len(found) != 1:
        checks.failed("leaf.found", say("olalonde.own_count", count=len(found)))
        return None
    own = tree.nodes[tree.leaf_count - 1 + found[0]]
    checks.passed("leaf.found", say("olalonde.own_one"), private=True)
    check_own(own, uid, checks)
    if checks.outcome("leaf.hash") is not None:
        return own
    if tree.hash or tree.shape:
        checks.not_checked("leaf.hash", say("olalonde.leaf_in_broken"), private=True)
    else:
        checks.passed("leaf.hash", say("mpath.leaf_hash_ok", count=1), seen=own.leaf_hash, private=True)
    return own


def _beside(tree: Complete, root: _Root | None) -> tuple[Check, ...]:
    if root is None:
        return ()
    same = tree.root == root.hash
    reason = say("olalonde.root_file" if same else "olalonde.root_file_differs")
    outcome = Outcome.PASSED if same else Outcome.FAILED
    return (Check("root.commitment", outcome, reason, expected=root.hash, seen=tree.root, required=False),)


FORMATS: tuple[Format, ...] = (
    Format(
        id=_ID,
        exchange="Olalonde",
        exchanges=("Olalonde's tool",),
        family=Family.SUM_PATH,
        since="2014-01-02",
        guarantees=_PROOF,
        recognise=_recognise,
        verify=_verify,
        per_user=_USER,
        anchors=(_ROOT,),
        guide="olalonde",
        user_fields=("uid", "asset"),
        unbound=("id", "currency", "timestamp"),
        sample=Sample.OFFICIAL,
    ),
)
