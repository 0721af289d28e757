"""What a public source said of deep blocks and transactions is asked once: kept with source and time, shown with them.

Blocks count as deep a hundred below the newest, transactions and balances six. An own node answers faster than a cache
and may be restarted on another chain: nothing of it is kept. Neither is any error, nor anything that names the user.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from reserves_gui import limits
from reserves_gui.chain.cache import Cache
from reserves_gui.chain.heights import HeightFound, height_at
from reserves_gui.chain.port import (
    Account,
    Asset,
    BalanceSource,
    Block,
    Delta,
    How,
    Observation,
    Party,
    Seen,
    Speaker,
    Standing,
)
from reserves_gui.progress import Progress


class Kept:
    """The kept answers of one source, as short texts by kind and name. Of own nodes and files nothing is kept.

    ``now`` gives the time of a request (ISO 8601 UTC).
    """

    def __init__(self, cache: Cache, speaker: Speaker, now: Callable[[], str]) -> None:
        self._cache = cache
        self._speaker = speaker
        self._now = now
        self._chain = ""
        self._tip = -1
        self._on = not speaker.own and not speaker.name.startswith("file:")

    def begin(self, chain: str, tip: int = -1) -> None:
        """The source is on ``chain``, its newest block at ``tip``; as long as that is not known, nothing is deep."""
        self._chain = chain
        self._tip = tip

    def get(self, kind: str, name: str) -> str | None:
        """What was kept, whenever that was."""
        row = self._row(kind, name)
        return None if row is None else row[0]

    def put(self, kind: str, name: str, value: str, *, height: int, deep: int) -> None:
        """Keep for ever what belongs to block ``height``, if that is ``deep`` blocks below the newest."""
        if self._on and self._tip - height >= deep:
            self._write(kind, name, value)

    def recent(self, kind: str, name: str, seconds: int) -> str | None:
        """What was kept no longer ago than that."""
        row = self._row(kind, name)
        try:
            age = 0.0 if row is None else (_moment(self._now()) - _moment(row[2])).total_seconds()
        except (ValueError, TypeError):
            return None
        return row[0] if row is not None and 0 <= age <= seconds else None

    def put_recent(self, kind: str, name: str, value: str) -> None:
        """Keep something that is only good for a while."""
        if self._on and self._chain:
            self._write(kind, name, value)

    def forget(self, kind: str, prefix: str = "") -> None:
        """Let go of what was kept under names that begin with ``prefix``: it contradicts what the source says now."""
        if self._on and self._chain:
            self._cache.drop(self._key(kind, prefix))

    def newest(self, chain: str, ask: Callable[[], Block]) -> Block:
        """The newest block of ``chain``: as it was named ten seconds ago or later, else as ``ask`` names it now."""
        self.begin(chain)
        tip = self._named_tip()
        if tip is None:
            tip = ask()
            self.put_recent("tip", "", f"{tip.height} {_written(tip)}")
        self.begin(chain, tip.height)
        return tip

    def _named_tip(self) -> Block | None:
        height, _, rest = (self.recent("tip", "", limits.TIP_SECONDS) or "").partition(" ")
        return _read_block(int(height), rest) if _is_number(height) else None

    def _row(self, kind: str, name: str) -> tuple[str, str, str] | None:
        return self._cache.get(self._key(kind, name)) if self._on and self._chain else None

    def _write(self, kind: str, name: str, value: str) -> None:
        self._cache.put(self._key(kind, name), value, source=self._speaker.name, asked_at=self._now())

    def _key(self, kind: str, name: str) -> str:
        return f"{kind}\x1f{self._speaker.name}\x1f{self._chain}\x1f{name}"


def hex_bytes(text: str | None) -> bytes | None:
    """Kept bytes; None where there are none, or what was kept is damaged."""
    try:
        return None if text is None else bytes.fromhex(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12


def kept_of(source: BalanceSource, standing: Standing, cache: Cache, now: Callable[[], str]) -> Kept:
    """The kept answers of a source that was probed."""
    kept = Kept(cache, source.speaker, now)
    kept.begin(standing.chain.name, standing.tip.height)
    return kept


def kept_block(source: BalanceSource, kept: Kept, height: int, progress: Progress) -> Block:
    """The block at ``height``, from the cache where it is deep. Raises as the source does."""
    known = _read_block(height, kept.get("block", str(height)))
    if known is not None:
        return known
    found = source.block(height, progress)
    if found.hash is not None and found.height == height:
        kept.put("block", str(height), _written(found), height=height, deep=limits.DEEP_BLOCK)
    return found


def kept_height_at(
    moment: int, source: BalanceSource, standing: Standing, tip: Block, kept: Kept, progress: Progress
) -> HeightFound:
    """The last block at or before ``moment`` (seconds UTC); one found before is only looked at again."""
    text = kept.get("height", str(moment))
    found = height_at(
        moment,
        standing.chain,
        tip,
        lambda height, watched: kept_block(source, kept, height, watched),
        progress,
        guess=int(text) if text is not None and _is_number(text) else None,
    )
    height = found.block.height
    kept.put("height", str(moment), str(height), height=height, deep=limits.DEEP_BLOCK)
    return found


def _written(block: Block) -> str:
    return " ".join(str(part) for part in (block.hash, block.time, block.median_time))


def _read_block(height: int, text: str | None) -> Block | None:
    fields = [] if text is None else text.split(" ")
    if len(fields) != 3 or len(fields[0]) != 64 or not all(one == "None" or _is_number(one) for one in fields[1:]):
        return None
    time, median = (None if one == "None" else int(one) for one in fields[1:])
    return Block(height, fields[0], time, median)


def kept_parties(
    kept: Kept, transaction: str, asset: str, height: int, ask: Callable[[], Sequence[Party]]
) -> Sequence[Party]:
    """Who took part in a transaction, from the cache where it is deep. Raises as ``ask`` does."""
    name = f"{transaction} {asset}"
    known = _read_parties(kept.get("parties", name))
    if known is not None:
        return known
    found = ask()
    lines = [f"{one.amount} {'-' if one.key is None else one.key.hex()} {one.address}" for one in found]
    kept.put("parties", name, "\n".join(lines), height=height, deep=limits.DEEP_TRANSACTION)
    return found


def _read_parties(text: str | None) -> list[Party] | None:
    if text is None:
        return None
    found = []
    for line in text.split("\n") if text else ():
        fields = line.split(" ")
        if len(fields) != 3:
            return None
        try:
            key = None if fields[1] == "-" else bytes.fromhex(fields[1])
            found.append(Party(fields[2], key, int(fields[0])))
        except ValueError:
            return None
    return found


def written_deltas(deltas: Sequence[Delta]) -> str:
    """Changes as they are kept, one a line."""
    return "\n".join(f"{one.transaction} {one.height} {one.amount} {one.time}" for one in deltas)


def read_deltas(text: str | None) -> list[Delta] | None:
    """Kept changes; None where there are none, or what was kept is damaged."""
    found = []
    for line in (text or "").split("\n"):
        fields = line.split(" ")
        if len(fields) != 4 or len(fields[0]) != 64:
            return None
        try:
            time = None if fields[3] == "None" else int(fields[3])
            found.append(Delta(fields[0], int(fields[1]), int(fields[2]), time))
        except ValueError:
            return None
    return found


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
    address, asset).
    """
    deep = at.hash is not None and standing.tip.height - at.height >= limits.DEEP_TRANSACTION
    if not deep or source.speaker.own or source.speaker.name.startswith("file:"):
        yield from source.observe(asset, accounts, at, progress)
        return
    kept = [_read(cache, source, standing, asset, account, at) for account in accounts]
    missing = [account for account, known in zip(accounts, kept, strict=True) if known is None]
    asked = source.observe(asset, missing, at, progress) if missing else iter(())
    for account, known in zip(accounts, kept, strict=True):
        if known is not None:
            yield known
            continue
        fresh = next(asked)
        if fresh.outcome is Seen.SEEN:
            value = f"{fresh.amount} {fresh.decimals} {fresh.how.value}"
            key = _balance_key(source, standing, asset, account, at)
            cache.put(key, value, source=source.speaker.name, asked_at=fresh.asked_at)
        yield fresh


