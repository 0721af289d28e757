"""What follows from a series, in sentences: the same for the command line and the Over time page.

Nothing here judges: a p-value is always beside "unusual", labels are a third party's, and no payout is a promise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reserves_gui.amounts import ZERO, signed, stripped
from reserves_gui.history.dressing import Dressing
from reserves_gui.history.figures import DAY, HOUR, percent
from reserves_gui.history.liquidity import Basis, Liquidity
from reserves_gui.history.list_changes import ListChange
from reserves_gui.messages import Message, say
from reserves_gui.services.keeping import shown_time
from reserves_gui.services.over_time import LabelledParty, OverTime, SnapshotTest, WindowFlow

__all__ = ["Said", "Section", "said"]


class Section(StrEnum):
    """Under which heading a sentence stands."""

    FLOWS = "flows"
    SIGNS = "signs"
    LISTS = "lists"
    TESTS = "tests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One sentence. ``label`` stands before it, as the window of a flow. ``flagged``: something is out of the ordinary.
    ``beneath``: it explains the sentence before it.
    """

    section: Section
    message: Message
    label: Message | None = None
    flagged: bool = False
    beneath: bool = False


def said(found: OverTime) -> tuple[Said, ...]:
    """Everything that is to be said beside the chart, section by section."""
    return (*_flows(found), *_signs(found), *_lists(found), *_tests(found))


def _flows(found: OverTime) -> Iterator[Said]:
    figures = found.derived
    for one in figures.windows:
        label = say(f"history.window.{one.name}")
        yield Said(section=Section.FLOWS, message=_flow(one, found.asset), label=label)
        if len(one.chains) > 1:
            parts = tuple(say("history.chain_net", chain=name, net=stripped(net)) for name, net in one.chains.items())
            yield Said(section=Section.FLOWS, message=say("history.flow_chains", chains=parts), beneath=True)
    if figures.percentile is not None:
        z = "?" if figures.z is None else percent(figures.z / 100)
        message = say("history.day_flow", percentile=percent(figures.percentile, 0), z=z)
        yield Said(section=Section.FLOWS, message=message)
    if figures.drawdown is not None:
        message = say("history.drawdown", share=percent(figures.drawdown))
        yield Said(section=Section.FLOWS, message=message)


def _flow(one: WindowFlow, asset: str) -> Message:
    words: dict[str, str] = {
        "net": signed(one.net),
        "asset": asset,
        "share": "?" if one.share is None else percent(one.share),
    }
    if one.gross is None:
        return say("history.net_flow", **words)
    gross = {"inward": stripped(one.gross.inward), "outward": stripped(one.gross.outward)}
    return say("history.gross_flow" if one.whole else "history.kept_flow", **words, **gross)


def _signs(found: OverTime) -> Iterator[Said]:
    if found.age is not None:
        hours, days = f"{found.age / HOUR:.1f}", found.age // DAY
        old = say("history.age_days", days=days) if days > 1 else say("history.age", hours=hours)
        yield Said(section=Section.SIGNS, message=old)
    if found.points and found.points[-1].missing:
        message = say("watch.unseen", asset=found.asset, chains=", ".join(found.points[-1].missing))
        yield Said(section=Section.SIGNS, message=message)
    for chain, view in found.derived.liquidity.items():
        if view.since_last is not None and view.usual_gap is not None:
            hours, gap = (f"{seconds / HOUR:.1f}" for seconds in (view.since_last, view.usual_gap))
            key = "history.quiet" if view.may_be_paused else "history.alive"
            message = say(key, chain=chain, hours=hours, gap=gap, count=view.last_hour)
            yield Said(section=Section.SIGNS, message=message, flagged=view.may_be_paused)
        yield Said(section=Section.SIGNS, message=_hot(chain, view, found.asset), beneath=True)
        yield Said(section=Section.SIGNS, message=_basis(view), beneath=True)
    if found.derived.concentration:
        named = {f"top{count}": percent(share) for count, share in found.derived.concentration}
        yield Said(section=Section.SIGNS, message=say("history.concentration", **named))
    money = found.shares
    if money is not None and money.own is not None and money.stable is not None:
        own, stable = percent(money.own), percent(money.stable)
        message = say("history.shares", own=own, stable=stable, time=shown_time(money.time))
        yield Said(section=Section.SIGNS, message=message)
    elif money is not None and money.missing:
        message = say("history.shares_missing", assets=", ".join(money.missing))
        yield Said(section=Section.SIGNS, message=message)


