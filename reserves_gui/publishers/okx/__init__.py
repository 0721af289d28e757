"""OKX: one module for each kind of file it has published."""

DECLARED_IN = (
    "merkle_v1",
    "merkle_v2",
    "stark_v1",
    "stark_v2",
    "wallets",
)
