"""Balances at a deep, fixed block are asked once: kept with their source and time, and shown with them later."""

from collections.abc import Iterator, Sequence

from reserves_gui import limits
from reserves_gui.chain.cache import Cache
from reserves_gui.chain.port import Account, Asset, BalanceSource, Block, How, Observation, Seen, Standing
from reserves_gui.progress import Progress


def observed(
    source: BalanceSource,
    standing: Standing,
    asset: Asset,
    accounts: Sequence[Account],
    at: Block,
    cache: Cache,
    progress: Progress,
) -> Iterator[Observation]:
    """What ``source`` says of ``accounts`` at ``at``, from the cache where that cannot have changed, in their order.

    Kept are figures of public sources at a named block at least six below the tip, by (source, chain, block hash,
    address, asset). An own node answers faster than a cache and may be restarted on another chain.
    """
    deep = at.hash is not None and standing.tip.height - at.height >= limits.DEEP_TRANSACTION
    if not deep or source.speaker.own or source.speaker.name.startswith("file:"):
        yield from source.observe(asset, accounts, at, progress)
        return
    kept = {account.address: _read(cache, _key(source, standing, asset, account, at)) for account in accounts}
    asked = source.observe(asset, [account for account in accounts if kept[account.address] is None], at, progress)
    for account in accounts:
        found = kept[account.address]
        if found is not None:
            amount, decimals, how, asked_at = found
            yield Observation(
                chain=standing.chain.name,
                asset=asset.name,
                address=account.address,
                speaker=source.speaker,
                asked_at=asked_at,
                outcome=Seen.SEEN,
                amount=amount,
                decimals=decimals,
                height=at.height,
                block_hash=at.hash,
                how=How(how),
            )
            continue
        fresh = next(asked)
        if fresh.outcome is Seen.SEEN:
            value = f"{fresh.amount} {fresh.decimals} {fresh.how.value}"
            key = _key(source, standing, asset, account, at)
            cache.put(key, value, source=source.speaker.name, asked_at=fresh.asked_at)
        yield fresh


def _key(source: BalanceSource, standing: Standing, asset: Asset, account: Account, at: Block) -> str:
    parts = (source.speaker.name, standing.chain.name, at.hash or "", account.address, asset.contract or asset.name)
    return "\x1f".join(("balance", *parts))


def _read(cache: Cache, key: str) -> tuple[int, int, str, str] | None:
    row = cache.get(key)
    if row is None:
        return None
    fields = row[0].split(" ")
    if len(fields) != 3 or not fields[0].isdecimal() or not fields[1].isdecimal() or fields[2] not in ("point", "walk"):
        return None
    return int(fields[0]), int(fields[1]), fields[2], row[2]
