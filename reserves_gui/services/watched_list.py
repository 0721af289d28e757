"""The wallet list that is looked at over time: which one the store has, and its rows as questions."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.history.records import StoredList, StoredWallet
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.services.history_add import keep_list, read_lists
from reserves_gui.services.keeping import existing_store, open_store
from reserves_gui.services.listed import Listed
from reserves_gui.services.telling import Row
from reserves_gui.services.wallets import WalletsRequest
from reserves_gui.services.watch_rows import chain_name


def current_list(files: tuple[str, ...], exchange: str | None, progress: Progress, *, now: int, db: str | None) -> str:
    """Make sure that the store has the list to look at; the exchange as the store spells it.

    Lists in ``files`` are kept as those of ``now``. Raises ``usage`` where there is none, and what lists raise.
    """
    if files:
        _, wallets = read_lists(WalletsRequest(files=files), exchange or "", now, progress)
        if not wallets.wallets:
            raise ReservesError(ErrorCode.USAGE, say("watch.no_addresses"))
        with open_store(db) as store:
            known = (one for one in store.exchanges() if one.casefold() == wallets.exchange.casefold())
            name = next(known, wallets.exchange)
            keep_list(store, replace(wallets, exchange=name))
        return name
    if exchange is None:
        raise ReservesError(ErrorCode.USAGE, say("watch.no_list"))
    opened = existing_store(db)
    if opened is not None:
        with opened as store:
            for name in store.exchanges():
                if name.casefold() == exchange.casefold() and store.lists(name):
                    return name
    raise ReservesError(ErrorCode.USAGE, say("watch.no_list"))


def wallets_of(one: StoredList) -> dict[Row, StoredWallet]:
    """The addresses of a list by (chain, asset, address)."""
    return {(chain_name(wallet.chain), wallet.asset, wallet.address): wallet for wallet in one.wallets}


def listed_rows(wallets: Mapping[Row, StoredWallet]) -> list[Listed]:
    """Addresses as rows that can be asked about."""
    return [
        Listed(
            line=number,
            coin=one.asset,
            asset=one.asset,
            chain=chain,
            address=one.address,
            amount=None if one.amount is None else Decimal(one.amount),
        )
        for number, ((chain, _, _), one) in enumerate(wallets.items(), 1)
    ]
