"""BitMEX and River: the whole liabilities tree, every node a line, leaves keyed by HMAC.

Sources: BitMEX/proof-of-reserves-liabilities generate_liabilities.py, validate_liabilities.py (c0c9c71);
RiverFinancial/proof-of-reserves lib/ (ef562ac). Amounts are satoshis; the only asset is BTC.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from reserves_gui.amounts import scaled, stripped
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.merkle.asked import check_expected
from reserves_gui.merkle.kernels import kernel_for
from reserves_gui.merkle.leaf_sizes import leaf_sizes
from reserves_gui.merkle.node_failures import Failures
from reserves_gui.merkle.tree import TreeReport, verify_tree
from reserves_gui.merkle.tree_checks import each_node, failing_nodes, report_tree, tree_stands
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.publishers.bitmex.keys import SnapshotKey, padding_key, read_keys
from reserves_gui.publishers.bitmex.proof_line import LINE as PROOF_LINE
from reserves_gui.publishers.bitmex.proof_line import judge_proof_lines
from reserves_gui.publishers.port import Evidence, Family, Format, Given, Match, Sample
from reserves_gui.verdict import (
    Checks,
    Findings,
    Guarantees,
    LeafIdentity,
    NegativeBalances,
    Outcome,
    Snapshot,
    SumBinding,
)

_ID = "bitmex-tree"
_ASSET = "BTC"
_DECIMALS = 8
_HEADER = re.compile(rb"block_height:(0|[1-9][0-9]{0,18})")
_TREE = "tree"
_LINE = "line"

_WHOLE_TREE = Guarantees(
    sum_binding=SumBinding.WHOLE_TREE,
    negative_balances=NegativeBalances.REJECTED,
    leaf_identity=LeafIdentity.RECOMPUTED,
    hash_bits=256,
    domain_separation=True,
    per_asset=True,
)
_ONE_PATH = Guarantees(
    sum_binding=SumBinding.CHILDREN,
    negative_balances=NegativeBalances.VISIBLE,
    leaf_identity=LeafIdentity.RECOMPUTED,
    hash_bits=256,
    domain_separation=True,
    per_asset=True,
)


def _recognise(document: Document) -> Match | None:
    line = document.first_line
    if _HEADER.fullmatch(line):
        return Match(_TREE)
    if PROOF_LINE.fullmatch(line):
        return Match(_LINE, strength=2)
    return None


def _verify(evidence: Evidence, given: Given, progress: Progress) -> Findings:
    tree, lines = evidence.one(_TREE), evidence.one(_LINE)
    if tree is None and lines is not None:
        return _verify_lines(lines, given)
    if tree is None or lines is not None:
        raise ReservesError(ErrorCode.USAGE, say("bitmex.tree_and_line"))
    return _verify_tree(tree, given, progress)


def _verify_tree(tree: Document, given: Given, progress: Progress) -> Findings:
    match = _HEADER.fullmatch(tree.first_line)
    if match is None:
        raise ReservesError(ErrorCode.FORMAT_UNRECOGNISED, say("bitmex.no_header"), tree.name)
    height = int(match[1])
    keys = read_keys(given.user, height)
    padding = padding_key(height)
    report = verify_tree(
        tree.open,
        [*(key.leaf_key for key in keys), padding],
        kernel=kernel_for(tree.size),
        progress=progress,
        size=tree.size,
    )
    checks = Checks()
    report_tree(report, checks)
    padded = _padding(report, checks)
    balances, leaves = _own(report, keys, checks)
    looked = checks.outcome("leaf.found") is not Outcome.NOT_CHECKED
    check_expected(checks, given.expected, _amounts(balances) if looked else None)
    _total(report, checks, found=bool(leaves))
    found = checks.outcome("leaf.hash") is Outcome.PASSED and checks.outcome("leaf.found") is Outcome.PASSED
    bound = _height(keys, checks, found=found)
    for _, value in (found for key_found in report.own[: len(keys)] for found in key_found):
        report.sizes.mark_own(value)
    notes = [say("trees.subset_sums")]
    if report.layout.bom:
        notes.append(say("trees.bom"))
    river = padded or any(key.river for key in keys)
    return Findings(
        format=_ID,
        exchange="River" if river else "BitMEX",
        decisive=("leaf", "tree", "root"),
        claims=checks.claims("leaf", "tree", "total"),
        guarantees=_WHOLE_TREE,
        snapshot=Snapshot(id=str(height), height=height),
        root=report.root,
        balances=balances,
        total=None if report.total is None else {_ASSET: _coins(report.total)},
        leaves=leaves if keys and report.scanned else None,
        leaf_count=report.leaf_count,
        padding_leaves=padded if report.scanned else None,
        snapshot_height_bound=bound,
        notes=tuple(notes),
        leaf_sizes=leaf_sizes({_ASSET: report.sizes}, {_ASSET: _DECIMALS}) if report.scanned else None,
        extra=_failing(report),
    )


def _failing(report: TreeReport) -> dict[str, object]:
    listed = failing_nodes(hash=report.hash, sum=report.sum, range=report.range, negative=report.negative)
    return {"failing_nodes": listed} if listed else {}


def _coins(units: int) -> str:
    return stripped(scaled(units, _DECIMALS))


def _padding(report: TreeReport, checks: Checks) -> int:
    """Padding leaves have a public key (account 0, key of 32 zero bytes) and must carry 0."""
    if not report.scanned:
        checks.not_checked("tree.padding", say("trees.leaves_unknown"))
        return 0
    found = report.own[-1]
    carrying = Failures()
    for leaf, value in found:
        if value:
            carrying.add(leaf + report.nodes // 2, seen=_coins(value))
    passed = say("trees.padding_passed", count=len(found)) if found else say("trees.padding_none")
    unread = say("trees.unread_values", count=report.grammar.count) if report.grammar else None
    each_node(checks, "tree.padding", carrying, passed=passed, missing=unread)
    return len(found)


def _own(report: TreeReport, keys: Sequence[SnapshotKey], checks: Checks) -> tuple[dict[str, str], tuple[int, ...]]:
    """Every account's leaves; the balance is the sum of all of them."""
    if not keys:
        checks.not_checked("leaf.found", say("trees.no_user_key"))
        return {}, ()
    if not report.scanned:
        checks.not_checked("leaf.found", say("trees.leaves_unknown"))
        return {}, ()
    found: set[tuple[int, int]] = set()
    for number, (key, leaves) in enumerate(zip(keys, report.own, strict=False), 1):
        found.update(leaves)
        args = {"number": number, "accounts": len(keys), "count": len(leaves)}
        if leaves:
            amount = _coins(sum(value for _, value in leaves))
            checks.passed("leaf.hash", say("trees.leaf_hash_passed", **args))
            checks.passed("leaf.found", say("trees.leaf_found", **args, amount=amount, asset=_ASSET))
        elif report.grammar:
            checks.not_checked("leaf.found", say("trees.leaf_among_bad_lines", **args))
        else:
            hint = "bitmex.not_found_river" if key.river else "bitmex.not_found"
            checks.failed("leaf.found", say(hint if key.height_bound else "bitmex.not_found_snapshot", **args))
    if not found:
        return {}, ()
    return {_ASSET: _coins(sum(value for _, value in found))}, tuple(sorted(leaf for leaf, _ in found))


