"""Judging one user's sum path: every check that a sum tree's format allows (checks ``leaf``, ``path``, ``total``).

The root entry stands in the same file, so agreeing with it says nothing about what was published: the comparison with
a root from elsewhere is the caller's.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reserves_gui.amounts import stripped
from reserves_gui.merkle.entries import check_snapshot
from reserves_gui.merkle.numbers import Balances, BalanceText
from reserves_gui.merkle.scheme import IdRule, RootPlace, SideSource, SumEntry, SumProof, SumScheme
from reserves_gui.merkle.sum_walk import SumStep, SumWalk, level_at, per_coin, sums_text, walk
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.verdict import Check, Checks, Outcome

_UNSAFE = re.compile(r"[\s\"',{}\\\x00-\x1f\x7f]")
_HEX = re.compile(r"[0-9a-f]+", re.ASCII)
_ANY_HEX = re.compile(r"[0-9a-fA-F]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class SumJudgement:
    """What was recomputed and every check that was made on it."""

    walk: SumWalk
    checks: Checks


def judge(scheme: SumScheme, proof: SumProof, progress: Progress) -> SumJudgement:
    """Walk and check ``proof``. With several rule sets, the one that holds, or comes nearest (on a tie the first)."""
    best: SumJudgement | None = None
    best_score = -1
    for rules in scheme.rules:
        walked = walk(scheme, rules, proof, progress)
        checks = Checks()
        _check_leaf(checks, scheme, proof, walked)
        _check_path(checks, scheme, proof, walked)
        _check_total(checks, scheme, proof, walked)
        decisive = [check for check in checks if check.id in ("leaf.hash", "path.hash", "path.sibling_leaf")]
        score = sum(check.outcome is Outcome.PASSED for check in decisive)
        if not any(check.outcome is Outcome.FAILED for check in decisive):
            return SumJudgement(walked, checks)
        if score > best_score:
            best, best_score = SumJudgement(walked, checks), score
    if best is None:
        raise ValueError("a scheme needs at least one set of rules")
    return best


def id_problem(rule: IdRule, text: str) -> Message | None:
    """What is wrong with an id that goes into a leaf, if anything: a wrong shape lets a node pose as a leaf."""
    if not text or _UNSAFE.search(text):
        return say("mpath.id_text", key=rule.key)
    if rule.hex_digits is not None and (len(text) != rule.hex_digits or _HEX.fullmatch(text) is None):
        return say("mpath.id_hex", key=rule.key, digits=rule.hex_digits, seen=len(text))
    if rule.longest is not None and len(text) > rule.longest:
        return say("mpath.id_long", key=rule.key, longest=rule.longest, seen=len(text))
    if rule.never_hex is not None and len(text) == rule.never_hex and _ANY_HEX.fullmatch(text):
        return say("mpath.id_node", key=rule.key, digits=rule.never_hex)
    return None


def _check_leaf(checks: Checks, scheme: SumScheme, proof: SumProof, walked: SumWalk) -> None:
    problems = [problem for rule in scheme.ids if (problem := id_problem(rule, proof.own.ids.get(rule.key, "")))]
    if problems:
        checks.failed("leaf.id_shape", problems[0], private=True)
    else:
        checks.passed("leaf.id_shape", say("mpath.id_shape_ok"), private=True)
    stated = proof.own.hash
    if stated is None:
        reached = proof.root is not None and walked.root == proof.root.hash and bool(walked.steps)
        if reached:
            checks.passed("leaf.hash", say("mpath.leaf_through_root"), seen=walked.leaf, private=True)
        else:
            checks.not_checked("leaf.hash", say("mpath.leaf_not_reached"), seen=walked.leaf, private=True)
    elif stated == walked.leaf:
        reason = say("mpath.leaf_hash_ok", count=len(proof.own.balances or {}))
        checks.passed("leaf.hash", reason, expected=stated, seen=walked.leaf, private=True)
    else:
        checks.failed("leaf.hash", say("mpath.leaf_hash_bad"), expected=stated, seen=walked.leaf, private=True)


def _check_path(checks: Checks, scheme: SumScheme, proof: SumProof, walked: SumWalk) -> None:
    if not walked.steps or proof.root is None:
        checks.failed("path.length", say("mpath.length_bad"))
    else:
        checks.passed("path.length", say("mpath.length_ok", levels=len(walked.steps)))
    if proof.root is None or proof.root.hash is None:
        checks.not_checked("path.hash", say("mpath.no_root_entry"), seen=walked.root)
    elif proof.root.hash == walked.root:
        reason = say("mpath.path_hash_ok", levels=len(walked.steps))
        checks.passed("path.hash", reason, expected=proof.root.hash, seen=walked.root)
    else:
        level = level_at(scheme, proof, proof.depth)
        reason = say("mpath.path_hash_bad", level=level, place=proof.root.place)
        if scheme.keys.listed is not None:
            reason = say("mpath.path_hash_bad_listed", level=level, place=proof.root.place)
        checks.failed("path.hash", reason, expected=proof.root.hash, seen=walked.root)
    _collect(checks, "path.side", list(_side_problems(scheme, proof, walked)), say("mpath.side_ok"))
    if scheme.levels is not None:
        _collect(checks, "path.level", list(_level_problems(scheme, proof)), say("mpath.level_ok"))
    _check_sums(checks, scheme, walked)
    _check_sibling_leaf(checks, walked)
    _check_snapshot(checks, proof)


def _collect(checks: Checks, check_id: str, problems: list[Message], fine: Message) -> None:
    if not problems:
        checks.passed(check_id, fine)
    for problem in problems[:1]:
        checks.failed(check_id, problem)
    if len(problems) > 1:
        checks.failed(check_id, say("mpath.more_places", count=len(problems) - 1))


def _side_problems(scheme: SumScheme, proof: SumProof, walked: SumWalk) -> Iterable[Message]:
    rule = scheme.sides
    if scheme.keys.side_in_self and proof.own.side not in rule.own:
        yield say("mpath.side_value", place=proof.own.place, value=str(proof.own.side))
    if scheme.root is RootPlace.LAST and proof.root is not None and proof.root.side not in rule.root:
        yield say("mpath.side_value", place=proof.root.place, value=str(proof.root.side))
    for step in walked.steps:
        yield from _step_side_problems(scheme, step)
    first = proof.siblings[0] if proof.siblings else None
    if scheme.keys.side_in_self and first is not None:
        own_left, other_left = proof.own.side == rule.left, first.side == rule.left
        if own_left == other_left:
            yield say("mpath.side_self", own=proof.own.place, place=first.place)


def _step_side_problems(scheme: SumScheme, step: SumStep) -> Iterable[Message]:
    rule, sibling = scheme.sides, step.sibling
    if step.missing:
        if step.side.value == "right":
            yield say("mpath.side_missing_left", level=step.index)
        if sibling is None or rule.source is SideSource.CURRENT:
            return
        if scheme.absent_marker is not None and sibling.side != scheme.absent_marker:
            yield say("mpath.side_value", place=sibling.place, value=str(sibling.side))
        return
    if sibling is None:
        return
    if sibling.side not in rule.sibling:
        yield say("mpath.side_value", place=sibling.place, value=str(sibling.side))
    elif sibling.side == rule.padding and any(amount.value != 0 for amount in step.sibling_amounts.values()):
        yield say("mpath.side_padding", place=sibling.place)


def _level_problems(scheme: SumScheme, proof: SumProof) -> Iterable[Message]:
    entries: list[tuple[SumEntry | None, int]] = [(proof.own, level_at(scheme, proof, 0))]
    entries += [(sibling, level_at(scheme, proof, index)) for index, sibling in enumerate(proof.siblings)]
    if scheme.root is RootPlace.LAST:
        entries.append((proof.root, level_at(scheme, proof, proof.depth)))
    for entry, level in entries:
        if entry is not None and entry.level is not None and entry.level != level:
            yield say("mpath.level_bad", place=entry.place, stated=entry.level, level=level)
    for stray in proof.strays:
        yield say("mpath.level_stray", place=stray.place, stated=stray.level or 0, depth=proof.depth)


def _check_sums(checks: Checks, scheme: SumScheme, walked: SumWalk) -> None:
    problems: list[Message] = []
    for step in walked.steps:
        if step.problem is not None:
            problems.append(say("mpath.sum_bad", level=step.index))
            problems.append(step.problem)
        repeats = step.sibling is not None and not step.missing and step.sibling.hash == step.node
        if repeats and not step.padding and scheme.hash.digits == len(step.node):
            problems.append(say("mpath.sum_repeated", level=step.index))
    for problem in problems:
        checks.failed("path.sum", problem)
    if walked.steps and not problems:
        checks.passed("path.sum", say("mpath.sum_ok", levels=len(walked.steps)))


def _check_sibling_leaf(checks: Checks, walked: SumWalk) -> None:
    sibling = walked.steps[0].sibling if walked.steps else None
    if walked.sibling_leaf is None or sibling is None:
        return
    values = {"expected": sibling.hash, "seen": walked.sibling_leaf}
    if sibling.hash == walked.sibling_leaf:
        checks.passed("path.sibling_leaf", say("mpath.sibling_leaf_ok"), private=True, **values)
    else:
        checks.failed("path.sibling_leaf", say("mpath.sibling_leaf_bad", place=sibling.place), private=True, **values)


def _check_snapshot(checks: Checks, proof: SumProof) -> None:
    entries = [proof.own, *(sibling for sibling in proof.siblings if sibling), *proof.strays]
    if proof.root is not None:
        entries.append(proof.root)
    check_snapshot(checks, [(entry.place, entry.snapshot) for entry in entries])


def _check_total(checks: Checks, scheme: SumScheme, proof: SumProof, walked: SumWalk) -> None:
    stated = None if proof.root is None or proof.root.balances is None else per_coin(scheme, proof.root.balances)
    if stated is None:
        checks.not_checked("total.bound", say("mpath.total_not_stated"))
    else:
        _check_bound(checks, scheme, proof, walked, stated)
    entries = [proof.own, *(sibling for sibling in proof.siblings if sibling), *proof.strays]
    if proof.root is not None:
        entries.append(proof.root)
    negative = [
        (entry, coin, amount.text)
        for entry in entries
        for coin, amount in (entry.balances or {}).items()
        if amount.value < 0
    ]
    for entry, coin, text in negative:
        near = entry is proof.own or (bool(proof.siblings) and entry is proof.siblings[0])
        reason = say("mpath.negative", place=entry.place, coin=coin)
        checks.failed("total.negative", reason, seen=text, private=near)
    if not negative:
        checks.passed("total.negative", say("mpath.negative_none", count=len(entries)))
    checks.add(Check("total.pooled", Outcome.NOT_CHECKED, say("mpath.pooled_one"), required=False))


def _check_bound(checks: Checks, scheme: SumScheme, proof: SumProof, walked: SumWalk, stated: Balances) -> None:
    totals = walked.totals
    differing = [coin for coin in sorted({*stated, *totals}) if _value(stated, coin) != _value(totals, coin)]
    if not differing:
        checks.passed("total.bound", say("mpath.bound_ok", count=len(totals)))
        return
    coin = differing[0]
    reason = say("mpath.bound_bad", coin=coin, count=len(differing))
    rules = walked.rules
    if rules.node_text is BalanceText.JOINED and stated.keys() == totals.keys():
        same = sums_text(scheme, rules, proof, stated) == sums_text(scheme, rules, proof, totals)
        reason = say("mpath.bound_two_readings", coin=coin) if same else reason
    checks.failed("total.bound", reason, expected=_value(stated, coin), seen=_value(totals, coin))


def _value(amounts: Balances, coin: str) -> str:
    return stripped(amounts[coin].value) if coin in amounts else "0"
