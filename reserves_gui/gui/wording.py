"""The headline of a verdict and what it does not show: one sentence each, never more than was checked."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reserves_gui.gui.words import Words
from reserves_gui.messages import catalogue, visible
from reserves_gui.verdict import Claim, LeafIdentity, Outcome, State, Verdict

if TYPE_CHECKING:
    from reserves_gui.services.formats import FormatInfo


_NOBODY = {"Generic", "merkletools"}
"""Formats that anybody may use stand under these names."""


@dataclass(frozen=True, slots=True)
class Headline:
    """``sentence`` states what was proven or what failed; ``not_shown`` completes “This does not show …”."""

    sentence: str
    not_shown: str


def headline(verdict: Verdict, words: Words) -> Headline:
    """The headline of ``verdict``."""
    if verdict.state is State.FAILED:
        return Headline(_failed(verdict, words), words("window.not_shown.failed"))
    if verdict.claim("tree") is not None:
        return _tree(verdict, words)
    states = {claim.id: claim.state for claim in verdict.claims}
    exchange = publisher(verdict, words)
    if "leaf" not in states and states.get("proof") is State.VERIFIED:
        sentence = words("window.headline.proof", exchange=exchange)
        return Headline(sentence, words("window.not_shown.proof"))
    if verdict.state is State.VERIFIED:
        opaque = verdict.guarantees is None or verdict.guarantees.leaf_identity is not LeafIdentity.RECOMPUTED
        shown = "window.not_shown.included_opaque" if opaque else "window.not_shown.included"
        return Headline(_included(verdict, words), words(shown, exchange=exchange))
    if states.get("leaf") is State.VERIFIED and states.get("path") is State.VERIFIED:
        return Headline(words("window.headline.own_root"), words("window.not_shown.own_root", exchange=exchange))
    if states.get("path") is State.VERIFIED:
        return Headline(words("window.headline.path_only"), words("window.not_shown.path_only", exchange=exchange))
    return Headline(words("window.headline.undecided"), words("window.not_shown.undecided", exchange=exchange))


def publisher(verdict: Verdict, words: Words) -> str:
    """Who published it; formats that belong to nobody name nobody."""
    return words("window.publisher") if verdict.exchange in _NOBODY else visible(verdict.exchange)


def _included(verdict: Verdict, words: Words) -> str:
    exchange = visible(verdict.exchange)
    if verdict.exchange in _NOBODY:
        return words("window.headline.included_unnamed")
    time = words.time(verdict.snapshot.time)
    # Some formats date a snapshot by a number that people do not read as a time.
    if time == visible(verdict.snapshot.time or ""):
        return words("window.headline.included", exchange=exchange)
    return words("window.headline.included_at", exchange=exchange, time=time)


def _tree(verdict: Verdict, words: Words) -> Headline:
    exchange = publisher(verdict, words)
    tree = verdict.claim("tree")
    root = verdict.claim("root")
    if tree is None or tree.state is not State.VERIFIED:
        return Headline(words("window.headline.tree_undecided"), words("window.not_shown.undecided", exchange=exchange))
    shown = "window.not_shown.tree"
    if root is not None and root.state is State.VERIFIED:
        shown = "window.not_shown.tree_published"
    leaves = (verdict.leaf_count or 0) - (verdict.padding_leaves or 0)
    if leaves > 0:
        sentence = words("window.headline.tree_count", count=leaves, exchange=exchange)
    else:
        sentence = words("window.headline.tree", exchange=exchange)
    return Headline(sentence, words(shown, exchange=exchange))


def _failed(verdict: Verdict, words: Words) -> str:
    claim = next(claim for claim in verdict.claims if claim.state is State.FAILED)
    check = next(check for check in claim.checks if check.outcome is Outcome.FAILED)
    key = f"window.headline.failed.{check.id}"
    if key not in catalogue("en"):
        key = f"window.headline.failed.{claim.id}"
    if key not in catalogue("en"):
        return words.render(check.reason)
    said = words(key, exchange=publisher(verdict, words))
    return f"{said[:1].upper()}{said[1:]}"


def list_headline(verdict: Verdict, words: Words) -> str:
    """The headline of a wallet list: how many rows are proven and how many failed, else what failed."""
    from reserves_gui.services.report_view import headline as counted

    said = counted(verdict)
    failed = verdict.state is State.FAILED and not said.key.startswith("report.headline.")
    return _failed(verdict, words) if failed else words.render(said)


def ordered_claims(verdict: Verdict) -> tuple[Claim, ...]:
    """Failed claims first, the rest in the contract's order; coverage closes the list, looked at or not."""
    claims = verdict.claims
    if all(claim.id != "coverage" for claim in claims):
        claims = (*claims, Claim("coverage", ()))
    return tuple(sorted(claims, key=lambda claim: claim.state is not State.FAILED))


def format_line(info: "FormatInfo | None", verdict: Verdict, words: Words) -> str:
    """What kind of file it is, in a few words."""
    if info is None:
        return visible(verdict.format)
    return words(f"window.family.{info.family}")
