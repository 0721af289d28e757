"""A verdict as readable text in a terminal."""

from collections.abc import Mapping

from reserves_gui.cli.terminal import Terminal
from reserves_gui.messages import Message, render, say
from reserves_gui.verdict import Check, Outcome, State, Verdict

_GLYPHS = {State.VERIFIED: "✔", State.FAILED: "✘", State.UNDECIDED: "?"}
_STYLES = {State.VERIFIED: "green", State.FAILED: "bold red", State.UNDECIDED: "yellow"}
_OUTCOMES = {Outcome.PASSED: "✔", Outcome.FAILED: "✘", Outcome.PARTIAL: "◐", Outcome.NOT_CHECKED: "–"}


def show_verdict(verdict: Verdict, terminal: Terminal) -> None:
    """Headline, facts, one line a claim with its checks, what the format can prove."""
    terminal.line(_words(f"show.verdict.{verdict.state}"), _STYLES[verdict.state])
    _facts(verdict, terminal)
    for warning in verdict.warnings:
        terminal.line(f"! {render(warning)}", "yellow")
    terminal.line()
    failed_first = sorted(verdict.claims, key=lambda claim: claim.state is not State.FAILED)
    for claim in failed_first:
        name = _words(f"show.claim.{claim.id}")
        state = _words(f"show.state.{claim.state}")
        terminal.line(f"{_GLYPHS[claim.state]} {name}: {state}", _STYLES[claim.state])
        for check in claim.checks:
            _check(check, terminal)
    if verdict.guarantees is not None:
        terminal.line()
        terminal.line(_words("show.guarantees"), "bold")
        terminal.line(f"  {_words(f'guarantee.sum_binding.{verdict.guarantees.sum_binding}')}")
        terminal.line(f"  {_words(f'guarantee.negative_balances.{verdict.guarantees.negative_balances}')}")
        terminal.line(f"  {_words(f'guarantee.leaf_identity.{verdict.guarantees.leaf_identity}')}")
        terminal.line(f"  {render(say('guarantee.hash_bits', bits=verdict.guarantees.hash_bits))}")
        for name in ("domain_separation", "per_asset"):
            answer = "yes" if getattr(verdict.guarantees, name) else "no"
            terminal.line(f"  {_words(f'guarantee.{name}.{answer}')}")
    for note in verdict.notes:
        terminal.line(f"  {render(note)}")


def _facts(verdict: Verdict, terminal: Terminal) -> None:
    rows = [(_words("show.format"), f"{verdict.format} ({verdict.exchange})")]
    snapshot = [
        part
        for part in (
            verdict.snapshot.id,
            verdict.snapshot.time,
            None if verdict.snapshot.height is None else str(verdict.snapshot.height),
        )
        if part
    ]
    if snapshot:
        rows.append((_words("show.snapshot"), ", ".join(snapshot)))
    if verdict.root:
        rows.append((_words("show.root"), verdict.root))
    if verdict.balances:
        rows.append((_words("show.balances"), _amounts(verdict.balances)))
    if verdict.total:
        rows.append((_words("show.total"), _amounts(verdict.total)))
    if verdict.leaf_count is not None:
        rows.append((_words("show.leaf_count"), str(verdict.leaf_count)))
    if verdict.leaves:
        rows.append((_words("show.leaves"), ", ".join(str(leaf) for leaf in verdict.leaves[:20])))
    terminal.table(("", ""), rows, mono=(1,))


def _check(check: Check, terminal: Terminal) -> None:
    terminal.line(f"    {_OUTCOMES[check.outcome]} {check.id}: {render(check.reason)}")
    if check.outcome is Outcome.FAILED:
        if check.expected is not None:
            terminal.line(f"        {_words('show.expected')} {check.expected}")
        if check.seen is not None:
            terminal.line(f"        {_words('show.seen')} {check.seen}")


def _amounts(amounts: Mapping[str, str]) -> str:
    return ", ".join(f"{amount} {asset}" for asset, amount in amounts.items())


def _words(key: str) -> str:
    return render(Message(key))
