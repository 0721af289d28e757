"""The two sides of coverage: what is owed and what is held, each from files or from the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reserves_gui.amounts import is_plain
from reserves_gui.chain.prices import Price
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history.coverage import Liability, Reserve
from reserves_gui.history.records import StoredList, StoredObservation, StoredPrice, StoredSnapshot
from reserves_gui.history.seen import address_series, listed_points
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.services.balance_report import claim_of
from reserves_gui.services.balances import rows_of
from reserves_gui.services.keeping import existing_store, read_time, shown_time
from reserves_gui.services.listed import Listed
from reserves_gui.services.lookup import Looking, LookUp, look_up
from reserves_gui.services.probed import OpenDoor
from reserves_gui.services.reserve_sums import RowKey, row_key, summed
from reserves_gui.services.speakers import speaker_of
from reserves_gui.services.stored_coverage import LagFlows, lag_flows, owed_of, reserve_of
from reserves_gui.services.verify import VerifyRequest, verify
from reserves_gui.services.wallets import RowState, WalletsRequest, check_wallets, recognised_lists
from reserves_gui.verdict import Claim, Guarantees, InputRecord, Snapshot, State, SumBinding, Verdict
from reserves_gui.wallets.row import ListedRow

_PROOF_OF_TOTAL = ("total", "proof", "tree")
# Names of figures over all assets that stand among the totals of some formats.
_OVER_ALL = frozenset({"total_value", "net", "equity", "debt"})


@dataclass(frozen=True, slots=True)
class Parts:
    """Gross equity and debt of an asset where the liabilities state them apart; amounts as text in coins."""

    gross: str | None = None
    debt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedSide:
    """What is owed, per asset, with the claims that stand behind it.

    ``own``: the user's balances, never kept. ``base``: the verdict over the files, None for figures of the store.
    """

    exchange: str
    liabilities: tuple[Liability, ...]
    source: str
    parts: Mapping[str, Parts] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    formats: tuple[str, ...] = ()
    guarantees: Guarantees | None = None
    inputs: tuple[InputRecord, ...] = ()
    snapshot: Snapshot = field(default_factory=Snapshot)
    root: str | None = None
    base: Verdict | None = field(default=None, repr=False)
    warnings: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict, repr=False)

    def dated(self, times: Mapping[tuple[str, int], int]) -> "OwedSide":
        """Liabilities that name a block but no time get the block's, where the reserves were looked up there."""
        by_height = {height: time for (_, height), time in times.items()}
        liabilities = tuple(
            replace(one, time=by_height[one.height])
            if one.time is None and one.height is not None and one.height in by_height
            else one
            for one in self.liabilities
        )
        return replace(self, liabilities=liabilities)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSide:
    """What is held, per asset. ``look``: what the sources were asked and told, None where nobody was."""

    reserves: Mapping[str, Reserve]
    source: str
    claims: tuple[Claim, ...] = ()
    formats: tuple[str, ...] = ()
    inputs: tuple[InputRecord, ...] = ()
    warnings: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()
    times: Mapping[tuple[str, int], int] = field(default_factory=dict)
    look: LookUp | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the store has about one exchange."""

    exchange: str
    snapshots: tuple[StoredSnapshot, ...] = ()
    lists: tuple[StoredList, ...] = ()
    observations: Mapping[str, tuple[StoredObservation, ...]] = field(default_factory=dict)
    prices: tuple[StoredPrice, ...] = ()
    elsewhere: frozenset[str] = frozenset()


def kept_in_store(db: str | None, exchange: str) -> Kept | None:
    """Everything the store has about an exchange; None without a store or without anything about it."""
    kept = stated_in_store(db, exchange)
    store = None if kept is None else existing_store(db)
    if kept is None or store is None:
        return None
    with store:
        assets = store.assets(kept.exchange)
        return replace(
            kept,
            lists=tuple(store.lists(kept.exchange)),
            observations={asset: tuple(store.observations(kept.exchange, asset)) for asset in assets},
        )


def stated_in_store(db: str | None, exchange: str) -> Kept | None:
    """The same without what was seen: snapshots, prices, and the addresses on other exchanges' newest lists."""
    store = existing_store(db)
    if store is None:
        return None
    with store:
        names = store.exchanges()
        name = next((one for one in names if one.casefold() == exchange.casefold()), None)
        if name is None:
            return None
        return Kept(
            exchange=name,
            snapshots=tuple(store.snapshots(name)),
            prices=tuple(price for asset in store.assets(name) for price in store.prices(asset)),
            elsewhere=frozenset(
                wallet.address
                for other in names
                if other != name
                for one in store.lists(other)[-1:]
                for wallet in one.wallets
            ),
        )