def forget_figure(
    source: BalanceSource, standing: Standing, asset: Asset, account: Account, at: Block, cache: Cache
) -> None:
    """Let go of what is kept of one figure, and of the pages it was made from."""
    cache.drop(_balance_key(source, standing, asset, account, at))
    kept = Kept(cache, source.speaker, lambda: "")
    kept.begin(standing.chain.name)
    kept.forget("page", account.address)


def _balance_key(source: BalanceSource, standing: Standing, asset: Asset, account: Account, at: Block) -> str:
    parts = (source.speaker.name, standing.chain.name, at.hash or "", account.address, asset.contract or asset.name)
    return "\x1f".join(("balance", *parts))


def _read(
    cache: Cache, source: BalanceSource, standing: Standing, asset: Asset, account: Account, at: Block
) -> Observation | None:
    row = cache.get(_balance_key(source, standing, asset, account, at))
    fields = [] if row is None else row[0].split(" ")
    if row is None or len(fields) != 3 or fields[2] not in ("point", "walk"):
        return None
    if not all(one.isascii() and one.isdigit() for one in fields[:2]):
        return None
    return Observation(
        chain=standing.chain.name,
        asset=asset.name,
        address=account.address,
        speaker=source.speaker,
        asked_at=row[2],
        outcome=Seen.SEEN,
        amount=int(fields[0]),
        decimals=int(fields[1]),
        height=at.height,
        block_hash=at.hash,
        how=How(fields[2]),
        kept=True,
    )
