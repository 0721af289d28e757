"""One wallet list judged: rows streamed through their rules, counted, and put into the checks of ``ownership``."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass

from reserves_gui.messages import Message, render, say
from reserves_gui.progress import Progress
from reserves_gui.verdict import Check, Claim, Findings, Outcome
from reserves_gui.wallets.items import Item
from reserves_gui.wallets.owners import OwnerLinks, looked_up
from reserves_gui.wallets.row import RowSink, RowState, WalletRow
from reserves_gui.wallets.spread import judge_in_order
from reserves_gui.wallets.sums import Compared, reconcile, summary_check
from reserves_gui.wallets.tally import Duplicates, Policy, Seen, Tally, asset_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list as a publisher reads it. ``items`` is read once; ``name`` is the shown name of the file."""

    format: str
    exchange: str
    name: str
    items: Iterable[Item]
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """How a list is judged. ``seen`` is shared by the lists of one run; ``chains`` (lower case) limits the rows.

    ``links`` looks at the chain for rows that owner accounts signed; None: they stay ``owner_unlinked``.
    """

    seen: Seen
    executor: Executor | None = None
    jobs: int = 1
    sink: RowSink | None = None
    chains: tuple[str, ...] = ()
    links: OwnerLinks | None = None


def judge_listing(listing: Listing, judging: Judging, progress: Progress) -> Findings:
    """Every row judged and counted. Raises only what the reader raises for unusable input, and ``Cancelled``."""
    tally = Tally(listing.name, listing.policy, judging.seen, judging.sink)
    left_out = [0]

    def rows() -> Iterator[WalletRow]:
        for item in listing.items:
            if not isinstance(item, WalletRow):
                tally.item(item)
            elif judging.chains and item.chain.lower() not in judging.chains:
                left_out[0] += 1
            else:
                yield item

    judged = judge_in_order(rows(), executor=judging.executor, jobs=judging.jobs, progress=progress)
    for row, found in judged if judging.links is None else looked_up(judged, judging.links):
        tally.row(row, found)
    # A list cut down to some chains cannot be held against sums over all of them.
    compared = [] if judging.chains else reconcile(tally.figures, tally.sums, each_coin=listing.policy.each_coin)
    return _findings(listing, tally, compared, left_out[0])


def _findings(listing: Listing, tally: Tally, compared: list[Compared], left_out: int) -> Findings:
    checks = [
        _signatures(tally),
        *tally.checks,
        summary_check(compared),
        _duplicates(tally, listing.policy),
        tally.texts.check(),
    ]
    checks += _owner_link(tally)
    balances = Check("balances.amount", Outcome.NOT_CHECKED, say("wallets.balances"))
    return Findings(
        format=listing.format,
        exchange=listing.exchange,
        decisive=("ownership",),
        claims=(Claim("ownership", tuple(checks)), Claim("balances", (balances,))),
        guarantees=None,
        snapshot=tally.snapshot,
        warnings=_warnings(tally),
        notes=_notes(tally, left_out),
        extra=_extra(tally, compared),
    )


def _signatures(tally: Tally) -> Check:
    check_id = "ownership.signatures"
    rows, verified, failed = tally.rows, tally.states[RowState.VERIFIED], tally.states[RowState.FAILED]
    if failed:
        detail = tally.first_failure or ""
        line = int(str(tally.failures[0]["line"])) if tally.failures else 0
        reason = say("wallets.signatures.failed", failed=failed, rows=rows, line=line, detail=detail)
        return Check(check_id, Outcome.FAILED, reason)
    if not rows:
        return Check(check_id, Outcome.NOT_CHECKED, say("wallets.signatures.no_rows"))
    linked = tally.counts["owner_linked"]
    if verified == rows:
        own = say("wallets.signatures.passed", rows=rows)
        by_owners = say("wallets.signatures.passed_linked", rows=rows, own=rows - linked, linked=linked)
        return Check(check_id, Outcome.PASSED, by_owners if linked else own)
    arguments = {
        "rows": rows,
        "verified": verified,
        "signature_only": tally.states[RowState.SIGNATURE_ONLY],
        "owner_unlinked": tally.states[RowState.OWNER_UNLINKED],
        "unsupported": tally.states[RowState.UNSUPPORTED],
    }
    if verified:
        return Check(check_id, Outcome.PARTIAL, Message("wallets.signatures.partial", arguments))
    return Check(check_id, Outcome.NOT_CHECKED, Message("wallets.signatures.none", arguments))