def _hot(chain: str, view: Liquidity, asset: str) -> Message:
    if not view.wallets:
        return say("history.hot_none", chain=chain, cold=stripped(view.cold), asset=asset)
    held = {"chain": chain, "hot": stripped(view.hot), "cold": stripped(view.cold), "asset": asset}
    if view.hours_covered is None or view.rate is None:
        return say("history.hot", **held)
    hours = percent(view.hours_covered / 100, 1)
    return say(
        "history.hot_hours", **held, hours=hours, rate=stripped(view.rate), busy=stripped(view.busy_rate or ZERO)
    )


def _basis(view: Liquidity) -> Message:
    """What tells which wallets pay out, and how much: falls of balances miss who was filled up again in between."""
    if view.recognised is Basis.BALANCES and view.measured is Basis.BALANCES:
        return say("history.basis_balances")
    return say(
        "history.basis",
        wallets=say(f"history.wallets_by.{view.recognised}"),
        outflow=say(f"history.outflow_by.{view.measured}"),
    )


def _lists(found: OverTime) -> Iterator[Said]:
    for change in found.changes:
        message = say("history.list_changed", time=shown_time(change.time), added=change.added, removed=change.removed)
        yield Said(section=Section.LISTS, message=message)
        yield from _addresses(change, found.asset)


def _addresses(change: ListChange, asset: str) -> Iterator[Said]:
    for left in change.holding:
        message = say(
            "history.left_holding",
            address=left.address,
            amount=stripped(left.amount),
            asset=asset,
            time=shown_time(left.time),
        )
        yield Said(section=Section.LISTS, message=message, flagged=True, beneath=True)
    for paid in change.funded:
        message = say(
            "history.joined_funded",
            address=paid.address,
            amount=stripped(paid.amount),
            asset=asset,
            by=paid.by,
            time=shown_time(paid.time),
        )
        yield Said(section=Section.LISTS, message=message, beneath=True)


def _tests(found: OverTime) -> Iterator[Said]:
    for test in found.dressing:
        result, time = test.result, shown_time(test.snapshot)
        if result is None or result.corrected is None:
            yield Said(section=Section.TESTS, message=say("history.dressing_short", time=time))
        else:
            yield Said(section=Section.TESTS, message=_dressing(result, time), flagged=result.unusual)
        if result is not None and result.excess is not None:
            message = say("history.excess", excess=signed(result.excess), asset=found.asset)
            yield Said(section=Section.TESTS, message=message, beneath=True)
        yield from _sides(test, found.asset)


def _dressing(result: Dressing, time: str) -> Message:
    assert result.corrected is not None
    return say(
        "history.dressing_unusual" if result.unusual else "history.dressing_usual",
        time=time,
        bump=percent(result.bump),
        p=percent(result.corrected),
        tests=result.tests,
        placebos=result.placebos,
    )


def _sides(test: SnapshotTest, asset: str) -> Iterator[Said]:
    if test.before is None and test.after is None:
        yield Said(section=Section.TESTS, message=say("history.parties_none"), beneath=True)
        return
    for name, parties in (("before", test.before), ("after", test.after)):
        for one in parties or ():
            label = say(f"history.side.{name}")
            yield Said(section=Section.TESTS, message=_party(one, asset), label=label, beneath=True)


def _party(one: LabelledParty, asset: str) -> Message:
    words = {"amount": stripped(abs(one.amount)), "asset": asset, "address": one.address}
    came = one.amount > 0
    if one.labels:
        key = "history.party_from_labelled" if came else "history.party_to_labelled"
        return say(key, **words, names=_names((*one.labels, *one.listed_by)))
    if one.listed_by:
        key = "history.party_from_listed" if came else "history.party_to_listed"
        return say(key, **words, names=_names(one.listed_by))
    return say("history.party_from" if came else "history.party_to", **words)


def _names(names: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(names))
