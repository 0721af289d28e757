"""Judging the user's own file: ranges, order, the leaf in either form, and the path to its root."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.publishers.field_values import base64_element, hex_element
from reserves_gui.publishers.zkmerkle.user_file import UserFile
from reserves_gui.verdict import Check, Checks, Outcome
from reserves_gui.zk.bn254 import SCALAR_FIELD, element_hex
from reserves_gui.zk.solvency.account import (
    AMOUNT_LIMIT,
    COLLATERAL_SLOTS,
    DEPTH,
    INDEX_LIMIT,
    MOST_SLOTS,
    Account,
    Shape,
    collateral_leaf,
    find_shape,
    pair_leaf,
    path_nodes,
)
from reserves_gui.zk.solvency.asset_list import ListedAsset, totals


@dataclass(frozen=True, slots=True, kw_only=True)
class UserJudged:
    """What came of the user's file. ``root`` is recomputed (None where nothing fits), ``stated`` is the file's.

    ``nodes`` are the hashes above ``leaf``; ``shape`` is None for collateral leaves and where none fits.
    """

    account: Account | None
    siblings: tuple[int, ...]
    leaf: int | None
    nodes: tuple[int, ...]
    shape: Shape | None
    root: int | None
    stated: int | None
    holds: bool


def check_user(checks: Checks, user: UserFile, *, round_shape: Shape | None, progress: Progress) -> UserJudged:
    """Make every check that the file alone allows. ``round_shape``: the slots of its own round, where known."""
    slots = COLLATERAL_SLOTS if user.collateral is not None else (round_shape.slots if round_shape else MOST_SLOTS)
    account = _leaf_range(checks, user, slots)
    ordered = _leaf_order(checks, user)
    _leaf_solvent(checks, user)
    siblings, stated = _path_range(checks, user)
    if account is None or not ordered or siblings is None or stated is None:
        reason = say("zkmerkle.hash_impossible")
        checks.not_checked("leaf.hash", reason)
        checks.not_checked("path.hash", reason)
        return _nothing(stated)
    return _hashes(checks, user, account, siblings, stated, round_shape, progress)


def check_totals(checks: Checks, user: UserJudged, assets: Mapping[int, ListedAsset] | None) -> None:
    """``leaf.totals``: the stated totals are amounts times the list's prices; not required without a list."""
    account = user.account
    if assets is None or account is None:
        reason = say("zkmerkle.totals_no_list" if assets is None else "zkmerkle.hash_impossible")
        checks.add(Check("leaf.totals", Outcome.NOT_CHECKED, reason, required=False))
        return
    made = totals(account, assets)
    pairs = [(account.equity, made.equity), (account.debt, made.debt), (account.collateral, made.collateral)]
    wrong = next(((stated, found) for stated, found in pairs if stated != found), None)
    if wrong is None:
        checks.passed("leaf.totals", say("zkmerkle.totals_ok"), private=True)
        return
    checks.failed("leaf.totals", say("zkmerkle.totals_bad"), expected=str(wrong[1]), seen=str(wrong[0]), private=True)


def _nothing(stated: int | None) -> UserJudged:
    return UserJudged(account=None, siblings=(), leaf=None, nodes=(), shape=None, root=None, stated=stated, holds=False)


def _leaf_range(checks: Checks, user: UserFile, slots: int) -> Account | None:
    identity = hex_element(user.identity)
    problem: Message | None = None
    if identity is None:
        problem = say("zkmerkle.identity_range")
    elif any(not 0 <= value < SCALAR_FIELD for value in (user.equity, user.debt, user.collateral or 0)):
        problem = say("zkmerkle.totals_range")
    elif any(not 0 <= amount < AMOUNT_LIMIT for one in user.holdings for amount in one.amounts):
        problem = say("zkmerkle.amount_range")
    elif any(not 0 <= one.index < slots for one in user.holdings):
        problem = say("zkmerkle.asset_range", slots=slots)
    elif len(user.holdings) > slots:
        problem = say("zkmerkle.too_many_assets", count=len(user.holdings), slots=slots)
    if identity is None or problem is not None:
        checks.failed("leaf.range", problem or say("zkmerkle.identity_range"), private=True)
        return None
    checks.passed("leaf.range", say("zkmerkle.leaf_range_ok"))
    return Account(
        identity=identity,
        equity=user.equity,
        debt=user.debt,
        collateral=user.collateral,
        holdings=user.holdings,
    )


