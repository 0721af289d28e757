"""Reserves: a desktop verifier for proofs of reserves and proofs of liabilities.

The package holds a Qt-free engine and, under ``gui``, the window on top of it. Data goes one way:
``intake`` -> ``publishers`` -> ``merkle | zk | wallets`` -> verdict -> ``services`` -> ``cli | gui``.
"""

__version__ = "0.1.0"
