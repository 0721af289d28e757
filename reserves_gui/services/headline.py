"""Is a reported outflow possible? The one call behind `reserves headline` and the headline check of Over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from reserves_gui.amounts import ZERO, parse_plain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history import published
from reserves_gui.history.daily import fixed_series
from reserves_gui.history.figures import DAY, Interval
from reserves_gui.history.flows import flow
from reserves_gui.history.headline import Fact, HeadlineAnswer, HeadlineClaim, HeadlineFacts, ReadingOf, judge_headline
from reserves_gui.history.kept_flows import whole_flow
from reserves_gui.history.list_changes import list_changes
from reserves_gui.history.records import StoredList, StoredObservation
from reserves_gui.history.seen import (
    LISTED,
    SeenPoint,
    address_series,
    known_points,
    listed_points,
    nearest,
    transactions,
)
from reserves_gui.messages import render, say
from reserves_gui.progress import Progress, silent
from reserves_gui.services.keeping import has_store, open_store, read_time, shown_time
from reserves_gui.services.prices import NOWHERE, Pricing, chosen, get_prices, known_prices
from reserves_gui.services.probed import OpenDoor
from reserves_gui.services.speakers import speaker_of

__all__ = ["HeadlineAnswer", "HeadlineRequest", "check_headline", "headline_json", "worked_example"]

# A point this far from the end of a window still stands for it.
_NEAR = DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineRequest:
    """One headline as the user confirmed it. Dates as text, ``amount`` in coins, ``price`` in US dollars a coin.

    Without ``price`` the one near the window's end is taken that ``pricing`` finds or the store has.
    """

    exchange: str
    asset: str
    amount: str
    start: str
    end: str
    reading: str = "net"
    price: str | None = None
    pricing: Pricing = NOWHERE
    db: str | None = None


def worked_example() -> HeadlineRequest:
    """A headline that was read by many, to be checked against published facts alone."""
    shown = published.example()
    return HeadlineRequest(
        exchange=shown["exchange"],
        asset=shown["asset"],
        amount=shown["amount"],
        start=shown["from"],
        end=shown["to"],
        reading=shown["reading"],
    )


def check_headline(
    request: HeadlineRequest, progress: Progress | None = None, *, door: OpenDoor | None = None
) -> HeadlineAnswer:
    """Answer from the store and, where it has nothing, from the bundled facts.

    Raises ``usage``, ``number.grammar``, ``source.unusable``, ``store.*``, and ``Cancelled``.
    """
    if not request.exchange.strip() or not request.asset.strip():
        raise ReservesError(ErrorCode.USAGE, say("headline.whose"))
    if request.reading not in set(ReadingOf):
        raise ReservesError(ErrorCode.USAGE, say("headline.reading"))
    amount = parse_plain(request.amount, "--amount")
    claim = HeadlineClaim(
        exchange=request.exchange,
        asset=request.asset,
        amount=amount,
        start=read_time(request.start),
        end=read_time(request.end),
        reading=ReadingOf(request.reading),
    )
    if amount <= 0 or claim.end <= claim.start:
        raise ReservesError(ErrorCode.USAGE, say("headline.window"))
    facts = _with_published(claim, _from_store(claim, request.db))
    if request.price is not None:
        price = parse_plain(request.price, "--price")
        used = Fact(name="price_usd", value=request.price, time=shown_time(claim.end), source="--price")
        facts = replace(facts, price=price, used=(*facts.used, used))
    else:
        facts = _priced(claim, facts, request, progress or silent(), door)
    return judge_headline(claim, facts)


def _priced(
    claim: HeadlineClaim, facts: HeadlineFacts, request: HeadlineRequest, progress: Progress, door: OpenDoor | None
) -> HeadlineFacts:
    """The price at the window's end. Of prices that lie apart the lowest judges: it contradicts a claim last."""
    got = get_prices(request.pricing, {claim.asset: (claim.end,)}, progress, db=request.db, door=door)
    kept = known_prices(request.db, [claim.asset])
    prices = chosen((claim.asset,), claim.end, named=got.prices, kept=kept, refused=got.refused)
    refused = tuple(one for one in prices.reasons if one[0])
    found = prices.found.get(claim.asset)
    if found is None:
        return replace(facts, refused=refused, unpriced=got.in_vain)
    shown = (found.used, *found.apart)
    used = tuple(
        Fact(name="price_usd", value=f"{one.usd:f}", time=shown_time(one.time), source=one.source) for one in shown
    )
    return replace(
        facts,
        price=min(one.usd for one in shown),
        used=(*facts.used, *used),
        refused=refused,
        unpriced=got.in_vain,
    )


def headline_json(answer: HeadlineAnswer) -> dict[str, Any]:
    """The object that ``reserves headline --json`` prints."""
    claim = answer.claim
    return {
        "schema": "reserves/headline/1",
        "verdict": answer.state.value,
        "claim": {
            "exchange": claim.exchange,
            "asset": claim.asset,
            "amount": f"{claim.amount:f}",
            "from": shown_time(claim.start),
            "to": shown_time(claim.end),
            "reading": claim.reading.value,
        },
        "readings": [
            {
                "reading": one.reading.value,
                "verdict": one.state.value,
                "reasons": [{"key": reason.key, "text": render(reason)} for reason in one.reasons],
            }
            for one in answer.readings
        ],
        "break_even_price_usd": dict(answer.break_even),
        "figures": [
            {"name": one.name, "value": one.value, "time": one.time, "source": one.source} for one in answer.facts.used
        ],
        "refused": [{"source": source, "key": why.key, "text": render(why)} for source, why in answer.facts.refused],
        "limits": render(say("headline.limits")),
    }