def _leaf_order(checks: Checks, user: UserFile) -> bool:
    indexes = [one.index for one in user.holdings]
    ordered = all(left < right for left, right in pairwise(indexes))
    if ordered:
        checks.passed("leaf.order", say("zkmerkle.order_ok"))
    else:
        checks.failed("leaf.order", say("zkmerkle.order_bad"), private=True)
    return ordered


def _leaf_solvent(checks: Checks, user: UserFile) -> None:
    if user.collateral is None:
        if user.debt > user.equity:
            checks.failed("leaf.solvent", say("zkmerkle.solvent_equity"), private=True)
            return
    elif user.debt > user.collateral:
        checks.failed("leaf.solvent", say("zkmerkle.solvent_collateral"), private=True)
        return
    elif any(one.loan + one.margin + one.portfolio > one.equity for one in user.holdings):
        checks.failed("leaf.solvent", say("zkmerkle.solvent_asset"), private=True)
        return
    checks.passed("leaf.solvent", say("zkmerkle.solvent_ok"))


def _path_range(checks: Checks, user: UserFile) -> tuple[tuple[int, ...] | None, int | None]:
    right_length = len(user.siblings) == DEPTH
    if right_length:
        checks.passed("path.length", say("zkmerkle.length_ok", depth=DEPTH))
    else:
        seen = str(len(user.siblings))
        checks.failed("path.length", say("zkmerkle.length_bad", depth=DEPTH), expected=str(DEPTH), seen=seen)
    stated = hex_element(user.root)
    found = [base64_element(text) for text in user.siblings]
    siblings = tuple(one for one in found if one is not None)
    if not 0 <= user.index < INDEX_LIMIT:
        checks.failed("path.range", say("zkmerkle.index_range"), private=True)
        return None, stated
    if stated is None:
        checks.failed("path.range", say("zkmerkle.root_range"))
        return None, stated
    if len(siblings) != len(found):
        level = next(at for at, one in enumerate(found) if one is None)
        checks.failed("path.range", say("zkmerkle.sibling_range", level=level))
        return None, stated
    checks.passed("path.range", say("zkmerkle.path_range_ok"))
    return (siblings if right_length else None), stated


def _hashes(
    checks: Checks,
    user: UserFile,
    account: Account,
    siblings: tuple[int, ...],
    stated: int,
    round_shape: Shape | None,
    progress: Progress,
) -> UserJudged:
    leaf: int | None
    shape = None
    if account.collateral is not None:
        leaf = collateral_leaf(account, account.collateral)
    elif round_shape is not None:
        shape, leaf = round_shape, pair_leaf(account, round_shape)
    else:
        progress.stage(say("zkmerkle.progress.slots"))
        shape = find_shape(account, user.index, siblings, stated, hint=None, progress=progress)
        leaf = None if shape is None else pair_leaf(account, shape)
    nodes = () if leaf is None else tuple(path_nodes(leaf, user.index, siblings))
    root = nodes[-1] if nodes else None
    expected, seen = element_hex(stated), None if root is None else element_hex(root)
    if root == stated:
        checks.passed("leaf.hash", say("zkmerkle.leaf_ok"))
        checks.passed("path.hash", say("zkmerkle.path_ok"), expected=expected, seen=seen)
    else:
        hint = "zkmerkle.path_no_slots" if leaf is None else "zkmerkle.path_bad"
        hint = "zkmerkle.path_bad_collateral" if account.collateral is not None else hint
        checks.not_checked("leaf.hash", say("zkmerkle.leaf_by_path"))
        checks.failed("path.hash", say(hint), expected=expected, seen=seen)
    return UserJudged(
        account=account,
        siblings=siblings,
        leaf=leaf,
        nodes=nodes,
        shape=shape,
        root=root,
        stated=stated,
        holds=root == stated,
    )
