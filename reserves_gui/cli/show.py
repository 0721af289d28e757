"""A verdict as readable text in a terminal."""

from collections.abc import Collection, Mapping, Sequence

from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.messages import Message, say
from reserves_gui.services.results import stored_message
from reserves_gui.verdict import Check, Guarantees, Outcome, State, Verdict

# A round may list 500 assets; --json and reports hold them all.
_SHOWN_ASSETS = 24
_SHOWN_ROWS = 20
_GLYPHS = {State.VERIFIED: "✔", State.FAILED: "✘", State.UNDECIDED: "?"}
_STYLES = {State.VERIFIED: "green", State.FAILED: "bold red", State.UNDECIDED: "yellow"}
_OUTCOMES = {Outcome.PASSED: "✔", Outcome.FAILED: "✘", Outcome.PARTIAL: "◐", Outcome.NOT_CHECKED: "–"}


def show_verdict(verdict: Verdict, terminal: Terminal, *, limits: str = "show.limits") -> None:
    """Headline, facts, one line a claim with its checks, what the format can prove; ``limits``: the closing words."""
    terminal.line(_words(f"show.verdict.{verdict.state}"), _STYLES[verdict.state])
    _facts(verdict, terminal)
    for warning in verdict.warnings:
        terminal.item("!", render(warning), "yellow")
    terminal.line()
    for claim in sorted(verdict.claims, key=lambda one: one.state is not State.FAILED):
        name = _words(f"show.claim.{claim.id}")
        state = _words(f"show.state.{claim.state}")
        terminal.item(_GLYPHS[claim.state], f"{name}: {state}", _STYLES[claim.state])
        for check in claim.checks:
            _check(check, terminal)
    if verdict.guarantees is not None:
        _guarantees(verdict.guarantees, terminal)
    for note in verdict.notes:
        terminal.item("·", render(note), indent=2)
    terminal.line()
    terminal.line(_words(limits), "dim")


def _guarantees(guarantees: Guarantees, terminal: Terminal) -> None:
    terminal.line()
    terminal.line(_words("show.guarantees"), "bold")
    for name in ("sum_binding", "negative_balances", "leaf_identity"):
        terminal.item("·", _words(f"guarantee.{name}.{getattr(guarantees, name)}"), indent=2)
    terminal.item("·", render(say("guarantee.hash_bits", bits=guarantees.hash_bits)), indent=2)
    for name in ("domain_separation", "per_asset"):
        answer = "yes" if getattr(guarantees, name) else "no"
        terminal.item("·", _words(f"guarantee.{name}.{answer}"), indent=2)


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
        rows.append((_words("show.total"), _amounts(verdict.total, verdict.balances)))
    if verdict.leaf_count is not None:
        rows.append((_words("show.leaf_count"), str(verdict.leaf_count)))
    if verdict.leaves:
        rows.append((_words("show.leaves"), ", ".join(str(leaf) for leaf in verdict.leaves[:20])))
    terminal.facts(rows)


def _check(check: Check, terminal: Terminal) -> None:
    style = "red" if check.outcome is Outcome.FAILED else None
    terminal.item(_OUTCOMES[check.outcome], f"{check.id}  {render(check.reason)}", style, indent=2)
    if check.outcome is Outcome.FAILED:
        for name, value in (("expected", check.expected), ("seen", check.seen)):
            if value is not None:
                terminal.item(" ", f"{_words(f'show.{name}')}  {value}", indent=2)


def _amounts(amounts: Mapping[str, str], first: Collection[str] = ()) -> str:
    """The amounts in one line: those of ``first`` before the others, and how many more there are beyond a screenful."""
    ordered = sorted(amounts, key=lambda asset: asset not in first)
    shown = ", ".join(f"{amounts[asset]} {asset}" for asset in ordered[:_SHOWN_ASSETS])
    more = len(ordered) - _SHOWN_ASSETS
    return shown if more <= 0 else f"{shown}, {render(say('show.more_assets', count=more))}"


def show_reasons(told: Sequence[Mapping[str, object]], count: int, terminal: Terminal) -> None:
    """The first of ``count`` rows of a list that have one state, each with its reason; nothing where there is none."""
    if not told:
        return
    terminal.line()
    names = ("line", "coin", "address")
    body = [(*(str(one[name]) for name in names), render(stored_message(one, "reason"))) for one in told[:_SHOWN_ROWS]]
    terminal.table([_words(f"show.rows.{name}") for name in (*names, "reason")], body, mono=(2,))
    if count > _SHOWN_ROWS:
        terminal.line(render(say("show.rows.more", count=count - _SHOWN_ROWS)))


def _words(key: str) -> str:
    return render(Message(key))
