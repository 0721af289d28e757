"""Rows that were looked up, added up to reserves per asset: listed, seen, proven; every address once."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from reserves_gui.amounts import ZERO, add
from reserves_gui.chain.chains import chain_named
from reserves_gui.chain.port import Seen
from reserves_gui.history.coverage import Reserve
from reserves_gui.history.figures import Interval
from reserves_gui.history.published import own_chains
from reserves_gui.services.agreement import Compared
from reserves_gui.services.listed import listed_total
from reserves_gui.services.lookup import LookUp
from reserves_gui.wallets import address_book

RowKey = tuple[str, str, str]


def row_key(chain: str, asset: str, address: str) -> RowKey:
    """One address of one asset, however a list spells it."""
    named = chain_named(chain)
    return named.name if named is not None else chain.lower(), asset.upper(), address_book.book_key(address)


def summed(
    found: LookUp, verified: Collection[RowKey], exchange: str, elsewhere: Collection[str]
) -> dict[str, Reserve]:
    """Reserves per asset. ``verified``: rows whose owner is proven. ``elsewhere``: addresses on another's list.

    An address that another exchange's list or the address book names counts for nobody as proven. Tokens that the
    exchange itself issues for another chain's coin are left out of the lower end.
    """
    by_asset: dict[str, dict[RowKey, list[Compared]]] = {}
    for row in found.compared:
        key = row_key(row.listed.chain, row.listed.asset, row.listed.address)
        by_asset.setdefault(row.listed.asset, {}).setdefault(key, []).append(row)
    doubted = set(elsewhere)
    return {asset: _reserve(asset, rows, found, verified, exchange, doubted) for asset, rows in by_asset.items()}


def _reserve(
    asset: str,
    rows: dict[RowKey, list[Compared]],
    found: LookUp,
    verified: Collection[RowKey],
    exchange: str,
    doubted: Collection[str],
) -> Reserve:
    seen = proven = Interval.exactly(ZERO)
    any_seen = False
    own, names = own_chains(exchange), address_book.names_of(exchange)
    for key, group in rows.items():
        one = _seen(group[0])
        any_seen = any_seen or one.low is not None
        if key[0] in own and not _is_own_coin(key[0], asset):
            one = Interval(ZERO, one.high)
        seen = _plus(seen, one)
        shared = group[0].listed.address in doubted or address_book.others(key[2], names)
        if key in verified and not shared and group[0].decided and group[0].seen is not None:
            proven = proven + Interval.exactly(group[0].seen)
    asked = {
        (one.chain, one.height)
        for group in rows.values()
        for row in group
        for one in row.observations
        if one.height is not None
    }
    times = [found.times.get(block) for block in asked]
    return Reserve(
        asset=asset,
        listed=listed_total(row.listed for group in rows.values() for row in group),
        seen=seen if any_seen else None,
        proven=proven if any_seen else None,
        time=min((one for one in times if one is not None), default=None) if None not in times else None,
        height=next(iter(asked))[1] if len(asked) == 1 else None,
        balances_verified=all(row.decided for group in rows.values() for row in group),
    )


def _seen(row: Compared) -> Interval:
    """What one row can hold: over the sources that answered; unknown upwards where none did."""
    amounts: Sequence[Decimal] = [
        one.coins for one in row.observations if one.outcome is Seen.SEEN and one.coins is not None
    ]
    return Interval(min(amounts), max(amounts)) if amounts else Interval(None, None)


def _plus(total_: Interval, one: Interval) -> Interval:
    """The lower end counts what is known; the upper end is unknown as soon as one part is."""
    low = total_.low if one.low is None else add(total_.low or ZERO, one.low)
    high = None if total_.high is None or one.high is None else add(total_.high, one.high)
    return Interval(low, high)


def _is_own_coin(chain: str, asset: str) -> bool:
    named = chain_named(chain)
    return named is not None and asset.upper() in {named.coin, *named.other_coins}