def _from_store(claim: HeadlineClaim, db: str | None) -> HeadlineFacts:
    if not has_store(db):
        return HeadlineFacts()
    used: list[Fact] = []
    with open_store(db) as store:
        owed = _owed(store.snapshots(), claim, used)
        name = next((one for one in store.exchanges() if one.casefold() == claim.exchange.casefold()), claim.exchange)
        rows, lists = store.observations(name, claim.asset), store.lists(name)
    points = _one_set(listed_points(rows, speaker_of), rows, lists, claim)
    # Never the same point for both ends: what stands near one of them must be far from the other.
    near = min(_NEAR, (claim.end - claim.start) // 4)
    ends = [_held(points, time, near, used) for time in (claim.start, claim.end)]
    gross_in, gross_out = _gross(rows, claim, used)
    return HeadlineFacts(
        liabilities=owed,
        reserves_start=ends[0],
        reserves_end=ends[1],
        gross_in=gross_in,
        gross_out=gross_out,
        used=tuple(used),
    )


def _owed(snapshots: Any, claim: HeadlineClaim, used: list[Fact]) -> Decimal | None:
    before = [
        (one, figure)
        for one in snapshots
        if one.exchange.casefold() == claim.exchange.casefold() and one.time is not None and one.time <= claim.start
        for figure in one.totals
        if figure.asset == claim.asset and figure.part == "net"
    ]
    if not before:
        return None
    newest, figure = before[-1]
    source = f"{newest.format}, {newest.root_source}"
    used.append(Fact(name="liabilities", value=figure.amount, time=shown_time(newest.time), source=source))
    return Decimal(figure.amount)


def _held(points: Sequence[SeenPoint], time: int, near: int, used: list[Fact]) -> Interval | None:
    """What the listed wallets held near ``time``, all chains together, as an interval over the sources."""
    seen = nearest(points, time, within=near)
    if seen is None or seen.interval is None:
        return None
    ends = ("?" if end is None else f"{end:f}" for end in (seen.interval.low, seen.interval.high))
    value = " – ".join(dict.fromkeys(ends))
    used.append(Fact(name="reserves_listed", value=value, time=shown_time(seen.time), source=", ".join(seen.sources)))
    return seen.interval


def _one_set(
    points: list[SeenPoint], rows: Sequence[StoredObservation], lists: Sequence[StoredList], claim: HeadlineClaim
) -> list[SeenPoint]:
    """The points of one fixed address set: coins on wallets that joined or left the list inside the window are no flow.

    Where the list changed, the sum over the addresses of all lists, or nothing where they were not seen one by one.
    """
    if not any(claim.start < one.time <= claim.end for one in list_changes(lists, claim.asset)):
        return points
    fixed = fixed_series(known_points(points), lists, claim.asset, address_series(rows), claim.end)
    sums = {one.time: one.amount for one in fixed}
    return [replace(one, interval=Interval.exactly(sums[one.time])) for one in points if one.time in sums]


def _gross(
    rows: Sequence[StoredObservation], claim: HeadlineClaim, used: list[Fact]
) -> tuple[Decimal | None, Decimal | None]:
    """What the kept transactions show coming in and going out inside the window.

    What came in bounds what can have left, so that it counts only where all transactions are known. What is seen going
    out is at least that much, even where some are missing.
    """
    window = f"{shown_time(claim.start)} – {shown_time(claim.end)}"
    inside = [one for one in transactions(rows) if claim.start < one.time <= claim.end]
    whole = whole_flow(rows, claim.start, claim.end)
    seen = {
        "gross_in": None if whole is None else whole.inward,
        "gross_out": flow(inside, {LISTED}).outward if inside or whole is not None else None,
    }
    for name, amount in seen.items():
        if amount is not None:
            used.append(Fact(name=name, value=f"{amount:f}", time=window, source="store"))
    return seen["gross_in"], seen["gross_out"]


def _with_published(claim: HeadlineClaim, facts: HeadlineFacts) -> HeadlineFacts:
    used = list(facts.used)
    owed = facts.liabilities
    if owed is None:
        known = [
            (read_time(one.date), one)
            for one in published.figures()
            if one.exchange.casefold() == claim.exchange.casefold() and one.asset == claim.asset and one.liabilities
        ]
        before = sorted(((time, index) for index, (time, _) in enumerate(known) if time <= claim.start), reverse=True)
        if before:
            figure = known[before[0][1]][1]
            owed = Decimal(figure.liabilities or ZERO)
            used.append(
                Fact(
                    name="liabilities",
                    value=str(figure.liabilities),
                    time=figure.date,
                    source=", ".join(figure.sources),
                )
            )
    money = _money(claim, used)
    return replace(facts, liabilities=owed, money_net=money.get("net"), money_out=money.get("out"), used=tuple(used))


def _money(claim: HeadlineClaim, used: list[Fact]) -> Mapping[str, Decimal]:
    """The widest published flow whose window covers the claim's, or that the claim's window covers, within a day."""
    for one in sorted(published.flows(), key=lambda flow: read_time(flow.start)):
        same = one.exchange.casefold() == claim.exchange.casefold()
        near = abs(read_time(one.start) - claim.start) <= DAY and abs(read_time(one.end) - claim.end) <= DAY
        if same and near and one.out_usd and one.net_out_usd:
            window = f"{one.start} – {one.end}"
            for name, value in (("net_out_usd", one.net_out_usd), ("out_usd", one.out_usd)):
                used.append(Fact(name=name, value=value, time=window, source=f"{one.source} ({one.scope})"))
            return {"net": Decimal(one.net_out_usd), "out": Decimal(one.out_usd)}
    return {}
