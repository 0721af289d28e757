"""A look-up as rows for the store: a sum over the list per chain and source, the addresses whose figure changed, and
what the sources told of transactions.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from reserves_gui.amounts import add, stripped
from reserves_gui.amounts import total as total_of
from reserves_gui.chain.chains import chain_named
from reserves_gui.chain.port import Observation, Seen
from reserves_gui.history.records import StoredObservation, StoredParty
from reserves_gui.history.seen import LISTED, NOBODY, TOLD, TRANSACTION, is_balance
from reserves_gui.services.agreement import Compared
from reserves_gui.services.lookup import LookUp
from reserves_gui.services.reserve_sums import row_key
from reserves_gui.services.speakers import stored_name
from reserves_gui.services.telling import Row, SeenTransaction, Told

_TRANSACTION_CHARS = 128
_ADDRESS_CHARS = 400
_Group = tuple[str, str, str]
# (chain, asset, address, source) to the amount kept last, None where it was not retrieved.
Latest = Mapping[tuple[str, str, str, str], str | None]


def round_time(found: LookUp, now: int) -> int:
    """The one time of all rows of a round: that of the oldest block looked at, never later than ``now``."""
    return min((*found.times.values(), now))


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRows:
    """Everything that is kept of a round."""

    observations: tuple[StoredObservation, ...]
    parties: tuple[StoredParty, ...]


def round_rows(found: LookUp, listed: AbstractSet[Row], exchange: str, time: int, latest: Latest) -> RoundRows:
    """All rows of a round. ``listed``: (chain, asset, address) on the current list; others are looked after too, but
    belong to no sum. A sum is kept as "not retrieved" as soon as one address of it was.
    """
    told = told_rows(found.told, exchange, time, joined=found.joined)
    balances = _balances(found, listed, exchange, time, latest)
    return RoundRows(observations=(*balances, *told.observations), parties=told.parties)


def told_rows(told: Sequence[Told], exchange: str, time: int, *, joined: Sequence[SeenTransaction] = ()) -> RoundRows:
    """What was told of transactions alone: by the round at ``time``, or later of the time before it."""
    moves = [move for one in told for move in one.transactions]
    return RoundRows(
        observations=(*_transactions(moves, exchange, time), *_told(told, exchange, time)),
        parties=tuple(_parties([*moves, *joined], exchange, time)),
    )


def _balances(
    found: LookUp, listed: AbstractSet[Row], exchange: str, time: int, latest: Latest
) -> Iterator[StoredObservation]:
    sums: dict[_Group, Decimal | None] = {}
    blocks: dict[_Group, Observation] = {}
    counted: set[tuple[str, str, str, str]] = set()
    for row in found.compared:
        chain, asset = chain_name(row.listed.chain), row.listed.asset
        for one in row.observations:
            source = stored_name(one.speaker.name)
            key = (*row_key(chain, asset, row.listed.address), source)
            if key in counted:
                continue
            counted.add(key)
            seen = one.coins if one.outcome is Seen.SEEN else None
            group = (chain, asset, source)
            if (chain, asset, row.listed.address) in listed:
                known = sums.get(group, Decimal(0))
                sums[group] = None if seen is None or known is None else add(known, seen)
                if seen is not None:
                    blocks[group] = one
            amount = None if seen is None else stripped(seen)
            if latest.get((chain, asset, row.listed.address, source), "?") != amount:
                yield _row(exchange, (chain, asset, source), row.listed.address, time, amount, one)
    for group in (*_silent(found, listed), *_unasked(sums, listed)):
        sums.setdefault(group, None)
    for group, total in sums.items():
        amount = None if total is None else stripped(total)
        yield _row(exchange, group, LISTED, time, amount, blocks.get(group))


def _transactions(moves: Sequence[SeenTransaction], exchange: str, time: int) -> Iterator[StoredObservation]:
    """What single transactions changed for the listed group: signed amounts, their own times where known."""
    for one in moves:
        if one.amount != 0:
            yield StoredObservation(
                exchange=exchange,
                chain=chain_name(one.chain),
                subject=one.transaction,
                asset=one.asset,
                time=_time_of(one, time),
                amount=stripped(one.amount),
                source=stored_name(one.source),
                height=one.height,
                kind=TRANSACTION,
            )


def _told(found: Sequence[Told], exchange: str, time: int) -> Iterator[StoredObservation]:
    """That a source told every transaction since the look before, and their sum: a gap in them is seen later."""
    for one in found:
        yield StoredObservation(
            exchange=exchange,
            chain=chain_name(one.chain),
            subject=TOLD,
            asset=one.asset,
            time=time,
            amount=stripped(total_of(move.amount for move in one.transactions)),
            source=stored_name(one.source),
            height=one.height,
            kind=TOLD,
        )


def _parties(moves: Sequence[SeenTransaction], exchange: str, time: int) -> Iterator[StoredParty]:
    counted: set[tuple[str, str, str]] = set()
    for one in moves:
        # What moved inside the group is among its transactions, too, but not taken apart there.
        if not one.parties or (one.chain, one.asset, one.transaction) in counted:
            continue
        counted.add((one.chain, one.asset, one.transaction))
        for party in one.parties:
            yield StoredParty(
                exchange=exchange,
                chain=chain_name(one.chain),
                asset=one.asset,
                transaction_id=one.transaction[:_TRANSACTION_CHARS],
                time=_time_of(one, time),
                height=one.height,
                address=party.address[:_ADDRESS_CHARS],
                amount=stripped(party.amount),
                source=stored_name(one.source),
            )


def _time_of(one: SeenTransaction, time: int) -> int:
    """Never after the round that told it."""
    return time if one.time is None else min(one.time, time)


def latest_of(rows: Iterable[StoredObservation]) -> dict[tuple[str, str, str, str], str | None]:
    """What is kept last of every address, by source; rows oldest first."""
    return {
        (one.chain, one.asset, one.subject, one.source): one.amount
        for one in rows
        if one.subject != LISTED and is_balance(one)
    }


def chain_name(text: str) -> str:
    """Our name of a chain, or the list's own word for it."""
    named = chain_named(text)
    return named.name if named is not None else text.lower()