def _amounts(balances: Mapping[str, str]) -> dict[str, Decimal]:
    return {asset: Decimal(text) for asset, text in balances.items()}


def _height(
    keys: Sequence[SnapshotKey], checks: Checks, *, found: bool, unknown: str = "bitmex.height_unknown"
) -> bool | None:
    """Only a key derived from the long-lived one with the header's height ties that height to the leaf it ``found``."""
    if not keys:
        return None
    contradicted = any(key.contradicted for key in keys)
    bound = all(key.height_bound for key in keys) and found and not contradicted
    if contradicted:
        checks.failed("leaf.height", say("bitmex.nonce_differs"))
    elif bound:
        checks.passed("leaf.height", say("bitmex.height_bound"))
    elif all(key.height_bound for key in keys):
        checks.not_checked("leaf.height", say(unknown), required=False)
    else:
        checks.not_checked("leaf.height", say("bitmex.height_not_bound"), required=False)
    return bound


def _total(report: TreeReport, checks: Checks, *, found: bool) -> None:
    if report.total is None:
        checks.not_checked("total.bound", say("trees.no_total"))
        return
    stated, total = report.root_value, report.total
    if stated is not None and stated != total:
        values = {"expected": _coins(total), "seen": _coins(stated)}
        checks.failed("total.bound", say("trees.total_differs", **values, asset=_ASSET), **values)
    elif not tree_stands(checks):
        checks.not_checked("total.bound", say("trees.total_without_tree"))
    elif report.leaf_count == 1 and not found:
        checks.not_checked("total.bound", say("trees.total_of_one_leaf"))
    else:
        checks.passed("total.bound", say("trees.total_bound", total=_coins(total), asset=_ASSET))


def _verify_lines(document: Document, given: Given) -> Findings:
    """Lines printed for one user, ``leaf_index,height,sats,sib0_hash,sib0_sats,…``, leaf to root."""
    checks = Checks()
    judged = judge_proof_lines(document, lambda height: read_keys(given.user, height), given.roots, checks)
    balances = {} if judged.balance is None else {_ASSET: _coins(judged.balance)}
    check_expected(checks, given.expected, _amounts(balances) if balances else None)
    if judged.total is None:
        checks.not_checked("total.bound", say("trees.no_total"))
    elif any(check.outcome is Outcome.FAILED for check in checks if check.claim == "path"):
        checks.not_checked("total.bound", say("trees.total_without_path"))
    else:
        checks.passed("total.bound", say("trees.total_bound", total=_coins(judged.total), asset=_ASSET))
    # Any key leads to some root: only the published one shows that this key, and so this height, made the leaf.
    found = checks.outcome("leaf.hash") is Outcome.PASSED and judged.root in given.roots
    bound = _height(judged.keys, checks, found=found, unknown="bitmex.line_height_unknown")
    return Findings(
        format=_ID,
        exchange="River" if any(key.river for key in judged.keys) else "BitMEX",
        decisive=("leaf", "path", "root"),
        claims=checks.claims("leaf", "path", "total"),
        guarantees=_ONE_PATH,
        snapshot=Snapshot(id=str(judged.height), height=judged.height),
        root=judged.root,
        balances=balances,
        total=None if judged.total is None else {_ASSET: _coins(judged.total)},
        leaves=judged.leaves,
        snapshot_height_bound=bound,
    )


FORMATS: tuple[Format, ...] = (
    Format(
        id=_ID,
        exchange="BitMEX",
        exchanges=("BitMEX", "River"),
        family=Family.WHOLE_TREE,
        since="2021-08-13",
        guarantees=_WHOLE_TREE,
        recognise=_recognise,
        verify=_verify,
        guide="bitmex",
        user_fields=("account", "account_nonce", "nonce", "uid", "email", "key"),
        unbound=("block_height (with a snapshot key alone)",),
        sample=Sample.OFFICIAL,
    ),
)