def owed_by_files(request: VerifyRequest, exchange: str | None, given_time: str | None, progress: Progress) -> OwedSide:
    """The stated totals of verified files. A total counts as proven if ``total``, ``proof`` or ``tree`` held."""
    verdict = verify(request, progress)
    text = given_time if given_time is not None else verdict.snapshot.time
    if verdict.guarantees is None:
        raise ReservesError(ErrorCode.USAGE, say("coverage.no_input"))
    return owed_by_verdict(verdict, exchange, None if text is None else read_time(text))


def owed_by_verdict(verdict: Verdict, exchange: str | None, time: int | None) -> OwedSide:
    """The stated totals of liabilities that were verified. ``time``: seconds UTC, None where nobody knows."""
    states = {claim.id: claim.state for claim in verdict.claims}
    binding = SumBinding.NONE if verdict.guarantees is None else verdict.guarantees.sum_binding
    liabilities = tuple(
        Liability(
            asset=asset,
            text=amount,
            time=time,
            binding=binding,
            recomputed=states.get("tree") is State.VERIFIED,
            total_verified=total_proven(verdict),
            height=verdict.snapshot.height,
        )
        for asset, amount in totals_of(verdict).items()
    )
    return OwedSide(
        exchange=exchange or verdict.exchange,
        liabilities=liabilities,
        source=verdict.format,
        parts=parts_of(verdict.extra),
        claims=verdict.claims,
        formats=(verdict.format,),
        guarantees=verdict.guarantees,
        inputs=verdict.inputs,
        snapshot=verdict.snapshot if time is None else replace(verdict.snapshot, time=shown_time(time)),
        root=verdict.root,
        base=verdict,
        warnings=verdict.warnings,
        notes=verdict.notes,
        own=verdict.balances,
    )


def total_proven(verdict: Verdict) -> bool:
    """Whether a total may be relied on: nothing failed, and ``total``, ``proof`` or ``tree`` held."""
    states = {claim.id: claim.state for claim in verdict.claims}
    return State.FAILED not in states.values() and any(states.get(name) is State.VERIFIED for name in _PROOF_OF_TOTAL)


def parts_of(extra: Mapping[str, object]) -> dict[str, Parts]:
    """Gross equity and debt per asset, where a format states them apart."""
    return {
        asset: Parts(str(figures["equity"]), str(figures["debt"]))
        for asset, figures in _asset_figures(extra).items()
        if {"equity", "debt"} <= figures.keys()
    }


def own_prices(verdict: Verdict, moment: int | None) -> list[Price]:
    """The prices a publisher's own list states, in dollars or what it takes for dollars, for the snapshot's time."""
    if moment is None:
        return []
    source = f"publisher:{verdict.format}"
    return [
        Price(asset, moment, Decimal(str(figures["price"])), source)
        for asset, figures in _asset_figures(verdict.extra).items()
        if is_plain(str(figures.get("price", "")))
    ]


