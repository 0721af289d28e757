"""What the store keeps, as plain values. Amounts are texts in coins, times seconds UTC."""

from dataclasses import dataclass, field

from reserves_gui.verdict import State, SumBinding


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTotal:
    """One figure of a snapshot: amount in coins as text, ``part`` is net, gross or debt."""

    asset: str
    amount: str
    part: str = "net"
    recomputed: bool = False
    total_verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """A verifying key under which a snapshot's batch proofs held: its file name and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSnapshot:
    """What an exchange said it owed at one time. ``root_source``: where its root came from ("proof": the file)."""

    exchange: str
    snapshot: str | None
    time: int | None
    height: int | None
    format: str
    root: str | None
    root_source: str
    file_sha256: str | None
    binding: SumBinding
    verdict: State
    totals: tuple[StoredTotal, ...] = ()
    keys: tuple[StoredKey, ...] = ()
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWallet:
    """One address of a list. ``attribution``: signed, exchange-published or label. Amount in coins as text."""

    chain: str
    asset: str
    address: str
    amount: str | None = None
    attribution: str = "exchange-published"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObservation:
    """What one source saw. ``amount`` None: it was not retrieved, and that is kept too."""

    exchange: str
    chain: str
    subject: str
    asset: str
    time: int
    amount: str | None
    source: str
    height: int | None = None
    block_hash: str | None = None
    kind: str = "point"
    replaces: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredParty:
    """What one transaction changed for one address, in coins as text; negative: it paid."""

    exchange: str
    chain: str
    asset: str
    transaction_id: str
    time: int
    height: int | None
    address: str
    amount: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPrice:
    """The price of one coin in ``currency`` at a time, as text."""

    asset: str
    currency: str
    time: int
    value: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredList:
    """A wallet list as it was at one time."""

    exchange: str
    time: int
    source: str
    file_sha256: str | None
    wallets: tuple[StoredWallet, ...] = field(default=())
    id: int | None = None
