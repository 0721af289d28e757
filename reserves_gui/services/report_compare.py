"""What a report says against what the same evidence gives now, result by result."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reserves_gui.messages import Argument, Message, say
from reserves_gui.report.model import Disclosure, Report
from reserves_gui.report.wallet_rows import wallet_rows
from reserves_gui.services.looked_list import looks_of
from reserves_gui.verdict import Check, Outcome, State, Verdict

# What the chain can change in the judgement of a list's rows: those that owner accounts signed for.
_BY_OWNERS = frozenset({"ownership.owner_link", "ownership.signatures"})
_SIGNED_ALONE = ("signature_only", "unsupported")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``file`` (the hashes), ``signature``, ``evidence`` (there?), or ``result`` (the same?)."""

    id: str
    outcome: Outcome
    reason: Message


@dataclass(frozen=True, slots=True)
class Compared:
    findings: tuple[Finding, ...]
    checks: int


def compared_results(report: Report, again: Verdict, missing: Sequence[str]) -> Compared:
    """Every result of the report against the one of this run, in the order of the report."""
    values = report.disclosure is Disclosure.FULL
    before, after = dict(_results(report.verdict, values=values)), dict(_results(again, values=values))
    findings = []
    for what in (*before, *(name for name in after if name not in before)):
        old, new = before.get(what, "–"), after.get(what, "–")
        if old == new:
            continue
        if missing:
            findings.append(Finding("result.same", Outcome.NOT_CHECKED, say("report.again.not_compared", what=what)))
        else:
            reason = say("report.again.different", what=what, before=old, after=new)
            findings.append(Finding("result.same", Outcome.FAILED, reason))
    count = sum(1 for _ in checks_of(again))
    if not findings:
        findings.append(Finding("result.same", Outcome.PASSED, say("report.again.same", count=count)))
    elif missing:
        findings.append(needs(missing))
    return Compared(tuple(findings), count)


def _results(verdict: Verdict, *, values: bool) -> Iterator[tuple[Argument, Argument]]:
    """Names and texts of everything a run came to; ``values``: also the amounts and hashes that were compared."""
    yield say("report.fact.verdict"), _state(verdict.state)
    yield say("report.fact.format"), verdict.format
    yield say("report.fact.root"), verdict.root or "–"
    for asset, amount in (verdict.total or {}).items():
        yield say("report.what.total", asset=asset), amount
    if values:
        for asset, amount in verdict.balances.items():
            yield say("report.what.balance", asset=asset), amount
    for claim in verdict.claims:
        yield say("report.what.claim", claim=Message(f"report.claim.{claim.id}")), _state(claim.state)
    yield from _row_results(verdict)
    seen: dict[str, int] = {}
    for check in checks_of(verdict):
        # A pooled run makes a check once for each proof.
        seen[check.id] = seen.get(check.id, 0) + 1
        name = check.id if seen[check.id] == 1 else f"{check.id} ({seen[check.id]})"
        outcome = Message(f"report.outcome.{check.outcome.value}")
        compared = [one for one in (check.expected, check.seen) if one is not None] if values else []
        yield name, (outcome, *(say("report.stored", text=one) for one in compared))


def _state(state: State) -> Message:
    return Message(f"report.state.{state.value}")


def _row_results(verdict: Verdict) -> Iterator[tuple[Argument, Argument]]:
    """Of a wallet list: how many rows came to which state, and which rows failed."""
    rows = wallet_rows(verdict)
    for state, count in rows.states.items():
        yield say("report.what.rows", state=Message(f"row.state.{state}")), count
    for failure in rows.failures:
        yield say("report.what.row", line=failure.line, address=failure.address), failure.reason


def checks_of(verdict: Verdict) -> Iterator[Check]:
    for one in (verdict, *verdict.proofs):
        for claim in one.claims:
            yield from claim.checks


def needs(missing: Sequence[str]) -> Finding:
    return Finding("result.values", Outcome.NOT_CHECKED, say("report.again.needs", names=", ".join(missing)))


def liabilities_only(before: Verdict, again: Verdict) -> Verdict:
    """The part of a verdict on coverage that files alone can give again."""
    names = {claim.id for claim in again.claims}
    return replace(
        before,
        format=again.format,
        decisive=again.decisive,
        claims=tuple(claim for claim in before.claims if claim.id in names),
    )


def list_only(report: Report, again: Verdict) -> tuple[Report, Verdict, list[Finding]]:
    """The parts of both verdicts over a list that the list alone gives, and a remark where some were left out."""
    before = report.verdict
    kept = {"ownership"} if looks_of(before) or before.claim("coverage") is not None else {"ownership", "balances"}
    before, again = (
        replace(one, claims=tuple(claim for claim in one.claims if claim.id in kept)) for one in (before, again)
    )
    if _owner_link(before) is _owner_link(again):
        return replace(report, verdict=before), again, []
    # Rows that owner accounts signed for were settled, or failed, by what the chain showed of them.
    failures = {(one.line, one.address) for one in wallet_rows(again).failures}
    before, again = (_without_owners(one, failures) for one in (before, again))
    remark = Finding("file.remark", Outcome.NOT_CHECKED, say("report.look.owners"))
    return replace(report, verdict=before), again, [remark]


def _owner_link(verdict: Verdict) -> Outcome | None:
    return next((one.outcome for one in checks_of(verdict) if one.id == "ownership.owner_link"), None)


def _without_owners(verdict: Verdict, failures: Collection[tuple[int, str]]) -> Verdict:
    rows = verdict.extra.get("rows")
    listed = verdict.extra.get("failures")
    extra = {
        **verdict.extra,
        "rows": {name: rows[name] for name in _SIGNED_ALONE if name in rows} if isinstance(rows, Mapping) else {},
        "failures": [
            one
            for one in (listed if isinstance(listed, (list, tuple)) else ())
            if isinstance(one, Mapping) and (one.get("line"), one.get("address")) in failures
        ],
    }
    claims = tuple(
        replace(claim, checks=tuple(one for one in claim.checks if one.id not in _BY_OWNERS))
        for claim in verdict.claims
    )
    return replace(verdict, claims=claims, extra=extra, proofs=())