def _asset_figures(extra: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    """What a format says of single assets beside the totals."""
    named = [table for name in ("assets", "figures") if isinstance(table := extra.get(name), Mapping)]
    return {str(asset): figures for table in named for asset, figures in table.items() if isinstance(figures, Mapping)}


def totals_of(verdict: Verdict) -> dict[str, str]:
    """The stated totals that are amounts of one asset; figures over all assets, in money, are none."""
    if verdict.guarantees is None or not verdict.guarantees.per_asset:
        return {}
    return {asset: amount for asset, amount in (verdict.total or {}).items() if asset not in _OVER_ALL}


def owed_by_store(kept: Kept | None, exchange: str | None, start: str | None, end: str | None) -> OwedSide:
    """The totals of the newest stored snapshot from ``start`` to ``end``. Raises ``usage`` where there is none."""
    first = 0 if start is None else read_time(start)
    last = 2**62 if end is None else read_time(end)
    found = [] if kept is None else [one for one in kept.snapshots if one.totals and first <= (one.time or 0) <= last]
    if kept is None or not found:
        raise ReservesError(ErrorCode.USAGE, say("coverage.no_snapshot", exchange=(exchange or "?")[:80]))
    newest = found[-1]
    parts: dict[str, Parts] = {}
    for one in newest.totals:
        if one.part in ("gross", "debt"):
            parts[one.asset] = replace(parts.get(one.asset, Parts()), **{one.part: one.amount})
    return OwedSide(
        exchange=kept.exchange,
        liabilities=tuple(owed_of(newest, one) for one in newest.totals if one.part == "net"),
        source=f"{newest.format}, {newest.root_source}",
        parts=parts,
        formats=(newest.format,),
        snapshot=Snapshot(
            id=newest.snapshot,
            time=None if newest.time is None else shown_time(newest.time),
            height=newest.height,
        ),
        root=newest.root,
    )


def held_by_lists(
    files: Sequence[str],
    looking: Looking,
    moment: int | None,
    exchange: str,
    progress: Progress,
    *,
    door: OpenDoor | None,
) -> HeldSide:
    """What the addresses of wallet lists hold: listed, seen by the sources, and proven by their signatures."""
    verified: set[RowKey] = set()

    def note(row: ListedRow) -> None:
        if row.state is RowState.VERIFIED:
            verified.add(row_key(row.row.chain, row.row.asset, row.row.address))

    ownership = check_wallets(WalletsRequest(files=tuple(files), row_sink=note), progress)
    rows = rows_of(recognised_lists(files), progress)
    found = look_up(rows, replace(looking, moment=moment), progress, door=door)
    claims = tuple(one for one in ownership.claims if one.id == "ownership")
    return HeldSide(
        reserves=summed(found, verified, exchange, frozenset()),
        source=", ".join(report.name for report in found.reports) or ownership.format,
        claims=(*claims, claim_of(found.compared, found.reports, found.outputs)) if looking.sources else claims,
        formats=(ownership.format,),
        inputs=ownership.inputs,
        warnings=(*ownership.warnings, *found.alarms),
        notes=(*ownership.notes, *(note for report in found.reports for note in report.notes)),
        times=found.times,
        look=found if looking.sources else None,
    )


def held_by_store(
    kept: Kept | None,
    owed: OwedSide,
    looking: Looking,
    moment: int | None,
    progress: Progress,
    *,
    door: OpenDoor | None,
) -> HeldSide:
    """What the store saw nearest to the snapshot or, with sources, what its newest list holds there."""
    if kept is None:
        return HeldSide(reserves={}, source="")
    shared = _shared(kept)
    if looking.sources and kept.lists:
        newest = kept.lists[-1]
        found = _look_again(newest, replace(looking, moment=moment), progress, door)
        signed = {row_key(one.chain, one.asset, one.address) for one in newest.wallets if one.attribution == "signed"}
        return HeldSide(
            reserves=summed(found, signed, kept.exchange, kept.elsewhere),
            source=", ".join(report.name for report in found.reports),
            claims=(claim_of(found.compared, found.reports, found.outputs),),
            warnings=found.alarms,
            notes=(*shared, *(note for report in found.reports for note in report.notes)),
            times=found.times,
            look=found,
        )
    reserves = {
        one.asset: reserve_of(
            one.asset,
            one.time if one.time is not None else 0,
            listed_points(kept.observations.get(one.asset, ()), speaker_of),
            kept.lists,
            address_series(kept.observations.get(one.asset, ())),
            elsewhere=kept.elsewhere,
        )
        for one in owed.liabilities
    }
    return HeldSide(reserves=reserves, source="store", notes=shared)


def _shared(kept: Kept) -> tuple[Message, ...]:
    """Addresses of the newest list that another exchange's newest list has, too."""
    both = sorted({one.address for wallets in kept.lists[-1:] for one in wallets.wallets} & kept.elsewhere)
    return (say("coverage.shared", count=len(both), address=both[0]),) if both else ()


def _look_again(wallets: StoredList, looking: Looking, progress: Progress, door: OpenDoor | None) -> LookUp:
    return look_up(stored_rows(wallets), looking, progress, door=door)


def stored_rows(wallets: StoredList) -> list[Listed]:
    """The rows of a stored list, as a look-up takes them."""
    return [
        Listed(
            line=number,
            coin=one.asset,
            asset=one.asset,
            chain=one.chain,
            address=one.address,
            amount=None if one.amount is None else Decimal(one.amount),
        )
        for number, one in enumerate(wallets.wallets, 1)
    ]


def flows_between(kept: Kept | None, owed: Liability, held: Reserve) -> LagFlows:
    """What the store knows of the flows between the times of both sides of one asset."""
    if kept is None:
        return LagFlows()
    rows = kept.observations.get(owed.asset, ())
    return lag_flows(rows, listed_points(rows, speaker_of), owed.time, held.time)
