"""Rows of a store for tests about what was kept of transactions: looks, what a source told, who took part."""

from reserves_gui.history.figures import HOUR
from reserves_gui.history.records import StoredList, StoredObservation, StoredParty, StoredWallet
from reserves_gui.history.seen import LISTED, TOLD, TRANSACTION

EXCHANGE, ASSET, CHAIN, SOURCE = "Northsea", "BTC", "bitcoin", "https://one.example"


def _row(time: int, subject: str, amount: str | None, height: int | None, kind: str, chain: str) -> StoredObservation:
    return StoredObservation(
        exchange=EXCHANGE,
        chain=chain,
        subject=subject,
        asset=ASSET,
        time=time,
        amount=amount,
        source=SOURCE,
        height=height,
        kind=kind,
    )


def look(hour: int, amount: str | None, chain: str = CHAIN) -> StoredObservation:
    """What the listed wallets held at a full hour; the height is six blocks an hour."""
    return _row(hour * HOUR, LISTED, amount, None if amount is None else 6 * hour, "point", chain)


def told(hour: int, net: str, chain: str = CHAIN) -> StoredObservation:
    """All transactions since the look before were told."""
    return _row(hour * HOUR, TOLD, net, 6 * hour, TOLD, chain)


def move(hour: int, name: str, amount: str, chain: str = CHAIN) -> StoredObservation:
    """One transaction ten minutes before a full hour."""
    return _row(hour * HOUR - 600, name, amount, 6 * hour - 1, TRANSACTION, chain)


def party(hour: int, name: str, address: str, amount: str) -> StoredParty:
    """What it changed for one address."""
    return StoredParty(
        exchange=EXCHANGE,
        chain=CHAIN,
        asset=ASSET,
        transaction_id=name,
        time=hour * HOUR - 600,
        height=6 * hour - 1,
        address=address,
        amount=amount,
        source=SOURCE,
    )


def listed(hour: int, *addresses: str) -> StoredList:
    """A list of addresses on one chain."""
    wallets = tuple(StoredWallet(chain=CHAIN, asset=ASSET, address=one) for one in addresses)
    return StoredList(exchange=EXCHANGE, time=hour * HOUR, source="address-list", file_sha256=None, wallets=wallets)
