"""What single transactions changed for a group of addresses, and who stood on their other side.

Only sources that walk a chain's history can tell. The net change of every transaction is asked for; the few largest
are looked at one by one, because each of them costs requests and shows the source an interest in it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from reserves_gui.amounts import scaled
from reserves_gui.chain.answers import is_unusable
from reserves_gui.chain.chains import Chain, Kind
from reserves_gui.chain.keeping import Kept, kept_block, kept_height_at, kept_parties
from reserves_gui.chain.port import Account, Asset, BalanceSource, Delta, Party
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress
from reserves_gui.services.listed import Listed, Question, spelled
from reserves_gui.services.probed import Ready
from reserves_gui.wallets.chains import chain_of

# (chain, asset, address) as the stored list spells them.
Row = tuple[str, str, str]
KeptOf = Callable[[Ready], Kept]

DETAILED = 5
"""Transactions of a round that are taken apart: so many of the largest in, so many of the largest out."""
_SMALLEST = 1000
"""A transaction below this part of what the group holds is not taken apart."""
_SIDES = 10
"""Of each transaction so many of its largest payers are told, and so many of those paid most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is asked about transactions.

    ``above`` maps chain names to heights: transactions of ``members`` above them are asked for. ``joined`` are members
    that came to the list since the last look: theirs are asked for from ``since`` (seconds UTC) on. ``steps`` maps
    chain names to the rising heights of several looks: transactions are told from each to the next, in place of up to
    the look of this run.
    """

    above: Mapping[str, int]
    members: frozenset[Row]
    steps: Mapping[str, Sequence[int]] = field(default_factory=dict)
    joined: frozenset[Row] = frozenset()
    since: int = 0


@dataclass(frozen=True, slots=True)
class SeenParty:
    """What a transaction changed for one address, in coins; negative: it paid."""

    address: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTransaction:
    """What one transaction changed for all members together, in coins of one asset.

    ``time``: the block's (seconds UTC), None where the source does not say. ``parties``: who paid and who was paid
    most, members among them; empty where the transaction was not taken apart.
    """

    chain: str
    asset: str
    transaction: str
    height: int
    time: int | None
    amount: Decimal
    source: str
    parties: tuple[SeenParty, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All transactions of the members of one chain and asset from above one height up to another, by one source."""

    chain: str
    asset: str
    height: int
    source: str
    transactions: tuple[SeenTransaction, ...]


@dataclass(slots=True)
class Heard:
    """``told``: by chain and asset, whole. ``joined``: large transactions of the addresses that joined, taken apart."""

    told: list[Told] = field(default_factory=list)
    joined: list[SeenTransaction] = field(default_factory=list)


