"""What was seen, kept: snapshots, observations, wallet lists, and the figures that follow from them over time.

2026-11-22: figures are computed by pure functions over plain series (``coverage``, ``flows``, ``dressing``,
``liquidity``, ``alerts``, ``headline``); only ``store`` knows a database. Amounts are exact decimals, ratios exact
fractions; both are rounded for display alone. Times are whole seconds UTC.
"""
