"""The one sentence on top: what was shown or what failed, never more (visual.md section 7)."""

from reserves_gui.messages import Message, say
from reserves_gui.report.wallet_rows import wallet_rows
from reserves_gui.verdict import Check, Claim, Outcome, State, Verdict


def headline(verdict: Verdict) -> Message:
    """What the run amounts to in one sentence."""
    rows = wallet_rows(verdict)
    if rows.total:
        failed = rows.states.get("failed", 0)
        counts = {"verified": rows.states.get("verified", 0), "rows": rows.total}
        if failed:
            return say("report.headline.wallets_failed", failed=failed, **counts)
        if verdict.state is not State.FAILED:
            return say("report.headline.wallets", **counts)
    if verdict.state is State.FAILED:
        return first_failed(verdict).reason
    if "coverage" in verdict.decisive:
        if verdict.state is State.VERIFIED:
            return say("report.headline.coverage_verified", exchange=verdict.exchange)
        return say("report.headline.coverage_undecided", exchange=verdict.exchange)
    states = {claim.id: claim.state for claim in verdict.claims}
    if states.get("path") is State.VERIFIED and states.get("leaf") is State.VERIFIED:
        return _on_path(verdict, states)
    if states.get("tree") is State.VERIFIED:
        return _on_tree(verdict, states)
    if verdict.state is State.VERIFIED:
        return say("report.headline.verified", exchange=verdict.exchange)
    return say("report.headline.undecided", exchange=verdict.exchange)


def first_failed(verdict: Verdict) -> Check:
    """The failed check that comes first in the order of the claims."""
    return next(check for claim in verdict.claims for check in claim.checks if check.outcome is Outcome.FAILED)


def failed_first(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """Failed claims on top, the rest in the contract's order."""
    return tuple(sorted(claims, key=lambda claim: claim.state is not State.FAILED))


def _on_path(verdict: Verdict, states: dict[str, State]) -> Message:
    if states.get("root") is not State.VERIFIED:
        return say("report.headline.own_root", exchange=verdict.exchange)
    if verdict.snapshot.time:
        return say("report.headline.included_at", exchange=verdict.exchange, time=shown_time(verdict.snapshot.time))
    return say("report.headline.included", exchange=verdict.exchange)


def _on_tree(verdict: Verdict, states: dict[str, State]) -> Message:
    count = verdict.leaf_count
    if verdict.state is State.VERIFIED:
        return say("report.headline.tree_own", exchange=verdict.exchange)
    if states.get("root") is State.VERIFIED:
        return say("report.headline.tree_published", exchange=verdict.exchange)
    if count is None:
        return say("report.headline.tree", exchange=verdict.exchange)
    return say("report.headline.tree_count", exchange=verdict.exchange, count=count)


def shown_time(text: str) -> str:
    """An ISO 8601 time in UTC as ``2026-10-31 00:00 UTC``; any other text as it stands."""
    date, mark, clock = text.partition("T")
    if mark and len(date) == 10 and clock.endswith(("Z", "+00:00")) and len(clock) >= 6:
        seconds = clock[5:8]
        return f"{date} {clock[:5] if seconds in ('Z', '+00', ':00') else clock[:8]} UTC"
    return text
