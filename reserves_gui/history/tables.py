"""The tables of the store. Amounts are exact texts, times seconds UTC, hashes lower-case hex.

Rows of evidence are written once and never changed: a correction is a new row that names the old one. Every batch of
rows hangs on one entry of ``ledger``, and the entries are chained by hash.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData()
REVISION = "0003"
"""The newest revision in ``migrations/versions``: what these tables are after the last of them."""
_Id = BigInteger().with_variant(Integer, "sqlite")


def _evidence(name: str, *columns: Column[object] | Index) -> Table:
    batch = Column("batch", _Id, ForeignKey("ledger.id"), nullable=False, index=True)
    return Table(name, METADATA, Column("id", _Id, primary_key=True, autoincrement=True), batch, *columns)


# hash = SHA-256( previous hash || kind || written || SHA-256 of the batch's rows )
LEDGER = Table(
    "ledger",
    METADATA,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("written", BigInteger, nullable=False),
    Column("rows_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)

SNAPSHOT = _evidence(
    "snapshot",
    Column("exchange", String(200), nullable=False, index=True),
    Column("snapshot", String(200)),
    Column("time", BigInteger),
    Column("height", BigInteger),
    Column("format", String(80), nullable=False),
    Column("root", String(128)),
    Column("root_source", String(200), nullable=False),
    Column("file_sha256", String(64)),
    Column("binding", String(20), nullable=False),
    Column("verdict", String(20), nullable=False),
)

# ``recomputed``: every leaf was added up here. ``total_verified``: total, proof or tree held.
TOTAL = _evidence(
    "total",
    Column("snapshot_id", _Id, ForeignKey("snapshot.id"), nullable=False, index=True),
    Column("asset", String(80), nullable=False),
    Column("amount", Text, nullable=False),
    Column("part", String(10), nullable=False),
    Column("recomputed", Boolean, nullable=False),
    Column("total_verified", Boolean, nullable=False),
)

# Verifying keys under which the batch proofs of a snapshot held.
ROUND_KEY = _evidence(
    "round_key",
    Column("snapshot_id", _Id, ForeignKey("snapshot.id"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
)

WALLET_LIST = _evidence(
    "wallet_list",
    Column("exchange", String(200), nullable=False, index=True),
    Column("time", BigInteger, nullable=False),
    Column("source", String(200), nullable=False),
    Column("file_sha256", String(64)),
)

# ``attribution``: signed, exchange-published or label.
WALLET = _evidence(
    "wallet",
    Column("list_id", _Id, ForeignKey("wallet_list.id"), nullable=False, index=True),
    Column("chain", String(40), nullable=False),
    Column("asset", String(80), nullable=False),
    Column("address", Text, nullable=False),
    Column("amount", Text),
    Column("attribution", String(20), nullable=False),
)

# ``amount`` null: not retrieved. ``subject``: an address, a group such as "listed", or a transaction. ``replaces``: a
# corrected row. ``kind``: point or walk (a balance), tx (what a transaction changed for the group), told (a source told
# all transactions from the look before up to this height; ``amount``: their sum).
OBSERVATION = _evidence(
    "observation",
    Column("exchange", String(200), nullable=False),
    Column("chain", String(40), nullable=False),
    Column("subject", Text, nullable=False),
    Column("asset", String(80), nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("height", BigInteger),
    Column("block_hash", String(128)),
    Column("amount", Text),
    Column("source", String(200), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("replaces", _Id),
    Index("observation_series", "exchange", "asset", "subject", "time"),
)

PRICE = _evidence(
    "price",
    Column("asset", String(80), nullable=False),
    Column("currency", String(10), nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("value", Text, nullable=False),
    Column("source", String(200), nullable=False),
    Index("price_series", "asset", "time"),
)

# ``figures``: canonical JSON of the texts an alert quotes.
ALERT = _evidence(
    "alert",
    Column("exchange", String(200), nullable=False, index=True),
    Column("rule", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("level", String(20), nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("value", String(80), nullable=False),
    Column("threshold", String(80), nullable=False),
    Column("figures", Text, nullable=False),
)

# What a large transaction changed for single addresses, those of the list and others; ``amount`` negative: it paid.
PARTY = _evidence(
    "party",
    Column("exchange", String(200), nullable=False),
    Column("chain", String(40), nullable=False),
    Column("asset", String(80), nullable=False),
    Column("transaction_id", String(128), nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("height", BigInteger),
    Column("address", Text, nullable=False),
    Column("amount", Text, nullable=False),
    Column("source", String(200), nullable=False),
    Index("party_series", "exchange", "asset", "time"),
)

EVIDENCE = (SNAPSHOT, TOTAL, ROUND_KEY, WALLET_LIST, WALLET, OBSERVATION, PRICE, ALERT, PARTY)
