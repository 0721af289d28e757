"""Exchanges that publish zkmerkle proofs of solvency: one user file, one list of assets, one table of batch proofs.

2026-11-22: Binance and the forks of its tool share files, rules and defects and differ in key names and dates only, so
they are one package with one module per publisher.
"""

DECLARED_IN = (
    "binance",
    "gate",
)
