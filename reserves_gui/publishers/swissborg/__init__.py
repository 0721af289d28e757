"""SwissBorg: one tree per currency, the roots of all of them under one audit commitment.

Source: SwissBorg/proof-of-liabilities merkle.ts (7ad8737).
"""

DECLARED_IN = ("proof",)