def all_unknown(compared: Sequence[Compared]) -> bool:
    """Whether no source told anything about any row."""
    return not any(one.outcome is Seen.SEEN for row in compared for one in row.observations)


def _silent(found: LookUp, listed: AbstractSet[Row]) -> list[_Group]:
    """Sources that did not stand up, for every chain and asset they might have told about."""
    groups = {(chain, asset) for chain, asset, _ in listed}
    return [
        (chain, asset, stored_name(report.name))
        for report in found.reports
        if report.code is not None
        for chain, asset in sorted(groups)
        if report.chain in (None, chain)
    ]


def _unasked(sums: Mapping[_Group, Decimal | None], listed: AbstractSet[Row]) -> list[_Group]:
    """Chains of which no source told anything, of assets that were seen on others: the rest is not the whole."""
    seen = {asset for (_, asset, _), total in sums.items() if total is not None}
    told = {(chain, asset) for chain, asset, _ in sums}
    groups = {(chain, asset) for chain, asset, _ in listed if asset in seen} - told
    return [(chain, asset, NOBODY) for chain, asset in sorted(groups)]


def _row(
    exchange: str, group: _Group, subject: str, time: int, amount: str | None, one: Observation | None
) -> StoredObservation:
    chain, asset, source = group
    return StoredObservation(
        exchange=exchange,
        chain=chain,
        subject=subject,
        asset=asset,
        time=time,
        amount=amount,
        source=source,
        height=None if one is None or amount is None else one.height,
        block_hash=None if one is None or amount is None else one.block_hash,
        kind="point" if one is None else one.how.value,
    )
