"""What every source of balances answers, and in which words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, runtime_checkable

from reserves_gui.amounts import scaled
from reserves_gui.chain.chains import Chain
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress


class Seen(StrEnum):
    """What became of one question. ``UNKNOWN``: no usable answer; never to be read as zero."""

    SEEN = "seen"
    UNKNOWN = "unknown"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Account:
    """An address as listed, and what it decodes to: the output script (Bitcoin-like), 20 bytes (EVM, TRON) or None."""

    address: str
    key: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A coin or a token. ``contract`` is None for a chain's own coin. A token's contract is asked for its decimals;
    ``decimals`` are those a source that proves balances must be told, None where none are known.

    ``mapping`` is the storage position of a token's balances (None: layout unknown); with ``vyper`` the position stands
    before the owner in the hashed key instead of after it.
    """

    name: str
    decimals: int | None
    contract: str | None = None
    mapping: int | None = None
    vyper: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One block as a source tells it. ``hash`` is None where a source has no hashes; times are seconds UTC.

    ``median_time`` is the median of the eleven header times up to this block, where the chain has that rule.
    """

    height: int
    hash: str | None
    time: int | None = None
    median_time: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who says it: ``name`` as shown (never a password), ``operator`` to tell independent sources apart.

    ``own`` marks the user's own node (a loopback or private address). ``proves`` marks answers that carry a proof.
    """

    name: str
    operator: str
    own: bool = False
    proves: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a source says about itself before it is used. ``problem``: why its rows cannot be decided on, if so."""

    chain: Chain
    tip: Block
    notes: tuple[Message, ...] = ()
    problem: Message | None = None


class How(StrEnum):
    """How a figure came about: read at one block, or the present one walked back."""

    POINT = "point"
    WALK = "walk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one source said of one address and asset.

    ``amount`` is in the smallest unit, with ``decimals``; both are None unless ``outcome`` is ``SEEN``. ``asked_at`` is
    ISO 8601 UTC. ``code`` is the stable reason where there is no amount. ``kept``: said in an earlier run, of a block
    that no longer changes.
    """

    chain: str
    asset: str
    address: str
    speaker: Speaker
    asked_at: str
    outcome: Seen
    amount: int | None = None
    decimals: int | None = None
    height: int | None = None
    block_hash: str | None = None
    how: How = How.POINT
    reason: Message | None = None
    code: ErrorCode | None = None
    kept: bool = False

    @property
    def coins(self) -> Decimal | None:
        """The amount in coin units, exact."""
        if self.amount is None or self.decimals is None:
            return None
        return scaled(self.amount, self.decimals)


@dataclass(frozen=True, slots=True)
class Delta:
    """The net change of a group by one transaction, in the smallest unit. ``time`` is the block's, if it was told."""

    transaction: str
    height: int
    amount: int
    time: int | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """What one transaction changed for one address, in the smallest unit; negative: it paid.

    ``address`` is as the source spells it, empty where it tells scripts only; ``key`` as in :class:`Account`.
    """

    address: str
    key: bytes | None
    amount: int


class Fate(StrEnum):
    """What became of an output by a block. ``GONE``: spent, or never there; ``OTHER``: it pays to another script."""

    UNSPENT = "unspent"
    GONE = "gone"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Outpoint:
    """One output of a transaction: its id as shown (reversed hex), and the place. ``script``: what it shall pay to."""

    transaction: str
    index: int
    script: bytes | None = None

    def __str__(self) -> str:
        return f"{self.transaction}:{self.index}"


@dataclass(frozen=True, slots=True)
class OutputFound:
    """One output after one block. ``amount`` in the smallest unit, where it is unspent.

    ``created``: the block that made it, where that is known; ``spent``: the block that spent it, then or later.
    """

    fate: Fate
    amount: int | None = None
    created: int | None = None
    spent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSeen:
    """What one source said of one output after the block at ``height``. ``found`` None: no usable answer, and why."""

    chain: str
    outpoint: Outpoint
    speaker: Speaker
    asked_at: str
    height: int
    block_hash: str | None
    found: OutputFound | None = None
    reason: Message | None = None
    code: ErrorCode | None = None


class BalanceSource(Protocol):
    """One source of balances for one chain.

    Every method may raise :class:`ReservesError` (``source.unusable``, ``source.wrong_chain``, ``cancelled``); what
    touches one address only comes back as an ``UNKNOWN`` observation of that address.
    """

    @property
    def speaker(self) -> Speaker:
        """Who answers."""
        ...

    def probe(self, wanted: Sequence[Chain], progress: Progress) -> Standing:
        """Which chain this is, and its newest block. ``wanted`` are the chains the run asks about."""
        ...

    def block(self, height: int, progress: Progress) -> Block:
        """The block at ``height`` on the source's best chain."""
        ...

    def observe(
        self, asset: Asset, accounts: Sequence[Account], at: Block, progress: Progress
    ) -> Iterator[Observation]:
        """One observation per account, in their order, at the block ``at`` (one that :meth:`block` gave)."""
        ...


class HistorySource(BalanceSource, Protocol):
    """A source that can also tell changes over time."""

    def deltas(self, accounts: Sequence[Account], down_to: int, progress: Progress) -> Iterator[Delta]:
        """The net changes of the group above height ``down_to``, newest first; what moves inside the group cancels."""
        ...

    def parties(self, delta: Delta, progress: Progress) -> Sequence[Party]:
        """Everybody whose balance the transaction of ``delta`` changed; the miner's fee is nobody's."""
        ...


@runtime_checkable
class OutputSource(Protocol):
    """A source that can also tell of single outputs (Bitcoin-like chains)."""

    def outputs(self, outpoints: Sequence[Outpoint], at: Block, progress: Progress) -> Iterator[OutputSeen]:
        """One answer per output, in their order, after block ``at``. Raises as :meth:`BalanceSource.observe`."""
        ...


class HeaderSource(BalanceSource, Protocol):
    """A source that shows whole block headers (Bitcoin-like chains)."""

    def header(self, height: int, progress: Progress) -> bytes:
        """The header at ``height`` as its bytes, its hash and work checked. Raises as the others do."""
        ...


def unusable(key: str, /, **args: str | int) -> ReservesError:
    """The source did not answer usably: ``source.unusable`` with the sentence ``key``."""
    return ReservesError(ErrorCode.SOURCE_UNUSABLE, say(key, **args))


def no_history(speaker: Speaker) -> ReservesError:
    """The source cannot tell changes over time."""
    return unusable("chain.no_history", source=speaker.name)
