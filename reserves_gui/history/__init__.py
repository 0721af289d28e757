"""What was seen, kept: snapshots, observations, wallet lists, and the figures that follow from them over time.

2026-11-22: figures are computed by pure functions over plain series (``coverage``, ``flows``, ``dressing``,
``liquidity``, ``alerts``, ``headline``); only ``store`` knows a database. Amounts are exact decimals, ratios exact
fractions; both are rounded for display alone. Times are whole seconds UTC.

2026-11-26: what watching keeps. One round writes one row per chain and source for the whole list (subject ``listed``,
no amount where an address was not retrieved), a row per address only when its figure changed, and a row per transaction
where a source tells them. All rows of a round carry one time, that of the oldest block looked at. Nothing that the
rules know is kept in memory: the rounds before the newest are judged again from the store, so a timer's runs and a
service's rounds raise the same alerts. Days on which the list changed are split into flow on the common addresses,
added and removed; series that are compared over time are those of one fixed set (``daily.fixed_series``).
"""