def _owner_link(tally: Tally) -> list[Check]:
    """Whether owner accounts that signed control what they signed for, as far as the chain was looked at."""
    linked, unlinked = tally.counts["owner_linked"], tally.states[RowState.OWNER_UNLINKED]
    if not linked and not unlinked:
        return []
    detail = tally.first_unlinked or ""
    if not unlinked:
        outcome, reason = Outcome.PASSED, say("wallets.owner_link.passed", count=linked)
    elif linked:
        outcome = Outcome.PARTIAL
        reason = say("wallets.owner_link.partial", count=linked, rows=linked + unlinked, detail=detail)
    elif tally.first_unlinked:
        outcome, reason = Outcome.NOT_CHECKED, say("wallets.owner_link.none", count=unlinked, detail=detail)
    else:
        outcome, reason = Outcome.NOT_CHECKED, say("wallets.owner_link", count=unlinked)
    return [Check("ownership.owner_link", outcome, reason, required=False)]


def _duplicates(tally: Tally, policy: Policy) -> Check:
    check_id = "ownership.duplicates"
    if not tally.rows:
        return Check(check_id, Outcome.NOT_CHECKED, say("wallets.signatures.no_rows"), required=False)
    if not tally.repeated:
        return Check(check_id, Outcome.PASSED, say("wallets.duplicates.passed", rows=tally.rows), required=False)
    line, first = tally.repeated_examples[0]
    if policy.duplicates is Duplicates.MERGE:
        reason = say("wallets.duplicates.merged", count=tally.repeated, line=line, first=first)
        return Check(check_id, Outcome.PASSED, reason, required=False)
    reason = say("wallets.duplicates.failed", count=tally.repeated, line=line, first=first)
    return Check(check_id, Outcome.FAILED, reason, required=False)


def _warnings(tally: Tally) -> tuple[Message, ...]:
    found = list(tally.texts.warnings())
    if tally.shared_count:
        first = tally.shared[0]
        reason = say(
            "wallets.warn.shared",
            count=tally.shared_count,
            address=str(first["address"]),
            line=int(first["line"]),
            names=str(first["names"]),
        )
        found.append(reason)
    if tally.elsewhere_count:
        other = tally.elsewhere[0]
        reason = say(
            "wallets.warn.elsewhere",
            count=tally.elsewhere_count,
            line=int(other["line"]),
            file=str(other["file"]),
            file_line=int(other["file_line"]),
        )
        found.append(reason)
    if count := tally.counts["signature_elsewhere"]:
        found.append(say("wallets.warn.signature_elsewhere", count=count))
    if tally.states[RowState.OWNER_UNLINKED]:
        found += [check.reason for check in _owner_link(tally)]
    return tuple(found)


def _notes(tally: Tally, left_out: int) -> tuple[Message, ...]:
    found = [
        say(f"wallets.count.{name}", count=tally.counts[name])
        for name in ("zero", "dust", "no_address", "unread_amounts", "skipped", "signature_again")
        if tally.counts[name]
    ]
    for note, count in tally.notes.values():
        found.append(say("wallets.count.noted", count=count, note=note))
    found += tally.remarks
    if left_out:
        found.append(say("wallets.count.left_out", count=left_out))
    return tuple(found)


def _extra(tally: Tally, compared: list[Compared]) -> dict[str, object]:
    extra: dict[str, object] = {
        "rows": {state.value: tally.states[state] for state in RowState},
        "failures": list(tally.failures),
    }
    if tally.unlinked:
        extra["unlinked"] = list(tally.unlinked)
    omitted = tally.states[RowState.FAILED] - len(tally.failures)
    if omitted > 0:
        extra["failures_omitted"] = omitted
    if tally.assets:
        extra["assets"] = asset_texts(tally.assets)
    if compared:
        extra["summary"] = [
            {
                "name": one.name,
                "outcome": one.outcome.value,
                "stated": one.stated,
                "rows": one.rows,
                "without_failed": one.kept,
                "tolerance": one.tolerance,
                "reason": render(one.reason),
            }
            for one in compared
        ]
    if tally.shared:
        extra["shared"] = list(tally.shared)
    if tally.elsewhere:
        extra["elsewhere"] = list(tally.elsewhere)
    return extra