@dataclass(slots=True)
class Seen:
    """What the look-up found of one chain and asset: decimals of its unit, and what the members hold, in coins."""

    decimals: int
    held: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Addresses of one chain and asset that are asked about together, up to the last of ``heights``."""

    questions: Sequence[Question]
    heights: Sequence[int]
    seen: Seen

    @property
    def height(self) -> int:
        return self.heights[-1]

    @property
    def asset(self) -> Asset:
        return self.questions[0].asset

    @property
    def listed(self) -> str:
        return self.questions[0].listed.asset

    def of(self, rows: AbstractSet[Row]) -> "_Group | None":
        """The part of the group that is among ``rows``."""
        own = [one for one in self.questions if _row(one.listed) in rows]
        return _Group(questions=own, heights=self.heights, seen=self.seen) if own else None

    def coins(self, amount: int) -> Decimal:
        return scaled(amount, self.seen.decimals)


def hear(
    questions: Sequence[Question],
    telling: Telling,
    ready: Sequence[Ready],
    *,
    asked: Iterable[tuple[str, int]],
    seen: Mapping[tuple[str, str], Seen],
    kept: KeptOf,
    progress: Progress,
) -> Heard:
    """Ask, for every chain and asset the first source that can tell.

    ``asked``: chain and height of every look of this run; nothing above is told. ``seen`` by chain and listed asset.
    ``kept`` gives what is kept of a source.
    """
    heard = Heard()
    heights: dict[str, int] = {}
    for name, height in asked:
        heights[name] = max(height, heights.get(name, 0))
    groups: dict[tuple[str, str], list[Question]] = {}
    for one in questions:
        groups.setdefault((one.chain.name, one.listed.asset), []).append(one)
    for (chain, asset), own in groups.items():
        found = seen.get((chain, asset))
        steps = telling.steps.get(chain) or ([heights[chain]] if chain in heights else [])
        if found is None or not steps:
            continue
        group = _Group(questions=own, heights=steps, seen=found)
        usable = [one for one in ready if one.standing.chain.name == chain]
        members, above = group.of(telling.members), telling.above.get(chain)
        if members is not None and above is not None:
            heard.told += _first(usable, members, above, kept, progress)
        joined = group.of(telling.joined)
        if joined is not None:
            heard.joined += _joined(usable, joined, telling.since, kept, progress)
    return heard


def _row(listed: Listed) -> Row:
    named = chain_of(listed.chain)
    return listed.chain if named is None else named.name, listed.asset, listed.address


def _joined(
    usable: Sequence[Ready], group: _Group, since: int, kept: KeptOf, progress: Progress
) -> list[SeenTransaction]:
    for one in usable:
        began = _height_of(one, since, group.height, kept(one), progress)
        told = [] if began is None else _first([one], group, began, kept, progress)
        if told:
            return [move for part in told for move in part.transactions if move.parties]
    return []


def _height_of(ready: Ready, moment: int, height: int, kept: Kept, progress: Progress) -> int | None:
    """The newest block not after ``moment``, the first where all are younger; None where none is dated."""
    try:
        tip = kept_block(ready.source, kept, height, progress)
        return kept_height_at(moment, ready.source, ready.standing, tip, kept, progress).block.height
    except ReservesError as error:
        if not is_unusable(error):
            raise
        return 0 if error.message.key == "chain.before_start" else None


def _first(usable: Sequence[Ready], group: _Group, above: int, kept: KeptOf, progress: Progress) -> list[Told]:
    """The transactions from each height of the group to the next, by the first source that can tell them."""
    for one in usable:
        deltas = _deltas(one.source, group, above, progress)
        if deltas is not None:
            return [
                _told(one, [delta for delta in deltas if low < delta.height <= high], high, group, kept, progress)
                for low, high in pairwise((above, *group.heights))
            ]
    return []


def _told(ready: Ready, deltas: Sequence[Delta], height: int, group: _Group, kept: KeptOf, progress: Progress) -> Told:
    detailed = _largest(deltas, group)
    return Told(
        chain=ready.standing.chain.name,
        asset=group.listed,
        height=height,
        source=ready.source.speaker.name,
        transactions=tuple(_seen(ready, one, group, kept, progress, apart=one in detailed) for one in deltas),
    )


def _deltas(source: BalanceSource, group: _Group, above: int, progress: Progress) -> list[Delta] | None:
    accounts = list({one.identity: one.account for one in group.questions}.values())
    token = group.asset.contract is not None
    ask = getattr(source, "token_deltas" if token else "deltas", None)
    if ask is None:
        return None
    subject = (group.asset, accounts) if token else (accounts,)
    try:
        return [one for one in ask(*subject, above, progress) if one.height <= group.height]
    except ReservesError as error:
        # Not every source can tell the past of a group; balances are known without it.
        if not is_unusable(error):
            raise
        return None


def _largest(deltas: Sequence[Delta], group: _Group) -> set[Delta]:
    worth = [one for one in deltas if one.amount and abs(group.coins(one.amount)) * _SMALLEST >= group.seen.held]
    inward = sorted((one for one in worth if one.amount > 0), key=lambda one: -one.amount)
    outward = sorted((one for one in worth if one.amount < 0), key=lambda one: one.amount)
    return {*inward[:DETAILED], *outward[:DETAILED]}


def _seen(
    ready: Ready, delta: Delta, group: _Group, kept: KeptOf, progress: Progress, *, apart: bool
) -> SeenTransaction:
    return SeenTransaction(
        chain=ready.standing.chain.name,
        asset=group.listed,
        transaction=delta.transaction,
        height=delta.height,
        time=delta.time,
        amount=group.coins(delta.amount),
        source=ready.source.speaker.name,
        parties=_parties(ready, delta, group, kept(ready), progress) if apart else (),
    )


def _parties(ready: Ready, delta: Delta, group: _Group, kept: Kept, progress: Progress) -> tuple[SeenParty, ...]:
    """None of them where the source cannot take the transaction apart, or contradicts what it said of the group."""
    chain = ready.standing.chain
    source, token = ready.source, group.asset.contract is not None

    def ask() -> Sequence[Party]:
        found: Sequence[Party] = (
            source.token_parties(group.asset, delta, progress)  # type: ignore[attr-defined]
            if token
            else source.parties(delta, progress)  # type: ignore[attr-defined]
        )
        return found

    try:
        found = kept_parties(kept, delta.transaction, group.asset.contract or "", delta.height, ask)
    except ReservesError as error:
        if not is_unusable(error):
            raise
        return ()
    names = {_identity(one.account, chain): one.listed.address for one in group.questions}
    if sum(one.amount for one in found if _identity(one, chain) in names) != delta.amount:
        return ()
    told = [
        SeenParty(
            names.get(_identity(one, chain)) or one.address or spelled(chain, one.key or b""), group.coins(one.amount)
        )
        for one in found
    ]
    payers = sorted((one for one in told if one.amount < 0), key=lambda one: one.amount)
    paid = sorted((one for one in told if one.amount > 0), key=lambda one: -one.amount)
    return (*payers[:_SIDES], *paid[:_SIDES])


def _identity(one: Party | Account, chain: Chain) -> bytes:
    """The script where there are scripts: an address may be spelled in several ways."""
    if one.key is not None and chain.kind is Kind.BITCOIN:
        return one.key
    return one.address.encode()
