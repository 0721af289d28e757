"""Compared rows as checks of the claim ``balances`` and as the figures of the JSON object."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from reserves_gui.amounts import add, scaled, stripped
from reserves_gui.chain.port import OutputSeen, Seen
from reserves_gui.messages import Message, arguments_data, render, say
from reserves_gui.services.agreement import Compared, RowAnswer
from reserves_gui.services.claimed import Against
from reserves_gui.services.listed import listed_total
from reserves_gui.services.outputs import ComparedOutput
from reserves_gui.services.probed import SourceReport, sources_json
from reserves_gui.verdict import Check, Claim, Outcome

_FAILURES_LISTED = 10_000
_OUTPUT_DECIMALS = 8


def claim_of(
    rows: Sequence[Compared], reports: Sequence[SourceReport], outputs: Sequence[ComparedOutput] = ()
) -> Claim:
    """The claim ``balances`` with its three checks, and one more where rows name single outputs."""
    unspent = (_unspent(outputs),) if outputs else ()
    return Claim("balances", (_chain(reports), _sources(rows), _amounts(rows), *unspent))


def _chain(reports: Sequence[SourceReport]) -> Check:
    """The right network, not stale: of every source that was named."""
    bad = [report for report in reports if report.problem is not None]
    good = [report for report in reports if report.problem is None]
    if not reports:
        return Check("balances.chain", Outcome.NOT_CHECKED, say("balances.chain.none"))
    if bad and good:
        # What is left decides by itself: a row with one source less is a single_source row.
        names = ", ".join(report.name for report in bad)
        message = say("balances.chain.some", names=names, reason=_problems(bad))
        return Check("balances.chain", Outcome.PASSED, message)
    if bad:
        return Check("balances.chain", Outcome.NOT_CHECKED, say("balances.chain.bad", reason=_problems(bad)))
    chains = ", ".join(sorted({report.chain or "" for report in good}))
    return Check("balances.chain", Outcome.PASSED, say("balances.chain.good", count=len(good), chains=chains))


def _problems(reports: Sequence[SourceReport]) -> tuple[Message, ...]:
    return tuple(dict.fromkeys(report.problem for report in reports if report.problem is not None))


def _sources(rows: Sequence[Compared]) -> Check:
    counts = Counter(row.answer for row in rows)
    decided = sum(row.decided for row in rows)
    if not rows:
        return Check("balances.sources", Outcome.NOT_CHECKED, say("balances.sources.none"))
    if decided == len(rows):
        key = "balances.sources.all" if counts[RowAnswer.AGREE] == len(rows) else "balances.sources.own"
        return Check("balances.sources", Outcome.PASSED, say(key, rows=len(rows), agree=counts[RowAnswer.AGREE]))
    message = say(
        "balances.sources.some",
        decided=decided,
        rows=len(rows),
        differ=counts[RowAnswer.DIFFER],
        single=counts[RowAnswer.SINGLE_SOURCE],
        unknown=counts[RowAnswer.UNKNOWN],
        unsupported=counts[RowAnswer.UNSUPPORTED],
    )
    return Check("balances.sources", Outcome.PARTIAL if decided else Outcome.NOT_CHECKED, message)


def _amounts(rows: Sequence[Compared]) -> Check:
    """Seen against listed: one decided row that holds less than it lists fails the claim."""
    less = [row for row in rows if row.against is Against.LESS]
    held = sum(row.against in (Against.HOLDS, Against.MORE, Against.ROUNDED) for row in rows)
    rounded = sum(row.against is Against.ROUNDED for row in rows)
    if less:
        first = less[0]
        line = first.listed.together
        listed = first.listed.amount if line is None else line.figure.amount
        seen = first.seen if line is None else first.together
        return Check(
            "balances.amount",
            Outcome.FAILED,
            say("balances.amount.less", count=len(less), rows=len(rows), line=first.listed.line),
            expected=None if listed is None else stripped(listed),
            seen=None if seen is None else stripped(seen),
        )
    if rows and held == len(rows):
        more = sum(row.against is Against.MORE for row in rows)
        key = "balances.amount.all_rounded" if rounded else "balances.amount.all"
        message = Message(key, {"rows": len(rows), "more": more} | ({"rounded": rounded} if rounded else {}))
        return Check("balances.amount", Outcome.PASSED, message)
    if rows and all(row.listed.amount is None and row.listed.together is None for row in rows):
        return Check("balances.amount", Outcome.NOT_CHECKED, say("balances.amount.nothing_listed", rows=len(rows)))
    message = say("balances.amount.some", held=held, rows=len(rows))
    return Check("balances.amount", Outcome.PARTIAL if held else Outcome.NOT_CHECKED, message)


def _unspent(outputs: Sequence[ComparedOutput]) -> Check:
    """One output that two sources show otherwise than the proof has it fails the claim."""
    check_id, count = "balances.unspent", len(outputs)
    failed = [one for one in outputs if one.holds is False]
    held = sum(one.holds is True for one in outputs)
    if failed:
        reason = say("balances.unspent.failed", count=len(failed), outputs=count, reason=failed[0].reason)
        return Check(check_id, Outcome.FAILED, reason)
    if held == count:
        return Check(check_id, Outcome.PASSED, say("balances.unspent.all", outputs=count))
    reason = next(one.reason for one in outputs if one.holds is None)
    message = say("balances.unspent.some", held=held, outputs=count, reason=reason)
    return Check(check_id, Outcome.PARTIAL if held else Outcome.NOT_CHECKED, message)


def extra_of(
    rows: Sequence[Compared],
    reports: Sequence[SourceReport],
    outputs: Sequence[ComparedOutput] = (),
    *,
    requests: int,
    budget: int,
) -> dict[str, Any]:
    """The additions to the JSON object: row counts, failures, figures per asset, provenance of every number."""
    counts = Counter(row.answer for row in rows)
    failures = [_failure(row) for row in rows if row.against is Against.LESS or not row.decided]
    failures += [_output_failure(one) for one in outputs if not one.holds]
    return {
        "rows": {answer.value: counts[answer] for answer in RowAnswer},
        "failures": failures[:_FAILURES_LISTED],
        "assets": assets_of(rows),
        **sources_json(reports, requests=requests, budget=budget),
        "observations": [_observation(row, one) for row in rows for one in row.observations],
        **({"outputs": _outputs(outputs)} if outputs else {}),
    }


def output_counts(outputs: Sequence[ComparedOutput]) -> dict[str, int]:
    """How many outputs were seen unspent as the proof has them, seen otherwise, or left open."""
    counts = Counter(one.holds for one in outputs)
    return {"unspent": counts[True], "failed": counts[False], "open": counts[None]}


def _outputs(outputs: Sequence[ComparedOutput]) -> dict[str, Any]:
    return {
        **output_counts(outputs),
        "observations": [output_json(seen) for one in outputs for seen in one.observations],
    }


def output_json(seen: OutputSeen) -> dict[str, Any]:
    """What one source said of one output; ``amount`` in coin units."""
    found = seen.found
    amount = None if found is None or found.amount is None else stripped(scaled(found.amount, _OUTPUT_DECIMALS))
    return {
        "chain": seen.chain,
        "output": str(seen.outpoint),
        "source": seen.speaker.name,
        "fate": None if found is None else found.fate.value,
        "amount": amount,
        "created": None if found is None else found.created,
        "spent": None if found is None else found.spent,
        "height": seen.height,
        "block_hash": seen.block_hash,
        "asked_at": seen.asked_at,
        "reason": None if seen.reason is None else render(seen.reason),
    }


def _output_failure(one: ComparedOutput) -> dict[str, Any]:
    return {
        "line": one.listed.line,
        "coin": one.listed.coin,
        "address": one.listed.address,
        "state": "failed" if one.holds is False else one.answer.value,
        **_said(one.reason),
        "code": None,
    }


def _said(reason: Message) -> dict[str, object]:
    """A reason as a row that failed carries it: a sentence, and what it can be said from again in another language."""
    return {"reason": render(reason), "key": reason.key, "args": arguments_data(reason)}


def _failure(row: Compared) -> dict[str, Any]:
    return {
        "line": row.listed.line,
        "coin": row.listed.coin,
        "address": row.listed.address,
        "state": row.answer.value,
        **_said(row.reason),
        "code": None if row.code is None else row.code.value,
    }


def assets_of(rows: Sequence[Compared]) -> dict[str, Any]:
    """Per asset: the listed sum, each source's sum where it answered for every row, the height, and whether all agree.

    An address that is listed twice counts once in what was seen, and a row that is repeated counts once in the list.
    """
    by_asset: dict[str, list[Compared]] = {}
    for row in rows:
        by_asset.setdefault(row.listed.asset, []).append(row)
    return {asset: _asset(group) for asset, group in by_asset.items()}


def _asset(group: Sequence[Compared]) -> dict[str, Any]:
    listed = listed_total(row.listed for row in group)
    seen: dict[str, Decimal] = {}
    missing: Counter[str] = Counter()
    counted: set[tuple[str, str, str]] = set()
    heights: dict[str, int] = {}
    for row in group:
        for one in row.observations:
            name = one.speaker.name
            key = (name, one.chain, one.address)
            if one.height is not None:
                heights[one.chain] = one.height
            if one.outcome is not Seen.SEEN or one.coins is None:
                missing[name] += 1
            elif key not in counted:
                counted.add(key)
                seen[name] = add(seen.get(name, Decimal(0)), one.coins)
    figures = set(heights.values())
    return {
        "listed": None if listed is None else stripped(listed),
        "seen": {name: stripped(amount) for name, amount in seen.items() if not missing[name]},
        "missing": dict(missing),
        "height": next(iter(figures)) if len(figures) == 1 else None,
        "heights": heights,
        "agree": all(row.answer is RowAnswer.AGREE for row in group),
    }


def _observation(row: Compared, one: Any) -> Mapping[str, Any]:
    return {
        "line": row.listed.line,
        "chain": one.chain,
        "asset": one.asset,
        "address": one.address,
        "source": one.speaker.name,
        "outcome": one.outcome.value,
        "amount": None if one.coins is None else stripped(one.coins),
        "height": one.height,
        "block_hash": one.block_hash,
        "how": one.how.value,
        "asked_at": one.asked_at,
        "kept": one.kept,
        "reason": None if one.reason is None else render(one.reason),
    }
